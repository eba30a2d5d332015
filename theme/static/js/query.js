// @ts-check
/** A query as it is searched. */

const LONGEST_QUERY = 100;

/**
 * A typed query as it is searched: what is beyond 100 characters is left out, and so is what nobody sees.
 * @param {string} text
 * @returns {string}
 */
export function cleanQuery(text) {
  const plain = text.replace(/[\p{Cf}\p{Cs}]+/gu, "").replace(/\p{Cc}+/gu, " ");
  return [...plain.trim()].slice(0, LONGEST_QUERY).join("");
}
