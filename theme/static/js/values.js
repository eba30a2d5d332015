// @ts-check
/**
 * Declared values as filters of one product: ranges of numbers, and choices of words. A range finds a datasheet where all
 * that it declares lies within: "20 or more" is not found by "up to 40", and a printed tolerance is not counted. Written
 * by `plugins/keur/search/values.py`; nothing here touches the page.
 */

import { PayloadError } from "./reading.js";
import { unpacked } from "./columns.js";

/**
 * @typedef {import("./facets.js").Facet} Facet
 * @typedef {import("./payload.js").Name} Name
 * @typedef {import("./payload.js").Records} Records
 */

/**
 * From a number to another; an end that is null is open.
 * @typedef {{ low: number | null, high: number | null }} Range
 */

/**
 * A characteristic by which the datasheets of a product are filtered.
 * @typedef {object} Characteristic
 * @property {Facet} facet named `value.<characteristic>`; with `spans` where its values are numbers
 * @property {Name} name
 * @property {string} unit empty where there is none
 */

/** What the name of such a facet begins with, in URLs too. */
export const VALUE_FACET = /^value\.[a-z0-9][a-z0-9-]{0,62}$/;

const RANGE = /^(-?\d{1,18}(?:\.\d{1,12})?)?\.\.(-?\d{1,18}(?:\.\d{1,12})?)?$/;
const TYPED_NUMBER = /^[+-]?\d{1,18}(?:[.,]\d{1,12})?$/;

/**
 * @param {any} file `values/<product>.json`
 * @param {Records} records
 * @param {string} lang
 * @returns {Characteristic[]}
 * @throws {PayloadError} where its parts are missing or do not fit together
 */
export function decodeValues(file, records, lang) {
  try {
    let place = 0;
    const rows = unpacked(file.sheets).map((step) => records.certificates + (place += step));
    ensure(rows.every((row) => row >= records.certificates && row < records.dated));
    return file.characteristics.map((/** @type {any} */ told) => decodeCharacteristic(told, rows, records, lang));
  } catch (fault) {
    throw new PayloadError("the declared values are damaged", { cause: fault });
  }
}

/**
 * @param {any} told
 * @param {number[]} rows
 * @param {Records} records
 * @param {string} lang
 * @returns {Characteristic}
 */
function decodeCharacteristic(told, rows, records, lang) {
  /** @type {[number | null, number | null][] | undefined} */
  const ends = told.spans;
  const spans = ends?.map(([low, high]) => ({ low, high }));
  /** @type {string[][]} */
  const choices = spans ? spans.map((span) => [formatRange(span)]) : told.choices;
  const values = [...new Set(choices.flat())].sort(new Intl.Collator(lang, { numeric: true }).compare);
  const number = new Map(values.map((value, index) => [value, index]));
  const sets = choices.map((words) => words.map((word) => number.get(word) ?? 0));
  // What declares nothing has the set after the last.
  const setOf = new Int32Array(records.count).fill(sets.length);
  const declared = unpacked(told.declared);
  ensure(declared.length === rows.length);
  declared.forEach((number, index) => {
    ensure(number <= sets.length);
    setOf[rows[index]] = number === 0 ? sets.length : number - 1;
  });
  const name = told.names[lang];
  return {
    facet: { name: `value.${told.id}`, values, setOf, sets: [...sets, []], ...(spans && { spans }) },
    name: typeof name === "string" ? { text: name, lang: null } : { text: name[0], lang: name[1] },
    unit: told.unit ?? "",
  };
}

/**
 * @param {string} text `20..40`, `20..` or `..40`
 * @returns {Range | null}
 */
export function parseRange(text) {
  const match = RANGE.exec(text);
  if (!match || (match[1] === undefined && match[2] === undefined)) {
    return null;
  }
  return { low: match[1] === undefined ? null : Number(match[1]), high: match[2] === undefined ? null : Number(match[2]) };
}

/**
 * @param {Range} range
 * @returns {string} as `parseRange` takes it
 */
export function formatRange({ low, high }) {
  return `${low === null ? "" : decimal(low)}..${high === null ? "" : decimal(high)}`;
}

/**
 * @param {string} text as a person types it, with a point or a comma
 * @returns {number | null} null for nothing at all, NaN for what is no number
 */
export function typedNumber(text) {
  const typed = text.trim();
  if (!typed) {
    return null;
  }
  return TYPED_NUMBER.test(typed) ? Number(typed.replace(",", ".")) : Number.NaN;
}

/**
 * Whether all that a span holds lies within a range.
 * @param {Range} range
 * @param {Range} span
 * @returns {boolean}
 */
export function liesWithin({ low, high }, span) {
  const above = low === null || (span.low !== null && span.low >= low);
  return above && (high === null || (span.high !== null && span.high <= high));
}

/** @param {number} number without an exponent */
function decimal(number) {
  const plain = String(number);
  return plain.includes("e") ? number.toFixed(12).replace(/\.?0+$/, "") : plain;
}

/** @param {boolean} holds */
function ensure(holds) {
  if (!holds) {
    throw new RangeError("its parts do not fit together");
  }
}
