// @ts-check
/** The orders in which results can stand, relevance aside. What lacks the thing sorted by stands last. */

/**
 * @typedef {import("./codes.js").SheetCodes} SheetCodes
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./sheets.js").Sheets} Sheets
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
   * @param {Sheets} sheets
   * @param {Store} store
   * @param {string} lang
   */
  constructor(records, codes, sheets, store, lang) {
    this.records = records;
    this.codes = codes;
    this.sheets = sheets;
    this.store = store;
    this.lang = lang;
  }

  /**
   * @param {number[]} rows by relevance, which decides among equals
   * @param {Order | null} order
   * @returns {number[]} as they are where files have to be fetched first, or cannot be read
   */
  sorted(rows, order) {
    const ranks = order && (order === "date" ? this.#newestFirst(rows) : this.#ranksBy(order));
    return ranks ? [...rows].sort((a, b) => (ranks[a] ?? LAST) - (ranks[b] ?? LAST)) : rows;
  }

  /**
   * The first days of rows, which stand in the files of datasheets: those of the rows that are sorted have to be there.
   * @param {number[]} rows
   * @returns {Int32Array | null} by row; null where they are not all there
   */
  #newestFirst(rows) {
    const { count, certificates, dated, certified } = this.records;
    const last = new Int32Array(count).fill(LAST);
    let whole = true;
    for (const row of rows) {
      if (row < certificates) {
        last[row] = -certified.from[row];
      } else if (row < dated) {
        const sheet = this.sheets.sheet(row);
        whole &&= Boolean(sheet);
        last[row] = sheet ? -sheet.from : LAST;
      }
    }
    return whole ? last : null;
  }

  /** @param {"number" | "holder"} order */
  #ranksBy(order) {
    const ranks = this.#ranks.get(order) ?? this.#rank(order);
    if (ranks && !this.store.wants) {
      this.#ranks.set(order, ranks);
    }
    return ranks;
  }

  /**
   * @param {"number" | "holder"} order
   * @returns {Int32Array} by row
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
