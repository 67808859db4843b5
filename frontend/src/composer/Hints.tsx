/** What a part becomes on some channels, said before anybody wonders. */

import { Icon } from "./Bits";
import type { Channel } from "./types";
import { t } from "./words";

const names = (channels: Channel[]): string => [...new Set(channels.map((c) => c.label))].join(", ");

export function Hints({ place, audience }: { place: number; audience: Channel[] }) {
  const said: string[] = [];
  const marked = audience.filter((c) => c.markup === "markdown");
  const comments = audience.filter((c) => c.threads === "comments");
  if (!place && marked.length) said.push(t("{names} reads Markdown: **bold**, *slanted*, [a link](https://…), # a heading.", { names: names(marked) }));
  if (place && comments.length) said.push(t("On {names} this becomes a comment under the first part.", { names: names(comments) }));
  if (!said.length) return null;
  return <>{said.map((text) => <p class="part-hint fine" key={text}><Icon name="info" size="small" />{text}</p>)}</>;
}

/** Why nothing can be added to the thread; empty: somebody here takes a second part. */
export const onlyOne = (chosen: Channel[]): string =>
  chosen.length > 0 && chosen.every((c) => !c.threads) ? t("{names} takes one part only.", { names: names(chosen) }) : "";
