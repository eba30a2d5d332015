// @ts-check
/** Results as the page shows them: from rows to list items, by a template and text alone. */

import { markedNumber, markedWords } from "./marking.js";
import { slugOf } from "./certificates.js";
import { isCovered } from "./covering.js";
import { dayFormat, statusOn, toldStatus } from "./status.js";
import { timeline, timelineOf } from "./timelines.js";

/**
 * @typedef {import("./content-pages.js").ContentPage} ContentPage
 * @typedef {import("./marking.js").Asked} Asked
 * @typedef {import("./marking.js").Piece} Piece
 * @typedef {import("./payload.js").Name} Name
 * @typedef {import("./payload.js").Names} Names
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./release.js").Release} Release
 * @typedef {Pick<import("./sheets.js").Sheets, "sheet" | "numberOf">} Sheets
 * @typedef {import("./status.js").Timeline} Timeline
 */

const MARKED = new Set(/** @type {(string | null)[]} */ (["title", "product", "holder", "place"]));

/**
 * What is shown of a record.
 * @typedef {object} Result
 * @property {string} href
 * @property {string} kind
 * @property {string} mark
 * @property {string[]} number in the pieces in which it is read
 * @property {Name} title
 * @property {Name} product
 * @property {string} holder
 * @property {string} place
 * @property {import("./status.js").Tone} tone
 * @property {string} sentence empty for what has no status, and where it is not known yet
 */

export class Results {
  /**
   * @param {object} given
   * @param {Records} given.records
   * @param {Names} given.names
   * @param {Sheets} given.sheets
   * @param {Record<string, string>} given.words
   * @param {string} given.lang
   * @param {URL} given.home the pages of this language
   * @param {Release} given.release
   * @param {HTMLTemplateElement} given.template
   */
  constructor({ records, names, sheets, words, lang, home, release, template }) {
    this.records = records;
    this.names = names;
    this.sheets = sheets;
    this.words = words;
    this.home = home.href;
    this.release = release;
    /** Of this document: copies of what stands in a template would have to be brought into it one by one. */
    this.item = /** @type {Element} */ (document.importNode(template.content, true).firstElementChild);
    this.slots = [...this.item.querySelectorAll("[data-slot]")].map((element) => element.getAttribute("data-slot"));
    this.format = dayFormat(lang, words.months);
    /** @type {ContentPage[]} rows after the last record, once they are here */
    this.pages = [];
    this.lang = lang;
    /** @type {Intl.DisplayNames | null} made for the first place abroad */
    this.countries = null;
    /** @type {Map<string, string>} names of countries, each asked for once */
    this.abroad = new Map();
  }

  /**
   * @param {number} row
   * @returns {string} the address of a record's page, or of a content page
   */
  href(row) {
    const { certificates, dated, count } = this.records;
    if (row >= count) {
      return `${this.home}${encodeURIComponent(this.pages[row - count].name)}/`;
    }
    const kind = row < certificates ? "certificates" : row < dated ? "datasheets" : "documents";
    return `${this.home}${kind}/${encodeURIComponent(slugOf(this.records, row, this.sheets.numberOf(row) ?? ""))}/`;
  }

  /**
   * @param {number} row
   * @param {string} today
   * @returns {Result}
   */
  describe(row, today) {
    const { records, words } = this;
    if (row >= records.count) {
      return this.#describePage(row);
    }
    if (row >= records.dated) {
      return this.#describeDocument(row);
    }
    const systems = records.systemSets[records.systemSet[row]];
    const certificate = row < records.certificates;
    const approval = certificate && records.systemKinds[systems[0]] === "technical-approval";
    const dates = this.#timelineOf(row);
    if (!dates) {
      return { ...this.#described(row, approval), tone: "unknown", sentence: "" };
    }
    const { status, tone, sentence } = toldStatus(words, dates, today, this.release, this.format);
    const uncovered =
      !certificate &&
      status === "valid" &&
      !isCovered(records, row, (held) => statusOn(timelineOf(records, records.certified, held), today) === "valid");
    const told = uncovered ? { tone: /** @type {const} */ ("unknown"), sentence: words.not_covered } : { tone, sentence };
    return { ...this.#described(row, approval), ...told };
  }

  /**
   * @param {number} row
   * @returns {Timeline | null} null where its dates have not come yet
   */
  #timelineOf(row) {
    const { records } = this;
    if (row < records.certificates) {
      return timelineOf(records, records.certified, row);
    }
    const sheet = this.sheets.sheet(row);
    return sheet ? timeline(records, sheet.from, sheet.until, sheet.events) : null;
  }

  /**
   * What a result says beside its status.
   * @param {number} row
   * @param {boolean} approval
   */
  #described(row, approval) {
    const { records, names, words } = this;
    const systems = records.systemSets[records.systemSet[row]];
    const certificate = row < records.certificates;
    return {
      href: this.href(row),
      kind: words[approval ? "kind_approval" : certificate ? "kind_certificate" : "kind_datasheet"],
      mark: systems.map((system) => names.systems[system].text).join(" · "),
      number: certificate ? [records.numbers[row]] : codeGroups(this.sheets.numberOf(row) ?? ""),
      title: certificate
        ? (names.titles.get(row) ?? { text: "", lang: null })
        : { text: this.sheets.sheet(row)?.tradeName ?? "", lang: null },
      product: names.products[records.product[row]],
      holder: records.holderNames[records.holder[row]],
      place: this.#place(records.places[records.unitPlaces[records.unit[row]]]),
    };
  }

  /**
   * @param {number} row
   * @returns {Result}
   */
  #describeDocument(row) {
    const { records, names, words } = this;
    const document = row - records.dated;
    const products = records.documentProducts[document].map((product) => names.products[product].text);
    return {
      href: this.href(row),
      kind: words.kind_document,
      mark: "",
      number: [records.documentNumbers[document]],
      title: names.documents[document],
      product: { text: products.join(" · "), lang: null },
      holder: "",
      place: "",
      tone: "unknown",
      sentence: "",
    };
  }

  /**
   * A content page: its title leads to it as a number leads to a record, its summary stands where a record has its name.
   * @param {number} row
   * @returns {Result}
   */
  #describePage(row) {
    const { title, summary } = this.pages[row - this.records.count];
    return {
      href: this.href(row),
      kind: this.words.kind_page,
      mark: "",
      number: [title],
      title: { text: summary, lang: null },
      product: { text: "", lang: null },
      holder: "",
      place: "",
      tone: "unknown",
      sentence: "",
    };
  }

  /**
   * @param {number} row
   * @param {string} today
   * @param {Asked} asked what of it is marked
   * @returns {Element}
   */
  render(row, today, asked) {
    const result = this.describe(row, today);
    const item = /** @type {Element} */ (this.item.cloneNode(true));
    item.querySelector("a")?.setAttribute("href", result.href);
    item.querySelectorAll("[data-slot]").forEach((element, place) => {
      const name = this.slots[place];
      if (name === "number") {
        element.append(...numberNodes(result.number, asked));
        if (row >= this.records.count) {
          element.classList.remove("number");
        }
      } else if (name !== "status") {
        const told = result[/** @type {"kind" | "mark" | "title" | "product" | "holder" | "place"} */ (name)];
        const { text, lang } = typeof told === "string" ? { text: told, lang: null } : told;
        if (text && MARKED.has(name)) {
          element.append(...markedWords(text, asked).map(pieceNode));
        } else if (text) {
          element.textContent = text;
        }
        if (lang) {
          element.setAttribute("lang", lang);
        }
      } else if (result.sentence) {
        element.classList.add(`status--${result.tone}`);
        write(element.querySelector("[data-status-sentence]"), result.sentence);
      } else {
        element.remove();
      }
    });
    return item;
  }

  /** @param {Records["places"][number]} place */
  #place([city, country]) {
    if (country === this.records.homeCountry || country === "ZZ") {
      return city;
    }
    let name = this.abroad.get(country);
    if (name === undefined) {
      this.countries ??= new Intl.DisplayNames([this.lang], { type: "region" });
      name = this.countries.of(country) ?? country;
      this.abroad.set(country, name);
    }
    return `${city} (${name})`;
  }
}

/**
 * Long runs of digits are read in fours: `9001 2345`.
 * @param {string} code
 * @returns {string[]}
 */
export function codeGroups(code) {
  if (!/^[0-9]{7,}$/.test(code)) {
    return [code];
  }
  const first = code.length % 4;
  return [code.slice(0, first), ...(code.slice(first).match(/.{4}/g) ?? [])].filter((piece) => piece !== "");
}

/**
 * @param {ParentNode} root
 * @param {string} name
 * @returns {Element | null}
 */
export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

/**
 * Change a text only where it differs: screen readers announce a live region whenever it is written.
 * @param {Element | null} element
 * @param {string | Name} text a name says its language where that is not the page's
 */
export function write(element, text) {
  if (!element) {
    return;
  }
  const { text: words, lang } = typeof text === "string" ? { text, lang: null } : text;
  if (element.textContent !== words) {
    element.textContent = words;
  }
  if (lang) {
    element.setAttribute("lang", lang);
  }
}

/**
 * A number in the groups in which it is read; what is marked may begin in one and end in another.
 * @param {string[]} groups
 * @param {Asked} asked
 * @returns {(Element | string)[]}
 */
function numberNodes(groups, asked) {
  const marked = markedNumber(groups.join(""), asked);
  if (groups.length === 1) {
    return marked.map(pieceNode);
  }
  return groups.map((group) => {
    const element = document.createElement("span");
    for (let rest = group.length; rest > 0; ) {
      const [piece] = marked;
      const text = piece.text.slice(0, rest);
      element.append(pieceNode({ text, hit: piece.hit }));
      rest -= text.length;
      piece.text = piece.text.slice(text.length);
      if (!piece.text) {
        marked.shift();
      }
    }
    return element;
  });
}

/** @param {Piece} piece */
function pieceNode({ text, hit }) {
  if (!hit) {
    return text;
  }
  const element = document.createElement("mark");
  element.textContent = text;
  return element;
}
