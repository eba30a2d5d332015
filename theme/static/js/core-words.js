// @ts-check
/**
 * The index of the core's texts, made in the browser: names travel once, and are read and searched. A document of lunr is
 * a distinct text; weights are lunr's (BM25), to which `tests/js/core-words.test.js` holds them.
 */

import { indexTermsOfAll, stemOf } from "./words.js";

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
 * @param {string[]} [words] of letters alone; then the index is that of the texts in which terms of their stems stand
 * @returns {CoreIndex} for these words it holds, and weighs, what the whole index does
 */
export function indexTexts(texts, words) {
  const written = [...new Set(CORE_FIELDS.flatMap((field) => texts[field].flat()))];
  /** @type {Map<string, number>} by the words of a text, its number */
  const numbers = new Map();
  /** @type {string[][]} */
  const documents = [];
  /** @type {Map<string, number>} by what is written, the text that it is; -1 where it has no words */
  const numberOf = new Map();
  indexTermsOfAll(written, texts.unitsOfValues, words?.map(stemOf)).forEach((words, index) => {
    const key = words.join("\n");
    const number = words.length === 0 ? -1 : (numbers.get(key) ?? documents.push(words) - 1);
    numbers.set(key, number);
    numberOf.set(written[index], number);
  });
  const ofFields = /** @type {Record<CoreField, Ragged>} */ ({});
  for (const field of CORE_FIELDS) {
    ofFields[field] = ragged(texts[field].map((own) => distinct(own.map((text) => numberOf.get(text) ?? -1))));
  }
  const { count, words: inAll } = texts.distinct;
  return { ...weigh(documents, count, inAll / count), textCount: count, texts: ofFields };
}

/** @param {number[]} numbers a few, -1 for none */
function distinct(numbers) {
  return numbers.filter((number, place) => number >= 0 && numbers.indexOf(number) === place);
}

/**
 * @param {string[][]} documents those that are looked at, of the collection
 * @param {number} count of all documents
 * @param {number} average words of one
 * @returns {{ terms: string[], postings: Ragged, weights: Float32Array }}
 */
function weigh(documents, count, average) {
  /** @type {Map<string, number[]>} the texts in which each term stands, and how often it does, in turn */
  const held = new Map();
  documents.forEach((words, text) => {
    for (const word of words) {
      const own = held.get(word);
      if (!own) {
        held.set(word, [text, 1]);
      } else if (own[own.length - 2] === text) {
        own[own.length - 1] += 1;
      } else {
        own.push(text, 1);
      }
    }
  });
  const terms = [...held.keys()].sort();
  const starts = new Int32Array(terms.length + 1);
  terms.forEach((term, number) => (starts[number + 1] = starts[number] + (held.get(term)?.length ?? 0) / 2));
  const items = new Int32Array(starts[terms.length]);
  const weights = new Float32Array(items.length);
  let item = 0;
  for (const term of terms) {
    const own = held.get(term) ?? [];
    const texts = own.length / 2;
    const inverse = Math.log(1 + Math.abs((count - texts + 0.5) / (texts + 0.5)));
    for (let place = 0; place < own.length; place += 2) {
      const often = own[place + 1];
      const relative = documents[own[place]].length / average;
      items[item] = own[place];
      weights[item] =
        Math.round((1000 * inverse * (K1 + 1) * often) / (K1 * (1 - B + B * relative) + often)) / 1000;
      item += 1;
    }
  }
  return { terms, postings: { starts, items }, weights };
}

/**
 * @param {number[][]} lists
 * @returns {Ragged}
 */
function ragged(lists) {
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((items, list) => (starts[list + 1] = starts[list] + items.length));
  const items = new Int32Array(starts[lists.length]);
  lists.forEach((own, list) => items.set(own, starts[list]));
  return { starts, items };
}
