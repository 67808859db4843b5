/** Choosing from the library what is already there. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Dialog, Icon } from "./Bits";
import { useComposer } from "./context";
import { mediaOf } from "./draft";
import type { Media, Part } from "./types";
import { t } from "./words";

export function LibraryDialog({ part, onClose }: { part: Part; onClose: () => void }) {
  const { page, state, dispatch } = useComposer();
  const [found, setFound] = useState<Media[] | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => void ask<Media[] | { items: Media[] }>("GET", `${page.urls.api}/media`).then((outcome) => {
    if (!outcome.ok) return setFailed(true);
    const list = Array.isArray(outcome.value) ? outcome.value : outcome.value.items;
    dispatch({ do: "library", media: list });
    setFound(list);
  }), []);
  const used = mediaOf(part, state.tab);
  const toggle = (piece: Media): void => dispatch({
    do: "media", part: part.key, tab: state.tab,
    media: used.some((use) => use.id === piece.id) ? used.filter((use) => use.id !== piece.id) : [...used, { id: piece.id, alt: piece.alt }],
  });
  return (
    <Dialog title={t("Library")} roomy onClose={onClose}>
      {failed && <p class="quiet">{t("The server could not be reached.")}</p>}
      {!found && !failed && <p class="quiet"><Icon name="state-publishing" size="spin" /> {t("Looking…")}</p>}
      {found?.length === 0 && <p class="quiet">{t("Nothing is in the library yet. What you upload to a post appears here.")}</p>}
      <div class="grid-media">
        {found?.map((piece) => {
          const on = used.some((use) => use.id === piece.id);
          return (
            <button type="button" key={piece.id} class="shot shot-pick" aria-pressed={on} onClick={() => toggle(piece)} aria-label={piece.alt || piece.name}>
              {piece.thumbnail ? <img src={piece.thumbnail} alt="" loading="lazy" /> : <Icon name="film" size="large" />}
              {on && <span class="shot-on"><Icon name="check" size="small" /></span>}
            </button>
          );
        })}
      </div>
      <div class="dialog-foot"><form method="dialog"><button class="btn btn-primary">{t("Done")}</button></form></div>
    </Dialog>
  );
}
