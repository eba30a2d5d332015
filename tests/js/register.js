// @ts-check
/** The small register of `tests/unit/search_register.py`, as the browser holds it. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { Engine } from "../../theme/static/js/engine.js";
import { LUNR } from "../../theme/static/js/finding.js";
import { decodeValidity } from "../../theme/static/js/payload.js";
import { statusesOn } from "../../theme/static/js/statuses.js";
import { Store } from "../../theme/static/js/store.js";

const FOLDER = new URL("../vectors/payload/", import.meta.url);

export const TODAY = "2026-11-22";

/**
 * @param {string} name
 * @returns {any} a new copy each time
 */
export function file(name) {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf-8"));
}

/** What travels with the page, as `readCore` gives it. */
export const core = () => ({ ...file("core.json"), ...file("certificates.json") });

/**
 * lunr as npm brings it, without what another test mended.
 * @returns {any}
 */
export function plainLunr() {
  const require = createRequire(import.meta.url);
  delete require.cache[require.resolve("lunr")];
  return require("lunr");
}

/** A store whose files are all at hand, so that each question has its answer at once. */
export class ReadyStore extends Store {
  /** @type {Map<string, any>} */
  #read = new Map();
  /** @param {(name: string) => any} content of each file */
  constructor(content) {
    super(async (name) => content(name));
    this.content = content;
  }

  /**
   * @template T
   * @param {string} name
   * @param {(content: any) => T} decode
   * @returns {T}
   */
  take(name, decode) {
    if (!this.#read.has(name)) {
      this.#read.set(name, decode(this.content(name)));
    }
    return this.#read.get(name);
  }

  /** The files that were asked for, each once. */
  get asked() {
    return [...this.#read.keys()];
  }
}

/** @param {string} name */
export const contentOf = (name) => (name === LUNR ? { default: plainLunr() } : file(name));

/**
 * The engine, as if the first certificate of BENOR's two on clay pipes had lapsed, and the first of all.
 * @param {Store} [store]
 */
export function makeEngine(store = new ReadyStore(contentOf)) {
  const made = new Engine(core(), { lang: "nl", today: TODAY, store });
  ["1-23", "NO 3157"].forEach((number) => (made.lapsed[made.records.numbers.indexOf(number)] = 1));
  return made;
}

export const engine = makeEngine();
export const { records, names, resolver } = engine;
export const validity = decodeValidity(file("validity.json"), records);
export const statuses = statusesOn(records, validity, TODAY);

/**
 * @param {Iterable<number>} rows
 * @returns {string[]} their numbers, a certificate's after its system
 */
export function numbersOf(rows) {
  return Array.from(rows, (row) => {
    const number = engine.sheets.numberOf(row) ?? "";
    if (row >= records.certificates) {
      return number;
    }
    const [system] = records.systemSets[records.systemSet[row]];
    return `${records.systems[system]} ${number}`;
  });
}

/** Every row, in order. */
export const everyRow = Array.from({ length: records.count }, (_, row) => row);
