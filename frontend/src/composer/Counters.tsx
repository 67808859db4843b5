/** How much room each channel leaves, the scarcest first; a click opens its tab. */

import { Counter, Net } from "./Bits";
import { useComposer } from "./context";
import type { Channel } from "./types";

const MANY = 4; // more than this, and only those with little room say their number

export function Counters({ audience, place }: { audience: Channel[]; place: number }) {
  const { state, dispatch } = useComposer();
  const counted = audience.flatMap((channel) => {
    const said = state.check?.channels.find((c) => c.channel === channel.id)?.items[place];
    return said ? [{ channel, count: said.count, share: said.count.used / Math.max(said.count.limit, 1) }] : [];
  });
  if (audience.length === 1) return <>{counted.map(({ channel, count }) => <span class="count-of" key={channel.id}><Counter count={count} label={`${channel.name}, ${channel.label}`} /></span>)}</>;
  return (
    <>{counted.sort((a, b) => b.share - a.share).map(({ channel, count }) => (
      <button type="button" class="count-of" key={channel.id} title={`${channel.name || channel.handle} · ${channel.label} · ${channel.handle}`} onClick={() => dispatch({ do: "tab", tab: channel.id })}>
        <Net channel={channel} /><Counter count={count} label={`${channel.name}, ${channel.label}`} brief={counted.length > MANY} /></button>
    ))}</>
  );
}
