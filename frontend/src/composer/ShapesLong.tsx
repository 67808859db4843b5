/** Frames for long words: the topic of a forum, the article of a site, the letter. */

import { Acts } from "./Acts";
import { Pictures } from "./Pictures";
import { type Drawn, Face, nameOf, Rest, Shown, Text } from "./ShapeParts";
import { t } from "./words";

export function Topic({ channel, look, parts, when }: Drawn) {
  const [first] = parts;
  return (
    <>
      <div class="said-top"><Face channel={channel} /><span class="said-who"><strong class="cut">{first!.place || t("Choose where")}</strong>
        <small class="cut">{nameOf(channel)} · {when}</small></span></div>
      <h3 class="said-title" dir="auto">{first!.title || t("Title")}</h3>
      <Text channel={channel} look={look} part={first!} />
      <Shown look={look} part={first!} />
      <Acts look={look} />
      <Rest channel={channel} look={look} parts={parts} when={when} />
    </>
  );
}

export function Article({ channel, look, parts, when }: Drawn) {
  const [first] = parts;
  const [cover, ...others] = first!.media;
  return (
    <>
      {cover && <div class="said-wide"><Pictures media={[cover]} look={look} /></div>}
      <h3 class="article-title" dir="auto">{first!.title || t("Title")}</h3>
      <div class="said-top"><Face channel={channel} /><span class="said-who"><strong class="cut">{nameOf(channel)}</strong><small>{when}</small></span></div>
      <Text channel={channel} look={look} part={first!} />
      <Pictures media={others} look={look} />
      <Acts look={look} />
    </>
  );
}

export function Letter({ channel, look, parts, when }: Drawn) {
  const [first] = parts;
  return (
    <>
      <h3 class="said-title" dir="auto">{first!.title || t("Subject")}</h3>
      <div class="said-top"><Face channel={channel} /><span class="said-who"><strong class="cut">{nameOf(channel)}</strong><small class="cut">{channel.handle} · {when}</small></span></div>
      <Text channel={channel} look={look} part={first!} />
      <Pictures media={first!.media} look={look} />
      <Acts look={look} />
    </>
  );
}
