/** A day that is open over the month: its posts are chosen as those below are, and the bar of what is chosen comes along. */

import { forget, paint, settle } from "./choose";
import { dialog } from "./page";
import { patch } from "./patch";
import { around, fetched } from "./refresh";

export function wholeDay(): void {
  const opened = dialog("whole-day-dialog");
  const shown = document.getElementById("whole-day");
  const bar = document.getElementById("bulk");
  if (!opened || !shown) return;
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== shown) return;
    if (bar) opened.append(bar);
    paint();
  });
  opened.addEventListener("close", () => { // what is not to be seen is not chosen
    shown.replaceChildren();
    if (bar) document.getElementById("calendar-hands")?.after(bar);
    settle();
  });
  around(() => undefined, () => opened.open && void again(shown));
}

async function again(shown: HTMLElement): Promise<void> {
  const found = await fetched(shown.querySelector<HTMLElement>("[data-whole]")?.dataset["whole"] ?? location.href);
  if (!found?.querySelector("[data-whole]") || !shown.closest("dialog")?.open) return;
  const fresh = shown.cloneNode() as HTMLElement;
  fresh.append(...found.body.childNodes);
  patch(shown, fresh);
  forget();
}
