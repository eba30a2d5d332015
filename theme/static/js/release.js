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
  return releaseIn(getComputedStyle(document.documentElement));
}

/**
 * The same as soon as the small stylesheet is there, without asking how the page looks: other styles may still be on
 * their way.
 * @returns {Promise<Release>}
 */
export async function releaseArrived() {
  const link = document.querySelector('link[rel="stylesheet"][href$="/release.css"]');
  if (!(link instanceof HTMLLinkElement)) {
    return release();
  }
  if (link.sheet === null) {
    await new Promise((done) => ["load", "error"].forEach((event) => link.addEventListener(event, done, { once: true })));
  }
  const root = [...(link.sheet?.cssRules ?? [])].find((rule) => rule instanceof CSSStyleRule);
  return root instanceof CSSStyleRule ? releaseIn(root.style) : release();
}

/**
 * @param {CSSStyleDeclaration} style
 * @returns {Release}
 */
function releaseIn(style) {
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
