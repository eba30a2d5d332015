// @ts-check
/**
 * The last word on the order of the best matches, by lunr: an index of no more than the candidates and the asked terms,
 * made from the weights that lunr.py's builder gave. A score of lunr is query vector · field vector, so the part ranks
 * as the whole would. lunr is passed in. What a person typed never reaches its query parser: `search()` throws on colons
 * and blocks for a minute on `~6`; here terms are built one by one.
 */

import { CORE_FIELDS } from "./core-words.js";
import { CANDIDATES } from "./matching.js";
import { FIELD_BOOSTS } from "./scoring.js";

/**
 * @typedef {import("./matching.js").Match} Match
 * @typedef {import("./matching.js").Matched} Matched
 * @typedef {import("./matching.js").WordSearch} WordSearch
 * @typedef {any} Lunr lunr.js, whose published types leave out what an index is made of
 */

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
  const inSheets = weightsOfSheets(asked, candidates, search.sheetScale);
  const alike = alikeAmong(search.records, candidates, inSheets);
  const index = partialIndex(lunr, search, new Set(alike.values()), asked, inSheets);
  /** @type {{ ref: string, score: number }[]} */
  const answers = index.query((/** @type {any} */ query) => {
    for (const term of index.held) {
      query.term(term, { boost: asked.get(term)?.factor, usePipeline: false });
    }
  });
  const scores = new Map(answers.map(({ ref, score }) => [Number(ref), score]));
  // Rounded, so that what differs by the rounding of weights counts as equal.
  const scoreOf = (/** @type {number} */ row) =>
    Math.round(100 * (scores.get(alike.get(row) ?? row) ?? 0) * (matched.scores.get(row) ?? 0));
  candidates.sort((a, b) => scoreOf(b) - scoreOf(a) || search.amongEquals(a, b));
  const rows = matched.rows.slice();
  candidates.forEach((row, place) => (rows[place] = row));
  return rows;
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
 * Datasheets of one series that say the same words have the same score: the first of them stands for all.
 * @param {import("./payload.js").Records} records
 * @param {number[]} candidates
 * @param {Map<number, Map<number, number>>} inSheets
 * @returns {Map<number, number>} by row, the one that stands for it
 */
function alikeAmong({ certificates, dated, seriesOf }, candidates, inSheets) {
  /** @type {Map<string, number>} */
  const firsts = new Map();
  /** @type {Map<number, number>} */
  const alike = new Map();
  for (const row of candidates) {
    let first = row;
    if (row >= certificates && row < dated) {
      const own = inSheets.get(row);
      const key = `${seriesOf[row - certificates]} ${own ? [...own].join(" ") : ""}`;
      first = firsts.get(key) ?? row;
      firsts.set(key, first);
    }
    alike.set(row, first);
  }
  return alike;
}

/**
 * An index whose documents are the candidates and whose terms are those asked for. Candidates of one product, holder or
 * unit have its vector in common.
 * @param {Lunr} lunr
 * @param {WordSearch} search
 * @param {Iterable<number>} candidates
 * @param {Map<string, Match>} asked
 * @param {Map<number, Map<number, number>>} inSheets from `weightsOfSheets`
 * @returns {any} a lunr.Index that also tells the terms it holds, as `held`
 */
function partialIndex(lunr, search, candidates, asked, inSheets) {
  const terms = [...asked.keys()];
  const inTexts = weightsOfTexts(search, asked);
  /** @type {Record<string, any>} */
  const invertedIndex = Object.create(null);
  /** @type {Record<string, any>} */
  const fieldVectors = Object.create(null);
  for (const field of CORE_FIELDS) {
    /** @type {Map<string, Map<number, number>>} */
    const known = new Map();
    for (const row of candidates) {
      const things = search.thingsOf(row, field);
      const key = things.join();
      let best = known.get(key);
      if (!best) {
        best = bestOfTexts(search.textsOf(things, field), inTexts);
        known.set(key, best);
      }
      const weights = field === "title" ? (inSheets.get(row) ?? best) : best;
      for (const term of weights.keys()) {
        (invertedIndex[terms[term]] ??= emptyEntry(term))[field][row] = {};
      }
      // lunr asks for the vectors of fields in which a term stands, and of no others.
      if (weights.size > 0) {
        const boost = FIELD_BOOSTS[field];
        const elements = Array.from(weights).sort(([a], [b]) => a - b);
        fieldVectors[`${field}/${row}`] = new lunr.Vector(elements.flatMap(([term, weight]) => [term, weight * boost]));
      }
    }
  }
  const held = Object.keys(invertedIndex).sort();
  // What is asked for is held as it is: lunr need not look it up, and would lose terms with digits (its issue 503).
  const tokenSet = { intersect: (/** @type {any} */ term) => term };
  const fields = CORE_FIELDS;
  const index = new lunr.Index({ invertedIndex, fieldVectors, tokenSet, fields });
  return Object.assign(index, { held });
}

/** @param {number} term */
function emptyEntry(term) {
  return { _index: term, ...Object.fromEntries(CORE_FIELDS.map((field) => [field, Object.create(null)])) };
}

/**
 * @param {number[]} texts
 * @param {Map<number, [number, number][]>} inTexts
 * @returns {Map<number, number>} the most that each asked term weighs in any of the texts
 */
function bestOfTexts(texts, inTexts) {
  /** @type {Map<number, number>} */
  const best = new Map();
  for (const text of texts) {
    for (const [term, weight] of inTexts.get(text) ?? []) {
      best.set(term, Math.max(weight, best.get(term) ?? 0));
    }
  }
  return best;
}

/**
 * The asked terms that each text of the core holds, by their places among the asked, with their weights.
 * @param {WordSearch} search
 * @param {Map<string, Match>} asked
 * @returns {Map<number, [number, number][]>}
 */
function weightsOfTexts(search, asked) {
  const { postings, weights } = search.core;
  /** @type {Map<number, [number, number][]>} */
  const held = new Map();
  let term = 0;
  for (const { core, most } of asked.values()) {
    for (let item = postings.starts[core] ?? 0; core >= 0 && item < postings.starts[core + 1]; item += 1) {
      const list = held.get(postings.items[item]);
      if (list) {
        list.push([term, Math.min(weights[item], most)]);
      } else {
        held.set(postings.items[item], [[term, Math.min(weights[item], most)]]);
      }
    }
    term += 1;
  }
  return held;
}

/**
 * The asked terms that candidates say themselves, by their places among the asked, with their weights.
 * @param {Map<string, Match>} asked
 * @param {number[]} rows of candidates
 * @param {number} scale
 * @returns {Map<number, Map<number, number>>} by row
 */
function weightsOfSheets(asked, rows, scale) {
  const candidates = new Set(rows);
  /** @type {Map<number, Map<number, number>>} */
  const held = new Map();
  let term = 0;
  for (const { sheets, most } of asked.values()) {
    if (sheets) {
      for (let item = 0; item < sheets.rows.length; item += 1) {
        const row = sheets.rows[item];
        if (candidates.has(row)) {
          held.set(row, (held.get(row) ?? new Map()).set(term, Math.min(sheets.weights[item] * scale, most)));
        }
      }
    }
    term += 1;
  }
  return held;
}
