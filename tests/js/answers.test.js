// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { answerOn, coverageOn } from "../../theme/static/js/answers.js";

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
