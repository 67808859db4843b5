/** Dragging cards, by mouse or by a long press: to a day, an hour or a day's head. A long press that goes nowhere chooses. */

import { active, choose, chosenOnes, isChosen } from "./choose";
import { bulk } from "./bulk";
import { wall } from "../composer/when";
import { cardOf, days, here, movable, when, word } from "./page";
import { placed, put, type Place } from "./move";

const FAR = 5; // px that a mouse moves before it drags
const LONG = 380; // ms that a finger stays
const EDGE = 70; // px from an edge where the page begins to scroll

interface Held { card: HTMLElement; x: number; y: number; touch: boolean; timer: number }

let held: Held | null = null; // pressed, and perhaps to be dragged
let lifted: HTMLElement[] = [];
let over: HTMLElement | null = null;
let point = { x: 0, y: 0 };
let travelled = false;
const label = document.createElement("div");
label.className = "drag-label";

export function dragging(): void {
  document.addEventListener("pointerdown", press);
  document.addEventListener("pointermove", go);
  document.addEventListener("pointerup", (event) => end(event, true));
  document.addEventListener("pointercancel", (event) => end(event, false));
  document.addEventListener("touchmove", (event) => lifted.length && event.cancelable && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => held?.touch && event.preventDefault());
  document.addEventListener("dragstart", (event) => cardOf(event.target) && event.preventDefault());
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && lifted.length) end(event, false); }, true);
}

function press(event: PointerEvent): void {
  const card = cardOf(event.target);
  if (!card || event.button || (event.target as Element).closest("button")) return;
  const touch = event.pointerType !== "mouse";
  held = { card, x: event.clientX, y: event.clientY, touch, timer: touch ? window.setTimeout(lift, LONG) : 0 };
  [point, travelled] = [{ x: event.clientX, y: event.clientY }, false];
}

function go(event: PointerEvent): void {
  if (!held) return;
  point = { x: event.clientX, y: event.clientY };
  const far = Math.hypot(point.x - held.x, point.y - held.y) > FAR;
  if (far && held.touch && !lifted.length) return drop(); // the page is scrolled
  if (far && !held.touch && !lifted.length) lift();
  travelled ||= far;
  if (lifted.length) show();
}

/** Take up the card, and with it all others that are chosen. */
function lift(): void {
  if (!held) return;
  const mine = movable(held.card) && !held.card.closest("dialog") ? [held.card] : []; // a day that is open has nowhere to drag to
  const others = isChosen(held.card) ? chosenOnes().map((id) => document.querySelector<HTMLElement>(`#calendar [data-post="${id}"]`)!) : [];
  lifted = mine.length ? [...mine, ...others.filter((card) => card !== held!.card && movable(card))] : [];
  if (!lifted.length) {
    if (held.touch) choose(held.card);
    return drop();
  }
  for (const card of lifted) card.classList.add("lifted");
  document.body.append(label);
  document.documentElement.classList.add("dragging");
  if (held.touch) navigator.vibrate?.(12);
  scroll();
}

/** The day or hour under the pointer. */
function aim(): (Place & { element: HTMLElement }) | null {
  const under = document.elementFromPoint(point.x, point.y);
  const element = under?.closest<HTMLElement>("#calendar [data-day], #calendar .day, #calendar .hour");
  const list = element?.matches("[data-day]") ? element : element?.querySelector<HTMLElement>("[data-day]");
  if (!element || !list) return null;
  return { element, day: list.dataset["day"]!, hour: element.matches(".day") ? undefined : list.dataset["hour"] };
}

function show(): void {
  const place = aim();
  if (place?.element !== over) {
    over?.classList.remove("drop-here");
    (over = place?.element ?? null)?.classList.add("drop-here");
  }
  const { at = "" } = lifted[0]!.dataset;
  const many = lifted.length > 1 ? word("together", { n: lifted.length }) : "";
  label.textContent = [many, place ? when(placed(at, place)) : ""].filter(Boolean).join(" · ");
  label.hidden = !label.textContent;
  label.style.translate = `${Math.min(point.x + 14, innerWidth - label.offsetWidth - 8)}px ${point.y + 16}px`;
}

function scroll(): void {
  if (!lifted.length) return;
  const frame = document.querySelector<HTMLElement>('#calendar[data-view="week"], #calendar[data-view="day"]');
  const { top, bottom } = frame?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
  const by = point.y < Math.max(top, 0) + EDGE ? -9 : point.y > Math.min(bottom, innerHeight) - EDGE ? 9 : 0;
  if (by && travelled) {
    if (frame && frame.scrollHeight > frame.clientHeight) frame.scrollTop += by;
    else scrollBy(0, by);
    show();
  }
  requestAnimationFrame(scroll);
}

function end(event: Event, wanted: boolean): void {
  const [place, cards, was] = [aim(), lifted, held];
  drop();
  if (!cards.length || !was) return;
  if (travelled || was.touch) swallow();
  if (event.type === "keydown") event.stopPropagation();
  if (!travelled) return void (was.touch && wanted && choose(was.card, active() && (event as PointerEvent).shiftKey));
  if (wanted && place) together(cards, place);
}

function together(cards: HTMLElement[], place: Place): void {
  if (cards.length === 1) return put(cards[0]!, place);
  const from = wall(cards[0]!.dataset["at"]!, here);
  const hours = place.hour === undefined ? 0 : Number(place.hour) - Number(from.time.slice(0, 2));
  void bulk(cards.map((card) => card.dataset["post"]!), { do: "move", days: days(from.date, place.day), hours });
}

function drop(): void {
  clearTimeout(held?.timer);
  for (const card of lifted) card.classList.remove("lifted");
  over?.classList.remove("drop-here");
  label.remove();
  document.documentElement.classList.remove("dragging");
  [held, lifted, over] = [null, [], null];
}

/** The click that follows a drag opens nothing. */
function swallow(): void {
  const stop = (event: Event): void => { event.preventDefault(); event.stopPropagation(); };
  document.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", stop, true), 50);
}
