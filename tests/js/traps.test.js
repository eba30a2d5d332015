// @ts-check
/** What plain lunr does with the numbers and words of a register, and what the search does instead. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { cleanQuery } from "../../theme/static/js/state.js";
import { busyMilliseconds } from "./busy.js";
import { engine, numbersOf, plainLunr } from "./register.js";

const TEXTS = ["29/0107 Géotextile", "1234-567 Tuyaux en grès", "90012345 Geotextiel DN 600"];

const lunr = plainLunr();
const plain = lunr(/** @this {any} */ function () {
  this.ref("number");
  this.field("text");
  TEXTS.forEach((text, number) => this.add({ number, text }));
});

/** @param {string} query */
const plainly = (query) => plain.search(query).map((/** @type {{ ref: string }} */ { ref }) => TEXTS[Number(ref)]);

/** @param {string} query */
const found = (query) => numbersOf(engine.find(cleanQuery(query)).rows);

test("lunr throws on what a person types; the search answers", () => {
  for (const query of ["BENOR: 12", "title:x", "a~", "29/0107^"]) {
    assert.throws(() => plainly(query), query);
    assert.doesNotThrow(() => found(query), query);
  }
  assert.equal(found("BENOR: 29/0107")[0], "benor 29/0107");
});

test("lunr splits numbers at one sign and not at another; the search knows any spelling", () => {
  assert.deepEqual(plainly("29-0107"), []);
  assert.deepEqual(plainly("290107"), []);
  for (const query of ["29/0107", "29-0107", "290107", "29 0107", "29.0107"]) {
    assert.deepEqual(found(query), ["benor 29/0107", "copro 29/0107"], query);
  }
});

test("lunr finds nothing behind a full stop; the search does", () => {
  assert.deepEqual(plainly("geotextiel."), []);
  assert.deepEqual(found("geotextiel gent."), found("geotextiel gent"));
  assert.ok(found("geotextiel gent.").length > 0);
});

test("lunr knows no accents; the search needs none, and forgives them", () => {
  assert.deepEqual(plainly("gres"), []);
  assert.deepEqual(plainly("geotextile"), []);
  assert.deepEqual(found("gres").sort(), found("GRÈS").sort());
  assert.ok(found("gres").includes("90023456"));
});

test("lunr takes a stop word for nothing; the search keeps a query of nothing else", () => {
  assert.deepEqual(plainly("or"), []);
  assert.doesNotThrow(() => found("de la"));
});

test("what blocks lunr for seconds is answered at once", () => {
  for (const query of ["aaaaaaaaaaaaaaaaaaaa~6", "*", "a*", "*e*", `${"ab".repeat(50)}~9`]) {
    assert.ok(busyMilliseconds(() => found(query)) < 200, query);
  }
});

test("a letter's case, width and script of digits do not matter", () => {
  for (const query of ["ＤＥＭＯＴＥＸ", "DemoTex", "demotex"]) {
    assert.deepEqual(found(query), ["90012345", "90012346"], query);
  }
  assert.deepEqual(found("٩٠٠١٢٣٤٥"), ["90012345"]);
});
