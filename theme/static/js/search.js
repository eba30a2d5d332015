// @ts-check
/**
 * The search page: joins the box, the filters, the results and the URL. What the page shows follows from its state alone;
 * the last state wins, however long the words took to arrive.
 */

import { Combobox } from "./combobox.js";
import { ContentPages } from "./content-pages.js";
import { countingIn } from "./counting.js";
import { singleFacet, filter } from "./facets.js";
import { FilterPanel } from "./filter-panel.js";
import { Engine } from "./engine.js";
import { LUNR } from "./finding.js";
import { offerListTools } from "./list-offer.js";
import { ofRelease, readFile } from "./reading.js";
import { release } from "./release.js";
import { Results, slot, write } from "./results.js";
import { orderNamed } from "./sorting.js";
import { FACETS, STEP, choose, chooseOnly, cleanQuery, formatState, parseState } from "./state.js";
import { dayFormat, isTooOldToTell, notBefore, todayInBrussels } from "./status.js";
import { Store } from "./store.js";
import { Suggestions } from "./suggestions.js";
import { ValueFilters } from "./value-filters.js";
import { VALUE_FACET } from "./values.js";
import { unlistedNumbers } from "./unlisted.js";

/**
 * @typedef {import("./facets.js").Facet} Facet
 * @typedef {import("./finding.js").Found} Found
 * @typedef {import("./payload.js").Name} Name
 * @typedef {import("./payload.js").Names} Names
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./state.js").State} State
 */

/**
 * What a state shows: what was found, the rows of it that filters let pass in the order of the state, and whether files
 * that it needs could not be read.
 * @typedef {{ found: Found, rows: number[], failed: boolean }} Answer
 */

/** Nothing says that it loads before this many milliseconds. */
const PATIENCE = 300;
/** What was found is told once nothing was typed for this many milliseconds. */
const QUIET = 700;
/** However busy the page is, the index of words is made after so many milliseconds. */
const LONGEST_IDLE = 2000;
/** However busy the page is, filters follow the results after so many milliseconds. */
const LONGEST_FRAME = 200;
/** Results that are shown before the others of the first page: their files come first. */
const FIRST = 10;
/** Results that a phone shows at once: they are painted before the others where there was nothing to look at. */
const SEEN = 4;
/** What is found of a number that is not listed any more. */
const NOTHING_ELSE = { rows: [], similar: [], slipped: false, aside: false, nothing: null };
const KINDS = ["certificate", "datasheet", "document", "page"];
/** The facets whose values are suggested, and the order in which equals stand. */
const SUGGESTED = ["product", "group", "holder", "system", "region"];
/** Browsers refuse pages that change their address too often. */
const URL_PAUSE = 300;

/**
 * @param {HTMLElement} root the element with `data-payload`, `data-lunr` and `data-lang`
 * @param {any} core from `readCore`
 * @param {Record<string, string>} words
 * @returns {Promise<void>}
 * @throws {import("./reading.js").PayloadError} where the core is damaged
 */
export async function startSearch(root, core, words) {
  await new SearchPage(root, words).start(core);
}

class SearchPage {
  /** @type {State} */
  #state = parseState(location.search);
  /** Whether the current entry of the history is still being typed. */
  #typing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #urlTimer;
  /** @type {Promise<void> | null} */
  #pagesArriving = null;
  /** @type {ContentPages | null} */
  #pages = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #telling;
  /** What is said once typing pauses, lest it comes and goes with each word. */
  #late = "";
  /** @type {{ chosen: Map<string, string[]>, counts: Map<string, Int32Array> } | null} for an empty query */
  #countsOfAll = null;
  /** @type {Facet[] | null} all facets, once the dates of datasheets are here */
  #withStatuses = null;
  /** @type {Facet[] | null} those that need no dates of datasheets */
  #plainFacets = null;
  /** @type {Map<string, Map<string, Name>> | null} by facet and id */
  #labels = null;
  /** @type {Suggestions | null} */
  #suggestions = null;
  /** @type {Map<string, FilterPanel>} */
  panels = new Map();
  /** @type {number[]} */
  #rows = [];
  /** @type {number | null} */
  #single = null;
  /** @type {string | undefined} the address of the result that had the focus before the list was placed again */
  #focused;
  /** @type {import("./marking.js").Asked} */
  #asked = { terms: new Set(), number: "" };

  /**
   * @param {HTMLElement} root
   * @param {Record<string, string>} words
   */
  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.pageCount = Number(root.dataset.pages ?? 0);
    this.lang = root.dataset.lang ?? document.documentElement.lang;
    this.folder = new URL(root.dataset.payload ?? "", location.href);
    this.form = part(root, "form.search-box", HTMLFormElement);
    this.box = part(root, "input[name=q]", HTMLInputElement);
    this.count = part(root, "[data-count]", HTMLElement);
    this.chips = part(root, "[data-chips]", HTMLElement);
    this.message = part(root, "[data-message]", HTMLElement);
    this.announced = part(root, "[data-announced]", HTMLElement);
    this.printed = part(root, "[data-printed]", HTMLElement);
    this.list = part(root, "[data-results]", HTMLElement);
    this.more = part(root, "[data-more]", HTMLButtonElement);
    this.order = part(root, "select[data-sort]", HTMLSelectElement);
    this.filtersToggle = root.querySelector("[data-filters-toggle]");
    this.filtersDone = root.querySelector("[data-filters-done]");
    const { number, plural } = countingIn(words);
    this.number = number;
    this.plural = plural;
  }

  /** @param {any} core */
  async start(core) {
    const read = (/** @type {string} */ name) => this.#read(name, core);
    this.release = release();
    const today = () => notBefore(todayInBrussels(new Date()), this.release?.exported ?? null);
    this.today = today();
    // A page may stay open for weeks: what held on the day it was opened is no answer on another.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && today() !== this.today) {
        location.reload();
      }
    });
    const query = this.#state.q;
    const engine = new Engine(core, { lang: this.lang, today: this.today, store: new Store(read), query });
    this.engine = engine;
    const { records, names, sheets } = engine;
    this.results = new Results({
      records,
      names,
      sheets,
      words: this.words,
      lang: this.lang,
      home: new URL(`../../${this.lang}/`, this.folder),
      release: this.release,
      template: part(document.head, "template[data-result]", HTMLTemplateElement),
    });
    this.values = new ValueFilters({
      root: part(this.root, "[data-values]", HTMLElement),
      template: part(this.root, "template[data-facet-value]", HTMLTemplateElement),
      read,
      records,
      lang: this.lang,
      words: this.words,
      number: this.number,
      onChoice: (facet, ids, on) =>
        this.#commit(on === null ? chooseOnly(this.#state, facet, ids) : choose(this.#state, facet, ids[0], on)),
    });
    this.#listen();
    // Someone may have typed while the data came.
    this.#typed(cleanQuery(this.box.value));
    const shown = this.#show();
    await painted();
    this.combobox = new Combobox({
      box: this.box,
      list: part(this.root, "[data-suggestions]", HTMLElement),
      label: this.words.suggestions,
      render: (suggestion) => this.#renderSuggestion(suggestion),
      onChoice: ({ facet, id }) => {
        this.box.value = "";
        this.#commit({ ...choose(this.#state, facet, id, true), q: "" });
      },
      onLeave: () => this.list.querySelector("a")?.focus(),
    });
    offerListTools(this.root, {
      engine,
      results: this.results,
      folder: this.folder,
      lang: this.lang,
      label: (facet, id) => this.#label(engine, facet, id).text,
      current: () => ({ state: this.#state, rows: this.#rows }),
    });
    await shown;
    this.#prepare();
  }

  /** Make the index of words while nothing else is to be done: who types words then does not wait for it. */
  #prepare() {
    const make = () => void this.engine?.search;
    if ("requestIdleCallback" in window) {
      requestIdleCallback(make, { timeout: LONGEST_IDLE });
    } else {
      setTimeout(make, QUIET);
    }
  }

  #listen() {
    this.box.addEventListener("input", () => {
      this.#typed(cleanQuery(this.box.value));
      // Before the page is painted, yet after the results.
      queueMicrotask(() => this.#suggest());
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submitted();
    });
    part(this.root, "form[data-facets]", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
    this.order.addEventListener("change", () => {
      this.#commit({ ...this.#state, sort: orderNamed(this.order.value), shown: STEP });
    });
    this.more.addEventListener("click", () => {
      void this.#showMore();
    });
    this.list.addEventListener("keydown", (event) => this.#walk(event));
    window.addEventListener("beforeprint", () => this.#renderPrinted());
    // A result is left for another page: Back must find the address of what was typed.
    this.list.addEventListener("click", () => this.#writeUrl());
    window.addEventListener("popstate", () => {
      clearTimeout(this.#urlTimer);
      this.#typing = false;
      this.#state = parseState(location.search);
      this.box.value = this.#state.q;
      void this.#show();
    });
  }

  async #showMore() {
    const first = this.list.children.length;
    this.#state = { ...this.#state, shown: this.#state.shown + STEP };
    this.#writeUrl();
    await this.#renderResults(first, this.#state.shown);
    this.list.children[first]?.querySelector("a")?.focus();
  }

  /** @param {string} q */
  #typed(q) {
    if (q === this.#state.q) {
      return;
    }
    const state = { ...this.#state, q, shown: STEP };
    if (this.#typing) {
      this.#state = state;
    } else {
      this.#push(state);
      this.#typing = true;
    }
    void this.#show();
    clearTimeout(this.#urlTimer);
    this.#urlTimer = setTimeout(() => this.#writeUrl(), URL_PAUSE);
  }

  async #submitted() {
    this.#typed(cleanQuery(this.box.value));
    this.#writeUrl();
    this.#typing = false;
    const { q } = this.#state;
    await this.#show();
    if (q === this.#state.q && this.#single !== null && this.results) {
      location.assign(this.results.href(this.#single));
    }
  }

  /** @param {State} state */
  #commit(state) {
    this.#writeUrl();
    this.#push(state);
    this.#typing = false;
    void this.#show();
  }

  /** @param {State} state */
  #push(state) {
    this.#state = state;
    history.pushState(null, "", location.pathname + formatState(state));
  }

  /** Bring the URL to the state, within the entry of the history. */
  #writeUrl() {
    clearTimeout(this.#urlTimer);
    const query = formatState(this.#state);
    if (query !== location.search) {
      history.replaceState(null, "", location.pathname + query);
    }
  }

  /** Bring the page to its state. What is needed and not here yet is waited for, unless the state changes meanwhile. */
  async #show() {
    const { engine, values } = this;
    if (!engine || !values) {
      return;
    }
    const state = this.#state;
    const isCurrent = () => state === this.#state;
    const byValue = [...state.chosen.keys()].some((facet) => VALUE_FACET.test(facet));
    const valuesArriving = values.choose(onlyProduct(state, engine.records));
    /** @template T @param {Promise<T>} awaited */
    const patiently = async (awaited) => {
      const slow = setTimeout(() => isCurrent() && this.#renderLoading(), PATIENCE);
      return awaited.finally(() => clearTimeout(slow));
    };
    if (valuesArriving && byValue) {
      await patiently(valuesArriving);
    } else {
      // Nothing is filtered by values yet: their filters come when they come.
      void valuesArriving?.then(() => (isCurrent() ? this.#show() : undefined));
    }
    if (asksForWords(state)) {
      void this.#showPages();
    }
    engine.store.retry();
    const asked = engine.ask(() => this.#answer(engine, state), {
      isWanted: isCurrent,
      early: (known) => {
        // Numbers that are known at once stay the first when words come.
        if (isCurrent() && known.found.rows.length > 0) {
          void this.#showRows(known.found, known.rows);
        }
        // Made while files come: it is asked whether the words begin a number.
        void engine.resolver;
      },
    });
    // What is known at once is shown at once: nothing is waited for.
    let answer = asked instanceof Promise ? await patiently(asked) : asked;
    // A number that was listed once is the one that was meant: none is like it, and it is not said to be unknown.
    const gone = isCurrent() && mayHaveBeenListed(answer.found) ? await patiently(unlistedNumbers(state.q)) : [];
    if (gone.length > 0) {
      answer = this.#answer(engine, state, NOTHING_ELSE);
    }
    if (isCurrent()) {
      await this.#render(engine, state, answer, gone, byValue && values.failed);
    }
  }

  /**
   * Bring the page to an answer, unless the state changes meanwhile: first what was found, then all that goes with it.
   * @param {Engine} engine
   * @param {State} state
   * @param {Answer} answer
   * @param {import("./unlisted.js").Unlisted["rows"]} gone
   * @param {boolean} valuesFailed
   */
  async #render(engine, state, { found, rows, failed }, gone, valuesFailed) {
    const isCurrent = () => state === this.#state;
    this.#single = found.single;
    const showing = this.#showRows(found, rows);
    // The results stand in the page; what goes with them follows before it is painted.
    await null;
    if (!isCurrent()) {
      return;
    }
    this.#renderCounts();
    if (asksForPages(state, found)) {
      void this.#showPages();
    }
    this.order.value = state.sort ?? "";
    this.#renderChips(engine);
    this.#renderMessage(found, rows, failed, valuesFailed);
    this.#renderUnlisted(gone);
    await painted();
    if (isCurrent()) {
      this.#renderFacets(engine, state, found);
      if (gone.length === 0 && found.rows.length > 0 && found.single === null && engine.resolver.isKnownForm(state.q)) {
        // It may be another system's number that is listed.
        void unlistedNumbers(state.q).then((others) => isCurrent() && this.#renderUnlisted(others));
      }
    }
    const complete = await showing;
    if (isCurrent()) {
      if (!complete) {
        this.#say(this.words.partly_failed);
      }
      this.root.dispatchEvent(new Event("listed"));
      this.#tell();
      await this.#completeFacets(engine, state, found);
    }
  }

  /**
   * @param {Engine} engine
   * @param {State} state
   * @param {Partial<Found>} [known] what is not to be looked for
   * @returns {Answer}
   */
  #answer(engine, state, known = {}) {
    const found = { ...this.#withPages(engine.find(state.q), state), ...known };
    const passed = state.chosen.size > 0 ? filter(this.#facets(engine, state), state.chosen, found.rows).rows : found.rows;
    return { found, rows: engine.sorting.sorted(passed, state.sort), failed: engine.store.failed };
  }

  /**
   * The facets of the register and of declared values; that of statuses needs the dates of every datasheet, which are
   * fetched where a status is chosen, else after the results.
   * @param {Engine} engine
   * @param {State} state
   * @returns {Facet[]}
   */
  #facets(engine, state) {
    const statuses = !this.#withStatuses && state.chosen.has("status") ? engine.statuses : null;
    if (statuses) {
      this.#withStatuses = facetsOf(engine.records, statuses, this.pageCount);
    }
    return [...(this.#withStatuses ?? this.#facetsOf(engine)), ...(this.values?.facets ?? [])];
  }

  /** @param {Engine} engine */
  #facetsOf({ records }) {
    this.#plainFacets ??= facetsOf(records, null, this.pageCount);
    return this.#plainFacets;
  }

  /**
   * @param {Engine} engine
   * @param {string} facet
   */
  #labelsOf({ records, names }, facet) {
    if (!this.#labels) {
      this.#labels = labelsOf(records, names, this.words, this.lang);
      const release = this.release ?? { exported: null, staleAfter: Number.POSITIVE_INFINITY };
      this.#labels.set("status", statusLabels(records, this.words, this.lang, release, this.today ?? ""));
    }
    return this.#labels.get(facet);
  }

  /**
   * Count statuses too, once the results stand.
   * @param {Engine} engine
   * @param {State} state
   * @param {Found} found
   */
  async #completeFacets(engine, state, found) {
    if (this.#withStatuses) {
      return;
    }
    const statuses = await engine.ask(() => engine.statuses);
    if (statuses) {
      this.#withStatuses = facetsOf(engine.records, statuses, this.pageCount);
      if (state === this.#state) {
        this.#renderFacets(engine, state, found);
      }
    }
  }

  /**
   * @param {Engine} engine
   * @param {State} state
   * @param {Found} found
   */
  #renderFacets(engine, state, found) {
    const facets = this.#facets(engine, state);
    this.#makePanels(engine, facets);
    this.#showCounts(filter(facets, state.chosen, found.rows).counts);
  }

  /** @param {Map<string, Int32Array>} counts by facet */
  #showCounts(counts) {
    const { chosen } = this.#state;
    for (const panel of this.panels.values()) {
      panel.show(counts.get(panel.facet.name) ?? new Int32Array(0), chosen.get(panel.facet.name) ?? []);
    }
    this.values?.show(counts, chosen);
  }

  /**
   * @param {string} name
   * @param {any} core
   * @returns {Promise<any>}
   */
  async #read(name, core) {
    if (name !== LUNR) {
      return ofRelease(await readFile(this.folder, name), core, name);
    }
    // Without lunr.js the order is nearly the same.
    return import(new URL(this.root.dataset.lunr ?? "", location.href).href).catch(() => ({ default: null }));
  }

  /**
   * What was found in the register, and the pages of text that hold the same words: those that are called so first, the
   * others last.
   * @param {Found} found
   * @param {State} state
   * @returns {Found}
   */
  #withPages(found, state) {
    const first = this.engine?.records.count ?? 0;
    if (!this.#pages || found.single !== null) {
      return found;
    }
    if (!state.q) {
      const all = this.#pages.pages.map((_, page) => first + page);
      return isChosen(state, "kind", "page") ? { ...found, rows: [...found.rows, ...all] } : found;
    }
    const { called, others, terms } = this.#pages.find(state.q);
    if (called.length + others.length === 0) {
      return found;
    }
    const rows = [...called.map((page) => first + page), ...found.rows, ...others.map((page) => first + page)];
    return { ...found, rows, terms: new Set([...found.terms, ...terms]), nothing: null };
  }

  /** Bring the content pages, once; then they are among what is found. */
  #showPages() {
    this.#pagesArriving ??= (async () => {
      try {
        this.#pages = new ContentPages(await readFile(this.folder, `pages.${this.lang}.json`));
        if (this.results) {
          this.results.pages = this.#pages.pages;
        }
        await this.#show();
      } catch (fault) {
        // The register is found without them.
        console.error(fault);
      }
    })();
    return this.#pagesArriving;
  }

  /** @param {Engine} engine */
  #suggestionsOf(engine) {
    this.#suggestions ??= new Suggestions(
      SUGGESTED.map((name) => {
        const facet = this.#facetsOf(engine).find((own) => own.name === name);
        return { facet: name, values: (facet?.values ?? []).map((id) => ({ id, name: this.#label(engine, name, id) })) };
      }),
    );
    return this.#suggestions;
  }

  #suggest() {
    const { chosen, q } = this.#state;
    const { engine } = this;
    if (!engine) {
      return;
    }
    if (this.#countsOfAll?.chosen !== chosen) {
      const every = Array.from({ length: engine.records.count }, (_, row) => row);
      const facets = [...this.#facetsOf(engine), ...(this.values?.facets ?? [])];
      this.#countsOfAll = { chosen, counts: filter(facets, chosen, every).counts };
    }
    const { counts } = this.#countsOfAll;
    const suggestions = this.#suggestionsOf(engine).matching(q, (facet, place) => counts.get(facet)?.[place] ?? 0);
    this.combobox?.offer(suggestions.filter(({ facet, id }) => !isChosen(this.#state, facet, id)));
  }

  /**
   * @param {import("./suggestions.js").Suggestion} suggestion
   * @returns {HTMLElement}
   */
  #renderSuggestion({ facet, name, count }) {
    const template = part(this.root, "template[data-suggestion]", HTMLTemplateElement);
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    write(slot(copy, "name"), name);
    write(slot(copy, "facet"), this.words[`suggestion_${facet}`]);
    write(slot(copy, "count"), this.number(count));
    return /** @type {HTMLElement} */ (copy.firstElementChild);
  }

  /**
   * The arrows lead from result to result, and from the first back to the box.
   * @param {KeyboardEvent} event
   */
  #walk(event) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const links = [...this.list.querySelectorAll("a")];
    const next = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement)) + step;
    event.preventDefault();
    if (next < 0) {
      this.box.focus();
    } else if (next < links.length) {
      links[next].focus();
    } else if (!this.more.hidden) {
      this.more.focus();
    }
  }

  #renderLoading() {
    this.count.textContent = this.words.loading;
    this.#tell();
  }

  /** Tell a screen reader what was found, once, when typing pauses. */
  #tell() {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      if (this.#late) {
        this.#say(this.#late);
      }
      const told = [this.count.textContent, this.message.textContent].filter(Boolean).join(" ");
      write(this.announced, told);
    }, QUIET);
  }

  /** What paper needs to explain a list: what was asked, how much of the answer it shows, when and where. */
  #renderPrinted() {
    const { words, list } = this;
    const total = this.#rows.length;
    const shown = list.children.length;
    const part = words.first_of.replace("{n}", () => this.number(shown)).replace("{total}", () => this.number(total));
    const day = words.looked_up.replace("{date}", () => dayFormat(this.lang)(this.today ?? ""));
    this.#writeUrl();
    write(this.printed, [this.#state.q, shown < total ? part : "", day, location.href].filter(Boolean).join(" · "));
  }

  /**
   * Show the first of some rows in place of what is shown.
   * @param {Found} found
   * @param {number[]} rows
   * @returns {Promise<boolean>} whether all that is shown of them could be read
   */
  async #showRows(found, rows) {
    const { q } = this.#state;
    this.#rows = rows;
    this.#asked = { terms: found.terms, number: /\p{N}/u.test(q) ? (this.engine?.resolver.bareForm(q) ?? "") : "" };
    const wasEmpty = this.list.children.length === 0;
    this.#focused = undefined;
    let complete = true;
    let from = 0;
    for (const to of [...(wasEmpty ? [SEEN] : []), FIRST, this.#state.shown]) {
      complete = (rows !== this.#rows || (await this.#renderResults(from, to))) && complete;
      if (from === 0 && wasEmpty) {
        // Where there was nothing to look at, the others do not keep the first from being seen.
        await painted();
      }
      from = to;
    }
    return complete;
  }

  /**
   * Show results from one to another. What has to be fetched is waited for: what a number has led to is shown meanwhile,
   * without name and status, and in an empty list what stands before all that is waited for.
   * @param {number} from
   * @param {number} to
   * @returns {Promise<boolean>} whether everything could be read
   */
  async #renderResults(from, to) {
    const { engine, results, today } = this;
    const rows = this.#rows;
    if (!engine || !results || !today) {
      return true;
    }
    const { dated, certificates } = engine.records;
    const marked = this.#asked;
    const wanted = rows.slice(from, to);
    /** @param {number[]} some */
    const place = (some) => {
      const known = some.filter((row) => row >= engine.records.count || engine.sheets.numberOf(row) !== null);
      const { activeElement } = document;
      if (activeElement instanceof HTMLAnchorElement && this.list.contains(activeElement)) {
        this.#focused = activeElement.href;
      }
      while (this.list.children.length > from) {
        this.list.lastElementChild?.remove();
      }
      this.list.append(...known.map((row) => results.render(row, today, marked)));
      if (this.#focused && document.activeElement === document.body) {
        // Whoever stands on a result stays there when it comes again, with more said of it.
        [...this.list.querySelectorAll("a")].find(({ href }) => href === this.#focused)?.focus({ preventScroll: true });
      }
    };
    const asked = engine.ask(
      () => {
        const sheets = wanted.filter((row) => row >= certificates && row < dated).map((row) => engine.sheets.sheet(row));
        if (!engine.store.wants && rows === this.#rows) {
          place(wanted);
        }
        return sheets.every((sheet) => sheet);
      },
      {
        isWanted: () => rows === this.#rows,
        early: () => {
          const isKnown = (/** @type {number} */ row) => row < certificates || row >= dated || engine.codes.codeOf(row) !== undefined;
          const known = wanted.findIndex((row) => !isKnown(row));
          // Part of a list in place of another would flicker; in an empty one it is the answer, sooner.
          if (known < 0) {
            place(wanted);
          } else if (this.list.children.length === 0) {
            place(wanted.slice(0, known));
          }
        },
      },
    );
    const complete = asked instanceof Promise ? await asked : asked;
    if (rows === this.#rows) {
      const rest = rows.length - Math.min(rows.length, this.#state.shown);
      this.more.hidden = rest <= 0;
      this.more.textContent = this.words.more.replace("{n}", () => this.number(Math.min(rest, STEP)));
    }
    return complete;
  }

  #renderCounts() {
    const total = this.#rows.length;
    write(this.count, this.plural("results", total));
    if (this.filtersDone) {
      this.filtersDone.textContent = this.plural("show_results", total);
    }
    if (this.filtersToggle) {
      const chosen = [...this.#state.chosen.values()].flat().length;
      this.filtersToggle.textContent =
        chosen > 0 ? this.words.filters_chosen.replace("{n}", () => this.number(chosen)) : this.words.filters;
    }
  }

  /** @param {Engine} engine */
  #renderChips(engine) {
    const template = part(this.root, "template[data-chip]", HTMLTemplateElement);
    const hadFocus = this.chips.contains(document.activeElement);
    /** @param {string} text @param {string} label @param {string | null} lang @param {() => State} next */
    const chip = (text, label, lang, next) => {
      const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      const button = /** @type {HTMLButtonElement} */ (copy.querySelector("button"));
      button.textContent = text;
      button.setAttribute("aria-label", label);
      if (lang) {
        button.lang = lang;
      }
      button.addEventListener("click", () => this.#commit(next()));
      return copy;
    };
    const chosen = [...this.#state.chosen].flatMap(([facet, ids]) => ids.map((id) => ({ facet, id })));
    const chips = chosen.map(({ facet, id }) => {
      const { text, lang } = this.#label(engine, facet, id);
      const label = this.words.remove_filter.replace("{filter}", () => text);
      return chip(text, label, lang, () => choose(this.#state, facet, id, false));
    });
    if (chosen.length > 0) {
      const { clear_filters: clear } = this.words;
      chips.push(chip(clear, clear, null, () => ({ ...this.#state, chosen: new Map(), shown: STEP })));
    }
    this.chips.replaceChildren(...chips);
    if (hadFocus) {
      (this.chips.querySelector("button") ?? this.box).focus({ preventScroll: true });
    }
  }

  /**
   * @param {Engine} engine
   * @param {string} facet
   * @param {string} id
   * @returns {Name} what a chip says
   */
  #label(engine, facet, id) {
    return this.#labelsOf(engine, facet)?.get(id) ?? this.values?.label(facet, id) ?? { text: id, lang: null };
  }

  /**
   * @param {Found} found
   * @param {number[]} rows what the filters left of it
   * @param {boolean} failed whether files could not be read that the answer needs
   * @param {boolean} valuesFailed whether the state filters by declared values, which could not be read
   */
  #renderMessage(found, rows, failed, valuesFailed) {
    const { words } = this;
    const { q } = this.#state;
    this.#late = "";
    if (valuesFailed) {
      this.#say(words.values_failed);
    } else if (failed) {
      this.#say(words.partly_failed);
    } else if (found.nothing) {
      const list = found.nothing.words.join(" · ");
      this.#say(words[found.nothing.reason].replace("{query}", () => q).replace("{list}", () => list));
    } else if (found.rows.length > 0 && rows.length === 0) {
      this.#say(this.plural("filters_leave_none", found.rows.length));
    } else if (found.slipped) {
      this.#say(words.one_slip.replace("{query}", () => q));
    } else if (found.similar.length > 0) {
      this.#say(words.similar.replace("{list}", () => found.similar.join(" · ")));
    } else if (found.aside) {
      this.#say("");
      this.#late = words.left_aside.replace("{query}", () => q);
    } else if (found.cut) {
      this.#say(words.cut.replace("{query}", () => q));
    } else {
      this.#say("");
    }
  }

  /**
   * Say of numbers that they were listed once, above what else there is to say.
   * @param {import("./unlisted.js").Unlisted["rows"]} gone
   */
  #renderUnlisted(gone) {
    for (const [, title, href, sentence] of gone) {
      const paragraph = document.createElement("p");
      paragraph.className = "notice notice--note";
      const link = document.createElement("a");
      link.href = href;
      link.textContent = title;
      paragraph.append(link, `: ${sentence}.`);
      this.message.prepend(paragraph);
    }
  }

  /** @param {string} text */
  #say(text) {
    if (!text) {
      this.message.replaceChildren();
      return;
    }
    const paragraph = document.createElement("p");
    paragraph.className = "notice notice--note";
    paragraph.textContent = text;
    this.message.replaceChildren(paragraph);
  }

  /**
   * Make the panels of facets that have none yet.
   * @param {Engine} engine
   * @param {Facet[]} facets
   */
  #makePanels(engine, facets) {
    const template = part(this.root, "template[data-facet-value]", HTMLTemplateElement);
    for (const facet of facets.filter(({ name }) => !this.panels.has(name))) {
      const fieldset = this.root.querySelector(`fieldset[data-facet="${facet.name}"]`);
      const labels = this.#labelsOf(engine, facet.name);
      if (fieldset instanceof HTMLFieldSetElement && labels) {
        const panel = new FilterPanel({
          fieldset,
          template,
          facet,
          labels: facet.values.map((id) => labels.get(id) ?? { text: id, lang: null }),
          inOrder: facet.name === "status" || facet.name === "kind",
          words: this.words,
          number: this.number,
          onChoice: (id, on) => this.#commit(choose(this.#state, facet.name, id, on)),
        });
        this.panels.set(facet.name, panel);
      }
    }
  }
}

/** When what was placed can be seen, in the frame after its own; a page that nobody sees does not wait for it. */
function painted() {
  return new Promise((done) => {
    const late = setTimeout(done, LONGEST_FRAME);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(late);
        setTimeout(done, 0);
      }),
    );
  });
}

/**
 * @param {State} state
 * @param {string} facet
 * @param {string} id
 */
function isChosen(state, facet, id) {
  return state.chosen.get(facet)?.includes(id) ?? false;
}

/**
 * Whether words alone are asked for: then content pages are fetched beside what else is needed.
 * @param {State} state
 */
function asksForWords({ q }) {
  return /\p{L}{2}/u.test(q) && !/\p{N}/u.test(q);
}

/**
 * Whether content pages may answer: words were asked for, or the pages themselves.
 * @param {State} state
 * @param {Found} found
 */
function asksForPages(state, found) {
  return (found.single === null && /\p{L}{2}/u.test(state.q)) || isChosen(state, "kind", "page");
}

/** @param {Found} found */
function mayHaveBeenListed({ slipped, nothing, aside }) {
  return slipped || aside || nothing !== null;
}

/**
 * @param {State} state
 * @param {Records} records
 * @returns {string | null} the product by whose declared values can be filtered: the only one chosen
 */
function onlyProduct(state, records) {
  const [product, ...others] = state.chosen.get("product") ?? [];
  return others.length === 0 && records.products.includes(product) ? product : null;
}

/**
 * @param {Records} records
 * @param {Uint8Array | null} statuses of certificates and datasheets today, null where they are not known
 * @param {number} [pages] how many content pages there are, rows after the last record
 * @returns {Facet[]}
 */
export function facetsOf(records, statuses, pages = 0) {
  const { dated, systems, systemSet, systemSets, groups, productGroups, products, product, holders, holder } = records;
  const { regions, unitRegions, unit } = records;
  const region = Int32Array.from(unit, (number) => unitRegions[number]);
  /** @type {number[][]} */
  const ofPages = Array.from({ length: pages }, () => []);
  const ofDocuments = [...records.documentProducts, ...ofPages];
  const none = ofDocuments.map(() => []);
  const single = (/** @type {string[]} */ values) => values.map((_, value) => [value]);
  const group = Int32Array.from(product, (number) => productGroups[number]);
  const groupsOfDocuments = ofDocuments.map((some) => [...new Set(some.map((number) => productGroups[number]))]);
  const { count, certificates } = records;
  const kindOf = (/** @type {number} */ row) => (row < certificates ? 0 : row < dated ? 1 : row < count ? 2 : 3);
  const kind = Uint8Array.from({ length: count + pages }, (_, row) => kindOf(row));
  const facets = [
    facetWithDocuments("system", systems, systemSets, systemSet, none),
    facetWithDocuments("group", groups, single(groups), group, groupsOfDocuments),
    facetWithDocuments("product", products, single(products), product, ofDocuments),
    facetWithDocuments("holder", holders, single(holders), holder, none),
    // What stands in no known region has the set after the last.
    facetWithDocuments("region", regions, [...single(regions), []], region, none),
    ...(statuses ? [facetWithDocuments("status", records.statuses, single(records.statuses), statuses, none)] : []),
    singleFacet("kind", KINDS, kind),
  ];
  return facets.sort((a, b) => FACETS.indexOf(a.name) - FACETS.indexOf(b.name));
}

/**
 * @param {string} name
 * @param {string[]} values
 * @param {number[][]} sets
 * @param {ArrayLike<number>} setOf the set of each certificate and datasheet
 * @param {number[][]} ofDocuments the values of each document, and of each content page
 * @returns {Facet}
 */
function facetWithDocuments(name, values, sets, setOf, ofDocuments) {
  const documents = ofDocuments.map((_, document) => sets.length + document);
  return { name, values, setOf: Int32Array.from([...Array.from(setOf), ...documents]), sets: [...sets, ...ofDocuments] };
}

/**
 * @param {Records} records
 * @param {Names} names
 * @param {Record<string, string>} words
 * @param {string} lang
 * @returns {Map<string, Map<string, Name>>} by facet and id
 */
function labelsOf(records, names, words, lang) {
  const countries = new Intl.DisplayNames([lang], { type: "region" });
  const regions = names.regions.map((name, region) => {
    const country = records.regionCountries[region];
    return name ?? { text: countries.of(country) ?? country, lang: null };
  });
  /** @param {string[]} ids @param {Name[]} labels */
  const labelled = (ids, labels) => new Map(ids.map((id, index) => [id, labels[index]]));
  return new Map([
    ["system", labelled(records.systems, names.systems)],
    ["group", labelled(records.groups, names.groups)],
    ["product", labelled(records.products, names.products)],
    ["holder", labelled(records.holders, records.holderNames.map((text) => ({ text, lang: null })))],
    ["region", labelled(records.regions, regions)],
    ["kind", new Map(KINDS.map((id) => [id, { text: words[`kinds_${id}`], lang: null }]))],
  ]);
}

/**
 * What the statuses are called: where the data are too old to tell what holds, they say of which day they know it.
 * @param {Records} records
 * @param {Record<string, string>} words
 * @param {string} lang
 * @param {import("./release.js").Release} release
 * @param {string} today
 * @returns {Map<string, Name>} by status
 */
export function statusLabels({ statuses }, words, lang, { exported, staleAfter }, today) {
  const format = dayFormat(lang);
  return new Map(
    statuses.map((status) => {
      const word = words[`status_${status.replaceAll("-", "_")}`];
      const text = isTooOldToTell(status, exported, staleAfter, today)
        ? words.status_too_old.replace("{status}", () => word).replace("{date}", () => format(exported ?? today))
        : word;
      return [status, { text, lang: null }];
    }),
  );
}

/**
 * A part that the page's frame must have.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
function part(root, selector, type) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) {
    throw new TypeError(`the page has no ${selector}`);
  }
  return found;
}
