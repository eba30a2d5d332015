// @ts-check
/** The script of a badge in a frame: it compares the certificate's dates with today, and says "unknown" in any doubt. */

import { badgeStatus } from "./badge-status.js";
import { setTone } from "./tones.js";
import { start } from "./modules.js";
import { citingWords, languageOf } from "./page-words.js";
import { withEvents } from "./printed-dates.js";
import { release } from "./release.js";
import { dayFormat, statusSentence, todayInBrussels } from "./status.js";

/**
 * @typedef {import("./status.js").Timeline} Timeline
 */

/** A frame may stay open for weeks: each hour it looks at the day again. */
const HOUR = 3_600_000;

/**
 * @param {HTMLElement} element with the certificate's dates in `data-timeline`
 */
async function startBadge(element) {
  /** @type {Timeline} */
  const timeline = withEvents(JSON.parse(element.dataset.timeline ?? ""));
  const sentences = [...element.querySelectorAll("[data-status-sentence]")];
  const languages = sentences.map(languageOf);
  const words = await Promise.all(languages.map(citingWords));
  if (words.some((some) => !some.badge_checked)) {
    // Without words it stays "not checked".
    return;
  }
  const compare = () => {
    const given = release();
    const { day, status, tone, doubt } = badgeStatus(timeline, given, todayInBrussels(new Date()));
    for (const shown of element.querySelectorAll(".status")) {
      setTone(shown, tone);
    }
    sentences.forEach((sentence, place) => {
      const format = dayFormat(languages[place]);
      const told = statusSentence(words[place], timeline, status, day, format);
      const text = { unread: words[place].badge_unread, "too old": words[place].badge_unknown, "": words[place].badge_checked };
      sentence.textContent = (given.exported === null && !doubt ? "{status}" : text[doubt])
        .replace("{status}", () => told)
        .replace("{date}", () => format(given.exported ?? day));
    });
  };
  compare();
  document.addEventListener("visibilitychange", compare);
  setInterval(compare, HOUR);
}

start({ badge: startBadge });
