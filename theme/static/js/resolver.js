// @ts-check
/**
 * From a number in any spelling to the records that bear it. Numbers never go through the index of words. Those of
 * certificates and documents are here; those of datasheets are asked for, as far as their files have come.
 */

import { compact, isOneSlip, leadingWords, searchFormsBy } from "./numbers.js";

/**
 * @typedef {Pick<import("./codes.js").SheetCodes, "find" | "oneSlipAway"> & { shelves: Pick<import("./payload.js").Shelves, "shapes"> }} SheetCodes
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./payload.js").Names} Names
 */

/**
 * What a query means as a number. Each row stands in one list only; those of the system that the query names come first.
 * @typedef {object} Resolved
 * @property {number[]} exact the number itself, in another spelling perhaps
 * @property {number[]} beginning numbers that begin so
 * @property {number[]} holding numbers that hold it; datasheets are found by the beginning of theirs only
 * @property {number | null} single the one record that the query can mean, if there is one
 * @property {boolean} cut whether too many numbers of datasheets begin so
 */

/** From this length on a piece of a number finds it. */
export const SHORTEST_PIECE = 3;
/** A shorter number is one slip from too many others. */
const SHORTEST_SLIPPED = 5;

const NUMBER_WORDS = leadingWords([]);
/** No number's letters run on like this; a word's do. */
export const WORD_LIKE = /\p{L}{5}/u;
const ONLY_DIGITS_AND_SIGNS = /^[0-9][0-9 ./\\_:;,+()-]*$/;

export class Resolver {
  /** @type {string[]} each form of a record's number, a line each */
  #forms = [];
  /** @type {number[]} the record of each line */
  #rows = [];
  /** @type {number[]} where each line starts in `#lines` */
  #starts = [];
  /** @type {string} */
  #lines;
  /** @type {Map<string, number[]>} */
  #byForm = new Map();
  /** @type {Map<string, { number: string, count: number }> | null} by shape: one number, and how many there are */
  #shapes = null;

  /**
   * @param {Records} records
   * @param {Names} names in the page's language; ids are names too
   * @param {SheetCodes} codes
   */
  constructor(records, names, codes) {
    this.records = records;
    this.codes = codes;
    this.systemWords = records.systems.map((id, system) => leadingWords([id, names.systems[system].text]));
    this.allWords = leadingWords([...records.systems, ...names.systems.map((name) => name.text)]);
    const wordBeginsWithDigit = this.allWords.some((word) => /^\p{N}/u.test(word));
    let start = 1;
    const rows = [...records.numbers.keys(), ...records.documentNumbers.map((_, document) => records.dated + document)];
    for (const row of rows) {
      const number = this.#numberOf(row);
      // Most numbers are digits and signs: nothing leads them, and going through the words 100,000 times takes long.
      const forms =
        ONLY_DIGITS_AND_SIGNS.test(number) && !wordBeginsWithDigit
          ? [compact(number)]
          : searchFormsBy(number, this.#wordsOf(row));
      for (const form of forms) {
        this.#forms.push(form);
        this.#rows.push(row);
        this.#starts.push(start);
        start += form.length + 1;
        const rows = this.#byForm.get(form);
        if (rows) {
          rows.push(row);
        } else {
          this.#byForm.set(form, [row]);
        }
      }
    }
    this.#lines = `\n${this.#forms.join("\n")}\n`;
  }

  /**
   * @param {string} query
   * @param {number} [shortest] from what length on pieces count
   * @returns {Resolved}
   */
  resolve(query, shortest = SHORTEST_PIECE) {
    const forms = query.trim() ? searchFormsBy(query, this.allWords) : [];
    const named = this.#systemsNamed(query, forms);
    /** @param {number} row */
    const ofNamed = (row) => this.#systemsOf(row).some((system) => named.has(system));
    const inOrder = (/** @type {Iterable<number>} */ rows) => {
      const list = [...rows].sort((a, b) => a - b);
      return named.size === 0 ? list : [...list.filter(ofNamed), ...list.filter((row) => !ofNamed(row))];
    };

    const taken = new Set();
    /** @type {number[]} */
    const exact = [];
    /** @type {number[][]} rows by how much had to be taken away, the named system's first */
    const steps = [];
    for (const form of forms) {
      const coded = this.codes.find(form, true).found.map(({ row }) => row);
      const rows = inOrder([...(this.#byForm.get(form) ?? []), ...coded]).filter((row) => !taken.has(row));
      steps.push(...[rows.filter(ofNamed), rows.filter((row) => !ofNamed(row))].filter((step) => step.length > 0));
      rows.forEach((row) => taken.add(row));
      exact.push(...rows);
    }
    const first = steps[0] ?? [];
    const meant = named.size === 0 || first.every(ofNamed);

    const piece = forms.at(-1) ?? "";
    /** @type {Set<number>} */
    const beginning = new Set();
    /** @type {Set<number>} */
    const holding = new Set();
    let cut = false;
    if (piece.length >= shortest) {
      for (const [row, begins] of this.#linesWith(piece)) {
        if (!taken.has(row)) {
          (begins ? beginning : holding).add(row);
        }
      }
      const coded = this.codes.find(piece, false);
      cut = coded.cut;
      coded.found.filter(({ row }) => !taken.has(row)).forEach(({ row }) => beginning.add(row));
    }
    return {
      exact,
      beginning: inOrder(beginning),
      holding: inOrder([...holding].filter((row) => !beginning.has(row))),
      single: first.length === 1 && meant ? first[0] : null,
      cut,
    };
  }

  /**
   * @param {string} query
   * @returns {string} the query as a number without the words that lead it
   */
  bareForm(query) {
    return searchFormsBy(query, this.allWords).at(-1) ?? "";
  }

  /**
   * Numbers that are one slip away from what was typed: the last resort, for who types them meant another number.
   * @param {string} query
   * @returns {number[]} the named system's first; none for what is too short or holds a word
   */
  oneSlipAway(query) {
    const forms = searchFormsBy(query, this.allWords);
    const number = forms.at(-1) ?? "";
    if (number.length < SHORTEST_SLIPPED || !/\p{N}/u.test(number) || WORD_LIKE.test(number)) {
      return [];
    }
    const lines = this.#rows.filter((_, line) => isOneSlip(number, this.#forms[line]));
    const coded = this.codes.oneSlipAway(number).map(({ row }) => row);
    const rows = new Set([...lines, ...coded].sort((a, b) => a - b));
    const named = this.#systemsNamed(query, forms);
    const ofNamed = [...rows].filter((row) => this.#systemsOf(row).some((system) => named.has(system)));
    return [...new Set([...ofNamed, ...rows])];
  }

  /**
   * Whether numbers of this form (letters and digits in these places) are found in the register.
   * @param {string} query
   * @returns {boolean}
   */
  isKnownForm(query) {
    return searchFormsBy(query, this.allWords).some((form) => this.#examples().has(shape(form)));
  }

  /**
   * One number of each form, the most frequent forms first.
   * @param {number} most
   * @returns {string[]}
   */
  exampleForms(most) {
    const examples = [...this.#examples().values()].sort((a, b) => b.count - a.count);
    return examples.slice(0, most).map(({ number }) => number);
  }

  #examples() {
    if (this.#shapes === null) {
      this.#shapes = new Map();
      const own = this.#forms.map((form, line) => ({ form, number: this.#numberOf(this.#rows[line]), count: 1 }));
      const coded = this.codes.shelves.shapes.map(([form, count]) => ({ form, number: form, count }));
      for (const { form, number, count } of [...own, ...coded]) {
        const key = shape(form);
        const example = this.#shapes.get(key) ?? { number, count: 0 };
        example.count += count;
        this.#shapes.set(key, example);
      }
    }
    return this.#shapes;
  }

  /**
   * @param {number} row
   * @returns {number[]}
   */
  #systemsOf(row) {
    return row < this.records.dated ? this.records.systemSets[this.records.systemSet[row]] : [];
  }

  /**
   * @param {number} row of a certificate or document
   * @returns {string}
   */
  #numberOf(row) {
    const { dated, numbers, documentNumbers } = this.records;
    return row < dated ? numbers[row] : documentNumbers[row - dated];
  }

  /**
   * The words that may be left out in front of a number; `PTV` is one of a document's.
   * @param {number} row of a certificate or document
   */
  #wordsOf(row) {
    if (row < this.records.certificates) {
      return this.systemWords[this.#systemsOf(row)[0]];
    }
    return leadingWords([/^\p{L}{2,}/u.exec(this.#numberOf(row))?.[0] ?? ""]);
  }

  /**
   * The systems whose name leads the query: with it the query is barer than without.
   * @param {string} query
   * @param {string[]} forms
   * @returns {Set<number>}
   */
  #systemsNamed(query, forms) {
    const bare = forms.at(-1);
    if (searchFormsBy(query, NUMBER_WORDS).at(-1) === bare) {
      return new Set();
    }
    const systems = this.systemWords.map((words, system) => ({ system, bare: searchFormsBy(query, words).at(-1) }));
    return new Set(systems.filter((named) => named.bare === bare).map(({ system }) => system));
  }

  /**
   * The lines that hold a piece: each one's record, and whether the line begins with it.
   * @param {string} piece
   * @returns {Generator<[number, boolean]>}
   */
  *#linesWith(piece) {
    let line = 0;
    for (let at = this.#lines.indexOf(piece); at >= 0; at = this.#lines.indexOf(piece, at + 1)) {
      while (line + 1 < this.#starts.length && this.#starts[line + 1] <= at) {
        line += 1;
      }
      yield [this.#rows[line], this.#starts[line] === at];
    }
  }
}

/**
 * @param {string} form
 * @returns {string} its letters as A, its digits as 9, each other character as it is
 */
function shape(form) {
  return form.replace(/\p{L}/gu, "A").replace(/\p{N}/gu, "9");
}
