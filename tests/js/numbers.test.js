// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { compact, leadingWords, plainSlug, searchForms, searchFormsBy } from "../../theme/static/js/numbers.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/numbers.json", import.meta.url), "utf-8"));

test("the forms of a number are those of the Python twin", () => {
  for (const { text, system_names: names, forms } of vectors.forms) {
    assert.deepEqual(searchForms(text, names), forms, text);
    assert.deepEqual(searchFormsBy(text, leadingWords(names)), forms, text);
  }
});

test("the plain slug is the Python twin's, wherever that is plain", () => {
  for (const { number, prefix, slug, plain } of vectors.slugs) {
    assert.equal(plainSlug(number, prefix) === slug, plain, number);
  }
});

test("compacting twice changes nothing", () => {
  for (const { text } of vectors.forms) {
    assert.equal(compact(compact(text)), compact(text), text);
  }
});
