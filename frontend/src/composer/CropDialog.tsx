/** Which part of a picture this post shows, and what of it must stay in sight wherever it is cut. */

import { useRef, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Dialog, Icon } from "./Bits";
import { useComposer } from "./context";
import { type Corner, isWhole, largest, middle, pulled, RATIOS, shifted, WHOLE } from "./cropping";
import type { Crop, Media, MediaUse } from "./types";
import { t } from "./words";

interface Point { x: number; y: number }
interface Props { use: MediaUse; piece: Media; onSave: (crop: Crop | null) => void; onClose: () => void }

const CORNERS: [Corner, string][] = [
  [{ x: 0, y: 0 }, t("Top left corner")], [{ x: 1, y: 0 }, t("Top right corner")],
  [{ x: 0, y: 1 }, t("Bottom left corner")], [{ x: 1, y: 1 }, t("Bottom right corner")],
];
const STEPS: Record<string, Point> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 } };

/** How far an arrow key goes: a hundredth, with Shift five. */
function step(event: KeyboardEvent): Point | null {
  const way = STEPS[event.key];
  if (!way) return null;
  event.preventDefault();
  const far = event.shiftKey ? 0.05 : 0.01;
  return { x: way.x * far, y: way.y * far };
}

export function CropDialog({ use, piece, onSave, onClose }: Props) {
  const { dispatch, page } = useComposer();
  const own = piece.width / piece.height;
  const [crop, setCrop] = useState<Crop>(use.crop ?? WHOLE);
  const [ratio, setRatio] = useState<number | null>(null);
  const [focus, setFocus] = useState<Point | null>(piece.focus_x == null || piece.focus_y == null ? null : { x: piece.focus_x, y: piece.focus_y });
  const [mode, setMode] = useState<"part" | "focus">("part");
  const choose = (wanted: number | null): void => {
    setRatio(wanted);
    if (wanted) setCrop(largest(wanted, own, isWhole(crop) && focus ? focus : middle(crop)));
  };
  const save = async (): Promise<void> => {
    if (focus && (focus.x !== piece.focus_x || focus.y !== piece.focus_y)) {
      const outcome = await ask<Media>("PATCH", `${page.urls.api}/media/${piece.id}`, { focus_x: focus.x, focus_y: focus.y });
      if (outcome.ok) dispatch({ do: "library", media: [outcome.value] });
    }
    onSave(isWhole(crop) ? null : crop);
  };
  const said = t("{width} × {height} pixels", { width: Math.round(crop.width * piece.width), height: Math.round(crop.height * piece.height) });
  return (
    <Dialog title={t("Crop")} roomy onClose={onClose}>
      <div class="crop-bar">
        <div class="segments">
          <button type="button" aria-pressed={mode === "part"} onClick={() => setMode("part")}><Icon name="crop" size="small" />{t("Part shown")}</button>
          <button type="button" aria-pressed={mode === "focus"} onClick={() => { setMode("focus"); setFocus(focus ?? middle(crop)); }}><Icon name="focus" size="small" />{t("Focal point")}</button>
        </div>
        {mode === "part" && <div class="crop-ratios" role="group" aria-label={t("Shape")}>
          <button type="button" class="pick-all" aria-pressed={ratio === null} onClick={() => choose(null)}>{t("Free")}</button>
          <button type="button" class="pick-all" aria-pressed={ratio === own} onClick={() => choose(own)}>{t("Original")}</button>
          {RATIOS.map(([name, shape]) => <button type="button" key={name} class="pick-all" aria-pressed={ratio === shape} onClick={() => choose(shape)}>{name}</button>)}
        </div>}
      </div>
      <Stage piece={piece} crop={crop} setCrop={setCrop} shape={ratio ? ratio / own : null} focus={mode === "focus" ? focus : null} setFocus={setFocus} />
      <p class="help" id="crop-help">{mode === "focus" ? t("Tap what must stay in sight wherever a network or a thumbnail cuts this picture. It is kept with the picture.")
        : t("Drag the part or its corners, or use the arrow keys. It is cut for this post only; the picture in the library stays whole.")} <span role="status" class="numbers">{mode === "part" && said}</span></p>
      <div class="dialog-foot">
        <button type="button" class="btn me-auto" disabled={isWhole(crop)} onClick={() => { setRatio(null); setCrop(WHOLE); }}>{t("Whole picture")}</button>
        <button type="button" class="btn btn-primary" onClick={() => void save()}>{t("Keep this")}</button>
      </div>
    </Dialog>
  );
}

interface StageProps { piece: Media; crop: Crop; setCrop: (crop: Crop) => void; shape: number | null; focus: Point | null; setFocus: (at: Point) => void }

function Stage({ piece, crop, setCrop, shape, focus, setFocus }: StageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const within = (event: PointerEvent): Point => {
    const box = frame.current!.getBoundingClientRect();
    const hold = (value: number): number => Math.min(Math.max(value, 0), 1);
    return { x: hold((event.clientX - box.left) / box.width), y: hold((event.clientY - box.top) / box.height) };
  };
  const drag = (event: PointerEvent, change: (by: Point) => void): void => {
    event.preventDefault();
    event.stopPropagation();
    const held = event.currentTarget as HTMLElement;
    const from = within(event);
    const go = (next: PointerEvent): void => { const at = within(next); change({ x: at.x - from.x, y: at.y - from.y }); };
    held.setPointerCapture(event.pointerId);
    held.addEventListener("pointermove", go);
    held.addEventListener("lostpointercapture", () => held.removeEventListener("pointermove", go), { once: true });
    held.focus();
  };
  const part = { left: `${crop.x * 100}%`, top: `${crop.y * 100}%`, width: `${crop.width * 100}%`, height: `${crop.height * 100}%` };
  const moves = (event: KeyboardEvent): void => { const by = step(event); if (by) setCrop(shifted(crop, by)); };
  const pulls = (event: KeyboardEvent, corner: Corner): void => { const by = step(event); if (by) setCrop(pulled(crop, corner, by, shape)); };
  return (
    <div class="crop-stage">
      <div class="crop-frame" ref={frame} style={{ aspectRatio: `${piece.width} / ${piece.height}`, width: `min(100%, calc(52vh * ${piece.width / piece.height}))` }}
        onPointerDown={focus ? (event) => setFocus(within(event)) : undefined}>
        <img src={piece.url} alt="" draggable={false} />
        <div class="crop-part" style={part}>
          {!focus && <button type="button" class="crop-move" aria-label={t("The part shown: arrow keys move it")} aria-describedby="crop-help" onKeyDown={moves}
            onPointerDown={(event) => drag(event, (by) => setCrop(shifted(crop, by)))} />}
          {!focus && CORNERS.map(([corner, name]) => (
            <button type="button" key={name} class={`crop-corner ${corner.x ? "end" : ""} ${corner.y ? "low" : ""}`} aria-label={name} onKeyDown={(event) => pulls(event, corner)}
              onPointerDown={(event) => drag(event, (by) => setCrop(pulled(crop, corner, by, shape)))} />
          ))}
        </div>
        {focus && <button type="button" class="crop-focus" style={{ left: `${focus.x * 100}%`, top: `${focus.y * 100}%` }} aria-label={t("The focal point: arrow keys move it")}
          onKeyDown={(event) => { const by = step(event); if (by) setFocus({ x: Math.min(Math.max(focus.x + by.x, 0), 1), y: Math.min(Math.max(focus.y + by.y, 0), 1) }); }} />}
      </div>
    </div>
  );
}
