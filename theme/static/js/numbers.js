// @ts-check
/**
 * How numbers are compared and addressed: the twin of `plugins/keur/numbers.py`, held to it by
 * `tests/vectors/numbers.json`. Of slugs only the plain rule stands here; where the register gave a record another
 * one (a suffix, a hash), the search data names it.
 */

import { isLetter, isLetterOrDigit, isPlain } from "./characters.js";

const NUMBER_WORDS = ["NR", "NO", "N°"];
const NOT_ALPHANUMERIC = /[^\p{L}\p{N}]+/gu;
/** Letters with the marks that are seen, and digits; a mark by itself is a sign. */
const ADDRESSED = /(?:\p{L}(?:(?!\p{Default_Ignorable_Code_Point})\p{M})*|\p{N})+/gu;
const NOT_ASCII_DIGIT = /(?![0-9])\p{Nd}/gu;

/**
 * The letters and digits of a text, upper case and without width: `29/0107` is `290107`. So is `٢٩/٠١٠٧`: decimal digits
 * of any script are those of ASCII.
 * @param {string} text
 * @returns {string}
 */
export function compact(text) {
  if (isPlain(text)) {
    return text.toUpperCase().replace(/[^A-Z0-9]+/g, "");
  }
  return normal(normal(text).replace(NOT_ALPHANUMERIC, ""));
}

/**
 * The forms by which a number is found: the exact spelling, then with one leading word less each. A leading word is the
 * name of a system, or one of `NR`, `NO` and `N°`; the last word is never taken away.
 * @param {string} text
 * @param {Iterable<string>} [systemNames] a record gives the names of its own system, a query those of all
 * @returns {string[]} never empty, unless the text is
 */
export function searchForms(text, systemNames = []) {
  return searchFormsBy(text, leadingWords(systemNames));
}

/**
 * The leading words that `searchFormsBy` takes, longest first: made once for many numbers.
 * @param {Iterable<string>} systemNames
 * @returns {string[]}
 */
export function leadingWords(systemNames) {
  const words = new Set(NUMBER_WORDS);
  for (const name of systemNames) {
    words.add(compact(name));
  }
  words.delete("");
  return [...words].sort((a, b) => [...b].length - [...a].length || byCodePoint(a, b));
}

/**
 * @param {string} text
 * @param {string[]} words from `leadingWords`
 * @returns {string[]}
 */
export function searchFormsBy(text, words) {
  let rest = normal(text);
  const forms = new Set([compact(rest) || rest.replace(/\s+/gu, "")]);
  while (rest) {
    const characters = [...rest];
    rest = "";
    for (const word of words) {
      rest = after(characters, word);
      if (rest) {
        forms.add(compact(rest));
        break;
      }
    }
  }
  return [...forms];
}

/**
 * The address that most numbers have: small letters with their marks and digits, a hyphen for all else, after the prefix.
 * @param {string} number
 * @param {string} [prefix] the system's id
 * @returns {string} empty for a number of signs alone, which has a slug of its own kind
 */
export function plainSlug(number, prefix = "") {
  // Small İ is i and a mark: what lower case would add is no part of the number.
  const runs = isPlain(number)
    ? number.match(/[a-z0-9]+/gi)
    : number.normalize("NFKC").replaceAll("İ", "I").match(ADDRESSED);
  const stem = (runs ?? []).join("-").toLowerCase().normalize("NFKC");
  return !prefix || !stem || beginsWith(stem, prefix) ? stem : `${prefix}-${stem}`;
}

/**
 * @param {string} text
 * @returns {string}
 */
function normal(text) {
  if (isPlain(text)) {
    return text.toUpperCase();
  }
  // By way of lower case, for capital ẞ stays alone in upper case where ß is SS.
  return text.normalize("NFKC").toLowerCase().toUpperCase().normalize("NFKC").replace(NOT_ASCII_DIGIT, asciiDigit);
}

/**
 * @param {string} digit of a script whose ten digits stand side by side, as Unicode has them
 * @returns {string}
 */
function asciiDigit(digit) {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) {
    zero -= 1;
  }
  return String((code - zero) % 10);
}

/**
 * What follows a leading word, signs before and within it aside; empty where it does not lead.
 * @param {string[]} characters of a text
 * @param {string} word
 * @returns {string}
 */
function after(characters, word) {
  let position = 0;
  let last = "";
  for (const character of word) {
    while (position < characters.length && characters[position] !== character && !isLetterOrDigit(characters[position])) {
      position += 1;
    }
    if (characters[position] !== character) {
      return "";
    }
    position += 1;
    last = character;
  }
  const rest = characters.slice(position).join("");
  if (!compact(rest)) {
    return "";
  }
  const next = characters[position];
  const runsOn = isLetterOrDigit(next) && isLetterOrDigit(last) && isLetter(next) === isLetter(last);
  return runsOn ? "" : rest;
}

/**
 * @param {string} stem
 * @param {string} prefix
 * @returns {boolean}
 */
function beginsWith(stem, prefix) {
  if (!stem.startsWith(prefix)) {
    return false;
  }
  const [next] = stem.slice(prefix.length);
  return next === undefined || next === "-" || isLetter(next) !== isLetter(prefix[prefix.length - 1]);
}

/**
 * @param {string} a
 * @param {string} b
 */
function byCodePoint(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
