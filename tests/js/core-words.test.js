// @ts-check
/** The words of the core weigh what lunr.js says they do. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { CORE_FIELDS, indexTexts } from "../../theme/static/js/core-words.js";
import { indexTerms, measurePattern } from "../../theme/static/js/words.js";
import { engine, plainLunr } from "./register.js";

const { texts } = engine;
const index = indexTexts(texts);
const words = (/** @type {string} */ text) => indexTerms(text, measurePattern(texts.unitsOfValues));

test("weights are those of lunr's builder, of distinct texts", () => {
  const lunr = plainLunr();
  const all = CORE_FIELDS.flatMap((field) => texts[field].flat()).map(words).filter((own) => own.length > 0);
  const documents = new Map(all.map((own) => [own.join(" "), own]));
  const builder = new lunr.Builder();
  builder.tokenizer = (/** @type {string[]} */ own) => own.map((word) => new lunr.Token(word));
  builder.ref("key");
  builder.field("words");
  documents.forEach((own, key) => builder.add({ key, words: own }));
  const built = builder.build();
  assert.equal(index.textCount, documents.size);
  assert.deepEqual(index.terms, Object.keys(built.invertedIndex).sort());
  index.terms.forEach((term, number) => {
    const [from, to] = [index.postings.starts[number], index.postings.starts[number + 1]];
    const { _index: place, words: held } = built.invertedIndex[term];
    const expected = Object.keys(held).map((key) => vectorOf(built.fieldVectors[`words/${key}`]).get(place));
    assert.deepEqual([...index.weights.subarray(from, to)].sort(), expected.map((weight) => Math.fround(weight ?? 0)).sort(), term);
  });
});

test("every thing is spoken of by its own texts, each once", () => {
  for (const field of CORE_FIELDS) {
    const { starts, items } = index.texts[field];
    texts[field].forEach((own, thing) => {
      const distinct = new Set(own.map((text) => words(text).join(" ")).filter((key) => key !== ""));
      assert.equal(new Set(items.subarray(starts[thing], starts[thing + 1])).size, distinct.size, `${field} ${thing}`);
    });
  }
});

/**
 * @param {{ elements: number[] }} vector
 * @returns {Map<number, number>} weights by term
 */
function vectorOf({ elements }) {
  return new Map(Array.from({ length: elements.length / 2 }, (_, n) => [elements[2 * n], elements[2 * n + 1]]));
}
