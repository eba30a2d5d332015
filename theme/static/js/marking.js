// @ts-check
/** Which pieces of a result's texts are what was asked for. Pure. */

import { fold } from "./folding.js";
import { placeInNumber } from "./number-marking.js";

/**
 * A piece of a text, and whether it is to be marked.
 * @typedef {{ text: string, hit: boolean }} Piece
 */

/**
 * What a query asked for: the terms that its words mean, and the query as a number, empty where it is none.
 * @typedef {{ terms: Set<string>, number: string }} Asked
 */

const WORDS = /[\p{L}\p{N}]+/gu;
/** Of so many texts the words are remembered. */
const MOST_TAKEN = 1000;

/**
 * @param {string} text
 * @param {Asked} asked
 * @returns {Piece[]} the whole text
 */
export function markedWords(text, { terms }) {
  if (terms.size === 0) {
    return text ? [{ text, hit: false }] : [];
  }
  const { words, folded } = wordsOf(text);
  const hits = words.filter((_, index) => {
    // DN 600 was asked for as one word.
    const [before, word, next] = [folded[index - 1] ?? "", folded[index], folded[index + 1] ?? ""];
    return terms.has(word) || (next && terms.has(word + next)) || (before && terms.has(before + word));
  });
  return pieces(text, hits);
}

/** @type {Map<string, { words: { start: number, end: number }[], folded: string[] }>} */
const taken = new Map();

/**
 * The words of a text, and where they stand: taken once, for results mostly say the same products, holders and places.
 * @param {string} text
 */
function wordsOf(text) {
  let found = taken.get(text);
  if (!found) {
    const words = [...text.matchAll(WORDS)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
    found = { words, folded: words.map(({ start, end }) => fold(text.slice(start, end))) };
    if (taken.size === MOST_TAKEN) {
      taken.clear();
    }
    taken.set(text, found);
  }
  return found;
}

/**
 * @param {string} number
 * @param {Asked} asked
 * @returns {Piece[]} the whole number
 */
export function markedNumber(number, asked) {
  const place = asked.number ? placeInNumber(number, asked.number) : null;
  return place ? pieces(number, [place]) : markedWords(number, asked);
}

/**
 * @param {string} text
 * @param {{ start: number, end: number }[]} hits in order, apart
 * @returns {Piece[]}
 */
function pieces(text, hits) {
  /** @type {Piece[]} */
  const found = [];
  let position = 0;
  for (const { start, end } of hits) {
    found.push({ text: text.slice(position, start), hit: false }, { text: text.slice(start, end), hit: true });
    position = end;
  }
  found.push({ text: text.slice(position), hit: false });
  return found.filter((piece) => piece.text !== "");
}
