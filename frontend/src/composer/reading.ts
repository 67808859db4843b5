/** How a text is read over there: where it is cut, what Markdown makes of it, which link gets a card. Pure. */

/** The text up to so many characters and lines, ending at a word; the text itself when it is no longer than that. */
export function shortened(text: string, cut: number, lines: number): string {
  const rows = text.split("\n");
  let short = lines && rows.length > lines ? rows.slice(0, lines).join("\n") : text;
  const letters = [...short];
  if (cut && letters.length > cut) short = letters.slice(0, cut).join("").replace(/\s+\S*$/u, "");
  return short.length < text.length ? short.trimEnd() : text;
}

export interface Styled { as: "strong" | "em" | "link" | ""; text: string }

const MARKS = /(\*\*[^*\n]+\*\*|(?<!\w)[*_][^*_\n]+[*_](?!\w)|\[[^\]\n]+\]\([^)\s]+\)|^#{1,6} .+$)/m;

/** The little Markdown that shows in a preview: headings and bold, slanted, links, lists. */
export function styled(text: string): Styled[] {
  const rows = text.replace(/^[-*] /gm, "• ");
  return rows.split(new RegExp(MARKS.source, "gm")).filter(Boolean).map((piece): Styled => {
    if (/^#{1,6} /.test(piece)) return { as: "strong", text: piece.replace(/^#+ /, "") };
    if (piece.startsWith("**") && piece.endsWith("**") && piece.length > 4) return { as: "strong", text: piece.slice(2, -2) };
    const link = /^\[(.+)\]\(\S+\)$/.exec(piece);
    if (link) return { as: "link", text: link[1]! };
    if (/^([*_]).+\1$/.test(piece)) return { as: "em", text: piece.slice(1, -1) };
    return { as: "", text: piece };
  });
}

/** The first web address in a text, without what only ends the sentence. */
export const firstLink = (text: string): string => /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]/u.exec(text)?.[0] ?? "";

/** What stands on a link's card above its title. */
export function host(url: string): string {
  try { return new URL(url).hostname.replace(/^www\./, ""); } catch { return url; }
}

/** How wide by high a picture is shown: its own shape, held between the network's limits. */
export const held = (ratio: number, [least, most]: [number, number]): number => Math.min(Math.max(ratio || 1, least), most);

/** A film's length as players show it. */
export const lasting = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
