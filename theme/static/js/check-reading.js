// @ts-check
/**
 * A pasted text as the check of a list reads it: folded, in words, with what cannot be a number of a record marked as
 * something else (dates, telephone numbers, amounts, standards). Pure.
 */

import { compact } from "./numbers.js";

/**
 * What a stretch of text is, when it is no record's number. `weak` is what a line of its own outweighs, `part` what only
 * speaks of numbers that lie wholly in it.
 * @typedef {"other" | "weak" | "part"} Otherness
 */

/** @typedef {{ start: number, end: number, kind: Otherness }} Zone places in the folded text */

const ASCII = /^[\x00-\x7f]*$/;
const WORDS = /(?:\p{L}\p{M}*)+|\p{Nd}+/gu;
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Cc}]$/u;
const DASH = /^[\p{Pd}\u2212\u2043]$/u;
const SLASH = /^[\u2044\u2215\u29f8\uff0f]$/u;
const SOFT_BREAK = /^[\v\f\u0085\u2028\u2029]$/;
/** Superscript digits mark footnotes, fractions are no digits of a number. */
const RAISED = /^\p{No}$/u;

/** A text with the places of its words. Line breaks are `\n`, softer ones `\v`, ends of cells `\t`. */
export class Reading {
  /** @type {number[]} where each word begins in `plain` */
  starts = [];
  /** @type {number[]} where each word ends */
  ends = [];
  /** @type {string[]} runs of letters, or of digits */
  words = [];
  /** @type {Int32Array | null} the place in the text of each character of `plain`; null where it is its own */
  #places = null;
  /** @type {number[]} where each line begins in the text */
  #lines = [0];

  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.plain = this.#folded();
    for (const found of this.plain.matchAll(WORDS)) {
      this.starts.push(found.index);
      this.ends.push(found.index + found[0].length);
      this.words.push(found[0]);
    }
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      this.#lines.push(at + 1);
    }
  }

  #folded() {
    if (ASCII.test(this.text)) {
      return this.text.replace(/[\v\f]/g, "\v").replace(/[\0-\x08\x0e-\x1f\x7f\r]/g, " ").toUpperCase();
    }
    /** @type {Map<string, string>} */
    const known = new Map();
    /** @type {string[]} */
    const pieces = [];
    /** @type {number[]} */
    const places = [];
    let at = 0;
    for (const character of this.text) {
      let plain = known.get(character);
      if (plain === undefined) {
        plain = plainOf(character);
        known.set(character, plain);
      }
      pieces.push(plain);
      for (let unit = 0; unit < plain.length; unit += 1) {
        places.push(at);
      }
      at += character.length;
    }
    places.push(at);
    this.#places = Int32Array.from(places);
    return pieces.join("");
  }

  /**
   * @param {number} word
   * @returns {string} what stands between a word and the one before it
   */
  gapBefore(word) {
    return this.plain.slice(word === 0 ? 0 : this.ends[word - 1], this.starts[word] ?? this.plain.length);
  }

  /**
   * @param {number} word
   * @returns {boolean}
   */
  isDigits(word) {
    const code = this.words[word]?.charCodeAt(0) ?? 0;
    return code >= 48 && code <= 57;
  }

  /**
   * @param {number} place in `plain`
   * @returns {number} the place in the text
   */
  inText(place) {
    return this.#places === null ? place : this.#places[place];
  }

  /**
   * @param {number} place in the text
   * @returns {number} its line, from 0
   */
  lineOf(place) {
    let [low, high] = [0, this.#lines.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lines[middle] <= place) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * @param {number} line
   * @returns {string}
   */
  lineAt(line) {
    return this.text.slice(this.#lines[line], (this.#lines[line + 1] ?? this.text.length + 1) - 1);
  }

  /**
   * @param {number} line
   * @returns {number} where it begins in the text
   */
  lineStart(line) {
    return this.#lines[line];
  }
}

/**
 * @param {string} character
 * @returns {string}
 */
function plainOf(character) {
  if (character === "\n" || character === "\t") {
    return character;
  }
  if (SOFT_BREAK.test(character)) {
    return "\v";
  }
  if (INVISIBLE.test(character)) {
    return "";
  }
  if (DASH.test(character)) {
    return "-";
  }
  if (SLASH.test(character)) {
    return "/";
  }
  if (RAISED.test(character)) {
    return " ";
  }
  return compact(character) || character.normalize("NFKC").replace(/\s/gu, " ");
}

/** What ends a stretch that is something else: no digit, and no sign that goes on to one. */
const END = String.raw`(?![0-9]|[./-][0-9])`;
const BEGIN = String.raw`(?:^|[^0-9./-])`;
/** What is written with blanks begins where no digits stand before them. */
const ALONE = String.raw`(?:^ {0,3}|[^0-9./ -] {0,3}|(?:T[EÉ]L|FAX|GSM|MOB)\. {0,3})`;
const DAY = "(?:0?[1-9]|[12][0-9]|3[01])";
const MONTH = "(?:0?[1-9]|1[0-2])";
const YEAR = "(?:19|20)[0-9]{2}";
const MONEY = "(?:€|\\$|£|EUROS?|EUR|USD|GBP)";

/** @type {[string, Otherness][]} */
const OTHERS = [
  [`${BEGIN}${DAY}([-./])${MONTH}\\1(?:${YEAR}|[0-9]{2})${END}`, "other"],
  [`${ALONE}${DAY} ${MONTH} (?:${YEAR}|[0-9]{2})${END}`, "other"],
  [`${BEGIN}${YEAR}([-./ ])${MONTH}\\1${DAY}${END}`, "other"],
  [`${BEGIN}${MONTH}[-./]${YEAR}${END}`, "weak"],
  // Telephone numbers: of another country, then as they are written at home.
  [String.raw`(?:\+|${BEGIN}00)[1-9][0-9]{0,2}[ ./-]?(?:\(0\))?(?:[ ./-]?[0-9]{2,4}){2,5}${END}`, "other"],
  [String.raw`${ALONE}\(?0[0-9]{1,3}\)?[ /.-]{1,3}[0-9]{2,3}(?:[ .-][0-9]{2,3}){1,3}${END}`, "other"],
  // Repeats are bounded: a text of a million characters must not be gone through from each of them.
  [`${MONEY} ?[0-9][0-9 .,]{0,16}`, "other"],
  [`${BEGIN}[0-9][0-9 .]{0,16}(?:,(?:[0-9]{1,2}|-{1,2}))? ?${MONEY}(?![A-Z])`, "other"],
  [`${BEGIN}[0-9]{1,3}(?:[. ][0-9]{3}){0,4},[0-9]{1,3}(?![0-9/.-])`, "other"],
  // Enterprise and VAT numbers, accounts.
  [String.raw`${ALONE}(?:[A-Z]{2} ?)?[01]?[0-9]{3}[. ][0-9]{3}[. ][0-9]{3}${END}`, "other"],
  [`(?:^|[^A-Z])[A-Z]{2}[0-9]{2}(?: ?[0-9]{4}){3,7}`, "other"],
];

/** Who writes standards and prescriptions; the reference documents of the register add their own. */
const STANDARDS = ["ASTM", "BRL", "BS", "CEN", "CRC", "DIN", "EAD", "ETAG", "IEC", "ISO", "NBN", "NEN", "NF", "PREN"];
/** A standard by its first letters, or Dutch for "and": only what cannot be the next number of a list. */
const EN = String.raw`(?:^|[^\p{L}\p{N}])EN[ -]{0,2}[0-9]{3,5}(?:-[0-9]{1,3}){0,3}(?![0-9/])(?::[0-9]{4})?(?:\+A[0-9]+(?::[0-9]{4})?)?`;

/**
 * The stretches of a text that are no record's number.
 * @param {Reading} reading
 * @param {string[]} documents numbers of reference documents
 * @param {Set<string>} systems words that name a system, and so no standard
 * @returns {Zone[]} in the order of their starts
 */
export function zonesOf(reading, documents, systems) {
  const own = documents.map((number) => /^\p{L}{2,}/u.exec(compact(number))?.[0] ?? "");
  const words = [...new Set([...STANDARDS, ...own])].filter((word) => word !== "" && word !== "EN" && !systems.has(word));
  words.sort((a, b) => b.length - a.length);
  const either = words.join("|");
  const standard = String.raw`(?:^|[^\p{L}\p{N}])(?:${either})(?:[ /-]{1,3}(?:EN|${either})){0,4}[ -]{0,3}[0-9]{1,9}(?:[-./][0-9]{1,6}){0,4}(?::[0-9]{4})?(?:\+A[0-9]+(?::[0-9]{4})?){0,3}`;
  /** @type {Zone[]} */
  const zones = [];
  for (const [pattern, kind] of [...OTHERS, .../** @type {[string, Otherness][]} */ ([[standard, "part"], [EN, "part"]])]) {
    for (const found of reading.plain.matchAll(new RegExp(pattern, "gmu"))) {
      zones.push({ start: found.index, end: found.index + found[0].length, kind });
    }
  }
  return zones.sort((a, b) => a.start - b.start);
}
