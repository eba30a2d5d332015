// @ts-check
/**
 * Links to filtered lists that last: `/l/?s=benor&p=geotextile&r=be-wal`. Their keys are issued for ever (see
 * `docs/lasting-links.md`): none changes its meaning, and none is given another. Pure.
 */

import { VALUE_FACET } from "./values.js";

/** What each key means as a parameter of the search page. */
export const KEYS = {
  q: "q",
  s: "system",
  g: "group",
  p: "product",
  h: "holder",
  r: "region",
  t: "status",
  k: "kind",
  o: "sort",
};

/** What comes before the name of a characteristic, here and on the search page. */
const VALUE = "v.";
const VALUE_OF_SEARCH = "value.";

/** Regions of Belgium, by the ISO 3166-2 codes of their provinces: one word in a link for several. */
export const REGIONS = {
  "be-vlg": ["be-van", "be-vbr", "be-vli", "be-vov", "be-vwv"],
  "be-wal": ["be-wbr", "be-wht", "be-wlg", "be-wlx", "be-wna"],
};

/**
 * @param {string} search the query of the search page
 * @returns {string} that of the link, with its question mark; empty where nothing is asked
 */
export function lastingQuery(search) {
  const asked = new URLSearchParams(search);
  const short = new URLSearchParams();
  for (const [key, name] of Object.entries(KEYS)) {
    const values = asked.getAll(name).filter((value) => value !== "");
    for (const value of name === "region" ? joinedRegions(values) : values) {
      short.append(key, value);
    }
  }
  for (const [name, value] of asked) {
    if (VALUE_FACET.test(name)) {
      short.append(VALUE + name.slice(VALUE_OF_SEARCH.length), value);
    }
  }
  return readable(short);
}

/**
 * @param {string} query of a link; keys that mean nothing are passed over
 * @returns {string} the query of the search page, with its question mark; empty where nothing is asked
 */
export function searchQuery(query) {
  const short = new URLSearchParams(query);
  const asked = new URLSearchParams();
  for (const [key, name] of Object.entries(KEYS)) {
    for (const value of short.getAll(key)) {
      for (const one of name === "region" ? provinces(value.toLowerCase()) : [value]) {
        asked.append(name, one);
      }
    }
  }
  for (const [key, value] of short) {
    const name = VALUE_OF_SEARCH + key.slice(VALUE.length);
    if (key.startsWith(VALUE) && VALUE_FACET.test(name)) {
      asked.append(name, value);
    }
  }
  return readable(asked);
}

/** @param {string} region */
function provinces(region) {
  return Object.hasOwn(REGIONS, region) ? REGIONS[/** @type {keyof typeof REGIONS} */ (region)] : [region];
}

/**
 * @param {string[]} regions
 * @returns {string[]} with the provinces of a region, where all are among them, as one
 */
function joinedRegions(regions) {
  let left = regions;
  const joined = [];
  for (const [region, parts] of Object.entries(REGIONS)) {
    if (parts.every((part) => left.includes(part))) {
      left = left.filter((other) => !parts.includes(other));
      joined.push(region);
    }
  }
  return [...joined, ...left];
}

/** @param {URLSearchParams} parameters */
function readable(parameters) {
  // A slash may stand in a query as it is: 29/0107 stays readable in a tender document.
  const text = parameters.toString().replaceAll("%2F", "/");
  return text ? `?${text}` : "";
}
