/** What the server fetches from an address: asked for here, then watched until it is there or says why not. */

import { ask } from "../app/request";
import { api, folder, list, refresh, sentOf, word } from "./place";
import { type Row, row } from "./row";

interface Import { id: string; name: string; size: number; offset: number; media: unknown; problem: string }

const gone = (id: string): void => void ask("DELETE", `${api}/imports/${id}`);

export async function fetchFrom(url: string): Promise<void> {
  let id = "";
  const shown = row(url, 0, () => { if (id) gone(id); });
  shown.show("");
  const begun = await ask<Import>("POST", `${api}/imports`, { url, folder: folder || null });
  if (!begun.ok) return shown.fail(begun.trouble.detail || word("away"));
  id = begun.value.id;
  await watch(id, shown);
}

async function watch(id: string, shown: Row): Promise<void> {
  for (let wait = 300; shown.element.isConnected; wait = Math.min(wait * 1.3, 3000)) {
    const seen = await ask<Import>("GET", `${api}/imports/${id}`);
    if (seen.ok && seen.value.problem) return shown.fail(seen.value.problem);
    if (seen.ok && seen.value.media) { shown.element.remove(); return void refresh(); }
    if (!seen.ok && seen.trouble.status === 404) return shown.element.remove();
    if (seen.ok) stand(shown, seen.value);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

function stand(shown: Row, { size, offset }: Import): void {
  if (size && offset === size) shown.show(word("looking"));
  else shown.show(sentOf(offset, size), size ? offset / size : undefined);
}

/** Those that were begun before this page was opened. */
export function goOn(): void {
  for (const old of list?.querySelectorAll<HTMLElement>("[data-source]") ?? []) {
    const { coming = "", name = "" } = old.dataset;
    old.remove();
    void watch(coming, row(name, 0, () => gone(coming)));
  }
}
