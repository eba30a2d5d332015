// @ts-check
/** The look of statuses. */

import { TONES } from "./status.js";

/**
 * Give an element the look of a tone.
 * @param {Element} element
 * @param {import("./status.js").Tone} tone
 */
export function setTone(element, tone) {
  for (const other of Object.values(TONES)) {
    element.classList.toggle(`status--${other}`, other === tone);
  }
}
