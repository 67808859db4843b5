/** What can be done with the post as a whole: its history, a copy of it, a template made of it. */

import { useState } from "preact/hooks";
import { ask } from "../app/request";
import { Icon } from "./Bits";
import { useComposer } from "./context";
import { History } from "./History";
import { KeepTemplate } from "./KeepTemplate";
import type { Post } from "./types";
import { t } from "./words";

export function Menu({ save }: { save: () => Promise<Post | null> }) {
  const { state, dispatch, page } = useComposer();
  const [history, setHistory] = useState(false);
  const [keeping, setKeeping] = useState(false);
  const post = async (): Promise<Post | null> => (state.saving.kind === "saved" && state.id ? ({ id: state.id } as Post) : save());
  const duplicate = async (): Promise<void> => {
    const kept = await post();
    if (!kept) return;
    const outcome = await ask<Post>("POST", `${page.urls.api}/posts/${kept.id}/duplicate`);
    if (outcome.ok) location.href = page.urls.edit.replace("{id}", outcome.value.id);
    else dispatch({ do: "busy", busy: "", refused: outcome.trouble.detail || t("The server could not be reached.") });
  };
  return (
    <>
    <details class="who composer-menu" data-menu>
      <summary class="btn btn-ghost btn-square btn-sm" aria-label={t("More")}><Icon name="more" /></summary>
      <div class="float" onClick={(event) => { event.currentTarget.closest("details")!.open = false; }}>
        <button type="button" disabled={!state.id} onClick={() => void post().then((kept) => kept && setHistory(true))}><Icon name="undo" />{t("History")}</button>
        <button type="button" onClick={() => setKeeping(true)}><Icon name="save" />{t("Save as template")}</button>
        <button type="button" disabled={!state.id} onClick={() => void duplicate()}><Icon name="copy" />{t("Duplicate")}</button>
      </div>
    </details>
    {keeping && <KeepTemplate onClose={() => setKeeping(false)} />}
    {history && <History onClose={() => setHistory(false)} />}
    </>
  );
}
