// @ts-check
/** Which certificates a datasheet hangs on, and whether one of them holds. Pure. */

/** @typedef {import("./payload.js").Records} Records */

/**
 * The certificates that a datasheet hangs on, the one it stands under first.
 * @param {Records} records
 * @param {number} row
 * @returns {number[]} rows
 */
export function certificatesOf(records, row) {
  return records.series.certificates[records.seriesOf[row - records.certificates]];
}

/**
 * Whether a datasheet hangs on a certificate that holds: without one it covers no delivery, valid as it may be itself.
 * @param {Records} records
 * @param {number} row of a datasheet
 * @param {(certificate: number) => boolean} isValid by the certificate's row
 * @returns {boolean}
 */
export function isCovered(records, row, isValid) {
  return certificatesOf(records, row).some(isValid);
}
