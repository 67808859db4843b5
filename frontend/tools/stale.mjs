// Fails when a compressed file that is served is not of the file beside it: browsers would get what is old.
import { existsSync } from "node:fs";
import { stale } from "./pack.mjs";

const STATIC = process.argv[2] ?? "../src/tidings/web/static";
const old = stale(...[STATIC, `${STATIC}/built`].filter(existsSync));
for (const name of old) console.error(`${name} is not of the file beside it: build the front end again.`);
process.exit(old.length ? 1 : 0);
