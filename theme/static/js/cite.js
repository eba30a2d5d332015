// @ts-check
/**
 * Citations that can be copied: as rich text, which pastes into a word processor with a working link, and as plain text.
 * What depends on the day is written when it is copied. Where the browser lets no page write to the clipboard, the
 * citation is selected for the reader to copy.
 */

import { citedDay, citedStatus } from "./citing.js";
import { citingWords } from "./page-words.js";
import { withEvents } from "./printed-dates.js";
import { release } from "./release.js";
import { dayFormat, notBefore, todayInBrussels } from "./status.js";

/**
 * @typedef {import("./status.js").Timeline} Timeline
 */

/** @param {HTMLElement} root with the citations of a record in it */
export async function startCitations(root) {
  const [timeline] = timelinesIn(".record-head");
  const certificates = document.querySelector(".covering") ? timelinesIn(".covering") : null;
  const cited = timeline ? { timeline, certificates } : null;
  const blocks = [...root.querySelectorAll(".citation")].filter((block) => block instanceof HTMLElement);
  await Promise.all(blocks.map((block) => startCitation(block, cited)));
}

/**
 * Date a citation, and put the buttons below it that copy it.
 * @param {HTMLElement} block in its language, with the citation in `[data-citation]`
 * @param {{ timeline: Timeline, certificates: Timeline[] | null } | null} cited what has a status, else null
 */
export async function startCitation(block, cited) {
  const words = await citingWords(block.lang);
  const citation = block.querySelector("[data-citation]");
  if (!(citation instanceof HTMLElement) || !words.cite_copy) {
    return;
  }
  const date = () => {
    const today = notBefore(todayInBrussels(new Date()), release().exported);
    const format = dayFormat(block.lang);
    const status = cited ? citedStatus(cited, release(), today, words, format) : "";
    write(citation.querySelector("[data-citation-status]"), status);
    write(citation.querySelector("[data-citation-day]"), citedDay(release(), today, words, format));
    const link = citation.querySelector("a");
    write(link, link ? wholeAddress(link) : "");
  };
  date();
  const said = document.createElement("p");
  said.className = "citation__said";
  said.setAttribute("role", "status");
  const rich = copyButton(words.cite_copy, words, said, {
    copy: () => {
      date();
      return copied(richText(citation, block.lang));
    },
    select: () => getSelection()?.selectAllChildren(citation),
  });
  const plain = copyButton(words.cite_copy_plain, words, said, {
    copy: () => {
      date();
      return copiedText(plainText(citation));
    },
    select: () => selectable(said, plainText(citation)).select(),
  });
  const buttons = document.createElement("p");
  buttons.className = "citation__buttons";
  buttons.append(rich, " ", plain);
  citation.after(buttons, said);
}

/**
 * @param {string} selector of what holds statuses
 * @returns {Timeline[]}
 */
function timelinesIn(selector) {
  const found = [...document.querySelectorAll(`${selector} [data-timeline]`)];
  return found.map((element) => withEvents(JSON.parse(/** @type {HTMLElement} */ (element).dataset.timeline ?? "")));
}

/**
 * The address of a link as a document elsewhere needs it: that which is printed, where the site knows its own.
 * @param {HTMLAnchorElement} link
 */
export function wholeAddress(link) {
  const text = link.textContent ?? "";
  return /^https?:/.test(text) ? text : link.href;
}

/**
 * A citation as a paragraph of its language with nothing of the page about it.
 * @param {HTMLElement} citation
 * @param {string} lang
 * @returns {HTMLParagraphElement}
 */
export function richText(citation, lang) {
  const paragraph = document.createElement("p");
  paragraph.lang = lang;
  for (const node of citation.childNodes) {
    if (node instanceof HTMLAnchorElement) {
      const link = document.createElement("a");
      link.href = wholeAddress(node);
      link.textContent = wholeAddress(node);
      paragraph.append(link);
    } else {
      paragraph.append((node.textContent ?? "").replace(/[ \n]+/g, " "));
    }
  }
  paragraph.normalize();
  return paragraph;
}

/** @param {HTMLElement} citation */
function plainText(citation) {
  return (citation.textContent ?? "").replace(/[ \n]+/g, " ").trim();
}

/**
 * @param {HTMLElement} paragraph
 * @returns {Promise<boolean>} whether it is on the clipboard, with its link
 */
async function copied(paragraph) {
  if (typeof ClipboardItem === "undefined" || !navigator.clipboard?.write) {
    return false;
  }
  const formats = { "text/html": paragraph.outerHTML, "text/plain": plainText(paragraph) };
  const blobs = Object.entries(formats).map(([type, text]) => [type, new Blob([text], { type })]);
  try {
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} text
 * @returns {Promise<boolean>}
 */
export async function copiedText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A box below an element with a text to be copied by hand.
 * @param {HTMLElement} after
 * @param {string} text
 * @returns {HTMLTextAreaElement}
 */
function selectable(after, text) {
  const other = after.nextElementSibling;
  const box = other instanceof HTMLTextAreaElement ? other : document.createElement("textarea");
  box.readOnly = true;
  box.rows = 5;
  box.value = text;
  box.setAttribute("aria-label", after.textContent ?? "");
  after.after(box);
  return box;
}

/**
 * @param {string} text
 * @param {() => Promise<void>} act
 */
export function button(text, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button";
  element.textContent = text;
  element.addEventListener("click", () => void act());
  return element;
}

/**
 * A button that copies and says what came of it: anew each time, since a status that stays the same is not read out.
 * @param {string} text
 * @param {Record<string, string>} words
 * @param {HTMLElement} said
 * @param {{ copy: () => Promise<boolean>, select: () => void }} acts `select` for the reader to copy what could not be
 */
export function copyButton(text, words, said, { copy, select }) {
  return button(text, async () => {
    said.textContent = "";
    const done = await copy();
    said.textContent = done ? words.copied : words.cite_select;
    if (!done) {
      select();
    }
  });
}

/**
 * @param {Element | null} element
 * @param {string} text what it says from now on, nothing to leave it as it is
 */
function write(element, text) {
  if (element && text) {
    element.textContent = text;
  }
}
