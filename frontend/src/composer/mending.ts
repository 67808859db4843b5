/** What mends a problem with one click: a picture cut to the shape that is taken. */

import { called, largest, middle, WHOLE } from "./cropping";
import { mediaOf } from "./draft";
import type { Action } from "./state";
import type { Channel, MediaUse, Problem, State } from "./types";

export const shapeName = (problem: Problem): string => (problem.ratio ? called(problem.ratio) : "");

/** The acts that cut it: for everyone when it is wrong for everyone, else for the channels that refuse it. */
export function cuts(state: State, problem: Problem, position: number, channels: Channel[]): Action[] {
  const part = state.draft.items[position];
  const at = Number(problem.where.split("-")[1] ?? 0);
  if (!part || !problem.ratio) return [];
  const all = channels.length === state.draft.channels.length && !part.variants.some((v) => v.media);
  return (all ? [""] : channels.map((c) => c.id)).map((tab) => ({
    do: "media", part: part.key, tab, media: mediaOf(part, tab).map((use, place) => (place === at ? cut(state, use, problem.ratio!) : use)),
  }));
}

function cut(state: State, use: MediaUse, ratio: number): MediaUse {
  const piece = state.library[use.id];
  if (!piece?.height) return use;
  const focus = piece.focus_x == null || piece.focus_y == null ? middle(use.crop ?? WHOLE) : { x: piece.focus_x, y: piece.focus_y };
  return { ...use, crop: largest(ratio, piece.width / piece.height, focus) };
}
