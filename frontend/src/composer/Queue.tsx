/** The queue: the next free slot of the chosen channels, by its exact time; or where to give them some. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Icon } from "./Bits";
import { useComposer } from "./context";
import { spoken, type Zone } from "./when";
import { language, t } from "./words";

interface Next { at: string | null; zone: string; without: string[] }

export function Queue({ zone, ready, add }: { zone: Zone; ready: boolean; add: (day: string) => void }) {
  const { chosen, page, state } = useComposer();
  const [next, setNext] = useState<Next | null>(null);
  const ids = chosen.map((channel) => `channel=${channel.id}`).join("&");
  useEffect(() => {
    setNext(null);
    if (!ids) return;
    let stale = false;
    void ask<Next>("GET", `${page.urls.api}/next-slot?${ids}`).then((outcome) => { if (outcome.ok && !stale) setNext(outcome.value); });
    return () => { stale = true; };
  }, [ids, state.refused]);
  const bare = chosen.find((channel) => next?.without.includes(channel.id));
  const at = next?.at;
  if (at) {
    const when = spoken(at, zone, language(), Date.parse(page.now));
    return (
      <button type="button" class="btn finish-queue" disabled={!ready} onClick={() => add(at)} title={t("Next free slot: {when}, {zone} time", { when, zone: zone.name })}>
        <Icon name="list" /><span><span class="finish-long">{t("Add to queue")}: </span>{when}</span></button>
    );
  }
  return bare ? <a class="link-plain fine finish-queue" href={`${page.urls.channels}/${bare.id}`}>{t("Give {name} times for a queue", { name: bare.name || bare.handle })}</a> : null;
}
