// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { ContentPages } from "../../theme/static/js/content-pages.js";
import { filter } from "../../theme/static/js/facets.js";
import { gtinIn } from "../../theme/static/js/gtins.js";
import { facetsOf } from "../../theme/static/js/search.js";
import { Suggestions } from "../../theme/static/js/suggestions.js";
import { ReadyStore, contentOf, engine, makeEngine, numbersOf, records, statuses } from "./register.js";

/** @param {string[]} texts */
const valuesOf = (texts) => texts.map((text) => ({ id: text.toLowerCase(), name: { text, lang: null } }));

const suggestions = new Suggestions([
  { facet: "product", values: valuesOf(["Geotextiel", "Wapeningsnet", "Tuyau en grès", "Béton"]) },
  { facet: "holder", values: valuesOf(["Ateliers Géo SA", "Geobouw NV", "Grès & Fils"]) },
]);

/** @param {string} query @param {(facet: string, place: number) => number} [countOf] */
const suggested = (query, countOf = () => 1) => suggestions.matching(query, countOf).map(({ name }) => name.text);

test("names are suggested by the beginnings of their words, without accents", () => {
  assert.deepEqual(suggested("geo"), ["Geotextiel", "Geobouw NV", "Ateliers Géo SA"]);
  assert.deepEqual(suggested("GRES"), ["Grès & Fils", "Tuyau en grès"]);
  assert.deepEqual(suggested("gres tuyau"), ["Tuyau en grès"]);
  assert.deepEqual(suggested("textiel"), []);
});

test("nothing is suggested for a letter, a number, or what would leave nothing", () => {
  for (const query of ["", "g", "29/0107", "9001", "*", "geo qwerty"]) {
    assert.deepEqual(suggested(query), [], query);
  }
  assert.deepEqual(suggested("geo", (facet) => (facet === "holder" ? 3 : 0)), ["Geobouw NV", "Ateliers Géo SA"]);
});

test("the most frequent is suggested first, and six at most", () => {
  assert.deepEqual(suggested("geo", (_, place) => place + 1).slice(0, 2), ["Geobouw NV", "Geotextiel"]);
  const many = new Suggestions([{ facet: "holder", values: valuesOf(Array.from({ length: 1000 }, (_, n) => `Firma ${n}`)) }]);
  assert.equal(many.matching("firma", () => 1).length, 6);
});

const pages = new ContentPages([
  { name: "which-mark", title: "Which mark says what", summary: "BENOR, COPRO and ATG.", headings: ["In a tender"] },
  { name: "procedure", title: "The certification procedure", summary: "From request to certificate.", headings: ["Appeals"] },
]);

/** @param {string} query */
const found = (query) => {
  const { called, others } = pages.find(query);
  return [called.map((page) => pages.pages[page].name), others.map((page) => pages.pages[page].name)];
};

test("a content page is found by its title, summary and headings", () => {
  assert.deepEqual(found("which mark"), [["which-mark"], []]);
  assert.deepEqual(found("procedures"), [["procedure"], []]);
  assert.deepEqual(found("benor"), [[], ["which-mark"]]);
  assert.deepEqual(found("appeals procedure"), [[], ["procedure"]]);
  assert.deepEqual(found("tend"), [[], ["which-mark"]]);
  assert.deepEqual(found("mark procedure"), [[], []]);
});

test("no word of a content page is guessed, and nothing finds none", () => {
  for (const query of ["procedrue", "arks", "", "*", "constructor"]) {
    assert.deepEqual(found(query), [[], []], query);
  }
});

test("content pages are rows after the last record, of a kind of their own", () => {
  const facets = facetsOf(records, statuses, 2);
  const rows = [records.count + 1, 0, records.count];
  assert.deepEqual(filter(facets, new Map([["kind", ["page"]]]), rows).rows, [records.count + 1, records.count]);
  assert.deepEqual(filter(facets, new Map([["system", ["atg"]]]), rows).rows, [0]);
  assert.deepEqual(filter(facets, new Map(), rows).rows, rows);
  assert.deepEqual(engine.sorting.sorted(rows, "date"), [0, records.count + 1, records.count]);
});

test("a GTIN is known in any spelling of 8, 12, 13 or 14 digits, and behind a scanner's sign", () => {
  for (const text of ["9520900123454", "952 0900 12345-4", "09520900123454", "(01)09520900123454", "９５２０９００１２３４５４"]) {
    assert.equal(gtinIn(text), "09520900123454", text);
  }
  assert.equal(gtinIn("9638 5074"), "00000096385074");
  for (const text of ["", "952090012", "29/0107", "0209520900123454", "9520900123454x", "123456789012345"]) {
    assert.equal(gtinIn(text), null, text);
  }
});

test("a GTIN leads to the datasheets that bear it, by one file", () => {
  const store = new ReadyStore(contentOf);
  const { rows, single } = makeEngine(store).find("952 0900 12345-4");
  assert.deepEqual(numbersOf(rows), ["90012345"]);
  assert.equal(single, rows[0]);
  assert.deepEqual(store.asked, ["gtins/0.json"]);
  assert.equal(engine.find("09520900123464").single, null);
});
