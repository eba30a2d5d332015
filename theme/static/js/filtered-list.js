// @ts-check
/** Where links to filtered lists arrive: leads on to the search page in the visitor's language. */

import { searchQuery } from "./lasting.js";

/** @param {HTMLElement} root with the search page in each language as links */
export function startFilteredList(root) {
  const links = [...root.querySelectorAll("a")];
  const query = searchQuery(location.search);
  for (const link of links) {
    link.search = query;
  }
  const chosen = preferred(navigator.languages, links.map((link) => link.hreflang));
  const link = links.find(({ hreflang }) => hreflang === chosen);
  if (link) {
    location.replace(link.href);
  }
}

/**
 * @param {readonly string[]} wanted the visitor's languages, the best first
 * @param {string[]} given those of the site
 * @returns {string} the first of the site's where none is wanted
 */
export function preferred(wanted, given) {
  for (const language of wanted) {
    const short = language.toLowerCase().split("-")[0];
    const found = given.find((tag) => tag.toLowerCase() === language.toLowerCase() || tag.toLowerCase() === short);
    if (found) {
      return found;
    }
  }
  return given[0];
}
