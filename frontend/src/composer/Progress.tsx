/** What becomes of a post that is going out now: a row for each channel, from waiting to the link over there. */

import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Icon, Mark } from "./Bits";
import { useComposer } from "./context";
import { type Delivery, type Row, useDeliveries } from "./sending";
import type { Channel } from "./types";
import { t } from "./words";

/** The channels that are not sent to, and why not. */
const stopped = (channels: Channel[]): Map<string, string> => new Map(channels.filter((one) => one.paused).map((one) => [one.id, one.paused]));

export function Progress({ post }: { post: string }) {
  const { state, page, workspace } = useComposer();
  const [paused, setPaused] = useState(() => stopped(state.channels));
  const { all, lost, again } = useDeliveries(workspace, `${page.urls.api}/posts/${post}/deliveries`, new Set(paused.keys()));
  const put = all.filter((row) => row.state === "waiting" && row.worst.reason).map((row) => row.channel).join(); // off; perhaps for good
  useEffect(() => { if (put) void ask<Channel[]>("GET", `${page.urls.api}/channels`).then((now) => now.ok && setPaused(stopped(now.value))); }, [put]);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  const out = all.filter((row) => row.state === "delivered").length;
  const parts = all.flatMap((row) => row.parts);
  const done = all.reduce((sum, row) => sum + (row.ended ? row.parts.length : row.out), 0);
  const over = all.length > 0 && all.every((row) => row.ended);
  const title = !over ? t("On its way") : out === all.length ? t("All out") : t("Something needs you");
  const open = page.urls.post.replace("{id}", post);
  return (
    <section class="progress card" aria-labelledby="progress-title">
      <header class="progress-head"><span class={`disc ${over ? (out === all.length ? "good" : "bad") : ""}`}><Icon name={over ? (out === all.length ? "state-published" : "warning") : "state-publishing"} size={over ? "large" : "large spin"} /></span>
        <div><h1 id="progress-title" ref={head} tabIndex={-1}>{title}</h1>
          <p class="quiet" role="status">{all.length ? t("{out} of {all} channels have it.", { out, all: all.length }) : t("One moment…")}</p></div>
        {!over && <Elapsed />}</header>
      <progress class="bar" max={Math.max(parts.length, 1)} value={done} aria-label={title} />
      {lost && <p class="note warning">{t("The server could not be reached.")} {t("It goes on there; this list is asked for again.")}</p>}
      <ul class="rows">{all.map((row) => <Line key={row.channel} row={row} channel={state.channels.find((c) => c.id === row.channel)} paused={paused.get(row.channel)} open={open} again={again} />)}</ul>
      <footer class="progress-foot">
        <a class="btn" href={page.urls.calendar}>{t("Calendar")}</a><a class="btn" href={open}>{t("Open post")}</a>
        <a class={`btn ${over ? "btn-primary" : ""}`} href={page.urls.compose}>{t("Write another")}</a></footer>
    </section>
  );
}

/** How long it has been since somebody pressed the button. */
function Elapsed() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => { const from = Date.now(); const timer = setInterval(() => setSeconds(Math.round((Date.now() - from) / 1000)), 1000); return () => clearInterval(timer); }, []);
  return <span class="fine numbers progress-time">{t("{n} s", { n: seconds })}</span>;
}

interface LineProps { row: Row; channel: Channel | undefined; paused: string | undefined; open: string; again: () => void }

function Line({ row, channel, paused, open, again }: LineProps) {
  const { worst, parts } = row;
  const first = parts.find((one) => one.url);
  const said = row.stopped && paused ? paused : worst.reason || parts.find((one) => one.note)?.note || "";
  return (
    <li class={`progress-line ${row.state}`}>
      {channel && <Mark channel={channel} />}
      <span class="channel-name grow"><span class="cut">{channel?.name || channel?.handle}</span><small class="cut">{channel?.label} · {channel?.handle}</small>
        {said && row.state !== "delivered" && <small class="progress-said">{said}</small>}</span>
      <span class="state" data-state={row.state}><Icon name={`state-${row.state}`} size={["sending", "settling"].includes(row.state) ? "small spin" : "small"} />
        {row.state === "waiting" ? t("Waiting") : worst.label}{parts.length > 1 && <span class="numbers"> {row.out}/{parts.length}</span>}</span>
      <NextAct row={row} delivery={worst} open={open} again={again} first={first} />
    </li>
  );
}

function NextAct({ row, delivery, open, again, first }: { row: Row; delivery: Delivery; open: string; again: () => void; first: Delivery | undefined }) {
  const { page } = useComposer();
  const retry = async (): Promise<void> => { await ask("POST", `${page.urls.api}/deliveries/${delivery.id}/retry`, {}); again(); };
  if (row.state === "failed" && page.may_publish !== false) return <button type="button" class="btn btn-sm" onClick={() => void retry()}><Icon name="retry" size="small" />{t("Send again")}</button>;
  if (row.stopped) return <a class="btn btn-sm" href={page.urls.channels}>{t("Connect again")}</a>;
  if (row.state === "unsure") return <a class="btn btn-sm" href={open}>{t("Say whether it appeared")}</a>;
  if (row.state === "held") return <a class="btn btn-sm" href={open}>{t("Decide")}</a>;
  return first ? <a class="btn btn-sm" href={first.url} target="_blank" rel="noopener noreferrer"><Icon name="external" size="small" />{t("See it there")}</a> : null;
}
