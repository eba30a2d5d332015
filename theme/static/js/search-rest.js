// @ts-check
/**
 * The search page but for its first answer, and of what runs on every page that which it has. What the first answer took
 * is not fetched again.
 */

import "./search-first.js";
import { makeFilters } from "./filter-form.js";
import { wholeCore } from "./reading.js";
import * as search from "./search.js";
import { listenForSlash } from "./slash.js";
import { tellStaleData } from "./stale.js";

listenForSlash();
void tellStaleData();

/**
 * @param {HTMLElement} root
 * @param {any} core `core.json`
 * @param {any} certificates `certificates.json`; null where they are damaged
 * @param {Record<string, string>} words
 * @returns {Promise<void>}
 * @throws {import("./reading.js").PayloadError} where the core is damaged, or of another release
 */
export async function startSearch(root, core, certificates, words) {
  const form = root.querySelector("form[data-facets]");
  if (form instanceof HTMLFormElement) {
    makeFilters(form, words);
  }
  await search.startSearch(root, wholeCore(core, certificates), words);
}
