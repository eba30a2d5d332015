// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { Engine } from "../../theme/static/js/engine.js";
import { isOneSlip } from "../../theme/static/js/slips.js";
import { filter, singleFacet } from "../../theme/static/js/facets.js";
import { LUNR } from "../../theme/static/js/finding.js";
import {
  PayloadError,
  decodeCodes,
  decodeNames,
  decodeRecords,
  decodeSheets,
  decodeShelves,
  decodeSpellings,
  decodeTerms,
  decodeTexts,
  decodeValidity,
  ofRelease,
  readFile,
  slugOf,
} from "../../theme/static/js/payload.js";
import { codeGroups } from "../../theme/static/js/results.js";
import { facetsOf } from "../../theme/static/js/search.js";
import { markedNumber, markedWords } from "../../theme/static/js/marking.js";
import { orderNamed } from "../../theme/static/js/sorting.js";
import { choose, cleanQuery, formatState, parseState } from "../../theme/static/js/state.js";
import { statusOn } from "../../theme/static/js/status.js";
import { statusesOn } from "../../theme/static/js/statuses.js";
import { Store } from "../../theme/static/js/store.js";
import { timelineOf } from "../../theme/static/js/timelines.js";
import { busyMilliseconds } from "./busy.js";
import { core as wholeCore, ReadyStore, TODAY, contentOf, engine, everyRow, file, makeEngine, names, numbersOf, records, resolver, statuses, validity } from "./register.js";

/** @param {string} query */
const find = (query) => engine.find(query);

/** @param {string} query */
const found = (query) => numbersOf(find(query).rows);

/** @param {string} query */
const single = (query) => {
  const { single: row } = find(query);
  return row === null ? null : numbersOf([row])[0];
};

test("a number is found in any spelling, the exact one first", () => {
  for (const query of ["BENOR 29/0107", "benor 29-0107", "BENOR nr. 29/0107", "Benor290107", "BENOR N° 29 0107"]) {
    assert.equal(found(query)[0], "benor 29/0107", query);
    assert.equal(single(query), "benor 29/0107", query);
  }
  assert.equal(single("9001 2345"), "90012345");
  assert.equal(single("50/0001"), "benor BENOR 50/0001");
  assert.equal(single("3157"), "atg NO 3157");
  assert.equal(single("no3157"), "atg NO 3157");
  for (const query of ["٣٤/١٢", "34/12", "copro ３４-१२"]) {
    assert.equal(single(query), "copro ٣٤/١٢", query);
  }
  assert.equal(single("---"), "copro ---");
});

test("a number of two systems is ambiguous until the system is named", () => {
  assert.deepEqual(found("29/0107"), ["benor 29/0107", "copro 29/0107"]);
  assert.equal(single("29/0107"), null);
  assert.equal(single("copro 29/0107"), "copro 29/0107");
  assert.deepEqual(found("copro 29/0107"), ["copro 29/0107", "benor 29/0107"]);
});

test("a number under another system than the one named is shown, and not gone to", () => {
  assert.deepEqual(found("copro 29/0108"), ["benor 29/0108"]);
  assert.equal(single("copro 29/0108"), null);
});

test("numbers of one compact form are both listed", () => {
  assert.deepEqual(found("1/23").slice(0, 2), ["benor 1-23", "benor 1/23"]);
});

test("a prefix of three characters finds numbers, an inner piece those of certificates and documents; a shorter one only where nothing else does", () => {
  assert.deepEqual(found("2901"), ["benor 29/0107", "benor 29/0108", "copro 29/0107"]);
  assert.deepEqual(found("0108"), ["benor 29/0108"]);
  assert.deepEqual(found("9001").sort(), ["90012345", "90012346"]);
  assert.deepEqual(found("23456"), []);
  assert.deepEqual(found("29"), ["benor 29/0107", "benor 29/0108", "copro 29/0107"]);
});

test("four digits are a piece of a number before they are a word", () => {
  assert.deepEqual(found("0107").slice(0, 2), ["benor 29/0107", "copro 29/0107"]);
  assert.deepEqual(found("450"), ["90023456"], "three may be a declared value");
});

/**
 * The files that a question takes, each as often as it is asked anew.
 * @param {string} query
 */
const filesFor = (query) => {
  const store = new ReadyStore(contentOf);
  makeEngine(store).find(query);
  return store.asked;
};

test("a certificate's number takes no file, a datasheet's code takes one", () => {
  for (const query of ["benor 29/0107", "29/0107", "1/23", "3157"]) {
    assert.deepEqual(filesFor(query), [], query);
  }
  assert.equal(filesFor("90012345").length, 1);
  assert.equal(filesFor("9001 2345").length, 1);
});

test("words of the core take no file, unless datasheets have them too", () => {
  for (const query of ["geotextiel", "luik", "vlierbeke", "textilia ganda", "gresbuizen benor"]) {
    assert.deepEqual(filesFor(query), [], query);
  }
  assert.ok(filesFor("filterdoek").some((name) => name.startsWith("terms/")), "a synonym and a trade name");
  assert.ok(filesFor("demotex").includes(LUNR));
});

test("a question is asked until its files have come, and its answer is that of all files at hand", async () => {
  const slow = makeEngine(new Store(async (name) => contentOf(name)));
  for (const query of ["90012345", "9001", "demotex s30", "geotextiel 20 kn/m", "demotxe", "PTV 829", "90012344", "xyzzyq", "gent"]) {
    /** @type {number[][]} */
    const early = [];
    const answer = await slow.ask(() => slow.find(query), { early: ({ rows }) => early.push(rows) });
    assert.deepEqual(answer, engine.find(query), query);
    for (const rows of early) {
      assert.deepEqual(rows, answer.rows.slice(0, rows.length), query);
    }
  }
});

/**
 * The files that are fetched before an engine has been made, for the query that it is told to expect.
 * @param {string} query
 */
function filesExpectedFor(query) {
  /** @type {string[]} */
  const asked = [];
  const store = new Store(async (name) => {
    asked.push(name);
    return contentOf(name);
  });
  new Engine(wholeCore(), { lang: "nl", today: TODAY, store, query });
  return asked;
}

test("what words need of datasheets is fetched while everything else is made", () => {
  for (const query of ["demotex s30", "filterdoek", "demotex"]) {
    const expected = filesExpectedFor(query);
    assert.ok(expected.includes(LUNR), query);
    const words = filesFor(query).filter((name) => name.startsWith("terms/"));
    assert.ok(words.length > 0 && words.every((name) => expected.includes(name)), query);
  }
  const taken = ["29/0107", "benor 29/0107", "90012345", "copro 90012345", "PTV 829", "geotextiel", "Lüttich", "liège", "gresbuizen benor", ""];
  for (const query of taken) {
    assert.deepEqual(filesExpectedFor(query), [], query);
  }
});

test("the word that is meant by a slip is asked for before it is known that nothing is written so", async () => {
  for (const query of ["eilterdoek", "cilterdoek"]) {
    /** @type {string[][]} */
    const rounds = [];
    const store = new Store(async (name) => {
      rounds.at(-1)?.push(name);
      return contentOf(name);
    });
    const bring = store.fetch.bind(store);
    store.fetch = () => {
      rounds.push([]);
      return bring();
    };
    const own = makeEngine(store);
    const { rows } = await own.ask(() => own.find(query));
    assert.deepEqual(rows, engine.find(query).rows);
    assert.ok(rows.length > 0, query);
    const meant = filesFor("filterdoek").filter((name) => name.startsWith("terms/"));
    assert.ok(meant.length > 0 && meant.every((name) => rounds[0].includes(name)), query);
  }
});

test("what was expected changes no answer", async () => {
  for (const query of ["demotex s30", "demotxe", "geotextiel 20 kn/m", "(.*)+ [a-z]{9}$", "\\p{L} ?<x>"]) {
    const store = new Store(async (name) => contentOf(name));
    const expecting = new Engine(wholeCore(), { lang: "nl", today: TODAY, store, query });
    const plain = new Engine(wholeCore(), { lang: "nl", today: TODAY, store: new Store(async (name) => contentOf(name)) });
    assert.deepEqual(await expecting.ask(() => expecting.find(query)), await plain.ask(() => plain.find(query)), query);
  }
});

test("an answer without a file that cannot be read says so, and the next question tries again", async () => {
  let broken = true;
  const store = new Store(async (name) => {
    if (broken && !name.startsWith("codes/")) {
      throw new PayloadError(name);
    }
    return contentOf(name);
  });
  const lame = makeEngine(store);
  const { error } = console;
  console.error = () => {};
  const ask = () => lame.ask(() => ({ rows: lame.find("gent demotex").rows, failed: store.failed }));
  assert.deepEqual(await ask(), { rows: [], failed: true });
  broken = false;
  assert.equal((await ask()).failed, true, "until another question is begun");
  store.retry();
  const answer = await ask();
  console.error = error;
  assert.deepEqual(answer, { rows: engine.find("gent demotex").rows, failed: false });
  assert.ok(answer.rows.length > 0);
});

test("words are found when lunr could not be loaded", () => {
  const without = makeEngine(new ReadyStore((name) => (name === LUNR ? { default: null } : contentOf(name))));
  assert.deepEqual(numbersOf(without.find("demotex").rows).sort(), found("demotex").sort());
});

test("nothing found says why", () => {
  assert.equal(find("29/0999").nothing?.reason, "not_listed");
  assert.equal(find("BENOR 77/7777").nothing?.reason, "not_listed");
  assert.equal(find("X-1-Y-2").nothing?.reason, "not_a_form");
  assert.deepEqual(find("qwertyuiop").nothing, { reason: "unknown_words", words: ["qwertyuiop"] });
  assert.deepEqual(find("*").nothing, { reason: "unknown_words", words: ["*"] });
  assert.deepEqual(find("gresbuizen demotex").nothing, { reason: "no_record", words: [] });
});

test("one slip in a number finds its neighbours, as the last resort, and is said", () => {
  for (const query of ["29/0708", "benor 29/018", "29/01008", "BENOR 29/0208", "92/0108"]) {
    const answer = find(query);
    assert.ok(numbersOf(answer.rows).includes("benor 29/0108"), query);
    assert.equal(answer.slipped, true, query);
    assert.equal(answer.single, null, query);
  }
  assert.deepEqual(found("copro 29/0117"), ["copro 29/0107", "benor 29/0107"]);
  assert.deepEqual(found("PTV 828"), ["PTV 829"]);
  assert.equal(find("29/0107").slipped, false);
  assert.deepEqual(find("29/0998").nothing, { reason: "not_listed", words: [] });
  assert.deepEqual(found("1/24"), [], "four characters are one slip from too much");
});

test("a slip is one character wrong, missing, too many, or two changed about", () => {
  for (const [a, b] of [["290107", "290108"], ["290107", "29010"], ["290107", "2901077"], ["290107", "290170"], ["1", ""], ["12", "21"]]) {
    assert.ok(isOneSlip(a, b) && isOneSlip(b, a), `${a} ${b}`);
  }
  for (const [a, b] of [["290107", "290107"], ["290107", "290218"], ["290107", "2901"], ["1234", "2143"], ["123", "321"], ["", ""]]) {
    assert.ok(!isOneSlip(a, b) && !isOneSlip(b, a), `${a} ${b}`);
  }
});

test("a document's number leads to the document, then to what is certified against it", () => {
  for (const query of ["PTV 829", "ptv829", "PTV-829"]) {
    assert.equal(found(query)[0], "PTV 829", query);
    assert.equal(single(query), "PTV 829", query);
    assert.ok(found(query).includes("90012345"), query);
  }
  assert.equal(found("829")[0], "PTV 829");
});

test("a number that is not listed is never taken for words that some records hold", () => {
  assert.deepEqual(find("PTV 20").nothing, { reason: "not_a_form", words: resolver.exampleForms(3) });
  assert.deepEqual(found("DN 29"), []);
});

test("hostile queries are answered", () => {
  const hostile = ["a".repeat(100) + "~6", "aaaaaaaaaaaaaaaaaaaa~6", "*", "title:x", "%E0%A4%A", "__proto__", "constructor",
    "toString", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "$&", "$1", "\\u202e", "(((((", "[a-z]+", "'; --",
    "\ud800", "\u0000", "🏗".repeat(60), "é".repeat(300)];
  for (const query of hostile) {
    const taken = busyMilliseconds(() => assert.doesNotThrow(() => find(cleanQuery(query)), query));
    assert.ok(taken < 200, query);
  }
});

test("a query is cut at 100 characters and freed of what nobody sees", () => {
  assert.equal(cleanQuery("🏗".repeat(150)), "🏗".repeat(100));
  assert.equal(cleanQuery(" \u202e29/\u200b0107\t\u0000"), "29/0107");
  assert.equal(cleanQuery("a\ud800b"), "ab");
});

test("slugs follow from numbers, or are named", () => {
  const slugs = Array.from({ length: records.count }, (_, row) => slugOf(records, row, engine.sheets.numberOf(row) ?? ""));
  assert.deepEqual(slugs.slice(0, 7), [
    "atg-no-3157", "benor-1-23", "benor-1-23-b1fb994065", "benor-29-0107", "benor-29-0108", "benor-50-0001", "copro-n25d2fba1e4",
  ]);
  assert.equal(new Set(slugs).size, slugs.length);
  assert.deepEqual(slugs.slice(-6), ["90023456", "90012345", "90012346", "7-01", "ptv-829", "ptv-895"]);
});

test("a datasheet belongs to its first certificate, but for what it says itself", () => {
  const [row] = find("90012346").rows;
  assert.equal(records.holders[records.holder[row]], "vlierbeke");
  assert.deepEqual(records.systemSets[records.systemSet[row]].map((system) => records.systems[system]), ["benor", "copro"]);
  assert.deepEqual(records.places[records.unitPlaces[records.unit[row]]], ["Aachen", "DE", ["Aken", "Aix-la-Chapelle"]]);
});

test("the status of every row is the rule's", () => {
  for (const day of ["1964-12-31", "1965-01-01", "2023-05-11", TODAY, "2026-12-01", "2027-02-28", "2027-03-01"]) {
    const rows = everyRow.slice(0, records.certificates);
    const told = rows.map((row) => records.statuses[statusesOn(records, validity, day)[row]]);
    assert.deepEqual(told, rows.map((row) => statusOn(timelineOf(records, validity, row), day)), day);
  }
  assert.equal(records.statuses[statuses[0]], "suspended");
});

test("a datasheet's status is its own only where a certificate of its is valid", () => {
  const [row] = find("90012345").rows;
  /** @param {string} day */
  const on = (day) => records.statuses[statusesOn(records, validity, day)[row]];
  assert.deepEqual([on(TODAY), on("2027-02-28"), on("2027-03-01")], ["valid", "valid", "expired"]);
});

/** @param {Record<string, string[]>} chosen */
const filtered = (chosen) => {
  const facets = facetsOf(records, statuses);
  const { rows, counts } = filter(facets, new Map(Object.entries(chosen)), everyRow);
  const named = Object.fromEntries(
    facets.map(({ name, values }) => [name, Object.fromEntries(values.map((id, value) => [id, counts.get(name)?.[value]]))]),
  );
  return { numbers: numbersOf(rows), counts: named };
};

test("without the dates of datasheets there is no facet of statuses", () => {
  assert.ok(!facetsOf(records, null).some(({ name }) => name === "status"));
});

test("facets narrow, values of one facet widen", () => {
  assert.deepEqual(filtered({ kind: ["datasheet"], system: ["copro"] }).numbers, ["90012346", "7-01"]);
  assert.equal(filtered({ system: ["benor", "copro"] }).numbers.length, 12);
  assert.deepEqual(filtered({ kind: ["document"], product: ["geotextile"] }).numbers, ["PTV 829"]);
  assert.deepEqual(filtered({ status: ["suspended"] }).numbers, ["atg NO 3157"]);
  assert.deepEqual(filtered({ group: ["pipes-and-sewers"], kind: ["certificate"] }).numbers, ["benor 1-23", "benor 1/23"]);
  assert.deepEqual(filtered({ region: ["de"] }).numbers, ["benor 29/0108", "90012346"]);
  assert.equal(filtered({}).counts.region["be-vov"], 3);
  assert.deepEqual(filtered({ system: ["foo"] }).numbers, []);
  assert.deepEqual(filtered({ system: ["constructor"] }).numbers, []);
});

test("a value's count is what choosing it would leave under the other facets' choice", () => {
  /** @type {Record<string, string[]>[]} */
  const choices = [
    {},
    { kind: ["datasheet"] },
    { region: ["be-wlg", "de"], kind: ["certificate"] },
    { kind: ["datasheet"], system: ["copro"] },
    { system: ["atg"], product: ["clay-pipe"] },
  ];
  for (const chosen of choices) {
    const { counts } = filtered(chosen);
    for (const [name, values] of Object.entries(counts)) {
      for (const [id, count] of Object.entries(values)) {
        assert.equal(count, filtered({ ...chosen, [name]: [id] }).numbers.length, `${JSON.stringify(chosen)} ${name}=${id}`);
      }
    }
  }
});

test("rows keep their order through filters", () => {
  const facet = singleFacet("kind", ["a", "b"], [0, 1, 0, 1]);
  assert.deepEqual(filter([facet], new Map([["kind", ["b"]]]), [3, 2, 1, 0]).rows, [3, 1]);
});

test("a state survives its URL", () => {
  const search = "?q=29/0107&system=benor&system=copro&product=geotextile&status=valid&sort=holder&shown=100";
  assert.equal(formatState(parseState(search)), search);
  assert.equal(formatState(parseState("")), "");
  assert.equal(formatState(parseState("?q=29%2F0107&status=valid")), "?q=29/0107&status=valid");
  assert.deepEqual(parseState("?q=%E0%A4%A&system=&shown=x&__proto__=y").chosen, new Map());
  assert.equal(parseState("?shown=1e9").shown, 2000);
});

test("the order of choosing does not matter to the URL", () => {
  const state = parseState("");
  const one = choose(choose(state, "system", "copro", true), "system", "benor", true);
  const other = choose(choose(state, "system", "benor", true), "system", "copro", true);
  assert.equal(formatState(one), formatState(other));
  assert.equal(formatState(choose(choose(one, "system", "copro", false), "system", "benor", false)), "");
});

test("results are sorted by number, holder or date, and by relevance among equals", () => {
  const { sorting } = engine;
  const rows = [...everyRow].reverse();
  /** @param {import("../../theme/static/js/sorting.js").Order | null} order */
  const sorted = (order) => numbersOf(sorting.sorted(rows, order));
  assert.deepEqual(sorting.sorted(rows, null), rows);
  const byNumber = sorted("number");
  assert.ok(byNumber.indexOf("benor 1/23") < byNumber.indexOf("7-01"));
  assert.ok(byNumber.indexOf("7-01") < byNumber.indexOf("benor 29/0107"));
  assert.equal(sorted("date").at(-1), "PTV 829", "what has no date is last");
  assert.equal(sorted("date").at(-3), "benor BENOR 50/0001");
  assert.deepEqual(sorted("holder").slice(-2), ["PTV 895-1", "PTV 829"]);
  assert.deepEqual(sorted("holder").slice(0, 3), ["copro ٣٤/١٢", "benor 1-23", "7-01"]);
  assert.equal(orderNamed("date"), "date");
  assert.equal(orderNamed("constructor"), null);
});

test("what was asked for is marked in a result, in any spelling", () => {
  const asked = { terms: new Set(["geotextiel", "dn600", "liege"]), number: "0107" };
  /** @param {import("../../theme/static/js/marking.js").Piece[]} pieces */
  const shown = (pieces) => pieces.map(({ text, hit }) => (hit ? `[${text}]` : text)).join("");
  assert.equal(shown(markedWords("Géotextiel, Liège: DN 600", asked)), "[Géotextiel], [Liège]: [DN] [600]");
  assert.equal(shown(markedWords("geotextielen", asked)), "geotextielen");
  assert.equal(shown(markedNumber("29/01-07", asked)), "29/[01-07]");
  assert.equal(shown(markedNumber("29/0108", asked)), "29/0108");
  assert.equal(shown(markedNumber("<b>0107", asked)), "<b>[0107]");
  assert.equal(shown(markedNumber("0107", { terms: new Set(), number: "" })), "0107");
  assert.equal(shown(markedNumber("🏗ß0107", asked)), "🏗ß[0107]");
});

test("codes are read in fours", () => {
  assert.deepEqual(codeGroups("90012345"), ["9001", "2345"]);
  assert.deepEqual(codeGroups("123456789"), ["1", "2345", "6789"]);
  assert.deepEqual(codeGroups("7-01"), ["7-01"]);
});

test("damaged data are known as such", async () => {
  const core = wholeCore();
  const damaged = [
    ...[{}, null, "", { numbers: [] }].map((core) => () => decodeRecords(core)),
    ...[
      { holder: [0] },
      { days: [1] },
      { system: core.system.map(() => 9) },
      { product: core.product.map(() => 99) },
      { document_numbers: [] },
      { document_products: { lengths: [1, 0], steps: [99] } },
      { series: { ...core.series, sheets: [1] } },
      { series: { ...core.series, certificate: core.series.certificate.map(() => 99) } },
      { certificate_documents: [] },
    ].map((part) => () => decodeRecords({ ...core, ...part })),
    () => decodeNames({ ...core, product_names: { nl: [] } }, records, "nl"),
    () => decodeNames({ ...core, product_names: {} }, records, "nl"),
    () => decodeTexts({ ...core, units: undefined }),
    () => decodeShelves({ ...core, codes: {} }),
    () => decodeCodes({ ...file("codes/0.json"), sheets: "" }, records),
    () => decodeCodes({ ...file("codes/0.json"), sheets: "~~".repeat(9) }, records),
    () => decodeCodes({ ...file("codes/0.json"), sheets: file("codes/0.json").sheets.replace(/./g, "h") }, records),
    () => decodeSheets({ ...file("sheets/0.json"), until: [] }, records, 0),
    () => decodeSheets({ ...file("sheets/0.json"), codes: ["1"] }, records, 0),
    () => decodeSheets(file("sheets/0.json"), records, 99),
    () => decodeTerms({ ...file("terms/0.json"), weights: "" }, records),
    () => decodeTerms({ ...file("terms/0.json"), weights: `${file("terms/0.json").weights}!` }, records),
    () => decodeTerms({ ...file("terms/0.json"), palette: [] }, records),
    () => decodeTerms({ ...file("terms/0.json"), palette: ["x"] }, records),
    () => decodeTerms({ ...file("terms/0.json"), lengths: "!" }, records),
    () => decodeTerms({ ...file("terms/0.json"), steps: file("terms/0.json").steps.replace(/./g, "h") }, records),
    () => decodeSpellings({}),
    () => decodeValidity({ ...file("validity.json"), until: [0] }, records),
    () => decodeSheets({ ...file("sheets/0.json"), from: "!" }, records, 0),
  ];
  for (const decode of damaged) {
    assert.throws(decode, PayloadError);
  }
  assert.equal(ofRelease(core, core, "core.json"), core);
  for (const other of [null, {}, { release: "1" }, { release: undefined }]) {
    assert.throws(() => ofRelease(other, core, "a.json"), PayloadError);
  }
  const folder = new URL("https://register.example/search/x/");
  const answer = (/** @type {Response} */ response) => async () => response;
  await assert.rejects(readFile(folder, "a.json", answer(new Response("", { status: 404 }))), PayloadError);
  await assert.rejects(readFile(folder, "a.json", answer(new Response('{"numbers":['))), PayloadError);
  await assert.rejects(readFile(folder, "a.json", async () => Promise.reject(new TypeError("no network"))), PayloadError);
});

test("names that fall back say their language", () => {
  assert.deepEqual(names.products, [
    { text: "Gresbuizen", lang: null },
    { text: "Geotextiel", lang: null },
    { text: "Béton routier", lang: "fr" },
  ]);
});
