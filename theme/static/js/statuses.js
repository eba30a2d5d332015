// @ts-check
/** The statuses of rows on a day, from the dates that the search data hold. Pure. */

import { NO_END, isCovered } from "./certificates.js";
import { TONES, statusOn } from "./status.js";
import { MILLISECONDS_A_DAY } from "./timelines.js";

/**
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./payload.js").Validity} Validity
 * @typedef {import("./status.js").Status} Status
 */

/**
 * The status of records on a day, as numbers of `records.statuses`. A valid datasheet none of whose certificates is valid
 * counts as what its first certificate is: nobody who filters by "valid" is handed it.
 * @param {Records} records
 * @param {Validity} validity of certificates alone, or of datasheets too
 * @param {string} today
 * @returns {Uint8Array} by row
 */
export function statusesOn(records, validity, today) {
  const day = Date.parse(today) / MILLISECONDS_A_DAY;
  const number = new Map(records.statuses.map((status, index) => [status, index]));
  const [valid, expired, notYet] = [number.get("valid") ?? 0, number.get("expired") ?? 0, number.get("not-yet-valid") ?? 0];
  const { until, events } = validity;
  const statuses = Uint8Array.from(validity.from, (from, row) => {
    const own = events.get(row);
    if (own) {
      /** @type {[number, Status][]} */
      const turns = own.map(([turn, status]) => [turn, records.statuses[status]]);
      const last = until[row] === NO_END ? null : until[row];
      return number.get(statusOn({ from, until: last, events: turns }, day)) ?? 0;
    }
    // Without events the rule is three comparisons: most rows of 100,000 go this way.
    return day < from ? notYet : day > until[row] ? expired : valid;
  });
  for (let row = records.certificates; row < statuses.length; row += 1) {
    if (statuses[row] === valid && !isCovered(records, row, (held) => statuses[held] === valid)) {
      const [first] = records.series.certificates[records.seriesOf[row - records.certificates]];
      statuses[row] = statuses[first];
    }
  }
  return statuses;
}

/**
 * Which rows do not hold any more, of those that ever did: certificates today; datasheets on the day of the export, or
 * where they are not covered and the certificate that they stand under has lapsed.
 * @param {Records} records
 * @param {Uint8Array} statuses of the certificates
 * @returns {Uint8Array} 1 for each, 0 for every other row
 */
export function lapsedOf(records, statuses) {
  const { certificates, series, count } = records;
  const lapsed = new Uint8Array(count);
  const isLapsed = (/** @type {number} */ row) => TONES[records.statuses[statuses[row]]] === "ended";
  for (let row = 0; row < certificates; row += 1) {
    lapsed[row] = isLapsed(row) ? 1 : 0;
  }
  for (let number = 0; number < series.count; number += 1) {
    const held = series.certificates[number];
    const uncovered = held.every((row) => records.statuses[statuses[row]] !== "valid");
    const holding = uncovered && isLapsed(held[0]) ? 0 : series.holding[number];
    lapsed.fill(1, series.starts[number] + holding, series.starts[number + 1]);
  }
  return lapsed;
}
