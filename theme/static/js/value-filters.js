// @ts-check
/** The filters by what the chosen product's datasheets declare: brought when the product is chosen, taken away with it. */

import { FilterPanel } from "./filter-panel.js";
import { slot, write } from "./results.js";
import { decodeValues, formatRange, parseRange, typedNumber } from "./values.js";

/**
 * @typedef {import("./facets.js").Facet} Facet
 * @typedef {import("./payload.js").Name} Name
 * @typedef {import("./values.js").Characteristic} Characteristic
 * @typedef {import("./values.js").Range} Range
 * @typedef {{ show: (counts: Int32Array, chosen: string[]) => void, facet: Facet }} Panel
 */

/**
 * @typedef {object} Given
 * @property {HTMLElement} root the part of the form that they stand in, with the templates of both kinds
 * @property {HTMLTemplateElement} template of a value
 * @property {(name: string) => Promise<any>} read brings a file of the release
 * @property {import("./payload.js").Records} records
 * @property {string} lang
 * @property {Record<string, string>} words
 * @property {(count: number) => string} number
 * @property {(facet: string, ids: string[], on: boolean | null) => void} onChoice null: these are all that are chosen
 */

export class ValueFilters {
  /** @type {string | null} */
  #product = null;
  /** @type {Characteristic[]} */
  #characteristics = [];
  /** @type {Panel[]} */
  #panels = [];
  /** @type {Promise<void> | null} */
  #arriving = null;
  /** Whether the chosen product's file could not be read. */
  failed = false;

  /** @param {Given} given */
  constructor(given) {
    this.given = given;
    this.list = /** @type {HTMLElement} */ (given.root.querySelector("[data-value-facets]"));
    // Without groups: what stands in a box must read back as the same number.
    /** @type {Intl.NumberFormat | null} made for the first value: few look for any */
    let decimal = null;
    this.decimal = (/** @type {number} */ value) => {
      decimal ??= new Intl.NumberFormat(given.lang, { maximumFractionDigits: 12, useGrouping: false });
      return decimal.format(value);
    };
  }

  /** @returns {Facet[]} of the chosen product, as far as they are here */
  get facets() {
    return this.#characteristics.map(({ facet }) => facet);
  }

  /**
   * @param {string | null} product the one whose filters stand here from now on
   * @returns {Promise<void> | null} null where nothing has to be waited for
   */
  choose(product) {
    if (product === this.#product) {
      return this.#arriving;
    }
    this.#product = product;
    this.failed = false;
    this.#take([]);
    this.#arriving = product === null ? null : this.#bring(product);
    return this.#arriving;
  }

  /** @param {string} product */
  async #bring(product) {
    const { read, records, lang } = this.given;
    /** @type {Characteristic[]} */
    let characteristics = [];
    let failed = false;
    try {
      characteristics = decodeValues(await read(`values/${product}.json`), records, lang);
    } catch (fault) {
      failed = true;
      console.error(fault);
    }
    if (product === this.#product) {
      this.failed = failed;
      this.#arriving = null;
      this.#take(characteristics);
    }
  }

  /** @param {Characteristic[]} characteristics */
  #take(characteristics) {
    this.#characteristics = characteristics.filter(({ facet }) => facet.values.length > 0);
    this.#panels = this.#characteristics.map((one) => (one.facet.spans ? this.#rangePanel(one) : this.#choicePanel(one)));
    this.given.root.hidden = this.#panels.length === 0;
  }

  /**
   * @param {Map<string, Int32Array>} counts by facet
   * @param {Map<string, string[]>} chosen ids by facet
   */
  show(counts, chosen) {
    for (const { facet, show } of this.#panels) {
      show(counts.get(facet.name) ?? new Int32Array(0), chosen.get(facet.name) ?? []);
    }
    if (this.#panels.length === 0) {
      this.list.replaceChildren();
    }
  }

  /**
   * @param {string} facet
   * @param {string} id a choice or a range
   * @returns {Name | null} what a chip says; null for what this product has not
   */
  label(facet, id) {
    const found = this.#characteristics.find((characteristic) => characteristic.facet.name === facet);
    if (!found) {
      return null;
    }
    const { name, unit } = found;
    const range = found.facet.spans ? parseRange(id) : null;
    const told = range ? this.#rangeText(range) : `: ${id}`;
    return { text: `${name.text}${told}${unit && ` ${unit}`}`, lang: name.lang };
  }

  /** @param {Range} range */
  #rangeText({ low, high }) {
    if (low !== null && high !== null) {
      return low === high ? `: ${this.decimal(low)}` : `: ${this.decimal(low)} – ${this.decimal(high)}`;
    }
    return low !== null ? ` ≥ ${this.decimal(low)}` : ` ≤ ${this.decimal(high ?? 0)}`;
  }

  /**
   * @param {Characteristic} characteristic
   * @returns {Panel}
   */
  #choicePanel({ facet, name, unit }) {
    const { template, words, number, onChoice } = this.given;
    const fieldset = this.#fieldset("template[data-value-choice]", name, unit);
    const panel = new FilterPanel({
      fieldset,
      template,
      facet,
      labels: facet.values.map((text) => ({ text, lang: null })),
      inOrder: true,
      words,
      number,
      onChoice: (id, on) => onChoice(facet.name, [id], on),
    });
    return { facet, show: (counts, chosen) => panel.show(counts, chosen) };
  }

  /**
   * @param {Characteristic} characteristic
   * @returns {Panel}
   */
  #rangePanel({ facet, name, unit }) {
    const { words, number, onChoice } = this.given;
    const fieldset = this.#fieldset("template[data-value-range]", name, unit);
    const boxes = [...fieldset.querySelectorAll("input")];
    const note = /** @type {HTMLElement} */ (slot(fieldset, "note"));
    note.id = `note-${facet.name}`;
    let declaring = 0;
    const say = () => {
      const wrong = boxes.some((box) => box.getAttribute("aria-invalid") === "true");
      const told = words[declaring === 1 ? "declare_one" : "declare_other"].replace("{n}", () => number(declaring));
      write(note, wrong ? words.not_a_number : told);
    };
    for (const box of boxes) {
      box.setAttribute("aria-describedby", note.id);
      box.addEventListener("change", () => {
        const ends = boxes.map((end) => typedNumber(end.value));
        ends.forEach((end, index) => boxes[index].setAttribute("aria-invalid", String(Number.isNaN(end))));
        say();
        const [low, high] = ends;
        if (!ends.some(Number.isNaN)) {
          onChoice(facet.name, low === null && high === null ? [] : [formatRange({ low, high })], null);
        }
      });
    }
    const spans = facet.spans ?? [];
    /** @type {Panel["show"]} */
    const show = (counts, chosen) => {
      const offered = spans.filter((_, set) => counts[facet.sets[set][0]] > 0);
      declaring = counts.reduce((sum, count) => sum + count, 0);
      const range = chosen.length > 0 ? parseRange(chosen[0]) : null;
      const lows = offered.flatMap(({ low }) => low ?? []);
      const highs = offered.flatMap(({ high }) => high ?? []);
      [
        { value: range?.low ?? null, end: lows.length > 0 ? Math.min(...lows) : null },
        { value: range?.high ?? null, end: highs.length > 0 ? Math.max(...highs) : null },
      ].forEach(({ value, end }, index) => {
        const box = boxes[index];
        box.placeholder = end === null ? "" : this.decimal(end);
        // What someone types just now is theirs.
        if (typedNumber(box.value) !== value && (box !== document.activeElement || chosen.length > 0)) {
          box.value = value === null ? "" : this.decimal(value);
          box.setAttribute("aria-invalid", "false");
        }
      });
      fieldset.hidden = declaring === 0 && chosen.length === 0;
      say();
    };
    return { facet, show };
  }

  /**
   * @param {string} selector of its template
   * @param {Name} name
   * @param {string} unit
   * @returns {HTMLFieldSetElement}
   */
  #fieldset(selector, name, unit) {
    const template = /** @type {HTMLTemplateElement} */ (this.given.root.querySelector(selector));
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const fieldset = /** @type {HTMLFieldSetElement} */ (copy.firstElementChild);
    write(slot(fieldset, "name"), name);
    write(slot(fieldset, "unit"), unit && ` (${unit})`);
    this.list.append(fieldset);
    return fieldset;
  }
}
