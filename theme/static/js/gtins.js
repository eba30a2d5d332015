// @ts-check
/** From the GTIN on a package to the number that the search data know it by. */

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
