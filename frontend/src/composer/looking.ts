/** Asks the API while somebody types: a moment after the last letter, and what was overtaken is dropped. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../app/request";
import { t } from "./words";

export interface Looked<T> { found: T[] | null; trouble: string } // null: not known yet

const PAUSE = 250; // ms

/** What is found under `url` for `query`; null for a query that is not to be asked. */
export function useLooking<T>(url: string, query: string | null): Looked<T> {
  const [looked, setLooked] = useState<Looked<T>>({ found: null, trouble: "" });
  useEffect(() => {
    setLooked({ found: null, trouble: "" });
    if (query === null) return;
    let stale = false;
    const timer = setTimeout(async () => {
      const outcome = await ask<T[]>("GET", `${url}?q=${encodeURIComponent(query)}`);
      if (stale) return;
      setLooked(outcome.ok ? { found: outcome.value, trouble: "" } : { found: [], trouble: outcome.trouble.detail || t("The server could not be reached.") });
    }, query ? PAUSE : 0);
    return () => { stale = true; clearTimeout(timer); };
  }, [url, query]);
  return looked;
}
