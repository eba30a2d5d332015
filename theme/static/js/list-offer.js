// @ts-check
/** Lets a reader open what can be done with the list at hand; its script comes only then. */

import { fetched } from "./later.js";

/**
 * @param {HTMLElement} root the search page's, which tells of each new list by the event "listed"
 * @param {import("./list-tools.js").Given} given
 */
export function offerListTools(root, given) {
  const details = root.querySelector("details[data-list-tools]");
  if (!(details instanceof HTMLDetailsElement)) {
    return;
  }
  /** @type {(() => void) | null} */
  let show = null;
  let started = false;
  details.addEventListener("toggle", () => {
    if (details.open && !started) {
      started = true;
      void fetched("list-tools.js")
        .then(async (script) => {
          show = await script.startListTools(details, given);
        })
        .catch((/** @type {unknown} */ fault) => {
          started = false;
          console.error("the tools of lists could not start", fault);
        });
    }
    show?.();
  });
  root.addEventListener("listed", () => {
    if (details.open) {
      show?.();
    }
  });
}
