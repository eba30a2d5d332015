// @ts-check
/**
 * What a query's words weigh for the things that records refer to. Few texts of the core hold them, so these are gone
 * through, and not all things. Pure.
 */

import { CORE_FIELDS } from "./core-words.js";

/**
 * @typedef {import("./core-words.js").CoreField} CoreField
 * @typedef {import("./core-words.js").CoreIndex} CoreIndex
 * @typedef {import("./matching.js").Match} Match
 * @typedef {import("./payload.js").Records} Records
 */

/**
 * Scores as rows ask for them, 0 for none: by certificate, product (its group's too), holder, unit and document, and by
 * set of systems and of documents, the best among what it holds.
 * @typedef {object} Scores
 * @property {Float32Array} title
 * @property {Float32Array} product
 * @property {Float32Array} holder
 * @property {Float32Array} unit
 * @property {Float32Array} document
 * @property {Float32Array} systems
 * @property {Float32Array} documents
 */

/** How much a match in a field counts; `title` is what a record itself says. */
export const FIELD_BOOSTS = { title: 1.3, product: 1.3, group: 0.7, holder: 1, unit: 0.8, system: 0.8, document: 0.6 };

export class Scoring {
  /**
   * @param {CoreIndex} core
   * @param {Records} records
   */
  constructor(core, records) {
    this.core = core;
    this.records = records;
    /** The place of each field's first thing among all things, and of the last one's end. */
    this.places = /** @type {Record<CoreField, [number, number]>} */ ({});
    let things = 0;
    for (const field of CORE_FIELDS) {
      const from = things;
      things += core.texts[field].starts.length - 1;
      this.places[field] = [from, things];
    }
    this.boosts = new Float64Array(things);
    CORE_FIELDS.forEach((field) => this.boosts.fill(FIELD_BOOSTS[field], ...this.places[field]));
    this.spoken = spokenOf(core, this.places);
    this.noSystems = new Float32Array(records.systemSets.length);
    this.noDocuments = new Float32Array(records.documentSets.length);
  }

  /**
   * The scores of things for each word, and which have a text that holds all words.
   * @param {Match[][]} meanings
   * @returns {{ words: Scores[], together: Scores }}
   */
  score(meanings) {
    const { postings, weights, textCount } = this.core;
    const { starts, items } = this.spoken;
    const { boosts } = this;
    const held = new Uint16Array(textCount);
    const all = (1 << meanings.length) - 1;
    const together = new Float32Array(boosts.length);
    const words = meanings.map((matches, word) => {
      const scores = new Float32Array(boosts.length);
      for (const { core, factor, most } of matches) {
        const end = core < 0 ? 0 : postings.starts[core + 1];
        for (let item = core < 0 ? 0 : postings.starts[core]; item < end; item += 1) {
          const text = postings.items[item];
          const score = Math.fround(Math.min(weights[item], most) * factor);
          held[text] |= 1 << word;
          for (let place = starts[text]; place < starts[text + 1]; place += 1) {
            const thing = items[place];
            scores[thing] = Math.max(scores[thing], score * boosts[thing]);
            if (held[text] === all) {
              together[thing] = 1;
            }
          }
        }
      }
      return this.#asRowsAsk(scores);
    });
    return { words, together: this.#asRowsAsk(together) };
  }

  /**
   * @param {Float32Array} scores of all things
   * @returns {Scores}
   */
  #asRowsAsk(scores) {
    const { productGroups, systemSets, documentSets } = this.records;
    /** @param {CoreField} field */
    const of = (field) => scores.subarray(...this.places[field]);
    const [product, group, system, document] = [of("product"), of("group"), of("system"), of("document")];
    for (let number = 0; number < product.length; number += 1) {
      product[number] = Math.max(product[number], group[productGroups[number]]);
    }
    return {
      title: of("title"),
      product,
      holder: of("holder"),
      unit: of("unit"),
      document,
      systems: bestOfSets(systemSets, system, this.noSystems),
      documents: bestOfSets(documentSets, document, this.noDocuments),
    };
  }
}

/**
 * The things that each text of the core speaks of, by their places among all.
 * @param {CoreIndex} core
 * @param {Record<CoreField, [number, number]>} places
 * @returns {import("./payload.js").Ragged}
 */
function spokenOf({ texts, textCount }, places) {
  const starts = new Int32Array(textCount + 1);
  for (const field of CORE_FIELDS) {
    const { items } = texts[field];
    for (let item = 0; item < items.length; item += 1) {
      starts[items[item] + 1] += 1;
    }
  }
  for (let text = 0; text < textCount; text += 1) {
    starts[text + 1] += starts[text];
  }
  const next = starts.slice();
  const things = new Int32Array(starts[textCount]);
  for (const field of CORE_FIELDS) {
    const { starts: first, items } = texts[field];
    const [from] = places[field];
    for (let thing = 0; thing < first.length - 1; thing += 1) {
      for (let item = first[thing]; item < first[thing + 1]; item += 1) {
        things[next[items[item]]++] = from + thing;
      }
    }
  }
  return { starts, items: things };
}

/**
 * @param {number[][]} sets of things
 * @param {Float32Array} scores of things
 * @param {Float32Array} none what there is where no thing has a score
 * @returns {Float32Array} the best of each set
 */
function bestOfSets(sets, scores, none) {
  if (scores.every((score) => score === 0)) {
    return none;
  }
  return Float32Array.from(sets, (things) => {
    let most = 0;
    for (const thing of things) {
      most = Math.max(most, scores[thing]);
    }
    return most;
  });
}
