// @ts-check
/**
 * From a number in any spelling, or a piece of one, to the records that bear it. Those of certificates and documents are
 * here; those of datasheets are asked for, as far as their files have come.
 */

import { ExactNumbers } from "./exact-numbers.js";
import { searchFormsBy } from "./numbers.js";
import { isOneSlip } from "./slips.js";

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

/** No number's letters run on like this; a word's do. */
export const WORD_LIKE = /\p{L}{5}/u;

export class Resolver extends ExactNumbers {
  /** @type {number[]} where each line starts in `#lines` */
  #starts = [];
  /** @type {string} */
  #lines;
  /** @type {Map<string, { number: string, count: number }> | null} by shape: one number, and how many there are */
  #shapes = null;

  /**
   * @param {Records} records
   * @param {Names} names in the page's language; ids are names too
   * @param {SheetCodes} codes
   */
  constructor(records, names, codes) {
    super(records, names);
    this.codes = codes;
    let start = 1;
    for (const form of this.forms) {
      this.#starts.push(start);
      start += form.length + 1;
    }
    this.#lines = `\n${this.forms.join("\n")}\n`;
  }

  /**
   * @param {string} query
   * @param {number} [shortest] from what length on pieces count
   * @returns {Resolved}
   */
  resolve(query, shortest = SHORTEST_PIECE) {
    const { forms, named, exact, single } = this.exactly(query, (form) =>
      this.codes.find(form, true).found.map(({ row }) => row),
    );
    const taken = new Set(exact);
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
      beginning: this.split(beginning, named).flat(),
      holding: this.split([...holding].filter((row) => !beginning.has(row)), named).flat(),
      single,
      cut,
    };
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
    const lines = this.rows.filter((_, line) => isOneSlip(number, this.forms[line]));
    const coded = this.codes.oneSlipAway(number).map(({ row }) => row);
    const rows = new Set([...lines, ...coded]);
    const named = this.systemsNamed(query, forms);
    return this.split(rows, named).flat();
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
      const own = this.forms.map((form, line) => ({ form, number: this.numberOf(this.rows[line]), count: 1 }));
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
      yield [this.rows[line], this.#starts[line] === at];
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
