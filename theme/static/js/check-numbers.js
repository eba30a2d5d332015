// @ts-check
/**
 * Finds the numbers of certificates and the codes of datasheets in a text, in any spelling that people and programs give
 * them, and tells them from dates, amounts, telephone numbers and standards. What is written like a number of the
 * register and is not in it is told apart. Pure: the same text and register give the same findings.
 *
 * A number is found where its words, put together, are one of its search forms (`numbers.js`), what stands between them
 * may stand there, and something vouches that it is one: a mark or a word in front, its own spelling, a place of its own
 * on a line or in a cell, or a neighbour in a list. What vouches for what is said in docs/decisions/0018.
 */

import { Reading, zonesOf } from "./check-reading.js";
import { slipsOf } from "./codes.js";

/**
 * @typedef {import("./check-register.js").CheckRegister} CheckRegister
 * @typedef {import("./check-reading.js").Zone} Zone
 */

/**
 * A place in the text where a number stands.
 * @typedef {{ line: number, start: number, end: number }} Place `start` and `end` in the whole text
 */

/**
 * Why a number that is written like those of the register is not found in it.
 * @typedef {"never-listed" | "other-mark" | "continued" | "no-form"} Reason
 */

/**
 * @typedef {object} Finding
 * @property {string} written as it stands at the first place
 * @property {Place[]} places in the order of the text
 * @property {number | null} row the record; null for a number that the register does not know
 * @property {boolean} shared whether the text does not tell which of several records of this number it means
 * @property {boolean} padded whether zeros in front had been lost
 * @property {Reason | null} reason
 * @property {number[]} near records whose numbers are nearly this one
 * @property {string} mark the mark that is named in front of an unknown number, as the register calls it
 */

/**
 * What stands in front of a number.
 * @typedef {object} Lead
 * @property {Set<number>} systems that are named
 * @property {boolean} worded whether a word of certificates or datasheets does
 * @property {boolean} numbered whether `nr`, `n°` or their like do
 * @property {boolean} other whether a word of other numbers does
 * @property {number} first the first word of it
 */

/**
 * A number at its place: `last` is its last word. `level` is 2 for a spelling that speaks for itself, 1 for one that
 * needs something to vouch for it; `padded` is one whose zeros in front had been lost.
 * @typedef {{ first: number, last: number, form: string, rows: number[], level: number, padded?: boolean }} Match
 */

/** @typedef {{ match: Match, lead: Lead, verdict: "yes" | "neighbour", reason: Reason | null, near: number[] }} Candidate */

const MOST_WORDS = 10;
const LONGEST_GAP = 6;
const SHORTEST = 4;
/** From this many digits in a row on a number is read, and written, in groups. */
const GROUPED = 7;
const MOST_NEAR = 3;
/** Characters of a row up to which its columns are counted. */
const LONGEST_ROW = 20_000;
/** That many zeros in front of a code may have been lost. */
const MOST_ZEROS = 3;

const GAP_AT_SIGN = /^ {0,2}[-./\\_:]? {0,2}$/;
const BROKEN_AT_SIGN = /^ ?(?:[-./\\_] ?[\n\v]|[\n\v] ?[-./\\_]) ?$/;
const GAP_IN_RUN = /^(?: |[-.]|-? ?[\n\v] ?)$/;
const BREAK = /[\n\v]/;
const END_OF_CELL = /[\n\v\t]/;
const LEAD_GAP = /^(?:[ .:#°º=()[\]"'*|/-]*[\n\v\t]?[ .:#°º=()[\]"'*|/-]*)$/;
const LIST_GAP = /^ *[,;/+&]? *$/;
const LIST_WORDS = new Set(["EN", "ET", "UND", "AND", "OF", "OU", "ODER", "OR", "TOT", "À", "A", "BIS", "TO"]);
const LIST_WORD_GAP = /^[ ,]{1,2}$/;

const NUMBER_WORD = /^(?:NR|NRS|NO|NOS|N|NUM|NUMMERS?|NUM[EÉ]ROS?|NUMMERN|NUMBERS?)$/;
const RECORD_WORD =
  /^(?:CERTIFI[CK]A|CERT$|ZERTIFI|ATTEST|VERGUNNING|LICEN|AGR[EÉ]MENT|GOEDKEUR|ZULASSUNG|APPROVAL|(?:SNEL|SCHNELL|QUICK)?CODES?$|CODE|FICHE|PRODUCTFICHE|DATASHEET|SHEET|DATENBL|DATABLA|KEURMERK|MERK|MARQUE|MARK|GÜTEZEICHEN|LABEL)/;
const FILLER = /^(?:VAN|DE|DU|HET|LE|LA|THE|DER|DES|TECHNIQUES?|TECHNISCHE[RNS]?|TECHNICAL|RAPIDE|MET|MIT|AVEC|WITH|DATA)$/;
const OTHER_WORD =
  /^(?:ART|ARTS|ARTIK|ARTIC|BESTEL|ORDER|COMMANDE|BESTELL|AUFTRAG|FACTU|FACTUUR|INVOICE|RECHNUNG|KLANT|CLIENT|KUNDE|CUSTOMER|LEVERING|BON$|WERKBON|PAGE|PAG$|PAGINA|BLZ|PG$|PP$|P$|SEITE|TEL$|TELEF|T[EÉ]L[EÉ]PH|FAX|GSM|MOBI|HANDY|IBAN|BTW|TVA|VAT|MWST|UST|KBO|BCE|ONDERNEM|ENTREPRISE|UNTERNEHM|RPR|RPM|EAN|GTIN|LOT|BATCH|PARTIJ|CHARGE|S[EÉ]RI|POSTBUS|BP$|BUS$|BO[IÎ]TE)/;
const UNIT =
  /^ ?(?:%|‰|(?:MM|CM|DM|M|KM|M2|M3|KG|G|T|TON|TONNES?|KN|N|MPA|L|LITER|LITRES?|UUR|H|EUR|EUROS?|STUKS?|PCS|PI[EÈ]CES?)(?![\p{L}\p{N}/]))|^ ?[€$£]/u;

/**
 * @param {string} text
 * @param {CheckRegister} register
 * @param {number[]} [heads] lines that may name the columns below them, in their order
 * @returns {Finding[]} each record, and each number that is not known, once, in the order of the text
 */
export function findNumbers(text, register, heads = [0]) {
  return new Finder(text, register, heads).findings();
}

/**
 * Do beforehand what is done once for all texts.
 * @param {CheckRegister} register
 */
export function prepare(register) {
  knownOf(register);
}

class Finder {
  /**
   * @param {string} text
   * @param {CheckRegister} register
   * @param {number[]} heads
   */
  constructor(text, register, heads) {
    this.reading = new Reading(text);
    this.register = register;
    this.headLines = heads;
    this.hasCells = text.includes("\t");
    this.known = knownOf(register);
    this.zones = zonesOf(this.reading, register.documents, new Set(register.systemWords.flat()));
    this.zone = 0;
    /** @type {Map<string, "records" | "other" | null>} by head line and column: what it names */
    this.heads = new Map();
    /** The last word of the last number that was found. */
    this.foundUpTo = -1;
  }

  /** @returns {Finding[]} */
  findings() {
    const { words } = this.reading;
    /** @type {Candidate[]} */
    const candidates = [];
    for (let word = 0; word < words.length; ) {
      const candidate = this.#at(word);
      if (candidate) {
        candidates.push(candidate);
        word = candidate.match.last + 1;
        this.foundUpTo = candidate.verdict === "yes" ? candidate.match.last : this.foundUpTo;
      } else {
        word += 1;
      }
    }
    return this.#gathered(this.#vouchedFor(candidates));
  }

  /**
   * @param {number} word
   * @returns {Candidate | null} the number that begins with a word
   */
  #at(word) {
    const exact = this.#exact(word) ?? this.#padded(word);
    const lead = exact || this.reading.isDigits(word) || this.known.letters.has(this.reading.words[word]) ? this.#lead(word) : null;
    if (lead === null) {
      return null;
    }
    if (exact) {
      const ending = this.#continuation(exact);
      if (ending !== null) {
        const longer = { ...exact, last: ending, form: this.#formOf(exact.first, ending), rows: [] };
        const verdict = this.#verdict(exact, lead);
        return verdict === "no" ? null : { match: longer, lead, verdict, reason: "continued", near: exact.rows.slice(0, MOST_NEAR) };
      }
      const verdict = this.#begunBefore(exact, lead) ? "no" : this.#verdict(exact, lead);
      if (verdict !== "no") {
        return { match: exact, lead, verdict, ...this.#underMark(exact, lead) };
      }
    }
    return this.#unknown(word, lead);
  }

  // --- numbers of the register ---------------------------------------------------------------------------------------

  /**
   * @param {number} first
   * @returns {Match | null} the longest number of the register that begins with a word
   */
  #exact(first) {
    return this.#longest(first, this.register.longest, (form, last) => {
      const rows = this.register.forms.get(form);
      if (!rows) {
        return null;
      }
      const levels = rows.map((row) => this.#spelling(first, last, this.register.numbers[row], form));
      const level = Math.max(...levels);
      const fitting = rows.filter((_, place) => levels[place] > 0);
      return level > 0 ? { first, last, form, rows: fitting, level } : null;
    });
  }

  /**
   * A spreadsheet takes a code for a number and the zeros in front of it away.
   * @param {number} word
   * @returns {Match | null} the code, where the word has a cell of its own
   */
  #padded(word) {
    const { words } = this.reading;
    const alone = this.#begins(word, END_OF_CELL) && this.#ends(word, END_OF_CELL);
    if (!alone || !this.reading.isDigits(word) || words[word].length < SHORTEST) {
      return null;
    }
    for (let form = `0${words[word]}`, zeros = 1; zeros <= MOST_ZEROS; form = `0${form}`, zeros += 1) {
      const rows = (this.register.forms.get(form) ?? []).filter((row) => this.register.numbers[row] === form);
      if (rows.length > 0 && form.length >= GROUPED) {
        return { first: word, last: word, form, rows, level: 1, padded: true };
      }
    }
    return null;
  }

  /**
   * @param {number} first
   * @param {number} longest
   * @param {(form: string, last: number) => Match | null} match
   * @returns {Match | null}
   */
  #longest(first, longest, match) {
    const { reading } = this;
    /** @type {Match | null} */
    let found = null;
    let form = "";
    for (let last = first; last < first + MOST_WORDS && last < reading.words.length; last += 1) {
      if (last > first) {
        const gap = reading.starts[last] - reading.ends[last - 1];
        if (gap > LONGEST_GAP || (gap > 0 && reading.gapBefore(last).includes("\t"))) {
          break;
        }
      }
      form += reading.words[last];
      if (form.length > longest) {
        break;
      }
      found = match(form, last) ?? found;
    }
    return found;
  }

  /**
   * How well words spell a number: what stands between two of them must be able to stand there.
   * @param {number} first
   * @param {number} last
   * @param {string} number as printed
   * @param {string} form
   * @returns {number} 2, 1, or 0 where it is no spelling of it
   */
  #spelling(first, last, number, form) {
    const { signs, runs, length } = this.known.anatomyOf(number);
    const skipped = length - form.length;
    let level = 2;
    let at = 0;
    const pieces = [];
    for (let word = first; word <= last; word += 1) {
      if (word > first) {
        const gap = this.reading.gapBefore(word);
        const sign = signs.get(at + skipped);
        if (sign !== undefined) {
          level = Math.min(level, signLevel(gap, sign));
        } else if ((runs.get(at + skipped) ?? 0) >= GROUPED && GAP_IN_RUN.test(gap)) {
          pieces.push(this.reading.words[word - 1].length, this.reading.words[word].length);
          level = Math.min(level, BREAK.test(gap) && this.#isLineAlone(first, last) ? 0 : BREAK.test(gap) ? 1 : 2);
        } else {
          return 0;
        }
      }
      at += this.reading.words[word].length;
    }
    if (pieces.some((length) => length < 2)) {
      return 0;
    }
    // Groups of unlike length, and a number without its own sign, are anybody's.
    const irregular = new Set(pieces).size > 1;
    const bare = first === last && signs.size > 0 && /^[0-9]+$/.test(form);
    return irregular || bare ? Math.min(level, 1) : level;
  }

  /**
   * @param {number} first
   * @param {number} last
   * @returns {boolean} whether a line ends between two words
   */
  #isBroken(first, last) {
    return BREAK.test(this.reading.plain.slice(this.reading.starts[first], this.reading.starts[last]));
  }

  /**
   * Whether each of the lines that words stand on holds nothing else: then they are a column, and no broken number.
   * @param {number} first
   * @param {number} last
   */
  #isLineAlone(first, last) {
    return this.#begins(first, END_OF_CELL) && this.#ends(last, END_OF_CELL);
  }

  /**
   * What goes on without a blank is another number: `29/0107-2` is not `29/0107`.
   * @param {Match} match
   * @returns {number | null} the last word of the longer number, null where the match ends
   */
  #continuation({ last }) {
    const { reading } = this;
    let end = last;
    while (end + 1 < reading.words.length && end - last < 4) {
      const gap = reading.gapBefore(end + 1);
      const digits = reading.isDigits(end + 1);
      const joined = gap === "" || /^[-/\\_.:]$/.test(gap);
      const letter = !digits && [...reading.words[end + 1]].length === 1 && (gap === "" || /^[-/_]$/.test(gap));
      if (!joined || !(digits || letter || gap === "") || (gap !== "" && gap !== "." && this.#exact(end + 1))) {
        break;
      }
      end += 1;
    }
    if (end === last && reading.gapBefore(last + 1) === " " && this.#isGroup(last, last + 1) && !this.#exact(last + 1)) {
      return this.#isGroup(last - 1, last) && reading.gapBefore(last) === " " ? last + 1 : null;
    }
    return end === last ? null : end;
  }

  /**
   * @param {number} word
   * @param {number} next
   * @returns {boolean} whether two words are groups of four digits
   */
  #isGroup(word, next) {
    const { reading } = this;
    return [word, next].every((own) => reading.isDigits(own) && reading.words[own].length === 4);
  }

  /**
   * @param {Match} match
   * @param {Lead} lead
   * @returns {boolean} whether the number is the end of a longer one
   */
  #begunBefore({ first }, lead) {
    const { reading } = this;
    if (first === 0 || lead.first < first || first - 1 === this.foundUpTo) {
      return false;
    }
    const gap = reading.gapBefore(first);
    if (gap === "") {
      return true;
    }
    if (/^[-/\\_.]$/.test(gap)) {
      const path = gap === "/" && reading.gapBefore(first - 1).endsWith("/");
      return reading.isDigits(first - 1) || ([...reading.words[first - 1]].length === 1 && !path);
    }
    return gap === " " && this.#isGroup(first - 1, first) && this.#isGroup(first, first + 1);
  }

  // --- what vouches for it -------------------------------------------------------------------------------------------

  /**
   * @param {number} word
   * @returns {Lead}
   */
  #lead(word) {
    const { reading } = this;
    /** @type {Lead} */
    const lead = { systems: new Set(), worded: false, numbered: false, other: false, first: word };
    let before = word - 1;
    for (let steps = 0; before >= 0 && steps < 6; steps += 1) {
      const gap = reading.gapBefore(before + 1);
      if (gap.length > 12 || !LEAD_GAP.test(gap)) {
        break;
      }
      const named = before > this.foundUpTo ? this.#systemEndingAt(before) : null;
      const text = reading.words[before];
      if (named) {
        named.systems.forEach((system) => lead.systems.add(system));
        lead.first = named.first;
        break;
      }
      if (OTHER_WORD.test(text)) {
        lead.other = !BREAK.test(gap);
        break;
      }
      if (NUMBER_WORD.test(text)) {
        lead.numbered = true;
      } else if (RECORD_WORD.test(text)) {
        lead.worded = true;
      } else if (!FILLER.test(text)) {
        break;
      }
      lead.first = before;
      before -= 1;
    }
    return lead;
  }

  /**
   * @param {number} last
   * @returns {{ systems: number[], first: number } | null} the systems whose name ends with a word; the longest name
   */
  #systemEndingAt(last) {
    const { reading, known } = this;
    let name = "";
    let found = null;
    for (let first = last; first >= 0 && last - first < 4; first -= 1) {
      if (first < last && !/^[ .&-]?$/.test(reading.gapBefore(first + 1))) {
        break;
      }
      name = reading.words[first] + name;
      const systems = known.systems.get(name);
      found = systems ? { systems, first } : found;
    }
    return found;
  }

  /**
   * @param {Match} match
   * @param {Lead} lead
   * @returns {"yes" | "no" | "neighbour"} `neighbour` where it is one if a number beside it in a list is
   */
  #verdict(match, lead) {
    const { form, level } = match;
    const named = lead.systems.size > 0;
    const lettered = /\p{L}{2}/u.test(form) && /[0-9]/.test(form) && form.length >= SHORTEST;
    if (named || lettered) {
      return "yes";
    }
    const head = this.#headOf(match);
    if (lead.other || head === "other") {
      return "no";
    }
    const zone = this.#zoneOf(match);
    const line = this.#begins(lead.first, BREAK) && this.#ends(match.last, BREAK);
    const cell = this.#begins(lead.first, END_OF_CELL) && this.#ends(match.last, END_OF_CELL);
    if (zone && !(zone === "weak" && (lead.worded || line))) {
      return "no";
    }
    if (!/[0-9]/.test(form)) {
      return cell ? "yes" : "no";
    }
    if (form.length < SHORTEST) {
      return "no";
    }
    if (lead.worded || head === "records") {
      return "yes";
    }
    if (UNIT.test(this.reading.plain.slice(this.reading.ends[match.last], this.reading.ends[match.last] + 10))) {
      return "no";
    }
    const long = form.length >= 6;
    if ((lead.numbered && (level === 2 || long)) || (line && form.length >= 5) || (cell && level === 2)) {
      return "yes";
    }
    return level === 2 && long ? "yes" : form.length > SHORTEST ? "neighbour" : "no";
  }

  /**
   * @param {Match} match
   * @returns {import("./check-reading.js").Otherness | null}
   */
  #zoneOf({ first, last }) {
    const [start, end] = [this.reading.starts[first], this.reading.ends[last]];
    // Words come in their order, so zones that end before one are done with, but for the longest look back.
    while (this.zone < this.zones.length && this.zones[this.zone].end < start - 80) {
      this.zone += 1;
    }
    /** @type {import("./check-reading.js").Otherness | null} */
    let found = null;
    for (let place = this.zone; place < this.zones.length && this.zones[place].start < end; place += 1) {
      const zone = this.zones[place];
      const within = zone.start <= start && end <= zone.end;
      const touches = zone.end > start;
      if (zone.kind === "part" ? within : touches) {
        found = zone.kind === "weak" && found === null ? "weak" : zone.kind === "weak" ? found : "other";
      }
    }
    return found;
  }

  /**
   * @param {number} word
   * @param {RegExp} end
   * @returns {boolean} whether nothing but signs stands between a line's or a cell's beginning and a word
   */
  #begins(word, end) {
    return word === 0 || end.test(this.reading.gapBefore(word));
  }

  /**
   * @param {number} word
   * @param {RegExp} end
   */
  #ends(word, end) {
    return word + 1 >= this.reading.words.length || end.test(this.reading.gapBefore(word + 1));
  }

  /**
   * @param {Match} match
   * @returns {"records" | "other" | null} what the head of the number's column names: a mark, certificates or datasheets,
   *   or something else that has numbers
   */
  #headOf({ first }) {
    const { reading } = this;
    if (!this.hasCells) {
      return null;
    }
    const place = reading.inText(reading.starts[first]);
    const line = reading.lineOf(place);
    if (place - reading.lineStart(line) > LONGEST_ROW) {
      return null;
    }
    const before = reading.text.slice(reading.lineStart(line), place);
    const head = this.headLines.filter((own) => own <= line).at(-1);
    if (head === undefined || head === line || !(before.includes("\t") || reading.lineAt(line).includes("\t"))) {
      return null;
    }
    const column = before.split("\t").length - 1;
    const key = `${head} ${column}`;
    let names = this.heads.get(key);
    if (names === undefined) {
      const { words } = new Reading(reading.lineAt(head).split("\t")[column] ?? "");
      const records = words.some((word) => RECORD_WORD.test(word) || this.known.systems.has(word));
      names = words.some((word) => OTHER_WORD.test(word)) ? "other" : records ? "records" : null;
      this.heads.set(key, names);
    }
    return names;
  }

  /**
   * @param {Match} match
   * @param {Lead} lead
   * @returns {{ reason: Reason | null, near: number[] }} where the mark that is named is not the number's own
   */
  #underMark(match, lead) {
    if (lead.systems.size > 0) {
      const own = match.rows.filter((row) => this.register.systemsOf(row).some((system) => lead.systems.has(system)));
      if (own.length === 0) {
        return { reason: "other-mark", near: match.rows.slice(0, MOST_NEAR) };
      }
      match.rows = own;
    }
    return { reason: null, near: [] };
  }

  // --- numbers that are not in the register --------------------------------------------------------------------------

  /**
   * @param {number} word
   * @param {Lead} lead
   * @returns {Candidate | null} what is written like a number of the register there
   */
  #unknown(word, lead) {
    /** @type {Match | null} */
    const shaped = this.#longest(word, this.register.longest, (form, last) => {
      const examples = this.known.shapes.get(shapeOf(form)) ?? [];
      const fitting = examples.filter((row) => this.#isOf(row, lead.systems));
      const levels = fitting.map((row) => this.#spelling(word, last, this.register.numbers[row], form));
      // A line's last and the next one's first words are a number of the register, or else just that.
      const broken = this.#isBroken(word, last) && !lead.worded && lead.systems.size === 0;
      const level = broken ? 0 : Math.max(0, ...levels);
      return level > 0 ? { first: word, last, form, rows: [], level } : null;
    });
    if (shaped && this.#continuation(shaped) === null && !this.#begunBefore(shaped, lead)) {
      const verdict = this.#verdict(shaped, lead);
      const near = verdict === "no" ? [] : this.#near(shaped.form, lead.systems);
      const strict = this.#strictVerdict(verdict, shaped, lead, near);
      return strict === "no" ? null : { match: shaped, lead, verdict: strict, reason: "never-listed", near };
    }
    return this.#misshapen(word, lead);
  }

  /**
   * @param {"yes" | "no" | "neighbour"} verdict
   * @param {Match} match
   * @param {Lead} lead
   * @param {number[]} near
   * @returns {"yes" | "no" | "neighbour"} stricter than for numbers of the register: prose is to stay silent
   */
  #strictVerdict(verdict, match, lead, near) {
    if (verdict === "no" || lead.systems.size > 0 || lead.worded || /\p{L}{2}/u.test(match.form)) {
      return verdict;
    }
    if (this.#zoneOf(match)) {
      return "no";
    }
    const begins = this.known.beginnings.has(this.#beginningOf(match));
    return near.length > 0 || begins || this.#headOf(match) === "records" ? verdict : "neighbour";
  }

  /**
   * What is one slip from a number, or stands behind a mark, and has the form of no number here.
   * @param {number} word
   * @param {Lead} lead
   * @returns {Candidate | null}
   */
  #misshapen(word, lead) {
    const { reading } = this;
    const vouched = lead.systems.size > 0 || lead.worded || this.#begins(lead.first, BREAK);
    if (lead.other || !reading.isDigits(word) || this.#begunBefore({ first: word, last: word, form: "", rows: [], level: 0 }, lead)) {
      return null;
    }
    let last = word;
    let signs = 0;
    while (last + 1 < reading.words.length && last - word < 4) {
      const gap = reading.gapBefore(last + 1);
      const grouped = gap === " " && vouched && reading.isDigits(last + 1);
      if (!(gap === "" || /^ ?[-/.] ?$/.test(gap) || grouped) || (!reading.isDigits(last + 1) && gap !== "")) {
        break;
      }
      signs += gap.trim() ? 1 : 0;
      last += 1;
    }
    const match = { first: word, last, form: this.#formOf(word, last), rows: [], level: signs > 0 ? 2 : 1 };
    if (match.form.length < 5 || match.form.length > this.register.longest + 2 || this.#zoneOf(match)) {
      return null;
    }
    const alone = this.#begins(lead.first, BREAK) && this.#ends(last, BREAK);
    const begins = signs === 1 && this.known.beginnings.has(reading.words[word]);
    const meant = lead.systems.size > 0 || lead.worded || alone || begins;
    const near = meant ? this.#near(match.form, lead.systems) : [];
    if (near.length > 0) {
      return { match, lead, verdict: "yes", reason: "never-listed", near };
    }
    const named = lead.systems.size > 0 && signs > 0 && match.form.length >= 6;
    return named ? { match, lead, verdict: "yes", reason: "no-form", near } : null;
  }

  /**
   * @param {Match} match
   * @returns {string} the digits by which people know a number's kind
   */
  #beginningOf({ first, last, form }) {
    return first === last || this.#isGroup(first, last) ? form.slice(0, 2) : this.reading.words[first];
  }

  /**
   * @param {number} row
   * @param {Set<number>} systems
   */
  #isOf(row, systems) {
    return systems.size === 0 || this.register.systemsOf(row).some((system) => systems.has(system));
  }

  /**
   * @param {string} form
   * @param {Set<number>} systems
   * @returns {number[]} records whose number is one slip away, those of the named mark first
   */
  #near(form, systems) {
    if (form.length < 5) {
      return [];
    }
    const rows = this.known.slipsFrom(form);
    const inOrder = [...rows].sort((a, b) => Number(this.#isOf(b, systems)) - Number(this.#isOf(a, systems)) || a - b);
    return inOrder.slice(0, MOST_NEAR);
  }

  /**
   * @param {number} first
   * @param {number} last
   */
  #formOf(first, last) {
    return this.reading.words.slice(first, last + 1).join("");
  }

  // --- findings ------------------------------------------------------------------------------------------------------

  /**
   * @param {Candidate[]} candidates
   * @returns {Candidate[]} those that something vouches for, a neighbour in a list at last
   */
  #vouchedFor(candidates) {
    const vouched = candidates.map(({ verdict }) => verdict === "yes");
    const pass = (/** @type {number} */ from, /** @type {number} */ to) => {
      if (vouched[from] && !vouched[to] && this.#areListed(candidates[Math.min(from, to)], candidates[Math.max(from, to)])) {
        vouched[to] = true;
      }
    };
    for (let place = 1; place < candidates.length; place += 1) {
      pass(place - 1, place);
    }
    for (let place = candidates.length - 1; place > 0; place -= 1) {
      pass(place, place - 1);
    }
    return candidates.filter((_, place) => vouched[place]);
  }

  /**
   * @param {Candidate} one
   * @param {Candidate} next
   * @returns {boolean} whether two numbers are neighbours in a list
   */
  #areListed(one, next) {
    const { reading } = this;
    const [from, to] = [one.match.last + 1, next.match.first];
    if (from === to) {
      return LIST_GAP.test(reading.gapBefore(to)) || /^ *[,;] *[\n\v] *$/.test(reading.gapBefore(to));
    }
    const between = [reading.gapBefore(from), reading.gapBefore(to)];
    return to === from + 1 && LIST_WORDS.has(reading.words[from]) && between.every((gap) => LIST_WORD_GAP.test(gap));
  }

  /**
   * @param {Candidate[]} candidates
   * @returns {Finding[]}
   */
  #gathered(candidates) {
    /** @type {Map<string | number, Finding>} */
    const findings = new Map();
    for (const { match, lead, reason, near } of candidates) {
      const place = this.#placeOf(match);
      const mark = [...lead.systems].map((system) => this.register.systemNames[system].text)[0] ?? "";
      const written = this.reading.text.slice(place.start, place.end);
      const base = { written, padded: match.padded ?? false, near, mark, reason };
      const rows = reason === null && match.rows.length > 0 ? match.rows : [null];
      for (const row of rows) {
        const key = row ?? `${match.form} ${mark}`;
        const known = findings.get(key);
        if (known) {
          known.places.push(place);
        } else {
          findings.set(key, { ...base, places: [place], row, shared: rows.length > 1 });
        }
      }
    }
    return [...findings.values()];
  }

  /**
   * @param {Match} match
   * @returns {Place}
   */
  #placeOf({ first, last }) {
    const { reading } = this;
    const start = reading.inText(reading.starts[first]);
    const end = reading.inText(reading.ends[last] - 1) + 1;
    return { line: reading.lineOf(start), start, end };
  }
}

/**
 * How well what is written stands for a sign.
 * @param {string} gap
 * @param {string} sign as printed; empty between a letter and a digit
 * @returns {number}
 */
function signLevel(gap, sign) {
  if (gap.trim() === sign.trim() && !BREAK.test(gap)) {
    return 2;
  }
  if (GAP_AT_SIGN.test(gap)) {
    const written = gap.trim();
    const alike = "/\\-_".includes(sign.trim()) && "/\\-_".includes(written) && written !== "";
    return alike || sign.trim() === "" ? 2 : 1;
  }
  return BROKEN_AT_SIGN.test(gap) ? 2 : 0;
}

/**
 * @param {string} form
 * @returns {string} with 9 for every digit
 */
function shapeOf(form) {
  return form.replace(/[0-9]/g, "9");
}

/**
 * Where a number's signs stand in its compact form, and how long the run of digits is that goes on at each other place.
 * `length` is that of the compact form.
 * @typedef {{ signs: Map<number, string>, runs: Map<number, number>, length: number }} Anatomy
 */

/** What all numbers of a register have in common: made once. */
class Known {
  /** @type {Map<string, Anatomy>} */
  #anatomies = new Map();
  /** @type {Map<string, Set<number>>} */
  #slips = new Map();

  /** @param {CheckRegister} register */
  constructor(register) {
    this.forms = register.forms;
    /** @type {Map<string, number[]>} an example of each printed form, by shape and system */
    this.shapes = new Map();
    /** @type {Set<string>} what numbers begin with */
    this.beginnings = new Set();
    /** @type {Set<string>} letters that numbers begin with */
    this.letters = new Set();
    /** @type {Map<string, number[]>} by compact name */
    this.systems = new Map();
    const characters = new Set("0123456789");
    const seen = new Set();
    register.systemWords.forEach((/** @type {string[]} */ words, /** @type {number} */ system) => {
      for (const word of words) {
        this.systems.set(word, [...(this.systems.get(word) ?? []), system]);
      }
    });
    for (const [form, rows] of register.forms) {
      for (const character of form) {
        characters.add(character);
      }
      for (const row of rows) {
        const own = register.isCertificate(row) ? `${register.systemOf(row)}` : "";
        const number = register.numbers[row];
        const key = `${own} ${shapeOf(form)} ${number.replace(/[\p{L}\p{N}]/gu, "9")}`;
        if (!seen.has(key) && /[0-9]{3}/.test(form)) {
          seen.add(key);
          const shape = shapeOf(form);
          this.shapes.set(shape, [...(this.shapes.get(shape) ?? []), row]);
        }
        const run = /^[0-9]+/.exec(number)?.[0] ?? "";
        this.beginnings.add(run === form ? run.slice(0, 2) : run);
        const letters = /^\p{L}+/u.exec(form)?.[0];
        if (letters) {
          this.letters.add(letters);
        }
      }
    }
    this.alphabet = [...characters].sort();
  }

  /**
   * @param {string} form
   * @returns {Set<number>} the records whose number is one slip away
   */
  slipsFrom(form) {
    let rows = this.#slips.get(form);
    if (!rows) {
      rows = new Set();
      for (const slip of slipsOf(form, this.alphabet)) {
        for (const row of this.forms.get(slip) ?? []) {
          rows.add(row);
        }
      }
      this.#slips.set(form, rows);
    }
    return rows;
  }

  /**
   * @param {string} number as printed
   * @returns {Anatomy}
   */
  anatomyOf(number) {
    let anatomy = this.#anatomies.get(number);
    if (!anatomy) {
      anatomy = anatomyOf(number);
      this.#anatomies.set(number, anatomy);
    }
    return anatomy;
  }
}

/**
 * @param {string} number
 * @returns {Anatomy}
 */
function anatomyOf(number) {
  const reading = new Reading(number);
  const signs = new Map();
  const runs = new Map();
  let at = 0;
  reading.words.forEach((word, place) => {
    if (place > 0) {
      signs.set(at, reading.gapBefore(place));
    }
    for (let within = 1; within < word.length; within += 1) {
      runs.set(at + within, reading.isDigits(place) ? word.length : 0);
    }
    at += word.length;
  });
  return { signs, runs, length: at };
}

/** @type {WeakMap<CheckRegister, Known>} */
const known = new WeakMap();

/**
 * @param {CheckRegister} register
 * @returns {Known}
 */
function knownOf(register) {
  let own = known.get(register);
  if (!own) {
    own = new Known(register);
    known.set(register, own);
  }
  return own;
}
