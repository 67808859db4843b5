/** Asks what is wrong and how each channel will say it, a moment after the last change. */

import { useEffect } from "preact/hooks";
import { ask } from "../app/request";
import { plain } from "./draft";
import type { Action } from "./state";
import type { Check, Page, State } from "./types";

export function useChecking(page: Page, state: State, dispatch: (action: Action) => void): void {
  const { version } = state;
  useEffect(() => {
    if (!state.draft.channels.length) return dispatch({ do: "checked", check: { channels: [] }, version });
    let stale = false;
    const timer = setTimeout(async () => {
      const outcome = await ask<Check>("POST", `${page.urls.api}/posts/check`, plain(state.draft));
      if (outcome.ok && !stale) dispatch({ do: "checked", check: outcome.value, version });
    }, 300);
    return () => { stale = true; clearTimeout(timer); };
  }, [version]);
}
