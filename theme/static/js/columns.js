// @ts-check
/** Columns of whole numbers as text: the twin of `plugins/keur/search/columns.py`, held to it by `tests/vectors/packed.json`. */

const FIRST = 0x20;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const SIGNS = 93;
const LAST = 73;
const BEFORE = SIGNS - LAST;

/**
 * @param {string} text
 * @returns {number[]} none negative, of up to 15 digits
 * @throws {RangeError} where it is no such text
 */
export function unpacked(text) {
  const numbers = [];
  let before = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const sign = code - FIRST - (code > QUOTE ? 1 : 0) - (code > BACKSLASH ? 1 : 0);
    if (!(sign >= 0 && sign < SIGNS) || code === QUOTE || code === BACKSLASH) {
      throw new RangeError("a sign that no number is written with");
    }
    if (sign < LAST) {
      numbers.push(before * LAST + sign);
      before = 0;
    } else {
      before = before * BEFORE + (sign - LAST + 1);
    }
  }
  if (before !== 0) {
    throw new RangeError("a number without its end");
  }
  return numbers;
}
