// @ts-check
/**
 * A release's register as it can be asked: what its core holds, and what the store brings when it is asked for. No page
 * here.
 */

import { SheetCodes } from "./codes.js";
import { indexTexts } from "./core-words.js";
import { wordsElsewhere } from "./expecting.js";
import { find, lunrOf } from "./finding.js";
import { WordSearch } from "./matching.js";
import { decodeNames, decodeRecords, decodeShelves, decodeTexts, decodeValidity } from "./payload.js";
import { Resolver } from "./resolver.js";
import { SheetWords } from "./sheet-words.js";
import { Sheets } from "./sheets.js";
import { Sorting } from "./sorting.js";
import { lapsedOf, statusesOn } from "./statuses.js";
import { isInflected, plainWords } from "./words.js";

/**
 * @typedef {import("./finding.js").Found} Found
 * @typedef {import("./store.js").Store} Store
 */

export class Engine {
  /** @type {WordSearch | null} */
  #search = null;
  /** @type {{ query: string, search: WordSearch } | null} */
  #first = null;
  /** @type {Uint8Array | null} */
  #statuses = null;
  /** @type {Resolver | null} */
  #resolver = null;
  /** @type {boolean | null} */
  #numbersOfLetters = null;

  /**
   * @param {any} core from `readCore`
   * @param {object} given
   * @param {string} given.lang the page's
   * @param {string} given.today
   * @param {Store} given.store brings the other files of the release, and lunr.js by the name `LUNR`
   * @param {string} [given.query] what will be asked first: files that it needs are fetched while all else is made
   * @throws {import("./payload.js").PayloadError} where the core is damaged
   */
  constructor(core, { lang, today, store, query = "" }) {
    this.today = today;
    this.store = store;
    this.shelves = decodeShelves(core);
    this.sheetWords = new SheetWords(this, this.shelves, store);
    this.#expect(query, core);
    this.texts = decodeTexts(core);
    this.records = decodeRecords(core);
    this.names = decodeNames(core, this.records, lang);
    this.codes = new SheetCodes(this.records, this.shelves, this.store);
    this.sheets = new Sheets(this.records, this.codes, this.store);
    this.sorting = new Sorting(this.records, this.codes, this.sheets, this.store, lang);
    this.lapsed = lapsedOf(this.records, statusesOn(this.records, this.records.certified, today));
  }

  /** Who bears which number: made when a number is first asked for, since words need it for nothing. */
  get resolver() {
    this.#resolver ??= new Resolver(this.records, this.names, this.codes);
    return this.#resolver;
  }

  /** Whether letters alone may be a number: that of a certificate or document, or the beginning of a datasheet's. */
  get hasNumbersOfLetters() {
    this.#numbersOfLetters ??=
      [...this.records.numbers, ...this.records.documentNumbers].some((number) => !/[0-9]/.test(number)) ||
      this.shelves.shapes.some(([form]) => !/^[0-9]/.test(form));
    return this.#numbersOfLetters;
  }

  /** The search in words: made when they are first asked for, since it takes some time. */
  get search() {
    this.#search ??= this.#searchIn(indexTexts(this.texts));
    return this.#search;
  }

  /**
   * The search in words for one query. Where that is words of names as they are written, the first answer does not wait
   * for the index of all words: one of the query's own answers the same.
   * @param {string} query
   * @returns {WordSearch}
   */
  searchFor(query) {
    const words = this.#search ? null : plainWords(query);
    if (!words) {
      return this.search;
    }
    if (this.#first?.query !== query) {
      this.#first = { query, search: this.#searchIn(indexTexts(this.texts, words)) };
    }
    const { search } = this.#first;
    return words.every((word) => search.vocabulary.has(word)) ? search : this.search;
  }

  /** @param {import("./core-words.js").CoreIndex} index */
  #searchIn(index) {
    return new WordSearch(this.records, index, this.texts.unitsOfValues, this.sheetWords, this.lapsed);
  }

  /**
   * Fetch what a query of words needs of datasheets, and lunr.js, before its own index is made. What the guess misses is
   * fetched when it is asked for.
   * @param {string} query
   * @param {any} core
   */
  #expect(query, core) {
    const expected = wordsElsewhere(query, core, this.shelves.elsewhere);
    if (expected.length === 0) {
      return;
    }
    this.store.begin();
    for (const { word, inCore, unfinished } of expected) {
      this.sheetWords.known(word, unfinished, inCore);
      if (isInflected(word) && !inCore) {
        this.sheetWords.spellings(word);
      }
    }
    lunrOf(this.store);
    void this.store.fetch();
  }

  /**
   * The status of every certificate and datasheet today.
   * @returns {Uint8Array | null | undefined} as numbers of `records.statuses`; null where they cannot be read
   */
  get statuses() {
    if (this.#statuses) {
      return this.#statuses;
    }
    const validity = this.store.take("validity.json", (content) => decodeValidity(content, this.records));
    this.#statuses = validity ? statusesOn(this.records, validity, this.today) : null;
    return validity && this.#statuses;
  }

  /**
   * @param {string} query from `cleanQuery`
   * @returns {Found} as far as files are there
   */
  find(query) {
    return find(query, this);
  }

  /**
   * Ask until all files have come that the answer needs. `store.failed` tells the question what came of them.
   * @template T
   * @param {() => T} question
   * @param {object} [given]
   * @param {(early: T) => void} [given.early] is told what is known before a file is fetched
   * @param {() => boolean} [given.isWanted] whether the answer still is; the last one is returned where it is not
   * @returns {T | Promise<T>} the answer itself where nothing has to be fetched: it can be shown at once
   */
  ask(question, { early = () => {}, isWanted = () => true } = {}) {
    this.store.begin();
    const answer = question();
    if (!this.store.wants || !isWanted()) {
      return answer;
    }
    const fetched = this.store.fetch();
    early(answer);
    return fetched.then(() => this.ask(question, { early, isWanted }));
  }
}
