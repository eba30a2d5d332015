// @ts-check
/**
 * The index of the core's texts, made in the browser: names travel once, and are read and searched. A document of lunr is
 * a distinct text; weights are lunr's (BM25), to which `tests/js/core-words.test.js` holds them.
 */

import { indexTerms, measurePattern } from "./words.js";

/**
 * @typedef {import("./payload.js").Ragged} Ragged
 * @typedef {import("./payload.js").Texts} Texts
 */

/**
 * Which things the texts speak of; `title` is of certificates.
 * @typedef {"system" | "product" | "group" | "document" | "holder" | "unit" | "title"} CoreField
 */

/** @type {CoreField[]} */
export const CORE_FIELDS = ["title", "product", "group", "holder", "unit", "system", "document"];

/**
 * @typedef {object} CoreIndex
 * @property {string[]} terms in ascending order
 * @property {Ragged} postings each term's texts
 * @property {Float32Array} weights of the postings' items
 * @property {number} textCount
 * @property {Record<CoreField, Ragged>} texts each thing's texts
 */

const K1 = 1.2;
const B = 0.75;

/**
 * @param {Texts} texts
 * @returns {CoreIndex}
 */
export function indexTexts(texts) {
  const measures = measurePattern(texts.unitsOfValues);
  /** @type {Map<string, number | null>} what was seen as it is written, and what it is as words */
  const seen = new Map();
  /** @type {Map<string, number>} */
  const numbers = new Map();
  /** @type {string[][]} */
  const documents = [];
  /** @param {string} text */
  const numberOf = (text) => {
    let number = seen.get(text);
    if (number === undefined) {
      const words = indexTerms(text, measures);
      const key = words.join("\n");
      number = words.length === 0 ? null : (numbers.get(key) ?? documents.push(words) - 1);
      if (number !== null) {
        numbers.set(key, number);
      }
      seen.set(text, number);
    }
    return number;
  };
  const ofFields = /** @type {Record<CoreField, Ragged>} */ (
    Object.fromEntries(
      CORE_FIELDS.map((field) => [
        field,
        ragged(
          texts[field].map((own) => [
            ...new Set(own.map(numberOf).filter((number) => number !== null)),
          ]),
        ),
      ]),
    )
  );
  return { ...weigh(documents), textCount: documents.length, texts: ofFields };
}

/**
 * @param {string[][]} documents
 * @returns {{ terms: string[], postings: Ragged, weights: Float32Array }}
 */
function weigh(documents) {
  const average = documents.reduce((total, words) => total + words.length, 0) / documents.length;
  /** @type {Map<string, Map<number, number>>} how often each term stands in each text */
  const counts = new Map();
  documents.forEach((words, text) => {
    for (const word of words) {
      const own = counts.get(word) ?? new Map();
      counts.set(word, own.set(text, (own.get(text) ?? 0) + 1));
    }
  });
  const terms = [...counts.keys()].sort();
  const held = terms.map((term) => /** @type {Map<number, number>} */ (counts.get(term)));
  const postings = ragged(held.map((own) => [...own.keys()]));
  const weights = held.flatMap((own) => {
    const inverse = Math.log(1 + Math.abs((documents.length - own.size + 0.5) / (own.size + 0.5)));
    return Array.from(own, ([text, count]) => {
      const length = documents[text].length / average;
      return Math.round((1000 * inverse * (K1 + 1) * count) / (K1 * (1 - B + B * length) + count)) / 1000;
    });
  });
  return { terms, postings, weights: Float32Array.from(weights) };
}

/**
 * @param {number[][]} lists
 * @returns {Ragged}
 */
function ragged(lists) {
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((items, list) => (starts[list + 1] = starts[list] + items.length));
  return { starts, items: Int32Array.from(lists.flat()) };
}
