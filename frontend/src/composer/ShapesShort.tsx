/** Frames for short words: the note of a stream, the bubble and the line of a chat. */

import { Acts } from "./Acts";
import { Icon } from "./Bits";
import { type Drawn, Face, nameOf, Shown, Text } from "./ShapeParts";

export function Note({ channel, look, parts, when }: Drawn) {
  return <>{parts.map((part, place) => (
    <div class={`mock-note ${place < parts.length - 1 ? "threaded" : ""}`} key={part.key}>
      <Face channel={channel} />
      <div class="said-body">
        <div class="said-head"><strong class="cut">{nameOf(channel)}</strong>{look.handle && <span class="cut">{channel.handle}</span>}<small>· {when}</small></div>
        <Text channel={channel} look={look} part={part} />
        <Shown look={look} part={part} />
        <Acts look={look} />
      </div>
    </div>
  ))}</>;
}

export function Bubble({ channel, look, parts, when }: Drawn) {
  return <>{parts.map((part) => (
    <div class="bubble" key={part.key}>
      <strong class="bubble-name cut">{nameOf(channel)}</strong>
      {part.media.length > 0 && <Shown look={look} part={part} />}
      <Text channel={channel} look={look} part={part} />
      {!part.media.length && <Shown look={look} part={part} />}
      <small class="bubble-when">{look.acts.includes("views") && <Icon name="eye" size="small" />}{when}</small>
    </div>
  ))}</>;
}

export function Chat({ channel, look, parts, when }: Drawn) {
  return <>{parts.map((part) => (
    <div class="mock-note" key={part.key}>
      <Face channel={channel} />
      <div class="said-body">
        <div class="said-head"><strong class="cut">{nameOf(channel)}</strong><small>{when}</small></div>
        <Text channel={channel} look={look} part={part} />
        <Shown look={look} part={part} />
      </div>
    </div>
  ))}</>;
}
