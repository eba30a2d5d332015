// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { badgeStatus } from "../../theme/static/js/badge-status.js";
import { citedDay, citedStatus } from "../../theme/static/js/citing.js";
import { csv } from "../../theme/static/js/csv.js";
import { preferred } from "../../theme/static/js/filtered-list.js";
import { KEYS, REGIONS, lastingQuery, searchQuery } from "../../theme/static/js/lasting.js";
import { FACETS } from "../../theme/static/js/state.js";

const words = {
  valid_until: "Valid until {date}",
  expired_after: "Expired after {date}",
  withdrawn: "Withdrawn since {date}",
  not_covered: "Does not cover a delivery.",
  too_old: "{status} (by data of {date}, too old to tell)",
  cite_status: "{status}, by register data of {date}",
  cite_consulted: "consulted on {date}",
  cite_data: "register data of {date}",
};
/** @type {import("../../theme/static/js/status.js").Timeline} */
const dates = { from: "2023-05-12", until: "2027-02-28", events: [] };
/** @type {import("../../theme/static/js/status.js").Timeline} */
const withdrawn = { ...dates, events: [["2026-03-03", "withdrawn"]] };
const fresh = { exported: "2026-11-21", staleAfter: 30 };
const format = (/** @type {string} */ day) => day;

test("a citation that says a record holds says by the data of which day", () => {
  const said = citedStatus({ timeline: dates, certificates: null }, fresh, "2026-11-27", words, format);
  assert.equal(said, "Valid until 2027-02-28, by register data of 2026-11-21.");
});

test("a citation says of what does not hold that it does not", () => {
  const cite = (/** @type {any} */ timeline, /** @type {string} */ today) =>
    citedStatus({ timeline, certificates: null }, { ...fresh, staleAfter: 1000 }, today, words, format);
  assert.equal(cite(withdrawn, "2026-11-27"), "Withdrawn since 2026-03-03, by register data of 2026-11-21.");
  assert.equal(cite(dates, "2027-03-01"), "Expired after 2027-02-28, by register data of 2026-11-21.");
});

test("a citation from old data says that they are too old, one from data of no known day says nothing", () => {
  const cited = { timeline: dates, certificates: null };
  assert.match(citedStatus(cited, fresh, "2027-01-15", words, format), /by data of 2026-11-21, too old to tell/);
  assert.equal(citedStatus(cited, { exported: null, staleAfter: 30 }, "2026-11-27", words, format), "");
  assert.equal(citedStatus(cited, fresh, "2026-11-27", {}, format), "");
});

test("a datasheet is cited as covering only with a valid certificate", () => {
  const cite = (/** @type {any} */ certificates) =>
    citedStatus({ timeline: dates, certificates }, fresh, "2026-11-27", words, format);
  assert.match(cite([withdrawn, dates]), /^Valid until/);
  assert.equal(cite([withdrawn]), "Does not cover a delivery, by register data of 2026-11-21.");
});

test("a citation tells both days", () => {
  assert.equal(
    citedDay(fresh, "2026-11-27", words, format),
    "(consulted on 2026-11-27, register data of 2026-11-21)",
  );
  assert.equal(citedDay({ exported: null, staleAfter: 1 }, "2026-11-27", words, format), "(consulted on 2026-11-27)");
  assert.equal(citedDay(fresh, "2026-11-27", {}, format), "");
});

test("a badge says valid only with young data", () => {
  const said = (/** @type {any} */ timeline, /** @type {any} */ release, /** @type {string} */ today) => {
    const { tone, doubt, status } = badgeStatus(timeline, release, today);
    return doubt ? `${tone}: ${doubt}` : `${tone}: ${status}`;
  };
  assert.equal(said(dates, fresh, "2026-11-27"), "valid: valid");
  assert.equal(said(dates, fresh, "2026-12-22"), "unknown: too old");
  assert.equal(said(dates, { exported: null, staleAfter: Number.POSITIVE_INFINITY }, "2026-11-27"), "unknown: unread");
  assert.equal(said(dates, fresh, "2027-03-01"), "ended: expired");
  assert.equal(said(withdrawn, { exported: null, staleAfter: 30 }, "2030-01-01"), "ended: withdrawn");
  assert.equal(said({ ...dates, from: "2027-01-01" }, { exported: null, staleAfter: 30 }, "2026-11-27"), "unknown: unread");
});

test("no age of data and no day makes a badge say valid that is not known to be", () => {
  for (let day = 0; day < 800; day += 7) {
    const today = new Date(Date.parse("2026-01-01") + day * 86_400_000).toISOString().slice(0, 10);
    for (const exported of ["2025-06-01", "2026-11-21", "2027-02-20", null]) {
      const { tone, status } = badgeStatus(dates, { exported, staleAfter: 30 }, today);
      if (tone === "valid") {
        assert.ok(exported !== null && status === "valid");
        const last = exported > today ? exported : today;
        assert.ok(last <= "2027-02-28" && (Date.parse(last) - Date.parse(exported)) / 86_400_000 <= 30);
      }
    }
  }
});

test("a clock behind the data does not revive what has expired", () => {
  assert.equal(badgeStatus(dates, { exported: "2027-03-10", staleAfter: 30 }, "2026-01-01").status, "expired");
});

test("the keys of lasting links are those that were issued", () => {
  assert.deepEqual(KEYS, {
    q: "q",
    s: "system",
    g: "group",
    p: "product",
    h: "holder",
    r: "region",
    t: "status",
    k: "kind",
    o: "sort",
  });
  assert.deepEqual(REGIONS, {
    "be-vlg": ["be-van", "be-vbr", "be-vli", "be-vov", "be-vwv"],
    "be-wal": ["be-wbr", "be-wht", "be-wlg", "be-wlx", "be-wna"],
  });
  assert.deepEqual(new Set(Object.values(KEYS)), new Set(["q", "sort", ...FACETS]), "every filter has a key");
});

const issued = /** @type {const} */ ([
  ["", ""],
  ["?s=benor&p=geotextile&r=BE-WAL", "?system=benor&product=geotextile&region=be-wbr&region=be-wht&region=be-wlg&region=be-wlx&region=be-wna"],
  ["?s=benor&s=copro", "?system=benor&system=copro"],
  ["?q=29/0107", "?q=29/0107"],
  ["?q=béton&t=valid&k=datasheet&o=date", "?q=b%C3%A9ton&status=valid&kind=datasheet&sort=date"],
  ["?p=geotextile&v.tensile=20..40", "?product=geotextile&value.tensile=20..40"],
  ["?h=hazerloo&g=geosynthetics&r=fr", "?group=geosynthetics&holder=hazerloo&region=fr"],
  ["?z=1&shown=2000&system=benor&v.<script>=1&V.a=1", ""],
]);

for (const [link, search] of issued) {
  test(`the lasting link ${link || "without filters"} keeps its meaning`, () => {
    assert.equal(searchQuery(link), search);
  });
}

test("a list's lasting link leads back to the list, and shown results are no part of it", () => {
  for (const search of issued.map(([, query]) => query)) {
    assert.equal(searchQuery(lastingQuery(search)), search);
  }
  assert.equal(lastingQuery("?system=benor&shown=100"), "?s=benor");
  assert.equal(lastingQuery(`?${REGIONS["be-wal"].map((id) => `region=${id}`).join("&")}&region=be-bru`), "?r=be-wal&r=be-bru");
  assert.equal(lastingQuery("?region=be-wbr&region=be-wht"), "?r=be-wbr&r=be-wht");
});

test("a lasting link opens in the visitor's language where the site has it", () => {
  const given = ["nl", "fr", "de", "en"];
  assert.equal(preferred(["fr-BE", "nl"], given), "fr");
  assert.equal(preferred(["it", "de-AT"], given), "de");
  assert.equal(preferred(["it"], given), "nl");
  assert.equal(preferred([], given), "nl");
});

test("a file has no cell that a spreadsheet runs", () => {
  const text = csv([["=1+1", "+32", "-1", "@x", "\tx"], ["a,b", 'say "hi"', "two\nlines", "", "plain = 1"]]);
  assert.equal(text, "\uFEFF'=1+1,'+32,'-1,'@x,'\tx\r\n\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,plain = 1\r\n");
});

test("a file has no cell that a spreadsheet runs when it cuts lines elsewhere, or leaves out blanks", () => {
  const text = csv([["Aarts; =HYPERLINK(1)", " =1", "＝1", "a;b - c", "29/0107;+1"], ["x\n@y", "x\t-1"]]);
  assert.equal(text, "\uFEFFAarts;' =HYPERLINK(1),' =1,'＝1,a;b - c,29/0107;'+1\r\n\"x\n'@y\",x\t'-1\r\n");
});
