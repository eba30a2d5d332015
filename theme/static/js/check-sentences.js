// @ts-check
/** What the check of a list says of a number, in the words of the page. Pure. */

import { TONES, statusOn, statusSentence, tooOldSentence } from "./status.js";

/**
 * @typedef {import("./check-answers.js").Asked} Asked
 * @typedef {import("./check-answers.js").Outcome} Outcome
 * @typedef {import("./check-answers.js").Said} Said
 * @typedef {import("./check-worker.js").RecordLink} RecordLink
 * @typedef {import("./check-worker.js").Row} Row
 * @typedef {import("./check-worker.js").WrittenPlace} WrittenPlace
 * @typedef {import("./status.js").Tone} Tone
 */

/** A sentence, and the records that it leads to. @typedef {{ text: string, links: RecordLink[] }} Note */

/**
 * @typedef {object} Told
 * @property {Tone} tone
 * @property {string} verdict first of all
 * @property {Note[]} notes what it rests on, and what else is to be known
 */

export class CheckSentences {
  /**
   * @param {Record<string, string>} words
   * @param {string} lang
   * @param {import("./status.js").DayFormat} format
   */
  constructor(words, lang, format) {
    this.words = words;
    this.format = format;
    this.plural = new Intl.PluralRules(lang);
    this.numberFormat = new Intl.NumberFormat(lang);
  }

  /**
   * @param {string} key with a form for one and one for others
   * @param {number} n
   * @returns {string}
   */
  count(key, n) {
    const form = this.plural.select(n) === "one" ? "one" : "other";
    return (this.words[`${key}_${form}`] ?? "").replace("{n}", () => this.numberFormat.format(n));
  }

  /**
   * How many numbers were found, and of each outcome how many.
   * @param {Record<Outcome, number>} counts
   * @param {Asked} asked
   * @returns {string}
   */
  summary(counts, asked) {
    const found = counts.holds + counts["does-not-hold"] + counts["not-known"];
    const told = /** @type {Outcome[]} */ (["holds", "does-not-hold", "not-known"])
      .map((outcome) => `${this.outcome(outcome)}: ${this.numberFormat.format(counts[outcome])}`)
      .join(" · ");
    const parts = [this.count("numbers", found)];
    if (found > 0) {
      parts.push(`${this.#filled("on_day", { day: this.format(asked.day) })} ${told}.`);
    }
    if (counts["not-listed"] > 0) {
      parts.push(this.count("unlisted", counts["not-listed"]));
    }
    return parts.join(" ");
  }

  /**
   * @param {Outcome} outcome
   * @returns {string}
   */
  outcome(outcome) {
    return this.words[`outcome_${outcome.replaceAll("-", "_")}`] ?? "";
  }

  /**
   * @param {Row} row
   * @param {Asked} asked
   * @returns {Told}
   */
  tell(row, asked) {
    const notes = [...this.#certificates(row, asked), ...this.#notes(row)];
    if (row.own === null) {
      return { tone: "unknown", verdict: this.#unknown(row), notes };
    }
    if (row.coverage === null) {
      return { tone: toneOf(row, row.own), verdict: this.#said(row.own, asked), notes };
    }
    const key = { covered: "covers", "not-covered": "covers_not", "not-known": "covers_not_known" }[row.coverage];
    const verdict = this.#filled(key, { day: this.format(asked.day) });
    return { tone: toneOf(row, row.own), verdict, notes };
  }

  /**
   * @param {WrittenPlace} place
   * @returns {string}
   */
  place({ kind, name, number }) {
    const key = kind === "row" && name ? "place_sheet" : `place_${kind}`;
    return this.#filled(key, { n: `${number}`, name });
  }

  /**
   * @param {Row} row
   * @returns {string}
   */
  places(row) {
    const told = [...new Set(row.places.map((place) => this.place(place)))];
    return [...told, ...(row.morePlaces > 0 ? [this.count("more_places", row.morePlaces)] : [])].join(", ");
  }

  /**
   * @param {Row} row
   * @returns {string}
   */
  kind(row) {
    return row.kind === "unknown" ? "" : (this.words[`kind_${row.kind}`] ?? "");
  }

  /**
   * @param {Row} row
   * @param {Asked} asked
   * @returns {Note[]} what a datasheet's verdict rests on: its own status, and those of its certificates
   */
  #certificates(row, asked) {
    if (row.coverage === null || row.own === null) {
      return [];
    }
    /** @param {string} label @param {string} value */
    const of = (label, value) => (this.words.answer_of ?? "").replace("{label}", () => label).replace("{value}", () => value);
    const own = { text: of(this.words.answer_datasheet ?? "", this.#said(row.own, asked)), links: [] };
    return [own, ...row.certificates.map(({ said, ...link }) => ({ text: of("{}", this.#said(said, asked)), links: [link] }))];
  }

  /**
   * @param {Row} row
   * @returns {Note[]}
   */
  #notes(row) {
    /** @type {Note[]} */
    const notes = [];
    if (row.unlisted !== null) {
      notes.push({ text: this.#filled("no_longer_listed", { date: this.format(row.unlisted) }), links: [] });
    }
    if (row.shared) {
      notes.push({ text: this.words.shared ?? "", links: [] });
    }
    if (row.padded) {
      notes.push({ text: this.words.padded ?? "", links: [] });
    }
    if (row.reason === "no-form" || row.reason === "never-listed") {
      const key = row.reason === "no-form" ? "no_form" : "never_listed";
      notes.push({ text: this.#filled(key, { mark: row.mark }), links: [] });
    }
    if (row.near.length > 0) {
      const key = row.reason === "other-mark" ? "near_other_mark" : row.reason === "continued" ? "near_begins" : "near_slip";
      notes.push({ text: this.words[key] ?? "", links: row.near });
    }
    return notes;
  }

  /** @param {Row} row */
  #unknown(row) {
    return this.#filled(row.reason === "other-mark" ? "unlisted_mark" : "unlisted_number", { mark: row.mark });
  }

  /**
   * @param {Said} said
   * @param {Asked} asked
   * @returns {string}
   */
  #said({ status, told, since, dates }, { day, exported }) {
    const { words, format } = this;
    if (dates !== null) {
      const sentence = statusSentence(words, dates, status ?? statusOn(dates, day), day, format);
      return told === "too-old" ? tooOldSentence(words, sentence, format(exported ?? day)) : sentence;
    }
    const held = status === "valid" || status === "trial" || status === "suspended";
    const key =
      told === "later" ? "answer_later"
      : told === "not-known" ? "answer_not_known"
      : told === "not-listed" ? "answer_not_listed"
      : told === "dates" && held ? "answer_dates_only"
      : `answer_${told}`;
    return this.#filled(key, {
      day: format(day),
      status: words[`status_${(status ?? "").replaceAll("-", "_")}`] ?? "",
      since: format(since ?? exported ?? day),
    });
  }

  /**
   * @param {string} key
   * @param {Record<string, string>} values
   */
  #filled(key, values) {
    return (this.words[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }
}

/**
 * A verdict in words, with the names of the records it leads to.
 * @param {Note} note
 * @returns {string}
 */
export function noteText({ text, links }) {
  const names = links.map(({ name }) => name).join(", ");
  return text.includes("{}") ? text.replace("{}", () => names) : names ? `${text} ${names}` : text;
}

/**
 * @param {Row} row
 * @param {Said} own
 * @returns {Tone}
 */
function toneOf(row, own) {
  if (row.outcome === "holds") {
    return "valid";
  }
  if (row.outcome === "not-known") {
    return "unknown";
  }
  const [first] = row.certificates;
  const status = own.status === "valid" ? (first?.said.status ?? null) : own.status;
  return status === null || status === "valid" ? "ended" : TONES[status];
}
