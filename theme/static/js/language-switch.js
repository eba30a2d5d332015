// @ts-check

/**
 * Let the links to other languages keep the page's query and fragment, as they are when a link is about to be used: a
 * search changes its query all the time.
 * @param {HTMLElement} element
 */
export function startLanguageSwitch(element) {
  const keep = () => {
    for (const link of element.querySelectorAll("a")) {
      link.search = location.search;
      link.hash = location.hash;
    }
  };
  for (const event of ["pointerdown", "focusin", "click"]) {
    element.addEventListener(event, keep);
  }
}
