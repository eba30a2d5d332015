// @ts-check
/**
 * Which words of a query stand nowhere in the core: to look at its texts as they are written is a guess, quick and nearly
 * always right, made before their index is. Pure.
 */

import { isLetter, isLetterOrDigit, isPlain } from "./characters.js";
import { fold } from "./folding.js";
import { parts, readings } from "./words.js";

/**
 * @typedef {object} Expected
 * @property {string} word folded
 * @property {boolean} inCore whether the core holds it too
 * @property {boolean} unfinished whether more letters of it may follow
 */

/** What of the core is searched in words. */
const TEXTS = [
  ...["systems", "system_names", "group_names", "product_names", "synonyms", "document_numbers", "document_titles"],
  ...["holder_names", "former_names", "places", "units", "region_names", "country_names", "titles"],
];

const WORD = /[\p{L}\p{N}]+/gu;

/**
 * @param {string} query
 * @param {any} core
 * @param {Set<string>} elsewhere words of the core that datasheets have too
 * @returns {Expected[]} the words that datasheets are asked for; none where they are a record's number sooner
 */
export function wordsElsewhere(query, core, elsewhere) {
  const [{ words, unfinished }] = readings(query, core.units_of_values);
  const text = JSON.stringify(TEXTS.map((name) => core[name])).toLowerCase();
  // As it was typed: the texts have their accents still.
  const accented = isPlain(query) ? [] : (query.toLowerCase().match(WORD) ?? []);
  const typed = new Map(accented.map((word) => [fold(word), word]));
  const expected = words.map((word, place) => {
    const apart = parts(word)?.join(" ");
    const written = [typed.get(word) ?? word, ...(apart ? [apart] : [])];
    // Digits alone stand in names that say nothing of values.
    const inCore = holdsLetter(word) && written.some((form) => standsIn(text, form));
    return { word, inCore, unfinished: unfinished && place === words.length - 1 };
  });
  const asked = expected.filter(({ word, inCore }) => !inCore || elsewhere.has(word));
  // Digits alone, or behind words of the core, are a record's number sooner than a declared value.
  return asked.some(({ word }) => holdsLetter(word)) ? asked : [];
}

/** @param {string} word */
function holdsLetter(word) {
  return [...word].some(isLetter);
}

/**
 * @param {string} text
 * @param {string} word
 * @returns {boolean} whether the text holds it as a whole word
 */
function standsIn(text, word) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isLetterOrDigit(text[at - 1] ?? "") && !isLetterOrDigit(text[at + word.length] ?? "")) {
      return true;
    }
  }
  return false;
}
