import assert from "node:assert/strict";
import { test } from "node:test";
import { apart, blank, isEmpty, isOwn, lacking, mentioned, moved, optionsOf, pieces, plain, pollOf, tagged, textOf } from "../src/composer/draft";
import { reduce, type Action } from "../src/composer/state";
import type { Channel, Option, State } from "../src/composer/types";

const limits = { text: 300, unit: "characters", needs: "", needs_text: false, pictures: 4, films: 1, animations: 0, mixed: false, alt: 1000 };
const channel = (id: string, poll: Channel["poll"] = null): Channel =>
  ({
    id, network: "one", label: "One", handle: id, name: id, avatar: "", paused: "", threads: "thread", markup: "plain", mentions: false, limits, poll,
    options: [],
  });
const poll = { choices: 4, characters: 50, shortest: 5, longest: 10_000 };

function after(...actions: Action[]): State {
  const start: State = {
    channels: [channel("a", poll), channel("b"), channel("c", poll)], draft: { ...blank(), channels: ["a", "b"] }, version: 0, id: "",
    revision: 0, face: "", tab: "", saving: { kind: "saved" }, check: null, checked: -1, library: {}, uploads: [], restored: false, busy: "", refused: "",
  };
  return actions.reduce((state, action) => reduce(state, fitted(state, action)), start);
}
// "0" as a part means the first one: keys are made anew in every test
const fitted = (state: State, action: Action): Action => {
  if ("part" in action) return { ...action, part: state.draft.items[Number(action.part)]!.key };
  return "after" in action ? { ...action, after: state.draft.items[Number(action.after)]!.key } : action;
};

test("a text for one channel leaves the shared text alone, and can be given back", () => {
  const own = after({ do: "text", part: "0", tab: "", text: "all" }, { do: "text", part: "0", tab: "b", text: "only b" });
  assert.equal(textOf(own.draft.items[0]!, "a"), "all");
  assert.equal(textOf(own.draft.items[0]!, "b"), "only b");
  assert.ok(isOwn(own.draft, "b"));
  const back = reduce(own, { do: "shared", tab: "b" });
  assert.deepEqual(plain(back.draft).items[0]!.variants, []);
});

test("an emptied text of one channel stays its own, empty text", () => {
  const own = after({ do: "text", part: "0", tab: "", text: "all" }, { do: "text", part: "0", tab: "b", text: "" });
  assert.equal(textOf(own.draft.items[0]!, "b"), "");
});

test("what a channel says differently is not sent once it is not chosen", () => {
  const state = after({ do: "text", part: "0", tab: "b", text: "only b" }, { do: "channels", channels: ["a"] });
  assert.deepEqual(plain(state.draft).items[0]!.variants, []);
});

test("a new part keeps each channel's options but not the poll", () => {
  const state = after(
    { do: "option", channel: "a", name: "visibility", value: "quiet" },
    { do: "poll", part: "0", channels: ["a"], poll: { choices: ["x", "y"], minutes: 60 } },
    { do: "add-part", after: "0" },
  );
  assert.deepEqual(state.draft.items[1]!.variants[0]!.options, { visibility: "quiet" });
  assert.ok(pollOf(state.draft.items[0]!, ["a"]));
});

test("a channel chosen later takes part in the poll, if its network has polls", () => {
  const state = after(
    { do: "poll", part: "0", channels: ["a"], poll: { choices: ["x", "y"], minutes: 60 } },
    { do: "channels", channels: ["a", "b", "c"] },
  );
  assert.deepEqual(state.draft.items[0]!.variants.map((v) => v.channel), ["a", "c"]);
});

test("the last part cannot be removed", () => assert.equal(after({ do: "remove-part", part: "0" }).draft.items.length, 1));

test("a save that was overtaken by typing leaves the draft unsaved", () => {
  const state = after({ do: "text", part: "0", tab: "", text: "one" });
  const post = { ...plain(state.draft), id: "p", revision: 1, stage: "draft", face: "draft" };
  const typed = reduce(state, { do: "text", part: state.draft.items[0]!.key, tab: "", text: "one two" });
  const kept = reduce(typed, { do: "kept", post, version: state.version });
  assert.equal(kept.saving.kind, "unsaved");
  assert.equal(textOf(kept.draft.items[0]!, ""), "one two");
  assert.equal(reduce(state, { do: "kept", post, version: state.version }).saving.kind, "saved");
});

test("typing does not hide that somebody else saved", () => {
  const state = after({ do: "saving", saving: { kind: "conflict", revision: 3 } }, { do: "text", part: "0", tab: "", text: "more" });
  assert.equal(state.saving.kind, "conflict");
});

test("two uploads that end together both arrive", () => {
  const media = (id: string) => ({ id, name: id, kind: "picture", mime: "image/png", size: 1, width: 1, height: 1, seconds: 0, alt: "", url: "", thumbnail: "" });
  const state = after({ do: "add-media", part: "0", tab: "", media: media("x") }, { do: "add-media", part: "0", tab: "", media: media("y") });
  assert.deepEqual(state.draft.items[0]!.media.map((use) => use.id), ["x", "y"]);
});

test("an empty draft is empty; one with a poll or a picture is not", () => {
  assert.ok(isEmpty(plain(blank())));
  assert.ok(!isEmpty(plain(after({ do: "poll", part: "0", channels: ["a"], poll: { choices: ["", ""], minutes: 60 } }).draft)));
});

test("links, tags and names are found, punctuation after them is not", () => {
  const links = pieces("See https://a.example/x?y=1, #books and @me@a.example. a@b.example is none").filter((p) => p.link);
  assert.deepEqual(links.map((p) => p.text), ["https://a.example/x?y=1", "#books", "@me@a.example"]);
});

test("moving keeps everything", () => assert.deepEqual(moved([1, 2, 3], 0, 2), [2, 3, 1]));

const board: Option = { name: "board", label: "Board", kind: "lookup", choices: [], default: "", help: "", longest: 500, needed: true, most: 0 };

test("a needed option is lacking until something is chosen", () => {
  const before = after();
  const picky = { ...channel("a"), options: [board, { ...board, name: "colour", needed: false }] };
  assert.deepEqual(lacking(picky, before.draft.items[0]!), [board]);
  const chosen = after({ do: "option", channel: "a", name: "board", value: "7" });
  assert.deepEqual(lacking(picky, chosen.draft.items[0]!), []);
});

test("an emptied list of tags says nothing any more", () => {
  const state = after({ do: "option", channel: "a", name: "tags", value: ["sea"] }, { do: "option", channel: "a", name: "tags", value: [] });
  assert.deepEqual(optionsOf(state.draft.items[0]!, "a"), {});
});

test("tags are apart by commas and lines, without their sign, each once; long ones may hold commas", () => {
  const words = apart({ ...board, longest: 30 });
  assert.deepEqual(tagged(["sea"], "#harbour, sea\nlight house,,", words), ["sea", "harbour", "light house"]);
  assert.deepEqual(tagged([], "Read on, please\nCall us", apart({ ...board, longest: 300 })), ["Read on, please", "Call us"]);
});

test("a mention is what stands between an @ and the caret, not the rest of an address", () => {
  assert.deepEqual(mentioned("hello @an", 9), { from: 6, query: "an" });
  assert.deepEqual(mentioned("@ána", 4), { from: 0, query: "ána" });
  assert.equal(mentioned("hello @an there", 15), null);
  assert.equal(mentioned("ann@example", 11), null);
  assert.equal(mentioned("hello @", 7), null);
});
