// @ts-check
/** The words of the core weigh what lunr.js says they do. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { CORE_FIELDS, indexTexts } from "../../theme/static/js/core-words.js";
import { indexTerms, stemOf } from "../../theme/static/js/words.js";
import { engine, plainLunr } from "./register.js";

const { texts } = engine;
const index = indexTexts(texts);
const words = (/** @type {string} */ text) => indexTerms(text, texts.unitsOfValues);

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

test("an index of some words says of them what the whole one does", () => {
  const plain = index.terms.filter((term) => /^\p{L}{3,}$/u.test(term));
  for (let first = 0; first < plain.length; first += 7) {
    const asked = [plain[first], plain[(first * 31) % plain.length]];
    const some = indexTexts(texts, asked);
    assert.equal(some.textCount, index.textCount);
    for (const stem of asked.map(stemOf)) {
      const held = index.terms.filter((term) => term.includes(stem));
      assert.deepEqual(some.terms.filter((term) => term.includes(stem)), held);
      for (const term of held) {
        assert.deepEqual(spoken(some, term), spoken(index, term), term);
      }
    }
  }
});

/**
 * Of which things a term speaks, and how much it weighs.
 * @param {import("../../theme/static/js/core-words.js").CoreIndex} index
 * @param {string} term
 */
function spoken({ terms, postings, weights, texts: ofFields }, term) {
  const number = terms.indexOf(term);
  const weightOf = new Map();
  for (let item = postings.starts[number]; item < postings.starts[number + 1]; item += 1) {
    weightOf.set(postings.items[item], weights[item]);
  }
  return CORE_FIELDS.flatMap((field) => {
    const { starts, items } = ofFields[field];
    return Array.from({ length: starts.length - 1 }, (_, thing) =>
      [...items.subarray(starts[thing], starts[thing + 1])]
        .filter((text) => weightOf.has(text))
        .map((text) => `${field} ${thing} ${weightOf.get(text)}`),
    )
      .flat()
      .sort();
  });
}

/**
 * @param {{ elements: number[] }} vector
 * @returns {Map<number, number>} weights by term
 */
function vectorOf({ elements }) {
  return new Map(Array.from({ length: elements.length / 2 }, (_, n) => [elements[2 * n], elements[2 * n + 1]]));
}
