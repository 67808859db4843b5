/** The post's versions: who wrote when, what changed, each beside what it says now; and back to one of them. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Dialog } from "./Bits";
import { Changes } from "./Changes";
import { useComposer } from "./context";
import { fetchMedia } from "./fetching";
import { forget } from "./keep";
import type { Change, Post, Version } from "./types";
import { spoken } from "./when";
import { language, t } from "./words";

export function History({ onClose }: { onClose: () => void }) {
  const { state, dispatch, page, workspace } = useComposer();
  const [versions, setVersions] = useState<Version[] | null>(null);
  const [shown, setShown] = useState<{ revision: number; changes: Change[] } | null>(null);
  const [trouble, setTrouble] = useState("");
  const base = `${page.urls.api}/posts/${state.id}`;
  const get = async <T,>(method: string, url: string, take: (value: T) => void): Promise<void> => {
    const outcome = await ask<T>(method, base + url);
    if (outcome.ok) take(outcome.value);
    else setTrouble(outcome.trouble.detail || t("The server could not be reached."));
  };
  useEffect(() => void get<Version[]>("GET", "/versions", setVersions), []);
  const look = (revision: number): void => void get<Change[]>("GET", `/versions/${revision}`, (changes) => setShown({ revision, changes }));
  const restore = (revision: number): void => void get<Post>("POST", `/versions/${revision}/restore`, (post) => {
    forget(workspace, state.id);
    dispatch({ do: "loaded", post });
    void fetchMedia(page, post, state, dispatch);
    onClose();
  });
  const when = (at: string): string => spoken(at, page.zone, language(), Date.parse(page.now));
  return (
    <Dialog title={t("History")} roomy onClose={onClose}>
      {trouble && <p class="note error" role="alert">{trouble}</p>}
      {!versions ? !trouble && <p class="quiet" role="status">{t("Looking…")}</p> : versions.length < 2 && <p class="quiet">{t("One version so far: what one person writes within ten minutes is kept as one.")}</p>}
      <ol class="rows history">
        {(versions ?? []).map((version) => (
          <li key={version.revision}>
            <span class="grow"><strong>{when(version.at)}</strong> {version.current && <span class="tag">{t("Now")}</span>}
              <span class="quiet block">{[version.by || t("Somebody who left"), version.changed.join(", ")].filter(Boolean).join(" · ")}</span></span>
            {!version.current && <><button type="button" class="btn btn-sm" aria-expanded={shown?.revision === version.revision} onClick={() => look(version.revision)}>{t("Compare")}</button>
              <button type="button" class="btn btn-sm" onClick={() => restore(version.revision)}>{t("Restore")}</button></>}
            {shown?.revision === version.revision && <div class="basis-full"><Changes changes={shown.changes} /></div>}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
