// @ts-check
/**
 * The last word on the order of the best matches, by lunr: an index of no more than what the candidates are made of and
 * the asked terms, made from the weights that lunr.py's builder gave. A score of lunr is query vector · field vector, so
 * the part ranks as the whole would. lunr is passed in. What a person typed never reaches its query parser: `search()`
 * throws on colons and blocks for a minute on `~6`; here terms are built one by one.
 */

import { CORE_FIELDS } from "./core-words.js";
import { CANDIDATES } from "./matching.js";
import { FIELD_BOOSTS } from "./scoring.js";

/**
 * @typedef {import("./core-words.js").CoreField} CoreField
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
  const parts = new Parts(search, asked, candidates);
  const made = candidates.map((row) => parts.of(row));
  const scoresOfParts = scoresBy(lunr, parts.weights, asked);
  /** @type {Map<number, number>} */
  const scores = new Map();
  candidates.forEach((row, place) => {
    const score = made[place].reduce((sum, part) => sum + scoresOfParts[part], 0);
    // Rounded, so that what differs by the rounding of weights counts as equal.
    scores.set(row, Math.round(100 * score * (matched.scores.get(row) ?? 0)));
  });
  candidates.sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || search.amongEquals(a, b));
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
 * What the asked terms weigh somewhere: the place of a term among the asked, and its weight, in turn, in ascending order.
 * @typedef {number[]} Weights
 */

/**
 * What candidates are made of: the texts of a product, a holder, a unit, what a datasheet says itself. Few of them are
 * distinct, and what many candidates have in common is weighed once.
 */
class Parts {
  /** @type {Weights[]} of each part, none of them empty */
  weights = [];
  /** @type {Map<string, number>} parts of datasheets by what they weigh */
  #said = new Map();
  /** @type {Map<CoreField, Map<number | number[], number>>} parts by the thing that they are of, or the set; -1 for none */
  #known = new Map(CORE_FIELDS.map((field) => [field, new Map()]));
  /** @type {Map<number, number[]>} the parts that the datasheets of a series have in common */
  #ofSeries = new Map();

  /**
   * @param {WordSearch} search
   * @param {Map<string, Match>} asked
   * @param {number[]} candidates
   */
  constructor(search, asked, candidates) {
    this.search = search;
    this.inTexts = weightsOfTexts(search, asked);
    this.inSheets = weightsOfSheets(asked, candidates, search.sheetScale);
  }

  /**
   * @param {number} row
   * @returns {number[]} its parts
   */
  of(row) {
    const { certificates, dated, seriesOf } = this.search.records;
    if (row < certificates || row >= dated) {
      return this.#ofThings(row);
    }
    const series = seriesOf[row - certificates];
    let common = this.#ofSeries.get(series);
    if (!common) {
      common = this.#ofThings(row);
      this.#ofSeries.set(series, common);
    }
    const own = this.inSheets.get(row);
    return own ? [this.#saying(own), ...common] : common;
  }

  /**
   * @param {number} row
   * @returns {number[]} the parts of the things that it belongs to
   */
  #ofThings(row) {
    return CORE_FIELDS.map((field) => this.#ofField(this.search.thingsOf(row, field), field)).filter((part) => part >= 0);
  }

  /**
   * @param {number[]} things
   * @param {CoreField} field what they are
   * @returns {number} -1 where they hold no asked term
   */
  #ofField(things, field) {
    if (things.length === 0) {
      return -1;
    }
    const known = /** @type {Map<number | number[], number>} */ (this.#known.get(field));
    // Rows of one set of systems or documents have one list of them.
    const key = things.length === 1 ? things[0] : things;
    let part = known.get(key);
    if (part === undefined) {
      const best = bestOfTexts(this.search.textsOf(things, field), this.inTexts);
      part = best.length > 0 ? this.#add(best, field) : -1;
      known.set(key, part);
    }
    return part;
  }

  /** @param {Weights} own what a datasheet says */
  #saying(own) {
    const key = own.join();
    let part = this.#said.get(key);
    if (part === undefined) {
      part = this.#add(own, "title");
      this.#said.set(key, part);
    }
    return part;
  }

  /**
   * @param {Weights} weights
   * @param {CoreField} field
   */
  #add(weights, field) {
    const boost = FIELD_BOOSTS[field];
    return this.weights.push(weights.map((number, place) => (place % 2 === 0 ? number : number * boost))) - 1;
  }
}

/**
 * The scores that lunr gives to parts. They are its documents, with one field, for a score of several fields is the sum
 * of theirs: lunr asks each with the same vector.
 * @param {Lunr} lunr
 * @param {Weights[]} parts
 * @param {Map<string, Match>} asked
 * @returns {Float64Array} by part
 */
function scoresBy(lunr, parts, asked) {
  const terms = [...asked.keys()];
  /** @type {Record<string, any>} */
  const invertedIndex = Object.create(null);
  /** @type {Record<string, any>} */
  const fieldVectors = Object.create(null);
  parts.forEach((weights, part) => {
    for (let place = 0; place < weights.length; place += 2) {
      const term = weights[place];
      (invertedIndex[terms[term]] ??= { _index: term, [FIELD]: Object.create(null) })[FIELD][part] = NOTHING_MORE;
    }
    fieldVectors[`${FIELD}/${part}`] = new lunr.Vector(weights);
  });
  // What is asked for is held as it is: lunr need not look it up, and would lose terms with digits (its issue 503).
  const tokenSet = { intersect: (/** @type {any} */ term) => term };
  const index = new lunr.Index({ invertedIndex, fieldVectors, tokenSet, fields: [FIELD] });
  /** @type {{ ref: string, score: number }[]} */
  const answers = index.query((/** @type {any} */ query) => {
    for (const term of Object.keys(invertedIndex)) {
      query.term(term, { boost: asked.get(term)?.factor, usePipeline: false });
    }
  });
  const scores = new Float64Array(parts.length);
  answers.forEach(({ ref, score }) => (scores[Number(ref)] = score));
  return scores;
}

const FIELD = "text";
/** What lunr may tell of a term in a document. */
const NOTHING_MORE = {};

/**
 * @param {number[]} texts
 * @param {Map<number, Weights>} inTexts
 * @returns {Weights} the most that each asked term weighs in any of the texts
 */
function bestOfTexts(texts, inTexts) {
  const found = texts.map((text) => inTexts.get(text)).filter((weights) => weights !== undefined);
  if (found.length < 2) {
    return found[0] ?? [];
  }
  /** @type {Map<number, number>} */
  const best = new Map();
  for (const weights of found) {
    for (let place = 0; place < weights.length; place += 2) {
      best.set(weights[place], Math.max(weights[place + 1], best.get(weights[place]) ?? 0));
    }
  }
  return [...best].sort(([a], [b]) => a - b).flat();
}

/**
 * What the asked terms weigh in each text of the core.
 * @param {WordSearch} search
 * @param {Map<string, Match>} asked
 * @returns {Map<number, Weights>}
 */
function weightsOfTexts(search, asked) {
  const { postings, weights } = search.core;
  /** @type {Map<number, Weights>} */
  const held = new Map();
  let term = 0;
  for (const { core, most } of asked.values()) {
    for (let item = postings.starts[core] ?? 0; core >= 0 && item < postings.starts[core + 1]; item += 1) {
      add(held, postings.items[item], term, Math.min(weights[item], most));
    }
    term += 1;
  }
  return held;
}

/**
 * What the asked terms weigh in what candidates say themselves.
 * @param {Map<string, Match>} asked
 * @param {number[]} rows of candidates
 * @param {number} scale
 * @returns {Map<number, Weights>} by row
 */
function weightsOfSheets(asked, rows, scale) {
  const candidates = new Set(rows);
  /** @type {Map<number, Weights>} */
  const held = new Map();
  let term = 0;
  for (const { sheets, most } of asked.values()) {
    const said = sheets?.rows ?? [];
    for (let item = 0; item < said.length; item += 1) {
      if (candidates.has(said[item])) {
        add(held, said[item], term, Math.min((sheets?.weights[item] ?? 0) * scale, most));
      }
    }
    term += 1;
  }
  return held;
}

/**
 * @param {Map<number, Weights>} held
 * @param {number} place where a term stands
 * @param {number} term
 * @param {number} weight
 */
function add(held, place, term, weight) {
  const own = held.get(place);
  if (own) {
    own.push(term, weight);
  } else {
    held.set(place, [term, weight]);
  }
}
