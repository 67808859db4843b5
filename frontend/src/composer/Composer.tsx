/** The composer: what is said on the left, how it will look on the right, what happens next below. */

import { useReducer, useState } from "preact/hooks";
import { Icon } from "./Bits";
import { Channels } from "./Channels";
import { useChecking } from "./checking";
import { Shared } from "./context";
import { Finish } from "./Finish";
import { onlyOne } from "./Hints";
import { useFresh } from "./fresh";
import { Menu } from "./Menu";
import { Options } from "./Options";
import { Part } from "./Part";
import { PostTags } from "./PostTags";
import { Preview } from "./Preview";
import { Problems } from "./Problems";
import { Progress } from "./Progress";
import { Banners, SaveState } from "./SaveState";
import { useSaving } from "./saving";
import { reduce } from "./state";
import { Tabs, TabNote } from "./Tabs";
import type { Page, State } from "./types";
import { begin } from "./uploads";
import { t } from "./words";

export function Composer({ page, workspace, start }: { page: Page; workspace: string; start: State }) {
  const [state, dispatch] = useReducer(reduce, start);
  const [side, setSide] = useState<"write" | "preview">("write");
  const [sent, setSent] = useState("");
  const save = useSaving(page, workspace, state, dispatch);
  useChecking(page, state, dispatch);
  useFresh(page, state, dispatch);
  const upload = (part: string, tab: string, files: File[]): void => {
    for (const file of files) begin(page, part, tab, file, dispatch);
  };
  const { items } = state.draft;
  const alone = onlyOne(state.channels.filter((channel) => state.draft.channels.includes(channel.id)));
  const under = (post: string): void => {
    history.replaceState(null, "", page.urls.post.replace("{id}", post)); // whoever loads anew sees the post's own page
    setSent(post);
  };
  if (sent) return <Shared.Provider value={{ page, workspace, state, dispatch, upload }}><Progress post={sent} /></Shared.Provider>;
  return (
    <Shared.Provider value={{ page, workspace, state, dispatch, upload }}>
      <header class="composer-head">
        <h1>{state.face && state.face !== "draft" ? t("Edit post") : state.id ? t("Draft") : t("New post")}</h1>
        <SaveState />
        <Menu save={save} />
        <div class="segments composer-sides">
          <button type="button" aria-pressed={side === "write"} onClick={() => setSide("write")}>{t("Write")}</button>
          <button type="button" aria-pressed={side === "preview"} onClick={() => setSide("preview")}>{t("Preview")}</button>
        </div>
      </header>
      <div class={`composer-columns show-${side}`}>
        <div class="composer-write">
          <Banners />
          <Channels />
          <div class="card sheet">
            <Tabs />
            <div id="writing" {...(state.draft.channels.length > 1 ? { role: "tabpanel", "aria-labelledby": `tab-${state.tab}` } : {})}>
              <TabNote />
              <ol class="parts">
                {items.map((part, place) => <Part key={part.key} part={part} place={place} parts={items.length} />)}
              </ol>
              <button type="button" class="btn btn-ghost btn-sm add-part" disabled={!!alone} aria-describedby={alone ? "one-part" : undefined} onClick={() => dispatch({ do: "add-part", after: items[items.length - 1]!.key })}>
                <Icon name="add" />{t("Add to the thread")}</button>
              {alone && <span class="fine" id="one-part">{alone}</span>}
            </div>
          </div>
          <Problems />
          <Options />
          <PostTags />
          <details class="option-group" open={!!state.draft.note}>
            <summary><Icon name="note" /><span class="cut">{t("Note for the team")}</span><Icon name="chevron-down" size="small" /></summary>
            <div class="option-fields"><textarea class="textarea" rows={2} aria-label={t("Note for the team")} placeholder={t("Never published.")} value={state.draft.note}
              onInput={(event) => dispatch({ do: "note", note: event.currentTarget.value })} /></div>
          </details>
        </div>
        <Preview />
      </div>
      <Finish save={save} under={under} />
    </Shared.Provider>
  );
}
