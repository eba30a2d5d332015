// @ts-check
/** The page that checks the site: nothing is fetched before a person asks, and no file of theirs leaves the machine. */

import { fileOf, fileWith, isSigned, readKeys, readManifest, sha256, sumOf } from "./attestation.js";
import { dayFormat } from "./status.js";

/** @import { Manifest } from "./attestation.js" */
/** @typedef {"good" | "bad" | "unknown"} Verdict */

const MANIFEST = "manifest.json";
const SUMS = "SHA256SUMS";
const LARGEST = 256 * 1024 * 1024;

/** A file that is not there, or could not be fetched; `status` is 0 where there was no answer. */
class FetchError extends Error {
  /**
   * @param {string} file
   * @param {number} status
   */
  constructor(file, status) {
    super(file);
    this.file = file;
    this.status = status;
  }
}

/** @param {HTMLElement} root */
export function startVerify(root) {
  const words = JSON.parse(root.querySelector("[data-words]")?.textContent ?? "{}");
  const check = new Check(root, words);
  root.querySelector("[data-check-signature]")?.addEventListener("click", () => void check.signature());
  const form = root.querySelector("[data-check-file]");
  if (!(form instanceof HTMLFormElement)) {
    return;
  }
  const address = form.elements.namedItem("address");
  const saved = form.elements.namedItem("saved");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (address instanceof HTMLInputElement && address.value.trim()) {
      void check.page(address.value.trim());
    }
  });
  if (saved instanceof HTMLInputElement) {
    // The same file may have been saved anew: that is a change only where none was chosen.
    saved.addEventListener("click", () => {
      saved.value = "";
    });
    saved.addEventListener("change", () => {
      const file = saved.files?.[0];
      if (file) {
        void check.saved(file);
      }
    });
  }
  takeDrops(form, (file) => void check.saved(file));
}

/**
 * @param {HTMLElement} form
 * @param {(file: File) => void} take
 */
function takeDrops(form, take) {
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("verify__form--over", name.startsWith("drage") || name === "dragover");
      const file = event instanceof DragEvent ? event.dataTransfer?.files[0] : null;
      if (name === "drop" && file) {
        take(file);
      }
    });
  }
}

class Check {
  /**
   * @param {HTMLElement} root
   * @param {Record<string, string>} words
   */
  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.base = new URL(root.dataset.base ?? "/", location.href);
    this.named = (root.dataset.fingerprints ?? "").split(" ").filter(Boolean);
    this.number = new Intl.NumberFormat(document.documentElement.lang);
    // Two checks in one place would write over each other's answers: the last that was asked for answers.
    /** @type {Map<string, number>} */
    this.asked = new Map();
  }

  /** Check the manifest's signature, and show what it says. */
  async signature() {
    const answer = this.answer("[data-signature]");
    await this.tried(answer, async () => void (await this.manifest(answer)));
  }

  /**
   * Check a page or file of the site by its address.
   * @param {string} typed
   */
  async page(typed) {
    const answer = this.answer("[data-file]");
    await this.tried(answer, async () => {
      const name = fileOf(typed, this.base);
      if (name === null) {
        answer.say("unknown", "elsewhere", { address: typed });
        return;
      }
      const sums = await this.sums(answer);
      if (sums === null) {
        return;
      }
      const sum = sumOf(sums, name);
      let content;
      try {
        content = await this.fetch(name);
      } catch (fault) {
        if (!(fault instanceof FetchError) || fault.status !== 404) {
          throw fault;
        }
        answer.say(sum === null ? "unknown" : "bad", "not_there", { address: typed });
        return;
      }
      if (sum === null) {
        answer.say("bad", "not_named", { file: name });
        return;
      }
      const same = (await sha256(content)) === sum;
      answer.say(same ? "good" : "bad", same ? "file_good" : "file_bad", { file: name });
    });
  }

  /**
   * Find which file of the site a file of the reader's own is.
   * @param {File} saved
   */
  async saved(saved) {
    const answer = this.answer("[data-file]");
    await this.tried(answer, async () => {
      if (saved.size > LARGEST) {
        answer.say("unknown", "saved_large", { saved: saved.name });
        return;
      }
      const content = new Uint8Array(await saved.arrayBuffer());
      const sums = await this.sums(answer);
      if (sums === null) {
        return;
      }
      const file = fileWith(sums, await sha256(content));
      answer.say(file === null ? "unknown" : "good", file === null ? "saved_none" : "saved_good", {
        saved: saved.name,
        file: file ?? "",
      });
    });
  }

  /**
   * Say in an answer what the signature is worth.
   * @param {Answer} answer
   * @returns {Promise<Manifest | null>} null where nothing may be built on it
   */
  async manifest(answer) {
    let bytes;
    try {
      bytes = await this.fetch(MANIFEST);
    } catch (fault) {
      if (!(fault instanceof FetchError) || fault.status !== 404) {
        throw fault;
      }
      answer.say("unknown", "no_manifest");
      return null;
    }
    const manifest = readManifest(bytes);
    if (manifest === null) {
      answer.say("bad", "bad_manifest");
      return null;
    }
    this.show(manifest);
    const key = manifest.signed_by;
    if (key === null) {
      answer.say(this.named.length > 0 ? "bad" : "unknown", "unsigned");
      return this.named.length > 0 ? null : manifest;
    }
    const [signature, pem] = [await this.fetch(`${MANIFEST}.sig`), await this.fetch("manifest.pub.pem")];
    const der = (await readKeys(new TextDecoder().decode(pem))).get(key);
    if (der === undefined) {
      answer.say("bad", "no_key", { key });
      return null;
    }
    const good = await isSigned(bytes, signature, der);
    if (good === null) {
      answer.say("unknown", "no_ed25519");
      return manifest;
    }
    answer.say(good ? "good" : "bad", good ? "signature_good" : "signature_bad", { key });
    if (!good) {
      return null;
    }
    const known = this.named.length === 0 || this.named.includes(key);
    answer.say(known ? "unknown" : "bad", known ? "compare" : "other_key");
    return known ? manifest : null;
  }

  /**
   * The list of all files, if the manifest vouches for it.
   * @param {Answer} answer
   * @returns {Promise<string | null>}
   */
  async sums(answer) {
    const manifest = await this.manifest(answer);
    if (manifest === null) {
      return null;
    }
    const size = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    const told = { files: this.number.format(manifest.sums.files), size: size.format(manifest.sums.bytes / 1e6) };
    const loading = answer.say("unknown", "loading_sums", told);
    const bytes = await this.fetch(SUMS);
    loading.remove();
    if ((await sha256(bytes)) !== manifest.sums.sha256) {
      answer.say("bad", "sums_bad");
      return null;
    }
    return new TextDecoder().decode(bytes);
  }

  /**
   * @param {string} name
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async fetch(name) {
    const path = name.replace(/(^|\/)index\.html$/, "$1").split("/").map(encodeURIComponent).join("/");
    let answer;
    try {
      answer = await fetch(new URL(path || ".", this.base), { cache: "no-store" });
    } catch {
      throw new FetchError(name, 0);
    }
    if (!answer.ok) {
      throw new FetchError(name, answer.status);
    }
    return new Uint8Array(await answer.arrayBuffer());
  }

  /**
   * Show what the manifest says.
   * @param {Manifest} manifest
   */
  show(manifest) {
    const list = this.root.querySelector("[data-facts]");
    if (!(list instanceof HTMLElement)) {
      return;
    }
    /** @type {[string, string][]} */
    const facts = [
      ["publisher", manifest.publisher],
      ["exported", dayFormat(document.documentElement.lang)(manifest.exported_at.slice(0, 10))],
      ["files", this.number.format(manifest.sums.files)],
      ["lines", this.number.format(manifest.ledger.lines)],
      ["last_line", manifest.ledger.hash],
    ];
    if (manifest.signed_by !== null) {
      facts.push(["signed_by", manifest.signed_by]);
    }
    list.replaceChildren(
      ...facts.map(([word, value]) => {
        const row = document.createElement("div");
        const term = document.createElement("dt");
        const fact = document.createElement("dd");
        term.textContent = this.words[word];
        fact.textContent = value;
        row.append(term, fact);
        return row;
      }),
    );
    list.hidden = false;
  }

  /**
   * @param {string} selector
   * @returns {Answer}
   */
  answer(selector) {
    const asked = (this.asked.get(selector) ?? 0) + 1;
    this.asked.set(selector, asked);
    return new Answer(this.root.querySelector(selector), this.words, () => asked === this.asked.get(selector));
  }

  /**
   * Run a check, and say what kept it from ending.
   * @param {Answer} answer
   * @param {() => Promise<void>} run
   */
  async tried(answer, run) {
    if (!globalThis.crypto?.subtle) {
      answer.say("unknown", "no_crypto");
      answer.end();
      return;
    }
    const checking = answer.say("unknown", "checking");
    try {
      await run();
    } catch (fault) {
      answer.say("unknown", "failed", { file: fault instanceof FetchError ? fault.file : "" });
    }
    checking.remove();
    answer.end();
  }
}

/** Where a check says what it finds, a paragraph each. */
class Answer {
  /**
   * @param {Element | null} place
   * @param {Record<string, string>} words
   * @param {() => boolean} isLast
   */
  constructor(place, words, isLast) {
    this.place = place;
    this.words = words;
    this.isLast = isLast;
    place?.replaceChildren();
    // A screen reader is told when all is said.
    place?.setAttribute("aria-busy", "true");
  }

  /** No more is to be said. */
  end() {
    if (this.isLast()) {
      this.place?.removeAttribute("aria-busy");
    }
  }

  /**
   * @param {Verdict} verdict
   * @param {string} word
   * @param {Record<string, string>} [values]
   * @returns {HTMLElement}
   */
  say(verdict, word, values = {}) {
    const line = document.createElement("p");
    line.className = `verify__${verdict}`;
    line.textContent = (this.words[word] ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
    if (this.isLast()) {
      this.place?.append(line);
    }
    return line;
  }
}
