// @ts-check
/** What a few typed letters may mean as a filter: the products, holders, systems and places whose names begin so. Pure. */

import { fold } from "./words.js";

/**
 * @typedef {import("./payload.js").Name} Name
 */

/**
 * A value that can be chosen in place of the typed words.
 * @typedef {{ facet: string, id: string, name: Name, count: number }} Suggestion
 */

/** How many are offered at once: a listener hears them all before choosing. */
const MOST = 6;
/** From this length on letters mean something. */
const SHORTEST = 2;

const WORDS = /[\p{L}\p{N}]+/gu;

export class Suggestions {
  /** @type {(Omit<Suggestion, "count"> & { words: string[], place: number })[]} */
  #offered;

  /** @param {{ facet: string, values: { id: string, name: Name }[] }[]} facets in the order in which equals stand */
  constructor(facets) {
    this.#offered = facets.flatMap(({ facet, values }) =>
      values.map(({ id, name }, place) => ({ facet, id, name, place, words: wordsOf(name.text) })),
    );
  }

  /**
   * @param {string} query
   * @param {(facet: string, place: number) => number} countOf what choosing a value would leave
   * @returns {Suggestion[]} names that begin with the query first, then the most frequent; none that leaves nothing
   */
  matching(query, countOf) {
    const asked = wordsOf(query);
    if (asked.join("").length < SHORTEST || !/\p{L}/u.test(query)) {
      return [];
    }
    const found = this.#offered
      .filter(({ words }) => asked.every((word) => words.some((own) => own.startsWith(word))))
      .map(({ facet, id, name, place, words }) => ({
        suggestion: { facet, id, name, count: countOf(facet, place) },
        begins: words[0]?.startsWith(asked[0] ?? "") ? 0 : 1,
      }))
      .filter(({ suggestion }) => suggestion.count > 0);
    found.sort((a, b) => a.begins - b.begins || b.suggestion.count - a.suggestion.count);
    return found.slice(0, MOST).map(({ suggestion }) => suggestion);
  }
}

/**
 * @param {string} text
 * @returns {string[]}
 */
function wordsOf(text) {
  return fold(text).match(WORDS) ?? [];
}
