// @ts-check
/**
 * What the search page runs first. It stands inside the page and runs before the stylesheets have come, for it answers a
 * certificate's number with nothing but what stands there too. Then it brings the search itself, at once where something
 * else was asked (docs/decisions/0027).
 */

import { readCore, readFile } from "./certificates.js";
import { firstAnswer, numberAsked } from "./first-answer.js";
import { startLanguageSwitch } from "./language-switch.js";
import { start } from "./modules.js";
import { cleanQuery } from "./query.js";
import { releaseArrived } from "./release.js";
import { Results } from "./results.js";
import { notBefore, todayInBrussels } from "./status.js";

/** Nothing says that it loads before this many milliseconds. */
const PATIENCE = 300;

/** The certificates of the page; null where they are damaged, which the search says, for it needs them too. */
const certificates = readJson("[data-certificates]", null);
/** @type {Record<string, string>} */
const words = readJson("[data-words]", {});
const firstShown = showFirst();

/**
 * Show who bears the number that was asked for, if there is one. It is found while the page is still read, and stands
 * before anything is painted.
 * @returns {Promise<void>}
 */
async function showFirst() {
  const number = numberAsked(location.search);
  if (number === null) {
    return;
  }
  try {
    const { lang } = document.documentElement;
    const first = firstAnswer(certificates, number, lang);
    const template = document.querySelector("template[data-result]");
    if (template instanceof HTMLTemplateElement && first.rows.length > 0) {
      const { records, names, rows } = first;
      const list = await parsed("[data-results]");
      const release = await releaseArrived();
      const sheets = { sheet: () => null, numberOf: (/** @type {number} */ row) => records.numbers[row] };
      const root = list.closest("[data-payload]");
      const home = new URL(`../../${lang}/`, new URL(root?.getAttribute("data-payload") ?? "", location.href));
      const results = new Results({ records, names, sheets, words, lang, home, release, template });
      const today = notBefore(todayInBrussels(new Date()), release.exported);
      const items = rows.map((row) => results.render(row, today, { terms: new Set(), number: first.number }));
      list.replaceChildren(...items);
    }
  } catch {
    // What is wrong is said by the search.
  }
}

/**
 * @param {string} selector
 * @returns {Promise<Element>} as soon as the page has been read so far
 * @throws {Error} where the page has none
 */
function parsed(selector) {
  return new Promise((done, failed) => {
    const look = () => {
      const element = document.querySelector(selector);
      if (element || document.readyState !== "loading") {
        watcher.disconnect();
        element ? done(element) : failed(new Error(`the page has no ${selector}`));
      }
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document, { childList: true, subtree: true });
    look();
  });
}

/**
 * @param {HTMLElement} root the element with `data-payload`, `data-scripts`, `data-lunr` and `data-lang`
 * @returns {Promise<void>}
 */
async function startSearchPage(root) {
  const folder = new URL(root.dataset.payload ?? "", location.href);
  const scripts = new URL(root.dataset.scripts ?? "", location.href);
  const box = root.querySelector("input[name=q]");
  if (box instanceof HTMLInputElement) {
    box.value = cleanQuery(new URLSearchParams(location.search).get("q") ?? "");
  }
  await firstShown;
  const slow = setTimeout(() => tell(root, "[data-count]", words.loading), PATIENCE);
  try {
    const [core, further, { startSearch }] = await Promise.all([
      readCore(folder, Promise.resolve(certificates)),
      readFile(new URL("words/", scripts), `search.${root.dataset.lang}.json`),
      import(new URL("search-rest.js", scripts).href),
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
 * @param {string} selector of a block of data
 * @param {any} otherwise where it is missing or damaged
 * @returns {any}
 */
function readJson(selector, otherwise) {
  try {
    return JSON.parse(document.querySelector(selector)?.textContent ?? "");
  } catch {
    return otherwise;
  }
}

function startPage() {
  start({ "language-switch": startLanguageSwitch, search: startSearchPage });
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", startPage);
} else {
  startPage();
}
