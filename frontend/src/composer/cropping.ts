/** Parts of a picture: made in a given shape, moved, pulled at a corner. Pure; everything in parts of its width and height. */

import type { Crop } from "./types";

export const WHOLE: Crop = { x: 0, y: 0, width: 1, height: 1 };
const LEAST = 0.05;

export const RATIOS: [string, number][] = [["1:1", 1], ["4:5", 0.8], ["1.91:1", 1.91], ["16:9", 16 / 9], ["9:16", 9 / 16]];

const between = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), Math.max(least, most));

/** A shape's name, if it has one. */
export const called = (ratio: number): string => RATIOS.find(([, one]) => Math.abs(one - ratio) < 0.01)?.[0] ?? ratio.toFixed(2);

/** The largest part of this shape around a point. `shape`: width by height wanted; `own`: of the picture itself. */
export function largest(shape: number, own: number, at: { x: number; y: number }): Crop {
  const width = Math.min(1, shape / own);
  const height = Math.min(1, own / shape);
  return { width, height, x: between(at.x - width / 2, 0, 1 - width), y: between(at.y - height / 2, 0, 1 - height) };
}

export const shifted = (crop: Crop, by: { x: number; y: number }): Crop =>
  ({ ...crop, x: between(crop.x + by.x, 0, 1 - crop.width), y: between(crop.y + by.y, 0, 1 - crop.height) });

export interface Corner { x: 0 | 1; y: 0 | 1 } // 0: left or top, 1: right or bottom

/** The part with one corner pulled; the opposite one stays. `shape` is kept when there is one: width by height, both in parts. */
export function pulled(crop: Crop, corner: Corner, by: { x: number; y: number }, shape: number | null): Crop {
  const fixed = { x: corner.x ? crop.x : crop.x + crop.width, y: corner.y ? crop.y : crop.y + crop.height };
  const room = { x: corner.x ? 1 - fixed.x : fixed.x, y: corner.y ? 1 - fixed.y : fixed.y };
  let width = between(crop.width + (corner.x ? by.x : -by.x), LEAST, room.x);
  let height = between(crop.height + (corner.y ? by.y : -by.y), LEAST, room.y);
  if (shape) {
    width = between(Math.abs(by.x) >= Math.abs(by.y) ? width : height * shape, LEAST, Math.min(room.x, room.y * shape));
    height = width / shape;
  }
  return { width, height, x: corner.x ? fixed.x : fixed.x - width, y: corner.y ? fixed.y : fixed.y - height };
}

export const isWhole = (crop: Crop): boolean => crop.width > 0.998 && crop.height > 0.998;

export const middle = (crop: Crop): { x: number; y: number } => ({ x: crop.x + crop.width / 2, y: crop.y + crop.height / 2 });
