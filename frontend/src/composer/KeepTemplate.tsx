/** Keeps what is written as a template. */

import { useState } from "preact/hooks";
import { ask } from "../app/request";
import { Dialog } from "./Bits";
import { useComposer } from "./context";
import { plain } from "./draft";
import { t } from "./words";

export function KeepTemplate({ onClose }: { onClose: () => void }) {
  const { state, page } = useComposer();
  const [name, setName] = useState("");
  const [trouble, setTrouble] = useState("");
  const keep = async (): Promise<void> => {
    const outcome = await ask("POST", `${page.urls.api}/snippets`, { kind: "template", name, draft: plain(state.draft) });
    if (outcome.ok) onClose();
    else setTrouble(outcome.trouble.detail || t("The server could not be reached."));
  };
  return (
    <Dialog title={t("Save as template")} onClose={onClose}>
      <form class="form" onSubmit={(event) => { event.preventDefault(); void keep(); }}>
        <div class="field"><label for="template-name">{t("Name")}</label>
          <input class="input" id="template-name" required maxLength={60} dir="auto" value={name} onInput={(event) => setName(event.currentTarget.value)} />
          <p class="help">{t("With its channels, pictures and tags. Write a word in double braces, and it is asked for each time: {example}", { example: "{{price}}" })}</p>
          {trouble && <p class="wrong" role="alert">{trouble}</p>}</div>
        <div class="dialog-foot"><button type="submit" class="btn btn-primary">{t("Save")}</button></div>
      </form>
    </Dialog>
  );
}
