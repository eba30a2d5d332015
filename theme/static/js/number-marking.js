// @ts-check
/** Where in a number stands what was asked for. Pure. */

import { compact } from "./numbers.js";

/**
 * @param {string} number as printed
 * @param {string} asked letters and digits as `compact` writes them, at least one
 * @returns {{ start: number, end: number } | null} null where they do not stand in it, or where it cannot be told
 */
export function placeInNumber(number, asked) {
  const characters = [...number];
  /** @type {number[]} where each letter and digit that counts stands in the number */
  const places = [];
  let bare = "";
  let at = 0;
  for (const character of characters) {
    for (const kept of compact(character)) {
      bare += kept;
      places.push(at);
    }
    at += character.length;
  }
  const found = bare.indexOf(asked);
  if (found < 0 || bare.length !== places.length) {
    return null;
  }
  const end = places[found + asked.length - 1];
  return { start: places[found], end: end + [...number.slice(end)][0].length };
}
