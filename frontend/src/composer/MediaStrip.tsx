/** The pictures and films of a part, in order: drag them, or Alt and an arrow; a click opens the description, another the crop. */

import { useRef, useState } from "preact/hooks";
import { ask } from "../app/request";
import { AltDialog } from "./AltDialog";
import { Icon } from "./Bits";
import { useComposer } from "./context";
import { CropDialog } from "./CropDialog";
import { moved } from "./draft";
import { useDragging } from "./dragging";
import { Shot } from "./Pictures";
import { lasting } from "./reading";
import type { MediaUse, Part, UploadUnderWay } from "./types";
import { again, stop } from "./uploads";
import { t } from "./words";

export function MediaStrip({ part, media }: { part: Part; media: MediaUse[] }) {
  const { state, dispatch, page } = useComposer();
  const [open, setOpen] = useState<string | null>(null);
  const [cutting, setCutting] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const uploads = state.uploads.filter((u) => u.part === part.key && u.tab === state.tab);
  const set = (uses: MediaUse[]): void => dispatch({ do: "media", part: part.key, tab: state.tab, media: uses });
  const put = (from: number, to: number): void => {
    set(moved(media, from, to));
    setSaid(t("Media {from} is now in place {to} of {count}.", { from: from + 1, to: to + 1, count: media.length }));
  };
  const dragging = useDragging(list, put);
  if (!media.length && !uploads.length) return null;
  const shift = (from: number, to: number): void => {
    if (to < 0 || to >= media.length) return;
    put(from, to);
    requestAnimationFrame(() => document.getElementById(`media-${part.key}-${to}`)?.focus());
  };
  const change = (id: string, fresh: Partial<MediaUse>): void => set(media.map((use) => (use.id === id ? { ...use, ...fresh } : use)));
  const describe = (id: string, alt: string): void => { // the library has it too, unless it knows better
    change(id, { alt });
    if (alt && !state.library[id]?.alt) void ask("PATCH", `${page.urls.api}/media/${id}`, { alt });
  };
  const keys = (event: KeyboardEvent, place: number): void => {
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (event.altKey && by) { event.preventDefault(); shift(place, place + by); }
    if (event.key === "Delete") { event.preventDefault(); set(media.filter((_, at) => at !== place)); }
  };
  const place = media.findIndex((use) => use.id === open);
  const cut = media.find((use) => use.id === cutting);
  const piece = cut && state.library[cut.id];
  return (
    <><ul class="strip" aria-label={t("Media")} ref={list}>
      {media.map((use, at) => (
        <li key={use.id} class={`piece ${dragging.place === at ? "held" : ""}`} data-place={at} onPointerDown={(event) => dragging.start(event, at)}>
          <button type="button" id={`media-${part.key}-${at}`} class="piece-open" onClick={() => dragging.clicked() && setOpen(use.id)} onKeyDown={(event) => keys(event, at)}>
            <span class="sr-only">{use.alt ? t("Media {place}: {alt}", { place: at + 1, alt: use.alt }) : t("Media {place}: no description yet", { place: at + 1 })}</span>
            <Shot use={use} bare />{state.library[use.id]?.kind === "film" && <span class="thumb-kind numbers"><Icon name="play" size="small" />{lasting(state.library[use.id]!.seconds)}</span>}
            <span class={`piece-alt ${use.alt ? "has" : ""}`} aria-hidden="true">{use.alt ? <Icon name="check" size="small" /> : <Icon name="add" size="small" />}{t("Alt")}</span>
          </button>
          {media.length > 1 && <span class="piece-grip" aria-hidden="true"><Icon name="grip" size="small" /></span>}
          {state.library[use.id]?.kind === "picture" && <button type="button" class={`piece-crop ${use.crop ? "has" : ""}`} aria-label={t("Crop media {place}", { place: at + 1 })} onClick={() => setCutting(use.id)}><Icon name="crop" size="small" /></button>}
          <button type="button" class="piece-remove" aria-label={t("Remove media {place}", { place: at + 1 })} onClick={() => set(media.filter((_, other) => other !== at))}><Icon name="close" size="small" /></button>
        </li>
      ))}
      {uploads.map((upload) => <UploadPiece key={upload.key} upload={upload} />)}
    </ul>
      <span class="sr-only" role="status">{said}</span>
      {place >= 0 && <AltDialog use={media[place]!} place={place} count={media.length} onClose={() => setOpen(null)}
        onMove={(by) => shift(place, place + by)}
        onSave={(alt) => { describe(media[place]!.id, alt); setOpen(null); }} />}
      {cut && piece && <CropDialog use={cut} piece={piece} onClose={() => setCutting(null)} onSave={(crop) => { change(cut.id, { crop }); setCutting(null); }} />}
    </>
  );
}

export function Thumb({ id }: { id: string }) {
  const piece = useComposer().state.library[id];
  if (!piece) return <span class="thumb-none"><Icon name="image" size="large" /></span>;
  const src = piece.thumbnail || (piece.kind === "film" ? "" : piece.url);
  return (
    <>
      {src ? <img src={src} alt="" draggable={false} /> : <span class="thumb-none"><Icon name="film" size="large" /></span>}
      {piece.kind === "film" && <span class="thumb-kind numbers"><Icon name="play" size="small" />{lasting(piece.seconds)}</span>}
    </>
  );
}

function UploadPiece({ upload }: { upload: UploadUnderWay }) {
  const percent = upload.size ? Math.floor((upload.sent / upload.size) * 100) : 0;
  return (
    <li class="piece uploading">
      {upload.preview ? <img src={upload.preview} alt="" /> : <span class="thumb-none"><Icon name="film" size="large" /></span>}
      <div class="piece-progress">
        <span class="cut" title={upload.name}>{upload.name}</span>
        {upload.state === "failed"
          ? <span class="piece-failed">{upload.problem} <button type="button" class="link-plain" onClick={() => again(upload.key)}>{t("Try again")}</button></span>
          : <><progress class="bar" max={100} value={percent} aria-label={t("Uploading {name}", { name: upload.name })} />
            <span class="numbers">{upload.state === "looking" ? t("Looking at it…") : `${percent} %`}</span></>}
      </div>
      <button type="button" class="piece-remove" aria-label={t("Stop uploading {name}", { name: upload.name })} onClick={() => stop(upload.key)}><Icon name="close" size="small" /></button>
    </li>
  );
}
