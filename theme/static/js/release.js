// @ts-check
/**
 * What a page knows of its release: the day of the export and how long its data may be trusted. Both stand as custom
 * properties in the small stylesheet that every page links, so that no record's page changes because an export came.
 */

import { todayInBrussels } from "./status.js";

/**
 * @typedef {object} Release
 * @property {string | null} exported the day of the export, null where the stylesheet did not arrive
 * @property {number} staleAfter days
 */

/** @returns {Release} */
export function release() {
  const style = getComputedStyle(document.documentElement);
  const moment = Date.parse(property(style, "--exported-at"));
  const days = Number.parseInt(property(style, "--stale-after"), 10);
  return {
    exported: Number.isNaN(moment) ? null : todayInBrussels(new Date(moment)),
    staleAfter: Number.isNaN(days) ? Number.POSITIVE_INFINITY : days,
  };
}

/**
 * @param {CSSStyleDeclaration} style
 * @param {string} name
 * @returns {string} without the quotes of a CSS string
 */
function property(style, name) {
  return style.getPropertyValue(name).trim().replace(/^(["'])(.*)\1$/, "$2");
}
