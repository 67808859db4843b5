/** The words for those who cannot see a picture; also where it stands among the others. */

import { useState } from "preact/hooks";
import { Dialog, Icon } from "./Bits";
import { useComposer } from "./context";
import type { MediaUse } from "./types";
import { t } from "./words";

interface Props { use: MediaUse; place: number; count: number; onSave: (alt: string) => void; onMove: (by: number) => void; onClose: () => void }

export function AltDialog({ use, place, count, onSave, onMove, onClose }: Props) {
  const { state, chosen } = useComposer();
  const [alt, setAlt] = useState(use.alt);
  const piece = state.library[use.id];
  const limit = Math.min(...chosen.map((c) => c.limits.alt).filter((n) => n > 0), 10_000);
  const picture = piece && (piece.kind === "film" ? piece.thumbnail : piece.url || piece.thumbnail);
  return (
    <Dialog title={t("Description")} onClose={onClose}>
      {picture && <img class="alt-picture" src={picture} alt="" width={piece.width || undefined} height={piece.height || undefined} />}
      <form class="field" onSubmit={(event) => { event.preventDefault(); onSave(alt.trim()); }}>
        <label for="alt-text">{t("What is to be seen?")}</label>
        <textarea id="alt-text" class="textarea" rows={3} value={alt} autofocus aria-describedby="alt-help"
          onInput={(event) => setAlt(event.currentTarget.value)}
          onKeyDown={(event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.stopPropagation(); onSave(alt.trim()); } }} />
        <p class="help alt-help" id="alt-help"><span>{t("Read out by screen readers, shown when the picture does not load.")}</span>
          <span class={`numbers ${alt.length > limit ? "text-red-ink" : ""}`}>{alt.length}/{limit}</span></p>
        <div class="dialog-foot">
          {count > 1 && <span class="me-auto flex gap-1">
            <button type="button" class="btn btn-square" disabled={place === 0} aria-label={t("Move it forward")} onClick={() => onMove(-1)}><Icon name="left" /></button>
            <button type="button" class="btn btn-square" disabled={place === count - 1} aria-label={t("Move it back")} onClick={() => onMove(1)}><Icon name="right" /></button>
          </span>}
          <button class="btn btn-primary">{t("Keep this")}</button>
        </div>
      </form>
    </Dialog>
  );
}
