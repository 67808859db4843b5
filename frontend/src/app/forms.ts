/** Small helps in forms: the browser's time zone, submitting filters, copying, and the look before it is saved. */

import { toast, word } from "./toast";

export function forms(root: ParentNode): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const field of root.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-zone]")) {
    if (!field.value || field.value === "UTC") field.value = zone;
  }
}

export function formActs(): void {
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLSelectElement;
    if (field.matches("[data-submit]")) field.form?.requestSubmit();
    if (field.matches("[data-theme-preview]")) show(field.value);
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (button) void copy(button.dataset["copy"] ?? "");
  });
}

function show(theme: string): void {
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
}

/** Copies the text of the element a selector like #key names, or the words themselves. */
async function copy(what: string): Promise<void> {
  const from = what.startsWith("#") ? document.querySelector<HTMLElement>(what) : null;
  const text = from instanceof HTMLInputElement ? from.value : (from?.textContent?.trim() ?? what);
  await navigator.clipboard.writeText(text);
  toast(word("copied"));
}
