// @ts-check
/** From the GTIN on a package to the datasheets that bear it. Only whole ones are found; a datasheet's code goes first. */

import { PayloadError, readFile } from "./payload.js";

/** A GTIN of 8, 12, 13 or 14 digits; scanners put the sign of its kind, (01), before one of 14. */
const GTIN = /^(?:[0-9]{8}|[0-9]{12,14}|01[0-9]{14})$/;
const LENGTH = 14;
const SIGNS = /[\s().-]+/g;

/**
 * @param {string} query
 * @returns {string | null} its 14 digits, null for what is no GTIN
 */
export function gtinIn(query) {
  const digits = query.normalize("NFKC").replace(SIGNS, "");
  return GTIN.test(digits) ? digits.slice(-LENGTH).padStart(LENGTH, "0") : null;
}

export class Gtins {
  /** @type {Map<string, Map<string, number[]>>} by last digit: places of datasheets by GTIN */
  #known = new Map();

  /** @param {(name: string) => Promise<any>} read a file of the search data */
  constructor(read) {
    this.read = read;
  }

  /**
   * @param {URL} folder
   * @returns {Gtins}
   */
  static in(folder) {
    return new Gtins((name) => readFile(folder, name));
  }

  /**
   * @param {string} gtin from `gtinIn`
   * @returns {number[] | null} places of datasheets in the order of rows; null before they were brought
   */
  find(gtin) {
    const known = this.#known.get(gtin.slice(-1));
    return known ? (known.get(gtin) ?? []) : null;
  }

  /**
   * Bring what is needed to find a GTIN. What cannot be read is taken as empty, so that it is asked for once.
   * @param {string} gtin
   * @returns {Promise<void>}
   */
  async bring(gtin) {
    const digit = gtin.slice(-1);
    /** @type {Map<string, number[]>} */
    const places = new Map();
    try {
      const { gtins, sheets } = await this.read(`gtins/${digit}.json`);
      if (gtins.length !== sheets.length) {
        throw new PayloadError("the GTINs are damaged");
      }
      gtins.forEach((/** @type {string} */ own, /** @type {number} */ index) => {
        places.set(own, [...(places.get(own) ?? []), sheets[index]]);
      });
    } catch (fault) {
      console.error(fault);
    }
    this.#known.set(digit, places);
  }
}
