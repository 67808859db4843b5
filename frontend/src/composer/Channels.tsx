/** Where the post goes: one toggle per channel, and all or none at once. */

import { Fragment } from "preact";
import { Icon, Mark, Where } from "./Bits";
import { useComposer } from "./context";
import type { Channel } from "./types";
import { t } from "./words";

/** Groups in the order of their letters, and last what is in none. */
const sorted = (channels: Channel[]): Channel[] =>
  [...channels].sort((a, b) => Number(!a.group) - Number(!b.group) || (a.group ?? "").localeCompare(b.group ?? ""));

/** All live channels of a group beside those that are chosen; without them, when they all were. */
function together(group: string, channels: Channel[], chosen: string[]): string[] {
  const own = channels.filter((c) => c.group === group && !c.paused).map((c) => c.id);
  const others = chosen.filter((id) => !own.includes(id));
  return own.every((id) => chosen.includes(id)) ? others : [...others, ...own];
}

export function Channels() {
  const { state, dispatch, page } = useComposer();
  const { channels, draft } = state;
  const set = (ids: string[]): void => dispatch({ do: "channels", channels: ids });
  const toggle = (id: string): void =>
    set(draft.channels.includes(id) ? draft.channels.filter((c) => c !== id) : [...draft.channels, id]);
  if (!channels.length) {
    return (
      <div class="note info"><Icon name="info" />
        <div class="grow">{t("No channel is connected yet. Write now; connect one before you schedule.")}</div>
        <a class="link-plain" href={page.urls.channels}>{t("Connect a channel")}</a>
      </div>
    );
  }
  const live = channels.filter((c) => !c.paused).map((c) => c.id);
  const all = live.every((id) => draft.channels.includes(id));
  return (
    <div>
    {channels.length > 1 && <div class="picker-head"><h2>{t("Channels")} <span class="fine numbers">{draft.channels.length}/{channels.length}</span></h2>
      <button type="button" class="pick-all" onClick={() => set(all ? [] : live)}>{all ? t("None") : t("All")}</button></div>}
    <div class="picker" role="group" aria-label={t("Channels")}>
      {sorted(channels).map((channel, place, all) => {
        const on = draft.channels.includes(channel.id);
        const heads = !!channel.group && channel.group !== all[place - 1]?.group;
        return (
          <Fragment key={channel.id}>
          {heads && <button type="button" class="pick-group" onClick={() => set(together(channel.group!, channels, draft.channels))}>{channel.group}</button>}
          <button type="button" class="pick" aria-pressed={on} onClick={() => toggle(channel.id)}
            title={channel.paused || `${channel.label} · ${channel.handle}`}>
            <Mark channel={channel} size="small" />
            <Where channel={channel} />
            {channel.paused && <span class="pick-off"><Icon name="pause" size="small" /><span>{t("Paused")}</span></span>}
            {on && <Icon name="check" size="small" />}
          </button>
          </Fragment>
        );
      })}
    </div>
    </div>
  );
}
