// @ts-check
/**
 * What the search page runs first: small, for it answers a certificate's number before anything else is fetched. Then it
 * brings the search itself, at once where something else was asked.
 */

import { readCore, readFile } from "./certificates.js";
import { firstAnswer, numberAsked } from "./first-answer.js";
import { startLanguageSwitch } from "./language-switch.js";
import { start } from "./modules.js";
import { cleanQuery } from "./query.js";
import { release } from "./release.js";
import { Results } from "./results.js";
import { notBefore, todayInBrussels } from "./status.js";

/** Nothing says that it loads before this many milliseconds. */
const PATIENCE = 300;

start({ "language-switch": startLanguageSwitch, search: startSearchPage });

/**
 * @param {HTMLElement} root the element with `data-payload`, `data-lunr` and `data-lang`
 * @returns {Promise<void>}
 */
async function startSearchPage(root) {
  const words = JSON.parse(root.querySelector("[data-words]")?.textContent ?? "{}");
  const folder = new URL(root.dataset.payload ?? "", location.href);
  const box = root.querySelector("input[name=q]");
  if (box instanceof HTMLInputElement) {
    box.value = cleanQuery(new URLSearchParams(location.search).get("q") ?? "");
  }
  const certificates = readFile(folder, "certificates.json");
  const number = numberAsked(location.search);
  if (number !== null) {
    // What is wrong with the file is said by the search, which needs it too.
    await certificates.then((columns) => showFirst(root, words, folder, columns, number)).catch(() => {});
  }
  const slow = setTimeout(() => tell(root, "[data-count]", words.loading), PATIENCE);
  try {
    const [core, further, { startSearch }] = await Promise.all([
      readCore(folder, certificates),
      readFile(new URL("./words/", import.meta.url), `search.${root.dataset.lang}.json`),
      import("./search-rest.js"),
    ]);
    clearTimeout(slow);
    tell(root, "[data-count]", "");
    await startSearch(root, core, { ...words, ...further });
  } catch (fault) {
    clearTimeout(slow);
    tell(root, "[data-count]", "");
    const message = document.createElement("p");
    message.className = "notice notice--note";
    message.textContent = words.failed;
    root.querySelector("[data-message]")?.replaceChildren(message);
    throw fault;
  }
}

/**
 * @param {HTMLElement} root
 * @param {string} selector
 * @param {string} text
 */
function tell(root, selector, text) {
  const element = root.querySelector(selector);
  if (element) {
    element.textContent = text;
  }
}

/**
 * Show who bears the number, unless something else was typed meanwhile.
 * @param {HTMLElement} root
 * @param {Record<string, string>} words
 * @param {URL} folder
 * @param {any} columns
 * @param {string} query
 */
function showFirst(root, words, folder, columns, query) {
  const lang = root.dataset.lang ?? document.documentElement.lang;
  const { records, names, rows, number } = firstAnswer(columns, query, lang);
  const template = root.querySelector("template[data-result]");
  if (template instanceof HTMLTemplateElement) {
    const sheets = { sheet: () => null, numberOf: (/** @type {number} */ row) => records.numbers[row] };
    const home = new URL(`../../${lang}/`, folder);
    const results = new Results({ records, names, sheets, words, lang, home, release: release(), template });
    const today = notBefore(todayInBrussels(new Date()), results.release.exported);
    const items = rows.map((row) => results.render(row, today, { terms: new Set(), number }));
    root.querySelector("[data-results]")?.replaceChildren(...items);
  }
}
