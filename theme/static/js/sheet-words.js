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
    const files = inflected ? this.#files(stemOf(word)) : begins ? this.#files(word) : this.#files(word, word);
    if (!files) {
      return undefined;
    }
    /** @type {Map<string, number>} */
    const found = new Map();
    const exact = files.some((file) => file.has(word));
    if (exact) {
      found.set(word, 1);
    }
    if (begins && meansBeginnings(word, unfinished, exact || inCore)) {
      addAll(found, termsIn(files, (term) => term.startsWith(word)), PREFIX);
    }
    if (inflected) {
      addAll(found, termsIn(files, (term) => areInflections(word, term)), PLURAL);
    }
    return found;
  }

  /**
   * @param {string} word
   * @returns {boolean | undefined} whether it is a term itself
   */
  has(word) {
    return this.#files(word, word)?.some((file) => file.has(word));
  }

  /**
   * @param {string} letters
   * @returns {boolean | undefined} whether a term is these letters and a number
   */
  isNumbered(letters) {
    const files = this.#files(letters);
    return files && termsIn(files, (term) => term.startsWith(letters) && isNumbered(term, letters)).length > 0;
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
   * @returns {Map<string, Postings>[] | undefined} that hold such terms, others too
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

/**
 * @param {Map<string, Postings>[]} files
 * @param {(term: string) => boolean} fits
 * @returns {string[]}
 */
function termsIn(files, fits) {
  /** @type {string[]} */
  const found = [];
  for (const file of files) {
    for (const term of file.keys()) {
      if (fits(term)) {
        found.push(term);
      }
    }
  }
  return found;
}
