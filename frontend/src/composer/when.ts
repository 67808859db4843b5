/** Wall time in a named zone, and the instant it is. Pure. */

export interface Wall { date: string; time: string } // 2026-11-26, 09:00

const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  const made = clocks.get(zone) ?? new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric",
    minute: "numeric", second: "numeric",
  });
  clocks.set(zone, made);
  return made;
}

/** Minutes the zone is ahead of UTC at this instant. */
export function offset(at: number, zone: string): number {
  const parts = clock(zone).formatToParts(at);
  const get = (type: string): number => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const wall = Date.UTC(get("year"), get("month") - 1, get("day"), get("hour"), get("minute"), get("second"));
  return Math.round((wall - Math.floor(at / 1000) * 1000) / 60_000);
}

/** The instant of a wall time, as ISO with offset; an hour the clocks skip becomes the one after, a doubled one the first. */
export function instant(wall: Wall, zone: string): string | null {
  const naive = Date.parse(`${wall.date}T${wall.time}:00Z`);
  if (Number.isNaN(naive)) return null;
  const before = offset(naive - 86_400_000, zone);
  const after = offset(naive + 86_400_000, zone);
  const fits = [before, after].find((minutes) => offset(naive - minutes * 60_000, zone) === minutes);
  const at = naive - (fits ?? before) * 60_000;
  return iso(at, offset(at, zone));
}

function iso(at: number, minutes: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const wall = new Date(at + minutes * 60_000).toISOString().slice(0, 19);
  const size = Math.abs(minutes);
  return `${wall}${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export function wall(at: string | number, zone: string): Wall {
  const instant = typeof at === "number" ? at : Date.parse(at);
  const shown = new Date(instant + offset(instant, zone) * 60_000).toISOString();
  return { date: shown.slice(0, 10), time: shown.slice(11, 16) };
}

export const city = (zone: string): string => (zone.split("/").pop() ?? zone).replace(/_/g, " ");

/** Thu 26 Nov, 09:00 – with the year when it is not this one. */
export function spoken(at: string, zone: string, language: string, now = Date.now()): string {
  const year = wall(at, zone).date.slice(0, 4) === wall(now, zone).date.slice(0, 4) ? undefined : "numeric";
  const date = new Date(at);
  const day = date.toLocaleDateString(language, { weekday: "short", day: "numeric", month: "short", year, timeZone: zone });
  const time = date.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  return `${day}, ${time}`;
}

/** A time to start from: tomorrow at nine. */
export function suggestion(now: number, zone: string): Wall {
  return { date: wall(now + 86_400_000, zone).date, time: "09:00" };
}
