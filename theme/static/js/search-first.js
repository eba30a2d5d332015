// @ts-check
/**
 * What the search page runs first. It stands inside the page and runs before the stylesheets have come, for it answers a
 * certificate's number with nothing but what stands there too. Then it brings the search itself, at once where something
 * else was asked (docs/decisions/0027).
 */

import { slugOf } from "./certificates.js";
import { firstAnswer, numberAsked } from "./first-answer.js";
import { startLanguageSwitch } from "./language-switch.js";
import { placeInNumber } from "./number-marking.js";
import { cleanQuery } from "./query.js";
import { releaseArrived } from "./release.js";
import { dayFormat, notBefore, todayInBrussels, toldStatus } from "./status.js";
import { timelineOf } from "./timelines.js";

/** @typedef {Record<"href" | "mark" | "number" | "kind" | "tone" | "sentence", string>} FirstResult */

/** Nothing says that it loads before this many milliseconds. */
const PATIENCE = 300;
/** The rest waits no longer for its stylesheet, in milliseconds: results are worth more than their looks. */
const LONGEST_STYLING = 4000;

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
    const { records, names, rows, number: asked } = firstAnswer(certificates, number, lang);
    const template = document.querySelector("template[data-result]");
    if (!(template instanceof HTMLTemplateElement) || rows.length === 0) {
      return;
    }
    const list = await parsed("[data-results]");
    const release = await releaseArrived();
    const root = list.closest("[data-payload]");
    const payload = new URL(root?.getAttribute("data-payload") ?? "", location.href);
    const pages = new URL(`../../${lang}/certificates/`, payload).href;
    const format = dayFormat(lang, words.months);
    const today = notBefore(todayInBrussels(new Date()), release.exported);
    const items = rows.map((row) => {
      const system = records.systemSet[row];
      const number = records.numbers[row];
      const approval = records.systemKinds[system] === "technical-approval";
      const result = {
        ...toldStatus(words, timelineOf(records, records.certified, row), today, release, format),
        href: `${pages}${encodeURIComponent(slugOf(records, row, number))}/`,
        mark: names.systems[system].text,
        number,
        kind: words[approval ? "kind_approval" : "kind_certificate"],
      };
      return rendered(template, result, asked);
    });
    list.replaceChildren(...items);
  } catch {
    // What is wrong is said by the search.
  }
}

/**
 * The same as `Results` writes once all has come, but for what a certificate refers to.
 * @param {HTMLTemplateElement} template
 * @param {FirstResult} result
 * @param {string} asked
 */
function rendered(template, { href, mark, number, kind, tone, sentence }, asked) {
  const item = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const { start, end } = placeInNumber(number, asked) ?? { start: 0, end: 0 };
  const marked = document.createElement("mark");
  marked.textContent = number.slice(start, end);
  item.querySelector("a")?.setAttribute("href", href);
  tell(item, "[data-slot=mark]", mark);
  tell(item, "[data-slot=kind]", kind);
  tell(item, "[data-status-sentence]", sentence);
  item.querySelector("[data-slot=number]")?.append(number.slice(0, start), ...(end ? [marked] : []), number.slice(end));
  const status = item.querySelector("[data-slot=status]");
  sentence ? status?.classList.add(`status--${tone}`) : status?.remove();
  return item;
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
      fetched(new URL("core.json", folder)),
      fetched(new URL(`words/search.${root.dataset.lang}.json`, scripts)),
      import(new URL("search-rest.js", scripts).href),
      styled(new URL("../css/search-rest.css", scripts)),
    ]);
    clearTimeout(slow);
    tell(root, "[data-count]", "");
    await startSearch(root, core, certificates, { ...words, ...further });
  } catch (fault) {
    clearTimeout(slow);
    tell(root, "[data-count]", "");
    const message = document.createElement("p");
    message.className = "notice notice--note";
    message.textContent = words.failed;
    root.querySelector("[data-message]")?.replaceChildren(message);
    console.error("the search could not start", fault);
  }
}

/**
 * @param {URL} address
 * @returns {Promise<any>} what stands there as JSON
 */
async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) {
    throw new Error(`${address} is not there`);
  }
  return answer.json();
}

/**
 * Bring the stylesheet of what only the rest shows; where it does not come, all works as it is.
 * @param {URL} address
 */
function styled(address) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address.href;
  document.head.append(link);
  return new Promise((done) => {
    link.onload = link.onerror = done;
    setTimeout(done, LONGEST_STYLING);
  });
}

/**
 * @param {ParentNode} root
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
  for (const element of document.querySelectorAll("[data-module]")) {
    if (element instanceof HTMLElement) {
      const { module } = element.dataset;
      if (module === "search") {
        void startSearchPage(element);
      } else if (module === "language-switch") {
        startLanguageSwitch(element);
      }
    }
  }
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", startPage);
} else {
  startPage();
}
