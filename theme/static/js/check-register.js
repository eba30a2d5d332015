// @ts-check
/**
 * The register as the check of a list knows it: every number, listed or not any more, with what answers for it on a day.
 * What the file holds is said where it is written, in `plugins/keur/search/checking.py`. Nothing here touches the page.
 */

import { compact, leadingWords, plainSlug, searchFormsBy } from "./numbers.js";
import { PayloadError } from "./payload.js";

/**
 * @typedef {import("./answers.js").Showing} Showing
 * @typedef {import("./payload.js").Name} Name
 * @typedef {import("./status.js").Timeline} Timeline
 */

/**
 * Days, and events as day, status, precision.
 * @typedef {[from: number, until: number | null, events: [number, number, number][]]} ToldDates
 */

const MILLISECONDS_A_DAY = 86_400_000;
const ONLY_DIGITS_AND_SIGNS = /^[0-9][0-9 ./\\_:;,+()-]*$/;

export class CheckRegister {
  /** @type {Map<string, number[]>} rows by each form of their numbers */
  forms = new Map();
  /** The longest form there is, in characters. */
  longest = 0;
  /** @type {Map<number, number>} the first day without the record, of those that are no longer listed */
  #unlisted;
  /** @type {Map<number, any[]>} */
  #shown;
  /** @type {Map<number, [number, number, number][]>} */
  #events;
  /** @type {Map<number, string>} */
  #slugs;

  /**
   * @param {any} content of `check.json`
   * @param {string} lang the page's
   * @throws {PayloadError} where the file is damaged
   */
  constructor(content, lang) {
    try {
      this.content = content;
      this.certificates = Number(content.certificates);
      /** @type {string[]} */
      this.numbers = content.numbers;
      this.count = this.numbers.length;
      /** @type {string[]} ids */
      this.systems = content.systems.map((/** @type {[string]} */ [id]) => id);
      /** @type {Name[]} */
      this.systemNames = content.systems.map((/** @type {any} */ [, names]) => nameIn(names, lang));
      /** @type {(RegExp | null)[]} what every number of a system matches as a whole */
      this.patterns = content.systems.map((/** @type {any} */ [, , pattern]) => patternOf(pattern));
      /** @type {Name[]} */
      this.products = content.products.map((/** @type {Record<string, string>} */ names) => nameIn(names, lang));
      /** @type {string[]} */
      this.documents = content.documents;
      /** @type {string[][]} by system, compact */
      this.systemWords = content.systems.map((/** @type {any} */ [id, names]) => ownWords([id, ...Object.values(names)]));
      this.#unlisted = new Map(content.unlisted);
      this.#shown = new Map(content.shown);
      this.#events = new Map(content.events);
      this.#slugs = new Map(content.slugs);
      this.#index();
    } catch (fault) {
      throw new PayloadError("check.json is damaged", { cause: fault });
    }
  }

  #index() {
    const { product, holder, from, until, hung, system, trade_names: names } = this.content;
    for (const column of [product, holder, from, until]) {
      ensure(column.length === this.count);
    }
    ensure(system.length === this.certificates && hung.length === this.count - this.certificates);
    ensure(names.length === hung.length);
    // What a record may leave out in front of its number; datasheets have no system of their own.
    const words = this.systemWords.map((/** @type {string[]} */ own) => leadingWords(own));
    const none = leadingWords([]);
    this.numbers.forEach((number, row) => {
      const own = row < this.certificates ? words[system[row]] : none;
      const forms = ONLY_DIGITS_AND_SIGNS.test(number) ? [compact(number)] : searchFormsBy(number, own);
      for (const form of forms) {
        const rows = this.forms.get(form);
        if (rows) {
          rows.push(row);
        } else {
          this.forms.set(form, [row]);
        }
        this.longest = Math.max(this.longest, form.length);
      }
    });
  }

  /**
   * @param {number} row
   * @returns {boolean}
   */
  isCertificate(row) {
    return row < this.certificates;
  }

  /**
   * The place in `systems` of a certificate's own, or of a datasheet's first certificate; none where that is not known.
   * @param {number} row
   * @returns {number | undefined}
   */
  systemOf(row) {
    return this.systemsOf(row)[0];
  }

  /**
   * The systems that a record stands under.
   * @param {number} row
   * @returns {number[]}
   */
  systemsOf(row) {
    const rows = this.isCertificate(row) ? [row] : this.hungOn(row);
    return rows.filter((certificate) => certificate >= 0).map((certificate) => this.content.system[certificate]);
  }

  /**
   * @param {number} row of a datasheet
   * @returns {number[]} the certificates that it hangs on, or hung on last; -1 for one that is not known
   */
  hungOn(row) {
    return this.content.sets[this.content.hung[row - this.certificates]];
  }

  /**
   * @param {number} row
   * @returns {Name}
   */
  productOf(row) {
    return this.products[this.content.product[row]];
  }

  /**
   * @param {number} row
   * @returns {string}
   */
  holderOf(row) {
    return this.content.holders[this.content.holder[row]];
  }

  /**
   * @param {number} row
   * @returns {string} of a datasheet; empty for a certificate
   */
  tradeNameOf(row) {
    return this.isCertificate(row) ? "" : this.content.trade_names[row - this.certificates];
  }

  /**
   * A record's page below that of its language, for the whole address.
   * @param {number} row
   * @returns {string}
   */
  pathOf(row) {
    const certificate = this.isCertificate(row);
    const system = certificate ? this.systems[this.content.system[row]] : "";
    const slug = this.#slugs.get(row) ?? plainSlug(this.numbers[row], system);
    return `${certificate ? "certificates" : "datasheets"}/${encodeURIComponent(slug)}/`;
  }

  /**
   * @param {number} row
   * @returns {string | null} the day of the first export without the record, null where the present one lists it
   */
  unlistedSince(row) {
    const day = this.#unlisted.get(row);
    return day === undefined ? null : isoDay(day);
  }

  /**
   * The dates that the issuer gives now, or gave last.
   * @param {number} row
   * @returns {Timeline}
   */
  datesOf(row) {
    const { from, until } = this.content;
    return this.#timeline([from[row], until[row], this.#events.get(row) ?? []]);
  }

  /**
   * What exports showed of a record, oldest first.
   * @param {number} row
   * @returns {Showing[]} the certificates of a datasheet as rows
   */
  showingsOf(row) {
    const first = this.content.first[row];
    if (first) {
      return [[isoDay(first), null, this.datesOf(row), this.isCertificate(row) ? undefined : this.hungOn(row)]];
    }
    return (this.#shown.get(row) ?? []).map(([begun, last, dates, hung]) => [
      isoDay(begun),
      last === null ? null : isoDay(last),
      dates === 0 ? this.datesOf(row) : dates === null ? null : this.#timeline(dates),
      hung,
    ]);
  }

  /**
   * @param {ToldDates} told
   * @returns {Timeline}
   */
  #timeline([from, until, events]) {
    const { statuses, precisions } = this.content;
    return {
      from: isoDay(from),
      until: until === null ? null : isoDay(until),
      events: events.map(([day, status, precision]) => [isoDay(day), statuses[status], precisions[precision]]),
    };
  }
}

/**
 * @param {Record<string, string>} names by language; what has no language stands for all
 * @param {string} lang
 * @returns {Name}
 */
function nameIn(names, lang) {
  const own = Object.entries(names).find(([tag]) => tag === "" || base(tag) === base(lang));
  const [tag, text] = own ?? Object.entries(names)[0];
  return { text, lang: own ? null : tag };
}

/** @param {string} tag */
function base(tag) {
  return tag.split("-")[0];
}

/**
 * @param {string[]} names
 * @returns {string[]} compact, each once
 */
function ownWords(names) {
  return [...new Set(names.map(compact))].filter((word) => word !== "");
}

/**
 * A pattern was proven to be one that this engine reads in linear time before it came into the register.
 * @param {string | null} pattern
 * @returns {RegExp | null}
 */
function patternOf(pattern) {
  return pattern === null ? null : new RegExp(`^(?:${pattern})$`);
}

/** @param {number} day since 1970 */
function isoDay(day) {
  return new Date(day * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
}

/** @param {boolean} holds */
function ensure(holds) {
  if (!holds) {
    throw new RangeError("its columns do not fit together");
  }
}
