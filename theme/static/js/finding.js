// @ts-check
/**
 * From a query to records, best first: numbers by the resolver, everything else by words. It also says why there is
 * nothing.
 */

import { rank } from "./ranking.js";

/**
 * @typedef {import("./resolver.js").Resolver} Resolver
 * @typedef {import("./matching.js").WordSearch} WordSearch
 */

/**
 * Why a query found nothing: a number that is not listed, one that no number here looks like, words that stand nowhere,
 * or words that no record holds together.
 * @typedef {{ reason: "not_listed" | "not_a_form" | "unknown_words" | "no_record", words: string[] }} Nothing
 */

/**
 * @typedef {object} Found
 * @property {number[]} rows
 * @property {number | null} single the record that the query names exactly, if it is one
 * @property {boolean} needsWords whether words have to be searched for a full answer, and could not be
 * @property {Nothing | null} nothing
 */

/** No number's letters run on like this; a word's do. */
const WORD_LIKE = /\p{L}{5}/u;

/**
 * @param {string} query from `cleanQuery`
 * @param {Resolver} resolver
 * @param {{ search: WordSearch, lunr: any } | null} words null until they are loaded; lunr null where it could not be
 * @returns {Found}
 */
export function find(query, resolver, words) {
  if (!query) {
    return { rows: resolver.records.numbers.map((_, row) => row), single: null, needsWords: false, nothing: null };
  }
  const { exact, beginning, holding, single } = resolver.resolve(query);
  const holdsDigit = /\p{N}/u.test(query);
  if (holdsDigit && exact.length > 0) {
    return { rows: [...exact, ...beginning, ...holding], single, needsWords: false, nothing: null };
  }
  if (words === null) {
    return { rows: holdsDigit ? [...beginning, ...holding] : exact, single, needsWords: true, nothing: null };
  }
  const matched = words.search.find(query);
  const ranked = words.lunr ? rank(words.lunr, words.search, matched) : matched.rows;
  const rows = distinct(holdsDigit ? [beginning, ranked, holding] : [exact, ranked]);
  if (rows.length > 0) {
    return { rows, single, needsWords: false, nothing: null };
  }
  const pieces = holdsDigit ? resolver.resolve(query, 1).beginning : [...beginning, ...holding];
  const nothing = pieces.length > 0 ? null : explain(query, resolver, holdsDigit, matched.unknown);
  return { rows: pieces, single: null, needsWords: false, nothing };
}

/**
 * @param {string} query
 * @param {Resolver} resolver
 * @param {boolean} holdsDigit
 * @param {string[]} unknown
 * @returns {Nothing}
 */
function explain(query, resolver, holdsDigit, unknown) {
  if (holdsDigit && resolver.isKnownForm(query)) {
    return { reason: "not_listed", words: [] };
  }
  if (holdsDigit && !WORD_LIKE.test(query)) {
    return { reason: "not_a_form", words: resolver.exampleForms(3) };
  }
  if (unknown.length > 0 || !/[\p{L}\p{N}]/u.test(query)) {
    return { reason: "unknown_words", words: unknown.length > 0 ? unknown : [query] };
  }
  return { reason: "no_record", words: [] };
}

/**
 * @param {number[][]} lists
 * @returns {number[]}
 */
function distinct(lists) {
  return [...new Set(lists.flat())];
}
