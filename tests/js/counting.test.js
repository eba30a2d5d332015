// @ts-check
/** Counts are written as the browser itself would write them. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { countingIn } from "../../theme/static/js/counting.js";

const COUNTS = [0, 1, 2, 9, 10, 21, 101, 999, 1000, 1001, 8564, 10_000, 100_606, 1_000_000];

/** @type {Record<string, { thousands: string, singular: string }>} what the site says of each language */
const languages = JSON.parse(readFileSync(new URL("../vectors/counts.json", import.meta.url), "utf8"));

for (const [language, words] of Object.entries(languages)) {
  test(`counts in ${language} are those of Intl`, () => {
    const format = new Intl.NumberFormat(language);
    const rules = new Intl.PluralRules(language);
    const { number, plural } = countingIn({ ...words, found_one: "one {n}", found_other: "other {n}" });
    for (const count of COUNTS) {
      assert.equal(number(count), format.format(count));
      const form = rules.select(count) === "one" ? "one" : "other";
      assert.equal(plural("found", count), `${form} ${format.format(count)}`);
    }
  });
}
