import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, city, instant, oddity, spoken, suggestion, wall, zoneOf } from "../src/composer/when";

// as core/zones.py tells them for 2025 to 2027; tests/web/test_zones.py compares everything with it, for every zone
const told: Record<string, string> = {
  "Europe/Berlin": "1735689600:60 1743296400:120 1761440400:60 1774746000:120 1792890000:60 1806195600:120 1824944400:60 1830297600",
  "Europe/Lisbon": "1735689600:0 1743296400:60 1761440400:0 1774746000:60 1792890000:0 1806195600:60 1824944400:0 1830297600",
  "America/New_York": "1735689600:-300 1741503600:-240 1762063200:-300 1772953200:-240 1793512800:-300 1805007600:-240 1825567200:-300 1830297600",
  "Asia/Kathmandu": "1735689600:345 1830297600",
};
const zone = (name: string) => zoneOf(name, told[name]!);
const berlin = zone("Europe/Berlin");

test("a wall time becomes the instant of its zone, in winter and in summer", () => {
  assert.equal(instant({ date: "2026-11-26", time: "09:00" }, zone("Europe/Lisbon")), "2026-11-26T09:00:00+00:00");
  assert.equal(instant({ date: "2026-07-01", time: "09:00" }, zone("Europe/Lisbon")), "2026-07-01T09:00:00+01:00");
  assert.equal(instant({ date: "2026-11-26", time: "09:00" }, zone("America/New_York")), "2026-11-26T09:00:00-05:00");
  assert.equal(instant({ date: "2026-11-26", time: "09:00" }, zone("Asia/Kathmandu")), "2026-11-26T09:00:00+05:45");
});

test("what the clocks skip means as much later, what they show twice the first; and it is told apart", () => {
  const [skipped, doubled] = [{ date: "2026-03-29", time: "02:30" }, { date: "2026-10-25", time: "02:30" }];
  assert.equal(instant(skipped, berlin), "2026-03-29T03:30:00+02:00");
  assert.equal(instant(doubled, berlin), "2026-10-25T02:30:00+02:00");
  assert.deepEqual([skipped, doubled, { date: "2026-10-25", time: "03:00" }].map((w) => oddity(w, berlin)), ["never", "twice", ""]);
});

test("what is not changed of a time stays: its seconds, and which of two hours it is in", () => {
  const second = "2026-10-25T01:30:30.250+00:00"; // 02:30 in Berlin for the second time
  const shown = wall(second, berlin);
  assert.equal(changed(second, shown, berlin), second);
  assert.equal(changed(second, { ...shown, date: "2026-10-28" }, berlin), "2026-10-28T02:30:30.250+01:00");
  assert.equal(changed(second, { ...shown, time: "02:31" }, berlin), "2026-10-25T02:31:00+02:00");
  assert.equal(changed(null, { date: "2026-10-28", time: "09:00" }, berlin), "2026-10-28T09:00:00+01:00");
});

test("wall and instant are each other's inverse all year round, but for the hour that comes twice", () => {
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 15 * 60_000) {
    const back = Date.parse(instant(wall(at, berlin), berlin) ?? "");
    assert.ok(back === at || (back === at - 3_600_000 && oddity(wall(at, berlin), berlin) === "twice"), new Date(at).toISOString());
  }
});

test("no date, no instant; nor in a year that is still being typed, or beyond what is known of the zone", () => {
  assert.equal(instant({ date: "0002-11-26", time: "09:00" }, berlin), null);
  assert.equal(instant({ date: "20261-11-26", time: "09:00" }, berlin), null);
  assert.equal(instant({ date: "", time: "09:00" }, berlin), null);
  assert.equal(instant({ date: "2028-01-02", time: "09:00" }, berlin), null);
  assert.equal(oddity({ date: "", time: "" }, berlin), "");
});

test("a time is spoken in its zone, with the year only when it is another", () => {
  const now = Date.parse("2026-11-25T10:00:00Z");
  assert.equal(spoken("2026-11-26T09:00:00+00:00", zone("Europe/Lisbon"), "en-GB", now), "Thu 26 Nov, 09:00");
  assert.match(spoken("2027-01-04T23:30:00Z", berlin, "en-GB", now), /^Tue,? 5 Jan 2027, 00:30$/);
  assert.equal(city({ ...berlin, name: "America/Argentina/Buenos_Aires" }), "Buenos Aires");
});

test("tomorrow at nine is suggested, on a day of 25 hours too", () => {
  assert.deepEqual(suggestion(Date.parse("2026-11-25T23:30:00Z"), berlin), { date: "2026-11-27", time: "09:00" });
  assert.deepEqual(suggestion(Date.parse("2026-10-24T22:10:00Z"), berlin), { date: "2026-10-26", time: "09:00" });
});
