// @ts-check
/**
 * The state of a search, which is its URL: `q`, one parameter a facet (several values by repetition), where one product
 * is chosen `value.<characteristic>` (`20..40`, or words), `sort` where the order is not that of relevance, and `shown`
 * where more than the first results were asked for.
 */

import { cleanQuery } from "./query.js";
import { orderNamed } from "./sorting.js";
import { VALUE_FACET } from "./values.js";

export { cleanQuery };

export const FACETS = ["system", "group", "product", "holder", "region", "status", "kind"];

/** How many results are shown at first, and how many each "more" adds. */
export const STEP = 50;

/** No product is filtered by more characteristics than this at once. */
const MOST_VALUE_FACETS = 20;

/** No link makes a page of more results than this at once. */
const MOST_SHOWN = 2000;

/**
 * @typedef {object} State
 * @property {string} q
 * @property {Map<string, string[]>} chosen ids by facet, only facets with a choice
 * @property {import("./sorting.js").Order | null} sort null for relevance
 * @property {number} shown
 */

/**
 * @param {string} search a URL's query, with or without its question mark
 * @returns {State}
 */
export function parseState(search) {
  const parameters = new URLSearchParams(search);
  /** @type {Map<string, string[]>} */
  const chosen = new Map();
  const byValue = [...new Set(parameters.keys())].filter((name) => VALUE_FACET.test(name)).sort();
  for (const facet of [...FACETS, ...byValue.slice(0, MOST_VALUE_FACETS)]) {
    const values = [...new Set(parameters.getAll(facet))].filter((value) => value !== "").sort();
    if (values.length > 0) {
      chosen.set(facet, values);
    }
  }
  const shown = Number(parameters.get("shown"));
  return {
    q: cleanQuery(parameters.get("q") ?? ""),
    chosen: withoutStrayValues(chosen),
    sort: orderNamed(parameters.get("sort")),
    shown: Number.isSafeInteger(shown) && shown > STEP ? Math.min(shown, MOST_SHOWN) : STEP,
  };
}

/**
 * @param {State} state
 * @returns {string} with its question mark; empty for an empty state
 */
export function formatState(state) {
  const parameters = new URLSearchParams();
  if (state.q) {
    parameters.set("q", state.q);
  }
  const byValue = [...state.chosen.keys()].filter((name) => VALUE_FACET.test(name)).sort();
  for (const facet of [...FACETS, ...byValue]) {
    for (const value of state.chosen.get(facet) ?? []) {
      parameters.append(facet, value);
    }
  }
  if (state.sort) {
    parameters.set("sort", state.sort);
  }
  if (state.shown > STEP) {
    parameters.set("shown", String(state.shown));
  }
  // A slash may stand in a query as it is: 29/0107 stays readable in a tender document.
  const text = parameters.toString().replaceAll("%2F", "/");
  return text ? `?${text}` : "";
}

/**
 * @param {State} state
 * @param {string} facet
 * @param {string} value
 * @param {boolean} on
 * @returns {State} the state with a value chosen or not, from the first result on
 */
export function choose(state, facet, value, on) {
  const values = (state.chosen.get(facet) ?? []).filter((other) => other !== value);
  return chooseOnly(state, facet, on ? [...values, value].sort() : values);
}

/**
 * @param {State} state
 * @param {string} facet
 * @param {string[]} values all that are chosen of it
 * @returns {State} from the first result on
 */
export function chooseOnly(state, facet, values) {
  const chosen = new Map(state.chosen);
  if (values.length > 0) {
    chosen.set(facet, values);
  } else {
    chosen.delete(facet);
  }
  return { ...state, chosen: withoutStrayValues(chosen), shown: STEP };
}

/**
 * A characteristic belongs to one product: where none or several are chosen, nothing is filtered by it.
 * @param {Map<string, string[]>} chosen
 * @returns {Map<string, string[]>}
 */
function withoutStrayValues(chosen) {
  return chosen.get("product")?.length === 1
    ? chosen
    : new Map([...chosen].filter(([facet]) => !VALUE_FACET.test(facet)));
}
