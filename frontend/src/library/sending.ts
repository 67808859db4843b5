/** Files on their way up: two at once, the rest waits; each can be paused, goes on after a cut, and says what is wrong. */

import { type Running, upload } from "../app/upload";
import { api, folder, list, refresh, sentOf, word } from "./place";
import { type Row, row } from "./row";

const AT_ONCE = 2;
const waiting: (() => void)[] = [];
let busy = 0;

function next(): void {
  while (busy < AT_ONCE && waiting.length) { busy += 1; waiting.shift()?.(); }
}

/** One fewer is at work; with the last of them the library shows what has come. */
function freed(): void {
  busy -= 1;
  next();
  if (busy === 0) void refresh();
}

export function send(file: File, into = folder): void {
  let held = false; // it holds one of the places
  let one: Running;
  const leave = (): void => { if (held) { held = false; freed(); } };
  const shown: Row = row(file.name, file.size, () => {
    waiting.splice(0, waiting.length, ...waiting.filter((other) => other !== begin));
    one.stop();
    leave();
  });
  const stand = (bytes: number): void => { shown.show(sentOf(bytes, file.size), bytes); shown.first(word("pause"), pause); };
  const begin = (): void => { held = true; shown.first(word("pause"), pause); one.start(); };
  const queue = (): void => { shown.show(word("queued"), 0); shown.first(""); waiting.push(begin); next(); };
  const pause = (): void => { one.pause(); shown.fail(word("paused")); delete shown.element.dataset["failed"]; shown.first(word("resume"), queue); leave(); };
  one = upload<unknown>(api, file, {
    sent: stand,
    broken: () => shown.fail(word("broken")),
    looking: () => { shown.show(word("looking")); shown.first(""); },
    failed: (reason) => { shown.fail(reason); shown.first(word("again"), queue); leave(); },
    done: () => { shown.element.remove(); leave(); },
  }, { stopped: word("stopped"), away: word("away") }, { folder: into, begun: (before) => begun(file, before) });
  queue();
}

/** The line of an upload that was begun before goes, for this one goes on with it; where it goes on, if the server knows. */
function begun(file: File, before: string): string {
  for (const old of list?.querySelectorAll<HTMLElement>("[data-coming]:not([data-source])") ?? []) {
    const { coming = "", name, size } = old.dataset;
    if (before ? !before.endsWith(coming) : name !== file.name || size !== String(file.size)) continue;
    old.remove();
    return `${api}/uploads/${coming}`;
  }
  return "";
}

addEventListener("beforeunload", (event) => { if (busy > 0) event.preventDefault(); });
