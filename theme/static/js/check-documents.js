// @ts-check
/**
 * From a file to the text in it, line by line, each with where it stands: plain text, separated values, Word documents
 * (.docx) and Excel workbooks (.xlsx). Files are hostile: what they may cost is bounded, and what cannot be read is refused
 * with a reason that tells what to do. Pure.
 */

import { unzipSync } from "fflate";
import { MOST_CHARACTERS } from "./check-limits.js";
import { readXml } from "./check-xml.js";

/**
 * Why a file is not read; `failed` is for what nobody thought of.
 * @typedef {"too-large" | "damaged" | "encrypted" | "old-office" | "pdf" | "open-document" | "rich-text" | "not-text" | "failed"} Refusal
 */

/** The file is not read. */
export class DocumentError extends Error {
  name = "DocumentError";

  /** @param {Refusal} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * What a run of lines is: lines of a text, rows of a sheet, paragraphs of a document, or its other parts.
 * @typedef {"line" | "row" | "paragraph" | "header" | "footer" | "note" | "comment"} PlaceKind
 */

/**
 * Lines from `first` on are of one kind; `name` is a sheet's.
 * @typedef {{ first: number, kind: PlaceKind, name: string }} Run
 */

/**
 * @typedef {object} DocumentText
 * @property {string} text lines with `\n` between them, softer breaks as `\v`, ends of cells as `\t`
 * @property {Run[]} runs in their order
 * @property {number[]} numbers each line's, as who looks for it counts
 * @property {number[]} heads lines that may name the columns below them
 * @property {boolean} cut whether there is more than is read
 */

/** Bytes that the parts of a document may have, unpacked. */
const MOST_UNPACKED = 100_000_000;

const WORD = "wordprocessingml\\.";
/** @type {[RegExp, PlaceKind][]} kinds of parts of a Word document, by content type, in the order in which they are read */
const WORD_PARTS = [
  [/(?:wordprocessingml\.(?:document|template)|ms-word\.(?:document|template)\.macroEnabled(?:Template)?)\.main\+xml$/, "paragraph"],
  [new RegExp(`${WORD}header\\+xml$`), "header"],
  [new RegExp(`${WORD}footer\\+xml$`), "footer"],
  [new RegExp(`${WORD}(?:footnotes|endnotes)\\+xml$`), "note"],
  [new RegExp(`${WORD}comments\\+xml$`), "comment"],
];
const WORKBOOK = /(?:spreadsheetml\.(?:sheet|template)|ms-excel\.(?:sheet|template)\.macroEnabled)\.main\+xml$/;
const SHARED_STRINGS = /spreadsheetml\.sharedStrings\+xml$/;

/**
 * @param {Uint8Array} bytes of the file, as far as `MOST_BYTES`
 * @param {string} name of the file
 * @param {boolean} [whole] whether these are all of its bytes
 * @returns {DocumentText}
 * @throws {DocumentError}
 */
export function readDocument(bytes, name, whole = true) {
  if (begins(bytes, [0x50, 0x4b, 0x03, 0x04]) || begins(bytes, [0x50, 0x4b, 0x05, 0x06])) {
    if (!whole) {
      throw new DocumentError("too-large");
    }
    return readZipped(bytes);
  }
  if (begins(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
    // What is encrypted is wrapped in the format of old documents.
    throw new DocumentError(new TextDecoder("utf-16le").decode(bytes).includes("EncryptedPackage") ? "encrypted" : "old-office");
  }
  if (begins(bytes, [0x25, 0x50, 0x44, 0x46])) {
    throw new DocumentError("pdf");
  }
  if (begins(bytes, [0x7b, 0x5c, 0x72, 0x74, 0x66])) {
    throw new DocumentError("rich-text");
  }
  const text = decodeText(bytes);
  return /\.(?:csv|tsv)$/i.test(name) ? readSeparated(text) : readText(text);
}

/**
 * @param {string} text
 * @param {boolean} [cut] whether there was more already
 * @returns {DocumentText}
 */
export function readText(text, cut = false) {
  const lines = new Lines();
  lines.begin("line");
  text.slice(0, MOST_CHARACTERS).replace(/\r\n?/g, "\n").split("\n").forEach((line, at) => lines.add(line, at + 1));
  return { ...lines.document(), cut: cut || text.length > MOST_CHARACTERS };
}

/** Gathers lines, up to as many characters as are read. */
class Lines {
  /** @type {string[]} */
  #lines = [];
  /** @type {number[]} */
  #numbers = [];
  /** @type {Run[]} */
  #runs = [];
  /** @type {number[]} */
  #heads = [];
  #characters = 0;
  cut = false;

  /**
   * @param {PlaceKind} kind of the lines that follow
   * @param {string} [name]
   */
  begin(kind, name = "") {
    this.#runs.push({ first: this.#lines.length, kind, name });
    this.head();
  }

  /** Let the next line be one that may name columns. */
  head() {
    this.#heads.push(this.#lines.length);
  }

  /**
   * @param {string} line
   * @param {number} number
   */
  add(line, number) {
    const room = MOST_CHARACTERS - this.#characters;
    if (line.length > room) {
      this.cut = true;
    }
    if (room > 0) {
      this.#lines.push(line.slice(0, room));
      this.#numbers.push(number);
      this.#characters += line.length + 1;
    }
  }

  /** @returns {DocumentText} */
  document() {
    return { text: this.#lines.join("\n"), runs: this.#runs, numbers: this.#numbers, heads: this.#heads, cut: this.cut };
  }
}

// --- text ------------------------------------------------------------------------------------------------------------

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
function decodeText(bytes) {
  if (begins(bytes, [0xff, 0xfe])) {
    return new TextDecoder("utf-16le").decode(bytes);
  }
  if (begins(bytes, [0xfe, 0xff])) {
    return new TextDecoder("utf-16be").decode(bytes);
  }
  if (bytes.subarray(0, 65_536).includes(0)) {
    throw new DocumentError("not-text");
  }
  try {
    // A letter that is cut at the end is no reason to take it for another encoding.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/**
 * Separated values: cells end with `\t`, whatever the file has between them.
 * @param {string} text
 * @returns {DocumentText}
 */
function readSeparated(text) {
  const begun = text.slice(0, MOST_CHARACTERS);
  const unquoted = begun.slice(0, 20_000).replace(/"[^"]*"/g, "");
  const count = (/** @type {string} */ sign) => unquoted.split(sign).length;
  const separator = [";", "\t", ","].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
  const lines = new Lines();
  lines.begin("line");
  let [cell, cells, line, first] = ["", /** @type {string[]} */ ([]), 1, 1];
  const endCell = () => {
    cells.push(plainNumber(cell));
    cell = "";
  };
  const endRow = () => {
    endCell();
    lines.add(cells.join("\t"), first);
    cells = [];
    first = line;
  };
  // A cell in quotes may hold separators, line breaks, and quotes twice over.
  for (const [piece] of begun.matchAll(/"(?:[^"]|"")*"|\r\n|[\r\n]|[^"\r\n;,\t]+|[;,\t"]/g)) {
    if (/^[\r\n]+$/.test(piece)) {
      line += 1;
      endRow();
    } else if (piece === separator) {
      endCell();
    } else if (piece.length > 1 && piece[0] === '"') {
      line += piece.split("\n").length - 1;
      cell += inCell(piece.slice(1, -1).replaceAll('""', '"'));
    } else {
      cell += inCell(piece);
    }
  }
  endRow();
  const document = lines.document();
  return { ...document, cut: document.cut || text.length > MOST_CHARACTERS };
}

/**
 * A whole number as a spreadsheet writes it may be `9.0012345E7`.
 * @param {string} cell
 * @returns {string}
 */
function plainNumber(cell) {
  if (!/^\s*[0-9]+(?:[.,][0-9]+)?(?:[eE]\+?[0-9]{1,2})?\s*$/.test(cell)) {
    return cell;
  }
  const number = Number(cell.replace(",", "."));
  const rewritten = /[eE]/.test(cell) || /[.,]0+\s*$/.test(cell);
  return rewritten && Number.isSafeInteger(number) ? `${number}` : cell;
}

/**
 * @param {string} text
 * @returns {string} without what would end its cell or line
 */
function inCell(text) {
  return text.replace(/\r\n?|\n/g, "\v").replaceAll("\t", " ");
}

// --- zipped documents ------------------------------------------------------------------------------------------------

/**
 * @param {Uint8Array} bytes
 * @returns {DocumentText}
 */
function readZipped(bytes) {
  try {
    const zip = new Zip(bytes);
    const types = zip.contentTypes();
    if (types === null) {
      throw new DocumentError(zip.names.has("mimetype") ? "open-document" : "not-text");
    }
    const parts = WORD_PARTS.flatMap(([type, kind]) => namesOf(types, type).map((name) => ({ name, kind })));
    if (parts.some(({ kind }) => kind === "paragraph")) {
      return wordText(zip, parts);
    }
    const [workbook] = namesOf(types, WORKBOOK);
    if (workbook !== undefined) {
      return workbookText(zip, workbook, namesOf(types, SHARED_STRINGS));
    }
  } catch (fault) {
    if (fault instanceof DocumentError) {
      throw fault;
    }
    throw new DocumentError("damaged");
  }
  throw new DocumentError("not-text");
}

/** The parts of a zipped document. No more is unpacked than was said of it beforehand, and that is bounded. */
class Zip {
  /** @type {Set<string>} */
  names = new Set();
  #unpacked = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.#unzip((name) => {
      this.names.add(name);
      return false;
    });
  }

  /**
   * @param {string[]} names
   * @returns {string[]} each part's text, empty for one that is not there
   */
  read(names) {
    const found = this.#unzip((name) => names.includes(name));
    return names.map((name) => (found[name] ? xmlText(found[name]) : ""));
  }

  /** @returns {Map<string, string> | null} the content type of each part, null where the zip is no document */
  contentTypes() {
    if (!this.names.has("[Content_Types].xml")) {
      return null;
    }
    const types = new Map();
    readXml(this.read(["[Content_Types].xml"])[0], {
      open: (name, _, attribute) => {
        if (name === "Override") {
          types.set((attribute("PartName") ?? "").replace(/^\//, ""), attribute("ContentType") ?? "");
        }
      },
      close: () => {},
      text: () => {},
    });
    return types;
  }

  /**
   * @param {(name: string) => boolean} wanted
   * @returns {Record<string, Uint8Array>}
   */
  #unzip(wanted) {
    return unzipSync(this.bytes, {
      filter: ({ name, size, originalSize }) => {
        if (!wanted(name)) {
          return false;
        }
        this.#unpacked += Math.max(size, originalSize);
        if (this.#unpacked > MOST_UNPACKED) {
          throw new DocumentError("too-large");
        }
        return true;
      },
    });
  }
}

/**
 * @param {Map<string, string>} types
 * @param {RegExp} type
 * @returns {string[]} in an order that people expect: `header2` before `header10`
 */
function namesOf(types, type) {
  const names = [...types].filter(([, own]) => type.test(own)).map(([name]) => name);
  return names.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
function xmlText(bytes) {
  const encoding = begins(bytes, [0xff, 0xfe]) ? "utf-16le" : begins(bytes, [0xfe, 0xff]) ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

/**
 * @param {Uint8Array} bytes
 * @param {number[]} magic
 */
function begins(bytes, magic) {
  return magic.every((byte, at) => bytes[at] === byte);
}

// --- Word ------------------------------------------------------------------------------------------------------------

/**
 * @param {Zip} zip
 * @param {{ name: string, kind: PlaceKind }[]} parts
 * @returns {DocumentText}
 */
function wordText(zip, parts) {
  const lines = new Lines();
  const texts = zip.read(parts.map(({ name }) => name));
  parts.forEach(({ kind }, place) => {
    if (texts[place] && !lines.cut) {
      lines.begin(kind);
      readXml(texts[place], new WordVisitor(lines));
    }
  });
  return lines.document();
}

/** Puts paragraphs on lines; a table's row on one, its cells apart. What was deleted, and doubles for old readers, is left out. */
class WordVisitor {
  #line = "";
  #number = 0;
  #isText = false;
  #doubles = 0;
  #rows = 0;

  /** @param {Lines} lines */
  constructor(lines) {
    this.lines = lines;
  }

  /**
   * @param {string} name
   * @param {string} parent
   */
  open(name, parent) {
    this.#isText = name === "t";
    if (name === "Fallback") {
      this.#doubles += 1;
    } else if (name === "tbl") {
      this.#flush();
      this.lines.head();
    } else if (name === "tr") {
      this.#rows += 1;
    } else if (name === "p" && this.#line && !/[\v\t]$/.test(this.#line)) {
      this.#line += this.#rows > 0 ? "\v" : "";
      this.#flush();
    } else if (parent === "r" && (name === "br" || name === "cr")) {
      this.#add("\v");
    } else if (parent === "r" && name === "tab") {
      this.#add("\t");
    } else if (parent === "r" && name === "noBreakHyphen") {
      this.#add("-");
    }
  }

  /** @param {string} name */
  close(name) {
    this.#isText = false;
    if (name === "Fallback") {
      this.#doubles -= 1;
    } else if (name === "p") {
      this.#number += 1;
      this.#flush();
    } else if (name === "tc") {
      this.#line = `${this.#line.replace(/\v$/, "")}\t`;
    } else if (name === "tr") {
      this.#rows -= 1;
      this.#line += this.#rows > 0 ? "\v" : "";
      this.#flush();
    }
  }

  /** @param {string} text */
  text(text) {
    if (this.#isText) {
      this.#add(inCell(text));
    }
  }

  /** @param {string} text */
  #add(text) {
    if (this.#doubles === 0) {
      this.#line += text;
    }
  }

  /** End the line, unless it is still in a row of a table. */
  #flush() {
    if (this.#rows === 0) {
      if (this.#line.trim()) {
        this.lines.add(this.#line.replace(/\t$/, ""), Math.max(1, this.#number));
      }
      this.#line = "";
    }
  }
}

// --- Excel -----------------------------------------------------------------------------------------------------------

/**
 * @param {Zip} zip
 * @param {string} workbook
 * @param {string[]} strings
 * @returns {DocumentText}
 */
function workbookText(zip, workbook, strings) {
  const folder = workbook.slice(0, workbook.lastIndexOf("/") + 1);
  const relations = `${folder}_rels/${workbook.slice(folder.length)}.rels`;
  const [own, related, shared] = zip.read([workbook, relations, strings[0] ?? ""]);
  /** @type {Map<string, string>} */
  const targets = new Map();
  if (related) {
    readXml(related, {
      open: (name, _, attribute) => {
        if (name === "Relationship") {
          const target = attribute("Target") ?? "";
          targets.set(attribute("Id") ?? "", target.startsWith("/") ? target.slice(1) : folder + target);
        }
      },
      close: () => {},
      text: () => {},
    });
  }
  /** @type {{ name: string, part: string }[]} */
  const sheets = [];
  readXml(own, {
    open: (name, _, attribute) => {
      if (name === "sheet") {
        sheets.push({ name: attribute("name") ?? "", part: targets.get(attribute("id") ?? "") ?? "" });
      }
    },
    close: () => {},
    text: () => {},
  });
  const texts = shared ? sharedStrings(shared) : [];
  const lines = new Lines();
  for (const { name, part } of sheets) {
    const [sheet] = lines.cut ? [""] : zip.read([part]);
    if (sheet) {
      lines.begin("row", name);
      readXml(sheet, new SheetVisitor(lines, texts));
    }
  }
  return lines.document();
}

/**
 * @param {string} xml
 * @returns {string[]}
 */
function sharedStrings(xml) {
  /** @type {string[]} */
  const texts = [];
  let text = "";
  let [isText, phonetic] = [false, false];
  readXml(xml, {
    open: (name) => {
      text = name === "si" ? "" : text;
      // How a text is spoken is no part of it.
      phonetic ||= name === "rPh";
      isText = name === "t" && !phonetic;
    },
    close: (name) => {
      isText = false;
      phonetic &&= name !== "rPh";
      if (name === "si") {
        texts.push(inCell(text));
      }
    },
    text: (piece) => {
      text += isText ? piece : "";
    },
  });
  return texts;
}

/** Puts the rows of a sheet on lines, each cell in its column. */
class SheetVisitor {
  #cells = "";
  #column = 0;
  #row = 0;
  #type = "";
  #value = "";
  #inValue = false;

  /**
   * @param {Lines} lines
   * @param {string[]} strings
   */
  constructor(lines, strings) {
    this.lines = lines;
    this.strings = strings;
  }

  /**
   * @param {string} name
   * @param {string} _
   * @param {(name: string) => string | null} attribute
   */
  open(name, _, attribute) {
    if (name === "row") {
      this.#row = Number(attribute("r")) || this.#row + 1;
      [this.#cells, this.#column] = ["", 0];
    } else if (name === "c") {
      const column = columnOf(attribute("r") ?? "") ?? this.#column;
      this.#cells += "\t".repeat(Math.max(0, column - this.#column));
      this.#column = Math.max(column, this.#column);
      [this.#type, this.#value] = [attribute("t") ?? "n", ""];
    }
    this.#inValue = name === "v" || name === "t";
  }

  /** @param {string} name */
  close(name) {
    this.#inValue = false;
    if (name === "c") {
      const text = this.#type === "s" ? (this.strings[Number(this.#value)] ?? "") : this.#value;
      this.#cells += this.#type === "n" ? plainNumber(text) : inCell(text);
    } else if (name === "row" && this.#cells.trim()) {
      this.lines.add(this.#cells, this.#row);
    }
  }

  /** @param {string} text */
  text(text) {
    this.#value += this.#inValue ? text : "";
  }
}

/**
 * @param {string} reference `B7`
 * @returns {number | null} its column, from 0
 */
function columnOf(reference) {
  const letters = /^([A-Z]{1,3})[0-9]*$/.exec(reference)?.[1];
  if (letters === undefined) {
    return null;
  }
  return [...letters].reduce((column, letter) => 26 * column + letter.charCodeAt(0) - 64, 0) - 1;
}
