/** What two versions say differently, word by word; screen readers hear what was taken out and what was added. */

import type { Change } from "./types";
import { t } from "./words";

const Gone = ({ text }: { text: string }) => <del><span class="sr-only">{t("[taken out:")} </span>{text}<span class="sr-only">]</span></del>;
const New = ({ text }: { text: string }) => <ins><span class="sr-only">{t("[added:")} </span>{text}<span class="sr-only">]</span></ins>;

export function Changes({ changes }: { changes: Change[] }) {
  if (!changes.length) return <p class="quiet">{t("They say the same.")}</p>;
  return (
    <ul class="stack">
      {changes.map((change) => (
        <li key={`${change.kind} ${change.where}`}><h3 class="field-label">{change.label} <small class="fine">{change.where}</small></h3>
          <p class="diff" dir="auto">
            {change.pieces.map((piece, n) => piece.kind === "gone" ? <Gone key={n} text={piece.text} /> : piece.kind === "new" ? <New key={n} text={piece.text} /> : piece.text)}
            {change.gone.map((text) => <span key={text}><Gone text={text} /> </span>)}{change.new.map((text) => <span key={text}><New text={text} /> </span>)}
          </p></li>
      ))}
    </ul>
  );
}
