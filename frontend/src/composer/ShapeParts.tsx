/** What several frames have in common: who speaks, what they say, what follows below. */

import { Icon } from "./Bits";
import { LinkCard } from "./LinkCard";
import { Pictures } from "./Pictures";
import type { Channel, Look, Poll, Seen } from "./types";
import { Words } from "./Wording";
import { t } from "./words";

export interface Drawn { channel: Channel; look: Look; parts: Seen[]; when: string }

export const nameOf = (channel: Channel): string => channel.name || channel.handle;

export function Face({ channel }: { channel: Channel }) {
  return channel.avatar ? <img class="said-face" src={channel.avatar} alt="" />
    : <span class="said-face" aria-hidden="true">{nameOf(channel).replace("@", "").slice(0, 1)}</span>;
}

/** The line of a card: face, name, and when. */
export function Head({ channel, under }: { channel: Channel; under: preact.ComponentChildren }) {
  return (
    <div class="said-top"><Face channel={channel} />
      <span class="said-who"><strong class="cut">{nameOf(channel)}</strong><small class="cut">{under}</small></span>
      <Icon name="more" /></div>
  );
}

interface SayProps { channel: Channel; look: Look; part: Seen; before?: preact.ComponentChildren }

export function Text({ channel, look, part, before }: SayProps) {
  const silent = !part.text && !part.media.length && !part.poll;
  if (silent && !before) return <p class="said-text empty-text">{t("Your words appear here.")}</p>;
  return <Words text={part.text} look={look} markdown={channel.markup === "markdown"} before={before} />;
}

/** What a part shows beside its words: pictures, else a poll, else the card of its link. */
export function Shown({ look, part }: { look: Look; part: Seen }) {
  if (part.media.length) return <Pictures media={part.media} look={look} />;
  if (part.poll) return <Choices poll={part.poll} />;
  return <LinkCard url={part.link} look={look} />;
}

function Choices({ poll }: { poll: Poll }) {
  return <ul class="said-poll">{poll.choices.map((choice, at) => <li key={at} dir="auto">{choice || "…"}</li>)}</ul>;
}

/** The parts behind the first: comments under it, or posts of their own. */
export function Rest({ channel, look, parts, when }: Drawn) {
  return <>{parts.slice(1).map((part) => (
    <div class="said-comment" key={part.key}><Face channel={channel} />
      <div class="said-comment-body"><div class="said-comment-words"><strong>{nameOf(channel)}</strong><Text channel={channel} look={look} part={part} /></div>
        {part.media.length > 0 && <Pictures media={part.media} look={look} />}
        <small>{when}</small></div></div>
  ))}</>;
}
