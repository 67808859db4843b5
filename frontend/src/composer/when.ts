/** Wall time in a person's zone, and the instant it is, by the zone's changes that the page brings along: what the browser
 *  knows of zones may be years old. The rules are those of core/zones.py, and tests hold both to the same answers. Pure. */

export interface Wall { date: string; time: string } // 2026-11-26, 09:00
export interface Span { from: number; until: number; ahead: number } // between two changes; milliseconds
export interface Zone { name: string; spans: Span[]; end: number }

const MINUTE = 60_000;
const EARLIEST = Date.UTC(2000, 0, 1); // the server takes nothing before; a year that is being typed is the year 2, 20 and 202 first

/** The zone as a page tells it: `seconds:minutes seconds:minutes … seconds`, the last one being where the table ends. */
export function zoneOf(name: string, told: string): Zone {
  const parts = told.split(" ");
  const end = Number(parts.pop() || 4e9) * 1000;
  const changes = (parts.length ? parts : ["0:0"]).map((part) => part.split(":").map(Number) as [number, number]);
  const from = (n: number): number | undefined => changes[n] && changes[n][0] * 1000;
  return { name, end, spans: changes.map(([, minutes], n) => ({ from: n ? from(n)! : -Infinity, until: from(n + 1) ?? Infinity, ahead: minutes * MINUTE })) };
}

/** Milliseconds the zone is ahead of UTC at this instant. */
const ahead = (at: number, zone: Zone): number => zone.spans.find((span) => at < span.until)?.ahead ?? 0;

/** The instants at which the clocks show this: none where they skip it, two where they show it twice. */
const shown = (naive: number, zone: Zone): number[] =>
  zone.spans.filter(({ from, until, ahead }) => from <= naive - ahead && naive - ahead < until).map(({ ahead }) => naive - ahead);

const naive = (wall: Wall): number => Date.parse(`${wall.date}T${wall.time}:00Z`);

/** What there is to say of a wall time: that the clocks skip it, or show it twice. */
export function oddity(wall: Wall, zone: Zone): "" | "never" | "twice" {
  if (Number.isNaN(naive(wall))) return "";
  const times = shown(naive(wall), zone).length;
  return times === 1 ? "" : times ? "twice" : "never";
}

/** The instant of a wall time, as ISO with offset: the first of two; what is skipped means as much later as is skipped.
 *  Null for what is no time, lies in another age, or beyond what the page knows of the zone. */
export function instant(wall: Wall, zone: Zone): string | null {
  const told = naive(wall);
  if (Number.isNaN(told)) return null;
  const before = zone.spans.filter((span) => span.from <= told - span.ahead).pop()?.ahead ?? 0; // a skip
  const at = shown(told, zone)[0] ?? told - before;
  return EARLIEST <= at && at < zone.end ? iso(at, ahead(at, zone)) : null;
}

/** The instant of a wall time that takes the place of another. What is not changed stays: the seconds, and which of two hours. */
export function changed(at: string | null, to: Wall, zone: Zone): string | null {
  const was = at ? wall(at, zone) : null;
  if (!at || was?.time !== to.time) return instant(to, zone);
  if (was.date === to.date) return at;
  const next = instant(to, zone);
  return next && iso(Date.parse(next) + (Date.parse(at) % MINUTE), ahead(Date.parse(next), zone));
}

function iso(at: number, offset: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const size = Math.abs(offset) / MINUTE;
  const shown = new Date(at + offset).toISOString().slice(0, at % 1000 ? 23 : 19);
  return `${shown}${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export function wall(at: string | number, zone: Zone): Wall {
  const instant = typeof at === "number" ? at : Date.parse(at);
  const shown = new Date(instant + ahead(instant, zone)).toISOString();
  return { date: shown.slice(0, 10), time: shown.slice(11, 16) };
}

export const city = (zone: Zone): string => (zone.name.split("/").pop() ?? zone.name).replace(/_/g, " ");

/** Thu 26 Nov, 09:00 – with the year when it is not this one. */
export function spoken(at: string, zone: Zone, language: string, now = Date.now()): string {
  const here = wall(at, zone);
  const year = here.date.slice(0, 4) === wall(now, zone).date.slice(0, 4) ? undefined : "numeric";
  const date = new Date(naive(here)); // its UTC reads as the wall does
  const day = date.toLocaleDateString(language, { weekday: "short", day: "numeric", month: "short", year, timeZone: "UTC" });
  const time = date.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });
  return `${day}, ${time}`;
}

/** A time to start from: tomorrow at nine. */
export function suggestion(now: number, zone: Zone): Wall {
  const today = Date.parse(`${wall(now, zone).date}T00:00:00Z`);
  return { date: new Date(today + 86_400_000).toISOString().slice(0, 10), time: "09:00" };
}
