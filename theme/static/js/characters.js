// @ts-check
/** What a character is. Nearly all are ASCII: to have the classes of Unicode takes a slow telephone a while, the first time. */

const [LETTER, DIGIT] = [/\p{L}/u, /\p{N}/u];
const PRINTED = /^[\x20-\x7e]*$/;

/**
 * @param {string} text
 * @returns {boolean} whether it is ASCII, and none of it unseen
 */
export function isPlain(text) {
  return PRINTED.test(text);
}

/** @param {string} character */
export function isLetter(character) {
  return isPlain(character) ? /[a-z]/i.test(character) : LETTER.test(character);
}

/** @param {string} character one, or none */
export function isLetterOrDigit(character) {
  return isPlain(character) ? /[a-z0-9]/i.test(character) : LETTER.test(character) || DIGIT.test(character);
}
