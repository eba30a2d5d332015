// @ts-check
/**
 * The first answer: the certificates that bear a number, from `certificates.json` alone. It stands while the rest of the
 * search is still on its way, with number, mark and status; what a certificate refers to has not come yet. Pure.
 */

import { decodeCertificates, decodeSystemNames } from "./certificates.js";
import { ExactNumbers } from "./exact-numbers.js";
import { cleanQuery } from "./query.js";

/**
 * @typedef {import("./payload.js").Names} Names
 * @typedef {import("./payload.js").Records} Records
 */

/** Who bears a number is a matter of one record or a few; a list is the search's own. */
const MOST = 10;

/**
 * @param {string} search a URL's query
 * @returns {string | null} the number that it asks for; null where it asks for anything else, or filters
 */
export function numberAsked(search) {
  const parameters = [...new URLSearchParams(search)];
  const q = parameters.length === 1 && parameters[0][0] === "q" ? cleanQuery(parameters[0][1]) : "";
  return /\p{N}/u.test(q) ? q : null;
}

/**
 * @param {any} columns `certificates.json`
 * @param {string} query from `numberAsked`
 * @param {string} lang the page's
 * @returns {{ records: Records, names: Names, rows: number[], number: string }} of records and names what certificates
 *   have; `rows` bear the number, in the order in which the search shows them; none where nothing or too much does
 * @throws {TypeError | RangeError} where the columns are damaged
 */
export function firstAnswer(columns, query, lang) {
  const { system, ...certificates } = decodeCertificates(columns);
  const count = system.length;
  const records = /** @type {Records} */ (
    /** @type {unknown} */ ({
      ...certificates,
      count,
      certificates: count,
      dated: count,
      systemSet: system,
      systemSets: certificates.systems.map((_, own) => [own]),
      documentNumbers: [],
    })
  );
  const names = /** @type {Names} */ (/** @type {unknown} */ ({ systems: decodeSystemNames(columns, lang) }));
  const { exact, forms } = new ExactNumbers(records, names).exactly(query);
  return { records, names, rows: exact.length > MOST ? [] : exact, number: forms.at(-1) ?? "" };
}
