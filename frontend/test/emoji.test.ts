import assert from "node:assert/strict";
import { test } from "node:test";
import { type Emoji, sought, toned } from "../src/composer/emoji";

const ALL: Emoji[] = [
  ["🥐", "Croissant", "bäcker frühstück", 4],
  ["👋", "winkende Hand", "hallo tschüss", 1, ["👋🏻", "👋🏼", "👋🏽", "👋🏾", "👋🏿"]],
  ["🍞", "Brot", "bäcker croissant", 4],
];

test("an emoji is found by its name first, by its tags, and without its accents", () => {
  assert.deepEqual(sought(ALL, "crois").map(([char]) => char), ["🥐", "🍞"]);
  assert.deepEqual(sought(ALL, "tschuss").map(([char]) => char), ["👋"]);
  assert.deepEqual(sought(ALL, "hand wink").map(([char]) => char), ["👋"]);
  assert.deepEqual(sought(ALL, "rot"), []);
});

test("a tone is taken where there is one", () => assert.deepEqual([toned(ALL[1]!, 3), toned(ALL[0]!, 3), toned(ALL[1]!, 0)], ["👋🏽", "🥐", "👋"]));
