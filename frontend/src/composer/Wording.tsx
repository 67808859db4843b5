/** A text as a reader sees it: links, tags and names coloured where the network does, cut where it cuts. */

import { useState } from "preact/hooks";
import { pieces } from "./draft";
import { shortened, styled } from "./reading";
import type { Look } from "./types";
import { t } from "./words";

const MORE = { more: t("… more"), see: t("… See more"), show: t("Show more"), read: t("Read more") };
const SIGNS: Record<string, Look["marked"][number]> = { "#": "tag", "@": "mention" };

interface Props { text: string; look: Look; markdown?: boolean; before?: preact.ComponentChildren }

export function Words({ text, look, markdown, before }: Props) {
  const [open, setOpen] = useState(false);
  const short = shortened(text, look.cut, look.lines);
  if (!text && !before) return null;
  return (
    <p class="said-text" dir="auto">
      {before}
      {markdown ? <Styled text={open ? text : short} look={look} /> : <Plain text={open ? text : short} look={look} />}
      {short !== text && <button type="button" class="said-cut" onClick={() => setOpen(!open)}>{open ? t("Show less") : MORE[look.more]}</button>}
    </p>
  );
}

function Plain({ text, look }: { text: string; look: Look }) {
  return <>{pieces(text).map(({ text: word, link }, at) =>
    link && look.marked.includes(SIGNS[word[0]!] ?? "link") ? <span class="said-link" key={at}>{word}</span> : word)}</>;
}

function Styled({ text, look }: { text: string; look: Look }) {
  return <>{styled(text).map(({ as, text: words }, at) =>
    as === "strong" ? <strong key={at}>{words}</strong> : as === "em" ? <em key={at}>{words}</em>
      : as === "link" ? <span class="said-link" key={at}>{words}</span> : <Plain key={at} text={words} look={look} />)}</>;
}
