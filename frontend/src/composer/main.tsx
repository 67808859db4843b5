/** Mounts the composer on <div id="composer"> with what the page put into #composer-data. */

import { render } from "preact";
import { ask } from "../app/request";
import { Composer } from "./Composer";
import { blank, blankPart, isEmpty, plain, same, written } from "./draft";
import { kept } from "./keep";
import type { Draft, MediaPage, Page, Post, State } from "./types";
import { instant, zoneOf } from "./when";

type Sent = Omit<Page, "urls" | "zone" | "zones" | "ahead"> & { zone: string; changes: string; zones?: Record<string, string>; urls?: Partial<Page["urls"]> };

function started(page: Page, workspace: string, post: Post | null): State {
  const saved = post ? written(post) : asked(page);
  const before = kept(workspace, post?.id ?? "");
  const restored = !!before && !isEmpty(before.draft, page.signature) && !same(before.draft, plain(saved));
  const outrun = restored && !!post && before.revision !== post.revision;
  return {
    channels: page.channels, draft: restored ? written(before.draft) : saved, version: restored ? 1 : 0, id: post?.id ?? "",
    revision: post?.revision ?? 0, face: post?.face ?? "", tab: "", check: null, checked: -1, uploads: [], busy: "", refused: "",
    restored, before: null, library: Object.fromEntries((page.media ?? []).map((piece) => [piece.id, piece])),
    saving: outrun ? { kind: "conflict", revision: post.revision } : { kind: restored ? "unsaved" : "saved" },
  };
}

/** An empty draft; ?at=2026-11-25T09:00 (wall time) and ?channel=id come from the calendar. */
function asked(page: Page) {
  const query = new URLSearchParams(location.search);
  const [date, time] = (query.get("at") ?? "").split("T");
  const live = page.channels.filter((channel) => !channel.paused).map((channel) => channel.id);
  const wanted = live.filter((id) => query.getAll("channel").includes(id));
  const channels = wanted.length ? wanted : live.length === 1 ? live : [];
  const items = [{ ...blankPart(), text: page.signature ? `\n\n${page.signature}` : "" }];
  return { ...blank(), items, channels, wish_at: date && time ? instant({ date, time: time.slice(0, 5) }, page.zone) : null };
}

/** Whether the draft shows media that the page did not bring along (it was restored from this browser). */
const lacks = (draft: Draft, library: State["library"]): boolean =>
  draft.items.flatMap((item) => [...item.media, ...item.variants.flatMap((v) => v.media ?? [])]).some((use) => !library[use.id]);

const place = document.getElementById("composer");
const data = document.getElementById("composer-data");
if (place && data) {
  const sent = JSON.parse(data.textContent ?? "{}") as Sent;
  const workspace = place.dataset["workspace"] ?? "";
  const base = `/w/${workspace}`;
  const urls = {
    api: `/api/v1/workspaces/${workspace}`, post: `${base}/posts/{id}`, edit: `${base}/posts/{id}/edit`, compose: `${base}/compose`, calendar: `${base}/calendar`,
    channels: `${base}/channels`, snippets: `${base}/settings/snippets`, sign_in: `/accounts/login/?next=${base}/calendar`, ...sent.urls,
  };
  const page: Page = { ...sent, urls, zone: zoneOf(sent.zone, sent.changes), zones: Object.entries(sent.zones ?? {}).map(([name, told]) => zoneOf(name, told)), ahead: Date.parse(sent.now) - Date.now() };
  const start = started(page, workspace, page.post);
  if (lacks(start.draft, start.library)) {
    const outcome = await ask<MediaPage>("GET", `${page.urls.api}/media`);
    if (outcome.ok) for (const piece of outcome.value.media) start.library[piece.id] = piece;
  }
  place.textContent = "";
  render(<Composer page={page} workspace={workspace} start={start} />, place);
}
