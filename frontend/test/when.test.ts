import assert from "node:assert/strict";
import { test } from "node:test";
import { city, instant, spoken, suggestion, wall } from "../src/composer/when";

test("a wall time becomes the instant of its zone, in winter and in summer", () => {
  assert.equal(instant({ date: "2026-11-26", time: "09:00" }, "Europe/Lisbon"), "2026-11-26T09:00:00+00:00");
  assert.equal(instant({ date: "2026-07-01", time: "09:00" }, "Europe/Lisbon"), "2026-07-01T09:00:00+01:00");
  assert.equal(instant({ date: "2026-11-26", time: "09:00" }, "America/New_York"), "2026-11-26T09:00:00-05:00");
  assert.equal(instant({ date: "2026-11-26", time: "09:00" }, "Asia/Kathmandu"), "2026-11-26T09:00:00+05:45");
});

test("an hour the clocks skip becomes the one after, a doubled one the first", () => {
  assert.equal(instant({ date: "2026-03-29", time: "02:30" }, "Europe/Berlin"), "2026-03-29T03:30:00+02:00");
  assert.equal(instant({ date: "2026-10-25", time: "02:30" }, "Europe/Berlin"), "2026-10-25T02:30:00+02:00");
});

test("wall and instant are each other's inverse all year round", () => {
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 6 * 3_600_000) {
    const back = Date.parse(instant(wall(at, "Europe/Berlin"), "Europe/Berlin") ?? "");
    assert.equal(back, at);
  }
});

test("no date, no instant", () => assert.equal(instant({ date: "", time: "09:00" }, "UTC"), null));

test("a time is spoken in its zone, with the year only when it is another", () => {
  const now = Date.parse("2026-11-25T10:00:00Z");
  assert.equal(spoken("2026-11-26T09:00:00+00:00", "Europe/Lisbon", "en-GB", now), "Thu 26 Nov, 09:00");
  assert.match(spoken("2027-01-04T23:30:00Z", "Europe/Berlin", "en-GB", now), /^Tue,? 5 Jan 2027, 00:30$/);
  assert.equal(city("America/Argentina/Buenos_Aires"), "Buenos Aires");
  assert.deepEqual(suggestion(Date.parse("2026-11-25T23:30:00Z"), "Europe/Berlin"), { date: "2026-11-27", time: "09:00" });
});
