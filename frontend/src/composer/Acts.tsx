/** What a reader could do with a post: the row of signs below it, as the network's look says. */

import { Icon } from "./Bits";
import type { Act, Look } from "./types";
import { t } from "./words";

const ACTS: Record<Act, [string, string]> = {
  like: ["heart", t("Like")],
  up: ["thumb", t("Like")],
  vote: ["vote", t("Vote")],
  star: ["star", t("Favourite")],
  comment: ["comment", t("Comment")],
  reply: ["reply", t("Reply")],
  repeat: ["repeat", t("Repost")],
  share: ["share", t("Share")],
  send: ["send", t("Send")],
  save: ["bookmark", t("Save")],
  views: ["views", t("Views")],
};

export function Acts({ look }: { look: Look }) {
  if (!look.acts.length) return null;
  return (
    <div class={`mock-acts ${look.named ? "named" : ""}`} aria-hidden="true">
      {look.acts.map((act) => <span key={act} class={`act-${act}`}><Icon name={ACTS[act][0]} />{look.named && ACTS[act][1]}</span>)}
    </div>
  );
}
