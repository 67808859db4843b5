/** What the composer knows: the API's shapes, and its own state. */

import type { Zone } from "./when";

export interface Option {
  name: string;
  label: string;
  kind: "choice" | "text" | "flag" | "poll" | "lookup" | "tags" | "url" | "number" | "time";
  choices: [string, string][];
  default: string | boolean;
  help: string;
  longest: number; // of a text, and of each tag
  needed: boolean;
  most: number; // tags at most; 0: any number
}
export interface Found { value: string; label: string } // a choice of a look-up
export interface Mention { text: string; label: string } // what goes into the text, and who that is
export interface Limits {
  text: number; unit: string; needs: string; needs_text: boolean; pictures: number; films: number; animations: number; mixed: boolean; alt: number;
}
export type Act = "like" | "up" | "vote" | "star" | "comment" | "reply" | "repeat" | "share" | "send" | "save" | "views";
export interface Look { // how a reader sees a post there; networks/look.py says what each means
  shape: string; acts: Act[]; named: boolean; cut: number; lines: number; more: "more" | "see" | "show" | "read"; handle: boolean; square: boolean;
  pictures: "grid" | "carousel" | "stack" | "first"; most: number; ratio: [number, number]; marked: ("link" | "tag" | "mention")[];
  card: "large" | "small" | ""; title: string; place: string; link: string;
}
export interface PollLimits { choices: number; characters: number; shortest: number; longest: number } // minutes
export interface Channel {
  id: string;
  network: string;
  label: string;
  handle: string;
  name: string;
  avatar: string;
  group?: string; // channels of one are chosen together
  paused: string;
  threads: "thread" | "comments" | ""; // what a second part becomes; empty: not taken
  markup: "plain" | "markdown";
  mentions: boolean; // whether people can be looked for there
  one_text_once?: boolean; // refuses a text that it has already
  look: Look;
  limits: Limits;
  poll: PollLimits | null;
  options: Option[];
}
export interface Media {
  id: string; name: string; kind: string; mime: string; size: number; width: number; height: number; seconds: number;
  alt: string; url: string; thumbnail: string | null; focus_x?: number | null; focus_y?: number | null;
}
export interface MediaPage { media: Media[]; page: number; pages: number }
export interface Crop { x: number; y: number; width: number; height: number } // parts of the original's width and height
export interface MediaUse { id: string; alt: string; crop?: Crop | null } // no crop: the whole
export interface Poll { choices: string[]; minutes: number }
export interface Variant { channel: string; text: string | null; media: MediaUse[] | null; options: Record<string, unknown> }
export interface Item { text: string; media: MediaUse[]; delay: number; variants: Variant[] }
export interface Draft { channels: string[]; items: Item[]; wish_at: string | null; note: string; tags: string[] }
export interface Tag { name: string; colour: string }
export interface Post extends Draft { id: string; revision: number; stage: string; face: string }

export interface Snippet { id: string; kind: "template" | "signature" | "hashtags"; name: string; text: string; places: string[] }
export interface Plan {
  kind: "every" | "evergreen"; every: number; unit: "day" | "week" | "month"; rest_days: number; zone: string; until: string | null; times: number | null;
}
export interface Version { revision: number; at: string; by: string; changed: string[]; current: boolean }
export interface Change {
  kind: string; label: string; where: string; pieces: { kind: "same" | "gone" | "new"; text: string }[]; gone: string[]; new: string[];
}
export interface Problem { where: string; message: string; level: "error" | "warning"; ratio?: number }
export interface Count { used: number; limit: number; unit: string }
export interface Said { position: number; count: Count; problems: Problem[]; text: string; media: MediaUse[]; options: Record<string, unknown> }
export interface Check { channels: { channel: string; items: Said[] }[] }
export interface Seen { key: string; text: string; media: MediaUse[]; poll: Poll | null; title: string; place: string; link: string } // by a reader
export interface Refusal { channel: string; position: number; where: string; message: string; level: "error" | "warning" }

export interface Page {
  channels: Channel[];
  post: Post | null;
  zone: Zone; // of the person
  zones?: Zone[]; // others that the workspace and its channels go by
  workspace_zone?: string;
  channel_zones?: Record<string, string>;
  now: string;
  ahead: number; // milliseconds the server's clock is ahead of this one
  media?: Media[];
  tags?: Tag[]; // of the workspace
  repeat?: Plan | null; // of the post
  signature?: string; // below every new post
  may_publish?: boolean; // absent: yes
  links?: boolean; // whether the server looks at pages for their cards
  urls: { api: string; post: string; edit: string; compose: string; calendar: string; channels: string; snippets: string; sign_in: string };
}

export interface Part extends Item { key: string } // an item with a name that lasts while it is edited
export interface Written extends Omit<Draft, "items"> { items: Part[] }

export interface UploadUnderWay {
  key: string; part: string; tab: string; name: string; size: number; sent: number; preview: string;
  state: "sending" | "looking" | "failed"; problem: string;
}

export type Saving =
  | { kind: "saved" | "unsaved" | "saving" | "offline" | "signed-out" }
  | { kind: "refused"; detail: string }
  | { kind: "conflict"; revision: number };

export interface State {
  channels: Channel[];
  draft: Written;
  version: number; // grows with every change of the draft
  id: string;
  revision: number;
  face: string;
  tab: string; // a channel's id; empty: everyone
  saving: Saving;
  check: Check | null;
  checked: number; // the version the check speaks of
  library: Record<string, Media>;
  uploads: UploadUnderWay[];
  restored: boolean;
  before: Draft | null; // what a template took the place of
  busy: "" | "schedule" | "publish" | "save" | "queue";
  refused: string;
}
