/** Brings the pictures and films of a draft that the page does not know yet: from a template, or an older version. */

import { ask } from "../app/request";
import type { Action } from "./state";
import type { Draft, Media, Page, State } from "./types";

type Content = Pick<Draft, "items">;

export async function fetchMedia(page: Page, draft: Content, state: State, dispatch: (action: Action) => void): Promise<void> {
  const used = draft.items.flatMap((item) => [...item.media, ...item.variants.flatMap((v) => v.media ?? [])]).map((use) => use.id);
  const missing = [...new Set(used)].filter((id) => !state.library[id]);
  const found = await Promise.all(missing.map((id) => ask<Media>("GET", `${page.urls.api}/media/${id}`)));
  const media = found.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  if (media.length) dispatch({ do: "library", media });
}
