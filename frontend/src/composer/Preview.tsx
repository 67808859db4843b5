/** How it will look on each channel, drawn from what the server says will go out, in the shape the network declares. */

import { Counter, Icon, Net } from "./Bits";
import { useComposer } from "./context";
import { mediaOf, optionsOf, pollOf, textOf } from "./draft";
import { remembered } from "./labels";
import { firstLink } from "./reading";
import { SHAPES } from "./Shapes";
import type { Channel, Part, Said, Seen } from "./types";
import { spoken } from "./when";
import { language, t } from "./words";

export function Preview() {
  const { state, chosen } = useComposer();
  const shown = state.tab ? chosen.filter((c) => c.id === state.tab) : chosen;
  return (
    <section class="preview" aria-label={t("Preview")} tabIndex={0}>
      <h2 class="preview-title">{t("Preview")}</h2>
      {shown.map((channel) => <ChannelPreview key={channel.id} channel={channel} />)}
      {!shown.length && <div class="preview-none"><Icon name="eye" size="large" /><p>{t("Choose a channel to see how it will look there.")}</p></div>}
    </section>
  );
}

function ChannelPreview({ channel }: { channel: Channel }) {
  const { state, page } = useComposer();
  const said = state.check?.channels.find((c) => c.channel === channel.id)?.items;
  const fresh = state.checked === state.version ? said : undefined;
  const when = state.draft.wish_at ? spoken(state.draft.wish_at, page.zone, language()) : t("now");
  const Shape = SHAPES[channel.look.shape]!;
  const parts = state.draft.items.slice(0, channel.threads ? undefined : 1).map((part, place) => seen(channel, part, fresh?.[place]));
  return (
    <article class="mock" aria-label={`${channel.name}, ${channel.label}`}>
      <header class="mock-head"><Net channel={channel} /><span class="cut">{channel.label} · {channel.handle || channel.name}</span>
        <span class="mock-counts">{said?.map((one) => <Counter key={one.position} count={one.count} label={channel.label} />)}</span></header>
      <div class={`mock-card shape-${channel.look.shape} ${channel.look.square ? "square" : ""}`}>
        <Shape channel={channel} look={channel.look} parts={parts} when={when} />
      </div>
    </article>
  );
}

/** What is seen of a part: as the server says it goes out; as it is written until the server has said so. */
function seen(channel: Channel, part: Part, said: Said | undefined): Seen {
  const { look } = channel;
  const options = said?.options ?? optionsOf(part, channel.id);
  const option = (name: string): string => (name && typeof options[name] === "string" ? String(options[name]) : "");
  const place = option(look.place);
  const text = said?.text ?? textOf(part, channel.id);
  return {
    key: part.key, text, media: said?.media ?? mediaOf(part, channel.id), poll: pollOf(part, [channel.id]), title: option(look.title),
    place: place && (remembered(channel.id, look.place, place) || place), link: option(look.link) || firstLink(text),
  };
}
