/** One act for many posts; what could not be done is told post by post, and what can be undone is offered to be. */

import { ask } from "../app/request";
import { toast } from "../app/toast";
import { dialog, posts, when, word } from "./page";
import { refresh } from "./refresh";

interface Row { id: string; done: boolean; changed: boolean; words: string; reason: string; was: string | null; at: string | null }
export interface Wish { do: "move" | "delete" | "retry" | "unschedule" | "tag" | "untag"; day?: string; days?: number; hours?: number; times?: Record<string, string>; tag?: string }

const MOST = 500;

export async function bulk(ids: string[], wish: Wish, focus = ""): Promise<void> {
  if (!ids.length) return;
  const outcome = await ask<{ posts: Row[] }>("POST", `${posts}/bulk`, { ids: ids.slice(0, MOST), ...wish });
  await refresh(focus);
  if (!outcome.ok) return toast(outcome.trouble.detail || word("refused"));
  tell(wish, outcome.value.posts);
}

function tell(wish: Wish, rows: Row[]): void {
  const done = rows.filter((row) => row.done);
  const [only] = rows;
  const one = rows.length === 1 && only?.at && wish.do === "move" ? word("move", { when: when(only.at) }) : "";
  const said = one || word(`${wish.do}-done`.replace(/-(\w)/, (_, letter: string) => letter.toUpperCase()), { n: done.length });
  const back = undo(wish, done);
  if (done.length === rows.length) return toast(said, back);
  if (rows.length === 1) return toast(only?.reason ?? "");
  list(done.length ? said : "", rows.filter((row) => !row.done), () => done.length && toast(said, back));
}

function undo(wish: Wish, done: Row[]): (() => void) | undefined {
  const changed = done.filter((row) => row.changed);
  const ids = changed.map((row) => row.id);
  if (!ids.length) return undefined;
  if (wish.do === "move") return () => void bulk(ids, { do: "move", times: Object.fromEntries(changed.map((row) => [row.id, row.was!])) });
  if (wish.do === "tag" || wish.do === "untag") return () => void bulk(ids, { ...wish, do: wish.do === "tag" ? "untag" : "tag" });
  return undefined;
}

function list(said: string, rows: Row[], then: () => void): void {
  const told = dialog("bulk-told");
  if (!told) return;
  told.querySelector("h2")!.textContent = `${said} ${word("notDone", { n: rows.length })}`.trim();
  told.querySelector("ul")!.replaceChildren(...rows.map(line));
  told.onclose = then;
  told.showModal();
}

function line(row: Row): HTMLElement {
  const made = document.createElement("li");
  const [words, reason] = [document.createElement("span"), document.createElement("small")];
  [words.textContent, words.dir, reason.textContent] = [row.words, "auto", row.reason];
  made.append(words, reason);
  return made;
}
