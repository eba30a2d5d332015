// @ts-check
/**
 * From words to records. A record matches when each word of the query means a word of one of the texts that speak of it:
 * its own title, trade name or declared values, or a name of its product, holder, production unit, system or reference
 * documents. What datasheets have in common is scored once a series; a query's own words touch few of them.
 */

import { FIELD_BOOSTS, Scoring } from "./scoring.js";
import { MOST_LETTERS, SIMILAR, Vocabulary, misspelt, isInflected, parts, readings, settledWords } from "./words.js";

/**
 * @typedef {import("./core-words.js").CoreField} CoreField
 * @typedef {import("./core-words.js").CoreIndex} CoreIndex
 * @typedef {import("./payload.js").Postings} Postings
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./scoring.js").Scores} Scores
 * @typedef {import("./sheet-words.js").SheetWords} SheetWords
 */

/**
 * A term that a typed word may mean, and how well. It stands in texts of the core, in datasheets, or in both.
 * @typedef {object} Match
 * @property {string} term
 * @property {number} factor
 * @property {number} core its number there, -1 where it is not
 * @property {Postings | null} sheets
 * @property {number} most what it may weigh anywhere: rare as a plural may be, it says no more than the word itself
 */

/**
 * @typedef {object} Matched
 * @property {number[]} rows best first
 * @property {Map<number, number>} scores of the first of them
 * @property {Match[][]} meanings of each word of the query
 * @property {string[]} unknown words that nothing in the register holds
 * @property {string[]} similar words of the register that stand for typed ones that are not in it
 * @property {boolean} elsewhere whether words of datasheets were asked for
 */

/** How many of the best matches have their scores told. */
export const CANDIDATES = 100;

/** What a record whose words all stand in one text gains over one that gathers them from several. */
const TOGETHER = 1.5;

/** More words than this say nothing more; each is a bit of a mask. */
const MOST_WORDS = 16;

/**
 * Rows that match equally well, one after the other.
 * @typedef {{ from: number, to: number, score: number, lapsed: number }} Run
 */

export class WordSearch {
  /** @type {Map<string, string[]>} by word, the terms of the core that are spelt nearly so */
  #near = new Map();

  /**
   * @param {Records} records
   * @param {CoreIndex} core
   * @param {string[]} units of values
   * @param {SheetWords} sheets
   * @param {ArrayLike<number>} lapsed by row, 1 where a record does not hold any more: of equals it comes later
   */
  constructor(records, core, units, sheets, lapsed) {
    this.records = records;
    this.core = core;
    this.units = units;
    this.sheets = sheets;
    this.lapsed = lapsed;
    this.vocabulary = new Vocabulary(core.terms);
    this.numbers = new Map(core.terms.map((term, number) => [term, number]));
    this.scoring = new Scoring(core, records);
    /** Brings the weights of datasheets' words, a collection of their own, to those of the core's. */
    this.sheetScale = weightOfRareWord(core.textCount) / weightOfRareWord(sheets.shelves.texts);
  }

  /**
   * @param {string} query
   * @returns {Matched | undefined} undefined where files have to be fetched first
   */
  find(query) {
    let first;
    for (const reading of readings(query, this.units)) {
      const matched = this.#read(reading);
      if (matched === undefined || matched.rows.length > 0) {
        return matched;
      }
      first ??= matched;
    }
    return first;
  }

  /**
   * What words find without the one that has only just been begun. Letters that nothing but a number follows here are no
   * word: `PTV 9` is a number that is not listed.
   * @param {string} query
   * @returns {Matched | null | undefined} null where there is none; undefined where files have to be fetched first
   */
  findSettled(query) {
    const words = settledWords(query, this.units);
    const matched = words.length > 0 ? this.#read({ words, unfinished: false }) : null;
    const told = words.length > 1 || words[0]?.length > MOST_LETTERS;
    return !matched || told || matched.meanings.flat().some(({ term }) => term === words[0]) ? matched : null;
  }

  /**
   * @param {import("./words.js").Reading} reading
   * @returns {Matched | undefined} undefined where files have to be fetched first
   */
  #read(reading) {
    const words = reading.words.slice(0, MOST_WORDS);
    const last = words.length - 1;
    const answers = words.map((word, index) => this.#meaningsOf(word, index === last && reading.unfinished, last > 0));
    const elsewhere = answers.some((answer) => answer === undefined || answer.elsewhere);
    if (answers.some((answer) => answer === undefined)) {
      return undefined;
    }
    const found = answers.map((answer) => answer?.meanings ?? []);
    const unknown = words.filter((_, index) => found[index].length === 0);
    const meanings = found.flat().slice(0, MOST_WORDS);
    const similar = meanings
      .filter((matches) => matches.every(({ factor }) => factor <= SIMILAR))
      .flatMap((matches) => matches.map(({ term }) => term));
    if (unknown.length > 0 || meanings.length === 0) {
      return { rows: [], scores: new Map(), meanings, unknown, similar: [], elsewhere };
    }
    const runs = this.#runs(meanings);
    runs.sort((a, b) => b.score - a.score || a.lapsed - b.lapsed || a.from - b.from);
    /** @type {number[]} */
    const rows = [];
    /** @type {Map<number, number>} */
    const scores = new Map();
    for (const { from, to, score } of runs) {
      for (let row = from; row < to; row += 1) {
        if (rows.push(row) <= CANDIDATES) {
          scores.set(row, score);
        }
      }
    }
    return { rows, scores, meanings, unknown, similar, elsewhere };
  }

  /**
   * The order of records that match equally well.
   * @param {number} a
   * @param {number} b
   */
  amongEquals(a, b) {
    return this.lapsed[a] - this.lapsed[b] || a - b;
  }

  /**
   * What a word means. A joined word that nothing holds is taken as its two parts, if it is not a number: `TRA 29` is
   * one where `TRA 50` is listed, and no record that happens to hold `tra` and `29` is meant.
   * @param {string} word
   * @param {boolean} unfinished
   * @param {boolean} accompanied whether the query has other words
   * @returns {{ meanings: Match[][], elsewhere: boolean } | undefined} more meanings than one for more words than one
   */
  #meaningsOf(word, unfinished, accompanied) {
    const whole = this.#meanings(word, unfinished);
    if (whole === undefined || whole.matches.length > 0) {
      return whole && { meanings: [whole.matches], elsewhere: whole.elsewhere };
    }
    const pieces = this.#pieces(word, accompanied)?.map((piece, place) => this.#meanings(piece, unfinished && place > 0));
    if (pieces === undefined || pieces.includes(undefined)) {
      return undefined;
    }
    const meanings = pieces.map((piece) => piece?.matches ?? []);
    return { meanings: meanings.some((matches) => matches.length === 0) ? [] : meanings, elsewhere: true };
  }

  /**
   * The terms that a word may mean: where none is the word, begins with it or is of its stem, those that hold it, else
   * those that are spelt nearly so.
   * @param {string} word
   * @param {boolean} unfinished
   * @returns {{ matches: Match[], elsewhere: boolean } | undefined}
   */
  #meanings(word, unfinished) {
    const inCore = this.vocabulary.has(word);
    const elsewhere = !inCore || this.sheets.shelves.elsewhere.has(word);
    const inSheets = elsewhere ? this.sheets.known(word, unfinished, inCore) : new Map();
    const known = this.vocabulary.known(word, unfinished, inCore || (inSheets?.has(word) ?? false));
    if (inSheets === undefined) {
      if (known.size === 0 && isInflected(word)) {
        // It takes one round to see that nothing is spelt so, what is spelt nearly so, and where names of it stand.
        this.sheets.spellings(word);
        this.#nearly(word).forEach((term) => this.sheets.postings(term));
      }
      return undefined;
    }
    for (const [term, factor] of inSheets) {
      known.set(term, Math.max(factor, known.get(term) ?? 0));
    }
    const meant = known.size > 0 ? known : this.vocabulary.holding(word);
    if (meant.size > 0 || !isInflected(word)) {
      return this.#matches(meant, elsewhere);
    }
    const spellings = this.sheets.spellings(word);
    return spellings && this.#matches(misspelt(word, [...this.#nearly(word), ...spellings]), true);
  }

  /**
   * @param {string} word
   * @returns {string[]} the terms of the core that are spelt nearly so, looked for once: no others can be nearer
   */
  #nearly(word) {
    const known = this.#near.get(word);
    const near = known ?? [...misspelt(word, this.core.terms).keys()];
    if (!known) {
      this.#near.set(word, near);
    }
    return near;
  }

  /**
   * @param {Map<string, number>} meant
   * @param {boolean} elsewhere
   * @returns {{ matches: Match[], elsewhere: boolean } | undefined}
   */
  #matches(meant, elsewhere) {
    const found = Array.from(meant, ([term, factor]) => ({
      term,
      factor,
      core: this.numbers.get(term) ?? -1,
      sheets: elsewhere ? this.sheets.postings(term) : null,
      most: Number.POSITIVE_INFINITY,
    }));
    if (found.some(({ sheets }) => sheets === undefined)) {
      return undefined;
    }
    const matches = /** @type {Match[]} */ (found);
    const exact = matches.find(({ factor }) => factor === 1);
    const most = exact ? this.#mostWeightOf(exact) : Number.POSITIVE_INFINITY;
    return { matches: matches.map((match) => ({ ...match, most })), elsewhere };
  }

  /** @param {Match} match */
  #mostWeightOf({ core, sheets }) {
    const { postings, weights } = this.core;
    const own = core < 0 ? [] : weights.subarray(postings.starts[core], postings.starts[core + 1]);
    return Math.max(greatest(own), greatest(sheets?.weights ?? []) * this.sheetScale);
  }

  /**
   * Of several words, letters that are a word of their own may end a name: `Shaft 600 K 90 kN` is typed by way of `K 9`.
   * @param {string} word
   * @param {boolean} accompanied
   * @returns {string[] | undefined} none where they would mean something else
   */
  #pieces(word, accompanied) {
    const pieces = parts(word);
    if (!pieces || (!accompanied && this.vocabulary.isNumbered(pieces[0]))) {
      return [];
    }
    const [inSheets, numbered] = [this.sheets.has(pieces[0]), !accompanied && this.sheets.isNumbered(pieces[0])];
    if (inSheets === undefined || numbered === undefined) {
      return undefined;
    }
    return (inSheets || this.vocabulary.has(pieces[0])) && !numbered ? pieces : [];
  }

  /**
   * @param {Match[][]} meanings
   * @returns {Run[]}
   */
  #runs(meanings) {
    const { records, lapsed } = this;
    const { certificates, dated, count, series } = records;
    const { words, together } = this.scoring.score(meanings);
    const own = this.#scoreSheets(meanings);
    /** @type {Run[]} */
    const runs = [];
    /** @param {number} from @param {number} to @param {number} score */
    const add = (from, to, score) => {
      // Where some of a run have lapsed, they come later than others.
      for (let row = from; row < to; ) {
        const start = row;
        while (row < to && lapsed[row] === lapsed[start]) {
          row += 1;
        }
        runs.push({ from: start, to: row, score, lapsed: lapsed[start] });
      }
    };
    /** @param {number} row of a certificate or document */
    const addOne = (row) => {
      let sum = 0;
      for (const scores of words) {
        const score = this.#ofRow(row, scores);
        if (score === 0) {
          return;
        }
        sum += score;
      }
      add(row, row + 1, sum * (this.#ofRow(row, together) > 0 ? TOGETHER : 1));
    };
    for (let row = 0; row < certificates; row += 1) {
      addOne(row);
    }
    for (let row = dated; row < count; row += 1) {
      addOne(row);
    }
    const all = (1 << words.length) - 1;
    const common = new Float64Array(words.length);
    for (let number = 0; number < series.count; number += 1) {
      let missing = 0;
      for (let word = 0; word < words.length; word += 1) {
        common[word] = this.#ofSeries(number, words[word]);
        missing |= common[word] === 0 ? 1 << word : 0;
      }
      if (missing & ~own.any) {
        continue;
      }
      const whole = missing > 0 ? 0 : total(common) * (this.#ofSeries(number, together) > 0 ? TOGETHER : 1);
      let from = series.starts[number];
      const end = series.starts[number + 1];
      // Where no datasheet says a word itself, they need not be looked at one by one.
      for (let row = own.any > 0 ? from : end; row <= end; row += 1) {
        const bits = row < end ? own.bits[row - certificates] : 0;
        if (row === end || bits > 0) {
          if (missing === 0) {
            add(from, row, whole);
          }
          from = row + 1;
        }
        if (bits > 0 && !(missing & ~bits)) {
          const score = total(common.map((score, word) => Math.max(score, own.scores[word][row - certificates])));
          add(row, row + 1, Math.max(whole, score * (own.named[row - certificates] === all ? TOGETHER : 1)));
        }
      }
    }
    return runs;
  }

  /**
   * What datasheets themselves say: for each word the score of each; for each the words that it says, and those that its
   * trade name does, as bits; and which words any of them says.
   * @param {Match[][]} meanings
   */
  #scoreSheets(meanings) {
    const { certificates, seriesOf } = this.records;
    const said = meanings.some((matches) => matches.some(({ sheets }) => sheets));
    const count = said ? seriesOf.length : 0;
    const bits = new Uint16Array(count);
    const named = new Uint16Array(count);
    let any = 0;
    const scores = meanings.map((matches, word) => {
      const scores = new Float32Array(count);
      for (const { sheets, factor, most } of matches) {
        for (let item = 0; sheets && item < sheets.rows.length; item += 1) {
          const sheet = sheets.rows[item] - certificates;
          const weight = Math.min(sheets.weights[item] * this.sheetScale, most);
          scores[sheet] = Math.max(scores[sheet], weight * factor * FIELD_BOOSTS.title);
          bits[sheet] |= 1 << word;
          named[sheet] |= sheets.named[item] << word;
          any |= 1 << word;
        }
      }
      return scores;
    });
    return { scores, bits, named, any };
  }

  /**
   * The best score among the things that a certificate or document belongs to.
   * @param {number} row
   * @param {Scores} scores
   * @returns {number}
   */
  #ofRow(row, scores) {
    const { dated, product, holder, unit, systemSet, documents } = this.records;
    if (row >= dated) {
      return scores.document[row - dated];
    }
    return Math.max(
      scores.title[row],
      scores.product[product[row]],
      scores.holder[holder[row]],
      scores.unit[unit[row]],
      scores.systems[systemSet[row]],
      scores.documents[documents[row]],
    );
  }

  /**
   * @param {number} number of a series
   * @param {Scores} scores
   * @returns {number}
   */
  #ofSeries(number, scores) {
    const { series, holder } = this.records;
    return Math.max(
      scores.product[series.product[number]],
      scores.holder[holder[series.certificates[number][0]]],
      scores.unit[series.unit[number]],
      scores.systems[series.systems[number]],
      scores.documents[series.documents[number]],
    );
  }

  /**
   * The texts of the core that speak of things.
   * @param {number[]} things
   * @param {CoreField} field what they are
   * @returns {number[]}
   */
  textsOf(things, field) {
    const { starts, items } = this.core.texts[field];
    return things.flatMap((thing) => [...items.subarray(starts[thing], starts[thing + 1])]);
  }

  /**
   * The things of a kind that a row belongs to.
   * @param {number} row
   * @param {CoreField} field
   * @returns {number[]}
   */
  thingsOf(row, field) {
    const { certificates, dated, product, productGroups, holder, unit, systemSet, systemSets } = this.records;
    const { documents, documentSets } = this.records;
    if (row >= dated) {
      return field === "document" ? [row - dated] : [];
    }
    switch (field) {
      case "title":
        return row < certificates ? [row] : [];
      case "product":
        return [product[row]];
      case "group":
        return [productGroups[product[row]]];
      case "holder":
        return [holder[row]];
      case "unit":
        return [unit[row]];
      case "system":
        return systemSets[systemSet[row]];
      case "document": {
        const { series, seriesOf } = this.records;
        return documentSets[row < certificates ? documents[row] : series.documents[seriesOf[row - certificates]]];
      }
    }
  }
}

/**
 * The part of a weight that grows with the collection, for a word of a single text.
 * @param {number} texts
 */
function weightOfRareWord(texts) {
  return Math.log(1 + (Math.max(texts, 1) + 0.5) / 1.5);
}

/** @param {ArrayLike<number>} numbers none of them negative */
function greatest(numbers) {
  let most = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    most = Math.max(most, numbers[index]);
  }
  return most;
}

/** @param {Float64Array} scores */
function total(scores) {
  return scores.reduce((sum, score) => sum + score, 0);
}
