// @ts-check
/** What one does with a filtered list beside reading it: link to it for good, cite it, take it along as a file. */

import { button, copiedText, copyButton, startCitation } from "./cite.js";
import { csv } from "./csv.js";
import { lastingQuery } from "./lasting.js";
import { COLUMNS, listRows } from "./list-rows.js";
import { decodeNames, readCore } from "./payload.js";
import { citingWords } from "./page-words.js";
import { formatState } from "./state.js";
import { notBefore, todayInBrussels } from "./status.js";
import { VALUE_FACET } from "./values.js";

/**
 * @typedef {import("./engine.js").Engine} Engine
 * @typedef {import("./results.js").Results} Results
 * @typedef {import("./state.js").State} State
 */

/**
 * What the search page gives.
 * @typedef {object} Given
 * @property {Engine} engine
 * @property {Results} results
 * @property {URL} folder of the search data
 * @property {string} lang
 * @property {(facet: string, id: string) => string} label what the page calls a filter
 * @property {() => { state: State, rows: number[] }} current
 */

/** How many rows are made at once: between these the page answers. */
const AT_ONCE = 500;

/**
 * @param {HTMLElement} root the opened `<details>`
 * @param {Given} given
 * @returns {Promise<() => void>} brings it to the list that the page shows
 */
export async function startListTools(root, given) {
  const words = await citingWords(given.lang);
  if (!words.list_link) {
    throw new Error("the words of lists could not be read");
  }
  await styled();
  const tools = new ListTools(root, given, words);
  tools.show();
  return () => tools.show();
}

/**
 * Bring the stylesheet of what is shown here, which the search page does without until somebody opens it.
 * @returns {Promise<void>} once it counts, or cannot be had: then the tools are plain
 */
function styled() {
  return new Promise((resolve) => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = new URL("../css/lists.css", import.meta.url).href;
    sheet.addEventListener("load", () => resolve());
    sheet.addEventListener("error", () => resolve());
    document.head.append(sheet);
  });
}

class ListTools {
  /** @type {string | null} what is shown */
  #shown = null;

  /**
   * @param {HTMLElement} root
   * @param {Given} given
   * @param {Record<string, string>} words
   */
  constructor(root, given, words) {
    this.root = root;
    this.given = given;
    this.words = words;
    this.site = new URL("../../", given.folder);
    this.body = document.createElement("div");
    this.body.className = "list-tools__body";
    this.said = document.createElement("p");
    this.said.setAttribute("role", "status");
    this.link = document.createElement("a");
    const copy = copyButton(words.copy, words, this.said, {
      copy: () => copiedText(this.link.href),
      select: () => getSelection()?.selectAllChildren(this.link),
    });
    this.download = button("", () => this.#download());
    this.citations = document.createElement("div");
    const label = document.createElement("span");
    label.textContent = words.list_link;
    const linked = document.createElement("p");
    linked.append(label, " ", this.link, " ", copy);
    const taken = document.createElement("p");
    taken.append(this.download);
    this.body.append(linked, taken, this.said, this.citations);
    root.append(this.body);
  }

  show() {
    const { state, rows } = this.given.current();
    const query = lastingQuery(formatState({ ...state, shown: 0 }));
    const shown = `${query}\n${rows.length}`;
    if (shown === this.#shown) {
      return;
    }
    this.#shown = shown;
    this.#say("");
    this.link.href = this.#address(`/l/${query}`);
    this.link.textContent = this.link.href;
    this.download.textContent = this.words.list_csv.replace("{n}", () => this.#number(rows.length));
    this.download.disabled = rows.length === 0;
    void this.#cite(state, rows.length, shown);
  }

  /**
   * @param {State} state
   * @param {number} count
   * @param {string} shown
   */
  async #cite(state, count, shown) {
    const core = await readCore(this.given.folder);
    const blocks = await Promise.all(
      core.languages.map((/** @type {string} */ lang) => this.#citation(lang, core, state, count)),
    );
    if (shown === this.#shown) {
      this.citations.replaceChildren(...blocks);
      await Promise.all(blocks.map((block) => startCitation(block, null)));
    }
  }

  /**
   * @param {string} lang
   * @param {any} core
   * @param {State} state
   * @param {number} count
   * @returns {Promise<HTMLElement>}
   */
  async #citation(lang, core, state, count) {
    const words = await citingWords(lang);
    const filters = this.#filters(lang, core, words, state);
    const { demonstration, register, publisher } = this.#source(lang);
    const block = document.createElement("div");
    block.className = "citation";
    block.lang = lang;
    const language = document.createElement("p");
    language.className = "citation__language";
    const name = new Intl.DisplayNames([lang], { type: "language" }).of(lang) ?? lang;
    language.textContent = name.charAt(0).toLocaleUpperCase(lang) + name.slice(1);
    const text = document.createElement("p");
    text.dataset.citation = "";
    const said = words.cite_list
      .replace("{filters}", () => filters)
      .replace("{n}", () => new Intl.NumberFormat(lang).format(count));
    const link = document.createElement("a");
    link.href = this.link.href;
    link.textContent = this.link.href;
    const day = document.createElement("span");
    day.dataset.citationDay = "";
    const source = words.cite_source.replace("{source}", () => `${register}, ${publisher}`);
    text.append(`${demonstration ? `${words.demonstration} ` : ""}${said} ${source} `, link, " ", day);
    block.append(...(core.languages.length > 1 ? [language] : []), text);
    return block;
  }

  /**
   * The filters of a list in a language; declared values stay in that of the page.
   * @param {string} lang
   * @param {any} core
   * @param {Record<string, string>} words
   * @param {State} state
   */
  #filters(lang, core, words, state) {
    const { records } = this.given.engine;
    const names = decodeNames(core, records, lang);
    const countries = new Intl.DisplayNames([lang], { type: "region" });
    /** @type {Record<string, (id: string) => string | undefined>} */
    const called = {
      system: (id) => names.systems[records.systems.indexOf(id)]?.text,
      group: (id) => names.groups[records.groups.indexOf(id)]?.text,
      product: (id) => names.products[records.products.indexOf(id)]?.text,
      holder: (id) => records.holderNames[records.holders.indexOf(id)],
      region: (id) => {
        const region = records.regions.indexOf(id);
        return names.regions[region]?.text ?? (region >= 0 ? countries.of(records.regionCountries[region]) : undefined);
      },
      status: (id) => words[`status_${id.replaceAll("-", "_")}`],
      kind: (id) => words[`kinds_${id}`],
    };
    const chosen = [...state.chosen].flatMap(([facet, ids]) =>
      ids.map((id) => (VALUE_FACET.test(facet) ? this.given.label(facet, id) : (called[facet]?.(id) ?? id))),
    );
    return [...(state.q ? [state.q] : []), ...chosen].join(" · ") || words.cite_all;
  }

  /** @param {string} lang */
  #source(lang) {
    const { register = "{}", publisher = "", demonstration } = this.root.dataset;
    return { register: JSON.parse(register)[lang] ?? "", publisher, demonstration: demonstration !== undefined };
  }

  async #download() {
    const { engine, results } = this.given;
    const { rows } = this.given.current();
    this.#say(this.words.list_preparing);
    this.download.disabled = true;
    try {
      const { certificates, dated } = engine.records;
      const sheets = rows.filter((row) => row >= certificates && row < dated);
      engine.store.retry();
      const complete = await engine.ask(() => sheets.map((row) => engine.sheets.sheet(row)).every(Boolean));
      if (!complete) {
        this.#say(this.words.list_failed);
        return;
      }
      const source = {
        ...this.#source(this.given.lang),
        today: notBefore(todayInBrussels(new Date()), results.release.exported),
        address: (/** @type {string} */ path) => this.#address(path),
      };
      const table = [COLUMNS];
      for (let start = 0; start < rows.length; start += AT_ONCE) {
        table.push(...listRows(results, rows.slice(start, start + AT_ONCE), source));
        await new Promise((done) => setTimeout(done));
      }
      save(new Blob([csv(table)], { type: "text/csv;charset=utf-8" }), `register-${source.today}.csv`);
      this.#say(this.words.list_saved);
    } finally {
      this.download.disabled = false;
    }
  }

  /** @param {string} path */
  #address(path) {
    // The site's own address, where it knows it, else the one at which it is read.
    const own = this.root.dataset.site;
    return own ? own + path : new URL(path.slice(1), this.site).href;
  }

  /** @param {number} value */
  #number(value) {
    return new Intl.NumberFormat(this.given.lang).format(value);
  }

  /** @param {string} text */
  #say(text) {
    if (this.said.textContent !== text) {
      this.said.textContent = text;
    }
  }
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
