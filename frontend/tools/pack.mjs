// Compresses what is built, once: the server hands out name.br or name.gz to browsers that take them.
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const WORTH = /\.(css|js|json|svg)$/;
const WAYS = { br: brotliCompressSync, gz: (bytes) => gzipSync(bytes, { level: 9 }) };
const inside = (place) => (statSync(place).isDirectory() ? readdirSync(place).map((name) => `${place}/${name}`) : [place]);
const files = (places) => places.flatMap(inside).filter((name) => WORTH.test(name));

export function pack(...places) {
  for (const name of files(places)) {
    const bytes = readFileSync(name);
    for (const [ending, way] of Object.entries(WAYS)) writeFileSync(`${name}.${ending}`, way(bytes));
  }
}

export function unpack(...places) {
  for (const name of files(places)) for (const ending of Object.keys(WAYS)) rmSync(`${name}.${ending}`, { force: true });
}
