// @ts-check
/**
 * The status of a record on a day: the twin of `plugins/keur/model/status.py`, held to it by
 * `tests/vectors/status.json`. Days are ISO dates, which compare as text. No clock and no page here.
 */

/**
 * @typedef {"trial" | "valid" | "suspended" | "withdrawn" | "ended" | "expired" | "superseded" | "not-yet-valid"} Status
 * @typedef {"valid" | "trial" | "suspended" | "ended" | "unknown"} Tone
 */

/**
 * The dates that decide a record's status, as its page or the search data hold them: ISO dates, or whatever else compares
 * as they do. An event may say how exactly its day is known (`month`, `year`, `on-or-before`).
 * @template {string | number} [Day=string]
 * @typedef {object} Timeline
 * @property {Day} from the first day of validity
 * @property {Day | null} until the last day, on which the record still holds
 * @property {[date: Day, status: Status, precision?: string][]} events in the order given
 * @property {string} [covered] of a datasheet in a list: the last day on which a certificate of it is valid
 */

/** @type {Record<Status, Tone>} */
export const TONES = {
  valid: "valid",
  trial: "trial",
  suspended: "suspended",
  withdrawn: "ended",
  ended: "ended",
  expired: "ended",
  superseded: "ended",
  "not-yet-valid": "unknown",
};

/** Statuses that end with `until`, and that old data cannot vouch for. */
const HOLDING = new Set(["trial", "valid", "suspended"]);

/**
 * The last event on or before the day decides, else `valid` from the first day; a record that is then still in trial,
 * valid or suspended is expired after its last day.
 * @template {string | number} Day
 * @param {Timeline<Day>} timeline
 * @param {Day} day
 * @returns {Status}
 */
export function statusOn(timeline, day) {
  /** @type {Status} */
  let status = day >= timeline.from ? "valid" : "not-yet-valid";
  /** @type {Day | null} */
  let decided = null;
  for (const [date, changed] of timeline.events) {
    if (date <= day && (decided === null || date >= decided)) {
      decided = date;
      status = changed;
    }
  }
  return HOLDING.has(status) && timeline.until !== null && day > timeline.until ? "expired" : status;
}

/**
 * The first day of the unbroken stretch of the status that holds on a day; null before any. Of a record that expired at
 * its end it is `until`, the last day on which it held.
 * @param {Timeline} timeline
 * @param {string} day
 * @returns {string | null}
 */
export function statusSince(timeline, day) {
  const status = statusOn(timeline, day);
  if (status === "not-yet-valid") {
    return null;
  }
  const turns = [timeline.from, ...timeline.events.map(([date]) => date)].filter((turn) => turn <= day).sort();
  /** @type {string | null} */
  let since = null;
  for (const turn of turns) {
    if (statusOn(timeline, turn) !== status) {
      since = null;
    } else if (since === null) {
      since = turn;
    }
  }
  if (status === "expired" && timeline.until !== null) {
    const before = since !== null && since > timeline.until ? dayBefore(since) : null;
    if (since === null || (before !== null && statusOn(timeline, before) === "expired")) {
      return timeline.until;
    }
  }
  return since;
}

/**
 * @param {string} day
 * @returns {string}
 */
function dayBefore(day) {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}

/**
 * Whether a status may be another by now without the data knowing it: what ended stays so as far as anyone is told.
 * @param {Status} status
 */
export function mayHaveChanged(status) {
  return HOLDING.has(status) || status === "not-yet-valid";
}

/**
 * Whether data of one day are too old to say on another that a record holds.
 * @param {Status} status
 * @param {string | null} exported the day of the export, where the page tells it
 * @param {number} staleAfter in days
 * @param {string} day
 * @returns {boolean}
 */
export function isTooOldToTell(status, exported, staleAfter, day) {
  if (exported === null || !mayHaveChanged(status)) {
    return false;
  }
  return (Date.parse(day) - Date.parse(exported)) / 86_400_000 > staleAfter;
}

const HOUR = 3_600_000;

/**
 * The day it is in Brussels, where the register's days begin and end.
 * @param {Date} now
 * @returns {string} YYYY-MM-DD
 */
export function todayInBrussels(now) {
  // An hour or two ahead of UTC. Which of them is a question for one hour a day, and to make what answers it takes as
  // long as all else that runs before a first result.
  const hour = now.getUTCHours();
  if (hour !== 22) {
    return new Date(now.getTime() + (hour > 22 ? 2 * HOUR : 0)).toISOString().slice(0, 10);
  }
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: "Europe/Brussels",
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(now);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}`;
}

/**
 * The day that is told about: today, unless the clock goes behind the data. Such a clock is wrong, and by it what ended
 * since would still be called valid; then it is the day of the data.
 * @param {string} today
 * @param {string | null} exported the day of the export, where the page tells it
 * @returns {string}
 */
export function notBefore(today, exported) {
  return exported !== null && exported > today ? exported : today;
}

/**
 * Whether a text is a day of the calendar as addresses have it. Some parsers take the 30th of February for one in March.
 * @param {string} text
 * @returns {boolean}
 */
export function isDay(text) {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/**
 * The sentence of a status with its date. The words are the register's, in one language, by these keys:
 * `valid_until`, `valid_open` and `expired_after` (with and without a last day), `not_yet_valid`, each other status by
 * its name, and `on_or_before` for days that are known no better.
 * @param {Record<string, string>} words each with a {date}
 * @param {Timeline} timeline
 * @param {Status} status
 * @param {string} day
 * @param {DayFormat} format
 * @returns {string} empty where the words lack it
 */
export function statusSentence(words, timeline, status, day, format) {
  const [key, date] = sentenceKey(timeline, status, statusSince(timeline, day));
  const precision = timeline.events.find(([turn, changed]) => turn === date && changed === status)?.[2];
  const written = format(date, precision);
  // French has "le" between "depuis" and a day, not before a month or year, nor after "jusqu'au".
  const isDay = precision !== "month" && precision !== "year" && key !== "valid_until" && key !== "expired_after";
  const since = isDay ? (words.since_day ?? "{date}").replace("{date}", () => written) : written;
  const exact = precision === "on-or-before" ? (words.on_or_before ?? "").replace("{date}", () => since) : since;
  return (words[key] ?? "").replace("{date}", () => exact);
}

/**
 * A sentence that the data is too old to vouch for: what it said, and that it may no longer hold.
 * @param {Record<string, string>} words `too_old` with a {status} and a {date}
 * @param {string} sentence
 * @param {string} exported the day of the export, in words
 * @returns {string} empty where the words lack it
 */
export function tooOldSentence(words, sentence, exported) {
  return (words.too_old ?? "").replace("{date}", () => exported).replace("{status}", () => sentence);
}

/**
 * @param {Timeline} timeline
 * @param {Status} status
 * @param {string | null} since
 * @returns {[string, string]} which sentence, and its date
 */
function sentenceKey(timeline, status, since) {
  if (status === "valid") {
    return timeline.until === null ? ["valid_open", since ?? timeline.from] : ["valid_until", timeline.until];
  }
  if (status === "expired" && timeline.until !== null && since === timeline.until) {
    return ["expired_after", timeline.until];
  }
  return status === "not-yet-valid" ? ["not_yet_valid", timeline.from] : [status, since ?? timeline.from];
}

/**
 * Writes a day in words, as exactly as it is known.
 * @typedef {(day: string, precision?: string) => string} DayFormat
 */

/** @type {Record<string, Intl.DateTimeFormatOptions>} what is written of a day that is known so exactly */
const DAY_PARTS = {
  day: { day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
  year: { year: "numeric" },
};

/**
 * @param {string} language
 * @param {string} [months] their names, a comma between them: a day is written without Intl, which takes 0.1 s of a slow
 *   telephone to load its languages and zones
 * @returns {DayFormat} the way the pages write days
 */
export function dayFormat(language, months) {
  // Plain "en" would put the month first; the pages' English is European.
  const locale = language === "en" ? "en-GB" : language;
  /** @type {Map<string, Intl.DateTimeFormat>} made when it is needed: it takes long, and few days lack their day or month */
  const formats = new Map();
  /** @param {string} precision */
  const formatOf = (precision) => {
    const known = formats.get(precision);
    const made = known ?? new Intl.DateTimeFormat(locale, { ...(DAY_PARTS[precision] ?? DAY_PARTS.day), timeZone: "UTC" });
    formats.set(precision, made);
    return made;
  };
  const named = months?.split(",") ?? [];
  /**
   * @param {string} date
   * @param {string} precision
   */
  const write = (date, precision) => {
    const [year, month, day] = date.split("-").map(Number);
    return named.length === 12 && precision !== "month" && precision !== "year"
      ? `${day}${language === "de" ? "." : ""} ${named[month - 1]} ${year}`
      : formatOf(precision).format(Date.parse(date));
  };
  /** @type {Map<string, string>} what was written once: many records of a list begin or end on the same days */
  const known = new Map();
  /** @type {DayFormat} */
  const written = (date, precision = "day") => {
    const key = date + precision;
    const before = known.get(key);
    const text = before ?? write(date, precision);
    if (before === undefined) {
      known.set(key, text);
    }
    return text;
  };
  // French writes the first of a month as an ordinal, which Intl does not.
  return language === "fr" ? (date, precision) => written(date, precision).replace(/^1 /, "1er ") : written;
}
