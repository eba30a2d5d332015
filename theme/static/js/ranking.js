// @ts-check
/**
 * The last word on the order of the best matches, by lunr: an index of no more than the candidates and the asked terms,
 * made from the weights that lunr.py's builder gave. A score of lunr is query vector · field vector, so the part ranks
 * as the whole would. lunr is passed in. What a person typed never reaches its query parser: `search()` throws on colons
 * and blocks for a minute on `~6`; here terms are built one by one.
 */

import { FIELDS } from "./payload.js";
import { FIELD_BOOSTS } from "./matching.js";

/**
 * @typedef {import("./matching.js").Matched} Matched
 * @typedef {import("./matching.js").WordSearch} WordSearch
 * @typedef {any} Lunr lunr.js, whose published types leave out what an index is made of
 */

/** How many of the best matches lunr ranks. */
export const CANDIDATES = 100;

/** @type {WeakSet<Lunr>} */
const mended = new WeakSet();

/**
 * Mend lunr 2.3.9: it tells the nodes of its automaton apart by labels and ids joined without a sign between, so that
 * terms with digits get lost or come up from nowhere (https://github.com/olivernn/lunr.js/issues/503).
 * @param {Lunr} lunr
 * @returns {Lunr} the same lunr
 */
export function mend(lunr) {
  if (!mended.has(lunr)) {
    mended.add(lunr);
    /** @this {{ _str?: string, final: boolean, edges: Record<string, { id: number }> }} */
    lunr.TokenSet.prototype.toString = function toString() {
      // lunr keeps the key of a finished node in _str.
      const edges = Object.keys(this.edges).sort().map((label) => `${label}${this.edges[label].id};`);
      return this._str ?? `${this.final ? 1 : 0}${edges.join("")}`;
    };
  }
  return lunr;
}

/**
 * Bring the best matches into lunr's order; the rest stay as they are.
 * @param {Lunr} lunr
 * @param {WordSearch} search
 * @param {Matched} matched
 * @returns {number[]} all rows
 */
export function rank(lunr, search, matched) {
  const candidates = matched.rows.slice(0, CANDIDATES);
  if (candidates.length < 2) {
    return matched.rows;
  }
  const factors = factorOfEachTerm(matched);
  const index = partialIndex(mend(lunr), search, candidates, factors);
  /** @type {{ ref: string, score: number }[]} */
  const answers = index.query((/** @type {any} */ query) => {
    for (const term of index.asked) {
      query.term(search.index.terms[term], { boost: factors.get(term), usePipeline: false });
    }
  });
  const scores = new Map(answers.map(({ ref, score }) => [Number(ref), score]));
  // Rounded, so that what differs by the rounding of weights counts as equal.
  const scoreOf = (/** @type {number} */ row) => Math.round(100 * (scores.get(row) ?? 0) * matched.scores[row]);
  candidates.sort((a, b) => scoreOf(b) - scoreOf(a) || search.amongEquals(a, b));
  return [...candidates, ...matched.rows.slice(CANDIDATES)];
}

/**
 * @param {Matched} matched
 * @returns {Map<number, number>} the best factor of each term
 */
function factorOfEachTerm(matched) {
  /** @type {Map<number, number>} */
  const factors = new Map();
  for (const { term, factor } of matched.meanings.flat()) {
    factors.set(term, Math.max(factor, factors.get(term) ?? 0));
  }
  return factors;
}

/**
 * An index whose documents are the candidates and whose terms are those asked for.
 * @param {Lunr} lunr
 * @param {WordSearch} search
 * @param {number[]} candidates
 * @param {Map<number, number>} factors
 * @returns {any} a lunr.Index that also names its terms as `asked`
 */
function partialIndex(lunr, search, candidates, factors) {
  const texts = new Set(candidates.flatMap((row) => FIELDS.flatMap((field) => search.textsOf(row, field))));
  const weights = weightsOfTexts(search, factors, texts);
  /** @type {Record<string, any>} */
  const invertedIndex = Object.create(null);
  /** @type {Record<string, any>} */
  const fieldVectors = Object.create(null);
  /** @type {Set<number>} */
  const asked = new Set();
  for (const row of candidates) {
    for (const field of FIELDS) {
      /** @type {Map<number, number>} */
      const best = new Map();
      for (const text of search.textsOf(row, field)) {
        for (const [term, weight] of weights.get(text) ?? []) {
          best.set(term, Math.max(weight * FIELD_BOOSTS[field], best.get(term) ?? 0));
        }
      }
      const elements = [...best].sort(([a], [b]) => a - b);
      for (const [term] of elements) {
        asked.add(term);
        const entry = (invertedIndex[search.index.terms[term]] ??= emptyEntry(term));
        entry[field][row] = {};
      }
      fieldVectors[`${field}/${row}`] = new lunr.Vector(elements.flat());
    }
  }
  const tokenSet = lunr.TokenSet.fromArray(Object.keys(invertedIndex).sort());
  const index = new lunr.Index({ invertedIndex, fieldVectors, tokenSet, fields: FIELDS, pipeline: new lunr.Pipeline() });
  return Object.assign(index, { asked });
}

/** @param {number} term */
function emptyEntry(term) {
  return { _index: term, ...Object.fromEntries(FIELDS.map((field) => [field, Object.create(null)])) };
}

/**
 * The asked terms that some texts hold, with their weights.
 * @param {WordSearch} search
 * @param {Map<number, number>} factors
 * @param {Set<number>} texts
 * @returns {Map<number, [number, number][]>}
 */
function weightsOfTexts(search, factors, texts) {
  const { postings, weights } = search.index;
  /** @type {Map<number, [number, number][]>} */
  const held = new Map();
  for (const term of factors.keys()) {
    for (let item = postings.starts[term]; item < postings.starts[term + 1]; item += 1) {
      const text = postings.items[item];
      if (texts.has(text)) {
        const list = held.get(text) ?? [];
        list.push([term, weights[item]]);
        held.set(text, list);
      }
    }
  }
  return held;
}
