/** Looks, when this tab is seen again, whether somebody has saved the post meanwhile: before more is typed on top of it. */

import { useEffect, useRef } from "preact/hooks";
import { ask } from "../app/request";
import type { Action } from "./state";
import type { Page, Post, State } from "./types";

export function useFresh(page: Page, state: State, dispatch: (action: Action) => void): void {
  const now = useRef(state);
  now.current = state;
  useEffect(() => {
    const look = async (): Promise<void> => {
      const { id, saving } = now.current;
      if (document.visibilityState !== "visible" || !id || !["saved", "unsaved"].includes(saving.kind)) return;
      const outcome = await ask<Post>("GET", `${page.urls.api}/posts/${id}`);
      const settled = ["saved", "unsaved"].includes(now.current.saving.kind); // not while it is being saved just now
      if (!outcome.ok || !settled || outcome.value.revision <= now.current.revision) return;
      dispatch({ do: "saving", saving: { kind: "conflict", revision: outcome.value.revision } });
    };
    const seen = (): void => void look();
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, []);
}
