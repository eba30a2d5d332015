// @ts-check
/**
 * From a query to the words of the index: the twin of `plugins/keur/search/words.py`, held to it by
 * `tests/vectors/words.json`, and the ways in which a typed word may mean an indexed one.
 */

import { PLAIN, fold } from "./folding.js";

export { fold };

const WORD = /[\p{L}\p{N}]+/gu;
/** The same where there is nothing but ASCII, as in most folded texts: ten times as fast. */
const PLAIN_WORD = /[a-z0-9]+/gi;
/** So many letters before a number belong to it. */
export const MOST_LETTERS = 3;
const ONE_TO_THREE_LETTERS = /^\p{L}{1,3}$/u;
const PLAIN_LETTERS = /^[a-z]{1,3}$/;
/** Three letters take so many units of UTF-16 at most. */
const MOST_UNITS = 6;
const SEVERAL_LETTERS = /^\p{L}{3,}$/u;
const DIGITS = /^\p{Nd}+$/u;
const PARTS = /^(\p{L}{1,3})(\p{Nd}+)$/u;

/** Words that join others and say nothing themselves; a query of nothing else keeps them. */
const JOINING_WORDS = new Set(
  "a an and aus au aux bij d das de dem den der des die du een en et for für fur het im in l la le les of op or ou par pour te the to und van vom von voor zu zum zur".split(
    " ",
  ),
);

/** How well a way of meaning a word counts, the exact one being 1. What counts no more than `SIMILAR` is a guess. */
export const PREFIX = 0.8;
export const PLURAL = 0.7;
const TAIL = 0.6;
const INNER = 0.4;
const TYPO = 0.4;
export const SIMILAR = 0.4;

/** Shorter numbers are indexed only with the letters before them. */
const SHORTEST_NUMBER = 3;
/** Words of this length on have tails and stems that mean something. */
const LONG = 4;
/** Shorter words are looked for as words, not as pieces of words. */
const SHORTEST_PIECE = 3;

/** Words of this length on may hold two typing errors. */
const VERY_LONG = 9;

const NO_UNITS = /** @type {string[]} */ ([]);
const DIGIT = /[0-9]/;

/**
 * What finds numbers with a unit in folded text.
 * @param {string[]} units folded and without blanks, longest first
 * @returns {RegExp | null}
 */
function measurePattern(units) {
  let pattern = patterns.get(units);
  if (pattern === undefined) {
    pattern = madePattern(units);
    patterns.set(units, pattern);
  }
  return pattern;
}

/** @type {WeakMap<string[], RegExp | null>} by units: each query is read by the same */
const patterns = new WeakMap();

/** @param {string[]} units */
function madePattern(units) {
  const either = units.map((unit) => unit.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|");
  // A number that goes on, or a unit that does, is another one.
  return either
    ? new RegExp(`(?<![\\p{L}\\p{N}])([0-9]+(?:[.,][0-9]+)?)\\s*(${either})(?![\\p{L}\\p{N}/])`, "gu")
    : null;
}

/**
 * The words of a text, folded: no case, no accents, no width. A word of one to three letters before a number belongs to
 * it: `DN 600`, `dn600` and `DN-600` are one word. So does a unit after a number: `20 kN/m` and `20,0kn/m` are
 * `20 kn/m`, the only word with a blank and a sign.
 * @param {string} text
 * @param {string[]} [units] of declared values, folded and without blanks, longest first
 * @returns {string[]}
 */
export function terms(text, units = NO_UNITS) {
  return joined(fold(text), units, Number.POSITIVE_INFINITY);
}

/**
 * The words of a text as it is indexed: the number of `DN 600` can be asked for by itself, the `5` of `C 5` cannot.
 * @param {string} text
 * @param {string[]} [units] as for `terms`
 * @returns {string[]}
 */
export function indexTerms(text, units = NO_UNITS) {
  return indexTermsOfAll([text], units)[0];
}

/**
 * The same for many texts, which are folded together: that takes half the time.
 * @param {string[]} texts
 * @param {string[]} [units] as for `terms`
 * @param {string[]} [pieces] words of texts that hold none of these are left out; letters alone
 * @returns {string[][]}
 */
export function indexTermsOfAll(texts, units = NO_UNITS, pieces = [""]) {
  const together = fold(texts.join("\n")).split("\n");
  // A text may have lines of its own.
  const folded = together.length === texts.length ? together : texts.map(fold);
  return folded.map((text) =>
    pieces.some((piece) => text.includes(piece)) ? joined(text, units, SHORTEST_NUMBER) : [],
  );
}

/**
 * @param {string} folded
 * @param {string[]} units
 * @param {number} shortest from what length on the number of a joined word is a word of its own, which follows it
 * @returns {string[]}
 */
function joined(folded, units, shortest) {
  /** @type {string[]} */
  const found = [];
  let position = 0;
  const measures = DIGIT.test(folded) ? measurePattern(units) : null;
  for (const match of measures ? folded.matchAll(measures) : []) {
    joinWords(folded.slice(position, match.index), shortest, found);
    found.push(`${decimal(match[1])} ${match[2]}`);
    position = match.index + match[0].length;
  }
  joinWords(position > 0 ? folded.slice(position) : folded, shortest, found);
  return found;
}

/**
 * @param {string} folded
 * @param {number} shortest
 * @param {string[]} found where the words are added
 */
function joinWords(folded, shortest, found) {
  const plain = PLAIN.test(folded);
  const shortWord = plain ? PLAIN_LETTERS : ONE_TO_THREE_LETTERS;
  let letters = "";
  for (const word of folded.match(plain ? PLAIN_WORD : WORD) ?? []) {
    if (letters && DIGITS.test(word)) {
      found[found.length - 1] = letters + word;
      if (word.length >= shortest) {
        found.push(word);
      }
    } else {
      found.push(word);
    }
    letters = word.length <= MOST_UNITS && shortWord.test(word) ? word : "";
  }
}

/**
 * A query's words, and whether more letters of the last one may follow.
 * @typedef {{ words: string[], unfinished: boolean }} Reading
 */

/** A number at the end of folded text, and what may begin its unit. */
const BEGUN_VALUE = /(?<![\p{L}\p{N}])([0-9]+(?:[.,][0-9]+)?)\s*([^\s0-9]\S*)$/u;
/** A number at the end whose decimals have begun. */
const BEGUN_NUMBER = /(?<![\p{L}\p{N}])[0-9]+[.,][0-9]*$/u;
/** A word or number at the end of which there is one character. */
const BEGUN_WORD = /(?<![\p{L}\p{N}])[\p{L}\p{N}]$/u;

/**
 * The words of a query that a record has to hold, each once.
 * @param {string} query
 * @param {string[]} [units] as for `terms`
 * @returns {string[]}
 */
export function queryWords(query, units = NO_UNITS) {
  return telling(terms(query, units));
}

/**
 * The ways to read a query, the likeliest first: the next is for where one finds nothing. What a number and the beginning
 * of a unit may become is one word, `20 kn` while `20 kN/m` is typed; yet `Shaft 600 K` may be a name.
 * @param {string} query
 * @param {string[]} [units] as for `terms`
 * @returns {Reading[]}
 */
export function readings(query, units = NO_UNITS) {
  const folded = fold(query);
  const unfinished = /[\p{L}\p{N}]$/u.test(query);
  if (!DIGIT.test(folded)) {
    return [{ words: queryWords(query), unfinished }];
  }
  const value = BEGUN_VALUE.exec(folded);
  const grows = value !== null && units.some((unit) => unit.startsWith(value[2]) && unit !== value[2]);
  const plain = { words: queryWords(query, units), unfinished: grows || unfinished };
  if (grows && !units.includes(value[2])) {
    const word = `${decimal(value[1])} ${value[2]}`;
    return [{ words: telling([...terms(folded.slice(0, value.index), units), word]), unfinished: true }, plain];
  }
  const number = BEGUN_NUMBER.exec(folded);
  if (number !== null && units.length > 0) {
    const word = number[0].replace(",", ".");
    return [plain, { words: telling([...terms(folded.slice(0, number.index), units), word]), unfinished: true }];
  }
  return [plain];
}

/**
 * The words of a query that is nothing but words of letters, long enough to have a stem.
 * @param {string} query
 * @returns {string[] | null} null where there is anything else
 */
export function plainWords(query) {
  const words = queryWords(query);
  return words.length > 0 && words.every((word) => SEVERAL_LETTERS.test(word)) ? words : null;
}

/**
 * A query without what has only just been begun behind other words: a letter, a digit, a number's decimals. It says too
 * little to be looked for among the words of datasheets, and no more than that a word comes.
 * @param {string} query
 * @param {string[]} [units] as for `terms`
 * @returns {string[]} the words of the rest; none where nothing has just been begun
 */
export function settledWords(query, units = NO_UNITS) {
  const folded = fold(query);
  const begun = BEGUN_NUMBER.exec(folded) ?? BEGUN_WORD.exec(folded);
  return begun ? queryWords(folded.slice(0, begun.index), units) : [];
}

/** @param {string[]} words */
function telling(words) {
  const each = [...new Set(words)];
  const some = each.filter((word) => !JOINING_WORDS.has(word));
  return some.length > 0 ? some : each;
}

/** @param {string} number with a point or a comma */
function decimal(number) {
  return number.replace(",", ".").replace(/(?:\.0+|(\.[0-9]*[1-9])0+)$/, "$1");
}

/**
 * The two parts of a joined word (`dn600` is `dn` and `600`), or nothing.
 * @param {string} word
 * @returns {[string, string] | null}
 */
export function parts(word) {
  const match = PARTS.exec(word);
  return match && [match[1], match[2]];
}

/** Whether a word has inflections and slips: what holds a digit is a code, and one digit off is another product. */
export function isInflected(/** @type {string} */ word) {
  return word.length >= LONG && !/\p{N}/u.test(word);
}

/**
 * Whether words that a typed one begins are meant too.
 * @param {string} word from `terms`
 * @param {boolean} unfinished whether more letters may follow: the last word while typing
 * @param {boolean} exact whether the word is a term itself
 * @returns {boolean}
 */
export function meansBeginnings(word, unfinished, exact) {
  return unfinished || (!word.includes(" ") && (!exact || word.length >= LONG));
}

/** Endings that take each other's place after one stem, in the rough way that serves four languages. */
const ENDINGS = [
  ["", "e", "em", "en", "er", "ern", "es", "ien", "n", "ne", "nen", "s", "x"],
  // buis, buizen; bitumineux, bitumineuse, bitumineuze
  ["s", "se", "ses", "x", "ze", "zen"],
  // werf, werven
  ["f", "ve", "ven", "ves"],
  // canal, canaux
  ["l", "le", "les", "ux"],
  // quality, qualities
  ["ies", "y"],
].map((endings) => new Set(endings));
const LONGEST_ENDING = 3;
/** Of these two even a short stem is told. */
const CHANGES = ENDINGS.slice(1, 3);

/**
 * Whether two words are one word inflected: plural and singular above all. Their endings have to fit each other, so that
 * `steenba`, which someone is typing, is no `steel`.
 * @param {string} a
 * @param {string} b
 * @returns {boolean}
 */
export function areInflections(a, b) {
  let same = 0;
  while (same < a.length && a[same] === b[same]) {
    same += 1;
  }
  if (same < LONG - 1) {
    return false;
  }
  const [shorter, longer] = [a.slice(same), b.slice(same)].sort((one, other) => one.length - other.length);
  /** @param {Set<string>[]} sets @param {string} ending */
  const fit = (sets, ending) => sets.some((set) => set.has(shorter) && set.has(ending));
  if (same < LONG) {
    return fit(CHANGES, longer) && /^[sf]$/.test(shorter);
  }
  // Dutch doubles a last consonant: net, netten.
  return fit(ENDINGS, longer) || (shorter === "" && longer.length > 1 && longer[0] === a[same - 1] && fit(ENDINGS, longer.slice(1)));
}

/**
 * What all inflections of a word begin with.
 * @param {string} word
 * @returns {string}
 */
export function stemOf(word) {
  return word.slice(0, Math.max(LONG - 1, word.length - LONGEST_ENDING));
}

/** Finds the terms of the core that a typed word may mean. */
export class Vocabulary {
  /** @param {string[]} terms in ascending order, each once */
  constructor(terms) {
    this.terms = terms;
    /** All terms between line breaks: one native search goes through them all. */
    this.lines = `\n${terms.join("\n")}\n`;
  }

  /**
   * The terms that a word may mean: itself, what it begins, its plural or singular, compounds that end in it.
   * @param {string} word from `terms`
   * @param {boolean} unfinished
   * @param {boolean} exact whether the word is a term, of the core or not
   * @returns {Map<string, number>} how well each counts
   */
  known(word, unfinished, exact) {
    /** @type {Map<string, number>} */
    const found = new Map();
    if (this.has(word)) {
      found.set(word, 1);
    }
    if (meansBeginnings(word, unfinished, exact)) {
      addAll(found, this.#beginningWith(word), PREFIX);
    }
    if (isInflected(word)) {
      const stem = [...this.#beginningWith(stemOf(word))];
      addAll(found, stem.filter((term) => areInflections(word, term)), PLURAL);
      addAll(found, this.#holding(`${word}\n`), TAIL);
    }
    return found;
  }

  /**
   * @param {string} word
   * @returns {Map<string, number>} terms that hold the word, which may be too short for that
   */
  holding(word) {
    /** @type {Map<string, number>} */
    const found = new Map();
    if (word.length >= SHORTEST_PIECE && !word.includes(" ")) {
      addAll(found, this.#holding(word), INNER);
    }
    return found;
  }

  /**
   * @param {string} word
   * @returns {boolean} whether it is a term itself
   */
  has(word) {
    return this.terms[lowerBound(this.terms, word)] === word;
  }

  /**
   * @param {string} letters
   * @returns {boolean} whether a term is these letters and a number
   */
  isNumbered(letters) {
    return [...this.#beginningWith(letters)].some((term) => isNumbered(term, letters));
  }

  /** @param {string} start */
  *#beginningWith(start) {
    for (let term = lowerBound(this.terms, start); this.terms[term]?.startsWith(start); term += 1) {
      yield this.terms[term];
    }
  }

  /**
   * @param {string} text a piece of a term, or its end with a line break
   */
  *#holding(text) {
    let at = this.lines.indexOf(text);
    while (at >= 0) {
      const start = this.lines.lastIndexOf("\n", at - 1) + 1;
      const end = this.lines.indexOf("\n", start);
      yield this.lines.slice(start, end);
      at = this.lines.indexOf(text, end);
    }
  }
}

/**
 * @param {Map<string, number>} found
 * @param {Iterable<string>} terms
 * @param {number} factor
 */
export function addAll(found, terms, factor) {
  for (const term of terms) {
    if (factor > (found.get(term) ?? 0)) {
      found.set(term, factor);
    }
  }
}

/**
 * @param {string} term
 * @param {string} letters that it begins with
 * @returns {boolean} whether a number follows them
 */
export function isNumbered(term, letters) {
  return DIGITS.test(term.slice(letters.length));
}

/**
 * The terms that are the fewest slips away from a word: one, in long words two.
 * @param {string} word
 * @param {Iterable<string>} terms
 * @returns {Map<string, number>}
 */
export function misspelt(word, terms) {
  let nearest = word.length >= VERY_LONG ? 2 : 1;
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const term of terms) {
    const slips = slipsBetween(word, term, nearest);
    if (slips < nearest) {
      nearest = slips;
      found.clear();
    }
    if (slips === nearest) {
      found.set(term, TYPO);
    }
  }
  return found;
}

/**
 * @param {string[]} terms in ascending order
 * @param {string} word
 * @returns {number} the first term that is not before it
 */
export function lowerBound(terms, word) {
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (terms[middle] < word) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The rows of the table in `slipsBetween`, used again for each word: the last, the one before it, and the next. */
let [last, before, next] = Array.from({ length: 3 }, () => new Int32Array(64));

/**
 * How many slips (a letter wrong, missing, too many, or two changed about) lie between two words.
 * @param {string} a
 * @param {string} b
 * @param {number} most where it is clear that there are more, one above it is returned
 * @returns {number}
 */
export function slipsBetween(a, b, most) {
  const tooMany = most + 1;
  if (Math.abs(a.length - b.length) > most) {
    return tooMany;
  }
  if (b.length >= last.length) {
    [last, before, next] = Array.from({ length: 3 }, () => new Int32Array(2 * b.length));
  }
  for (let column = 0; column <= b.length; column += 1) {
    last[column] = column;
  }
  let fewest = 0;
  for (let row = 1; row <= a.length; row += 1) {
    // Further from the diagonal there are more slips than are counted.
    const first = Math.max(1, row - most);
    const end = Math.min(b.length, row + most);
    const fewestBefore = fewest;
    next[first - 1] = first > 1 ? tooMany : row;
    fewest = next[first - 1];
    for (let column = first; column <= end; column += 1) {
      const wrong = a.charCodeAt(row - 1) === b.charCodeAt(column - 1) ? 0 : 1;
      const above = column < row + most || row === 1 ? last[column] : tooMany;
      let slips = Math.min(above + 1, next[column - 1] + 1, last[column - 1] + wrong);
      if (
        row > 1 &&
        column > 1 &&
        a.charCodeAt(row - 1) === b.charCodeAt(column - 2) &&
        a.charCodeAt(row - 2) === b.charCodeAt(column - 1)
      ) {
        slips = Math.min(slips, before[column - 2] + 1);
      }
      next[column] = slips;
      fewest = Math.min(fewest, slips);
    }
    // What follows is reached from this row or the one before: most words differ from their first letters on.
    if (fewest > most && fewestBefore > most) {
      return tooMany;
    }
    [last, before, next] = [next, last, before];
  }
  return Math.min(last[b.length], tooMany);
}
