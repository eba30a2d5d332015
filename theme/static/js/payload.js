// @ts-check
/**
 * The search data of a release as the browser holds them: columns in typed arrays, one entry a row. A row is a
 * certificate (they come first), a datasheet or a reference document (they come last). What the files hold and why they
 * are cut so is said where they are written, in `plugins/keur/search/payload.py`; nothing here touches the page.
 */

import {
  NO_END,
  column,
  decodeCertificates,
  decodeSystemNames,
  ensure,
  ensureWithin,
  languagesFrom,
  namesIn,
  whole,
} from "./certificates.js";
import { unpacked } from "./columns.js";
import { guarded } from "./reading.js";

export { NO_END, slugOf } from "./certificates.js";
export { certificatesOf, isCovered } from "./covering.js";
export { PayloadError, ofRelease, readCore, readFile } from "./reading.js";

/** @typedef {import("./status.js").Status} Status */

const WEIGHT_UNIT = 0.01;
const WEIGHT_STEP = 1.03;

/**
 * Lists of numbers of different lengths: those of `i` are `items` from `starts[i]` up to `starts[i + 1]`.
 * @typedef {{ starts: Int32Array, items: Int32Array }} Ragged
 */

/**
 * A name, with its language where that is not the page's.
 * @typedef {{ text: string, lang: string | null }} Name
 */

/**
 * Day, status, precision.
 * @typedef {[number, number, number]} StatusEvent
 */

/**
 * Datasheets in a row that hang on the same certificates, are of one product and one production unit, and conform to the
 * same documents: what they have in common, by series.
 * @typedef {object} Series
 * @property {number} count
 * @property {Int32Array} starts the first row of each, and the row after the last
 * @property {Int32Array} holding how many of each, from its first on, had not ended on the day of the export
 * @property {number[][]} certificates the first is the one it stands under
 * @property {Int32Array} product
 * @property {Int32Array} unit
 * @property {Int32Array} documents in `documentSets`
 * @property {number[]} systems in `systemSets`
 */

/**
 * @typedef {object} Records
 * @property {number} count of rows
 * @property {number} certificates how many of them are certificates
 * @property {number} dated how many of them are certificates and datasheets: the columns by row are theirs
 * @property {string[]} numbers of the certificates, exactly as printed
 * @property {string[]} documentNumbers
 * @property {string[]} systems ids, as are `groups`, `products` and `holders`
 * @property {string[]} systemKinds
 * @property {string[]} groups
 * @property {string[]} products
 * @property {string[]} holders
 * @property {string[]} holderNames
 * @property {[string, string, string[]][]} places town, country, the town's other names
 * @property {string[]} regions ids: provinces at home, countries abroad
 * @property {string[]} regionCountries each region's country
 * @property {Int32Array} unitRegions each unit's region; the number of regions where it is not known
 * @property {string | null} homeCountry the country that needs no naming
 * @property {Status[]} statuses
 * @property {string[]} precisions
 * @property {Int32Array} productGroups each product's group
 * @property {Int32Array} unitPlaces each unit's place
 * @property {Series} series
 * @property {Int32Array} seriesOf each datasheet's series, by datasheet
 * @property {Int32Array} systemSet each row's entry in `systemSets`
 * @property {number[][]} systemSets
 * @property {Int32Array} product by row
 * @property {Int32Array} holder by row
 * @property {Int32Array} unit by row
 * @property {Int32Array} documents each certificate's entry in `documentSets`
 * @property {number[][]} documentSets
 * @property {Validity} certified the validity of certificates
 * @property {Map<number, string>} slugs those that do not follow from the number
 * @property {string[]} documentIds in the order of rows
 * @property {number[][]} documentProducts each document's products
 * @property {number} sheetsAFile
 */

/**
 * From when until when records hold, and what happened to them, by row; of certificates alone, or of datasheets too.
 * @typedef {object} Validity
 * @property {Int32Array} from days since 1970; of a datasheet 0 where that is before the day of the export
 * @property {Int32Array} until days since 1970, or NO_END
 * @property {Map<number, StatusEvent[]>} events
 */

/**
 * What the texts of the core call things, in every language.
 * @typedef {object} Texts
 * @property {string[][]} system
 * @property {string[][]} product
 * @property {string[][]} group
 * @property {string[][]} document
 * @property {string[][]} holder
 * @property {string[][]} unit
 * @property {string[][]} title by certificate
 * @property {string[]} unitsOfValues folded: a number before one belongs to it
 * @property {{ count: number, words: number }} distinct how many texts are different as words, and how many words they have
 */

/**
 * Where things in order stand: the first thing of each file, cut where that tells it from the file before, and the last
 * thing of all.
 * @typedef {{ folder: string, starts: string[], last: string }} Shelf
 */

/**
 * @typedef {object} Shelves
 * @property {Shelf} codes
 * @property {Shelf} gtins
 * @property {Shelf} terms
 * @property {[string, number][]} shapes an example of each shape of code, and how many have it
 * @property {number} texts how many distinct texts the terms stand in
 * @property {string} spellings the first letters that have a file of terms
 * @property {Set<string>} elsewhere words of the core that terms of datasheets are or begin with
 */

/**
 * @typedef {object} Names
 * @property {Name[]} systems
 * @property {Name[]} groups
 * @property {Name[]} products
 * @property {(Name | null)[]} regions null where the region is a whole country
 * @property {Map<number, Name>} titles certificates' own names, by row
 * @property {Name[]} documents titles, in the order of rows
 */

/**
 * A datasheet as its results show it.
 * @typedef {object} Sheet
 * @property {string} code
 * @property {string} tradeName
 * @property {number} from days since 1970
 * @property {number} until days since 1970, or NO_END
 * @property {StatusEvent[]} events
 */

/**
 * A file of codes or GTINs: forms in ascending order, with the row and the code of each.
 * @typedef {{ forms: string[], rows: number[], codes: string[] }} Codes
 */

/**
 * The rows of the datasheets that hold a term, its weight in each, and 1 where it stands in the trade name.
 * @typedef {{ rows: Int32Array, weights: Float32Array, named: Uint8Array }} Postings
 */

/**
 * @param {any} core from `readCore`
 * @returns {Records}
 * @throws {PayloadError} where columns are missing or do not fit together
 */
export function decodeRecords(core) {
  return guarded("core.json", () => {
    const { system, ...ofCertificates } = decodeCertificates(core);
    const certificates = system.length;
    const own = Object.fromEntries(["product", "holder", "unit"].map((name) => [name, column(core[name], certificates)]));
    const series = decodeSeries(core.series, own, certificates);
    const dated = series.starts[series.count];
    /** @param {Int32Array} ofCertificates @param {(series: number) => number} ofSeries */
    const byRow = (ofCertificates, ofSeries) => {
      const values = new Int32Array(dated);
      values.set(ofCertificates);
      for (let number = 0; number < series.count; number += 1) {
        values.fill(ofSeries(number), series.starts[number], series.starts[number + 1]);
      }
      return values;
    };
    const seriesOf = byRow(new Int32Array(certificates), (number) => number).subarray(certificates);
    const { systemSets, seriesSets } = setsOfSystems(series, system, core.systems.length);
    /** @type {Records} */
    const records = {
      count: dated + core.documents.length,
      certificates,
      dated,
      ...ofCertificates,
      documentNumbers: core.document_numbers,
      groups: core.groups,
      products: core.products,
      holders: core.holders,
      holderNames: core.holder_names,
      places: core.places,
      homeCountry: core.home_country,
      productGroups: column(core.product_groups, core.products.length),
      unitPlaces: column(core.unit_places, core.units.length),
      regions: core.regions,
      regionCountries: core.region_countries,
      unitRegions: Int32Array.from(
        core.unit_regions,
        (/** @type {number | null} */ region) => region ?? core.regions.length,
      ),
      series: { ...series, systems: seriesSets },
      seriesOf,
      systemSet: byRow(system, (number) => seriesSets[number]),
      systemSets,
      product: byRow(own.product, (number) => series.product[number]),
      holder: byRow(own.holder, (number) => own.holder[series.certificates[number][0]]),
      unit: byRow(own.unit, (number) => series.unit[number]),
      documents: column(core.certificate_documents, certificates),
      documentSets: lists(ragged(core.document_sets, core.document_sets.lengths.length)),
      slugs: new Map([...ofCertificates.slugs, ...core.sheet_slugs]),
      documentIds: core.documents,
      documentProducts: lists(ragged(core.document_products, core.documents.length)),
      sheetsAFile: core.sheets_a_file,
    };
    // Before they are repeated by row: there are twenty rows to a certificate.
    for (const [columns, limit] of /** @type {[Int32Array[], number][]} */ ([
      [[own.product, series.product], records.products.length],
      [[own.holder], Math.min(records.holders.length, records.holderNames.length)],
      [[own.unit, series.unit], records.unitPlaces.length],
    ])) {
      columns.forEach((numbers) => ensureWithin(numbers, limit));
    }
    ensureWithin(records.unitPlaces, records.places.length);
    ensureWithin(records.unitRegions, records.regions.length + 1);
    ensureWithin(records.productGroups, records.groups.length);
    ensureWithin(records.documents, records.documentSets.length);
    ensureWithin(series.documents, records.documentSets.length);
    ensureAllWithin(records.documentSets, records.documentIds.length);
    ensureAllWithin(records.documentProducts, records.products.length);
    ensure(records.unitRegions.length === records.unitPlaces.length);
    ensure(records.regionCountries.length === records.regions.length);
    ensure(records.documentNumbers.length === records.documentIds.length);
    ensure(records.sheetsAFile > 0);
    return records;
  });
}

/**
 * @param {any} columns
 * @param {Record<string, Int32Array>} own of the certificates
 * @param {number} certificates
 * @returns {Omit<Series, "systems">}
 */
function decodeSeries(columns, own, certificates) {
  const first = summed(columns.certificate);
  const count = first.length;
  ensureWithin(first, certificates);
  const further = new Map(columns.further);
  const starts = new Int32Array(count + 1).fill(certificates);
  column(columns.sheets, count).forEach((sheets, number) => (starts[number + 1] = starts[number] + sheets));
  const series = {
    count,
    starts,
    holding: column(columns.holding, count),
    certificates: Array.from(first, (certificate, number) => [certificate, ...(further.get(number) ?? [])]),
    product: first.map((certificate) => own.product[certificate]),
    unit: first.map((certificate) => own.unit[certificate]),
    documents: column(columns.documents, count),
  };
  ensureAllWithin(series.certificates, certificates);
  columns.product.forEach((/** @type {[number, number]} */ [number, product]) => (series.product[number] = product));
  columns.unit.forEach((/** @type {[number, number]} */ [number, unit]) => (series.unit[number] = unit));
  return series;
}

/**
 * A datasheet stands under the systems of all its certificates: most under one, a few under a set.
 * @param {Pick<Series, "certificates">} series
 * @param {Int32Array} systemOf each certificate's system
 * @param {number} systems
 * @returns {{ systemSets: number[][], seriesSets: number[] }}
 */
function setsOfSystems(series, systemOf, systems) {
  ensureWithin(systemOf, systems);
  const systemSets = Array.from({ length: systems }, (_, system) => [system]);
  const known = new Map(systemSets.map((set, index) => [set.join(), index]));
  const seriesSets = series.certificates.map((certificates) => {
    const set = [...new Set(certificates.map((certificate) => systemOf[certificate]))];
    const key = set.join();
    const number = known.get(key) ?? systemSets.push(set) - 1;
    known.set(key, number);
    return number;
  });
  return { systemSets, seriesSets };
}

/**
 * @param {any} core
 * @param {Records} records
 * @param {string} lang the page's
 * @returns {Names}
 * @throws {PayloadError} where names are missing
 */
export function decodeNames(core, records, lang) {
  return guarded("the names of core.json", () => {
    const order = languagesFrom(lang, core);
    /** @param {Record<string, string>} title */
    const one = (title) => namesIn(Object.fromEntries(Object.entries(title).map(([tag, text]) => [tag, [text]])), 1, order);
    return {
      systems: decodeSystemNames(core, lang),
      groups: whole(namesIn(core.group_names, records.groups.length, order)),
      products: whole(namesIn(core.product_names, records.products.length, order)),
      regions: namesIn(core.region_names, records.regions.length, order),
      titles: new Map(
        core.titles.map((/** @type {[number, Record<string, string>]} */ [row, title]) => [row, whole(one(title))[0]]),
      ),
      documents: whole(namesIn(core.document_titles, records.documentIds.length, order)),
    };
  });
}

/**
 * @param {any} core
 * @returns {Texts}
 * @throws {PayloadError} where columns are missing or do not fit together
 */
export function decodeTexts(core) {
  return guarded("the texts of core.json", () => {
    /** @param {Record<string, (string | null)[]>} columns @param {string[]} things */
    const translations = (columns, things) => {
      const languages = Object.values(columns);
      languages.forEach((texts) => ensure(texts.length === things.length));
      return things.map((_, thing) => given(languages.map((texts) => texts[thing])));
    };
    const regions = translations(core.region_names, core.regions).map((names, region) => [
      ...names,
      ...core.country_names[region],
    ]);
    const towns = core.places.map((/** @type {Records["places"][number]} */ [town, , others]) => [town, ...others]);
    const former = new Map(core.former_names);
    /** @type {string[][]} */
    const titles = core.numbers.map(() => []);
    core.titles.forEach((/** @type {[number, Record<string, string>]} */ [row, title]) => (titles[row] = Object.values(title)));
    ensureWithin(core.unit_places, towns.length);
    ensure(titles.length === core.numbers.length && Array.isArray(core.units_of_values));
    return {
      system: translations(core.system_names, core.systems).map((names, system) => [core.systems[system], ...names]),
      product: translations(core.product_names, core.products).map((names, product) => [...names, ...core.synonyms[product]]),
      group: translations(core.group_names, core.groups),
      document: translations(core.document_titles, core.documents).map((names, document) => [
        core.document_numbers[document],
        ...names,
      ]),
      holder: core.holder_names.map((/** @type {string} */ name, /** @type {number} */ holder) => [
        name,
        ...(former.get(holder) ?? []),
        ...(core.holder_places[holder] === null ? [] : towns[core.holder_places[holder]]),
      ]),
      unit: core.units.map((/** @type {string} */ name, /** @type {number} */ unit) => [
        name,
        ...towns[core.unit_places[unit]],
        ...(regions[core.unit_regions[unit]] ?? []),
      ]),
      title: titles,
      unitsOfValues: core.units_of_values,
      distinct: { count: positive(core.texts.count), words: positive(core.texts.words) },
    };
  });
}

/**
 * @param {unknown} number
 * @returns {number}
 */
function positive(number) {
  ensure(typeof number === "number" && number > 0);
  return /** @type {number} */ (number);
}

/**
 * @param {any} core
 * @returns {Shelves}
 * @throws {PayloadError} where they are missing
 */
export function decodeShelves(core) {
  return guarded("core.json", () => {
    for (const { starts, last } of [core.codes, core.gtins, core.terms]) {
      ensure(Array.isArray(starts) && typeof last === "string");
    }
    return {
      codes: { folder: "codes", starts: core.codes.starts, last: core.codes.last },
      gtins: { folder: "gtins", starts: core.gtins.starts, last: core.gtins.last },
      terms: { folder: "terms", starts: core.terms.starts, last: core.terms.last },
      shapes: [...core.codes.shapes],
      texts: Number(core.terms.texts),
      spellings: `${core.terms.spellings}`,
      elsewhere: new Set(core.elsewhere),
    };
  });
}

/**
 * The names of the files that may hold what begins with a text, in order.
 * @param {Shelf} shelf
 * @param {string} beginning
 * @param {string} [last] the last text that is asked for; without it all that begin with `beginning` are
 * @returns {string[]}
 */
export function filesHolding({ folder, starts, last: end }, beginning, last = `${beginning}\uffff`) {
  /** @type {string[]} */
  const names = [];
  for (let file = 0; file < starts.length; file += 1) {
    const next = starts[file + 1];
    const over = next === undefined ? end < beginning : next <= beginning;
    if (starts[file] <= last && !over) {
      names.push(`${folder}/${file}.json`);
    }
  }
  return names;
}

/**
 * @param {any} columns `codes/<n>.json` or `gtins/<n>.json`
 * @param {Records} records
 * @returns {Codes}
 * @throws {PayloadError}
 */
export function decodeCodes(columns, records) {
  return guarded("a file of codes", () => {
    const { digits } = columns;
    const forms =
      digits === null ? [...columns.forms] : sums(unpacked(columns.forms)).map((form) => `${form}`.padStart(digits, "0"));
    const sheets = column(unpacked(columns.sheets), forms.length);
    ensureWithin(sheets, records.dated - records.certificates);
    const codes = [...forms];
    columns.codes.forEach((/** @type {[number, string]} */ [number, code]) => (codes[number] = code));
    return { forms, rows: Array.from(sheets, (sheet) => records.certificates + sheet), codes };
  });
}

/**
 * @param {any} columns `sheets/<n>.json`
 * @param {Records} records
 * @param {number} file
 * @returns {Sheet[]} in the order of rows
 * @throws {PayloadError}
 */
export function decodeSheets(columns, records, file) {
  return guarded("a file of datasheets", () => {
    const first = file * records.sheetsAFile;
    const count = Math.min(records.sheetsAFile, records.seriesOf.length - first);
    const tradeNames = columns.runs.flatMap((/** @type {number} */ length, /** @type {number} */ run) =>
      Array(length).fill(columns.trade_names[run]),
    );
    const until = lastDays(columns.until, records, first);
    const from = column(unpacked(columns.from), count);
    const events = new Map(columns.events);
    for (const list of [columns.codes, tradeNames, until]) {
      ensure(list.length === count);
    }
    return tradeNames.map((/** @type {string} */ tradeName, /** @type {number} */ sheet) => ({
      code: columns.codes[sheet],
      tradeName,
      from: columns.first_day + from[sheet],
      until: until[sheet],
      events: events.get(sheet) ?? [],
    }));
  });
}

/**
 * @param {any} columns `validity.json`
 * @param {Records} records
 * @returns {Validity} of certificates and datasheets
 * @throws {PayloadError}
 */
export function decodeValidity(columns, records) {
  return guarded("validity.json", () => {
    const { certificates, dated, certified } = records;
    const from = new Int32Array(dated);
    const until = new Int32Array(dated);
    from.set(certified.from);
    until.set(certified.until);
    ensure(columns.until.length === dated - certificates);
    until.set(lastDays(columns.until, records, 0), certificates);
    columns.from.forEach((/** @type {[number, number]} */ [sheet, day]) => (from[certificates + sheet] = day));
    const events = new Map(certified.events);
    columns.events.forEach((/** @type {[number, StatusEvent[]]} */ [sheet, own]) => events.set(certificates + sheet, own));
    return { from, until, events };
  });
}

/**
 * @param {any} columns `terms/<n>.json`
 * @param {Records} records
 * @returns {Map<string, Postings>} in ascending order of terms
 * @throws {PayloadError}
 */
export function decodeTerms(columns, records) {
  return guarded("a file of terms", () => {
    const { starts, items } = ragged(
      { lengths: unpacked(columns.lengths), steps: unpacked(columns.steps) },
      columns.terms.length,
    );
    ensureWithin(items, records.dated - records.certificates);
    const weights = columns.palette.map(weightOf);
    const told = unpacked(columns.weights);
    let at = 0;
    const next = () => {
      const number = told[at++];
      ensure(number <= weights.length);
      return number;
    };
    /** @type {Map<string, Postings>} */
    const terms = new Map();
    columns.terms.forEach((/** @type {string} */ term, /** @type {number} */ place) => {
      const rows = items.slice(starts[place], starts[place + 1]).map((sheet) => records.certificates + sheet);
      const same = next();
      const each = rows.map(() => (same === 0 ? next() : same) - 1);
      terms.set(term, {
        rows,
        weights: Float32Array.from(each, (number) => weights[number]),
        named: Uint8Array.from(each, (number) => columns.palette[number] & 1),
      });
    });
    ensure(at === told.length);
    return terms;
  });
}

/**
 * @param {any} file `spellings/<letter>.json`
 * @returns {string[]}
 * @throws {PayloadError}
 */
export function decodeSpellings(file) {
  return guarded("a file of spellings", () => {
    const { terms } = file;
    ensure(Array.isArray(terms) && terms.every((term) => typeof term === "string"));
    return terms;
  });
}

/** @param {number} told twice the steps, and one more where the trade name holds the term */
function weightOf(told) {
  ensure(Number.isInteger(told));
  return WEIGHT_UNIT * WEIGHT_STEP ** (told >> 1);
}

/**
 * @param {(string | null)[]} texts
 * @returns {string[]}
 */
function given(texts) {
  return /** @type {string[]} */ (texts.filter((text) => text !== null));
}

/**
 * @param {(number | null)[]} days 0 where it is that of the certificate, null where there is none
 * @param {Records} records
 * @param {number} first datasheet
 * @returns {number[]}
 */
function lastDays(days, records, first) {
  ensure(first + days.length <= records.seriesOf.length);
  return days.map((day, sheet) => {
    const [certificate] = records.series.certificates[records.seriesOf[first + sheet]];
    return day === 0 ? records.certified.until[certificate] : orNoEnd(day);
  });
}

/**
 * @param {number[]} steps
 * @returns {Int32Array}
 */
function summed(steps) {
  return Int32Array.from(sums(steps));
}

/**
 * @param {number[]} steps
 * @returns {number[]} of up to 15 digits
 */
function sums(steps) {
  let last = 0;
  return steps.map((step) => (last += step));
}

/**
 * @param {{ lengths: number[], steps: number[] }} encoded lists, each as the differences between its numbers
 * @param {number} count how many lists there must be
 * @returns {Ragged}
 */
function ragged({ lengths, steps }, count) {
  ensure(lengths.length === count);
  const starts = new Int32Array(count + 1);
  lengths.forEach((length, index) => (starts[index + 1] = starts[index] + length));
  ensure(starts[count] === steps.length);
  const items = new Int32Array(steps.length);
  for (let list = 0; list < count; list += 1) {
    let last = 0;
    for (let item = starts[list]; item < starts[list + 1]; item += 1) {
      items[item] = last += steps[item];
    }
  }
  return { starts, items };
}

/**
 * @param {Ragged} encoded
 * @returns {number[][]}
 */
function lists({ starts, items }) {
  return Array.from({ length: starts.length - 1 }, (_, index) => [...items.subarray(starts[index], starts[index + 1])]);
}

/**
 * @param {number[][]} some
 * @param {number} limit
 */
function ensureAllWithin(some, limit) {
  some.forEach((numbers) => ensureWithin(numbers, limit));
}

/** @param {number | null} day */
function orNoEnd(day) {
  return day ?? NO_END;
}
