/** Whether what is written is safe, always in sight; and the banners for when it is not. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Icon } from "./Bits";
import { Changes } from "./Changes";
import { useComposer } from "./context";
import { blank, plain } from "./draft";
import { forget } from "./keep";
import { savesItself } from "./saving";
import type { Change, Post } from "./types";
import { t } from "./words";

export function SaveState() {
  const { state } = useComposer();
  const [icon, words, kind] = spoken(state.saving.kind, !savesItself(state), state.version === 0 && !state.id);
  return <span class={`save-state ${kind}`} role="status" aria-live="polite">{icon && <Icon name={icon} size={icon === "state-publishing" ? "small spin" : "small"} />}{words}</span>;
}

function spoken(kind: string, byHand: boolean, untouched: boolean): [string, string, string] {
  if (untouched) return ["", "", ""];
  switch (kind) {
    case "saved": return ["cloud", t("Saved"), ""];
    case "saving": return ["state-publishing", t("Saving…"), ""];
    case "unsaved": return byHand ? ["edit", t("Changed, not saved yet"), "warn"] : ["edit", t("Writing…"), ""];
    case "offline": return ["offline", t("Not saved: no connection. Kept in this browser."), "warn"];
    case "signed-out": return ["lock", t("Not saved: signed out. Kept in this browser."), "warn"];
    case "conflict": return ["warning", t("Not saved: somebody else saved"), "warn"];
    default: return ["warning", t("Not saved"), "warn"];
  }
}

export function Banners() {
  const { state, dispatch, page, workspace } = useComposer();
  const { saving } = state;
  const [changes, setChanges] = useState<Change[] | null>(null);
  useEffect(() => setChanges(null), [saving.kind]);
  useEffect(() => { if (state.before) document.querySelector(".banners")?.scrollIntoView({ block: "nearest" }); }, [state.before]);
  const theirs = async (): Promise<void> => {
    const outcome = await ask<Post>("GET", `${page.urls.api}/posts/${state.id}`);
    if (!outcome.ok) return;
    forget(workspace, state.id);
    dispatch({ do: "loaded", post: outcome.value });
  };
  const compare = async (): Promise<void> => {
    const outcome = await ask<Change[]>("POST", `${page.urls.api}/posts/${state.id}/compare`, plain(state.draft));
    if (outcome.ok) setChanges(outcome.value);
  };
  const fresh = (): void => { forget(workspace, state.id); dispatch({ do: "draft", draft: plain(blank()), restored: false }); };
  return (
    <div class="banners">
      {saving.kind === "signed-out" && <div class="note warning" role="alert"><Icon name="lock" /><div class="grow">{t("You have been signed out. Nothing is lost: sign in again in another tab, and this page saves by itself.")}</div>
        <a class="link-plain" href={page.urls.sign_in} target="_blank" rel="noopener">{t("Sign in")}</a></div>}
      {saving.kind === "conflict" && <div class="note warning" role="alert"><Icon name="warning" /><div class="grow"><strong>{t("Somebody else saved this post while you were writing.")}</strong><br />
        {t("Keep yours, and theirs is replaced; or take theirs, and yours is gone.")}
        {changes && <div class="mt-2"><p class="fine">{t("What yours says that theirs does not:")}</p><Changes changes={changes} /></div>}</div>
        <span class="flex flex-wrap gap-2"><button type="button" class="btn btn-sm" onClick={() => void compare()}>{t("Compare")}</button><button type="button" class="btn btn-sm" onClick={() => dispatch({ do: "rebase", revision: saving.revision })}>{t("Keep mine")}</button>
          <button type="button" class="btn btn-sm" onClick={() => void theirs()}>{t("Take theirs")}</button></span></div>}
      {saving.kind === "refused" && <div class="note error" role="alert"><Icon name="error" /><div class="grow">{saving.detail || t("That cannot be saved as it is.")} {t("What you wrote is kept in this browser.")}</div></div>}
      {state.refused && <div class="note error" role="alert"><Icon name="error" /><div class="grow">{state.refused}</div></div>}
      {state.before && <div class="note info" role="status"><Icon name="undo" /><div class="grow">{t("The template has taken the place of what was here.")}</div>
        <button type="button" class="link-plain" onClick={() => dispatch({ do: "draft", draft: state.before!, restored: false })}>{t("Undo")}</button></div>}
      {state.restored && saving.kind !== "conflict" && <div class="note info"><Icon name="undo" /><div class="grow">{t("This is what you had written here before; it had not been saved.")}</div>
        {!state.id && <button type="button" class="link-plain" onClick={fresh}>{t("Start empty")}</button>}
        <button type="button" class="note-away" aria-label={t("Close")} onClick={() => dispatch({ do: "read" })}><Icon name="close" size="small" /></button></div>}
    </div>
  );
}
