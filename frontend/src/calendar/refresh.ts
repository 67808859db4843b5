/** The page's own address again, and what changed of it put in place: the calendar, the counts, the title. */

import htmx from "../app/htmx";
import { card, root } from "./page";
import { patch } from "./patch";

const PARTS = ["#calendar", ".side .nav", ".dock"];
const before: (() => void)[] = [];
const after: (() => void)[] = [];

/** Take away what scripts put among the cards, and put it back. */
export function around(away: () => void, back: () => void): void {
  before.push(away);
  after.push(back);
}

export async function fetched(url: string): Promise<Document | null> {
  const answer = await fetch(url, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Whether the server has other scripts by now: it was updated under an open page. */
const updated = (fresh: Document): boolean => script(fresh) !== script(document) && !document.querySelector("dialog:modal");
const script = (page: Document): string | null | undefined => page.querySelector("head script")?.getAttribute("src");

/** `post`: the card that has the focus afterwards; else whichever has it now. */
export async function refresh(post = ""): Promise<void> {
  const fresh = await fetched(location.href);
  if (!fresh) return;
  if (updated(fresh)) return location.reload();
  const focus = focused();
  for (const act of before) act();
  for (const part of PARTS) {
    const [old, next] = [document.querySelector(part), fresh.querySelector(part)];
    if (old && next) patch(old, next);
  }
  document.title = fresh.title;
  if (root()) htmx.process(root()!);
  for (const act of after) act();
  if (post) card(post)?.querySelector("a")?.focus();
  else if (focus && !document.activeElement?.matches(focus)) document.querySelector<HTMLElement>(focus)?.focus();
}

/** How to find again what has the focus among the cards. */
function focused(): string {
  const at = document.activeElement?.closest<HTMLElement>("#calendar .chip, #calendar .chips");
  if (!at) return "";
  const { post, day, hour } = at.dataset;
  if (post) return `#calendar [data-post="${CSS.escape(post)}"] a`;
  return day ? `#calendar [data-day="${day}"]${hour ? `[data-hour="${hour}"]` : ""}` : "";
}
