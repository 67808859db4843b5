/** A list of words, each in a chip. */

import { useState } from "preact/hooks";
import { Icon } from "./Bits";
import { apart, tagged } from "./draft";
import type { FieldProps } from "./Field";
import { t } from "./words";

export function Tags({ option, id, value, set, described }: FieldProps) {
  const [typed, setTyped] = useState("");
  const tags = Array.isArray(value) ? value.map(String) : [];
  const between = apart(option);
  const full = option.most > 0 && tags.length >= option.most;
  const add = (text: string): void => { set(tagged(tags, text, between)); setTyped(""); };
  const keys = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "Enter" && typed.trim()) { event.preventDefault(); event.stopPropagation(); add(typed); }
    if (event.key === "Backspace" && !typed && tags.length) set(tags.slice(0, -1));
  };
  return (
    <div class="tags-field">
      {tags.length > 0 && <ul class="chips-list" aria-label={option.label}>
        {tags.map((tag) => (
          <li key={tag} class="chip-one"><span class="cut">{tag}</span>
            <button type="button" aria-label={t("Remove {name}", { name: tag })} onClick={() => set(tags.filter((each) => each !== tag))}><Icon name="close" size="small" /></button></li>
        ))}
      </ul>}
      <input class="input input-sm" id={id} value={typed} disabled={full} maxLength={option.longest + 1} autocomplete="off" aria-required={option.needed} aria-describedby={described}
        placeholder={full ? t("{n} at most", { n: option.most }) : t("Type, then Enter")}
        onInput={(event) => (between.test(event.currentTarget.value) ? add(event.currentTarget.value) : setTyped(event.currentTarget.value))}
        onPaste={(event) => {
          const text = event.clipboardData?.getData("text") ?? "";
          if (between.test(text)) { event.preventDefault(); add(text); }
        }}
        onKeyDown={keys} onBlur={() => typed.trim() && add(typed)} />
      {option.most > 0 && tags.length > 0 && <span class="fine numbers">{tags.length}/{option.most}</span>}
    </div>
  );
}
