// @ts-check
/** The words that script prints on any page, a small file a language, fetched when a word is needed. */

/** @type {Map<string, Promise<Record<string, string>>>} */
const loaded = new Map();

/**
 * @param {string} language
 * @returns {Promise<Record<string, string>>} empty where they could not be read: then nothing is printed
 */
export function pageWords(language) {
  return wordsOf(encodeURIComponent(language));
}

/**
 * The words of citations, lists and badges, with those of any page.
 * @param {string} language
 * @returns {Promise<Record<string, string>>} empty where they could not be read
 */
export async function citingWords(language) {
  const [common, own] = await Promise.all([pageWords(language), wordsOf(`citing/${encodeURIComponent(language)}`)]);
  return common.copy && own.cite_copy ? { ...common, ...own } : {};
}

/**
 * The language that an element's text is in.
 * @param {Element} element
 * @returns {string}
 */
export function languageOf(element) {
  return element.closest("[lang]")?.getAttribute("lang") ?? "";
}

/**
 * @param {string} name of a file of words
 * @returns {Promise<Record<string, string>>}
 */
function wordsOf(name) {
  let words = loaded.get(name);
  if (!words) {
    words = read(name);
    loaded.set(name, words);
  }
  return words;
}

/**
 * @param {string} name
 * @returns {Promise<Record<string, string>>}
 */
async function read(name) {
  try {
    const answer = await fetch(new URL(`./words/${name}.json`, import.meta.url));
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}
