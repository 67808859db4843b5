/** The library's upload form, with progress and resumption. Without this script the form still works, in one go. */

import { upload } from "./app/upload";

interface Row { element: HTMLLIElement; bar: HTMLProgressElement; said: HTMLElement; again: HTMLButtonElement }

const form = document.querySelector<HTMLFormElement>("form[data-upload]");
const list = document.querySelector<HTMLUListElement>("[data-uploads]");
let open = 0;

function row(file: File, words: DOMStringMap): Row {
  const element = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { className: "grow cut", textContent: file.name });
  const bar = Object.assign(document.createElement("progress"), { className: "progress progress-primary w-40", max: file.size, value: 0 });
  bar.setAttribute("aria-label", file.name);
  const said = Object.assign(document.createElement("span"), { className: "fine", textContent: "" });
  const again = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: words.again ?? "", hidden: true });
  element.append(name, bar, said, again);
  list?.append(element);
  return { element, bar, said, again };
}

function send(file: File, api: string, words: DOMStringMap): void {
  const shown = row(file, words);
  const one = upload<unknown>(api, file, {
    sent: (bytes) => { shown.bar.value = bytes; shown.said.textContent = `${Math.floor((100 * bytes) / Math.max(file.size, 1))} %`; },
    looking: () => { shown.bar.removeAttribute("value"); shown.said.textContent = words.looking ?? ""; },
    failed: (reason) => { open -= 1; shown.bar.value = 0; shown.said.textContent = reason; shown.again.hidden = false; },
    done: () => { open -= 1; shown.element.remove(); if (open === 0 && list && list.children.length === 0) location.reload(); },
  }, { stopped: words.stopped ?? "", away: words.away ?? "" });
  const start = (): void => { open += 1; shown.again.hidden = true; one.start(); };
  shown.again.addEventListener("click", start);
  start();
}

function take(files: Iterable<File>): void {
  if (!form || !list) return;
  for (const file of files) send(file, form.dataset.upload ?? "", list.dataset);
}

/** With the script one button is enough: it asks for files, and what is chosen goes up at once. */
function enhance(form: HTMLFormElement, chooser: HTMLInputElement): void {
  form.noValidate = true;
  chooser.hidden = true;
  chooser.addEventListener("change", () => { take(chooser.files ?? []); form.reset(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); chooser.click(); });
}

const chooser = form?.querySelector<HTMLInputElement>("input[type=file]");
if (form && chooser) enhance(form, chooser);
document.querySelector("#library")?.addEventListener("dragover", (event) => event.preventDefault());
document.querySelector<HTMLElement>("#library")?.addEventListener("drop", (event) => {
  event.preventDefault();
  take(event.dataTransfer?.files ?? []);
});
addEventListener("beforeunload", (event) => { if (open > 0) event.preventDefault(); });
