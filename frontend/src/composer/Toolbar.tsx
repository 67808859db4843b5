/** What can be added to a part: pictures and films from here or from the library, a poll. */

import { useRef, useState } from "preact/hooks";
import { Icon } from "./Bits";
import { useComposer } from "./context";
import { EmojiButton } from "./EmojiPicker";
import { LibraryDialog } from "./LibraryDialog";
import { Snippets } from "./Snippets";
import type { Part } from "./types";
import { t } from "./words";

const TYPES = "image/*,video/*";

/** The pictures and films somebody dropped or pasted. */
export const files = (from: DataTransfer | null): File[] =>
  [...(from?.files ?? [])].filter((file) => file.type.startsWith("image/") || file.type.startsWith("video/"));

export function Toolbar({ part, startPoll, insert }: { part: Part; startPoll: (() => void) | null; insert: (text: string) => void }) {
  const { state, upload } = useComposer();
  const [library, setLibrary] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div class="tools">
      <button type="button" class="btn btn-ghost btn-sm" onClick={() => picker.current?.click()}><Icon name="image" />{t("Media")}</button>
      <input ref={picker} type="file" hidden multiple accept={TYPES} tabIndex={-1} aria-label={t("Choose pictures or films")}
        onChange={(event) => {
          upload(part.key, state.tab, [...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }} />
      <button type="button" class="btn btn-ghost btn-sm" onClick={() => setLibrary(true)}><Icon name="media" />{t("Library")}</button>
      <EmojiButton insert={insert} />
      <Snippets part={part} insert={insert} />
      {startPoll && <button type="button" class="btn btn-ghost btn-sm" onClick={startPoll}><Icon name="poll" />{t("Poll")}</button>}
      {library && <LibraryDialog part={part} onClose={() => setLibrary(false)} />}
    </div>
  );
}
