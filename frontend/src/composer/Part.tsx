/** One part of the thread: its text, its media, its poll, its counters. */

import { useEffect, useRef } from "preact/hooks";
import { useComposer } from "./context";
import { Counters } from "./Counters";
import { mediaOf, pollOf, textOf } from "./draft";
import { Hints } from "./Hints";
import { MediaStrip } from "./MediaStrip";
import { useMentions } from "./Mentions";
import { PollEditor, usePollStart } from "./PollEditor";
import { PartMenu } from "./PartMenu";
import { files, Toolbar } from "./Toolbar";
import type { Part as PartType } from "./types";
import { t } from "./words";

export function Part({ part, place, parts }: { part: PartType; place: number; parts: number }) {
  const { state, dispatch, chosen, upload } = useComposer();
  const { tab } = state;
  const audience = tab ? chosen.filter((c) => c.id === tab) : chosen;
  const startPoll = usePollStart(part, audience);
  const poll = pollOf(part, audience.map((c) => c.id));
  const label = parts > 1 ? t("Text of part {place}", { place: place + 1 }) : t("Text");
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => { if (area.current?.value.startsWith("\n")) area.current.setSelectionRange(0, 0); }, []); // above the signature
  const write = (text: string): void => dispatch({ do: "text", part: part.key, tab, text });
  const insert = (text: string): void => { // where the caret is; what is marked makes way
    const field = area.current;
    if (!field) return;
    const { selectionStart: from, selectionEnd: to, value } = field;
    write(value.slice(0, from) + text + value.slice(to));
    requestAnimationFrame(() => { field.setSelectionRange(from + text.length, from + text.length); if (!document.querySelector(".emoji:popover-open")) field.focus(); });
  };
  const mentions = useMentions(`mentions-${part.key}`, audience, area, write);
  const take = (list: File[], event: Event): void => {
    if (!list.length) return;
    event.preventDefault();
    upload(part.key, tab, list);
  };
  const keys = (event: KeyboardEvent): void => {
    if (mentions.keys(event)) return;
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || !by) return;
    event.preventDefault();
    const area = event.currentTarget as HTMLTextAreaElement;
    dispatch({ do: "move-part", part: part.key, by });
    requestAnimationFrame(() => area.focus());
  };
  const over = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    (event.currentTarget as Element).classList.add("dropping");
  };
  const out = (event: DragEvent): void => (event.currentTarget as Element).classList.remove("dropping");
  return (
    <li class="part" onDragOver={over} onDragLeave={out} onDrop={(event) => { out(event); take(files(event.dataTransfer), event); }}>
      {parts > 1 && <PartMenu part={part} place={place} parts={parts} />}
      <textarea ref={area} class="words" id={`text-${part.key}`} aria-label={label} rows={place || parts > 1 ? 3 : 6} dir="auto"
        placeholder={place ? t("And then…") : t("What would you like to say?")} value={textOf(part, tab)} onKeyDown={keys}
        onInput={(event) => { write(event.currentTarget.value); mentions.look(); }} onClick={mentions.look} {...mentions.attributes}
        onPaste={(event) => take(files(event.clipboardData), event)} />
      {mentions.list}
      <Hints place={place} audience={audience} />
      <MediaStrip part={part} media={mediaOf(part, tab)} />
      {poll && <PollEditor part={part} poll={poll} audience={audience} />}
      <div class="part-foot">
        <Toolbar part={part} startPoll={poll ? null : startPoll} insert={insert} />
        <div class="counters" aria-label={t("Room left")} role="group">
          <Counters audience={audience} place={place} />
        </div>
      </div>
    </li>
  );
}
