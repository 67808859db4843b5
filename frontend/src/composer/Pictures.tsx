/** Pictures and films as the network lays them out: a grid, a row to swipe through, one above the other, the first alone. */

import { useState } from "preact/hooks";
import { Icon } from "./Bits";
import { useComposer } from "./context";
import { held, lasting } from "./reading";
import type { Look, Media, MediaUse } from "./types";
import { t } from "./words";

interface Props { media: MediaUse[]; look: Look }

export function Pictures({ media, look }: Props) {
  if (!media.length) return null;
  if (look.pictures === "carousel" && media.length > 1) return <Carousel media={media} look={look} />;
  const shown = media.slice(0, look.pictures === "first" ? 1 : look.most);
  const alone = shown.length === 1;
  if (look.pictures === "stack" || alone) return <div class="said-stack">{shown.map((use) => <Framed key={use.id} use={use} look={look} />)}</div>;
  return (
    <div class={`said-media many-${Math.min(shown.length, 5)}`}>
      {shown.map((use, at) => (
        <span class="said-piece" key={use.id}><Shot use={use} />
          {at === shown.length - 1 && media.length > shown.length && <span class="said-more">+{media.length - shown.length}</span>}</span>
      ))}
    </div>
  );
}

function Framed({ use, look }: { use: MediaUse; look: Look }) {
  const ratio = useShape(use);
  return <span class="said-piece" style={{ aspectRatio: String(held(ratio, look.ratio)) }}><Shot use={use} /></span>;
}

function Carousel({ media, look }: Props) {
  const [chosen, setAt] = useState(0);
  const at = Math.min(chosen, media.length - 1);
  const ratio = held(useShape(media[0]!), look.ratio); // the first decides for all
  const turn = (by: number): void => setAt(Math.min(Math.max(at + by, 0), media.length - 1));
  return (
    <div class="said-row">
      <span class="said-piece" style={{ aspectRatio: String(ratio) }}><Shot use={media[at]!} />
        <span class="said-place numbers">{at + 1}/{media.length}</span>
        {at > 0 && <button type="button" class="said-turn back" aria-label={t("Previous picture")} onClick={() => turn(-1)}><Icon name="left" size="small" /></button>}
        {at < media.length - 1 && <button type="button" class="said-turn" aria-label={t("Next picture")} onClick={() => turn(1)}><Icon name="right" size="small" /></button>}
      </span>
      <span class="said-dots" aria-hidden="true">{media.slice(0, 10).map((use, place) => <i key={use.id} class={place === at ? "on" : ""} />)}</span>
    </div>
  );
}

/** Width by height of what is shown of it. */
function useShape(use: MediaUse): number {
  const piece = useComposer().state.library[use.id];
  if (!piece?.height) return 1;
  return (piece.width * (use.crop?.width ?? 1)) / (piece.height * (use.crop?.height ?? 1));
}

/** One picture, cut as its use says, filling the box it stands in. */
export function Shot({ use, bare = false }: { use: MediaUse; bare?: boolean }) {
  const piece = useComposer().state.library[use.id];
  return (
    <>
      {piece ? <Seen piece={piece} crop={use.crop} /> : <span class="thumb-none"><Icon name="image" size="large" /></span>}
      {piece?.kind === "film" && !bare && <><span class="said-play"><Icon name="play" /></span><span class="said-length numbers">{lasting(piece.seconds)}</span></>}
      {use.alt && !bare && <span class="alt-tag" title={use.alt}>ALT</span>}
    </>
  );
}

function Seen({ piece, crop }: { piece: Media; crop: MediaUse["crop"] }) {
  const src = piece.thumbnail || (piece.kind === "film" ? "" : piece.url);
  if (!src) return <span class="thumb-none"><Icon name="film" size="large" /></span>;
  if (!crop) {
    const focus = piece.focus_x == null || piece.focus_y == null ? {} : { objectPosition: `${piece.focus_x * 100}% ${piece.focus_y * 100}%` };
    return <img src={src} alt="" draggable={false} loading="lazy" style={focus} />;
  }
  const { width, height } = piece;
  return (
    <svg class="shot-cut" viewBox={`${crop.x * width} ${crop.y * height} ${crop.width * width} ${crop.height * height}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <image href={src} width={width} height={height} preserveAspectRatio="none" />
    </svg>
  );
}
