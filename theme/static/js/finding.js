// @ts-check
/**
 * From a query to records, best first: numbers by the resolver, everything else by words. It also says why there is
 * nothing.
 */

import { rank } from "./ranking.js";
import { WORD_LIKE } from "./resolver.js";

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
 * @property {string[]} similar words of the register that stand for typed ones which it does not hold
 * @property {Set<string>} terms the words of the register that the query's words mean
 * @property {boolean} slipped whether no number is listed as typed, and the rows are one slip away from it
 * @property {Nothing | null} nothing
 */

/**
 * @param {string} query from `cleanQuery`
 * @param {Resolver} resolver
 * @param {{ search: WordSearch, lunr: any } | null} words null until they are loaded; lunr null where it could not be
 * @returns {Found}
 */
export function find(query, resolver, words) {
  if (!query) {
    return { ...PLAIN, rows: resolver.records.numbers.map((_, row) => row) };
  }
  const { exact, beginning, holding, single } = resolver.resolve(query);
  const holdsDigit = /\p{N}/u.test(query);
  // A document's number leads to the document and, by words, to what is certified against it.
  const dated = exact.filter((row) => row < resolver.records.dated);
  if (holdsDigit && dated.length > 0) {
    return { ...PLAIN, rows: [...exact, ...beginning, ...holding], single };
  }
  if (words === null) {
    return { ...PLAIN, rows: holdsDigit ? [...exact, ...beginning, ...holding] : exact, single, needsWords: true };
  }
  const matched = words.search.find(query);
  const ranked = words.lunr ? rank(words.lunr, words.search, matched) : matched.rows;
  const rest = PIECE_OF_NUMBER.test(query) ? [holding, ranked] : [ranked, holding];
  const rows = distinct(holdsDigit ? [exact, beginning, ...rest] : [exact, ranked]);
  if (rows.length > 0) {
    const guessed = exact.length + beginning.length === 0;
    const terms = new Set(matched.meanings.flat().map(({ term }) => words.search.vocabulary.terms[term]));
    return { ...PLAIN, rows, single, terms, similar: guessed ? matched.similar.slice(0, MOST_SIMILAR) : [] };
  }
  const pieces = holdsDigit ? resolver.resolve(query, 1).beginning : [...beginning, ...holding];
  if (pieces.length > 0) {
    return { ...PLAIN, rows: pieces };
  }
  const near = resolver.oneSlipAway(query);
  if (near.length > 0) {
    return { ...PLAIN, rows: near, slipped: true };
  }
  return { ...PLAIN, nothing: explain(query, resolver, holdsDigit, matched.unknown) };
}

/** Digits and signs alone, four at least, are a piece of a number before they are a value or a word. */
const PIECE_OF_NUMBER = /^(?:[0-9][ ./-]*){4,}$/;

/** @type {Found} */
const PLAIN = { rows: [], single: null, needsWords: false, similar: [], terms: new Set(), slipped: false, nothing: null };

/** How many of the similar words are told. */
const MOST_SIMILAR = 5;

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
