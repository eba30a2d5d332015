// @ts-check
/** The words that script prints on any page, a small file a language, fetched when a word is needed. */

/** @type {Map<string, Promise<Record<string, string>>>} */
const loaded = new Map();

/**
 * @param {string} language
 * @returns {Promise<Record<string, string>>} empty where they could not be read: then nothing is printed
 */
export function pageWords(language) {
  let words = loaded.get(language);
  if (!words) {
    words = read(language);
    loaded.set(language, words);
  }
  return words;
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
 * @param {string} language
 * @returns {Promise<Record<string, string>>}
 */
async function read(language) {
  try {
    const answer = await fetch(new URL(`./words/${encodeURIComponent(language)}.json`, import.meta.url));
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}
