// @ts-check
/**
 * The page that checks a list: takes a text or a file, lets the worker find what is in it, and shows what held. The list
 * stays here: nothing of it is stored, stands in the address, or is sent; only the day stands in the address.
 */

import { MOST_BYTES, MOST_CHARACTERS } from "./check-limits.js";
import { CheckSentences, noteText } from "./check-sentences.js";
import { pasted, separated } from "./check-table.js";
import { setTone } from "./tones.js";
import { release } from "./release.js";
import { codeGroups, slot, write } from "./results.js";
import { dayFormat, isDay, isTooOldToTell, notBefore, todayInBrussels } from "./status.js";

/**
 * @typedef {import("./check-answers.js").Asked} Asked
 * @typedef {import("./check-answers.js").Outcome} Outcome
 * @typedef {import("./check-sentences.js").Note} Note
 * @typedef {import("./check-worker.js").Question} Question
 * @typedef {import("./check-worker.js").Reply} Reply
 * @typedef {import("./check-worker.js").Row} Row
 */

/** Rows that are shown at once, and with each press of "more". */
const STEP = 200;
/** Nothing says that it is being read before this many milliseconds. */
const PATIENCE = 300;
/** What takes longer is not waited for. */
const LONGEST = 30_000;
/** @type {Outcome[]} */
const OUTCOMES = ["holds", "does-not-hold", "not-known", "not-listed"];

/** @param {HTMLElement} root the element with `data-payload` and `data-lang` */
export function startCheck(root) {
  new CheckPage(root, JSON.parse(root.querySelector("[data-words]")?.textContent ?? "{}")).start();
}

class CheckPage {
  /** @type {Worker | null} */
  #worker = null;
  #id = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #deadline;
  /** @type {Extract<Reply, { type: "checked" }> | null} what is shown */
  #checked = null;
  /** @type {Outcome | null} */
  #filter = null;
  #shown = STEP;
  /** Whether what comes was asked for by a press, and not by another day. */
  #isNew = false;

  /**
   * @param {HTMLElement} root
   * @param {Record<string, string>} words
   */
  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.lang = root.dataset.lang ?? document.documentElement.lang;
    this.folder = new URL(root.dataset.payload ?? "", location.href);
    this.home = new URL(`../../${this.lang}/`, this.folder);
    this.release = release();
    this.format = dayFormat(this.lang);
    this.sentences = new CheckSentences(words, this.lang, this.format);
    this.text = part(root, "textarea", HTMLTextAreaElement);
    this.file = part(root, "input[type=file]", HTMLInputElement);
    this.day = part(root, "input[type=date]", HTMLInputElement);
    this.button = part(root, "[data-check]", HTMLButtonElement);
    this.clear = part(root, "[data-clear]", HTMLButtonElement);
    this.drop = part(root, "[data-drop]", HTMLElement);
    this.message = part(root, "[data-message]", HTMLElement);
    this.results = part(root, "[data-results]", HTMLElement);
    this.heading = part(root, "[data-heading]", HTMLElement);
    this.summary = part(root, "[data-summary]", HTMLElement);
    this.old = part(root, "[data-old]", HTMLElement);
    this.filters = part(root, "[data-filters]", HTMLElement);
    this.rows = part(root, "tbody", HTMLElement);
    this.table = part(root, "table", HTMLElement);
    this.more = part(root, "[data-more]", HTMLButtonElement);
    this.template = part(root, "template[data-row]", HTMLTemplateElement);
  }

  start() {
    const on = new URLSearchParams(location.search).get("on") ?? "";
    this.day.max = this.today;
    this.day.value = isDay(on) ? on : this.today;
    this.#startWorker();
    this.button.addEventListener("click", () => this.#check());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#check();
      }
    });
    // What was given last is what is checked, and the file's name stands there as long as it is that.
    this.text.addEventListener("input", () => (this.file.value = ""));
    this.file.addEventListener("change", () => {
      void this.#checkFile(this.file.files?.[0]);
    });
    this.day.addEventListener("change", () => this.#dayChosen());
    this.clear.addEventListener("click", () => this.#clearAll());
    this.more.addEventListener("click", () => this.#showMore());
    part(this.root, "[data-copy-table]", HTMLButtonElement).addEventListener("click", (event) => this.#copy(event));
    part(this.root, "[data-download]", HTMLButtonElement).addEventListener("click", () => this.#download());
    part(this.root, "[data-print]", HTMLButtonElement).addEventListener("click", () => window.print());
    window.addEventListener("beforeprint", () => this.#renderRows(Number.POSITIVE_INFINITY));
    window.addEventListener("afterprint", () => this.#renderRows(this.#shown));
    this.#takeDrops();
  }

  /** The page may stay open for weeks. */
  get today() {
    return notBefore(todayInBrussels(new Date()), this.release.exported);
  }

  /** @returns {Asked} */
  get asked() {
    const { exported, staleAfter } = this.release;
    return { day: isDay(this.day.value) ? this.day.value : this.today, today: this.today, exported, staleAfter };
  }

  // --- asking --------------------------------------------------------------------------------------------------------

  #startWorker() {
    this.#worker?.terminate();
    const worker = new Worker(new URL("./check-worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }) => this.#replied(data));
    worker.addEventListener("error", () => this.#say(this.words.failed));
    worker.postMessage({ type: "start", folder: this.folder.href, lang: this.lang });
    this.#worker = worker;
  }

  /**
   * @param {Question} question
   * @param {Transferable[]} [transfer]
   */
  #ask(question, transfer = []) {
    this.#isNew = question.type !== "day";
    clearTimeout(this.#patience);
    clearTimeout(this.#deadline);
    this.#patience = setTimeout(() => this.#say(this.words.reading), PATIENCE);
    this.#deadline = setTimeout(() => {
      this.#startWorker();
      this.#refuse("too-large");
    }, LONGEST);
    this.#worker?.postMessage(question, transfer);
  }

  #check() {
    const { asked } = this;
    const file = this.file.files?.[0];
    if (file) {
      void this.#checkFile(file);
      return;
    }
    this.#id += 1;
    this.#ask({ type: "text", id: this.#id, text: this.text.value.slice(0, MOST_CHARACTERS + 1), asked });
  }

  /** @param {File | undefined} file */
  async #checkFile(file) {
    if (!file) {
      return;
    }
    this.#id += 1;
    const id = this.#id;
    try {
      const bytes = await file.slice(0, MOST_BYTES).arrayBuffer();
      if (id === this.#id) {
        const whole = file.size <= MOST_BYTES;
        this.#ask({ type: "file", id, bytes, name: file.name, whole, asked: this.asked }, [bytes]);
      }
    } catch {
      this.#refuse("failed");
    }
  }

  #dayChosen() {
    if (!isDay(this.day.value)) {
      return;
    }
    const address = new URL(location.href);
    if (this.day.value === this.today) {
      address.searchParams.delete("on");
    } else {
      address.searchParams.set("on", this.day.value);
    }
    history.replaceState(null, "", address);
    if (this.#checked) {
      this.#id += 1;
      this.#ask({ type: "day", id: this.#id, asked: this.asked });
    }
  }

  #clearAll() {
    this.#id += 1;
    clearTimeout(this.#patience);
    clearTimeout(this.#deadline);
    this.text.value = "";
    this.file.value = "";
    this.#checked = null;
    this.rows.replaceChildren();
    this.results.hidden = true;
    this.#say("");
    this.text.focus();
  }

  /** The whole frame takes files; what is dropped beside it opens no other page. */
  #takeDrops() {
    let depth = 0;
    const mark = (/** @type {number} */ change) => {
      depth = Math.max(0, depth + change);
      this.drop.classList.toggle("check__drop--over", depth > 0);
    };
    const hasFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
    window.addEventListener("dragenter", (event) => hasFile(event) && mark(1));
    window.addEventListener("dragleave", (event) => hasFile(event) && mark(-1));
    window.addEventListener("dragover", (event) => hasFile(event) && event.preventDefault());
    window.addEventListener("drop", (event) => {
      if (hasFile(event)) {
        event.preventDefault();
        mark(-depth);
        const file = event.dataTransfer?.files[0];
        if (file) {
          const named = new DataTransfer();
          named.items.add(file);
          this.file.files = named.files;
          void this.#checkFile(file);
        }
      }
    });
  }

  // --- showing -------------------------------------------------------------------------------------------------------

  /** @param {Reply} reply */
  #replied(reply) {
    if (reply.type === "ready") {
      this.root.dataset.ready = "";
      return;
    }
    if (reply.type === "failed") {
      clearTimeout(this.#patience);
      clearTimeout(this.#deadline);
      this.#say(this.words.failed);
      return;
    }
    if (reply.id !== this.#id) {
      return;
    }
    clearTimeout(this.#patience);
    clearTimeout(this.#deadline);
    if (reply.type === "refused") {
      this.#refuse(reply.reason);
      return;
    }
    this.#checked = reply;
    this.#filter = this.#isNew ? null : this.#filter;
    this.#shown = STEP;
    this.#say(reply.cut ? (this.words.cut ?? "").replace("{n}", () => this.sentences.numberFormat.format(MOST_CHARACTERS)) : "");
    this.#render();
    if (this.#isNew) {
      this.heading.focus();
    }
  }

  /** @param {import("./check-documents.js").Refusal} reason */
  #refuse(reason) {
    clearTimeout(this.#patience);
    clearTimeout(this.#deadline);
    this.#checked = null;
    this.rows.replaceChildren();
    this.results.hidden = true;
    this.#say(this.words[`refused_${reason.replaceAll("-", "_")}`]);
  }

  /** @param {string | undefined} text */
  #say(text) {
    write(this.message, text ?? "");
    this.message.hidden = !text;
  }

  #render() {
    const checked = this.#checked;
    if (!checked) {
      return;
    }
    const { asked } = this;
    const { exported, staleAfter } = this.release;
    const old = isTooOldToTell("valid", exported, staleAfter, asked.day);
    write(this.old, old && exported ? (this.words.stale ?? "").replace("{date}", () => this.format(exported)) : "");
    this.old.hidden = !old;
    this.results.hidden = false;
    write(this.summary, checked.rows.length > 0 ? this.sentences.summary(checked.counts, asked) : (this.words.nothing ?? ""));
    this.table.hidden = checked.rows.length === 0;
    part(this.root, "[data-tools]", HTMLElement).hidden = checked.rows.length === 0;
    this.#renderFilters(checked);
    this.#renderRows(this.#shown);
  }

  /** @param {Extract<Reply, { type: "checked" }>} checked */
  #renderFilters({ rows, counts }) {
    const present = OUTCOMES.filter((outcome) => counts[outcome] > 0);
    this.filters.hidden = present.length < 2;
    const buttons = [null, ...present].map((outcome) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.setAttribute("aria-pressed", `${outcome === this.#filter}`);
      const n = outcome === null ? rows.length : counts[outcome];
      button.textContent = `${outcome === null ? this.words.all : this.sentences.outcome(outcome)} (${this.sentences.numberFormat.format(n)})`;
      button.addEventListener("click", () => {
        this.#filter = outcome;
        this.#shown = STEP;
        for (const other of this.filters.children) {
          other.setAttribute("aria-pressed", `${other === button}`);
        }
        this.#renderRows(this.#shown);
      });
      return button;
    });
    this.filters.replaceChildren(...buttons);
  }

  /** @returns {Row[]} */
  #chosen() {
    return (this.#checked?.rows ?? []).filter(({ outcome }) => this.#filter === null || outcome === this.#filter);
  }

  /** @param {number} most */
  #renderRows(most) {
    const chosen = this.#chosen();
    const { asked } = this;
    this.rows.replaceChildren(...chosen.slice(0, most).map((row) => this.#rendered(row, asked)));
    const left = chosen.length - most;
    this.more.hidden = !(left > 0);
    write(this.more, (this.words.more ?? "").replace("{n}", () => this.sentences.numberFormat.format(Math.min(STEP, left))));
  }

  #showMore() {
    const first = this.#shown;
    this.#shown += STEP;
    this.#renderRows(this.#shown);
    this.rows.children[first]?.querySelector("a")?.focus();
  }

  /**
   * @param {Row} row
   * @param {Asked} asked
   * @returns {DocumentFragment}
   */
  #rendered(row, asked) {
    const item = /** @type {DocumentFragment} */ (this.template.content.cloneNode(true));
    const told = this.sentences.tell(row, asked);
    const name = slot(item, "name");
    if (row.path) {
      name?.append(this.#link({ name: "", path: row.path }, ...this.#numberNodes(row)));
    } else {
      name?.append(...this.#numberNodes(row));
    }
    write(slot(item, "kind"), this.sentences.kind(row));
    const status = slot(item, "status");
    if (status) {
      setTone(status, told.tone);
      write(status.querySelector("[data-status-sentence]"), told.verdict);
    }
    slot(item, "notes")?.append(...told.notes.map((note) => this.#noteNode(note)));
    write(slot(item, "trade-name"), row.tradeName);
    write(slot(item, "product"), row.product);
    write(slot(item, "holder"), row.holder);
    write(slot(item, "places"), this.sentences.places(row));
    const [before, written, after] = row.snippet;
    const found = document.createElement("mark");
    found.textContent = written;
    slot(item, "snippet")?.append(before, found, after);
    return item;
  }

  /**
   * @param {Row} row
   * @returns {Node[]}
   */
  #numberNodes({ kind, mark, number }) {
    /** @type {Node[]} */
    const nodes = [];
    if (mark && kind === "certificate") {
      nodes.push(spanOf("mark", mark), document.createTextNode(" "));
    }
    const told = spanOf("number", "");
    told.append(...(kind === "datasheet" ? codeGroups(number) : [number]).map((group) => spanOf("", group)));
    return [...nodes, told];
  }

  /**
   * @param {Note} note
   * @returns {Element}
   */
  #noteNode({ text, links }) {
    const line = document.createElement("span");
    line.className = "note";
    const linked = links.flatMap((link, place) => [place > 0 ? ", " : "", this.#link(link, link.name)]);
    if (text.includes("{}")) {
      line.append(...linked, text.replace("{}", ""));
    } else {
      line.append(text, ...(linked.length > 0 ? [" ", ...linked] : []));
    }
    return line;
  }

  /**
   * @param {import("./check-worker.js").RecordLink} record
   * @param {...(Node | string)} content
   * @returns {HTMLAnchorElement}
   */
  #link({ path }, ...content) {
    const link = document.createElement("a");
    const address = new URL(path, this.home);
    // The record's page answers for the same day.
    if (this.asked.day !== this.today) {
      address.searchParams.set("on", this.asked.day);
    }
    link.href = address.href;
    link.append(...content);
    return link;
  }

  // --- taking away ---------------------------------------------------------------------------------------------------

  /** @returns {string[][]} */
  #cells() {
    const { words, asked } = this;
    const head = ["number", "mark", "kind", "outcome", "status", "trade_name", "product", "holder", "written", "places", "day", "data", "address"];
    const rows = this.#chosen().map((row) => {
      const told = this.sentences.tell(row, asked);
      return [
        row.number,
        row.mark,
        this.sentences.kind(row),
        this.sentences.outcome(row.outcome),
        [told.verdict, ...told.notes.map(noteText)].join(" | "),
        row.tradeName,
        row.product.text,
        row.holder,
        row.snippet[1],
        this.sentences.places(row),
        asked.day,
        asked.exported ?? "",
        row.path ? new URL(row.path, this.home).href : "",
      ];
    });
    return [head.map((name) => words[`column_${name}`] ?? name), ...rows];
  }

  /** @param {Event} event */
  async #copy({ currentTarget }) {
    try {
      await navigator.clipboard.writeText(pasted(this.#cells()));
      this.#confirm(currentTarget, this.words.copied);
    } catch {
      this.#say(this.words.copy_failed);
    }
  }

  /**
   * @param {EventTarget | null} button
   * @param {string | undefined} text
   */
  #confirm(button, text) {
    if (button instanceof HTMLElement && text) {
      const before = button.textContent;
      button.textContent = text;
      setTimeout(() => (button.textContent = before), 2000);
    }
  }

  #download() {
    const file = new Blob([separated(this.#cells(), this.lang)], { type: "text/csv;charset=utf-8" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${this.words.file_name ?? "check"}-${this.asked.day}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @returns {HTMLSpanElement}
 */
function spanOf(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

/**
 * @template {Element} T
 * @param {HTMLElement} root
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
function part(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) {
    throw new Error(`the page lacks ${selector}`);
  }
  return found;
}
