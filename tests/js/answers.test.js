// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { answerOn, coverageOn, showingsOf } from "../../theme/static/js/answers.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/answers.json", import.meta.url), "utf-8"));

for (const vector of vectors) {
  test(`answers: ${vector.rule}`, () => {
    assert.deepEqual(answerOn(vector, vector.shown, vector.day, vector.known_until), vector.answer);
  });
}

test("a delivery is covered only while the datasheet and a certificate that it hung on were valid", () => {
  /** @type {(status: import("../../theme/static/js/answers.js").Status) => import("../../theme/static/js/answers.js").Answer} */
  const known = (status) => ({ status, source: "events", since: null });
  /** @type {import("../../theme/static/js/answers.js").Answer} */
  const unknown = { status: null, source: "not-known", since: null };
  assert.equal(coverageOn(known("valid"), [known("withdrawn"), known("valid")], true), "covered");
  assert.equal(coverageOn(known("valid"), [known("withdrawn")], true), "not-covered");
  assert.equal(coverageOn(known("valid"), [known("withdrawn"), unknown], true), "not-known");
  assert.equal(coverageOn(known("valid"), [known("withdrawn")], false), "not-known");
  assert.equal(coverageOn(known("valid"), [known("valid")], false), "not-known");
  assert.equal(coverageOn(known("suspended"), [known("valid")], true), "not-covered");
  assert.equal(coverageOn(unknown, [known("valid")], true), "not-known");
});

test("what exports showed is told in short where it is the record's own dates, or was before later events", () => {
  const suspended = ["2025-06-09", "suspended"];
  const dates = { from: "2025-03-01", until: null, events: [suspended, ["2025-06-29", "valid"]] };
  const earlier = { from: "2025-02-01", until: null };
  const told = {
    ...dates,
    shown: [["2025-03-05", "2025-05-31", earlier], ["2025-06-10", "2025-06-20", 1, [0]], ["2025-07-01", "2025-08-01", null], ["2025-09-01", null, 0]],
  };
  const expected = [
    ["2025-03-05", "2025-05-31", []],
    ["2025-06-10", "2025-06-20", [suspended]],
    ["2025-07-01", "2025-08-01", undefined],
    ["2025-09-01", null, dates.events],
  ];
  // @ts-expect-error: events are not typed as pairs here
  const showings = showingsOf(told);
  assert.deepEqual(showings.map(([first, last, shown]) => [first, last, shown?.events]), expected);
  assert.deepEqual(showings[1][3], [0]);
});
