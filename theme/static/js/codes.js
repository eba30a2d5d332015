// @ts-check
/**
 * The numbers of datasheets, codes and GTINs, which stand in small files in the order of their search forms. A file that has to be fetched
 * first is wanted from the store.
 */

import { isOneSlip } from "./slips.js";
import { decodeCodes, filesHolding } from "./payload.js";

/**
 * @typedef {import("./payload.js").Codes} CodesFile
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./payload.js").Shelves} Shelves
 * @typedef {import("./store.js").Store} Store
 */

/** What is in more files than this is not looked for: who types on narrows it down. */
const MOST_FILES = 8;

/** @typedef {{ row: number, code: string, form: string }} Coded */

export class SheetCodes {
  /** @type {Map<number, string>} codes of rows, as far as they were found by them */
  #codes = new Map();

  /**
   * @param {Records} records
   * @param {Shelves} shelves
   * @param {Store} store
   */
  constructor(records, shelves, store) {
    this.records = records;
    this.shelves = shelves;
    this.store = store;
    const onlyDigits = shelves.shapes.every(([example]) => /^[0-9]*$/.test(example));
    this.alphabet = [...(onlyDigits ? "0123456789" : "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")];
    this.lengths = new Set(shelves.shapes.map(([example]) => example.length));
  }

  /**
   * @param {number} row
   * @returns {string | undefined} its code, where a number has led to it
   */
  codeOf(row) {
    return this.#codes.get(row);
  }

  /**
   * The datasheets whose number has a form, or begins with it.
   * @param {string} form
   * @param {boolean} whole
   * @returns {{ found: Coded[], cut: boolean }} `cut` where there are too many to look for; as far as files are there
   */
  find(form, whole) {
    const files = filesHolding(this.shelves.codes, form, whole ? form : undefined);
    if (files.length > MOST_FILES) {
      return { found: [], cut: true };
    }
    const found = this.#in(files, (own) => (whole ? own === form : own.startsWith(form)));
    return { found, cut: false };
  }

  /**
   * The datasheets whose number has a form that is one slip away: the last resort, for that takes many files.
   * @param {string} form
   * @returns {Coded[]} as far as files are there
   */
  oneSlipAway(form) {
    /** @type {Set<string>} */
    const files = new Set();
    for (const near of slipsOf(form, this.alphabet)) {
      if (this.lengths.has(near.length)) {
        filesHolding(this.shelves.codes, near, near).forEach((file) => files.add(file));
      }
    }
    return this.#in([...files], (own) => isOneSlip(form, own));
  }

  /**
   * @param {string} gtin from `gtinIn`
   * @returns {Coded[]} the datasheets that bear it, as far as files are there
   */
  bearing(gtin) {
    return this.#in(filesHolding(this.shelves.gtins, gtin, gtin), (own) => own === gtin);
  }

  /**
   * Every number of a datasheet: many files, only for who sorts by number.
   * @returns {Coded[]} as far as files are there
   */
  all() {
    return this.#in(filesHolding(this.shelves.codes, ""), () => true);
  }

  /**
   * @param {string[]} files
   * @param {(form: string) => boolean} fits
   * @returns {Coded[]}
   */
  #in(files, fits) {
    /** @type {Coded[]} */
    const found = [];
    for (const name of files) {
      const file = this.store.take(name, (content) => decodeCodes(content, this.records));
      file?.forms.forEach((form, number) => {
        if (fits(form)) {
          found.push({ row: file.rows[number], code: file.codes[number], form });
          this.#codes.set(file.rows[number], file.codes[number]);
        }
      });
    }
    return found;
  }
}

/**
 * Every text that is one slip away.
 * @param {string} form
 * @param {string[]} alphabet
 * @returns {Generator<string>}
 */
export function* slipsOf(form, alphabet) {
  for (let at = 0; at <= form.length; at += 1) {
    const [before, rest] = [form.slice(0, at), form.slice(at)];
    for (const character of alphabet) {
      yield before + character + rest;
      yield before + character + rest.slice(1);
    }
    yield before + rest.slice(1);
    yield before + rest.slice(1, 2) + rest.slice(0, 1) + rest.slice(2);
  }
}
