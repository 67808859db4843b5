import assert from "node:assert/strict";
import { test } from "node:test";
import { type Delivery, rows } from "../src/composer/sending";

const one = (channel: string, position: number, state: string): Delivery =>
  ({ id: `${channel}${position}`, channel, position, state, label: "", due_at: "", reason: "", url: "", note: "", delivered_at: null });

test("a channel's row says what needs somebody most, and counts what is out", () => {
  const [row] = rows([one("a", 1, "waiting"), one("a", 0, "failed")], new Set());
  assert.deepEqual([row!.state, row!.out, row!.ended, row!.parts.map((p) => p.position)], ["failed", 0, true, [0, 1]]);
});

test("a thread has ended when its last part is out, a paused channel at once", () => {
  const all = rows([one("a", 0, "delivered"), one("a", 1, "settling"), one("b", 0, "delivered"), one("c", 0, "waiting")], new Set(["c"]));
  assert.deepEqual(all.map((row) => [row.state, row.out, row.ended, row.stopped]), [["settling", 1, false, false], ["delivered", 1, true, false], ["waiting", 0, true, true]]);
});
