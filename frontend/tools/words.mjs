// Writes partials/composer_words.html: every t("…") of the islands, for gettext to translate and the page to carry.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const found = new Set();
for (const name of readdirSync("src/composer")) {
  for (const [, text] of readFileSync(`src/composer/${name}`, "utf8").matchAll(/\bt\("([^"]+)"/g)) found.add(text);
}
const line = (text) => `"${text}": "{% filter escapejs %}{% translate "${text}" %}{% endfilter %}"`;
const lines = [...found].sort().map(line).map((said, n, all) => said + (n + 1 === all.length ? "" : n % 2 ? ",\n" : ", ")).join(""); // two in a line
writeFileSync(
  "../src/tidings/web/templates/tidings/partials/composer_words.html",
  `{# Written by npm run words: what composer.js says, in the person's language. #}\n{% load i18n %}{% get_current_language as LANGUAGE_CODE %}` +
    `<script type="application/json" id="composer-words">{% if LANGUAGE_CODE != "en" %}{\n${lines}\n}{% endif %}</script>\n`,
);
