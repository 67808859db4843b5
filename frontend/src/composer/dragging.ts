/** Pieces of a list dragged to another place: a mouse takes a piece anywhere, a finger by its grip, so that it can still scroll. */

import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";

interface Dragging { place: number | null; start: (event: PointerEvent, place: number) => void; clicked: () => boolean }

const FAR = 6; // pixels; less is a click

/** `put` moves a piece while it is dragged; `place` is where the dragged one is, `clicked` whether a click was meant as one. */
export function useDragging(list: RefObject<HTMLElement | null>, put: (from: number, to: number) => void): Dragging {
  const [place, setPlace] = useState<number | null>(null);
  const dragged = useRef(false);
  const latest = useRef(put);
  latest.current = put;
  const start = (event: PointerEvent, from: number): void => {
    const target = event.target as Element;
    if (event.button || (event.pointerType === "touch" && !target.closest(".piece-grip"))) return;
    let at = from;
    dragged.current = false;
    const move = (next: PointerEvent): void => {
      if (!dragged.current && Math.hypot(next.clientX - event.clientX, next.clientY - event.clientY) < FAR) return;
      dragged.current = true;
      setPlace(at);
      const to = under(list.current, next);
      if (to === null || to === at) return;
      latest.current(at, to);
      at = to;
    };
    const end = (): void => {
      removeEventListener("pointermove", move);
      setPlace(null);
    };
    addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, end, { once: true });
  };
  return { place, start, clicked: () => !dragged.current };
}

/** The place of the piece under the pointer. */
function under(list: HTMLElement | null, at: PointerEvent): number | null {
  const piece = document.elementFromPoint(at.clientX, at.clientY)?.closest<HTMLElement>("[data-place]");
  return piece && list?.contains(piece) ? Number(piece.dataset["place"]) : null;
}
