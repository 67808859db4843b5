/** Where the post goes: one toggle per channel, and all or none at once. */

import { Icon, Mark, Name } from "./Bits";
import { useComposer } from "./context";
import { t } from "./words";

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
    <div class="picker" role="group" aria-label={t("Channels")}>
      {channels.map((channel) => {
        const on = draft.channels.includes(channel.id);
        return (
          <button type="button" key={channel.id} class="pick" aria-pressed={on} onClick={() => toggle(channel.id)}
            title={channel.paused || `${channel.label} · ${channel.handle}`}>
            <Mark channel={channel} size="small" />
            <span class="pick-name"><Name channel={channel} among={channels} /></span>
            {channel.paused && <span class="pick-off"><Icon name="pause" size="small" />{t("Paused")}</span>}
            {on && <Icon name="check" size="small" />}
          </button>
        );
      })}
      {channels.length > 1 && (
        <button type="button" class="pick-all" onClick={() => set(all ? [] : live)}>{all ? t("None") : t("All")}</button>
      )}
    </div>
  );
}
