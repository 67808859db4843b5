/** The keyboard: arrows walk over cards and empty days, Alt with arrows moves; letters as the dialog of keys lists them. */

import { bulk } from "./bulk";
import { active, choose, chooseAll, chosenOnes, clear, isChosen, remove } from "./choose";
import { look } from "./look";
import { askHow, askWhen } from "./move";
import { cardOf, movable, post, view } from "./page";

type Step = Record<string, number>;

const lists = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("#calendar .chips")];
const inside = (list: HTMLElement | undefined): HTMLElement[] => [...(list?.querySelectorAll<HTMLElement>(".chip[data-post]") ?? [])];

/** How many lists an arrow goes on: days lie side by side, in the week their hours one below the other. */
function steps(list: HTMLElement): Step {
  const along = document.documentElement.dir === "rtl" ? -1 : 1;
  const hours = list.dataset["hour"] ? lists().filter((other) => other.dataset["day"] === list.dataset["day"]).length : 0;
  const [down, side] = hours ? [1, hours] : [view() === "month" && innerWidth >= 640 ? 7 : 1, 1];
  return { ArrowUp: -down, ArrowDown: down, ArrowLeft: -side * along, ArrowRight: side * along };
}

function walk(from: Element, key: string): void {
  const all = lists();
  const list = from.closest<HTMLElement>(".chips") ?? from.closest(".day, .column")?.querySelector<HTMLElement>(".chips");
  if (!list) return;
  const back = key === "ArrowUp" || key === "ArrowLeft";
  const card = cardOf(from);
  const own = inside(list);
  if (card && (key === "ArrowUp" || key === "ArrowDown")) {
    const near = own[own.indexOf(card) + (back ? -1 : 1)];
    if (near) return near.querySelector("a")?.focus();
  }
  const by = steps(list)[key]!;
  for (let n = all.indexOf(list) + by; n >= 0 && n < all.length; n += by) if (land(all[n]!, key === "ArrowUp")) return;
}

function land(list: HTMLElement, last: boolean): boolean {
  if (!list.offsetParent) return false; // hidden on a small screen
  const found = inside(list);
  const to = (last ? found[found.length - 1] : found[0])?.querySelector("a") ?? list;
  if (to === list) list.tabIndex = -1;
  to.focus();
  return true;
}

/** By days in the month; by hours and days where hours are shown. */
function shift(card: HTMLElement, key: string): void {
  const along = document.documentElement.dir === "rtl" ? -1 : 1;
  const hours = card.closest("[data-hour]") !== null;
  const days = { ArrowLeft: -along, ArrowRight: along, ArrowUp: hours ? 0 : -7, ArrowDown: hours ? 0 : 7 }[key] ?? 0;
  void bulk(mine(card), { do: "move", days, hours: hours ? ({ ArrowUp: -1, ArrowDown: 1 }[key] ?? 0) : 0 }, post(card));
}

/** This card; all that are chosen, when it is one of them. */
const mine = (card: HTMLElement): string[] => (isChosen(card) ? chosenOnes() : [post(card)]);

const letters: Record<string, (card: HTMLElement) => void> = {
  x: (card) => choose(card),
  X: (card) => choose(card, true),
  " ": look,
  m: (card) => (isChosen(card) && chosenOnes().length > 1 ? askHow(chosenOnes()) : movable(card) && askWhen(card)),
  Delete: (card) => remove(mine(card)),
};

function pressed(event: KeyboardEvent): void {
  const target = event.target as Element;
  if (target.closest("input, textarea, select, dialog:not(#whole-day-dialog)")) return;
  const card = cardOf(target);
  const done = arrows(event, target, card) || others(event, target, card);
  if (done) event.preventDefault();
}

function arrows(event: KeyboardEvent, target: Element, card: HTMLElement | null): boolean {
  if (!event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || !target.closest("#calendar :is(.day, .column)")) return false;
  if (!event.altKey) walk(target, event.key);
  else if (card && movable(card)) shift(card, event.key);
  return true;
}

function others(event: KeyboardEvent, target: Element, card: HTMLElement | null): boolean {
  if ((event.ctrlKey || event.metaKey) && event.key === "a" && view()) return chooseAll(), true;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === "Escape" && active()) return clear(), true;
  if (event.key === "Enter" && target.matches("#calendar .chips")) return write(target), true;
  const act = card && !target.closest("button") ? letters[event.key.length === 1 && event.key !== "X" ? event.key.toLowerCase() : event.key] : undefined;
  if (act) act(card!);
  return act !== undefined;
}

/** A new post for this day, at this hour; whoever may not write finds no link to it. */
function write(place: Element): void {
  const day = place.closest<HTMLElement>(".day");
  const add = day?.querySelector<HTMLAnchorElement>(".day-add");
  const hour = place.closest<HTMLElement>("[data-hour]")?.dataset["hour"] ?? place.closest(".hour")?.querySelector<HTMLElement>("[data-hour]")?.dataset["hour"];
  if (add) location.assign(hour ? add.href.replace(/T\d\d:\d\d/, `T${hour.padStart(2, "0")}:00`) : add.href);
}

export function keys(): void {
  document.addEventListener("keydown", pressed);
  document.addEventListener("dblclick", (event) => {
    const target = event.target as Element;
    if (target.closest("#calendar .day") && !target.closest(".chip, a, button")) write(target);
  });
}
