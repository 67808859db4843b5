// Says how large the built files are when compressed, and fails when one is over its budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGETS = { "app.js": 30, "composer.js": 70, "calendar.js": 10, "library.js": 20, "palette.js": 4, "app.css": 25, "preview.css": 5, "analytics.css": 3, "inbox.css": 3 };
let over = false;
for (const [name, most] of Object.entries(BUDGETS)) {
  const size = gzipSync(readFileSync(`../src/tidings/web/static/built/${name}`), { level: 9 }).length / 1000;
  over ||= size > most;
  console.log(`${name.padEnd(12)} ${size.toFixed(1).padStart(5)} kB of ${most} kB${size > most ? "  TOO LARGE" : ""}`);
}
process.exit(over ? 1 : 0);
