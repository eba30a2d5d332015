// @ts-check
/** What a citation says on the day on which it is made. Pure: no clock and no page here. */

import { isTooOldToTell, statusOn, statusSentence, tooOldSentence } from "./status.js";

/**
 * @typedef {import("./status.js").DayFormat} DayFormat
 * @typedef {import("./status.js").Timeline} Timeline
 * @typedef {import("./release.js").Release} Release
 */

/**
 * @param {object} cited
 * @param {Timeline} cited.timeline the record's dates
 * @param {Timeline[] | null} cited.certificates the dates of those that a datasheet hangs on, null for a certificate
 * @param {Release} release
 * @param {string} today
 * @param {Record<string, string>} words
 * @param {DayFormat} format
 * @returns {string} whether it holds, as a sentence; empty where the day of the data is not known: then nobody may say
 */
export function citedStatus({ timeline, certificates }, { exported, staleAfter }, today, words, format) {
  if (exported === null) {
    return "";
  }
  const status = statusOn(timeline, today);
  const told = statusSentence(words, timeline, status, today, format);
  if (isTooOldToTell(status, exported, staleAfter, today)) {
    return ended(tooOldSentence(words, told, format(exported)));
  }
  const covered = certificates === null || certificates.some((held) => statusOn(held, today) === "valid");
  const said = status === "valid" && !covered ? (words.not_covered ?? "") : told;
  return said && words.cite_status
    ? ended(words.cite_status.replace("{status}", () => said.replace(/\.$/, "")).replace("{date}", () => format(exported)))
    : "";
}

/**
 * @param {Release} release
 * @param {string} today
 * @param {Record<string, string>} words
 * @param {DayFormat} format
 * @returns {string} when it was consulted, and of which day the data are; empty without words
 */
export function citedDay({ exported }, today, words, format) {
  if (!words.cite_consulted || !words.cite_data) {
    return "";
  }
  const consulted = words.cite_consulted.replace("{date}", () => format(today));
  const data = exported === null ? "" : `, ${words.cite_data.replace("{date}", () => format(exported))}`;
  return `(${consulted}${data})`;
}

/** @param {string} sentence */
function ended(sentence) {
  return sentence && !sentence.endsWith(".") ? `${sentence}.` : sentence;
}
