/** Hears from the server that something has changed, and asks for it. Says nothing while nobody looks at the window. */

import { seen as first, workspace } from "./page";
import { refresh } from "./refresh";

const PAUSE = 400; // ms: what changes at once is asked for once
const WAITS = [5, 15, 60, 300]; // seconds until the next try, when the server refuses

let line: EventSource | null = null;
let seen = first;
let refused = 0;
let later = 0;
let soon = 0;

export function listen(): void {
  if (!workspace || !seen) return;
  document.addEventListener("visibilitychange", open);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && open());
  open();
}

function close(): void {
  clearTimeout(later);
  line?.close();
  line = null;
}

function open(): void {
  close();
  if (document.visibilityState === "hidden") return;
  line = new EventSource(`/w/${workspace}/live?seen=${seen}`);
  line.addEventListener("open", () => { refused = 0; });
  line.addEventListener("changed", (event) => {
    seen = event.data as string;
    ask();
  });
  line.addEventListener("error", () => { // a line that broke is tried again by the browser, a refusal is not
    if (line?.readyState === EventSource.CLOSED) later = window.setTimeout(open, (WAITS[refused++] ?? 300) * 1000);
  });
}

function ask(): void {
  clearTimeout(soon);
  soon = window.setTimeout(() => (document.querySelector(".lifted") ? ask() : void refresh()), PAUSE);
}
