// @ts-check
/** What a badge on another site may say: nothing that it does not know. Pure: no clock and no page here. */

import { TONES, isTooOldToTell, mayHaveChanged, notBefore, statusOn } from "./status.js";

/**
 * @typedef {import("./status.js").Status} Status
 * @typedef {import("./status.js").Tone} Tone
 * @typedef {import("./status.js").Timeline} Timeline
 * @typedef {import("./release.js").Release} Release
 */

/**
 * Where the day of the data could not be read, or lies too far back, what holds is unknown; what does not hold any more
 * is said on any day. A clock that goes behind the data is wrong: then the day of the data is today.
 * @param {Timeline} timeline
 * @param {Release} release
 * @param {string} today
 * @returns {{ day: string, status: Status, tone: Tone, doubt: "" | "unread" | "too old" }}
 */
export function badgeStatus(timeline, { exported, staleAfter }, today) {
  const day = notBefore(today, exported);
  const status = statusOn(timeline, day);
  const unread = exported === null && mayHaveChanged(status);
  const doubt = unread ? "unread" : isTooOldToTell(status, exported, staleAfter, day) ? "too old" : "";
  return { day, status, tone: doubt ? "unknown" : TONES[status], doubt };
}
