/** The one place where the composer's state changes. */

import { blankPart, mediaOf, moved, optionsOf, pollOf, withOption, withVariant, written } from "./draft";
import type { Check, Draft, Media, MediaUse, Part, Poll, Post, Saving, State, UploadUnderWay, Written } from "./types";

export type Action =
  | { do: "channels"; channels: string[] }
  | { do: "tab"; tab: string }
  | { do: "text"; part: string; tab: string; text: string }
  | { do: "media"; part: string; tab: string; media: MediaUse[] }
  | { do: "add-media"; part: string; tab: string; media: Media }
  | { do: "shared"; tab: string }
  | { do: "add-part"; after: string }
  | { do: "remove-part"; part: string }
  | { do: "move-part"; part: string; by: number }
  | { do: "delay"; part: string; delay: number }
  | { do: "option"; channel: string; name: string; value: unknown }
  | { do: "poll"; part: string; channels: string[]; poll: Poll | null }
  | { do: "wish"; at: string | null }
  | { do: "note"; note: string }
  | { do: "tags"; tags: string[] }
  | { do: "draft"; draft: Draft; restored: boolean; before?: Draft | null } // before: what it took the place of
  | { do: "loaded"; post: Post }
  | { do: "kept"; post: Post; version: number }
  | { do: "saving"; saving: Saving }
  | { do: "rebase"; revision: number }
  | { do: "checked"; check: Check; version: number }
  | { do: "library"; media: Media[] }
  | { do: "upload"; upload: UploadUnderWay }
  | { do: "upload-gone"; key: string }
  | { do: "read" }
  | { do: "busy"; busy: State["busy"]; refused?: string };

export function reduce(state: State, action: Action): State {
  const draft = redraft(state, action);
  if (draft) return { ...state, draft, version: state.version + 1, saving: unsaved(state.saving), refused: "" };
  switch (action.do) {
    case "tab": return { ...state, tab: action.tab };
    case "draft": return { ...changed(state, written(action.draft)), restored: action.restored, before: action.before ?? null };
    case "loaded": return loaded(state, action.post);
    case "kept": return kept(state, action.post, action.version);
    case "saving": return { ...state, saving: action.saving };
    case "rebase": return { ...state, revision: action.revision, version: state.version + 1, saving: { kind: "unsaved" } };
    case "checked": return { ...state, check: action.check, checked: action.version };
    case "library": return { ...state, library: { ...state.library, ...byId(action.media) } };
    case "upload": return { ...state, uploads: replaced(state.uploads, action.upload) };
    case "upload-gone": return { ...state, uploads: state.uploads.filter((u) => u.key !== action.key) };
    case "read": return { ...state, restored: false };
    case "busy": return { ...state, busy: action.busy, refused: action.refused ?? state.refused };
    default: return state;
  }
}

/** The draft after an act of writing; null when the action is no such act. */
function redraft(state: State, action: Action): Written | null {
  const { draft } = state;
  switch (action.do) {
    case "channels": return choose(state, action.channels);
    case "text": return { ...draft, items: each(draft, action.part, (p) => withText(p, action.tab, action.text)) };
    case "media": return { ...draft, items: each(draft, action.part, (p) => withMedia(p, action.tab, action.media)) };
    case "add-media": return { ...draft, items: each(draft, action.part, (p) => withOneMore(p, action.tab, action.media)) };
    case "shared": return { ...draft, items: draft.items.map((p) => withVariant(p, action.tab, (v) => ({ ...v, text: null, media: null }))) };
    case "add-part": return { ...draft, items: added(draft, action.after) };
    case "remove-part": return draft.items.length > 1 ? { ...draft, items: draft.items.filter((p) => p.key !== action.part) } : draft;
    case "move-part": return { ...draft, items: shifted(draft, action.part, action.by) };
    case "delay": return { ...draft, items: each(draft, action.part, (p) => ({ ...p, delay: action.delay })) };
    case "option": return { ...draft, items: draft.items.map((p) => withOption(p, action.channel, action.name, action.value)) };
    case "poll": return { ...draft, items: each(draft, action.part, (p) => polled(p, action.channels, action.poll)) };
    case "wish": return { ...draft, wish_at: action.at };
    case "note": return { ...draft, note: action.note };
    case "tags": return { ...draft, tags: action.tags };
    default: return null;
  }
}

const unsaved = (saving: Saving): Saving =>
  saving.kind === "saved" || saving.kind === "refused" || saving.kind === "saving" ? { kind: "unsaved" } : saving;

const changed = (state: State, draft: Written): State => ({ ...state, draft, version: state.version + 1, saving: { kind: "unsaved" } });

const byId = (media: Media[]): Record<string, Media> => Object.fromEntries(media.map((piece) => [piece.id, piece]));

const each = (draft: Written, key: string, change: (part: Part) => Part): Part[] =>
  draft.items.map((part) => (part.key === key ? change(part) : part));

const withText = (part: Part, tab: string, text: string): Part =>
  tab ? withVariant(part, tab, (v) => ({ ...v, text })) : { ...part, text };

const withMedia = (part: Part, tab: string, media: MediaUse[]): Part =>
  tab ? withVariant(part, tab, (v) => ({ ...v, media })) : { ...part, media };

const polled = (part: Part, channels: string[], poll: Poll | null): Part =>
  channels.reduce((p, channel) => withOption(p, channel, "poll", poll), part);

function withOneMore(part: Part, tab: string, media: Media): Part {
  const used = mediaOf(part, tab);
  return used.some((use) => use.id === media.id) ? part : withMedia(part, tab, [...used, { id: media.id, alt: media.alt }]);
}

function loaded(state: State, post: Post): State {
  return {
    ...state, draft: written(post), version: state.version + 1, id: post.id, revision: post.revision, face: post.face,
    saving: { kind: "saved" }, restored: false, before: null,
  };
}

function kept(state: State, post: Post, version: number): State {
  const saving: Saving = state.version === version ? { kind: "saved" } : { kind: "unsaved" };
  return { ...state, id: post.id, revision: post.revision, face: post.face, saving };
}

/** Newly chosen channels take part in a poll that is already there. */
function choose(state: State, channels: string[]): Written {
  const fresh = state.channels.filter((c) => c.poll && channels.includes(c.id) && !state.draft.channels.includes(c.id));
  const items = state.draft.items.map((part) => {
    const poll = pollOf(part, state.draft.channels);
    return poll ? polled(part, fresh.map((c) => c.id), poll) : part;
  });
  return { ...state.draft, channels, items };
}

/** A new part behind this one; it keeps the choices made for each channel, but not the poll. */
function added(draft: Written, after: string): Part[] {
  const place = draft.items.findIndex((part) => part.key === after) + 1;
  const first = draft.items[0];
  const variants = draft.channels.flatMap((channel) => {
    const { poll: _, ...options } = first ? optionsOf(first, channel) : {};
    return Object.keys(options).length ? [{ channel, text: null, media: null, options }] : [];
  });
  return [...draft.items.slice(0, place), blankPart(variants), ...draft.items.slice(place)];
}

function shifted(draft: Written, key: string, by: number): Part[] {
  const from = draft.items.findIndex((part) => part.key === key);
  const to = from + by;
  return to < 0 || to >= draft.items.length ? draft.items : moved(draft.items, from, to);
}

function replaced(uploads: UploadUnderWay[], upload: UploadUnderWay): UploadUnderWay[] {
  return uploads.some((u) => u.key === upload.key)
    ? uploads.map((u) => (u.key === upload.key ? upload : u))
    : [...uploads, upload];
}
