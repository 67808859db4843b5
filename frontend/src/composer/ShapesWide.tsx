/** Frames that pictures and films fill from side to side. */

import { Acts } from "./Acts";
import { Icon } from "./Bits";
import { Pictures } from "./Pictures";
import { host } from "./reading";
import { type Drawn, Face, Head, nameOf, Rest, Shown, Text } from "./ShapeParts";
import { t } from "./words";

const Missing = ({ words }: { words: string }) => <div class="said-missing"><Icon name="image" size="large" /><span>{words}</span></div>;

export function Feed({ channel, look, parts, when }: Drawn) {
  const [first] = parts;
  return (
    <>
      <Head channel={channel} under={when} />
      {first!.title && <h3 class="said-title" dir="auto">{first!.title}</h3>}
      <Text channel={channel} look={look} part={first!} />
      <div class="said-wide"><Shown look={look} part={first!} /></div>
      <Acts look={look} />
      <Rest channel={channel} look={look} parts={parts} when={when} />
    </>
  );
}

export function Photo({ channel, look, parts, when }: Drawn) {
  const [first] = parts;
  return (
    <>
      <Head channel={channel} under={channel.handle} />
      <div class="said-wide">{first!.media.length ? <Pictures media={first!.media} look={look} /> : <Missing words={t("A picture or film comes here.")} />}</div>
      <Acts look={look} />
      <Text channel={channel} look={look} part={first!} before={<strong>{(channel.handle || channel.name).replace("@", "")} </strong>} />
      <small class="said-when">{when}</small>
      <Rest channel={channel} look={look} parts={parts} when={when} />
    </>
  );
}

export function Reel({ channel, look, parts }: Drawn) {
  const [first] = parts;
  return (
    <div class="reel">
      {first!.media.length ? <Pictures media={first!.media} look={look} /> : <Missing words={t("A film comes here.")} />}
      <div class="reel-side"><Face channel={channel} /><Acts look={look} /></div>
      <div class="reel-words"><strong>{channel.handle || channel.name}</strong>{first!.title && <strong dir="auto">{first!.title}</strong>}
        <Text channel={channel} look={look} part={first!} /></div>
    </div>
  );
}

export function Watch({ channel, look, parts, when }: Drawn) {
  const [first] = parts;
  return (
    <>
      <div class="said-wide">{first!.media.length ? <Pictures media={first!.media} look={look} /> : <Missing words={t("A film comes here.")} />}</div>
      <h3 class="said-title" dir="auto">{first!.title || first!.text.split("\n")[0] || t("Title")}</h3>
      <div class="said-top"><Face channel={channel} /><span class="said-who"><strong class="cut">{nameOf(channel)}</strong></span></div>
      <Acts look={look} />
      <div class="watch-about"><small>{when}</small><Text channel={channel} look={look} part={first!} /></div>
      <Rest channel={channel} look={look} parts={parts} when={when} />
    </>
  );
}

export function Pin({ channel, look, parts }: Drawn) {
  const [first] = parts;
  return (
    <>
      <Acts look={look} />
      <div class="pin-picture">{first!.media.length ? <Pictures media={first!.media} look={look} /> : <Missing words={t("A picture or film comes here.")} />}
        {first!.link && <span class="pin-link cut"><Icon name="external" size="small" />{host(first!.link)}</span>}</div>
      {first!.title && <h3 class="said-title" dir="auto">{first!.title}</h3>}
      <Text channel={channel} look={look} part={first!} />
      <div class="said-top"><Face channel={channel} /><span class="said-who"><strong class="cut">{nameOf(channel)}</strong>{first!.place && <small class="cut">{first!.place}</small>}</span></div>
    </>
  );
}

export function Card({ channel, look, parts, when }: Drawn) {
  const [first] = parts;
  return (
    <>
      <Head channel={channel} under={when} />
      {first!.media.length > 0 && <div class="said-wide"><Pictures media={first!.media} look={look} /></div>}
      {first!.title && <h3 class="said-title" dir="auto">{first!.title}</h3>}
      <Text channel={channel} look={look} part={first!} />
      {look.link && first!.link && <span class="said-link cut">{host(first!.link)}</span>}
      <Acts look={look} />
    </>
  );
}
