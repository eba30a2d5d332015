// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { withEvents } from "../../theme/static/js/printed-dates.js";
import {
  dayFormat,
  isDay,
  isTooOldToTell,
  notBefore,
  statusOn,
  statusSentence,
  statusSince,
  todayInBrussels,
} from "../../theme/static/js/status.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/status.json", import.meta.url), "utf-8"));

for (const vector of vectors) {
  test(`status: ${vector.rule}`, () => {
    assert.equal(statusOn(vector, vector.day), vector.status);
    assert.equal(statusSince(vector, vector.day), vector.since);
  });
}

test("a day begins at midnight in Brussels, in summer and in winter", () => {
  assert.equal(todayInBrussels(new Date("2027-02-28T22:59:59Z")), "2027-02-28");
  assert.equal(todayInBrussels(new Date("2027-02-28T23:00:00Z")), "2027-03-01");
  assert.equal(todayInBrussels(new Date("2027-06-30T21:59:59Z")), "2027-06-30");
  assert.equal(todayInBrussels(new Date("2027-06-30T22:00:00Z")), "2027-07-01");
});

test("a day in Brussels is that of the calendar at any hour of any day", () => {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Brussels" });
  for (let hour = 0; hour < 24 * 366 * 2; hour += 1) {
    const now = new Date(Date.UTC(2027, 0, 1, hour, 59, 59));
    assert.equal(todayInBrussels(now), format.format(now), now.toISOString());
  }
});

test("old data vouch for nothing that could have ended since, and keep what has ended", () => {
  assert.equal(isTooOldToTell("valid", "2026-11-21", 45, "2027-01-05"), false);
  assert.equal(isTooOldToTell("valid", "2026-11-21", 45, "2027-01-06"), true);
  assert.equal(isTooOldToTell("suspended", "2026-11-21", 45, "2028-01-01"), true);
  assert.equal(isTooOldToTell("not-yet-valid", "2026-11-21", 45, "2028-01-01"), true);
  assert.equal(isTooOldToTell("withdrawn", "2026-11-21", 45, "2028-01-01"), false);
  assert.equal(isTooOldToTell("valid", null, 45, "2028-01-01"), false);
});

test("a clock that goes behind the data is not believed", () => {
  assert.equal(notBefore("2026-11-27", "2026-11-21"), "2026-11-27");
  assert.equal(notBefore("2020-01-01", "2026-11-21"), "2026-11-21");
  assert.equal(notBefore("2020-01-01", null), "2020-01-01");
});

test("a day of an address is one of the calendar, or none", () => {
  for (const day of ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"]) {
    assert.ok(isDay(day), day);
  }
  for (const none of ["2025-02-29", "2025-02-30", "2025-04-31", "1900-02-29", "2025-13-01", "2025-00-10", "2025-01-00", "2025-1-1", "", "2025-01-01T00:00", "٢٠٢٥-01-01", "2025-01-01\n"]) {
    assert.ok(!isDay(none), none);
  }
});

test("dates of a page without events have none", () => {
  const printed = JSON.parse('{"from":"2023-05-12","until":"2027-02-28"}');
  assert.deepEqual(withEvents(printed), { ...printed, events: [] });
  assert.equal(statusOn(withEvents(printed), "2027-03-01"), "expired");
  const suspended = { ...printed, events: [["2024-03-01", "suspended"]] };
  assert.deepEqual(withEvents(suspended), suspended);
});

test("a sentence carries the date that matters for its status", () => {
  const words = {
    valid_until: "Valid until {date}",
    valid_open: "Valid since {date}",
    expired_after: "Was valid until {date}",
    suspended: "Suspended since {date}",
    on_or_before: "{date} or earlier",
  };
  /** @type {import("../../theme/static/js/status.js").Timeline} */
  const timeline = { from: "2023-05-12", until: "2027-02-28", events: [] };
  const format = dayFormat("en");
  assert.equal(statusSentence(words, timeline, "valid", "2026-01-01", format), "Valid until 28 February 2027");
  assert.equal(statusSentence(words, { ...timeline, until: null }, "valid", "2026-01-01", format), "Valid since 12 May 2023");
  assert.equal(statusSentence(words, timeline, "expired", "2027-03-05", format), "Was valid until 28 February 2027");
  assert.equal(statusSentence(words, timeline, "withdrawn", "2027-03-05", format), "");
  /** @param {string} precision @returns {import("../../theme/static/js/status.js").Timeline} */
  const suspended = (precision) => ({ ...timeline, events: [["2024-03-01", "suspended", precision]] });
  const sentence = (/** @type {string} */ precision) =>
    statusSentence(words, suspended(precision), "suspended", "2026-01-01", format);
  assert.equal(sentence("day"), "Suspended since 1 March 2024");
  assert.equal(sentence("month"), "Suspended since March 2024");
  assert.equal(sentence("year"), "Suspended since 2024");
  assert.equal(sentence("on-or-before"), "Suspended since 1 March 2024 or earlier");
});
