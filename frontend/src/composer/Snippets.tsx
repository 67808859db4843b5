/** Words that are written often: a template for the whole post, a signature below a part, hashtags where the caret is. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Dialog, Icon } from "./Bits";
import { useComposer } from "./context";
import { isEmpty, plain, textOf } from "./draft";
import { fetchMedia } from "./fetching";
import type { Draft, Part, Snippet } from "./types";
import { t } from "./words";

const KINDS: [Snippet["kind"], () => string][] = [["hashtags", () => t("Hashtags")], ["signature", () => t("Signatures")], ["template", () => t("Templates")]];

export function Snippets({ part, insert }: { part: Part; insert: (text: string) => void }) {
  const { state, dispatch, page } = useComposer();
  const [known, setKnown] = useState<Snippet[] | null>(null);
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState<Snippet | null>(null);
  const say = (refused: string): void => dispatch({ do: "busy", busy: "", refused: refused || t("The server could not be reached.") });
  const load = async (): Promise<Snippet[]> => {
    const outcome = await ask<Snippet[]>("GET", `${page.urls.api}/snippets`);
    setKnown(outcome.ok ? outcome.value : []);
    return outcome.ok ? outcome.value : [];
  };
  const use = async (snippet: Snippet, values: Record<string, string>): Promise<void> => {
    setAsked(null);
    const now = plain(state.draft);
    const outcome = await ask<Omit<Draft, "wish_at">>("POST", `${page.urls.api}/snippets/${snippet.id}/use`, { values, at: now.wish_at });
    if (!outcome.ok) return say(outcome.trouble.detail);
    await fetchMedia(page, outcome.value, state, dispatch);
    const channels = outcome.value.channels.length ? outcome.value.channels : now.channels;
    dispatch({ do: "draft", draft: { ...outcome.value, channels, wish_at: now.wish_at, note: outcome.value.note || now.note, tags: [...new Set([...now.tags, ...outcome.value.tags])] }, restored: false, before: isEmpty(now, page.signature) ? null : now });
  };
  const pick = (snippet: Snippet): void => {
    if (snippet.kind === "hashtags") return insert(snippet.text);
    if (snippet.kind === "template") return snippet.places.length ? setAsked(snippet) : void use(snippet, {});
    const text = textOf(part, state.tab).trimEnd();
    dispatch({ do: "text", part: part.key, tab: state.tab, text: `${text}\n\n${snippet.text}` });
  };
  useEffect(() => { // ?template=id, from the page of templates
    const wanted = new URLSearchParams(location.search).get("template");
    if (!wanted || state.id || state.draft.items[0]?.key !== part.key) return;
    history.replaceState(null, "", location.pathname);
    void load().then((all) => { const one = all.find((snippet) => snippet.id === wanted); if (one) pick(one); });
  }, []);
  return (
    <>
      <button type="button" class="btn btn-ghost btn-sm" aria-haspopup="dialog" title={t("Templates, signatures, hashtags")} onClick={() => { setOpen(true); void load(); }}><Icon name="note" />{t("Templates")}</button>
      {open && <Dialog title={t("Templates, signatures, hashtags")} onClose={() => setOpen(false)}>
        {!known && <p class="quiet" role="status">{t("Looking…")}</p>}
        {KINDS.map(([kind, label]) => {
          const rows = (known ?? []).filter((snippet) => snippet.kind === kind);
          return rows.length > 0 && <section key={kind} class="snippets"><h3 class="fine">{label()}</h3>
            {rows.map((snippet) => <button type="button" key={snippet.id} onClick={() => { setOpen(false); pick(snippet); }}><bdi>{snippet.name}</bdi><small class="cut" dir="auto">{snippet.text}</small></button>)}</section>;
        })}
        {known?.length === 0 && <p class="quiet">{t("Keep words that you write often: templates, signatures, hashtags.")}</p>}
        <div class="dialog-foot"><a class="link-plain" href={page.urls.snippets}>{known?.length ? t("All of them…") : t("Write the first one…")}</a></div>
      </Dialog>}
      {asked && <Places snippet={asked} onClose={() => setAsked(null)} use={(values) => void use(asked, values)} />}
    </>
  );
}

function Places({ snippet, onClose, use }: { snippet: Snippet; onClose: () => void; use: (values: Record<string, string>) => void }) {
  const [values, setValues] = useState<Record<string, string>>({});
  return (
    <Dialog title={snippet.name} onClose={onClose}>
      <form class="form" onSubmit={(event) => { event.preventDefault(); use(values); }}>
        {snippet.places.map((name, n) => (
          <div class="field" key={name}><label for={`place-${n}`}><bdi>{name}</bdi></label>
            <input class="input" id={`place-${n}`} dir="auto" value={values[name] ?? ""} onInput={(event) => setValues({ ...values, [name]: event.currentTarget.value })} /></div>
        ))}
        <div class="dialog-foot"><button type="submit" class="btn btn-primary">{t("Use it")}</button></div>
      </form>
    </Dialog>
  );
}
