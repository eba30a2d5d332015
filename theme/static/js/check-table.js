// @ts-check
/** The results of a checked list as a table for a spreadsheet: copied, or downloaded. Pure. */

import { defused } from "./csv.js";

/**
 * @param {string[][]} rows
 * @param {string} lang
 * @returns {string} separated values as the spreadsheets of a language read them: what has decimal commas has semicolons
 */
export function separated(rows, lang) {
  const separator = (1.5).toLocaleString(lang).includes(",") ? ";" : ",";
  const lines = rows.map((cells) => cells.map((cell) => `"${defused(cell).replaceAll('"', '""')}"`).join(separator));
  // Spreadsheets take a file without this mark for one of an older encoding.
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

/**
 * @param {string[][]} rows
 * @returns {string} cells apart by tabs, as they are pasted
 */
export function pasted(rows) {
  return rows.map((cells) => cells.map((cell) => defused(cell.replace(/\s+/gu, " "))).join("\t")).join("\n");
}
