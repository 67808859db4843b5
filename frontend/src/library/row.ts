/** A line of the list of what is on its way: name, bar, words, two buttons. */

import { list, word } from "./place";

export interface Row {
  element: HTMLLIElement;
  /** How much has arrived of how much; without a number the bar only moves. */
  show: (said: string, sent?: number) => void;
  fail: (said: string) => void;
  /** What the first button says and does; empty: none. */
  first: (text: string, act?: () => void) => void;
}

const button = (): HTMLButtonElement => Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-ghost" });

export function row(name: string, max: number, cancel: () => void): Row {
  const element = document.createElement("li");
  const called = Object.assign(document.createElement("span"), { className: "grow cut", dir: "auto", textContent: name });
  const bar = Object.assign(document.createElement("progress"), { className: "bar", max: max || 1, value: 0 });
  bar.setAttribute("aria-label", name);
  const words = Object.assign(document.createElement("span"), { className: "fine" });
  const act = button();
  const away = button();
  away.textContent = word("cancel");
  away.addEventListener("click", () => { element.remove(); cancel(); });
  element.append(called, bar, words, act, away);
  list?.append(element);
  const first = (text: string, does?: () => void): void => { act.hidden = !text; act.textContent = text; act.onclick = does ?? null; };
  const show = (said: string, sent?: number): void => {
    delete element.dataset["failed"];
    words.textContent = said;
    if (sent === undefined) bar.removeAttribute("value");
    else bar.value = sent;
  };
  first("");
  return { element, first, show, fail: (said) => { show(said, bar.value); element.dataset["failed"] = ""; } };
}
