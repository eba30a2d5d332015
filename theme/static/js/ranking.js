// @ts-check
/**
 * The last word on the order of the best matches, by lunr: an index of no more than the candidates and the asked terms,
 * made from the weights that lunr.py's builder gave. A score of lunr is query vector · field vector, so the part ranks
 * as the whole would. lunr is passed in. What a person typed never reaches its query parser: `search()` throws on colons
 * and blocks for a minute on `~6`; here terms are built one by one.
 */

import { CORE_FIELDS } from "./core-words.js";
import { CANDIDATES, FIELD_BOOSTS } from "./matching.js";

/**
 * @typedef {import("./matching.js").Match} Match
 * @typedef {import("./matching.js").Matched} Matched
 * @typedef {import("./matching.js").WordSearch} WordSearch
 * @typedef {any} Lunr lunr.js, whose published types leave out what an index is made of
 */

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
  const asked = bestOfEachTerm(matched);
  const index = partialIndex(mend(lunr), search, candidates, asked);
  /** @type {{ ref: string, score: number }[]} */
  const answers = index.query((/** @type {any} */ query) => {
    for (const term of index.held) {
      query.term(term, { boost: asked.get(term)?.factor, usePipeline: false });
    }
  });
  const scores = new Map(answers.map(({ ref, score }) => [Number(ref), score]));
  // Rounded, so that what differs by the rounding of weights counts as equal.
  const scoreOf = (/** @type {number} */ row) =>
    Math.round(100 * (scores.get(row) ?? 0) * (matched.scores.get(row) ?? 0));
  candidates.sort((a, b) => scoreOf(b) - scoreOf(a) || search.amongEquals(a, b));
  return [...candidates, ...matched.rows.slice(CANDIDATES)];
}

/**
 * @param {Matched} matched
 * @returns {Map<string, Match>} each term as it counts most
 */
function bestOfEachTerm(matched) {
  /** @type {Map<string, Match>} */
  const found = new Map();
  for (const match of matched.meanings.flat()) {
    if (match.factor > (found.get(match.term)?.factor ?? 0)) {
      found.set(match.term, match);
    }
  }
  return found;
}

/**
 * An index whose documents are the candidates and whose terms are those asked for.
 * @param {Lunr} lunr
 * @param {WordSearch} search
 * @param {number[]} candidates
 * @param {Map<string, Match>} asked
 * @returns {any} a lunr.Index that also tells the terms it holds, as `held`
 */
function partialIndex(lunr, search, candidates, asked) {
  const texts = new Set(candidates.flatMap((row) => CORE_FIELDS.flatMap((field) => search.textsOf(row, field))));
  const inTexts = weightsOfTexts(search, asked, texts);
  const inSheets = weightsOfSheets(asked, new Set(candidates), search.sheetScale);
  const numbers = new Map(Array.from(asked.keys(), (term, number) => [term, number]));
  /** @type {Record<string, any>} */
  const invertedIndex = Object.create(null);
  /** @type {Record<string, any>} */
  const fieldVectors = Object.create(null);
  for (const row of candidates) {
    for (const field of CORE_FIELDS) {
      /** @type {Map<string, number>} */
      const best = new Map(field === "title" ? inSheets.get(row) : []);
      for (const text of search.textsOf(row, field)) {
        for (const [term, weight] of inTexts.get(text) ?? []) {
          best.set(term, Math.max(weight, best.get(term) ?? 0));
        }
      }
      for (const term of best.keys()) {
        const entry = (invertedIndex[term] ??= emptyEntry(numbers.get(term) ?? 0));
        entry[field][row] = {};
      }
      const elements = Array.from(best, ([term, weight]) => [numbers.get(term) ?? 0, weight * FIELD_BOOSTS[field]]);
      fieldVectors[`${field}/${row}`] = new lunr.Vector(elements.sort(([a], [b]) => a - b).flat());
    }
  }
  const held = Object.keys(invertedIndex).sort();
  const tokenSet = lunr.TokenSet.fromArray(held);
  const fields = CORE_FIELDS;
  const index = new lunr.Index({ invertedIndex, fieldVectors, tokenSet, fields, pipeline: new lunr.Pipeline() });
  return Object.assign(index, { held });
}

/** @param {number} term */
function emptyEntry(term) {
  return { _index: term, ...Object.fromEntries(CORE_FIELDS.map((field) => [field, Object.create(null)])) };
}

/**
 * The asked terms that some texts of the core hold, with their weights.
 * @param {WordSearch} search
 * @param {Map<string, Match>} asked
 * @param {Set<number>} texts
 * @returns {Map<number, [string, number][]>}
 */
function weightsOfTexts(search, asked, texts) {
  const { postings, weights } = search.core;
  /** @type {Map<number, [string, number][]>} */
  const held = new Map();
  for (const { term, core } of asked.values()) {
    for (let item = postings.starts[core] ?? 0; core >= 0 && item < postings.starts[core + 1]; item += 1) {
      push(held, texts, postings.items[item], term, weights[item]);
    }
  }
  return held;
}

/**
 * The asked terms that some datasheets say themselves, with their weights.
 * @param {Map<string, Match>} asked
 * @param {Set<number>} candidates
 * @param {number} scale
 * @returns {Map<number, [string, number][]>}
 */
function weightsOfSheets(asked, candidates, scale) {
  /** @type {Map<number, [string, number][]>} */
  const held = new Map();
  for (const { term, sheets } of asked.values()) {
    sheets?.rows.forEach((row, item) => push(held, candidates, row, term, sheets.weights[item] * scale));
  }
  return held;
}

/**
 * @param {Map<number, [string, number][]>} held
 * @param {Set<number>} wanted
 * @param {number} key
 * @param {string} term
 * @param {number} weight
 */
function push(held, wanted, key, term, weight) {
  if (wanted.has(key)) {
    const list = held.get(key) ?? [];
    list.push([term, weight]);
    held.set(key, list);
  }
}
