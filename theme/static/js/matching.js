// @ts-check
/**
 * From words to records. A record matches when each word of the query means a word of one of the texts that speak of it:
 * its own title, or a name of its product, holder, production unit, system or reference documents. Typed arrays carry
 * scores from texts to things, and from things to rows.
 */

import { FIELDS } from "./payload.js";
import { SIMILAR, Vocabulary, measurePattern, parts, queryWords } from "./words.js";

/**
 * @typedef {import("./payload.js").Field} Field
 * @typedef {import("./payload.js").Ragged} Ragged
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./payload.js").WordIndex} WordIndex
 * @typedef {import("./words.js").Match} Match
 */

/**
 * @typedef {object} Matched
 * @property {number[]} rows best first
 * @property {Float32Array} scores by row
 * @property {Match[][]} meanings of each word of the query
 * @property {string[]} unknown words that nothing in the register holds
 * @property {string[]} similar words of the register that stand for typed ones that are not in it
 */

/** How much a match in a field counts. */
export const FIELD_BOOSTS = { title: 1.3, declared: 1, product: 1.3, holder: 1, unit: 0.8, system: 0.8, document: 0.6 };

/** What a record whose words all stand in one text gains over one that gathers them from several. */
const TOGETHER = 1.5;

/** More words than this say nothing more; each is a bit of a mask. */
const MOST_WORDS = 16;

export class WordSearch {
  /**
   * @param {Records} records
   * @param {WordIndex} index
   * @param {ArrayLike<number>} lapsed by row, 1 where a record does not hold any more: of equals it comes later
   */
  constructor(records, index, lapsed) {
    this.records = records;
    this.index = index;
    this.lapsed = lapsed;
    this.vocabulary = new Vocabulary(index.terms);
    this.measures = measurePattern(index.units);
  }

  /**
   * @param {string} query
   * @returns {Matched}
   */
  find(query) {
    const words = queryWords(query, this.measures).slice(0, MOST_WORDS);
    const { known, unknown } = this.#meanings(words, /[\p{L}\p{N}]$/u.test(query));
    const scores = new Float32Array(this.records.count);
    if (unknown.length > 0 || known.length === 0) {
      return { rows: [], scores, meanings: known, unknown, similar: [] };
    }
    const { things, together } = this.#scoreThings(known);
    /** @type {number[]} */
    const rows = [];
    for (let row = 0; row < this.records.count; row += 1) {
      const score = this.#scoreOf(row, things);
      if (score > 0) {
        scores[row] = this.#bestOf(row, together) > 0 ? score * TOGETHER : score;
        rows.push(row);
      }
    }
    rows.sort((a, b) => scores[b] - scores[a] || this.amongEquals(a, b));
    return { rows, scores, meanings: known, unknown, similar: this.#similar(known) };
  }

  /**
   * The order of records that match equally well.
   * @param {number} a
   * @param {number} b
   */
  amongEquals(a, b) {
    return this.lapsed[a] - this.lapsed[b] || a - b;
  }

  /**
   * What each word means. A joined word that nothing holds is taken as its two parts, if it is not a number: `TRA 29` is
   * one where `TRA 50` is listed, and no record that happens to hold `tra` and `29` is meant.
   * @param {string[]} words
   * @param {boolean} unfinished
   */
  #meanings(words, unfinished) {
    /** @type {Match[][]} */
    const known = [];
    /** @type {string[]} */
    const unknown = [];
    words.forEach((word, index) => {
      const last = unfinished && index === words.length - 1;
      const whole = this.vocabulary.meanings(word, last);
      const pieces = whole.length > 0 ? [whole] : this.#pieces(word).map((part) => this.vocabulary.meanings(part, last));
      if (pieces.length === 0 || pieces.some((piece) => piece.length === 0)) {
        unknown.push(word);
      } else {
        known.push(...pieces);
      }
    });
    return { known: known.slice(0, MOST_WORDS), unknown };
  }

  /** @param {Match[][]} meanings */
  #similar(meanings) {
    const guessed = meanings.filter((matches) => matches.every(({ factor }) => factor <= SIMILAR)).flat();
    return guessed.map(({ term }) => this.vocabulary.terms[term]);
  }

  /**
   * @param {string} word
   * @returns {string[]} none where they would mean something else
   */
  #pieces(word) {
    const pieces = parts(word);
    return pieces && this.vocabulary.has(pieces[0]) && !this.vocabulary.isNumbered(pieces[0]) ? pieces : [];
  }

  /**
   * The score of each thing for each word, and whether one text of the thing holds all words.
   * @param {Match[][]} meanings
   */
  #scoreThings(meanings) {
    const { postings, weights, textCount, texts } = this.index;
    const all = (1 << meanings.length) - 1;
    const held = new Uint16Array(textCount);
    /** @type {Record<Field, Float32Array>[]} */
    const things = [];
    meanings.forEach((matches, word) => {
      const scores = new Float32Array(textCount);
      for (const { term, factor } of matches) {
        for (let item = postings.starts[term]; item < postings.starts[term + 1]; item += 1) {
          const text = postings.items[item];
          scores[text] = Math.max(scores[text], weights[item] * factor);
          held[text] |= 1 << word;
        }
      }
      things.push(eachField((field) => best(texts[field], scores, FIELD_BOOSTS[field])));
    });
    const complete = new Float32Array(textCount);
    held.forEach((bits, text) => (complete[text] = bits === all ? 1 : 0));
    return { things, together: eachField((field) => best(texts[field], complete, 1)) };
  }

  /**
   * @param {number} row
   * @param {Record<Field, Float32Array>[]} things one a word
   * @returns {number} 0 where a word is missing
   */
  #scoreOf(row, things) {
    let total = 0;
    for (const scores of things) {
      const score = this.#bestOf(row, scores);
      if (score === 0) {
        return 0;
      }
      total += score;
    }
    return total;
  }

  /**
   * The best score among the things that a row belongs to.
   * @param {number} row
   * @param {Record<Field, Float32Array>} scores
   * @returns {number}
   */
  #bestOf(row, scores) {
    const { certificates, dated, product, holder, unit, systemSet, systemSets } = this.records;
    if (row >= dated) {
      return scores.document[row - dated];
    }
    const { starts, items } = this.index.documentSets;
    const documents = this.index.documentSet[row];
    let score = Math.max(
      scores.title[row],
      scores.product[product[row]],
      scores.holder[holder[row]],
      scores.unit[unit[row]],
      row < certificates ? 0 : scores.declared[row - certificates],
    );
    for (const system of systemSets[systemSet[row]]) {
      score = Math.max(score, scores.system[system]);
    }
    for (let item = starts[documents]; item < starts[documents + 1]; item += 1) {
      score = Math.max(score, scores.document[items[item]]);
    }
    return score;
  }

  /**
   * The texts that speak of a row through one field.
   * @param {number} row
   * @param {Field} field
   * @returns {number[]}
   */
  textsOf(row, field) {
    const { starts, items } = this.index.texts[field];
    return this.#thingsOf(row, field).flatMap((thing) => [...items.subarray(starts[thing], starts[thing + 1])]);
  }

  /**
   * @param {number} row
   * @param {Field} field
   * @returns {number[]}
   */
  #thingsOf(row, field) {
    const { certificates, dated, product, holder, unit, systemSet, systemSets } = this.records;
    const { documentSet, documentSets } = this.index;
    if (row >= dated) {
      return field === "document" ? [row - dated] : [];
    }
    switch (field) {
      case "title":
        return [row];
      case "declared":
        return row < certificates ? [] : [row - certificates];
      case "product":
        return [product[row]];
      case "holder":
        return [holder[row]];
      case "unit":
        return [unit[row]];
      case "system":
        return systemSets[systemSet[row]];
      case "document": {
        const { starts, items } = documentSets;
        return [...items.subarray(starts[documentSet[row]], starts[documentSet[row] + 1])];
      }
    }
  }
}

/**
 * @template T
 * @param {(field: Field) => T} make
 * @returns {Record<Field, T>}
 */
function eachField(make) {
  return /** @type {Record<Field, T>} */ (Object.fromEntries(FIELDS.map((field) => [field, make(field)])));
}

/**
 * The best score among each thing's texts.
 * @param {Ragged} texts
 * @param {Float32Array} scores
 * @param {number} boost
 * @returns {Float32Array}
 */
function best({ starts, items }, scores, boost) {
  const found = new Float32Array(starts.length - 1);
  for (let thing = 0; thing < found.length; thing += 1) {
    for (let item = starts[thing]; item < starts[thing + 1]; item += 1) {
      found[thing] = Math.max(found[thing], scores[items[item]] * boost);
    }
  }
  return found;
}
