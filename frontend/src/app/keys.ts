/** Keys of every page: Ctrl+K opens the palette, ? tells the keys, letters (data-key="g c") lead to places.
 *
 * Letters never act while somebody writes or a dialog is open, and a person can turn them off (WCAG 2.1.4).
 */

import { csrf } from "./request";
import { toast, word } from "./toast";

const PATIENCE = 1000; // ms between the letters of one key
let before = "";
let since = 0;

const writing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select, [role=textbox]"));

export const single = (): boolean => document.body.dataset["letters"] !== "off";

export function keys(): void {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      void palette();
    } else if (!event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !writing(event.target)) letter(event);
  });
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-palette]")) void palette();
  });
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (!box.matches("[data-single-keys]")) return;
    const letters = (document.body.dataset["letters"] = box.checked ? "on" : "off");
    const headers = { "X-CSRFToken": csrf() };
    void fetch("/look", { method: "POST", headers, redirect: "manual", body: new URLSearchParams({ letters }) }).catch(() => undefined);
  });
}

function letter(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]") || !single() || event.key.length !== 1) return;
  if (event.key === "?") {
    const dialog = document.getElementById("keys");
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
    return;
  }
  const typed = event.timeStamp - since < PATIENCE && before ? `${before} ${event.key}` : event.key;
  const goal = document.querySelector<HTMLElement>(`[data-key="${typed.replace(/["\\]/g, "")}"]`);
  before = event.key === "g" ? "g" : "";
  since = event.timeStamp;
  if (!goal) return;
  before = "";
  event.preventDefault();
  goal.click();
}

/** Its script comes with the first opening. */
async function palette(): Promise<void> {
  const dialog = document.getElementById("palette");
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  const script = import(dialog.dataset["script"] ?? "") as Promise<{ open: (dialog: HTMLDialogElement) => void }>;
  const found = await script.catch(() => toast(word("broken")));
  if (!found) return;
  const side = document.getElementById("side");
  if (side?.matches(":popover-open")) side.hidePopover();
  found.open(dialog);
}
