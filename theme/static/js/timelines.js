// @ts-check
/** The dates of rows, as the rule of statuses takes them. Pure. */

import { NO_END } from "./certificates.js";

/**
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./payload.js").StatusEvent} StatusEvent
 * @typedef {import("./payload.js").Validity} Validity
 * @typedef {import("./status.js").Timeline} Timeline
 */

export const MILLISECONDS_A_DAY = 86_400_000;

/**
 * Dates as the rule of statuses takes them.
 * @param {Records} records
 * @param {number} from days since 1970
 * @param {number} until days since 1970, or NO_END
 * @param {StatusEvent[]} [events]
 * @returns {Timeline}
 */
export function timeline(records, from, until, events = []) {
  return {
    from: isoDay(from),
    until: until === NO_END ? null : isoDay(until),
    events: events.map(([day, status, precision]) => [
      isoDay(day),
      records.statuses[status],
      records.precisions[precision],
    ]),
  };
}

/**
 * @param {Records} records
 * @param {Validity} validity
 * @param {number} row
 * @returns {Timeline}
 */
export function timelineOf(records, validity, row) {
  return timeline(records, validity.from[row], validity.until[row], validity.events.get(row));
}

/** @param {number} day since 1970 */
function isoDay(day) {
  return new Date(day * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
}
