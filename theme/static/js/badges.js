// @ts-check
/** The page about badges: for the certificate in its address, the code to copy and how the image looks. */

import { copiedText, copyButton } from "./cite.js";
import { citingWords } from "./page-words.js";

/** @param {HTMLElement} root with `data-badge` and `data-permalink`, the addresses before a certificate's name */
export async function startBadges(root) {
  const lang = document.documentElement.lang;
  const words = await citingWords(lang);
  if (!words.badge_of) {
    return;
  }
  const slug = new URLSearchParams(location.search).get("c") ?? "";
  const name = encodeURIComponent(slug);
  const badge = `${root.dataset.badge}${name}`;
  const title = slug ? await titleOf(new URL(`../../badge/${name}/`, location.href)) : "";
  const chosen = root.querySelector("[data-badges-chosen]");
  if (slug && chosen instanceof HTMLElement) {
    chosen.hidden = false;
    chosen.textContent = (title ? words.badge_of : words.badge_none).replace("{certificate}", () => title || slug);
  }
  if (title) {
    const page = new URL(`${badge}/`, location.href).href;
    const permalink = new URL(`${root.dataset.permalink}${name}/`, location.href).href;
    showImage(root, `../../badge/${name}/badge.svg`, title);
    snippet(root, "frame", frameCode(`${page}#${lang}`, title));
    snippet(root, "image", imageCode(permalink, `${page}badge.svg`, title));
  }
  for (const code of root.querySelectorAll("[data-snippet]")) {
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    const copy = copyButton(words.copy, words, said, {
      copy: () => copiedText(code.textContent ?? ""),
      select: () => getSelection()?.selectAllChildren(code),
    });
    const line = document.createElement("p");
    line.append(copy, " ", said);
    code.parentElement?.after(line);
  }
}

/**
 * @param {URL} address of a badge
 * @returns {Promise<string>} the mark and number on it, empty where there is none
 */
async function titleOf(address) {
  const answer = await fetch(address);
  if (!answer.ok) {
    return "";
  }
  const heading = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("h1");
  return (heading?.textContent ?? "").trim();
}

/**
 * @param {HTMLElement} root
 * @param {string} src
 * @param {string} alt
 */
function showImage(root, src, alt) {
  const place = root.querySelector("[data-badges-image]");
  if (place instanceof HTMLElement) {
    const image = document.createElement("img");
    image.src = src;
    image.alt = alt;
    place.replaceChildren(image);
    place.hidden = false;
  }
}

/** @returns {Document} one in which nothing is loaded: its elements are made to be written down */
const inert = () => document.implementation.createHTMLDocument("");

/**
 * @param {string} src
 * @param {string} title
 */
function frameCode(src, title) {
  const frame = inert().createElement("iframe");
  for (const [name, value] of Object.entries({ src, title, width: "340", height: "300", loading: "lazy" })) {
    frame.setAttribute(name, value);
  }
  return frame.outerHTML;
}

/**
 * @param {string} href
 * @param {string} src
 * @param {string} alt
 */
function imageCode(href, src, alt) {
  const page = inert();
  const link = page.createElement("a");
  const image = page.createElement("img");
  link.setAttribute("href", href);
  for (const [name, value] of Object.entries({ src, alt })) {
    image.setAttribute(name, value);
  }
  link.append(image);
  return link.outerHTML;
}

/**
 * @param {HTMLElement} root
 * @param {string} name
 * @param {string} text
 */
function snippet(root, name, text) {
  const code = root.querySelector(`[data-snippet="${name}"]`);
  if (code) {
    code.textContent = text;
  }
}
