// @ts-check
/** Columns of numbers as text mean here what they mean in Python. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { unpacked } from "../../theme/static/js/columns.js";

/** @type {{ numbers: number[], text: string }[]} */
const vectors = JSON.parse(readFileSync(new URL("../vectors/packed.json", import.meta.url), "utf-8"));

test("packed numbers are those of the vectors", () => {
  for (const { numbers, text } of vectors) {
    assert.deepEqual(unpacked(text), numbers);
  }
});

test("what no number is written with is a fault", () => {
  for (const text of ['"', "\\", "\n", "é", "\u007f", "~", "!~"]) {
    assert.throws(() => unpacked(text), RangeError, text);
  }
});
