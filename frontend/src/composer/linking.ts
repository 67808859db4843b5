/** What pages say of themselves, asked of our own server once somebody has stopped typing, and kept while the page is open. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../app/request";
import { useComposer } from "./context";

export interface Linked { url: string; title: string; description: string; picture: string }

const PAUSE = 700; // ms
const known = new Map<string, Promise<Linked | null>>();

function asked(api: string, url: string): Promise<Linked | null> {
  const before = known.get(url);
  if (before) return before;
  const answer = ask<Linked>("GET", `${api}/links?url=${encodeURIComponent(url)}`).then((outcome) => (outcome.ok ? outcome.value : null));
  known.set(url, answer);
  return answer;
}

/** What the page at this address says of itself; null: nothing, or not known yet. */
export function usePage(url: string): Linked | null {
  const { page } = useComposer();
  const [found, setFound] = useState<Linked | null>(null);
  useEffect(() => {
    setFound(null);
    if (!url || !page.links) return;
    let stale = false;
    const timer = setTimeout(() => void asked(page.urls.api, url).then((linked) => { if (!stale) setFound(linked); }), known.has(url) ? 0 : PAUSE);
    return () => { stale = true; clearTimeout(timer); };
  }, [url]);
  return found;
}
