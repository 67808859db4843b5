/** The list of emoji in the page's language, fetched when it is first wanted; which ones somebody used last, and the tone they like. */

export type Emoji = [char: string, name: string, tags: string, group: number, tones?: string[]];
export interface Emojis { groups: [number, string][]; emoji: Emoji[] }

const RECENT = "tidings:emoji:recent";
const TONE = "tidings:emoji:tone";
const MOST = 24;
const NATIVE = ["en", "de"];

let list: Promise<Emojis | null> | null = null;

/** The list; asked for again when it could not be had. */
export function emojis(): Promise<Emojis | null> {
  const spoken = document.documentElement.lang.split("-")[0] ?? "en";
  list ??= fetch(new URL(`emoji-${NATIVE.includes(spoken) ? spoken : "en"}.json`, import.meta.url))
    .then((answer) => (answer.ok ? (answer.json() as Promise<Emojis>) : null)).catch(() => null)
    .then((found) => { if (!found) list = null; return found; });
  return list;
}

const plain = (text: string): string => text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

/** Those whose name or tags begin with every word that was typed; names before tags. */
export function sought(all: Emoji[], query: string): Emoji[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const begins = (text: string, word: string): boolean => plain(text).split(/[\s:,-]+/).some((one) => one.startsWith(word));
  const fits = all.filter(([char, name, tags]) => query.includes(char) || words.every((word) => begins(`${name} ${tags}`, word)));
  return fits.sort((a, b) => Number(words.every((w) => begins(b[1], w))) - Number(words.every((w) => begins(a[1], w)))).slice(0, 160);
}

/** As it looks in a tone: 0 is yellow, 1 … 5 light to dark. */
export const toned = ([char, , , , tones]: Emoji, tone: number): string => (tone && tones?.[tone - 1]) || char;

function kept(name: string): string {
  try { return localStorage.getItem(name) ?? ""; } catch { return ""; }
}
function keep(name: string, value: string): void {
  try { localStorage.setItem(name, value); } catch { /* full or forbidden: it is forgotten */ }
}

export const recent = (): string[] => kept(RECENT).split(" ").filter(Boolean);
export const use = (char: string): void => keep(RECENT, [char, ...recent().filter((one) => one !== char)].slice(0, MOST).join(" "));
export const tone = (): number => Number(kept(TONE)) || 0;
export const setTone = (value: number): void => keep(TONE, String(value));
