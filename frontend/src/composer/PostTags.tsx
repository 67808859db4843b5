/** The post's tags: typing looks through the workspace's, Enter takes one or makes one, Backspace takes the last away. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Icon } from "./Bits";
import { useComposer } from "./context";
import { fitting, sameTag } from "./tagging";
import { Suggest, usePicking } from "./Suggest";
import type { Tag } from "./types";
import { t } from "./words";

const MOST = 20;

export function PostTags() {
  const { state, dispatch, page } = useComposer();
  const [known, setKnown] = useState<Tag[]>(page.tags ?? []);
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const own = state.draft.tags;
  const colour = (name: string): string => known.find((tag) => sameTag(tag.name, name))?.colour ?? "grey";
  const found = useMemo(() => fitting(known, own, typed), [known, own, typed]);
  const set = (tags: string[]): void => { dispatch({ do: "tags", tags }); setTyped(""); };
  const picking = usePicking(found, open, (tag) => set([...own, tag.name]), () => setOpen(false));
  useEffect(() => { // the server gives a new one its colour
    if (state.saving.kind !== "saved" || own.every((name) => known.some((tag) => sameTag(tag.name, name)))) return;
    void ask<Tag[]>("GET", `${page.urls.api}/tags`).then((outcome) => { if (outcome.ok) setKnown(outcome.value); });
  }, [state.saving.kind]);
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Tab" && !typed) return setOpen(false);
    if (event.key === "Backspace" && !typed && own.length) return set(own.slice(0, -1));
    if (event.key === "ArrowDown" && !open) setOpen(true);
    picking.keys(event);
  };
  const full = own.length >= MOST;
  const shown = open && found.length > 0;
  return (
    <div class="option-group tags-field post-tags">
      <Icon name="tag" />
      {own.length > 0 && <ul class="chips-list" aria-label={t("Tags")}>
        {own.map((name) => (
          <li key={name} class="chip-one" data-colour={colour(name)}><bdi class="cut">{name}</bdi>
            <button type="button" aria-label={t("Remove {name}", { name })} onClick={() => set(own.filter((one) => one !== name))}><Icon name="close" size="small" /></button></li>
        ))}
      </ul>}
      <div class="suggest-box">
        <input class="input input-sm" role="combobox" aria-label={t("Add a tag")} aria-expanded={shown} aria-controls="tags-known" aria-autocomplete="list"
          aria-activedescendant={shown ? `tags-known-${picking.at}` : undefined} autocomplete="off" maxLength={40} disabled={full} value={typed}
          placeholder={full ? t("{n} at most", { n: MOST }) : t("Add a tag")}
          onInput={(event) => { setTyped(event.currentTarget.value); setOpen(true); }}
          onFocus={() => setOpen(true)} onClick={() => setOpen(true)} onBlur={() => setOpen(false)} onKeyDown={keys} />
        {shown && <Suggest id="tags-known" label={t("Tags")} looked={{ found, trouble: "" }} picking={picking}
          show={(tag) => ({ key: tag.name, label: tag.colour ? tag.name : t("New tag “{name}”", { name: tag.name }) })} />}
      </div>
    </div>
  );
}
