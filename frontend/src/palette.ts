/** The command palette: a combobox over what the server finds. The server knows the words, the rights and the order. */

import { ask, csrf } from "./app/request";

interface Line { group: string; label: string; url: string; icon: string; more: string; act: boolean }

const PAUSE = 120; // ms after a key before the server is asked
let ready = false;

export function open(dialog: HTMLDialogElement): void {
  const field = dialog.querySelector("input")!;
  if (!ready) listen(dialog, field);
  ready = true;
  field.value = "";
  dialog.showModal();
  field.focus();
  void search(dialog, "");
}

function listen(dialog: HTMLDialogElement, field: HTMLInputElement): void {
  let later = 0;
  field.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => void search(dialog, field.value), PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (step) choose(dialog, step);
    else if (event.key === "Enter") dialog.querySelector<HTMLElement>("[aria-selected=true]")?.click();
    else return;
    event.preventDefault();
  });
  dialog.querySelector("[role=listbox]")!.addEventListener("click", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (option) go(dialog, option);
  });
}

async function search(dialog: HTMLDialogElement, typed: string): Promise<void> {
  const found = await ask<{ lines: Line[] }>("GET", `${dialog.dataset["url"]}?q=${encodeURIComponent(typed)}`);
  if (typed !== dialog.querySelector("input")!.value) return; // something else has been typed meanwhile
  const lines = found.ok ? found.value.lines : [];
  show(dialog, lines);
  const nothing = dialog.dataset[found.ok ? "none" : "broken"] ?? "";
  const told = lines.length ? (dialog.dataset["count"] ?? "").replace("{n}", String(lines.length)) : nothing;
  const told_at = dialog.querySelector("[role=status]")!;
  told_at.textContent = told;
  told_at.classList.toggle("sr-only", lines.length > 0);
}

function show(dialog: HTMLDialogElement, lines: Line[]): void {
  const groups = new Map<string, Line[]>();
  for (const line of lines) groups.set(line.group, [...(groups.get(line.group) ?? []), line]);
  let number = 0;
  const made = [...groups].map(([name, each], at) => {
    const box = element("div", { role: "group", "aria-labelledby": `palette-group-${at}` });
    box.append(element("p", { id: `palette-group-${at}`, class: "palette-group", role: "presentation" }, name));
    box.append(...each.map((line) => option(dialog, line, number++)));
    return box;
  });
  dialog.querySelector("[role=listbox]")!.replaceChildren(...made);
  dialog.querySelector("input")!.setAttribute("aria-expanded", String(lines.length > 0));
  select(dialog, dialog.querySelector<HTMLElement>("[role=option]"));
}

function option(dialog: HTMLDialogElement, line: Line, number: number): HTMLElement {
  const made = element("div", { role: "option", id: `palette-${number}`, "aria-selected": "false", "data-url": line.url });
  if (line.act) made.dataset["act"] = "";
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("class", "icon small");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(icon.namespaceURI, "use");
  use.setAttribute("href", `${dialog.dataset["icons"]}#${line.icon}`);
  icon.append(use);
  made.append(icon, element("span", { class: "cut grow", dir: "auto" }, line.label));
  if (line.more) made.append(element("small", { class: "cut", dir: "auto" }, line.more));
  return made;
}

function element(name: string, attributes: Record<string, string>, text = ""): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function choose(dialog: HTMLDialogElement, step: number): void {
  const all = [...dialog.querySelectorAll<HTMLElement>("[role=option]")];
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  select(dialog, all[(at + step + all.length) % all.length] ?? null);
}

function select(dialog: HTMLDialogElement, option: HTMLElement | null): void {
  dialog.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  const field = dialog.querySelector("input")!;
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
}

function go(dialog: HTMLDialogElement, option: HTMLElement): void {
  const url = option.dataset["url"] ?? "";
  dialog.close();
  if (option.dataset["act"] === undefined) return location.assign(url);
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const token = document.createElement("input");
  Object.assign(token, { type: "hidden", name: "csrfmiddlewaretoken", value: csrf() });
  form.append(token);
  document.body.append(form);
  form.submit();
}
