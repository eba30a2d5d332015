// @ts-check
/** The rows of a filtered list as its file holds them. Pure. */

import { NO_END, isCovered, slugOf } from "./payload.js";
import { isTooOldToTell, statusOn } from "./status.js";
import { timeline, timelineOf } from "./timelines.js";

/**
 * @typedef {import("./results.js").Results} Results
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./payload.js").Sheet} Sheet
 */

/** The names of the columns, those of the export format where it has them. */
export const COLUMNS = [
  "kind",
  "systems",
  "number",
  "name",
  "product",
  "holder",
  "unit_place",
  "status",
  "status_text",
  "valid_from",
  "valid_until",
  "permalink",
  "looked_up",
  "exported",
  "register",
  "publisher",
  "demonstration",
];

/**
 * What all rows say of where they come from.
 * @typedef {object} Source
 * @property {string} today
 * @property {string} register
 * @property {string} publisher
 * @property {boolean} demonstration
 * @property {(path: string) => string} address the whole address of a path of the site
 */

/**
 * Certificates, datasheets and documents as rows of text. A status is that of today, `not-covered` where no certificate
 * of a valid datasheet is, `unknown` where the data are too old to tell; documents have none.
 * @param {Results} results
 * @param {number[]} rows
 * @param {Source} source
 * @returns {string[][]} without heads
 */
export function listRows(results, rows, source) {
  return rows.filter((row) => row < results.records.count).map((row) => listRow(results, row, source));
}

/**
 * @param {Results} results
 * @param {number} row
 * @param {Source} source
 */
function listRow(results, row, { today, register, publisher, demonstration, address }) {
  const { records } = results;
  const shown = results.describe(row, today);
  const kind = row < records.certificates ? "certificate" : row < records.dated ? "datasheet" : "document";
  const dates = datesOf(results, row);
  const letter = { certificate: "c", datasheet: "d", document: "r" }[kind];
  const slug = encodeURIComponent(slugOf(records, row, results.sheets.numberOf(row) ?? ""));
  return [
    kind,
    shown.mark,
    shown.number.join(""),
    shown.title.text,
    shown.product.text,
    shown.holder,
    shown.place,
    dates ? statusOf(results, row, dates, today) : "",
    shown.sentence,
    dates?.from ?? "",
    dates?.until ?? "",
    address(`/${letter}/${slug}/`),
    today,
    results.release.exported ?? "",
    register,
    publisher,
    demonstration ? "true" : "false",
  ];
}

/**
 * @param {Results} results
 * @param {number} row
 * @returns {import("./status.js").Timeline | null}
 */
function datesOf({ records, sheets }, row) {
  if (row >= records.dated) {
    return null;
  }
  if (row < records.certificates) {
    return timelineOf(records, records.certified, row);
  }
  const sheet = sheets.sheet(row);
  return sheet ? timeline(records, sheet.from, sheet.until ?? NO_END, sheet.events) : null;
}

/**
 * @param {Results} results
 * @param {number} row
 * @param {import("./status.js").Timeline} dates
 * @param {string} today
 */
function statusOf({ records, release }, row, dates, today) {
  const status = statusOn(dates, today);
  if (isTooOldToTell(status, release.exported, release.staleAfter, today)) {
    return "unknown";
  }
  const holds = (/** @type {number} */ held) => statusOn(timelineOf(records, records.certified, held), today) === "valid";
  const covered = row < records.certificates || isCovered(records, row, holds);
  return status === "valid" && !covered ? "not-covered" : status;
}
