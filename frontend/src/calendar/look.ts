/** Quick look: a post in a dialog over the calendar; arrows go on to the next card, closing leaves the focus there. */

import { bulk } from "./bulk";
import { remove } from "./choose";
import { card, cards, dialog, post, workspace } from "./page";
import { patch } from "./patch";
import { around, fetched } from "./refresh";

let shown = "";

const place = (): HTMLElement | null => document.getElementById("look-content");

export function look(element: HTMLElement): void {
  shown = post(element);
  void load(true);
}

/** `open`: a person asked to see it. What only brings an open dialog up to date must not open one that was closed meanwhile. */
async function load(open = false): Promise<void> {
  const [asked, into, found] = [shown, place(), await fetched(`/w/${workspace}/posts/${shown}/look`)];
  if (!into || asked !== shown) return;
  if (!found) return dialog("look")?.close();
  const fresh = into.cloneNode() as HTMLElement;
  fresh.append(...found.body.childNodes);
  patch(into, fresh);
  if (open && !dialog("look")?.open) dialog("look")?.showModal();
}

function step(by: number): void {
  const order = cards();
  const next = order[order.findIndex((element) => post(element) === shown) + by];
  if (!next) return;
  shown = post(next);
  void load();
}

export function looking(): void {
  const opened = dialog("look");
  if (!opened) return;
  opened.addEventListener("close", () => card(shown)?.querySelector("a")?.focus());
  opened.addEventListener("keydown", (event) => {
    if ((event.target as Element).matches("input, textarea, select")) return;
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (by) { event.preventDefault(); step(by); }
    if (event.key === " " && !(event.target as Element).matches("button, a, summary")) { event.preventDefault(); opened.close(); }
  });
  opened.addEventListener("click", (event) => {
    const act = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset["act"];
    if (act === "before" || act === "next") step(act === "next" ? 1 : -1);
    if (act === "retry") void bulk([shown], { do: "retry" });
    if (act === "delete") remove([shown]);
  });
  around(() => undefined, () => { if (opened.open) card(shown) ? void load() : opened.close(); });
}
