/** How it will look on each channel, drawn from what the server says will go out. */

import { Counter, Icon, Mark } from "./Bits";
import { useComposer } from "./context";
import { mediaOf, pieces, pollOf, textOf } from "./draft";
import { Thumb } from "./MediaStrip";
import type { Channel, Count, MediaUse, Poll } from "./types";
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
  const { state } = useComposer();
  const fresh = state.checked === state.version ? state.check?.channels.find((c) => c.channel === channel.id) : undefined;
  const counts = state.check?.channels.find((c) => c.channel === channel.id)?.items;
  return (
    <article class="mock" aria-label={`${channel.name}, ${channel.label}`}>
      {state.draft.items.map((part, place) => (
        <Said key={part.key} channel={channel} first={place === 0} last={place === state.draft.items.length - 1}
          text={fresh?.items[place]?.text ?? textOf(part, channel.id)} media={fresh?.items[place]?.media ?? mediaOf(part, channel.id)}
          poll={pollOf(part, [channel.id])} count={counts?.[place]?.count} />
      ))}
    </article>
  );
}

interface SaidProps { channel: Channel; text: string; media: MediaUse[]; poll: Poll | null; count: Count | undefined; first: boolean; last: boolean }

function Said({ channel, text, media, poll, count, first, last }: SaidProps) {
  const { state, page } = useComposer();
  const when = state.draft.wish_at ? spoken(state.draft.wish_at, page.zone, language()) : t("now");
  return (
    <div class={`said ${last ? "" : "threaded"}`}>
      <Mark channel={channel} />
      <div class="said-body">
        <div class="said-head"><span class="said-name cut">{channel.name || channel.handle}</span>
          {count && <Counter count={count} label={channel.label} />}</div>
        <p class="said-handle"><span class="cut">{channel.handle}</span>{first && <span class="said-when">· {when}</span>}</p>
        {text ? <p class="said-text" dir="auto">{pieces(text).map((piece, at) => (piece.link ? <span class="said-link" key={at}>{piece.text}</span> : piece.text))}</p>
          : !media.length && !poll && <p class="said-text empty-text">{t("Your words appear here.")}</p>}
        {media.length > 0 && <div class={`said-media many-${Math.min(media.length, 4)}`}>
          {media.slice(0, 4).map((use, at) => (
            <span class="said-piece" key={use.id}><Thumb id={use.id} />{use.alt && <span class="alt-tag" title={use.alt}>ALT</span>}
              {at === 3 && media.length > 4 && <span class="said-more">+{media.length - 4}</span>}</span>
          ))}</div>}
        {poll && <ul class="said-poll">{poll.choices.map((choice, at) => <li key={at}>{choice || "…"}</li>)}</ul>}
      </div>
    </div>
  );
}
