/** Each channel's choices, drawn from what its network declares. */

import { Icon, Mark } from "./Bits";
import { useComposer } from "./context";
import { optionsOf } from "./draft";
import type { Channel, Option } from "./types";
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
  const values = optionsOf(state.draft.items[0]!, channel.id);
  const options = channel.options.filter((o) => o.kind !== "poll");
  const set = options.filter((o) => values[o.name] !== undefined && values[o.name] !== o.default);
  return (
    <details class="option-group" open={alone || set.length > 0}>
      <summary><Mark channel={channel} size="small" /><span class="cut">{t("Options for {name}", { name: `${channel.name || channel.handle} · ${channel.label}` })}</span>
        {set.length > 0 && <span class="tag">{set.length}</span>}<Icon name="chevron-down" size="small" /></summary>
      <div class="option-fields">
        {options.map((option) => <Field key={option.name} channel={channel} option={option} value={values[option.name] ?? option.default} />)}
      </div>
    </details>
  );
}

function Field({ channel, option, value }: { channel: Channel; option: Option; value: unknown }) {
  const { dispatch } = useComposer();
  const id = `option-${channel.id}-${option.name}`;
  const help = option.help ? `${id}-help` : undefined;
  const set = (next: unknown): void => dispatch({ do: "option", channel: channel.id, name: option.name, value: next === option.default ? undefined : next });
  const text = typeof value === "string" ? value : "";
  return (
    <div class={`field ${option.kind === "flag" ? "row" : ""}`}>
      {option.kind === "flag" && <input type="checkbox" class="checkbox" id={id} checked={value === true} aria-describedby={help} onChange={(event) => set(event.currentTarget.checked)} />}
      <label for={id}>{option.label}</label>
      {option.kind === "choice" && <select class="select select-sm" id={id} value={text} aria-describedby={help} onChange={(event) => set(event.currentTarget.value)}>
        {option.choices.map(([choice, label]) => <option key={choice} value={choice}>{label}</option>)}</select>}
      {option.kind === "text" && <input class="input input-sm" id={id} value={text} maxLength={option.longest} aria-describedby={help} onInput={(event) => set(event.currentTarget.value)} />}
      {option.help && <p class="help" id={help}>{option.help}</p>}
    </div>
  );
}
