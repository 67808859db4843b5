/** The card a network makes of a link: where it leads, and what the page there says of itself. */

import { Icon } from "./Bits";
import { usePage } from "./linking";
import { host } from "./reading";
import type { Look } from "./types";

export function LinkCard({ url, look }: { url: string; look: Look }) {
  const page = usePage(url);
  if (!look.card || !url) return null;
  const picture = page?.picture ?? "";
  return (
    <div class={`said-card ${look.card} ${picture ? "" : "bare"}`}>
      {picture ? <img src={picture} alt="" loading="lazy" /> : <span class="said-card-none"><Icon name="link" size="large" /></span>}
      <span class="said-card-words"><small class="cut">{host(url)}</small><strong>{page?.title || url.replace(/^https?:\/\//, "")}</strong>
        {page?.description && <span class="said-card-more">{page.description}</span>}</span>
    </div>
  );
}
