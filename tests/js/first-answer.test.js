// @ts-check
/** A certificate's number is answered from one small file as the whole search answers it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { firstAnswer, numberAsked } from "../../theme/static/js/first-answer.js";
import { engine, file, records } from "./register.js";

test("only a number alone is answered at once", () => {
  assert.equal(numberAsked("?q=29%2F0107"), "29/0107");
  assert.equal(numberAsked("?q=+BENOR+29-0107%00"), "BENOR 29-0107");
  for (const search of ["", "?q=", "?q=geotextiel", "?q=29&system=benor", "?q=29&sort=date", "?system=benor", "?q=29&q=30"]) {
    assert.equal(numberAsked(search), null, search);
  }
});

test("who bears a number stands first in the answer of the whole search too", () => {
  const spellings = (/** @type {string} */ number) => [number, number.replace(/\W/g, ""), number.replace(/\W/g, "-"), `BENOR ${number}`];
  for (const query of [...records.numbers.flatMap(spellings), "29/0199", "90012345", "PTV 829", "12 29/0107"]) {
    const { rows } = firstAnswer(file("certificates.json"), query, "nl");
    const certificates = engine.find(query).rows.filter((row) => row < records.certificates);
    assert.deepEqual(rows, certificates.slice(0, rows.length), query);
  }
});

test("its status is decided by the same dates", () => {
  const own = firstAnswer(file("certificates.json"), "29/0107", "nl").records;
  assert.deepEqual(own.certified, records.certified);
  assert.deepEqual(own.numbers, records.numbers);
});

test("damaged columns are known as such", () => {
  const columns = file("certificates.json");
  for (const part of [{ numbers: undefined }, { days: [] }, { system: columns.system.map(() => 9) }, { system_names: { nl: [] } }]) {
    assert.throws(() => firstAnswer({ ...columns, ...part }, "29/0107", "nl"), /undefined|fit together/);
  }
});
