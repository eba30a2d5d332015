// @ts-check
/** What is read of files: every part that holds text, and a reason where a file is not read, however hostile it is. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { strToU8, zipSync } from "fflate";

import { DocumentError, readDocument, readText } from "../../theme/static/js/check-documents.js";
import { MOST_CHARACTERS } from "../../theme/static/js/check-limits.js";
import { XmlError, readXml } from "../../theme/static/js/check-xml.js";

const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** @param {Record<string, string>} types */
function contentTypes(types) {
  const parts = Object.entries(types).map(([name, type]) => `<Override PartName="/${name}" ContentType="${type}+xml"/>`);
  return `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="x">${parts.join("")}</Types>`;
}

/** @param {Record<string, string | Uint8Array>} files */
function zip(files) {
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, typeof content === "string" ? strToU8(content) : content])));
}

/**
 * @param {string} body
 * @param {Record<string, string>} [others]
 * @param {Record<string, string>} [types]
 */
function docx(body, others = {}, types = {}) {
  return zip({
    "[Content_Types].xml": contentTypes({ "word/document.xml": `${WORD}.document.main`, ...types }),
    "word/document.xml": `<w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`,
    ...others,
  });
}

/** @param {string} cells */
function xlsx(cells, strings = "") {
  return zip({
    "[Content_Types].xml": contentTypes({
      "xl/workbook.xml": `${EXCEL}.sheet.main`,
      "xl/worksheets/sheet1.xml": `${EXCEL}.worksheet`,
      "xl/sharedStrings.xml": `${EXCEL}.sharedStrings`,
    }),
    "xl/workbook.xml": '<workbook><sheets><sheet name="Leveringen &amp; meer" sheetId="1" r:id="rId7"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${cells}</sheetData></worksheet>`,
    "xl/sharedStrings.xml": `<sst>${strings}</sst>`,
  });
}

/**
 * @param {Uint8Array} bytes
 * @param {string} [name]
 * @param {boolean} [whole]
 */
function reasonFor(bytes, name = "list", whole = true) {
  try {
    readDocument(bytes, name, whole);
  } catch (fault) {
    return fault instanceof DocumentError ? fault.reason : String(fault);
  }
  return null;
}

const paragraph = (/** @type {string} */ inner) => `<w:p>${inner}</w:p>`;
const run = (/** @type {string} */ text) => `<w:r><w:t xml:space="preserve">${text}</w:t></w:r>`;

test("paragraphs of a document are lines, whatever its runs", () => {
  const { text, runs, numbers } = readDocument(docx(paragraph(run("BENOR 29") + run("/0107")) + paragraph("") + paragraph(run("a &lt; b"))), "x.docx");
  assert.equal(text, "BENOR 29/0107\na < b");
  assert.deepEqual([runs.map(({ kind }) => kind), numbers], [["paragraph"], [1, 3]]);
});

test("a row of a table is a line, its cells apart; a table's first row is a head", () => {
  const cell = (/** @type {string} */ inner) => `<w:tc>${inner}</w:tc>`;
  const row = (/** @type {string[]} */ ...cells) => `<w:tr>${cells.map((own) => cell(paragraph(run(own)))).join("")}</w:tr>`;
  const { text, heads } = readDocument(docx(paragraph(run("x")) + `<w:tbl>${row("fiche", "ton")}${row("9001", "2345")}</w:tbl>`), "x.docx");
  assert.equal(text, "x\nfiche\tton\n9001\t2345");
  assert.deepEqual(heads, [0, 1]);
});

test("breaks, tabs and hyphens of a run are read, tab stops and what was deleted are not", () => {
  const inner = '<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>29</w:t><w:noBreakHyphen/><w:t>0107</w:t><w:br/><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>';
  const { text } = readDocument(docx(paragraph(`${inner}<w:del><w:r><w:delText>90012345</w:delText></w:r></w:del><w:r><w:instrText>90012346</w:instrText></w:r>`)), "x.docx");
  assert.equal(text, "29-0107\va\tb");
});

test("a text box is read once, though it is there twice for old readers", () => {
  const box = `<w:txbxContent>${paragraph(run("90012345"))}</w:txbxContent>`;
  const { text } = readDocument(docx(paragraph(`${run("voor")}<mc:AlternateContent><mc:Choice>${box}</mc:Choice><mc:Fallback>${box}</mc:Fallback></mc:AlternateContent>`)), "x.docx");
  assert.equal(text.split("90012345").length - 1, 1);
});

test("headers, footers, notes and comments are read", () => {
  const part = (/** @type {string} */ text) => `<w:x>${paragraph(run(text))}</w:x>`;
  const { text, runs } = readDocument(
    docx(paragraph(run("body")), { "word/header1.xml": part("head"), "word/footer1.xml": part("foot"), "word/footnotes.xml": part("note"), "word/comments.xml": part("said") }, {
      "word/header1.xml": `${WORD}.header`,
      "word/footer1.xml": `${WORD}.footer`,
      "word/footnotes.xml": `${WORD}.footnotes`,
      "word/comments.xml": `${WORD}.comments`,
    }),
    "x.docx",
  );
  assert.equal(text, "body\nhead\nfoot\nnote\nsaid");
  assert.deepEqual(runs.map(({ kind }) => kind), ["paragraph", "header", "footer", "note", "comment"]);
});

test("cells of a workbook are read by their kind, in their columns", () => {
  const { text, runs, numbers } = readDocument(
    xlsx(
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>in</t><r><t>line</t></r></is></c></row>' +
        '<row r="4"><c r="B4"><v>9.0012345E7</v></c><c r="C4"><v>90012346.0</v></c><c r="D4" t="str"><f>A1</f><v>29/0107</v></c><c r="E4"><f>1+1</f><v>2</v></c></row>',
      "<si><r><t>BENOR</t></r><r><t> 29/0107</t></r><rPh><t>spoken</t></rPh></si>",
    ),
    "x.xlsx",
  );
  assert.equal(text, "BENOR 29/0107\t\tinline\n\t90012345\t90012346\t29/0107\t2");
  assert.deepEqual([runs, numbers], [[{ first: 0, kind: "row", name: "Leveringen & meer" }], [1, 4]]);
});

test("separated values are read with quotes, separators and line breaks in cells", () => {
  const read = (/** @type {string} */ text, name = "x.csv") => readDocument(strToU8(text), name);
  assert.equal(read('fiche;"a ""b""; c"\r\n90012345;"twee\nregels"\r\n').text, 'fiche\ta "b"; c\n90012345\ttwee\vregels\n');
  assert.equal(read("a,b\n1,2\n").text, "a\tb\n1\t2\n");
  assert.equal(read("a\tb\n", "x.tsv").text, "a\tb\n");
  assert.equal(read("9,0012345E+07;x\n").text, "90012345\tx\n");
  assert.deepEqual(read('a;b\n"1\n2";c\nd;e').numbers, [1, 2, 4]);
});

test("text is read in the encodings that programs give it", () => {
  const sixteen = (/** @type {string} */ text) => new Uint8Array(Uint16Array.from([0xfeff, ...[...text].map((c) => c.charCodeAt(0))]).buffer);
  assert.equal(readDocument(strToU8("\ufeffn° 29/0107"), "x.txt").text, "n° 29/0107");
  assert.equal(readDocument(sixteen("n° 29/0107\r\n2"), "x.txt").text, "n° 29/0107\n2");
  assert.equal(readDocument(Uint8Array.from([0x6e, 0xb0, 0x20, 0x39]), "x.txt").text, "n° 9");
});

test("a long text is cut, and says so", () => {
  const { text, cut } = readText("x".repeat(MOST_CHARACTERS + 5));
  assert.deepEqual([text.length, cut], [MOST_CHARACTERS, true]);
  assert.equal(readText("x\n".repeat(MOST_CHARACTERS)).cut, true);
  assert.equal(readText("x").cut, false);
});

test("what is not read tells what it is", () => {
  const old = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
  const wide = (/** @type {string} */ text) => [...text].flatMap((c) => [c.charCodeAt(0), 0]);
  assert.equal(reasonFor(Uint8Array.from([...old, ...wide("WordDocument")])), "old-office");
  assert.equal(reasonFor(Uint8Array.from([...old, ...wide("EncryptedPackage")])), "encrypted");
  assert.equal(reasonFor(strToU8("%PDF-1.7")), "pdf");
  assert.equal(reasonFor(strToU8("{\\rtf1")), "rich-text");
  assert.equal(reasonFor(Uint8Array.from([1, 0, 2, 0])), "not-text");
  assert.equal(reasonFor(zip({ mimetype: "application/vnd.oasis.opendocument.text", "content.xml": "<a/>" })), "open-document");
  assert.equal(reasonFor(zip({ "photo.jpg": "x" })), "not-text");
  assert.equal(reasonFor(zip({ "[Content_Types].xml": contentTypes({ "ppt/presentation.xml": "application/x.presentation" }) })), "not-text");
});

test("a damaged document is one, wherever it is cut or changed", () => {
  const good = docx(paragraph(run("BENOR 29/0107")).repeat(50));
  for (const length of [4, 30, 100, good.length - 30, good.length - 1]) {
    assert.equal(reasonFor(good.slice(0, length)), "damaged", `${length}`);
  }
  assert.equal(reasonFor(docx("<w:p><w:r></w:p>")), "damaged");
  assert.equal(reasonFor(zip({ "[Content_Types].xml": contentTypes({ "word/document.xml": `${WORD}.document.main` }) })), null);
  for (let seed = 1; seed < 200; seed += 1) {
    const broken = good.slice();
    broken[(seed * 7919) % good.length] ^= 1 << seed % 8;
    assert.ok([null, "damaged", "not-text", "too-large"].includes(reasonFor(broken)), `${seed}: ${reasonFor(broken)}`);
  }
});

/**
 * Let the directory of a zip say another size of the document, unpacked: the second of the two that it has.
 * @param {Uint8Array} zipped
 * @param {number} size
 */
function declaring(zipped, size) {
  const view = new DataView(zipped.buffer, zipped.byteOffset, zipped.byteLength);
  for (let at = 0; at < zipped.length - 63; at += 1) {
    if (view.getUint32(at, true) === 0x02014b50 && new TextDecoder().decode(zipped.slice(at + 46, at + 63)) === "word/document.xml") {
      view.setUint32(at + 24, size, true);
    }
  }
  return zipped;
}

test("what would unpack to more than is read is refused before it is unpacked", () => {
  const good = docx(paragraph(run("x")));
  assert.equal(reasonFor(declaring(good.slice(), 120_000_000)), "too-large");
  assert.equal(reasonFor(good, "x.docx", false), "too-large");
  assert.equal(reasonFor(good), null);
});

test("a part that is larger than it says is cut there, not unpacked", () => {
  assert.equal(reasonFor(declaring(docx(paragraph(run("x".repeat(200_000)))), 1000)), "damaged");
});

test("no document type is read, and so no entity can be a bomb", () => {
  const nothing = { open: () => {}, close: () => {}, text: () => {} };
  const bomb = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><a>&lol2;</a>';
  assert.throws(() => readXml(bomb, nothing), XmlError);
  assert.equal(reasonFor(zip({ "[Content_Types].xml": contentTypes({ "word/document.xml": `${WORD}.document.main` }), "word/document.xml": bomb })), "damaged");
  for (const wrong of ["", "a", "<a>", "<a></b>", "<a>&x;</a>", "<a>&</a>", "<a", "<!--", "<a>&#x110000;</a>", "<a><![CDATA[</a>", "<a>".repeat(600)]) {
    assert.throws(() => readXml(wrong, nothing), XmlError, wrong.slice(0, 20));
  }
});

test("XML is read with its entities, attributes and sections", () => {
  /** @type {unknown[]} */
  const seen = [];
  readXml(`<?xml version="1.0"?><!-- <x> --><a:b c:d='1 > "2"' e="&#x32;&amp;"><i/>x&#233;&lt;<![CDATA[<&]]></a:b>`, {
    open: (name, parent, attribute) => seen.push([name, parent, attribute("d"), attribute("e"), attribute("f")]),
    close: (name) => seen.push(name),
    text: (text) => seen.push(text),
  });
  assert.deepEqual(seen, [["b", "", '1 > "2"', "2&", null], ["i", "b", null, null, null], "i", "xé<", "<&", "b"]);
});
