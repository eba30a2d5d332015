// @ts-check
/**
 * Counts as the page's language writes them. `Intl` would do the same, after 0.05 s in which a slow telephone loads what
 * it needs for that: longer than it takes to render the results that are counted.
 */

/**
 * @typedef {object} Counting
 * @property {(count: number) => string} number a whole number, none negative, with the language's groups
 * @property {(key: string, count: number) => string} plural one of two words, `<key>_one` and `<key>_other`, with its {n}
 */

/**
 * @param {Record<string, string>} words with `thousands`, the sign between groups of three digits, and `singular`, the
 *   counts that take the singular, a comma between them
 * @returns {Counting}
 */
export function countingIn(words) {
  const singular = new Set(words.singular.split(",").map(Number));
  const number = (/** @type {number} */ count) => `${count}`.replace(/\B(?=(?:\d{3})+$)/g, () => words.thousands);
  return {
    number,
    plural: (key, count) => words[`${key}_${singular.has(count) ? "one" : "other"}`].replace("{n}", () => number(count)),
  };
}
