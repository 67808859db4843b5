import assert from "node:assert/strict";
import { test } from "node:test";
import { called, isWhole, largest, pulled, shifted, WHOLE } from "../src/composer/cropping";
import { firstLink, held, shortened, styled } from "../src/composer/reading";

const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test("the largest part of a shape stays within the picture and around its point", () => {
  const part = largest(1, 2, { x: 0.9, y: 0.5 });
  assert.deepEqual(part, { width: 0.5, height: 1, x: 0.5, y: 0 });
  assert.ok(isWhole(largest(2, 2, { x: 0.1, y: 0.1 })));
});

test("a part moved to the edge keeps its size", () => {
  assert.deepEqual(shifted({ x: 0.2, y: 0.2, width: 0.5, height: 0.5 }, { x: 9, y: -9 }), { x: 0.5, y: 0, width: 0.5, height: 0.5 });
});

test("a corner that is pulled leaves the opposite one where it is, and a fixed shape stays", () => {
  const free = pulled(WHOLE, { x: 0, y: 0 }, { x: 0.25, y: 0.5 }, null);
  assert.deepEqual(free, { x: 0.25, y: 0.5, width: 0.75, height: 0.5 });
  const fixed = pulled({ x: 0, y: 0, width: 0.5, height: 0.5 }, { x: 1, y: 1 }, { x: 9, y: 0 }, 2);
  near(fixed.width / fixed.height, 2);
  assert.deepEqual([fixed.x, fixed.y, fixed.width], [0, 0, 1]);
  assert.ok(pulled(WHOLE, { x: 1, y: 1 }, { x: -9, y: -9 }, null).width > 0.04);
});

test("a shape is called by its name", () => assert.deepEqual([called(0.8), called(1.91), called(0.7)], ["4:5", "1.91:1", "0.70"]));

test("a text is cut at a word, by characters or by lines, or not at all", () => {
  assert.equal(shortened("one two three", 9, 0), "one two");
  assert.equal(shortened("one\ntwo\nthree", 0, 2), "one\ntwo");
  assert.equal(shortened("one two", 9, 2), "one two");
});

test("Markdown shows as what it makes", () => {
  assert.deepEqual(styled("# Title\n- **bold** [here](https://a.example) x*y*z").filter((p) => p.as), [
    { as: "strong", text: "Title" }, { as: "strong", text: "bold" }, { as: "link", text: "here" },
  ]);
});

test("the first address of a text ends before the sentence does", () => {
  assert.equal(firstLink("See https://a.example/b?c=1. And https://d.example"), "https://a.example/b?c=1");
  assert.deepEqual([held(3, [0.8, 1.91]), held(0, [0.8, 1.91])], [1.91, 1]);
});
