// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { filter } from "../../theme/static/js/facets.js";
import { PayloadError } from "../../theme/static/js/payload.js";
import { facetsOf } from "../../theme/static/js/search.js";
import { chooseOnly, choose, formatState, parseState } from "../../theme/static/js/state.js";
import { decodeValues, formatRange, liesWithin, parseRange, typedNumber } from "../../theme/static/js/values.js";
import { everyRow, file, numbersOf, records, statuses } from "./register.js";

const characteristics = decodeValues(file("values/geotextile.json"), records, "nl");
const facets = [...facetsOf(records, statuses), ...characteristics.map(({ facet }) => facet)];

/** @param {string} search */
const filtered = (search) => filter(facets, parseState(search).chosen, everyRow);

/** @param {string} search */
const found = (search) => numbersOf(filtered(search).rows);

test("a range finds the datasheets of which all that is declared lies within", () => {
  assert.deepEqual(found("?product=geotextile&value.tensile-strength=20.."), ["90012345", "90012346"]);
  assert.deepEqual(found("?product=geotextile&value.tensile-strength=20..40"), ["90012345", "90012346"]);
  assert.deepEqual(found("?product=geotextile&value.tensile-strength=..20"), ["90012345"]);
  assert.deepEqual(found("?product=geotextile&value.tensile-strength=20.5.."), ["90012346"]);
  assert.deepEqual(found("?product=geotextile&value.tensile-strength=25.5..29"), [], "it declares up to 30");
  assert.deepEqual(found("?product=geotextile&value.tensile-strength=40..20"), []);
});

test("an open end of a declaration lies in no closed range", () => {
  const atLeast20 = { low: 20, high: null };
  assert.ok(liesWithin({ low: 20, high: null }, atLeast20));
  assert.ok(!liesWithin({ low: 20, high: 100 }, atLeast20));
  assert.ok(!liesWithin({ low: null, high: 100 }, atLeast20));
  assert.ok(!liesWithin({ low: 1, high: null }, { low: null, high: 40 }), "up to 40 may be 0");
});

test("choices widen, characteristics narrow", () => {
  assert.deepEqual(found("?product=geotextile&value.polymer=PET&value.polymer=PP"), ["90012345", "90012346"]);
  assert.deepEqual(found("?product=geotextile&value.polymer=PET"), ["90012345"]);
  assert.deepEqual(found("?product=geotextile&value.polymer=PP&value.tensile-strength=..20"), []);
});

test("what the product does not have lets nothing pass", () => {
  for (const value of ["value.polymer=wool", "value.tensile-strength=strong", "value.tensile-strength=..", "value.weight=1.."]) {
    assert.deepEqual(found(`?product=geotextile&${value}`), [], value);
  }
});

test("a value's count is what choosing it would leave under the other filters' choice", () => {
  const { counts } = filtered("?product=geotextile&value.tensile-strength=..20");
  assert.deepEqual([...(counts.get("value.polymer") ?? [])], [1, 0]);
  assert.deepEqual([...(counts.get("value.tensile-strength") ?? [])], [1, 1]);
});

test("a characteristic belongs to the one product that is chosen", () => {
  const search = "?product=geotextile&value.polymer=PET&value.tensile-strength=20..40";
  assert.equal(formatState(parseState(search)), search);
  assert.equal(formatState(parseState("?value.polymer=PET")), "");
  assert.equal(formatState(choose(parseState(search), "product", "clay-pipe", true)), "?product=clay-pipe&product=geotextile");
  assert.equal(formatState(choose(parseState(search), "product", "geotextile", false)), "");
  assert.equal(
    formatState(chooseOnly(parseState(search), "value.tensile-strength", ["..5"])),
    "?product=geotextile&value.polymer=PET&value.tensile-strength=..5",
  );
  assert.equal(formatState(parseState("?product=geotextile&value.__proto__=1..&value.=2..")), "?product=geotextile");
});

test("a range survives its text", () => {
  for (const text of ["20..40", "20..", "..40", "-5.25..0", "0.0000001..100000000000000000"]) {
    const range = parseRange(text);
    assert.ok(range && formatRange(range) === text, text);
  }
  for (const text of ["", "..", "20", "a..b", "1e3..", "20,5..", " 20..", "20...40", "9".repeat(400) + ".."]) {
    assert.equal(parseRange(text), null, text);
  }
});

test("a number is typed with a point or a comma", () => {
  assert.deepEqual([" 20 ", "20,5", "20.5", "-3", "+3"].map(typedNumber), [20, 20.5, 20.5, -3, 3]);
  assert.equal(typedNumber(" "), null);
  for (const text of ["twenty", "1e9", "20 kN", "1.000,5", "∞"]) {
    assert.ok(Number.isNaN(typedNumber(text)), text);
  }
});

test("damaged values are said to be", () => {
  const whole = file("values/geotextile.json");
  for (const damaged of [null, {}, { ...whole, sheets: [99999] }, { ...whole, sheets: [1] }, { ...whole, characteristics: [{}] }]) {
    assert.throws(() => decodeValues(damaged, records, "nl"), PayloadError);
  }
  assert.deepEqual(decodeValues(file("values/clay-pipe.json"), records, "nl"), []);
});
