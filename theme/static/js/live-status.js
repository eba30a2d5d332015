// @ts-check
/**
 * Compares a printed status with today. A page is made on the day of the export; a record may have expired since, or the
 * data may be too old to tell. Where nothing changed, nothing is touched.
 */

import { languageOf, pageWords } from "./page-words.js";
import { withEvents } from "./printed-dates.js";
import { release } from "./release.js";
import { TONES, dayFormat, isTooOldToTell, notBefore, statusOn, statusSentence, todayInBrussels, tooOldSentence } from "./status.js";
import { setTone } from "./tones.js";

/**
 * @typedef {import("./status.js").Status} Status
 * @typedef {import("./status.js").Timeline} Timeline
 */

/**
 * @param {HTMLElement} element with its dates in `data-timeline`
 */
export function startStatus(element) {
  /** @type {Timeline} */
  const timeline = withEvents(JSON.parse(element.dataset.timeline ?? ""));
  const { exported, staleAfter } = release();
  let shown = exported === null ? null : statusOn(timeline, exported);
  let shownDoubt = "";

  const compare = () => {
    const day = notBefore(todayInBrussels(new Date()), exported);
    const status = statusOn(timeline, day);
    const uncovered = status === "valid" && timeline.covered !== undefined && day > timeline.covered;
    const doubt = uncovered ? "uncovered" : isTooOldToTell(status, exported, staleAfter, day) ? "too old" : "";
    const tone = doubt ? "unknown" : TONES[status];
    if (element.classList.contains(`status--${tone}`) && (shown ?? status) === status && shownDoubt === doubt) {
      return;
    }
    shown = status;
    shownDoubt = doubt;
    setTone(element, tone);
    for (const detail of element.querySelectorAll("[data-status-detail]")) {
      detail.textContent = "";
    }
    for (const sentence of element.querySelectorAll("[data-status-sentence]")) {
      const language = languageOf(sentence);
      const format = dayFormat(language);
      void pageWords(language).then((words) => {
        const told = statusSentence(words, timeline, status, day, format);
        const old = doubt === "too old" ? tooOldSentence(words, told, format(exported ?? day)) : told;
        const text = uncovered ? words.not_covered : old;
        // Without words the printed dates stay: they are true on any day.
        sentence.textContent = text || sentence.textContent;
      });
    }
  };

  compare();
  // A page may stay open over midnight, on a phone over weeks.
  document.addEventListener("visibilitychange", compare);
}
