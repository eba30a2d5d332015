// @ts-check
/**
 * From a number in any spelling to the records that bear exactly this one. Numbers never go through the index of words.
 * The first answer needs no more; pieces of numbers and slips are in `resolver.js`.
 */

import { compact, leadingWords, searchFormsBy } from "./numbers.js";

/**
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./payload.js").Names} Names
 */

/**
 * @typedef {object} Exactly
 * @property {string[]} forms of the query, the exact spelling first
 * @property {Set<number>} named the systems whose name leads the query
 * @property {number[]} exact the rows that bear the number, those of the named systems first
 * @property {number | null} single the one record that the query can mean, if there is one
 */

const NUMBER_WORDS = leadingWords([]);
const ONLY_DIGITS_AND_SIGNS = /^[0-9][0-9 ./\\_:;,+()-]*$/;

export class ExactNumbers {
  /** @type {string[]} each form of a record's number, a line each */
  forms = [];
  /** @type {number[]} the record of each line */
  rows = [];
  /** @type {Map<string, number[]>} */
  #byForm = new Map();

  /**
   * @param {Records} records
   * @param {Names} names in the page's language; ids are names too
   */
  constructor(records, names) {
    this.records = records;
    this.systemWords = records.systems.map((id, system) => leadingWords([id, names.systems[system].text]));
    this.allWords = leadingWords([...records.systems, ...names.systems.map((name) => name.text)]);
    const wordBeginsWithDigit = this.allWords.some((word) => /^\p{N}/u.test(word));
    const rows = [...records.numbers.keys(), ...records.documentNumbers.map((_, document) => records.dated + document)];
    for (const row of rows) {
      const number = this.numberOf(row);
      // Most numbers are digits and signs: nothing leads them, and going through the words 100,000 times takes long.
      const forms =
        ONLY_DIGITS_AND_SIGNS.test(number) && !wordBeginsWithDigit
          ? [compact(number)]
          : searchFormsBy(number, this.#wordsOf(row));
      for (const form of forms) {
        this.forms.push(form);
        this.rows.push(row);
        const rows = this.#byForm.get(form);
        if (rows) {
          rows.push(row);
        } else {
          this.#byForm.set(form, [row]);
        }
      }
    }
  }

  /**
   * @param {string} query
   * @param {(form: string) => number[]} [others] rows whose numbers are not here
   * @returns {Exactly}
   */
  exactly(query, others = () => []) {
    const forms = query.trim() ? searchFormsBy(query, this.allWords) : [];
    const named = this.systemsNamed(query, forms);
    const taken = new Set();
    /** @type {number[]} */
    const exact = [];
    /** @type {number[][]} rows by how much had to be taken away, the named system's first */
    const steps = [];
    for (const form of forms) {
      const rows = [...new Set([...(this.#byForm.get(form) ?? []), ...others(form)])].filter((row) => !taken.has(row));
      steps.push(...this.split(rows, named).filter((step) => step.length > 0));
      rows.forEach((row) => taken.add(row));
      exact.push(...this.split(rows, named).flat());
    }
    const first = steps[0] ?? [];
    const meant = named.size === 0 || this.split(first, named)[1].length === 0;
    return { forms, named, exact, single: first.length === 1 && meant ? first[0] : null };
  }

  /**
   * @param {Iterable<number>} rows
   * @param {Set<number>} named systems
   * @returns {[number[], number[]]} those of the named systems, and the others; both in the order of rows
   */
  split(rows, named) {
    const list = [...rows].sort((a, b) => a - b);
    /** @param {number} row */
    const ofNamed = (row) => this.systemsOf(row).some((system) => named.has(system));
    return [list.filter(ofNamed), list.filter((row) => !ofNamed(row))];
  }

  /**
   * @param {string} query
   * @returns {string} the query as a number without the words that lead it
   */
  bareForm(query) {
    return searchFormsBy(query, this.allWords).at(-1) ?? "";
  }

  /**
   * @param {number} row
   * @returns {number[]}
   */
  systemsOf(row) {
    return row < this.records.dated ? this.records.systemSets[this.records.systemSet[row]] : [];
  }

  /**
   * @param {number} row of a certificate or document
   * @returns {string}
   */
  numberOf(row) {
    const { dated, numbers, documentNumbers } = this.records;
    return row < dated ? numbers[row] : documentNumbers[row - dated];
  }

  /**
   * The words that may be left out in front of a number; `PTV` is one of a document's.
   * @param {number} row of a certificate or document
   */
  #wordsOf(row) {
    if (row < this.records.certificates) {
      return this.systemWords[this.systemsOf(row)[0]];
    }
    return leadingWords([/^\p{L}{2,}/u.exec(this.numberOf(row))?.[0] ?? ""]);
  }

  /**
   * The systems whose name leads the query: with it the query is barer than without.
   * @param {string} query
   * @param {string[]} forms
   * @returns {Set<number>}
   */
  systemsNamed(query, forms) {
    const bare = forms.at(-1);
    if (searchFormsBy(query, NUMBER_WORDS).at(-1) === bare) {
      return new Set();
    }
    const systems = this.systemWords.map((words, system) => ({ system, bare: searchFormsBy(query, words).at(-1) }));
    return new Set(systems.filter((named) => named.bare === bare).map(({ system }) => system));
  }
}
