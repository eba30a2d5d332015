// @ts-check
/** Numbers that the register listed once and lists no more: asked where a number is not found as it was typed. */

import { searchForms } from "./numbers.js";

/**
 * @typedef {object} Unlisted
 * @property {string[]} systems names that may stand before a number
 * @property {[forms: string[], title: string, href: string, sentence: string][]} rows
 */

/** @type {Promise<Unlisted> | null} */
let loaded = null;

/**
 * @param {string} query
 * @returns {Promise<Unlisted["rows"]>} those with this number in any spelling; none where they could not be read
 */
export async function unlistedNumbers(query) {
  if (!/\p{N}/u.test(query)) {
    return [];
  }
  loaded ??= read();
  try {
    const { systems, rows } = await loaded;
    const asked = new Set(searchForms(query, systems));
    return rows.filter(([forms]) => forms.some((form) => asked.has(form)));
  } catch {
    loaded = null;
    return [];
  }
}

/** @returns {Promise<Unlisted>} */
async function read() {
  const answer = await fetch(new URL("../unlisted.json", location.href));
  if (!answer.ok) {
    throw new Error(`unlisted.json: ${answer.status}`);
  }
  return answer.json();
}
