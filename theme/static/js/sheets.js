// @ts-check
/** Datasheets by row, as their results show them. */

import { decodeSheets } from "./payload.js";

/**
 * @typedef {import("./codes.js").SheetCodes} SheetCodes
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./payload.js").Sheet} Sheet
 * @typedef {import("./store.js").Store} Store
 */

export class Sheets {
  /**
   * @param {Records} records
   * @param {SheetCodes} codes
   * @param {Store} store
   */
  constructor(records, codes, store) {
    this.records = records;
    this.codes = codes;
    this.store = store;
  }

  /**
   * @param {number} row of a datasheet
   * @returns {Sheet | null | undefined} undefined where its file has to be fetched first, null where it cannot be read
   */
  sheet(row) {
    const { certificates, sheetsAFile } = this.records;
    const file = Math.floor((row - certificates) / sheetsAFile);
    const sheets = this.store.take(`sheets/${file}.json`, (content) => decodeSheets(content, this.records, file));
    return sheets && sheets[(row - certificates) % sheetsAFile];
  }

  /**
   * A record's number or code as printed.
   * @param {number} row
   * @returns {string | null} null where that is not known yet
   */
  numberOf(row) {
    const { certificates, dated, numbers, documentNumbers } = this.records;
    if (row < certificates) {
      return numbers[row];
    }
    return row >= dated ? documentNumbers[row - dated] : (this.codes.codeOf(row) ?? this.sheet(row)?.code ?? null);
  }
}
