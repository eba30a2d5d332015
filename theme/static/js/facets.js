// @ts-check
/**
 * Filters: which rows pass, and how many each value would leave. Pure; chosen values of one facet widen, facets narrow.
 */

import { liesWithin, parseRange } from "./values.js";

/**
 * A facet sorts rows by value. Rows share sets of values, mostly of one.
 * @typedef {object} Facet
 * @property {string} name its parameter in the URL
 * @property {string[]} values ids
 * @property {ArrayLike<number>} setOf each row's entry in `sets`
 * @property {number[][]} sets each the numbers of some values
 * @property {import("./values.js").Range[]} [spans] of the sets, where values are numbers: then a choice is a range
 */

/**
 * @typedef {object} Filtered
 * @property {number[]} rows those that pass all facets, in the order given
 * @property {Map<string, Int32Array>} counts by facet: what each value has under the other facets' choice
 */

/**
 * A facet of which each row has one value.
 * @param {string} name
 * @param {string[]} values
 * @param {ArrayLike<number>} valueOf each row's value
 * @returns {Facet}
 */
export function singleFacet(name, values, valueOf) {
  return { name, values, setOf: valueOf, sets: values.map((_, value) => [value]) };
}

/**
 * @param {Facet[]} facets
 * @param {Map<string, string[]>} chosen ids by facet; an id or a facet that the register has not lets nothing pass
 * @param {Iterable<number>} rows
 * @returns {Filtered}
 */
export function filter(facets, chosen, rows) {
  const states = facets.map((facet) => ({
    setOf: facet.setOf,
    passes: passingSets(facet, chosen.get(facet.name) ?? []),
    counted: new Int32Array(facet.sets.length),
  }));
  const names = new Set(facets.map(({ name }) => name));
  const unknown = [...chosen.keys()].some((name) => !names.has(name));
  /** @type {number[]} */
  const passed = [];
  for (const row of unknown ? [] : rows) {
    // A row counts for every facet where it passes them all, and for one facet where only that one holds it back.
    let heldBy = -1;
    let held = 0;
    for (let index = 0; index < states.length && held < 2; index += 1) {
      if (!states[index].passes[states[index].setOf[row]]) {
        heldBy = index;
        held += 1;
      }
    }
    if (held === 0) {
      passed.push(row);
      for (const state of states) {
        state.counted[state.setOf[row]] += 1;
      }
    } else if (held === 1) {
      states[heldBy].counted[states[heldBy].setOf[row]] += 1;
    }
  }
  return {
    rows: passed,
    counts: new Map(facets.map((facet, index) => [facet.name, countsOfValues(facet, states[index].counted)])),
  };
}

/**
 * @param {Facet} facet
 * @param {string[]} ids
 * @returns {Uint8Array} 1 for each set that passes
 */
function passingSets(facet, ids) {
  if (ids.length === 0) {
    return new Uint8Array(facet.sets.length).fill(1);
  }
  const { spans } = facet;
  if (spans) {
    const ranges = ids.map(parseRange);
    const passes = facet.sets.map((_, set) => ranges.some((range) => range && spans[set] && liesWithin(range, spans[set])));
    return Uint8Array.from(passes, Number);
  }
  const wanted = new Set(ids);
  return Uint8Array.from(facet.sets, (set) => (set.some((value) => wanted.has(facet.values[value])) ? 1 : 0));
}

/**
 * @param {Facet} facet
 * @param {Int32Array} counted by set
 * @returns {Int32Array} by value
 */
function countsOfValues(facet, counted) {
  const counts = new Int32Array(facet.values.length);
  facet.sets.forEach((set, index) => set.forEach((value) => (counts[value] += counted[index])));
  return counts;
}
