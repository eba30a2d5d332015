// @ts-check
/** The orders in which results can stand, relevance aside. What lacks the thing sorted by stands last. */

import { decodeSince } from "./payload.js";

/**
 * @typedef {import("./codes.js").SheetCodes} SheetCodes
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./store.js").Store} Store
 * @typedef {"number" | "holder" | "date"} Order
 */

/** Where what lacks the thing sorted by stands; content pages lack them all. */
const LAST = 0x7fffffff;

/** In a state's URL; no order means relevance. */
export const ORDERS = /** @type {const} */ (["number", "holder", "date"]);

/**
 * @param {string | null} text
 * @returns {Order | null}
 */
export function orderNamed(text) {
  return ORDERS.find((order) => order === text) ?? null;
}

export class Sorting {
  /** @type {Map<Order, Int32Array>} what was ranked once */
  #ranks = new Map();

  /**
   * @param {Records} records
   * @param {SheetCodes} codes
   * @param {Store} store
   * @param {string} lang
   */
  constructor(records, codes, store, lang) {
    this.records = records;
    this.codes = codes;
    this.store = store;
    this.lang = lang;
  }

  /**
   * @param {number[]} rows by relevance, which decides among equals
   * @param {Order | null} order
   * @returns {number[]} as they are where files have to be fetched first, or cannot be read
   */
  sorted(rows, order) {
    const ranks = order && this.#ranksBy(order);
    return ranks ? [...rows].sort((a, b) => (ranks[a] ?? LAST) - (ranks[b] ?? LAST)) : rows;
  }

  /** @param {Order} order */
  #ranksBy(order) {
    const ranks = this.#ranks.get(order) ?? this.#rank(order);
    if (ranks && !this.store.wants) {
      this.#ranks.set(order, ranks);
    }
    return ranks;
  }

  /**
   * @param {Order} order
   * @returns {Int32Array | null} by row
   */
  #rank(order) {
    const { count, certificates, dated, holder, holderNames } = this.records;
    const last = new Int32Array(count).fill(LAST);
    switch (order) {
      case "number": {
        const numbers = [...this.records.numbers, ...Array(dated - certificates).fill(""), ...this.records.documentNumbers];
        this.codes.all().forEach(({ row, code }) => (numbers[row] = code));
        return ranksOf(numbers.map(inNaturalOrder), (a, b) => (a < b ? -1 : a > b ? 1 : 0));
      }
      case "holder": {
        const collator = new Intl.Collator(this.lang, { numeric: true });
        const ofHolders = ranksOf(holderNames, collator.compare);
        last.set(Int32Array.from(holder, (number) => ofHolders[number]).subarray(0, dated));
        return last;
      }
      case "date": {
        const from = this.store.take("since.json", (content) => decodeSince(content, this.records));
        last.set(Int32Array.from(from ?? [], (day) => -day));
        return from ? last : null;
      }
    }
  }
}

/**
 * Digits padded: `2/9` stands before `2/10`, and plain comparing, which is fast, does it.
 * @param {string} number
 */
function inNaturalOrder(number) {
  return number.replace(/[0-9]+/g, (digits) => digits.padStart(12, "0"));
}

/**
 * @param {string[]} texts
 * @param {(a: string, b: string) => number} compare
 * @returns {Int32Array} the place of each; equals share one
 */
function ranksOf(texts, compare) {
  const order = texts.map((_, index) => index).sort((a, b) => compare(texts[a], texts[b]));
  const ranks = new Int32Array(texts.length);
  order.forEach((index, place) => {
    const before = order[place - 1];
    ranks[index] = place > 0 && compare(texts[before], texts[index]) === 0 ? ranks[before] : place;
  });
  return ranks;
}
