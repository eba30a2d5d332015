// @ts-check
/** One facet on the page: its values as check boxes with counts, the most frequent first, the rest on demand. */

import { fold } from "./words.js";
import { slot, write } from "./results.js";

/**
 * @typedef {import("./facets.js").Facet} Facet
 * @typedef {import("./payload.js").Name} Name
 */

/** How many values are shown until all are asked for. */
const FIRST = 8;
/** How many values that fit what is sought are shown. */
const MOST_SOUGHT = 100;
/** From this many values on a facet has a box to find one in. */
const MANY = 20;

export class FilterPanel {
  #all = false;
  #sought = "";
  /** @type {Map<number, HTMLElement>} */
  #labels = new Map();
  /** @type {Int32Array} */
  #counts;
  /** @type {Set<string>} */
  #chosen = new Set();

  /**
   * @param {object} given
   * @param {HTMLFieldSetElement} given.fieldset
   * @param {HTMLTemplateElement} given.template
   * @param {Facet} given.facet
   * @param {Name[]} given.labels of the values
   * @param {boolean} given.inOrder whether values stand in their own order, not the most frequent first
   * @param {Record<string, string>} given.words
   * @param {(count: number) => string} given.number
   * @param {(id: string, on: boolean) => void} given.onChoice
   */
  constructor({ fieldset, template, facet, labels, inOrder, words, number, onChoice }) {
    this.fieldset = fieldset;
    this.template = template;
    this.facet = facet;
    this.labels = labels;
    this.inOrder = inOrder;
    this.words = words;
    this.number = number;
    this.#counts = new Int32Array(facet.values.length);
    this.folded = labels.map(({ text }) => fold(text));
    this.list = /** @type {HTMLElement} */ (fieldset.querySelector("[data-facet-values]"));
    this.list.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement && event.target.type === "checkbox") {
        onChoice(event.target.value, event.target.checked);
      }
    });
    this.box = facet.values.length > MANY ? this.#makeBox() : null;
    this.toggle = this.#makeToggle();
  }

  /**
   * @param {Int32Array} counts by value
   * @param {string[]} chosen ids
   */
  show(counts, chosen) {
    this.#counts = counts;
    this.#chosen = new Set(chosen);
    this.#render();
  }

  #render() {
    const { values } = this.facet;
    const offered = values.map((_, value) => value).filter((value) => this.#counts[value] > 0 || this.#isChosen(value));
    if (!this.inOrder) {
      offered.sort((a, b) => this.#counts[b] - this.#counts[a] || (this.folded[a] < this.folded[b] ? -1 : 1));
    }
    const sought = offered.filter((value) => this.folded[value].includes(this.#sought));
    const most = this.#sought ? MOST_SOUGHT : this.#all ? Number.POSITIVE_INFINITY : FIRST;
    const shown = sought.filter((value, index) => index < most || this.#isChosen(value));
    this.fieldset.hidden = offered.length === 0;
    this.#place(shown.map((value) => this.#label(value)));
    this.toggle.hidden = this.#sought !== "" || offered.length <= FIRST;
    this.toggle.setAttribute("aria-expanded", String(this.#all));
    this.toggle.textContent = this.#all
      ? this.words.show_fewer
      : this.words.show_all.replace("{n}", () => this.number(offered.length));
    if (this.box) {
      this.box.hidden = offered.length <= FIRST;
    }
  }

  /** @param {number} value */
  #isChosen(value) {
    return this.#chosen.has(this.facet.values[value]);
  }

  /**
   * The check box of a value, made once: a box that has the focus keeps it.
   * @param {number} value
   * @returns {HTMLElement}
   */
  #label(value) {
    let label = this.#labels.get(value);
    if (!label) {
      const copy = /** @type {DocumentFragment} */ (this.template.content.cloneNode(true));
      label = /** @type {HTMLElement} */ (copy.firstElementChild);
      write(slot(label, "label"), this.labels[value]);
      this.#labels.set(value, label);
    }
    const input = /** @type {HTMLInputElement} */ (label.querySelector("input"));
    input.value = this.facet.values[value];
    input.checked = this.#isChosen(value);
    write(slot(label, "count"), this.number(this.#counts[value]));
    return label;
  }

  /** @param {HTMLElement[]} labels */
  #place(labels) {
    const current = [...this.list.children];
    if (labels.length === current.length && labels.every((label, index) => label === current[index])) {
      return;
    }
    const focused = document.activeElement;
    this.list.replaceChildren(...labels);
    if (focused instanceof HTMLElement && this.list.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }

  #makeBox() {
    const box = document.createElement("input");
    box.type = "search";
    box.className = "facet__box";
    const legend = this.fieldset.querySelector("legend")?.textContent?.trim() ?? "";
    box.setAttribute("aria-label", this.words.find_value.replace("{facet}", () => legend));
    box.placeholder = this.words.find_value.replace("{facet}", () => legend);
    box.addEventListener("input", () => {
      this.#sought = fold(box.value.trim());
      this.#render();
    });
    this.list.before(box);
    return box;
  }

  #makeToggle() {
    const toggle = document.createElement("button");
    toggle.type = "button";
    toggle.className = "facet__toggle";
    toggle.addEventListener("click", () => {
      this.#all = !this.#all;
      this.#render();
    });
    this.list.after(toggle);
    return toggle;
  }
}
