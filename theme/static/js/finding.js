// @ts-check
/**
 * From a query to records, best first: numbers by the resolver, everything else by words. It also says why there is
 * nothing.
 */

import { gtinIn } from "./gtins.js";
import { rank } from "./ranking.js";
import { WORD_LIKE } from "./resolver.js";

/**
 * @typedef {import("./engine.js").Engine} Engine
 * @typedef {import("./matching.js").Matched} Matched
 * @typedef {import("./resolver.js").Resolver} Resolver
 */

/**
 * Why a query found nothing: a number that is not listed, one that no number here looks like, words that stand nowhere,
 * or words that no record holds together.
 * @typedef {{ reason: "not_listed" | "not_a_form" | "unknown_words" | "no_record", words: string[] }} Nothing
 */

/**
 * @typedef {object} Found
 * @property {boolean} settled false where files have to be fetched first; the rows are then the first of those to come
 * @property {number[]} rows
 * @property {number | null} single the record that the query names exactly, if it is one
 * @property {string[]} similar words of the register that stand for typed ones which it does not hold
 * @property {Set<string>} terms the words of the register that the query's words mean
 * @property {boolean} slipped whether no number is listed as typed, and the rows are one slip away from it
 * @property {boolean} aside whether nothing fits the last characters, which are left aside
 * @property {boolean} cut whether more numbers begin so than were looked for
 * @property {Nothing | null} nothing
 */

/** The name of lunr.js among the files of the store; its default export is null where it cannot be had. */
export const LUNR = "lunr.js";

/**
 * @param {string} query from `cleanQuery`
 * @param {Engine} engine
 * @returns {Found}
 */
export function find(query, engine) {
  const { records, store } = engine;
  if (!query) {
    return { ...PLAIN, rows: Array.from({ length: records.count }, (_, row) => row) };
  }
  const holdsDigit = /\p{N}/u.test(query);
  // Letters begin or stand within numbers, mostly, and are none themselves: that is asked where words find nothing.
  const mayBeNumber = holdsDigit || engine.hasNumbersOfLetters;
  const { exact, beginning, holding, single, cut } = mayBeNumber ? engine.resolver.resolve(query) : NO_NUMBER;
  // A document's number leads to the document and, by words, to what is certified against it.
  const dated = exact.filter((row) => row < records.dated);
  if (holdsDigit && dated.length > 0) {
    return { ...PLAIN, settled: !store.wants, rows: [...exact, ...beginning, ...holding], single, cut };
  }
  // As long as it may yet be a number, nothing is fetched for words that one does not need.
  if (store.wants) {
    return { ...PLAIN, settled: false, rows: [...exact, ...beginning], single };
  }
  const gtin = gtinIn(query);
  const bearing = gtin ? engine.codes.bearing(gtin).map(({ row }) => row) : [];
  if (bearing.length > 0) {
    const rows = distinct([bearing, exact, beginning]);
    return { ...PLAIN, rows, single: bearing.length === 1 ? bearing[0] : null, cut };
  }
  if (store.wants) {
    return { ...PLAIN, settled: false, rows: [...exact, ...beginning], single };
  }
  const search = engine.searchFor(query);
  const matched = search.find(query);
  const ranked = inOrder(matched, search, store);
  if (!matched || !ranked) {
    return { ...PLAIN, settled: false, rows: holdsDigit ? [...exact, ...beginning] : exact, single };
  }
  const rest = PIECE_OF_NUMBER.test(query) ? [holding, ranked] : [ranked, holding];
  const rows = distinct(holdsDigit ? [exact, beginning, ...rest] : [exact, ranked]);
  if (rows.length > 0) {
    const similar = similarTo(matched);
    const named = similar.length > 0 && exact.length + engine.resolver.resolve(query).beginning.length > 0;
    return { ...PLAIN, rows, single, terms: termsOf(matched), similar: named ? [] : similar, cut };
  }
  const { resolver } = engine;
  const piece = resolver.resolve(query, holdsDigit ? 1 : undefined);
  const pieces = holdsDigit ? piece.beginning : [...piece.beginning, ...piece.holding];
  if (pieces.length > 0 || cut) {
    return { ...PLAIN, settled: !store.wants, rows: pieces, cut };
  }
  // Digits alone, or behind a system's name, are a number that is being typed; no words are left when some are taken away.
  const settled = LETTER.test(resolver.bareForm(query)) ? engine.search.findSettled(query) : null;
  const without = settled === null ? [] : inOrder(settled, engine.search, store);
  if (!without) {
    return { ...PLAIN, settled: false };
  }
  if (settled && without.length > 0) {
    return { ...PLAIN, rows: without, terms: termsOf(settled), similar: similarTo(settled), aside: true };
  }
  const near = resolver.oneSlipAway(query);
  if (store.wants || near.length > 0) {
    return { ...PLAIN, settled: !store.wants, rows: store.wants ? [] : near, slipped: true };
  }
  return { ...PLAIN, nothing: explain(query, resolver, holdsDigit, matched.unknown) };
}

const LETTER = /\p{L}/u;

/** Digits and signs alone, four at least, are a piece of a number before they are a value or a word. */
const PIECE_OF_NUMBER = /^(?:[0-9][ ./-]*){4,}$/;

/** @type {import("./resolver.js").Resolved} */
const NO_NUMBER = { exact: [], beginning: [], holding: [], single: null, cut: false };

/** @type {Found} */
const PLAIN = {
  settled: true,
  rows: [],
  single: null,
  similar: [],
  terms: new Set(),
  slipped: false,
  aside: false,
  cut: false,
  nothing: null,
};

/** How many of the similar words are told. */
const MOST_SIMILAR = 5;

/**
 * The rows that words have found, best first: lunr.js ranks what words of datasheets have.
 * @param {Matched | undefined} matched
 * @param {import("./matching.js").WordSearch} search
 * @param {import("./store.js").Store} store
 * @returns {number[] | undefined} undefined where files have to be fetched first, lunr.js as soon as it may be needed
 */
function inOrder(matched, search, store) {
  const lunr = !matched || matched.elsewhere ? lunrOf(store) : null;
  if (store.wants || !matched) {
    return undefined;
  }
  return lunr ? rank(lunr, search, matched) : matched.rows;
}

/**
 * @param {import("./store.js").Store} store
 * @returns {any} undefined where it has to be fetched first, null where it cannot be had
 */
export function lunrOf(store) {
  return store.take(LUNR, ({ default: lunr }) => ({ lunr }))?.lunr;
}

/** @param {Matched} matched */
function termsOf({ meanings }) {
  return new Set(meanings.flat().map(({ term }) => term));
}

/** @param {Matched} matched */
function similarTo({ similar }) {
  return similar.slice(0, MOST_SIMILAR);
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
  const some = lists.filter((list) => list.length > 0);
  return some.length === 1 ? some[0] : [...new Set(some.flat())];
}
