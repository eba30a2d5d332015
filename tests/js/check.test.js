// @ts-check
/** What the check of a list finds in texts, by `tests/vectors/check/texts.json`, and what it says of it. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { answerFor, counted } from "../../theme/static/js/check-answers.js";
import { findNumbers } from "../../theme/static/js/check-numbers.js";
import { CheckRegister } from "../../theme/static/js/check-register.js";
import { pasted, separated } from "../../theme/static/js/check-table.js";
import { defused } from "../../theme/static/js/csv.js";

const FOLDER = new URL("../vectors/check/", import.meta.url);
const read = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf-8"));
const register = new CheckRegister(read("register.json"), "nl");

/** @param {number} row */
function nameOf(row) {
  const number = register.numbers[row];
  return register.isCertificate(row) ? `${register.systems[register.systemOf(row) ?? -1]} ${number}` : number;
}

for (const { name, text, found, unlisted } of read("texts.json")) {
  test(name, () => {
    const findings = findNumbers(text, register);
    const known = findings.flatMap(({ row }) => (row === null ? [] : [nameOf(row)]));
    assert.deepEqual(known.sort(), [...found].sort());
    const unknown = findings.filter(({ row }) => row === null).map(({ written, reason }) => [written, reason]);
    assert.deepEqual(unknown, unlisted);
  });
}

const asked = { day: "2026-11-21", today: "2026-11-23", exported: "2026-11-21", staleAfter: 30 };

/**
 * @param {string} text
 * @param {Partial<typeof asked>} [changes]
 */
function answer(text, changes = {}) {
  const [finding] = findNumbers(text, register);
  return answerFor(register, finding, { ...asked, ...changes });
}

test("a certificate holds while it is valid, and by which source is said", () => {
  assert.deepEqual(
    [answer("BENOR 29/0107").outcome, answer("BENOR 29/0108").outcome, answer("BENOR 124/0003").outcome],
    ["holds", "does-not-hold", "does-not-hold"],
  );
  assert.equal(answer("BENOR 29/0107").own?.told, "exports");
  assert.equal(answer("BENOR 29/0107", { day: "2025-01-01" }).own?.told, "dates");
});

test("a datasheet covers only while a certificate that it hangs on holds as well", () => {
  assert.equal(answer("90012345").coverage, "covered");
  assert.equal(answer("90012346").coverage, "not-covered");
  assert.equal(answer("90012346", { day: "2026-05-31" }).coverage, "covered");
  assert.equal(answer("90023451").outcome, "does-not-hold");
});

test("a record that is no longer listed does not hold, and what it was on a day before is told", () => {
  assert.deepEqual(
    [answer("BENOR 29/0109").outcome, answer("BENOR 29/0109").own?.told, answer("BENOR 29/0109").own?.since],
    ["does-not-hold", "not-listed", "2026-11-21"],
  );
  assert.equal(answer("BENOR 29/0109", { day: "2026-01-05" }).outcome, "holds");
  assert.equal(answer("BENOR 29/0109", { day: "2026-06-05" }).outcome, "not-known");
  assert.equal(answer("BENOR 29/0109", { day: "2026-11-23" }).own?.told, "not-listed");
});

test("after the export its dates speak up to today, and not when the data are old, or the day is to come", () => {
  assert.equal(answer("BENOR 29/0107", { day: "2026-11-23" }).own?.told, "live");
  assert.equal(answer("90012345", { day: "2026-11-23" }).outcome, "holds");
  const old = { day: "2027-01-10", today: "2027-01-10" };
  assert.deepEqual([answer("BENOR 29/0107", old).outcome, answer("BENOR 29/0107", old).own?.told], ["not-known", "too-old"]);
  assert.equal(answer("90012345", old).outcome, "not-known");
  // What had ended has ended, however old the data are.
  assert.equal(answer("BENOR 29/0108", old).outcome, "does-not-hold");
  assert.equal(answer("BENOR 29/0107", { day: "2026-11-30" }).own?.told, "later");
});

test("nothing is vouched for where the day of the data is not known", () => {
  const unknown = { ...asked, exported: null };
  const [finding] = findNumbers("BENOR 29/0107", register);
  assert.equal(answerFor(register, finding, unknown).outcome, "not-known");
  assert.deepEqual(counted([answerFor(register, finding, unknown)]), {
    holds: 0,
    "does-not-hold": 0,
    "not-known": 1,
    "not-listed": 0,
  });
});

test("each number stands once, with every place", () => {
  const [finding, ...others] = findNumbers("BENOR 29/0107\nniets\nbenor 29-0107 en 29/0107", register);
  assert.deepEqual([others, finding.places.map(({ line }) => line)], [[], [0, 2, 2]]);
});

test("what is nearly a number leads to it", () => {
  const [finding] = findNumbers("fiche 90012347", register);
  assert.deepEqual(finding.near.map(nameOf), ["90012345", "90012346"]);
});

test("the time that a text takes grows with its length alone, whatever it is made of", () => {
  for (const piece of ["1 ", "9001 ", "12.", "29/", "a", "EN ", "0 0/", "BENOR ", "<", "€1 ", "\t", "nr. ", "9"]) {
    const begun = performance.now();
    findNumbers(piece.repeat(60_000 / piece.length), register);
    assert.ok(performance.now() - begun < 4000, `${piece}: ${performance.now() - begun} ms`);
  }
});

test("cells that a spreadsheet would run are defused", () => {
  assert.deepEqual(["=1+1", "+32", "-2", "@a", "\t=1", "＝1", "29/0107"].map(defused), ["'=1+1", "'+32", "'-2", "'@a", "'\t'=1", "'＝1", "29/0107"]);
  assert.equal(separated([["a;b", '=1"']], "nl"), '\ufeff"a;b";"\'=1"""\r\n');
  assert.equal(separated([["a", "b"]], "en"), '\ufeff"a","b"\r\n');
  assert.equal(pasted([["a\tb\nc", "=d"]]), "a b c\t'=d");
});

test("a damaged file is one, and nothing is found in it by chance", () => {
  const content = read("register.json");
  for (const broken of [null, {}, { ...content, product: [] }, { ...content, numbers: undefined }, { ...content, system: [0] }]) {
    assert.throws(() => new CheckRegister(broken, "nl"), /damaged/);
  }
});
