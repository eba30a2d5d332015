// @ts-check
/**
 * What held on a day for the records that a text names: by the rules of the records' own pages (`answers.js` up to the
 * day of the export, `status.js` from there to today). Pure.
 */

import { answerOn, certificatesOn, coverageOn } from "./answers.js";
import { isTooOldToTell, statusOn } from "./status.js";

/**
 * @typedef {import("./answers.js").Answer} Answer
 * @typedef {import("./answers.js").Coverage} Coverage
 * @typedef {import("./check-numbers.js").Finding} Finding
 * @typedef {import("./check-register.js").CheckRegister} CheckRegister
 * @typedef {import("./status.js").Timeline} Timeline
 */

/**
 * What is asked: the day, and what is known of the data.
 * @typedef {object} Asked
 * @property {string} day
 * @property {string} today in Brussels
 * @property {string | null} exported the day of the data; null where it is not known, and then nothing is
 * @property {number} staleAfter days
 */

/**
 * Whether a number holds on the day: of a datasheet, whether a delivery was covered. `not-listed` is a number that the
 * register does not know.
 * @typedef {"holds" | "does-not-hold" | "not-known" | "not-listed"} Outcome
 */

/** @typedef {"live" | "too-old" | "later" | "not-listed" | Answer["source"]} Told where an answer comes from */

/**
 * An answer with what is said beside it: the dates that decide, for a day that today's dates answer.
 * @typedef {{ status: Answer["status"], told: Told, since: string | null, dates: Timeline | null }} Said
 */

/**
 * @typedef {object} Answered
 * @property {Outcome} outcome
 * @property {Said | null} own null for a number that the register does not know
 * @property {Coverage | null} coverage of a datasheet
 * @property {{ row: number, said: Said }[]} certificates of a datasheet, those it hung on that day
 */

/** Statuses that the dates of a record that is no longer listed cannot vouch for. */
const OPEN = new Set(["trial", "valid", "suspended", "not-yet-valid"]);

/**
 * @param {CheckRegister} register
 * @param {Finding} finding
 * @param {Asked} asked
 * @returns {Answered}
 */
export function answerFor(register, finding, asked) {
  const { row } = finding;
  if (row === null) {
    return { outcome: "not-listed", own: null, coverage: null, certificates: [] };
  }
  const own = say(register, row, asked);
  if (register.isCertificate(row)) {
    const outcome = isUnknown(own) ? "not-known" : own.status === "valid" ? "holds" : "does-not-hold";
    return { outcome, own, coverage: null, certificates: [] };
  }
  const known = asked.exported ?? "";
  const day = asked.day <= known ? asked.day : known;
  const present = register.hungOn(row);
  const { certificates: held, hung } = certificatesOn(register.showingsOf(row), present, day, known);
  const certificates = held.filter((held) => held >= 0).map((held) => ({ row: held, said: say(register, held, asked) }));
  const answers = certificates.map(({ said }) => plain(said));
  const coverage = coverageOn(plain(own), answers, hung && certificates.length === held.length);
  const outcome = coverage === "covered" ? "holds" : coverage === "not-covered" ? "does-not-hold" : "not-known";
  return { outcome, own, coverage, certificates };
}

/**
 * How many numbers have each outcome.
 * @param {Answered[]} answered
 * @returns {Record<Outcome, number>}
 */
export function counted(answered) {
  const counts = { holds: 0, "does-not-hold": 0, "not-known": 0, "not-listed": 0 };
  answered.forEach(({ outcome }) => (counts[outcome] += 1));
  return counts;
}

/**
 * @param {CheckRegister} register
 * @param {number} row
 * @param {Asked} asked
 * @returns {Said}
 */
function say(register, row, { day, today, exported, staleAfter }) {
  if (exported === null || (day > exported && day > today)) {
    return { status: null, told: "later", since: exported, dates: null };
  }
  const dates = register.datesOf(row);
  if (day <= exported) {
    const { status, source, since } = answerOn(dates, register.showingsOf(row), day, exported);
    return { status, told: status === null && source === "exports" ? "not-listed" : source, since, dates: null };
  }
  // After the export its dates speak, as on the records' own pages, until the data are too old.
  const unlisted = register.unlistedSince(row);
  const status = statusOn(dates, day);
  if (unlisted !== null && OPEN.has(status)) {
    return { status: null, told: "not-listed", since: unlisted, dates: null };
  }
  if (isTooOldToTell(status, exported, staleAfter, day)) {
    return { status: null, told: "too-old", since: exported, dates };
  }
  return { status, told: "live", since: null, dates };
}

/** @param {Said} said */
function isUnknown({ told }) {
  return told === "not-known" || told === "too-old" || told === "later";
}

/**
 * @param {Said} said
 * @returns {Answer}
 */
function plain(said) {
  const source = isUnknown(said) ? "not-known" : said.told === "not-listed" ? "exports" : "dates";
  return { status: said.status, source, since: said.since };
}
