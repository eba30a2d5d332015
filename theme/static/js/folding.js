// @ts-check
/** How texts lose what people do not type: the twin of `fold` in `plugins/keur/search/words.py`. */

const LETTERS = new Map(Object.entries({ æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ς: "σ" }));
const LETTER = /[æœøłđðþıς]/g;
/** Nothing but ASCII. */
export const PLAIN = /^[\x00-\x7f]*$/;

/**
 * A text without case, accents and width, signs and blanks kept.
 * @param {string} text
 * @returns {string}
 */
export function fold(text) {
  if (PLAIN.test(text)) {
    return text.toLowerCase();
  }
  // Upper case takes ß and its like apart; capital ẞ gets there by way of lower case.
  const small = text.normalize("NFKD").toLowerCase().toUpperCase().toLowerCase();
  return small.normalize("NFKD").replace(/\p{M}+/gu, "").replace(LETTER, (letter) => LETTERS.get(letter) ?? letter);
}
