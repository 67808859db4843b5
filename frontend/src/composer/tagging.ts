/** Which tags are meant by what somebody types. Pure. */

import type { Tag } from "./types";

const plain = (name: string): string => name.normalize("NFC").toLowerCase().trim().replace(/^#/, "").trim();

export const sameTag = (a: string, b: string): boolean => plain(a) === plain(b);

/** Known tags that fit and are not there yet; and, last, a new one of this name, which has no colour so far. */
export function fitting(known: Tag[], own: string[], typed: string): Tag[] {
  const wanted = plain(typed);
  const has = (name: string): boolean => own.some((one) => sameTag(one, name));
  const found = known.filter((tag) => plain(tag.name).includes(wanted) && !has(tag.name))
    .sort((a, b) => Number(plain(b.name).startsWith(wanted)) - Number(plain(a.name).startsWith(wanted)));
  const fresh = wanted && !has(typed) && !known.some((tag) => sameTag(tag.name, typed));
  return fresh ? [...found, { name: typed.trim().replace(/^#/, "").trim(), colour: "" }] : found;
}
