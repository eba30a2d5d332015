// @ts-check
/** The dates of a record as its page prints them: `events` is left out where there are none. Pure. */

/**
 * @typedef {import("./status.js").Timeline} Timeline
 * @typedef {Omit<Timeline, "events"> & { events?: Timeline["events"] }} PrintedTimeline
 */

/**
 * @template {{ events?: Timeline["events"] }} Printed
 * @param {Printed} printed
 * @returns {Printed & { events: Timeline["events"] }} the same with events, be it none
 */
export function withEvents(printed) {
  return { ...printed, events: printed.events ?? [] };
}
