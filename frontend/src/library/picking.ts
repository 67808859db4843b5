/** Picking pieces: a box each, Shift for all between, x on the piece at hand, Ctrl+A for all; and dragging them to a folder. */

import { ask } from "../app/request";
import { toast } from "../app/toast";
import { api, folder, library, refresh, word } from "./place";

const MARK = "application/x-tidings-media";
let last: HTMLInputElement | null = null;

const boxes = (): HTMLInputElement[] => [...library?.querySelectorAll<HTMLInputElement>(".pick-box input") ?? []];
const picked = (): string[] => boxes().filter((box) => box.checked).map((box) => box.value);

function show(): void {
  const bar = document.querySelector<HTMLFormElement>("form[data-picked]");
  const count = bar?.querySelector("[data-count]");
  const n = picked().length;
  library?.classList.toggle("picking", n > 0);
  if (bar) bar.hidden = n === 0;
  if (count) count.textContent = word("picked").replace("{n}", String(n));
}

function pick(box: HTMLInputElement, between: boolean): void {
  const all = boxes();
  const [from, to] = [last ? all.indexOf(last) : -1, all.indexOf(box)];
  if (between && from >= 0) for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked;
  last = box;
  show();
}

const every = (on: boolean): void => { for (const box of boxes()) box.checked = on; show(); };

function keys(event: KeyboardEvent): void {
  const at = event.target as Element;
  if (at.matches("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]")) return;
  const box = at.closest(".cell")?.querySelector<HTMLInputElement>(".pick-box input");
  if (event.key === "x" && box && !event.ctrlKey && !event.metaKey) { box.checked = !box.checked; pick(box, event.shiftKey); }
  else if (event.key === "a" && (event.ctrlKey || event.metaKey) && boxes().length) { event.preventDefault(); every(true); }
  else if (event.key === "Escape") every(false);
}

async function move(ids: string[], to: string, undo = true): Promise<void> {
  const done = await ask("POST", `${api}/media/bulk`, { ids, do: "move", folder: to || null });
  if (!done.ok) return toast(done.trouble.detail || word("away"));
  void refresh();
  const back = undo && library?.dataset["filtered"] === undefined ? () => void move(ids, folder, false) : undefined;
  toast(word("moved"), back);
}

function dragging(library: HTMLElement): void {
  const onto = (event: DragEvent): HTMLElement | null =>
    event.dataTransfer?.types.includes(MARK) ? (event.target as Element).closest<HTMLElement>("[data-drop]") : null;
  library.addEventListener("dragstart", (event) => {
    const own = (event.target as Element).closest<HTMLElement>(".cell")?.dataset["media"];
    if (!own || !event.dataTransfer) return;
    const ids = picked();
    event.dataTransfer.setData(MARK, JSON.stringify(ids.includes(own) ? ids : [own]));
    event.dataTransfer.effectAllowed = "move";
  });
  library.addEventListener("dragover", (event) => { const at = onto(event); if (at) { event.preventDefault(); at.classList.add("over"); } });
  library.addEventListener("dragleave", (event) => (event.target as Element).closest("[data-drop]")?.classList.remove("over"));
  library.addEventListener("drop", (event) => {
    const at = onto(event);
    if (!at || !event.dataTransfer) return;
    event.preventDefault();
    at.classList.remove("over");
    void move(JSON.parse(event.dataTransfer.getData(MARK)) as string[], at.dataset["drop"] ?? "");
  });
}

export function picking(): void {
  if (!library) return;
  library.addEventListener("click", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches(".pick-box input")) pick(box, event.shiftKey);
    if (box.closest("[data-none]")) every(false);
  });
  document.addEventListener("keydown", keys);
  document.addEventListener("shown", show);
  for (const form of document.querySelectorAll<HTMLFormElement>("[data-takes-picked], form[data-picked]")) {
    form.addEventListener("formdata", (event) => { for (const id of picked()) event.formData.append("media", id); });
  }
  dragging(library);
  show();
}
