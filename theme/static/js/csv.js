// @ts-check
/** Tables as CSV (RFC 4180, UTF-8 with its mark, so that spreadsheets read it as such). Pure. */

/** What a spreadsheet takes for a formula. */
const RUNS = /^[=+\-@\t\r]/;

/**
 * @param {string[][]} rows
 * @returns {string}
 */
export function csv(rows) {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

/**
 * A cell that no spreadsheet runs: an apostrophe stands before what would be a formula.
 * @param {string} text
 */
function cell(text) {
  const safe = RUNS.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
