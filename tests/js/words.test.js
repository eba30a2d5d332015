// @ts-check
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { rank } from "../../theme/static/js/ranking.js";
import { Vocabulary, areInflections, indexTerms, isInflected, misspelt, queryWords, readings, settledWords, slipsBetween, terms } from "../../theme/static/js/words.js";
import { engine, numbersOf, plainLunr } from "./register.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/words.json", import.meta.url), "utf-8"));

const KNOWN = ["betonbuis", "buis", "buizen", "clay", "dn600", "fly", "geotextiel", "gresbuizen", "s20", "s200", "tray", "wegenbeton"];
const vocabulary = new Vocabulary(KNOWN);

/** @param {string} word @param {boolean} [unfinished] */
const meanings = (word, unfinished = false) => {
  const known = vocabulary.known(word, unfinished, vocabulary.has(word));
  const guessed = isInflected(word) ? misspelt(word, KNOWN) : new Map();
  const [meant] = [known, vocabulary.holding(word), guessed].filter(({ size }) => size > 0);
  return [...(meant ?? [])].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).map(([term]) => term);
};

const { search } = engine;

/** @param {string} query */
const matched = (query) => {
  const answer = search.find(query);
  assert.ok(answer);
  return answer;
};

/** @param {string} query */
const found = (query) => numbersOf(matched(query).rows);

const lunr = plainLunr();

/** @param {string} query */
const ranked = (query) => numbersOf(rank(lunr, search, matched(query)));

test("a text becomes the words of the Python twin", () => {
  for (const { text, units, terms: expected } of vectors) {
    assert.deepEqual(terms(text, units), expected, text);
  }
});

test("the number of a joined word is indexed by itself, the parts of a value with its unit are not", () => {
  assert.deepEqual(indexTerms("Buis DN 600"), ["buis", "dn600", "600"]);
  assert.deepEqual(indexTerms("Buis DN600 C 5, 20 kN/m", ["kn/m"]), ["buis", "dn600", "c5", "20 kn/m"]);
});

test("a number and what begins a unit are one word, until the unit is whole", () => {
  const units = ["kn/m", "mm", "m"];
  /** @param {string} query */
  const read = (query) => readings(query, units).map(({ words, unfinished }) => [words, unfinished]);
  assert.deepEqual(read("geotextiel 20 k"), [[["geotextiel", "20 k"], true], [["geotextiel", "20", "k"], true]]);
  assert.deepEqual(read("20,50kN")[0], [["20.5 kn"], true]);
  assert.deepEqual(read("20 kN/")[0], [["20 kn/"], true], "what ends in a sign goes on too");
  assert.deepEqual(read("20 kN/m"), [[["20 kn/m"], true]]);
  assert.deepEqual(read("20 kN/m."), [[["20 kn/m"], false]]);
  assert.deepEqual(read("20 m"), [[["20 m"], true]]);
  assert.deepEqual(read("20 x"), [[["20", "x"], true]]);
  assert.deepEqual(read("vlies 3."), [[["vlies", "3"], false], [["vlies", "3."], true]]);
  assert.deepEqual(read("vlies 3,5"), [[["vlies", "3", "5"], true], [["vlies", "3.5"], true]]);
});

test("what has only just been begun can be left aside", () => {
  const units = ["kn/m", "m"];
  for (const query of ["shaft 600 k", "shaft 600 4", "shaft 600 4.", "shaft 600 4.55", "shaft 600 m", "shaft-600-K"]) {
    assert.deepEqual(settledWords(query, units), ["shaft", "600"], query);
  }
  assert.deepEqual(settledWords("AB-5", units), ["ab"]);
  for (const query of ["shaft", "shaft 60", "shaft 600 kn", "k", "5", "k5", "shaft.", ""]) {
    assert.deepEqual(settledWords(query, units), [], query);
  }
});

test("words that only join are left out, unless there are no others", () => {
  assert.deepEqual(queryWords("tuyaux en grès de la Meuse"), ["tuyaux", "gres", "meuse"]);
  assert.deepEqual(queryWords("de la"), ["de", "la"]);
  assert.deepEqual(queryWords("beton beton"), ["beton"]);
});

test("words whose stems stemmers disagree on mean themselves", () => {
  assert.deepEqual(meanings("clay"), ["clay"]);
  assert.deepEqual(meanings("tray"), ["tray"]);
  assert.deepEqual(meanings("fly"), ["fly"]);
});

test("a word means its plural and its singular, and compounds that begin or end with it", () => {
  assert.deepEqual(meanings("buis"), ["buis", "buizen", "betonbuis"]);
  assert.deepEqual(meanings("buizen"), ["buizen", "buis", "gresbuizen"]);
  assert.deepEqual(meanings("gresbuis"), ["gresbuizen"]);
  assert.deepEqual(meanings("beton"), ["betonbuis", "wegenbeton"]);
});

test("plural and singular of four languages are one word", () => {
  const pairs = ["buis buizen", "gresbuis gresbuizen", "werf werven", "wapeningsnet wapeningsnetten", "straatsteen straatstenen",
    "tuyau tuyaux", "tube tubes", "rohr rohre", "rohr rohren", "barriere barrieren", "material materialien", "canal canaux",
    "bitumineux bitumineuses", "quality qualities", "tegel tegels", "geotextiles geotextilen"];
  for (const [one, other] of pairs.map((pair) => pair.split(" "))) {
    assert.ok(areInflections(one, other) && areInflections(other, one), `${one} ${other}`);
  }
});

test("words that only begin alike are not", () => {
  const pairs = ["steenba steel", "steenba steen", "gras gravel", "gras gravier", "mons mont", "waals waas", "vlierlo vlies",
    "chaud chaumont", "partij parts", "place placing", "dn600 dn60", "clay cla"];
  for (const [one, other] of pairs.map((pair) => pair.split(" "))) {
    assert.ok(!areInflections(one, other) && !areInflections(other, one), `${one} ${other}`);
  }
  const holders = ["mesh", "steel", "steen", "steenbakkerij"];
  assert.deepEqual([...new Vocabulary(holders).known("steenba", true, false).keys()], ["steenbakkerij"]);
});

test("a short word means its beginnings only while it is being typed", () => {
  assert.deepEqual(meanings("s20"), ["s20"]);
  assert.deepEqual(meanings("s20", true), ["s20", "s200"]);
});

test("a slip is forgiven where nothing else fits, two in a long word, none beside a digit", () => {
  assert.deepEqual(meanings("geotextile"), ["geotextiel"]);
  assert.deepEqual(meanings("geotxtiel"), ["geotextiel"]);
  assert.deepEqual(meanings("goetextil"), ["geotextiel"]);
  assert.deepEqual(meanings("clya"), ["clay"]);
  assert.deepEqual(meanings("dn601"), []);
  assert.deepEqual(meanings("qwertyuiop"), []);
});

test("slips are letters wrong, missing, too many, or changed about", () => {
  assert.equal(slipsBetween("beton", "beton", 2), 0);
  assert.equal(slipsBetween("beton", "betno", 2), 1);
  assert.equal(slipsBetween("beton", "bton", 2), 1);
  assert.equal(slipsBetween("beton", "bbeton", 2), 1);
  assert.equal(slipsBetween("beton", "betan", 2), 1);
  assert.equal(slipsBetween("ab", "ba", 1), 1);
  assert.equal(slipsBetween("beton", "be", 1), 2);
});

test("slips are those of the whole table, for any two words", () => {
  let seed = 7;
  const random = (/** @type {number} */ limit) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  const word = () => Array.from({ length: random(11) }, () => "abc"[random(3)]).join("");
  for (let round = 0; round < 20_000; round += 1) {
    const [a, b, most] = [word(), word(), 1 + random(2)];
    assert.equal(slipsBetween(a, b, most), Math.min(slipsInTable(a, b), most + 1), `${a} ${b} ${most}`);
  }
});

/**
 * @param {string} a
 * @param {string} b
 */
function slipsInTable(a, b) {
  const table = Array.from({ length: a.length + 1 }, (_, row) => Array.from({ length: b.length + 1 }, (_, column) => row + column));
  for (let row = 1; row <= a.length; row += 1) {
    for (let column = 1; column <= b.length; column += 1) {
      const wrong = table[row - 1][column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      const changed = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const turned = changed ? table[row - 2][column - 2] + 1 : Number.POSITIVE_INFINITY;
      table[row][column] = Math.min(table[row - 1][column] + 1, table[row][column - 1] + 1, wrong, turned);
    }
  }
  return table[a.length][b.length];
}

test("a record matches by its product in any language, its synonyms, and its group", () => {
  const geotextiles = found("geotextiel");
  assert.equal(geotextiles.filter((number) => number !== "PTV 829").length, 7);
  for (const query of ["Géotextile", "GEOTEXTIL", "feutre", "vlies", "Geosynthetics", "geokunststoffen"]) {
    assert.deepEqual(new Set([...found(query), "PTV 829"]), new Set(geotextiles), query);
  }
});

test("a record matches by holder, former name, town, trade name, title and reference document", () => {
  assert.deepEqual(found("textilia"), ["benor 29/0107", "90012345", "90012346", "atg NO 3157"]);
  assert.ok(found("aachen").includes("90012346"));
  assert.ok(found("liege").includes("90023456"));
  assert.deepEqual(found("demotex s30"), ["90012346"]);
  assert.deepEqual(found("drainex"), ["atg NO 3157"]);
  assert.deepEqual(found("PTV 895"), ["benor 1/23", "90023456", "7-01", "PTV 895-1", "benor 1-23"]);
  assert.deepEqual(found("895"), found("PTV 895"));
});

test("a town is found by its Dutch, French and German name, a region and a country by theirs", () => {
  for (const query of ["Liège", "Luik", "Lüttich", "provincie luik", "Provinz Lüttich"]) {
    assert.ok(found(query).includes("90023456"), query);
    assert.ok(!found(query).includes("90012345"), query);
  }
  for (const query of ["gand", "Oost-Vlaanderen", "flandre orientale", "east flanders"]) {
    assert.ok(found(query).includes("90012345"), query);
  }
  assert.ok(found("duitsland").includes("benor 29/0108"));
  assert.ok(found("Allemagne").includes("benor 29/0108"));
});

test("a larger town abroad is found by its names in the country's languages", () => {
  for (const query of ["Aken", "Aix-la-Chapelle", "aachen"]) {
    assert.deepEqual(found(query), ["benor 29/0108", "90012346"], query);
  }
});

test("a declared value is found with its unit or its symbol, and no other value for it", () => {
  for (const query of ["geotextiel 20 kN/m", "20kn/m", "geotextile 20,0 kN/m", "20 kN/m pet"]) {
    assert.deepEqual(found(query), ["90012345"], query);
  }
  assert.deepEqual(found("25.5 kN/m"), ["90012346"]);
  assert.deepEqual(found("gresbuis DN 450"), ["90023456"]);
  assert.deepEqual(found("dn450"), ["90023456"]);
  assert.deepEqual(found("21 kN/m"), []);
  assert.deepEqual(found("0 kN/m"), [], "and is not looked for within another");
  assert.deepEqual(matched("geotextiel 21 kN/m").unknown, ["21 kn/m"]);
});

test("what stands for a word that nothing holds is told", () => {
  assert.deepEqual(matched("geotxtiel").similar, ["geotextiel"]);
  assert.deepEqual(matched("geotextiel vlierbeek").similar, ["vlierbeke"]);
  assert.deepEqual(matched("geotextiel gent").similar, []);
});

test("every word has to be held, by one text or by several", () => {
  assert.deepEqual(found("gresbuizen dn 600"), ["90023456"]);
  assert.deepEqual(found("benor vlierbeke gent geotextiel"), ["benor 29/0107", "90012345", "90012346"]);
  assert.deepEqual(found("benor qwertyuiop"), []);
  assert.deepEqual(matched("benor qwertyuiop").unknown, ["qwertyuiop"]);
});

test("a record of several certificates stands under the systems of all", () => {
  assert.ok(found("copro demotex").includes("90012346"));
  assert.ok(!found("copro demotex").includes("90012345"));
});

test("words together in one name come before words scattered over several", () => {
  assert.equal(ranked("filterdoek gent")[0], "7-01");
  assert.ok(ranked("filterdoek gent").length > 1);
});

test("lunr ranks the same records that matched, each once", () => {
  for (const query of ["geotextiel", "gent", "b", "benor geotextiel", "constructor", "script alert"]) {
    assert.deepEqual(new Set(ranked(query)), new Set(found(query)), query);
    assert.equal(ranked(query).length, found(query).length, query);
  }
});

test("signs that lunr's query parser would obey are not obeyed", () => {
  for (const query of ["title:geotextiel", "geotextiel~6", "*", "+benor -copro", "a^10", "__proto__", "constructor", "\\", "%"]) {
    assert.doesNotThrow(() => ranked(query), query);
  }
  assert.deepEqual(found("geotextiel*"), found("geotextiel"));
});

test("an automaton of plain lunr loses terms with digits; the ranking makes none", () => {
  // Numbers under which the automaton's node numbers and labels run together; it counts its nodes from 1.
  const digits = Array.from({ length: 300 }, (_, n) => ((n * 203) % 7919).toString(6)).sort();
  const lunr = plainLunr();
  const held = new Set(lunr.TokenSet.fromArray(digits).toArray());
  assert.ok(digits.some((term) => !held.has(term)));

  const search = engine.search;
  const asked = search.find("ptv");
  lunr.TokenSet.fromArray = lunr.TokenSet.prototype.intersect = () => assert.fail("an automaton");
  assert.ok(asked && asked.rows.length > 1);
  assert.deepEqual(rank(lunr, search, asked), rank(plainLunr(), search, asked));
});

test("of records that match equally well, those that hold come first", () => {
  assert.deepEqual(ranked("gresbuizen").slice(0, 3), ["benor 1/23", "90023456", "benor 1-23"]);
  assert.equal(ranked("vlies").at(-1), "atg NO 3157");
});
