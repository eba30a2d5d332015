// @ts-check
/** A query as it is searched. */

import { isPlain } from "./characters.js";

const LONGEST_QUERY = 100;

/**
 * A typed query as it is searched: what is beyond 100 characters is left out, and so is what nobody sees.
 * @param {string} text
 * @returns {string}
 */
export function cleanQuery(text) {
  const seen = isPlain(text) ? text : text.replace(/[\p{Cf}\p{Cs}]+/gu, "").replace(/\p{Cc}+/gu, " ");
  return [...seen.trim()].slice(0, LONGEST_QUERY).join("");
}
