/** The ways into the library: the button, files and folders dropped on the page, what is pasted, an address. */

import { fetchFrom } from "./fetching";
import { library } from "./place";
import { send } from "./sending";

const media = (file: File): boolean => /^(image|video)\//.test(file.type);

/** With the script one button is enough: it asks for files, and what is chosen goes up at once. */
function button(form: HTMLFormElement): void {
  const chooser = form.querySelector<HTMLInputElement>("input[type=file]");
  if (!chooser) return;
  form.noValidate = true;
  chooser.hidden = true;
  chooser.addEventListener("change", () => { for (const file of chooser.files ?? []) send(file); form.reset(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); chooser.click(); });
}

async function files(entry: FileSystemEntry): Promise<File[]> {
  if (entry instanceof FileSystemFileEntry) return new Promise((resolve) => entry.file((file) => resolve([file]), () => resolve([])));
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) { // a hundred at a time
    const part = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!part.length) return found.filter(media);
    for (const one of part) found.push(...await files(one));
  }
}

async function dropped(items: DataTransferItemList, into?: string): Promise<void> {
  const entries = [...items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  for (const one of entries) {
    if (one instanceof File) send(one, into);
    else if (one) for (const file of await files(one)) send(file, into);
  }
}

function dropping(library: HTMLElement): void {
  const ours = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  const leave = (): void => document.body.classList.remove("dropping");
  document.addEventListener("dragover", (event) => { if (ours(event)) { event.preventDefault(); document.body.classList.add("dropping"); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) leave(); });
  document.addEventListener("drop", (event) => {
    leave();
    if (!ours(event) || !event.dataTransfer) return;
    event.preventDefault();
    const onto = (event.target as Element).closest<HTMLElement>("[data-drop]");
    void dropped(event.dataTransfer.items, onto && library.contains(onto) ? onto.dataset["drop"] : undefined);
  });
}

function address(form: HTMLFormElement): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void fetchFrom(String(new FormData(form).get("from")));
    form.reset();
    form.closest("dialog")?.close();
  });
  document.addEventListener("paste", (event) => {
    if ((event.target as Element).closest("input, textarea")) return;
    const found = [...event.clipboardData?.files ?? []];
    for (const file of found) send(file);
    const text = event.clipboardData?.getData("text").trim() ?? "";
    if (found.length || !/^https?:\/\/\S+$/.test(text)) return;
    form.querySelector<HTMLInputElement>("[name=from]")!.value = text;
    form.closest("dialog")?.showModal();
  });
}

export function bringing(): void {
  const upload = document.querySelector<HTMLFormElement>("form[data-upload]");
  const from = document.querySelector<HTMLFormElement>("form[data-import]");
  if (!library || !upload) return;
  button(upload);
  dropping(library);
  if (from) address(from);
}
