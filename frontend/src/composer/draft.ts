/** A draft as a value: what is said where, what it is as JSON, whether it is empty. Pure. */

import type { Channel, Draft, Item, MediaUse, Option, Part, Poll, Post, Variant, Written } from "./types";

let made = 0;
const key = (): string => `part-${++made}`;

export const blankPart = (variants: Variant[] = []): Part => ({ key: key(), text: "", media: [], delay: 0, variants });

export const blank = (): Written => ({ channels: [], items: [blankPart()], wish_at: null, note: "", tags: [] });

export function written(draft: Draft | Post): Written {
  const items = draft.items.map((item) => ({ ...item, key: key() }));
  return { channels: draft.channels, items: items.length ? items : [blankPart()], wish_at: draft.wish_at, note: draft.note, tags: draft.tags ?? [] };
}

export function plain(draft: Written): Draft {
  const chosen = new Set(draft.channels);
  const items = draft.items.map(({ text, media, delay, variants }) => ({
    text, media: media.map(tidied), delay,
    variants: variants.filter((v) => chosen.has(v.channel) && differs(v)).map((v) => ({ ...v, media: v.media && v.media.map(tidied) })),
  }));
  return { channels: draft.channels, items, wish_at: draft.wish_at, note: draft.note, tags: draft.tags };
}

/** A use as it is sent and kept: without a crop that is none. */
const tidied = ({ id, alt, crop }: MediaUse): MediaUse => (crop ? { id, alt, crop } : { id, alt });

const differs = (v: Variant): boolean => v.text !== null || v.media !== null || Object.keys(v.options).length > 0;

export const same = (a: Draft, b: Draft): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether nothing was written yet; a signature that stands below every post says nothing. */
export function isEmpty(draft: Draft, signature = ""): boolean {
  const silent = (text: string | null): boolean => !text?.trim() || text.trim() === signature.trim();
  return !draft.note.trim() && draft.items.every(
    (item) => silent(item.text) && !item.media.length
      && item.variants.every((v) => silent(v.text) && !v.media?.length && !v.options["poll"]),
  );
}

/** The first {{place}} of a template that nobody filled in; empty: none is left. */
export const unfilled = (draft: Pick<Draft, "items">): string =>
  draft.items.flatMap((item) => [item.text, ...item.variants.map((v) => v.text ?? "")]).join("\n").match(/\{\{[^{}\n]{1,42}\}\}/)?.[0] ?? "";

export const variantOf = (item: Item, channel: string): Variant | undefined => item.variants.find((v) => v.channel === channel);

export const textOf = (item: Item, tab: string): string => (tab ? variantOf(item, tab)?.text : null) ?? item.text;

export const mediaOf = (item: Item, tab: string): MediaUse[] => (tab ? variantOf(item, tab)?.media : null) ?? item.media;

export const optionsOf = (item: Item, channel: string): Record<string, unknown> => variantOf(item, channel)?.options ?? {};

/** Whether this channel says anything of the draft differently. */
export const isOwn = (draft: Written, channel: string): boolean =>
  draft.items.some((item) => { const v = variantOf(item, channel); return !!v && (v.text !== null || v.media !== null); });

export function pollOf(item: Item, channels: string[]): Poll | null {
  for (const channel of channels) {
    const poll = optionsOf(item, channel)["poll"];
    if (poll) return poll as Poll;
  }
  return null;
}

/** The item with this channel's variant changed; a variant that says nothing of its own is dropped. */
export function withVariant<T extends Item>(item: T, channel: string, change: (v: Variant) => Variant): T {
  const before = variantOf(item, channel) ?? { channel, text: null, media: null, options: {} };
  const after = change(before);
  const others = item.variants.filter((v) => v.channel !== channel);
  return { ...item, variants: differs(after) ? [...others, after] : others };
}

/** Whether an option says nothing. */
export const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

/** What this channel needs to be told before a post can go there, and is not yet. */
export const lacking = (channel: Channel, item: Item): Option[] =>
  channel.options.filter((o) => o.needed && isBlank(optionsOf(item, channel.id)[o.name] ?? o.default));

/** What is being typed as a mention just before the caret: where it begins, and its letters. */
export function mentioned(text: string, caret: number): { from: number; query: string } | null {
  const found = /(?:^|[\s([{"'])@([\p{L}\p{N}_.-]+)$/u.exec(text.slice(0, caret));
  return found?.[1] ? { from: caret - found[1].length - 1, query: found[1] } : null;
}

/** Where one tag ends and the next begins: at commas and lines, but long ones may hold commas themselves. */
export const apart = (option: Option): RegExp => (option.longest > 100 ? /\n/ : /[,\n]/);

/** Tags as somebody types or pastes them, without their sign, each once. */
export function tagged(before: readonly string[], typed: string, between: RegExp): string[] {
  const fresh = typed.split(between).map((tag) => tag.trim().replace(/^#/, "")).filter(Boolean);
  return [...new Set([...before, ...fresh])];
}

export function withOption<T extends Item>(item: T, channel: string, name: string, value: unknown): T {
  return withVariant(item, channel, (v) => {
    const options = { ...v.options, [name]: value };
    if (isBlank(value)) delete options[name];
    return { ...v, options };
  });
}

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list];
  const [piece] = copy.splice(from, 1);
  if (piece !== undefined) copy.splice(Math.max(0, Math.min(to, copy.length)), 0, piece);
  return copy;
}

/** Text cut into plain pieces and links, tags and names, for the preview. */
export function pieces(text: string): { text: string; link: boolean }[] {
  const found = text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]|(?<![\w&/])[#@][\p{L}\p{N}_][\p{L}\p{N}_.@-]*[\p{L}\p{N}_]|(?<![\w&/])[#@][\p{L}\p{N}_])/u);
  return found.map((piece, place) => ({ text: piece, link: place % 2 === 1 })).filter((piece) => piece.text);
}

/** The narrowest limits of a poll among these channels, and who takes none. */
export function pollLimits(channels: Channel[]): { limits: NonNullable<Channel["poll"]> | null; without: Channel[] } {
  const polls = channels.flatMap((c) => (c.poll ? [c.poll] : []));
  const without = channels.filter((c) => !c.poll);
  if (!polls.length) return { limits: null, without };
  const least = (pick: (p: NonNullable<Channel["poll"]>) => number): number => Math.min(...polls.map(pick));
  return {
    without,
    limits: {
      choices: least((p) => p.choices), characters: least((p) => p.characters),
      shortest: Math.max(...polls.map((p) => p.shortest)), longest: least((p) => p.longest),
    },
  };
}
