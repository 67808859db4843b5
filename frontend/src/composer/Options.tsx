/** Each channel's choices, drawn from what its network declares. */

import { Icon, Mark } from "./Bits";
import { useComposer } from "./context";
import { lacking, optionsOf } from "./draft";
import { Field } from "./Field";
import type { Channel } from "./types";
import { t } from "./words";

export function Options() {
  const { state, chosen } = useComposer();
  const shown = chosen.filter((c) => c.options.some((o) => o.kind !== "poll") && (!state.tab || c.id === state.tab));
  if (!shown.length) return null;
  return (
    <section class="options" aria-label={t("Options")}>
      {shown.map((channel) => <ChannelOptions key={channel.id} channel={channel} alone={shown.length === 1} />)}
    </section>
  );
}

function ChannelOptions({ channel, alone }: { channel: Channel; alone: boolean }) {
  const { state } = useComposer();
  const first = state.draft.items[0]!;
  const values = optionsOf(first, channel.id);
  const options = channel.options.filter((o) => o.kind !== "poll").sort((a, b) => Number(b.needed) - Number(a.needed));
  const set = options.filter((o) => values[o.name] !== undefined && values[o.name] !== o.default);
  const missing = lacking(channel, first);
  return (
    <details class="option-group" open={alone || set.length > 0 || missing.length > 0}>
      <summary><Mark channel={channel} size="small" /><span class="cut">{t("Options for {name}", { name: `${channel.name || channel.handle} · ${channel.label}` })}</span>
        {set.length > 0 && <span class="tag">{set.length}</span>}<Icon name="chevron-down" size="small" /></summary>
      {missing.length > 0 && <p class="option-hint"><Icon name="info" size="small" />{t("{network} needs this before a post can go there: {names}.", { network: channel.label, names: missing.map((o) => o.label).join(", ") })}</p>}
      <div class="option-fields">
        {options.map((option) => <Field key={option.name} channel={channel} option={option} value={values[option.name] ?? option.default} />)}
      </div>
    </details>
  );
}
