// @ts-check
/** The small register of `tests/unit/search_register.py`, as the browser's modules take it. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { WordSearch } from "../../theme/static/js/matching.js";
import { decodeNames, decodeRecords, decodeWords } from "../../theme/static/js/payload.js";
import { Resolver } from "../../theme/static/js/resolver.js";

const FOLDER = new URL("../vectors/payload/", import.meta.url);

/**
 * @param {string} name
 * @returns {any} a new copy each time
 */
export function file(name) {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf-8"));
}

/**
 * lunr as npm brings it, without what another test mended.
 * @returns {any}
 */
export function plainLunr() {
  const require = createRequire(import.meta.url);
  delete require.cache[require.resolve("lunr")];
  return require("lunr");
}

export const records = decodeRecords(file("records.json"));
export const names = decodeNames(file("names.nl.json"), records);
export const resolver = new Resolver(records, names);
/** As if the first certificate of BENOR's two on clay pipes had lapsed, and the first of all. */
export const lapsed = Uint8Array.from(records.numbers, (number) => (number === "1-23" || number === "NO 3157" ? 1 : 0));
export const words = {
  search: new WordSearch(records, decodeWords(file("words.json"), records), lapsed),
  lunr: plainLunr(),
};

/**
 * @param {Iterable<number>} rows
 * @returns {string[]} their numbers, a certificate's after its system
 */
export function numbersOf(rows) {
  return Array.from(rows, (row) => {
    if (row >= records.certificates) {
      return records.numbers[row];
    }
    const [system] = records.systemSets[records.systemSet[row]];
    return `${records.systems[system]} ${records.numbers[row]}`;
  });
}
