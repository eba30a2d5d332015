// @ts-check
/**
 * Was it valid on that day? The twin of `plugins/keur/model/answers.py`, held to it by `tests/vectors/answers.json`.
 * Days are ISO dates, which compare as text. No clock and no page here.
 */

import { withEvents } from "./printed-dates.js";
import { statusOn } from "./status.js";

/**
 * @typedef {import("./status.js").Status} Status
 * @typedef {import("./printed-dates.js").PrintedTimeline} PrintedTimeline
 * @typedef {import("./status.js").Timeline} Timeline
 * @typedef {"events" | "dates" | "exports" | "not-known"} Source
 * @typedef {"covered" | "not-covered" | "not-known"} Coverage
 */

/**
 * What the exports of some days in a row showed; no `dates` where they did not list the record. `last` is null up to
 * the present export. `certificates` are those that a datasheet hung on, by their place in its question.
 * @typedef {[first: string, last: string | null, dates: Timeline | null, certificates?: number[]]} Showing
 */

/**
 * A record as its page gives it, but with events, be it none: in `shown`, 0 stands for the dates beside it, another number for these with as many of
 * their first events alone.
 * @typedef {Timeline & { shown?: [string, string | null, PrintedTimeline | number | null, number[]?][] }} Told
 */

/**
 * What held on a day; no status where that is not known, or where the exports did not list the record.
 * @typedef {object} Answer
 * @property {Status | null} status
 * @property {Source} source
 * @property {string | null} since the first day of the exports that are relied on
 */

/** @type {Answer} */
const NOT_KNOWN = { status: null, source: "not-known", since: null };

/** @type {Set<Status | null>} */
const HOLDING = new Set(["trial", "valid", "suspended"]);

/**
 * What exports showed of a record, as its page tells it.
 * @param {Told} record
 * @returns {Showing[]} oldest first
 */
export function showingsOf(record) {
  return (record.shown ?? []).map(([first, last, told, hung]) => {
    if (typeof told === "number") {
      return [first, last, { ...record, events: record.events.slice(0, told || undefined) }, hung];
    }
    return [first, last, told && withEvents(told), hung];
  });
}

/**
 * What held for a record on a day.
 * @param {Timeline} dates those that the issuer gives now, or gave last
 * @param {Showing[]} showings what exports showed, oldest first
 * @param {string} day
 * @param {string} knownUntil the day of the present export
 * @returns {Answer}
 */
export function answerOn(dates, showings, day, knownUntil) {
  if (day > knownUntil) {
    return NOT_KNOWN;
  }
  const status = statusOn(dates, day);
  const held = HOLDING.has(status);
  if (leftBefore(showings, day) && (held || status === "not-yet-valid")) {
    const unlisted = showings[showings.length - 1][0];
    return day >= unlisted ? { status: null, source: "exports", since: unlisted } : NOT_KNOWN;
  }
  if (isVague(dates, day)) {
    return NOT_KNOWN;
  }
  const decided = dates.events.some(([date]) => date <= day);
  const around = showingsAround(showings, day);
  if (status === "not-yet-valid" && around.some((showing) => HOLDING.has(toldBy(showing, day).status))) {
    // A first day that was moved behind days on which exports showed that it held: renewed, or put right.
    return NOT_KNOWN;
  }
  if (!held) {
    return { status, source: decided && status !== "expired" ? "events" : "dates", since: null };
  }
  if (decided) {
    const doubtful = around.some((showing) => gainsays(showing, dates, status, day));
    return doubtful ? NOT_KNOWN : { status, source: "events", since: null };
  }
  return shownBy(around, day) ?? { status, source: "dates", since: null };
}

/**
 * Whether a datasheet covered a delivery: while both it and a certificate it hung on were valid.
 * @param {Answer} own
 * @param {Answer[]} certificates
 * @param {boolean} hung whether these are known to be the certificates that it hung on that day
 * @returns {Coverage}
 */
export function coverageOn(own, certificates, hung) {
  if (own.status !== "valid") {
    return own.source === "not-known" ? "not-known" : "not-covered";
  }
  if (certificates.some((answer) => answer.status === "valid")) {
    return hung ? "covered" : "not-known";
  }
  return !hung || certificates.some((answer) => answer.source === "not-known") ? "not-known" : "not-covered";
}

/**
 * The certificates that a datasheet hung on: as exports around the day showed, else as it is listed now.
 * @param {Showing[]} showings of the datasheet
 * @param {number[]} present the certificates that it hangs on now, or hung on last
 * @param {string} day
 * @param {string} knownUntil the day of the present export
 * @returns {{ certificates: number[], hung: boolean }} whether exports of around that day say so
 */
export function certificatesOn(showings, present, day, knownUntil) {
  for (const [place, [first, last, dates, certificates]] of showings.entries()) {
    const following = showings[place + 1];
    const same = following !== undefined && String(following[3] ?? "") === String(certificates ?? "");
    const until = same ? following[0] : (last ?? knownUntil);
    if (dates !== null && first <= day && day <= until) {
      return { certificates: certificates ?? [], hung: true };
    }
  }
  const left = showings.length > 0 && showings[showings.length - 1][2] === null;
  return { certificates: present, hung: !left && day === knownUntil };
}

/**
 * @param {Showing[]} showings
 * @param {string} day
 * @returns {boolean} whether the record left the register for good before the day
 */
function leftBefore(showings, day) {
  const count = showings.length;
  if (count < 2 || showings[count - 1][2] !== null) {
    return false;
  }
  const last = showings[count - 2][1];
  return last !== null && day > last;
}

/**
 * @param {Showing[]} showings
 * @param {string} day
 * @returns {Showing[]} what the exports of a day showed, between two exports both; none for a day before the first
 */
function showingsAround(showings, day) {
  const begun = showings.filter(([first]) => first <= day).length;
  const last = begun > 0 ? showings[begun - 1][1] : null;
  return showings.slice(Math.max(0, begun - 1), last === null || day <= last ? begun : begun + 1);
}

/**
 * @param {Showing[]} around
 * @param {string} day
 * @returns {Answer | null} null for a day before the first export
 */
function shownBy(around, day) {
  const told = around.map((showing) => toldBy(showing, day));
  const same = told.every(({ status, source }) => status === told[0].status && source === told[0].source);
  return same ? (told[0] ?? null) : NOT_KNOWN;
}

/**
 * Whether an export showed something else than the issuer's events say, and cannot be outdated by them: it did not list
 * the record; or it knew of the event that is relied on, and of a later one that was taken out again, or of an end that
 * was put off since.
 * @param {Showing} showing
 * @param {Timeline} dates
 * @param {Status} status
 * @param {string} day
 * @returns {boolean}
 */
function gainsays(showing, dates, status, day) {
  if (showing[2] === null) {
    return true;
  }
  const decisive = dates.events.reduce((last, event) => (event[0] <= day && event[0] >= last[0] ? event : last), ["", status]);
  return toldBy(showing, day).status !== status && showing[2].events.some((event) => String(event) === String(decisive));
}

/**
 * @param {Showing} showing
 * @param {string} day
 * @returns {Answer}
 */
function toldBy([first, , dates], day) {
  if (dates === null) {
    return { status: null, source: "exports", since: first };
  }
  return isVague(dates, day) ? NOT_KNOWN : { status: statusOn(dates, day), source: "exports", since: first };
}

/**
 * @param {Timeline} dates
 * @param {string} day
 * @returns {boolean} whether an event whose day is known only roughly may have come before or after the day
 */
function isVague(dates, day) {
  return dates.events.some(([date, status, precision]) => {
    if (precision === "on-or-before") {
      const between = dates.events.some(([other]) => day < other && other < date);
      return day < date && !between && statusOn(dates, day) !== status;
    }
    const near = precision === "month" ? 7 : precision === "year" ? 4 : 0;
    return near > 0 && day.slice(0, near) === date.slice(0, near) && statusOn(dates, dayBefore(date)) !== status;
  });
}

/**
 * @param {string} day
 * @returns {string}
 */
function dayBefore(day) {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}
