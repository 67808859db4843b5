/** Moves a card, or all that are chosen: to another day or hour, by the dialog "Move to…", by so much. */

import { ask } from "../app/request";
import { toast } from "../app/toast";
import { changed, oddity, suggestion, wall, type Wall } from "../composer/when";
import { bulk } from "./bulk";
import { dialog, here, post as postOf, posts, when, word } from "./page";
import { refresh } from "./refresh";

export interface Place { day: string; hour: string | undefined }

export async function move(post: string, from: string, to: string, meant?: Wall): Promise<void> {
  if (Date.parse(from) === Date.parse(to)) return;
  const odd = meant && oddity(meant, here);
  const outcome = await ask("POST", `${posts}/${post}/move`, { at: to });
  if (!outcome.ok) toast(outcome.trouble.detail || word("refused"));
  else toast(`${word("move", { when: when(to) })} ${odd ? word(odd, { time: meant.time }) : ""}`.trim(), from ? () => void move(post, to, from) : undefined);
  await refresh(post);
}

const before = (at: string): Wall => (at ? wall(at, here) : suggestion(Date.now(), here));

/** The wall time of a card that is put there: its own time of day; in an hour its own minutes. */
export function placed(at: string, { day, hour }: Place): Wall {
  const { time } = before(at);
  return { date: day, time: hour === undefined ? time : `${hour.padStart(2, "0")}:${time.slice(3)}` };
}

export function put(card: HTMLElement, place: Place): void {
  const at = card.dataset["at"] ?? "";
  const meant = placed(at, place);
  const to = changed(at, meant, here);
  if (to && to !== at) void move(postOf(card), at, to, meant);
}

/** One by its date and time; several by a day, or by so much. */
export function askWhen(card: HTMLElement): void {
  const asked = dialog("move-dialog");
  const [date, time] = ["move-date", "move-time"].map((id) => document.getElementById(id) as HTMLInputElement | null);
  if (!asked || !date || !time) return;
  const at = card.dataset["at"] ?? "";
  ({ date: date.value, time: time.value } = before(at));
  asked.returnValue = "";
  asked.onclose = () => {
    const meant = { date: date.value, time: time.value };
    const to = asked.returnValue === "move" ? changed(at, meant, here) : null;
    if (to) void move(postOf(card), at, to, meant);
    else (card.querySelector("a") ?? card.querySelector<HTMLElement>("[data-move]"))?.focus();
  };
  asked.showModal();
}

export function askHow(ids: string[]): void {
  const asked = dialog("bulk-move");
  const form = asked?.querySelector("form");
  if (!asked || !form) return;
  asked.returnValue = "";
  asked.onclose = () => {
    const { how, day, many, unit } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    if (asked.returnValue !== "move") return;
    if (how === "day") return void bulk(ids, { do: "move", day: day! });
    const by = Number(many) * (unit === "weeks" ? 7 : 1);
    void bulk(ids, { do: "move", [unit === "hours" ? "hours" : "days"]: by });
  };
  asked.showModal();
}
