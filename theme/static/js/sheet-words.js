// @ts-check
/**
 * The words of datasheets, which stand in files of their own: terms that a typed word may mean, and their postings. A
 * file that has to be fetched first is wanted from the store, and the answer is undefined until it is there.
 */

import { decodeSpellings, decodeTerms, filesHolding } from "./payload.js";
import { PLURAL, PREFIX, addAll, areInflections, isInflected, isNumbered, meansBeginnings, stemOf } from "./words.js";

/**
 * @typedef {import("./payload.js").Postings} Postings
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./payload.js").Shelves} Shelves
 * @typedef {import("./store.js").Store} Store
 */

/** A shorter beginning means too many words to fetch. */
const SHORTEST_BEGINNING = 2;

export class SheetWords {
  /**
   * @param {{ records: Records }} register which may have its records later, before a file comes
   * @param {Shelves} shelves
   * @param {Store} store
   */
  constructor(register, shelves, store) {
    this.register = register;
    this.shelves = shelves;
    this.store = store;
  }

  /**
   * The terms that a word may mean: itself, what it begins, its plural or singular.
   * @param {string} word
   * @param {boolean} unfinished
   * @param {boolean} inCore whether the core holds the word; then its plurals are looked for there only
   * @returns {Map<string, number> | undefined} how well each counts
   */
  known(word, unfinished, inCore) {
    const inflected = isInflected(word) && !inCore;
    const begins = word.length >= SHORTEST_BEGINNING;
    const terms = inflected
      ? this.#terms(stemOf(word))
      : begins
        ? this.#terms(word)
        : this.#terms(word, word);
    if (!terms) {
      return undefined;
    }
    /** @type {Map<string, number>} */
    const found = new Map();
    const exact = terms.includes(word);
    if (exact) {
      found.set(word, 1);
    }
    if (begins && meansBeginnings(word, unfinished, exact || inCore)) {
      addAll(found, terms.filter((term) => term.startsWith(word)), PREFIX);
    }
    if (inflected) {
      addAll(found, terms.filter((term) => areInflections(word, term)), PLURAL);
    }
    return found;
  }

  /**
   * @param {string} word
   * @returns {boolean | undefined} whether it is a term itself
   */
  has(word) {
    return this.#terms(word, word)?.includes(word);
  }

  /**
   * @param {string} letters
   * @returns {boolean | undefined} whether a term is these letters and a number
   */
  isNumbered(letters) {
    return this.#terms(letters)?.some((term) => term.startsWith(letters) && isNumbered(term, letters));
  }

  /**
   * @param {string} word
   * @returns {string[] | undefined} the terms of the same first letter that may be mistyped
   */
  spellings(word) {
    const [letter] = word;
    if (!this.shelves.spellings.includes(letter)) {
      return [];
    }
    const terms = this.store.take(`spellings/${letter.codePointAt(0)?.toString(16)}.json`, decodeSpellings);
    return terms === null ? [] : terms;
  }

  /**
   * @param {string} term
   * @returns {Postings | null | undefined} null where no datasheet holds it
   */
  postings(term) {
    const files = this.#files(term, term);
    return files && (files.map((file) => file.get(term)).find((postings) => postings) ?? null);
  }

  /**
   * @param {string} beginning
   * @param {string} [last]
   * @returns {string[] | undefined} those in the files that hold them, others too
   */
  #terms(beginning, last) {
    return this.#files(beginning, last)?.flatMap((file) => [...file.keys()]);
  }

  /**
   * @param {string} beginning
   * @param {string} [last]
   * @returns {Map<string, Postings>[] | undefined}
   */
  #files(beginning, last) {
    const files = filesHolding(this.shelves.terms, beginning, last).map((name) =>
      this.store.take(name, (content) => decodeTerms(content, this.register.records)),
    );
    return files.includes(undefined)
      ? undefined
      : /** @type {Map<string, Postings>[]} */ (files.filter((file) => file !== null));
  }
}
