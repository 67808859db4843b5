/** Whose time it is that somebody chooses: their own, the workspace's, a channel's; and the same instant by their own. */

import { useComposer } from "./context";
import { city, spoken, type Zone } from "./when";
import { language, t } from "./words";

export function Zones({ zone, set, at }: { zone: Zone; set: (zone: Zone) => void; at: string | null }) {
  const { page, chosen } = useComposer();
  const used = new Set([page.zone.name, page.workspace_zone, ...chosen.map((channel) => page.channel_zones?.[channel.id])]);
  const zones = [page.zone, ...(page.zones ?? [])].filter((one, n, all) => used.has(one.name) && all.findIndex((o) => o.name === one.name) === n);
  if (zones.length < 2) return <span class="fine finish-zone" title={page.zone.name}>{city(page.zone)}</span>;
  const whose = (one: Zone): string => one.name === page.zone.name ? t("your time")
    : one.name === page.workspace_zone ? t("the workspace's time") : t("the channel's time");
  const other = zone.name === page.zone.name ? null : page.zone;
  return (
    <>
      <select class="select select-sm finish-zones" aria-label={t("Whose time")} value={zone.name}
        onChange={(event) => set(zones.find((one) => one.name === event.currentTarget.value) ?? page.zone)}>
        {zones.map((one) => <option key={one.name} value={one.name}>{city(one)} – {whose(one)}</option>)}
      </select>
      {other && at && <span class="fine">{t("{when} in {zone}", { when: spoken(at, other, language(), Date.parse(page.now)), zone: city(other) })}</span>}
    </>
  );
}
