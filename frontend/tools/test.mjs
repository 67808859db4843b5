// Bundles the tests (they import TypeScript) and hands them to node's own runner.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as esbuild from "esbuild";

const out = mkdtempSync(join(tmpdir(), "tidings-tests-"));
const tests = readdirSync("test").filter((name) => name.endsWith(".test.ts"));
await esbuild.build({
  entryPoints: tests.map((name) => join("test", name)),
  outdir: out, bundle: true, platform: "node", format: "esm", outExtension: { ".js": ".mjs" }, jsx: "automatic",
  jsxImportSource: "preact",
});
const files = tests.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
process.exit(spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1);
