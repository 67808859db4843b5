/** The page of one piece: what is written saves itself, and the slider goes with the player. */

import { ask } from "../app/request";

const page = document.querySelector<HTMLElement>("#piece");
const WAIT = 800;
const AGAIN = 5000;

function describing(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>("[data-state-of-saving]");
  const say = (name: string): void => { if (said) said.textContent = page?.dataset[name] ?? ""; };
  let timer = 0;
  let open = false; // something is not saved yet
  const save = async (): Promise<void> => {
    const { name, alt } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    open = false;
    const done = await ask("PATCH", page?.dataset["api"] ?? "", { ...(name?.trim() ? { name } : {}), alt });
    if (done.ok) return open ? undefined : say("saved");
    open = true;
    say("unsaved");
    if (done.trouble.detail && said) said.textContent = done.trouble.detail;
    timer = window.setTimeout(() => void save(), AGAIN);
  };
  form.addEventListener("input", (event) => {
    if (!(event.target as Element).matches("[name=name], [name=alt]")) return;
    open = true;
    say("saving");
    clearTimeout(timer);
    timer = window.setTimeout(() => void save(), WAIT);
  });
  form.addEventListener("submit", () => { open = false; clearTimeout(timer); });
  addEventListener("beforeunload", (event) => { if (open) event.preventDefault(); });
}

function framing(slider: HTMLInputElement, film: HTMLVideoElement): void {
  slider.addEventListener("input", () => { film.pause(); film.currentTime = Number(slider.value); });
  for (const name of ["timeupdate", "seeked"]) film.addEventListener(name, () => { slider.value = String(film.currentTime); });
}

export function piece(): void {
  const form = page?.querySelector<HTMLFormElement>("[data-describe]");
  const slider = page?.querySelector<HTMLInputElement>("[data-frame] input[type=range]");
  const film = page?.querySelector("video");
  if (form) describing(form);
  if (slider && film) framing(slider, film);
}
