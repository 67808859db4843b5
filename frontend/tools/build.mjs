// Builds scripts, styles and fonts into src/tidings/web/static/built: aside first, so that what is served is never half done.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import * as esbuild from "esbuild";
import { writeEmoji } from "./emoji.mjs";
import { exchange, pack, unpack } from "./pack.mjs";

const SERVED = "../src/tidings/web/static/built";
const ICONS = "../src/tidings/web/static/icons.svg";
const watch = process.argv.includes("--watch");
const OUT = watch ? SERVED : `${SERVED}/.coming-${process.pid}`;

mkdirSync(OUT, { recursive: true });
if (watch) unpack(OUT, ICONS); // what is old would be served for what is new
process.on("exit", () => watch || rmSync(OUT, { recursive: true, force: true }));
const fonts = "node_modules/@fontsource-variable/inter/files";
for (const part of ["latin", "latin-ext"]) cpSync(`${fonts}/inter-${part}-wght-normal.woff2`, `${OUT}/inter-${part}.woff2`);
const printed = "node_modules/@fontsource/inter/files"; // of printed reports: a PDF takes no variable font
for (const part of ["latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext", "vietnamese"])
  for (const weight of [400, 600]) cpSync(`${printed}/inter-${part}-${weight}-normal.woff`, `${OUT}/print-${part}-${weight}.woff`);
writeEmoji(["en", "de"], OUT);

const scripts = await esbuild.context({
  entryPoints: { app: "src/app.ts", composer: "src/composer/main.tsx", calendar: "src/calendar.ts", library: "src/library.ts", palette: "src/palette.ts", preview: "src/styles/preview.css", analytics: "src/styles/analytics.css", inbox: "src/styles/inbox.css" },
  outdir: OUT, bundle: true, minify: true, format: "esm", target: "es2022", jsx: "automatic",
  jsxImportSource: "preact", legalComments: "none", logLevel: "info",
  alias: { "js-base64": "./src/app/native.ts", "url-parse": "./src/app/native.ts" },
});
await scripts.rebuild();
const styles = spawn(
  "node_modules/.bin/tailwindcss",
  ["-i", "src/styles/app.css", "-o", `${OUT}/app.css`, "--minify", ...(watch ? ["--watch=always"] : [])],
  { stdio: "inherit" },
);
if (watch) await scripts.watch();
else await scripts.dispose();
styles.on("exit", (code) => {
  if (!code && !watch) {
    pack(OUT, ICONS);
    exchange(OUT, SERVED);
  }
  process.exit(code ?? 1);
});
