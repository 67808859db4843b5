// Writes built/emoji-<language>.json: [[group, …]] and [[character, name, words to find it by, its group, skin tones?], …].
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const DATA = "node_modules/emojibase-data";
const COMPONENT = 2; // skin tones and hair alone are no emoji that somebody picks
const TONES = /1F3F[B-F]/g;

const read = (language, name) => JSON.parse(readFileSync(`${DATA}/${language}/${name}.json`, "utf8"));
const even = (skin) => new Set(skin.hexcode.match(TONES)).size === 1; // not two people of different tones

function line(emoji) {
  const tones = (emoji.skins ?? []).filter(even).map((skin) => skin.unicode);
  return [emoji.unicode, emoji.label, (emoji.tags ?? []).join(" "), emoji.group, ...(tones.length === 5 ? [tones] : [])];
}

/** One file for each language, to be asked for when somebody first wants an emoji. */
export function writeEmoji(languages, out) {
  for (const language of languages.filter((one) => existsSync(`${DATA}/${one}`))) {
    const groups = read(language, "messages").groups.map((group) => [group.order, group.message]).filter(([order]) => order !== COMPONENT);
    const emoji = read(language, "compact").filter((one) => one.group !== undefined && one.group !== COMPONENT).sort((a, b) => a.order - b.order);
    writeFileSync(`${out}/emoji-${language}.json`, JSON.stringify({ groups, emoji: emoji.map(line) }));
  }
}
