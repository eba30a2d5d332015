// @ts-check
/**
 * Checks lists beside the page, so that a large file freezes nothing. It fetches one file, as soon as it starts and
 * whatever the list may hold; after that it asks the network for nothing, and answers the page alone.
 */

import { answerFor, counted } from "./check-answers.js";
import { DocumentError, readDocument, readText } from "./check-documents.js";
import { findNumbers, prepare } from "./check-numbers.js";
import { CheckRegister } from "./check-register.js";
import { compact } from "./numbers.js";
import { readFile } from "./payload.js";

/**
 * @typedef {import("./check-answers.js").Answered} Answered
 * @typedef {import("./check-answers.js").Asked} Asked
 * @typedef {import("./check-documents.js").DocumentText} DocumentText
 * @typedef {import("./check-documents.js").PlaceKind} PlaceKind
 * @typedef {import("./check-documents.js").Refusal} Refusal
 * @typedef {import("./check-numbers.js").Finding} Finding
 * @typedef {import("./payload.js").Name} Name
 */

/**
 * What the page asks: the file to fetch, a list to check, another day for the list that was checked last.
 * @typedef {{ type: "start", folder: string, lang: string }
 *   | { type: "text", id: number, text: string, asked: Asked }
 *   | { type: "file", id: number, bytes: ArrayBuffer, name: string, whole: boolean, asked: Asked }
 *   | { type: "day", id: number, asked: Asked }} Question
 */

/**
 * @typedef {{ type: "ready" } | { type: "failed" }
 *   | { type: "refused", id: number, reason: Refusal }
 *   | { type: "checked", id: number, rows: Row[], counts: Record<import("./check-answers.js").Outcome, number>, cut: boolean }} Reply
 */

/** @typedef {{ name: string, path: string }} RecordLink mark and number; the page below that of the language */

/** @typedef {{ kind: PlaceKind, name: string, number: number }} WrittenPlace */

/**
 * A number of the list as the page shows it.
 * @typedef {object} Row
 * @property {"certificate" | "datasheet" | "unknown"} kind
 * @property {string} number as printed; as written where the register does not know it
 * @property {string} mark of a certificate, or what is named in front of an unknown number
 * @property {string} path
 * @property {string} tradeName
 * @property {Name} product
 * @property {string} holder
 * @property {string | null} unlisted since when it is no longer listed
 * @property {Answered["outcome"]} outcome
 * @property {Answered["own"]} own
 * @property {Answered["coverage"]} coverage
 * @property {(RecordLink & { said: import("./check-answers.js").Said })[]} certificates of a datasheet
 * @property {Finding["reason"]} reason
 * @property {RecordLink[]} near
 * @property {boolean} shared
 * @property {boolean} padded
 * @property {[before: string, written: string, after: string]} snippet
 * @property {WrittenPlace[]} places the first of them
 * @property {number} morePlaces
 */

const MOST_PLACES = 5;
const AROUND = 32;
const NO_NAME = { text: "", lang: null };

/** @type {CheckRegister | null} */
let register = null;
/** @type {{ findings: Finding[], document: DocumentText } | null} */
let checked = null;
/** @type {Promise<void>} */
let arriving = Promise.resolve();

self.addEventListener("message", (/** @type {MessageEvent<Question>} */ { data }) => {
  if (data.type === "start") {
    arriving = start(data.folder, data.lang);
  } else {
    void arriving.then(() => answer(data));
  }
});

/** @param {Reply} reply */
function tell(reply) {
  self.postMessage(reply);
}

/**
 * @param {string} folder
 * @param {string} lang
 */
async function start(folder, lang) {
  try {
    register = new CheckRegister(await readFile(new URL(folder), "check.json"), lang);
    prepare(register);
    tell({ type: "ready" });
  } catch (fault) {
    console.error(fault);
    tell({ type: "failed" });
  }
}

/** @param {Exclude<Question, { type: "start" }>} question */
function answer(question) {
  if (!register) {
    tell({ type: "failed" });
    return;
  }
  const { id, asked } = question;
  try {
    if (question.type !== "day") {
      const document = question.type === "text" ? readText(question.text) : fromFile(question);
      checked = { document, findings: findNumbers(document.text, register, document.heads) };
    }
    const { findings, document } = checked ?? { findings: [], document: readText("") };
    const answers = findings.map((finding) => answerFor(/** @type {CheckRegister} */ (register), finding, asked));
    const lines = document.text.split("\n");
    const starts = startsOf(lines);
    const rows = findings.map((finding, place) => row(finding, answers[place], document, lines, starts));
    tell({ type: "checked", id, rows, counts: counted(answers), cut: document.cut });
  } catch (fault) {
    if (!(fault instanceof DocumentError)) {
      console.error(fault);
    }
    tell({ type: "refused", id, reason: fault instanceof DocumentError ? fault.reason : "failed" });
  }
}

/**
 * @param {Extract<Question, { type: "file" }>} file
 * @returns {DocumentText}
 */
function fromFile({ bytes, name, whole }) {
  const document = readDocument(new Uint8Array(bytes), name, whole);
  return { ...document, cut: document.cut || !whole };
}

/**
 * @param {Finding} finding
 * @param {Answered} answered
 * @param {DocumentText} document
 * @param {string[]} lines
 * @param {number[]} starts
 * @returns {Row}
 */
function row(finding, answered, document, lines, starts) {
  const known = /** @type {CheckRegister} */ (register);
  const own = finding.row;
  const [first] = finding.places;
  const certificate = own !== null && known.isCertificate(own);
  return {
    kind: own === null ? "unknown" : certificate ? "certificate" : "datasheet",
    number: own === null ? oneLine(finding.written) : known.numbers[own],
    mark: certificate ? markOf(own) : own === null ? finding.mark : "",
    path: own === null ? "" : known.pathOf(own),
    tradeName: own === null ? "" : known.tradeNameOf(own),
    product: own === null ? NO_NAME : known.productOf(own),
    holder: own === null ? "" : known.holderOf(own),
    unlisted: own === null ? null : known.unlistedSince(own),
    outcome: answered.outcome,
    own: answered.own,
    coverage: answered.coverage,
    certificates: answered.certificates.map(({ row: held, said }) => ({ ...linkTo(held), said })),
    reason: finding.reason,
    near: finding.near.map(linkTo),
    shared: finding.shared,
    padded: finding.padded,
    snippet: snippetOf(lines[first.line], first.start - starts[first.line], finding.written),
    places: finding.places.slice(0, MOST_PLACES).map(({ line }) => placeOf(document, line)),
    morePlaces: Math.max(0, finding.places.length - MOST_PLACES),
  };
}

/**
 * @param {string[]} lines
 * @returns {number[]} where each begins in the text
 */
function startsOf(lines) {
  let start = 0;
  return lines.map((line) => {
    const own = start;
    start += line.length + 1;
    return own;
  });
}

/**
 * @param {number} own row of a certificate
 * @returns {string}
 */
function markOf(own) {
  const system = register?.systemOf(own);
  return system === undefined ? "" : (register?.systemNames[system].text ?? "");
}

/**
 * @param {number} own row
 * @returns {RecordLink} a number that begins with its mark is not given it twice
 */
function linkTo(own) {
  const known = /** @type {CheckRegister} */ (register);
  const number = known.numbers[own];
  const mark = known.isCertificate(own) ? markOf(own) : "";
  const name = compact(number).startsWith(compact(mark)) ? number : `${mark} ${number}`;
  return { name, path: known.pathOf(own) };
}

/**
 * @param {string} line
 * @param {number} at
 * @param {string} written
 * @returns {[string, string, string]} what stands around it in its line, cut where that is long
 */
function snippetOf(line, at, written) {
  const before = line.slice(0, at);
  const after = line.slice(at + written.length);
  return [
    oneLine(before.length > AROUND ? `…${before.slice(-AROUND)}` : before),
    oneLine(written),
    oneLine(after.length > AROUND ? `${after.slice(0, AROUND)}…` : after),
  ];
}

/** @param {string} text */
function oneLine(text) {
  return text.replace(/[\n\v\t\f]+/g, " ");
}

/**
 * @param {DocumentText} document
 * @param {number} line
 * @returns {WrittenPlace}
 */
function placeOf({ runs, numbers }, line) {
  const run = runs.filter(({ first }) => first <= line).at(-1);
  return { kind: run?.kind ?? "line", name: run?.name ?? "", number: numbers[line] };
}
