/** What every page loads: htmx with our CSRF header, dialogs and menus, toasts, times, small helps in forms. */

import "./app/trusted";
import htmx from "htmx.org";
import { dialogs } from "./app/dialogs";
import { formActs, forms } from "./app/forms";
import { keys } from "./app/keys";
import { parts } from "./app/parts";
import { csrf } from "./app/request";
import { times } from "./app/times";
import { toast, word } from "./app/toast";
import { whose } from "./app/whose";
import { worker } from "./app/worker";

Object.assign(globalThis, { htmx });

document.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRFToken"] = csrf();
});
for (const name of ["htmx:sendError", "htmx:responseError"]) document.addEventListener(name, () => toast(word("broken")));
document.addEventListener("tidings:toast", (event) => toast(String((event as CustomEvent<{ value: string }>).detail.value)));

dialogs();
formActs();
parts();
keys();
whose();
worker();
htmx.onLoad((root) => {
  times(root.parentNode ?? document);
  forms(root.parentNode ?? document);
});
setInterval(() => times(document), 60_000);
