/** The calendar: drag a chip to another day or hour, or M for "Move to…"; arrows walk from chip to chip. README says the markup. */

import htmx from "./app/htmx";
import { ask } from "./app/request";
import { toast } from "./app/toast";
import { changed, oddity, spoken, suggestion, wall, zoneOf, type Wall } from "./composer/when";

const root = (): HTMLElement | null => document.getElementById("calendar");
const told = document.getElementById("calendar-data")?.dataset ?? {};
const here = zoneOf(told["zone"] ?? "UTC", told["changes"] ?? "");
const movable = (element: Element | null): HTMLElement | null => element?.closest<HTMLElement>('[data-post][data-movable="true"]') ?? null;

async function move(post: string, from: string, to: string, meant?: Wall): Promise<void> {
  if (Date.parse(from) === Date.parse(to)) return;
  const { workspace, moveWord = "{when}", refusedWord = "" } = told;
  const odd = { never: told["neverWord"], twice: told["twiceWord"], "": "" }[meant ? oddity(meant, here) : ""] ?? "";
  const outcome = await ask("POST", `/api/v1/workspaces/${workspace}/posts/${post}/move`, { at: to });
  if (!outcome.ok) {
    toast(outcome.trouble.detail || refusedWord);
  } else {
    const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
    const done = moveWord.replace("{when}", spoken(to, here, language));
    toast(`${done} ${odd.replace("{time}", meant?.time ?? "")}`.trim(), from ? () => void move(post, to, from) : undefined);
  }
  await refresh(post);
}

/** The page's own address again, its calendar put in place of this one; the moved chip keeps the focus. */
async function refresh(post: string): Promise<void> {
  await htmx.ajax("GET", location.href, { target: "#calendar", select: "#calendar", swap: "outerHTML" });
  root()?.querySelector<HTMLElement>(`[data-post="${CSS.escape(post)}"] a`)?.focus();
  arm();
}

function placed(at: string, list: HTMLElement): Wall {
  const before = at ? wall(at, here) : suggestion(Date.now(), here);
  const { day = before.date, hour } = list.dataset;
  return { date: day, time: hour === undefined ? before.time : `${hour.padStart(2, "0")}:${before.time.slice(3)}` };
}

// dragging

let dragged: HTMLElement | null = null;
const target = (event: Event): HTMLElement | null => (dragged ? (event.target as Element).closest<HTMLElement>(".day, [data-day]") : null);
const list = (place: HTMLElement | null): HTMLElement | null => (place?.matches("[data-day]") ? place : (place?.querySelector<HTMLElement>("[data-day]") ?? null));

function mark(place: HTMLElement | null): void {
  for (const other of document.querySelectorAll(".drop-here")) if (other !== place) other.classList.remove("drop-here");
  place?.classList.add("drop-here");
}

document.addEventListener("dragstart", (event) => {
  dragged = root()?.contains(event.target as Node) ? movable(event.target as Element) : null;
  if (!dragged || !event.dataTransfer) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset["post"] ?? "");
  dragged.classList.add("dragged");
});
document.addEventListener("dragover", (event) => {
  const place = target(event);
  if (place) event.preventDefault();
  if (dragged) mark(place);
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  mark(null);
  dragged = null;
});
document.addEventListener("drop", (event) => {
  const place = list(target(event));
  const { post = "", at = "" } = dragged?.dataset ?? {};
  if (!place || !post) return;
  event.preventDefault();
  const meant = placed(at, place);
  const to = changed(at, meant, here);
  if (!to || to === at) return;
  place.append(dragged!); // at once; the answer puts it in order
  void move(post, at, to, meant);
});

// by keyboard and by button

function askWhen(chip: HTMLElement): void {
  const dialog = document.getElementById("move-dialog");
  const [date, time] = ["move-date", "move-time"].map((id) => document.getElementById(id) as HTMLInputElement | null);
  if (!(dialog instanceof HTMLDialogElement) || !date || !time) return;
  const { post = "", at = "" } = chip.dataset;
  const before = at ? wall(at, here) : suggestion(Date.now(), here);
  [date.value, time.value] = [before.date, before.time];
  dialog.returnValue = "";
  dialog.onclose = () => {
    const meant = { date: date.value, time: time.value };
    const to = dialog.returnValue === "move" ? changed(at, meant, here) : null;
    if (to) void move(post, at, to, meant);
    else chip.querySelector("a")?.focus();
  };
  dialog.showModal();
}

function walk(chip: HTMLElement, key: string): void {
  const days = [...document.querySelectorAll<HTMLElement>("#calendar [data-day]")];
  const here = days.findIndex((day) => day.contains(chip));
  const chips = [...(days[here]?.querySelectorAll<HTMLElement>("[data-post]") ?? [])];
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
  const inDay = key === "ArrowUp" || key === "ArrowDown" ? chips[chips.indexOf(chip) + step] : undefined;
  const further = step < 0 ? days.slice(0, here).reverse() : days.slice(here + 1);
  const day = further.find((other) => other.querySelector("[data-post]"));
  const next = inDay ?? (key === "ArrowUp" ? [...(day?.querySelectorAll<HTMLElement>("[data-post]") ?? [])].pop() : day?.querySelector<HTMLElement>("[data-post]"));
  next?.querySelector<HTMLElement>("a")?.focus();
}

document.addEventListener("keydown", (event) => {
  const chip = (event.target as Element).closest<HTMLElement>("#calendar [data-post]");
  if (!chip || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    walk(chip, event.key);
  }
  if (event.key.toLowerCase() === "m" && movable(chip)) {
    event.preventDefault();
    askWhen(chip);
  }
});
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest("[data-move]");
  const chip = button && movable(button);
  if (chip) askWhen(chip);
});

function arm(): void {
  for (const chip of document.querySelectorAll<HTMLElement>('#calendar [data-movable="true"]')) chip.draggable = true;
  for (const link of document.querySelectorAll<HTMLElement>("#calendar [data-post] a")) link.draggable = false;
  const now = document.querySelector("#calendar .week .today [data-hour]:not(:empty)") ?? document.querySelector('#calendar .week [data-hour="8"]');
  now?.scrollIntoView({ block: "nearest" });
}

arm();
if (innerWidth < 640) document.querySelector("#calendar .today")?.scrollIntoView({ block: "center" });
