/** Which cards are chosen, and the bar at the foot that says what can be done with them. */

import { bulk, type Wish } from "./bulk";
import { askHow } from "./move";
import { cardOf, cards, dialog, post, word } from "./page";
import { around } from "./refresh";

const chosen = new Set<string>();
let choosing = false; // by the button "Select": a click chooses, though nothing is chosen yet
let last = "";

export const chosenOnes = (): string[] => cards().map(post).filter((id) => chosen.has(id));
export const isChosen = (element: HTMLElement): boolean => chosen.has(post(element));
export const active = (): boolean => choosing || chosen.size > 0;

export function choose(element: HTMLElement, range = false): void {
  const order = cards().map(post);
  const [from, to] = [order.indexOf(last), order.indexOf(post(element))];
  if (range && from >= 0) for (const id of order.slice(Math.min(from, to), Math.max(from, to) + 1)) chosen.add(id);
  else if (!chosen.delete(post(element))) chosen.add(post(element));
  last = post(element);
  paint();
}

export function chooseAll(): void {
  for (const element of cards()) chosen.add(post(element));
  paint();
}

export function clear(): void {
  chosen.clear();
  choosing = false;
  paint();
}

export function paint(): void {
  for (const element of cards()) element.classList.toggle("chosen", isChosen(element));
  document.body.classList.toggle("choosing", active());
  const bar = document.getElementById("bulk");
  if (!bar) return;
  bar.hidden = !active();
  const n = chosenOnes().length;
  document.getElementById("bulk-count")!.textContent = word("chosen", { n });
  for (const button of bar.querySelectorAll<HTMLButtonElement>("[data-needs]")) button.disabled = !n;
}

export function forget(): void { // what is not there any more is not chosen
  for (const id of chosen) if (!document.querySelector(`.chip[data-post="${CSS.escape(id)}"]`)) chosen.delete(id);
  paint();
}

/** A click opens again; what is to be seen stays chosen. */
export function settle(): void {
  choosing = false;
  forget();
}

const acts: Record<string, () => void> = {
  start: () => { choosing = true; paint(); },
  all: chooseAll,
  clear,
  move: () => askHow(chosenOnes()),
  retry: () => act({ do: "retry" }),
  unschedule: () => act({ do: "unschedule" }),
  tag: () => asked("bulk-tag", (answer, form) => act({ do: answer as "tag" | "untag", tag: String(form.get("tag") ?? "") })),
  delete: () => remove(chosenOnes()),
};

const act = (wish: Wish): void => void bulk(chosenOnes(), wish);

export function remove(ids: string[]): void {
  const sure = dialog("bulk-delete");
  if (sure) sure.querySelector("h2")!.textContent = word("deleteAsk", { n: ids.length });
  asked("bulk-delete", () => void bulk(ids, { do: "delete" }));
}

function asked(id: string, then: (answer: string, form: FormData) => void): void {
  const found = dialog(id);
  if (!found) return;
  found.returnValue = "";
  found.onclose = () => { if (found.returnValue) then(found.returnValue, new FormData(found.querySelector("form")!)); };
  found.showModal();
}

export function choosingCards(): void {
  around(() => undefined, forget);
  document.addEventListener("input", (event) => { // what is filled in is what is meant
    const radio = (event.target as Element).closest(".choice")?.querySelector<HTMLInputElement>("[type=radio]");
    if (radio) radio.checked = true;
  });
  document.addEventListener("click", (event) => {
    const name = (event.target as Element).closest<HTMLElement>("[data-bulk]")?.dataset["bulk"];
    if (name) return acts[name]?.();
    const element = cardOf(event.target);
    if (!element || (event.target as Element).closest("button")) return;
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey && !active()) return;
    event.preventDefault();
    choose(element, event.shiftKey);
  });
}
