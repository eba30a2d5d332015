// @ts-check
/**
 * From a query to the words of the index: the twin of `plugins/keur/search/words.py`, held to it by
 * `tests/vectors/words.json`, and the ways in which a typed word may mean an indexed one.
 */

const LETTERS = new Map(Object.entries({ æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ς: "σ" }));
const LETTER = /[æœøłđðþıς]/g;
const WORD = /[\p{L}\p{N}]+/gu;
const ONE_TO_THREE_LETTERS = /^\p{L}{1,3}$/u;
const DIGITS = /^\p{Nd}+$/u;
const PARTS = /^(\p{L}{1,3})(\p{Nd}+)$/u;

/** Words that join others and say nothing themselves; a query of nothing else keeps them. */
const JOINING_WORDS = new Set(
  "a an and aus au aux bij d das de dem den der des die du een en et for für fur het im in l la le les of op or ou par pour te the to und van vom von voor zu zum zur".split(
    " ",
  ),
);

/** How well a way of meaning a word counts, the exact one being 1. What counts no more than `SIMILAR` is a guess. */
const PREFIX = 0.8;
const PLURAL = 0.7;
const TAIL = 0.6;
const INNER = 0.4;
const TYPO = 0.4;
export const SIMILAR = 0.4;

/** Words of this length on have tails and stems that mean something. */
const LONG = 4;
/** Words of this length on may hold two typing errors. */
const VERY_LONG = 9;

/**
 * What finds numbers with a unit in folded text.
 * @param {string[]} units folded and without blanks, longest first
 * @returns {RegExp | null}
 */
export function measurePattern(units) {
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
 * @param {RegExp | null} [measures] from `measurePattern`
 * @returns {string[]}
 */
export function terms(text, measures = null) {
  const folded = fold(text);
  /** @type {string[]} */
  const found = [];
  let position = 0;
  for (const match of measures ? folded.matchAll(measures) : []) {
    found.push(...joinedWords(folded.slice(position, match.index)));
    const number = match[1].replace(",", ".").replace(/(?:\.0+|(\.[0-9]*[1-9])0+)$/, "$1");
    found.push(`${number} ${match[2]}`);
    position = match.index + match[0].length;
  }
  return [...found, ...joinedWords(folded.slice(position))];
}

/**
 * @param {string} folded
 * @returns {string[]}
 */
function joinedWords(folded) {
  /** @type {string[]} */
  const found = [];
  let letters = "";
  for (const [word] of folded.matchAll(WORD)) {
    if (letters && DIGITS.test(word)) {
      found[found.length - 1] = letters + word;
    } else {
      found.push(word);
    }
    letters = ONE_TO_THREE_LETTERS.test(word) ? word : "";
  }
  return found;
}

/**
 * The words of a query that a record has to hold, each once.
 * @param {string} query
 * @param {RegExp | null} [measures]
 * @returns {string[]}
 */
export function queryWords(query, measures = null) {
  const all = [...new Set(terms(query, measures))];
  const telling = all.filter((word) => !JOINING_WORDS.has(word));
  return telling.length > 0 ? telling : all;
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

/**
 * An indexed term that a typed word may mean, and how well.
 * @typedef {{ term: number, factor: number }} Match
 */

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
  const [shorter, longer] = [a.slice(same), b.slice(same)].sort((one, other) => one.length - other.length);
  /** @param {Set<string>[]} sets @param {string} ending */
  const fit = (sets, ending) => sets.some((set) => set.has(shorter) && set.has(ending));
  if (same < LONG) {
    return same === LONG - 1 && fit(CHANGES, longer) && /^[sf]$/.test(shorter);
  }
  // Dutch doubles a last consonant: net, netten.
  return fit(ENDINGS, longer) || (shorter === "" && longer.length > 1 && longer[0] === a[same - 1] && fit(ENDINGS, longer.slice(1)));
}

/** Finds the terms that a typed word may mean. Holds the terms; remembers what it found. */
export class Vocabulary {
  /** @type {Map<string, Match[]>} */
  #remembered = new Map();

  /** @param {string[]} terms in ascending order, each once */
  constructor(terms) {
    this.terms = terms;
    /** All terms between line breaks: one native search goes through them all. */
    this.lines = `\n${terms.join("\n")}\n`;
  }

  /**
   * The terms that a word may mean: itself, what it begins, its plural or singular, compounds that end in it; where there
   * is none of these, terms that hold it, or that are one slip away (two in long words).
   * @param {string} word from `terms`
   * @param {boolean} unfinished whether more letters may follow: the last word while typing
   * @returns {Match[]} each term once
   */
  meanings(word, unfinished) {
    const key = `${word} ${unfinished}`;
    const known = this.#remembered.get(key);
    if (known) {
      return known;
    }
    const found = this.#meanings(word, unfinished);
    if (this.#remembered.size > 200) {
      this.#remembered.clear();
    }
    this.#remembered.set(key, found);
    return found;
  }

  /**
   * @param {string} word
   * @param {boolean} unfinished
   * @returns {Match[]}
   */
  #meanings(word, unfinished) {
    /** @type {Map<number, number>} */
    const found = new Map();
    /** @param {Iterable<number>} numbers @param {number} factor */
    const add = (numbers, factor) => {
      for (const number of numbers) {
        if (factor > (found.get(number) ?? 0)) {
          found.set(number, factor);
        }
      }
    };
    const first = this.#lowerBound(word);
    const exact = this.terms[first] === word;
    if (exact) {
      add([first], 1);
    }
    const measure = word.includes(" ");
    if (unfinished || (!measure && (!exact || word.length >= LONG))) {
      add(this.#beginningWith(word), PREFIX);
    }
    // What holds a digit is a code: one digit off is another product.
    const inflected = word.length >= LONG && !/\p{N}/u.test(word);
    if (inflected) {
      add(this.#inflections(word), PLURAL);
      add(this.#holding(`${word}\n`), TAIL);
    }
    if (found.size === 0 && word.length >= 3 && !measure) {
      add(this.#holding(word), INNER);
    }
    if (found.size === 0 && inflected) {
      add(this.#misspelt(word), TYPO);
    }
    return Array.from(found, ([term, factor]) => ({ term, factor }));
  }

  /**
   * @param {string} word
   * @returns {boolean} whether it is a term itself
   */
  has(word) {
    return this.terms[this.#lowerBound(word)] === word;
  }

  /**
   * @param {string} letters
   * @returns {boolean} whether a term is these letters and a number
   */
  isNumbered(letters) {
    for (const term of this.#beginningWith(letters)) {
      if (DIGITS.test(this.terms[term].slice(letters.length))) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param {string} word
   * @returns {number} the first term that is not before it
   */
  #lowerBound(word) {
    let low = 0;
    let high = this.terms.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.terms[middle] < word) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** @param {string} start */
  *#beginningWith(start) {
    for (let term = this.#lowerBound(start); this.terms[term]?.startsWith(start); term += 1) {
      yield term;
    }
  }

  /**
   * Words of one stem.
   * @param {string} word
   */
  *#inflections(word) {
    for (const term of this.#beginningWith(word.slice(0, Math.max(LONG - 1, word.length - LONGEST_ENDING)))) {
      if (areInflections(word, this.terms[term])) {
        yield term;
      }
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
      const term = this.#lowerBound(this.lines.slice(start, end));
      yield term;
      at = this.lines.indexOf(text, end);
    }
  }

  /** @param {string} word */
  *#misspelt(word) {
    const most = word.length >= VERY_LONG ? 2 : 1;
    let nearest = most;
    /** @type {number[]} */
    let found = [];
    for (let term = 0; term < this.terms.length; term += 1) {
      const slips = slipsBetween(word, this.terms[term], nearest);
      if (slips < nearest) {
        nearest = slips;
        found = [];
      }
      if (slips === nearest) {
        found.push(term);
      }
    }
    yield* found;
  }
}

/**
 * How many slips (a letter wrong, missing, too many, or two changed about) lie between two words.
 * @param {string} a
 * @param {string} b
 * @param {number} most where lengths alone say that there are more, one above it is returned
 * @returns {number}
 */
export function slipsBetween(a, b, most) {
  if (Math.abs(a.length - b.length) > most) {
    return most + 1;
  }
  let before = new Array(b.length + 1).fill(0);
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const wrong = a[row - 1] === b[column - 1] ? 0 : 1;
      let slips = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + wrong);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        slips = Math.min(slips, before[column - 2] + 1);
      }
      current.push(slips);
    }
    before = last;
    last = current;
  }
  return last[b.length];
}

/**
 * A text without case, accents and width, signs and blanks kept.
 * @param {string} text
 * @returns {string}
 */
export function fold(text) {
  // Upper case takes ß and its like apart; capital ẞ gets there by way of lower case.
  const small = text.normalize("NFKD").toLowerCase().toUpperCase().toLowerCase();
  return small.normalize("NFKD").replace(/\p{M}+/gu, "").replace(LETTER, (letter) => LETTERS.get(letter) ?? letter);
}
