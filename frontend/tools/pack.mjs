// Compresses what is built, once: the server hands out name.br or name.gz to browsers that take them. A file takes the place
// of the one before whole, so a server that is running never reads half of one.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";

const WORTH = /\.(css|js|json|svg)$/;
const WAYS = { br: brotliCompressSync, gz: (bytes) => gzipSync(bytes, { level: 9 }) };
const BACK = { br: brotliDecompressSync, gz: gunzipSync };
const inside = (place) => (statSync(place).isDirectory() ? readdirSync(place).map((name) => `${place}/${name}`) : [place]);
const files = (places) => places.flatMap(inside).filter((name) => WORTH.test(name));

export function pack(...places) {
  for (const name of files(places)) {
    const bytes = readFileSync(name);
    for (const [ending, way] of Object.entries(WAYS)) {
      const fresh = `${dirname(name)}/.${basename(name)}.${ending}`;
      writeFileSync(fresh, way(bytes));
      renameSync(fresh, `${name}.${ending}`);
    }
  }
}

export function unpack(...places) {
  for (const name of files(places)) for (const ending of Object.keys(WAYS)) rmSync(`${name}.${ending}`, { force: true });
}

/** Put what was built aside where it is served; what is not made any more goes. */
export function exchange(aside, place) {
  mkdirSync(place, { recursive: true });
  const made = readdirSync(aside);
  for (const name of made) renameSync(`${aside}/${name}`, `${place}/${name}`);
  for (const name of readdirSync(place)) if (!made.includes(name) && !name.startsWith(".")) rmSync(`${place}/${name}`);
  rmSync(aside, { recursive: true });
}

/** The compressed files that do not hold what the file beside them does. */
export function stale(...places) {
  const told = [];
  for (const packed of places.flatMap(inside)) {
    const [, name, ending] = /^(.+)\.(br|gz)$/.exec(packed) ?? [];
    if (name && !(existsSync(name) && readFileSync(name).equals(BACK[ending](readFileSync(packed))))) told.push(packed);
  }
  return told;
}
