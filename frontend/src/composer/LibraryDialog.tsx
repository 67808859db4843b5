/** Choosing from the library what is already there. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Dialog, Icon } from "./Bits";
import { useComposer } from "./context";
import { mediaOf } from "./draft";
import type { Media, MediaPage, Part } from "./types";
import { t } from "./words";

interface Folder { id: string; name: string; parent: string | null }

/** Every folder with the names of those it is in before its own. */
function named(folders: Folder[]): [string, string][] {
  const byId = new Map(folders.map((one) => [one.id, one]));
  const path = (one: Folder): string => {
    const above = one.parent ? byId.get(one.parent) : undefined;
    return above ? `${path(above)} / ${one.name}` : one.name;
  };
  return folders.map((one): [string, string] => [one.id, path(one)]).sort((a, b) => a[1].localeCompare(b[1]));
}

export function LibraryDialog({ part, onClose }: { part: Part; onClose: () => void }) {
  const { page, state, dispatch } = useComposer();
  const [found, setFound] = useState<Media[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [query, setQuery] = useState("");
  const [folder, setFolder] = useState("");
  const [folders, setFolders] = useState<[string, string][]>([]);
  const [next, setNext] = useState(0); // the page after those shown; 0: none
  const look = async (number: number): Promise<void> => {
    const outcome = await ask<MediaPage>("GET", `${page.urls.api}/media?page=${number}&folder=${folder}&q=${encodeURIComponent(query)}`);
    if (!outcome.ok) return setFailed(true);
    const { media, pages } = outcome.value;
    dispatch({ do: "library", media });
    setFailed(false);
    setFound((before) => (number > 1 ? [...(before ?? []), ...media] : media));
    setNext(number < pages ? number + 1 : 0);
  };
  useEffect(() => {
    const timer = setTimeout(() => void look(1), query ? 250 : 0);
    return () => clearTimeout(timer);
  }, [query, folder]);
  useEffect(() => void ask<Folder[]>("GET", `${page.urls.api}/folders`).then((outcome) => outcome.ok && setFolders(named(outcome.value))), []);
  const used = mediaOf(part, state.tab);
  const toggle = (piece: Media): void => dispatch({
    do: "media", part: part.key, tab: state.tab,
    media: used.some((use) => use.id === piece.id) ? used.filter((use) => use.id !== piece.id) : [...used, { id: piece.id, alt: piece.alt }],
  });
  return (
    <Dialog title={t("Library")} roomy onClose={onClose}>
      <div class="library-search">
        <input class="input input-sm" type="search" aria-label={t("Search the library")} placeholder={t("Search the library")} value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
        {folders.length > 0 && (
          <select class="select select-sm" aria-label={t("Folder")} value={folder} onChange={(event) => setFolder(event.currentTarget.value)}>
            <option value="">{t("All folders")}</option>
            {folders.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
          </select>
        )}
      </div>
      {failed && <p class="quiet">{t("The server could not be reached.")}</p>}
      {!found && !failed && <p class="quiet"><Icon name="state-publishing" size="spin" /> {t("Looking…")}</p>}
      {found?.length === 0 && <p class="quiet">{query || folder ? t("Nothing was found.") : t("Nothing is in the library yet. What you upload to a post appears here.")}</p>}
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
      {next > 0 && <button type="button" class="btn btn-ghost btn-sm library-more" onClick={() => void look(next)}>{t("Show more")}</button>}
      <div class="dialog-foot"><form method="dialog"><button class="btn btn-primary">{t("Done")}</button></form></div>
    </Dialog>
  );
}
