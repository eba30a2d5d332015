// @ts-check
/** The pages of text beside the register, found by the words of their titles, summaries and headings. Pure. */

import { Vocabulary, queryWords, terms } from "./words.js";

/**
 * @typedef {object} ContentPage
 * @property {string} name its address below the language's
 * @property {string} title
 * @property {string} summary
 * @property {string[]} headings
 */

/**
 * @typedef {object} FoundPages
 * @property {number[]} called pages whose title is mostly what was asked for
 * @property {number[]} others
 * @property {Set<string>} terms the words that the query's words mean there
 */

/** A title of which this share was asked for is meant. */
const MOSTLY = 0.5;

export class ContentPages {
  /** @type {{ title: Set<string>, all: Set<string> }[]} */
  #words;

  /** @param {ContentPage[]} pages `pages.<lang>.json` */
  constructor(pages) {
    this.pages = pages;
    this.#words = pages.map(({ title, summary, headings }) => {
      const called = queryWords(title);
      return { title: new Set(called), all: new Set([...called, ...terms([summary, ...headings].join(" "))]) };
    });
    this.vocabulary = new Vocabulary([...new Set(this.#words.flatMap(({ all }) => [...all]))].sort(byCodeUnit));
  }

  /**
   * @param {string} query
   * @returns {FoundPages} the numbers of pages that hold every word, no word guessed
   */
  find(query) {
    const asked = queryWords(query).map((word, index, words) => {
      const unfinished = index === words.length - 1 && /[\p{L}\p{N}]$/u.test(query);
      return new Set(this.vocabulary.known(word, unfinished, this.vocabulary.has(word)).keys());
    });
    /** @type {FoundPages} */
    const found = { called: [], others: [], terms: new Set(asked.flatMap((words) => [...words])) };
    if (asked.length === 0) {
      return found;
    }
    this.#words.forEach(({ title, all }, page) => {
      const meant = [...title].filter((word) => asked.some((words) => words.has(word))).length;
      if (asked.every((words) => meets(words, title)) && meant >= title.size * MOSTLY) {
        found.called.push(page);
      } else if (asked.every((words) => meets(words, all))) {
        found.others.push(page);
      }
    });
    return found;
  }
}

/**
 * @param {Set<string>} some
 * @param {Set<string>} others
 */
function meets(some, others) {
  for (const word of some) {
    if (others.has(word)) {
      return true;
    }
  }
  return false;
}

/**
 * @param {string} a
 * @param {string} b
 */
function byCodeUnit(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
