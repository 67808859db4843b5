/** Autosave: one request at a time, tried again while the connection or the session is gone, never over somebody else's work. */

import { useCallback, useEffect, useRef } from "preact/hooks";
import { ask } from "../app/request";
import { isEmpty, plain } from "./draft";
import { forget, keep } from "./keep";
import type { Action } from "./state";
import type { Page, Post, State } from "./types";

const PAUSE = 900; // ms without a keystroke
const AGAIN = 5000;
const QUIET = ["draft", "review", "approved", "cancelled", ""];

/** Whether every pause saves: not once the post is on its way, where half a sentence would go out. */
export const savesItself = (state: State): boolean => QUIET.includes(state.face);

export function useSaving(page: Page, workspace: string, state: State, dispatch: (action: Action) => void): () => Promise<Post | null> {
  const now = useRef(state);
  now.current = state;
  const running = useRef<Promise<Post | null> | null>(null);

  const save = useCallback((): Promise<Post | null> => {
    const before = running.current ?? Promise.resolve(null);
    const next = before.then(() => saveOnce(page, workspace, now.current, dispatch));
    running.current = next;
    return next;
  }, []);

  useEffect(() => {
    if (state.version === 0) return;
    keep(workspace, state.id, { draft: plain(state.draft), revision: state.revision });
  }, [state.version]);

  useEffect(() => {
    const { kind } = state.saving;
    const waits = kind === "unsaved" ? PAUSE : kind === "offline" || kind === "signed-out" ? AGAIN : 0;
    if (!waits || !savesItself(state) || (!state.id && isEmpty(plain(state.draft), page.signature))) return;
    const timer = setTimeout(() => void save(), waits);
    const online = (): void => void save();
    addEventListener("online", online);
    return () => { clearTimeout(timer); removeEventListener("online", online); };
  }, [state.version, state.saving]);

  useEffect(() => {
    const leave = (event: BeforeUnloadEvent): void => {
      if (now.current.uploads.some((upload) => upload.state === "sending")) event.preventDefault();
    };
    addEventListener("beforeunload", leave);
    return () => removeEventListener("beforeunload", leave);
  }, []);

  return save;
}

async function saveOnce(page: Page, workspace: string, state: State, dispatch: (action: Action) => void): Promise<Post | null> {
  const { id, revision, version } = state;
  const draft = plain(state.draft);
  dispatch({ do: "saving", saving: { kind: "saving" } });
  const outcome = id
    ? await ask<Post>("PUT", `${page.urls.api}/posts/${id}`, { ...draft, revision })
    : await ask<Post>("POST", `${page.urls.api}/posts`, draft);
  if (outcome.ok) {
    dispatch({ do: "kept", post: outcome.value, version });
    forget(workspace, id);
    if (!id) history.replaceState(null, "", page.urls.edit.replace("{id}", outcome.value.id));
    return outcome.value;
  }
  const { status, detail, body } = outcome.trouble;
  const newer = (body as { revision?: number } | null)?.revision;
  if (status === 409 && newer) dispatch({ do: "saving", saving: { kind: "conflict", revision: newer } });
  else if (status === 401 || status === 403) dispatch({ do: "saving", saving: { kind: "signed-out" } });
  else if (status === 0 || status >= 500) dispatch({ do: "saving", saving: { kind: "offline" } });
  else dispatch({ do: "saving", saving: { kind: "refused", detail } });
  return null;
}
