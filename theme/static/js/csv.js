// @ts-check
/** Tables as CSV (RFC 4180, UTF-8 with its mark, so that spreadsheets read it as such). Pure. */

/** What a spreadsheet takes for a formula, and what it may leave out in front of one. */
const RUNS = /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])/;
/** One that cuts lines at semicolons or tabs takes what stands behind these for the beginning of a cell. */
const RUNS_INSIDE = /([;\t\r\n])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/**
 * @param {string[][]} rows
 * @returns {string}
 */
export function csv(rows) {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

/**
 * A text that no spreadsheet runs: an apostrophe stands before what would be a formula, as in the files of the whole
 * register (`plugins/keur/exports/cells.py`).
 * @param {string} text
 * @returns {string}
 */
export function defused(text) {
  const inside = text.replace(RUNS_INSIDE, "$1'");
  return RUNS.test(text) ? `'${inside}` : inside;
}

/** @param {string} text */
function cell(text) {
  const safe = defused(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
