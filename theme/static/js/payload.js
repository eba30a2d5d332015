// @ts-check
/**
 * The search data of a release as the browser holds it: columns in typed arrays, one entry a row. A row is a certificate
 * (they come first), a datasheet or a reference document (they come last). Written by `plugins/keur/search/payload.py`;
 * nothing here touches the page.
 */

import { plainSlug } from "./numbers.js";

/** @typedef {import("./status.js").Status} Status */

/** The last day of a record that has none. */
export const NO_END = 0x7fffffff;

const WEIGHT_UNIT = 0.01;
const WEIGHT_STEP = 1.03;

/** The search data are missing, damaged, or of another make. */
export class PayloadError extends Error {
  name = "PayloadError";
}

/**
 * Lists of numbers of different lengths: those of `i` are `items` from `starts[i]` up to `starts[i + 1]`.
 * @typedef {{ starts: Int32Array, items: Int32Array }} Ragged
 */

/**
 * A name, with its language where that is not the page's.
 * @typedef {{ text: string, lang: string | null }} Name
 */

/**
 * @typedef {object} Records
 * @property {number} count of rows
 * @property {number} certificates how many of them are certificates
 * @property {number} dated how many of them are certificates and datasheets: the columns below are theirs
 * @property {string[]} numbers each row's number or code, exactly as printed
 * @property {string[]} systems ids, as are `groups`, `products` and `holders`
 * @property {string[]} systemKinds
 * @property {string[]} groups
 * @property {string[]} products
 * @property {string[]} holders
 * @property {string[]} holderNames
 * @property {[string, string][]} places town and country
 * @property {string[]} regions ids: provinces at home, countries abroad
 * @property {string[]} regionCountries each region's country
 * @property {Int32Array} unitRegions each unit's region; the number of regions where it is not known
 * @property {string | null} homeCountry the country that needs no naming
 * @property {Status[]} statuses
 * @property {string[]} precisions
 * @property {string[]} tradeNames of the datasheets, in the order of rows
 * @property {Int32Array} productGroups each product's group
 * @property {Int32Array} unitPlaces each unit's place
 * @property {Int32Array} systemSet each row's entry in `systemSets`
 * @property {number[][]} systemSets
 * @property {Int32Array} product
 * @property {Int32Array} holder
 * @property {Int32Array} unit
 * @property {Int32Array} validFrom days since 1970
 * @property {Int32Array} validUntil days since 1970, or NO_END
 * @property {Map<number, [number, number, number][]>} events of a row: day, status, precision
 * @property {Int32Array} held each datasheet's first certificate, by datasheet
 * @property {Map<number, number[]>} heldToo further certificates of the few datasheets that have some, by datasheet
 * @property {Map<number, string>} slugs those that do not follow from the number
 * @property {string[]} documents ids, in the order of rows
 * @property {number[][]} documentProducts each document's products
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
 * Which things the texts of the index speak of. `title` is by row, `declared` by datasheet, `document` by reference
 * document.
 * @typedef {"system" | "product" | "document" | "holder" | "unit" | "title" | "declared"} Field
 */

/**
 * @typedef {object} WordIndex
 * @property {string[]} units folded: a number before one belongs to it
 * @property {string[]} terms in ascending order
 * @property {Ragged} postings each term's texts
 * @property {Float32Array} weights of the postings' items
 * @property {number} textCount
 * @property {Record<Field, Ragged>} texts each thing's texts
 * @property {Ragged} documentSets
 * @property {Int32Array} documentSet each row's entry in `documentSets`
 */

/** @type {Field[]} */
export const FIELDS = ["title", "declared", "product", "holder", "unit", "system", "document"];

/**
 * Read one file of the release.
 * @param {URL} folder
 * @param {string} name
 * @param {typeof fetch} [fetcher]
 * @returns {Promise<any>}
 */
export async function readFile(folder, name, fetcher = fetch) {
  try {
    const answer = await fetcher(new URL(name, folder));
    if (answer.ok) {
      return await answer.json();
    }
  } catch (fault) {
    throw new PayloadError(`${name} could not be read`, { cause: fault });
  }
  throw new PayloadError(`${name} is not there`);
}

/**
 * @param {any} columns `records.json`
 * @returns {Records}
 * @throws {PayloadError} where columns are missing or do not fit together
 */
export function decodeRecords(columns) {
  return guarded("records.json", () => {
    const certificates = columns.numbers.length;
    const dated = certificates + columns.codes.length;
    const own = Object.fromEntries(
      ["system", "product", "holder", "unit"].map((name) => [name, column(columns[name], certificates)]),
    );
    const held = certificateOfEachSheet(columns.sheets, columns.codes.length);
    /** @param {string} name */
    const inherited = (name) => {
      const values = new Int32Array(dated);
      values.set(own[name]);
      held.forEach((certificate, index) => (values[certificates + index] = own[name][certificate]));
      return values;
    };
    const product = inherited("product");
    const unit = inherited("unit");
    for (const [index, value] of columns.sheet_products) {
      product[certificates + index] = value;
    }
    for (const [index, value] of columns.sheet_units) {
      unit[certificates + index] = value;
    }
    /** @type {Records} */
    const records = {
      count: dated + columns.documents.length,
      certificates,
      dated,
      numbers: [...columns.numbers, ...columns.codes, ...columns.document_numbers],
      systems: columns.systems,
      systemKinds: columns.system_kinds,
      groups: columns.groups,
      products: columns.products,
      holders: columns.holders,
      holderNames: columns.holder_names,
      places: columns.places,
      homeCountry: columns.home_country,
      statuses: columns.statuses,
      precisions: columns.precisions,
      tradeNames: columns.trade_names,
      productGroups: column(columns.product_groups, columns.products.length),
      unitPlaces: Int32Array.from(columns.unit_places),
      regions: columns.regions,
      regionCountries: columns.region_countries,
      unitRegions: Int32Array.from(
        columns.unit_regions,
        (/** @type {number | null} */ region) => region ?? columns.regions.length,
      ),
      ...systemSets(inherited("system"), columns.sheet_certificates, own.system, certificates, columns.systems.length),
      product,
      holder: inherited("holder"),
      unit,
      validFrom: column(columns.valid_from, dated),
      validUntil: column(columns.valid_until.map((/** @type {number | null} */ day) => day ?? NO_END), dated),
      events: new Map(columns.events),
      held,
      heldToo: new Map(columns.sheet_certificates),
      slugs: new Map(columns.slugs),
      documents: columns.documents,
      documentProducts: lists(ragged(columns.document_products, columns.documents.length)),
    };
    ensureWithin(records.product, records.products.length);
    ensureWithin(records.holder, Math.min(records.holders.length, records.holderNames.length));
    ensureWithin(records.unit, records.unitPlaces.length);
    ensureWithin(records.unitPlaces, records.places.length);
    ensureWithin(records.unitRegions, records.regions.length + 1);
    ensure(records.unitRegions.length === records.unitPlaces.length);
    ensure(records.regionCountries.length === records.regions.length);
    ensureWithin(records.productGroups, records.groups.length);
    ensure(records.tradeNames.length === dated - certificates);
    ensure(records.numbers.length === records.count);
    records.documentProducts.forEach((some) => ensureWithin(Int32Array.from(some), records.products.length));
    return records;
  });
}

/**
 * @param {any} columns `names.<lang>.json`
 * @param {Records} records
 * @returns {Names}
 * @throws {PayloadError} where names are missing
 */
export function decodeNames(columns, records) {
  return guarded("the names", () => {
    /** @param {string | [string, string]} name @returns {Name} */
    const name = (name) => (typeof name === "string" ? { text: name, lang: null } : { text: name[0], lang: name[1] });
    /** @type {Names} */
    const names = {
      systems: columns.systems.map(name),
      groups: columns.groups.map(name),
      products: columns.products.map(name),
      titles: new Map(
        columns.titles.map((/** @type {[number, string]} */ [row, title]) => [row, name(title)]),
      ),
      regions: columns.regions.map((/** @type {any} */ given) => given && name(given)),
      documents: columns.documents.map(name),
    };
    ensure(names.regions.length === records.regions.length);
    ensure(names.documents.length === records.documents.length);
    ensure(names.systems.length === records.systems.length);
    ensure(names.groups.length === records.groups.length);
    ensure(names.products.length === records.products.length);
    return names;
  });
}

/**
 * @param {any} columns `words.json`
 * @param {Records} records
 * @returns {WordIndex}
 * @throws {PayloadError} where columns are missing or do not fit together
 */
export function decodeWords(columns, records) {
  return guarded("words.json", () => {
    const postings = ragged(columns.postings, columns.terms.length);
    const textCount = postings.items.reduce((most, text) => Math.max(most, text + 1), 0);
    const sizes = {
      title: records.dated,
      declared: records.dated - records.certificates,
      product: records.products.length,
      holder: records.holders.length,
      unit: records.unitPlaces.length,
      system: records.systems.length,
      document: records.documents.length,
    };
    /** @param {Field} field */
    const texts = (field) => {
      const lists = ragged(columns.texts[field], sizes[field]);
      ensureWithin(lists.items, textCount);
      return lists;
    };
    const weights = Float32Array.from(columns.weights, (steps) => WEIGHT_UNIT * WEIGHT_STEP ** steps);
    ensure(weights.length === postings.items.length);
    const documentSets = ragged(columns.document_sets, columns.document_sets.lengths.length);
    const documentSet = column(columns.document_set, records.dated);
    ensureWithin(documentSets.items, sizes.document);
    ensureWithin(documentSet, documentSets.starts.length - 1);
    ensure(Array.isArray(columns.units));
    return {
      units: columns.units,
      terms: columns.terms,
      postings,
      weights,
      textCount,
      texts: /** @type {Record<Field, Ragged>} */ (Object.fromEntries(FIELDS.map((field) => [field, texts(field)]))),
      documentSets,
      documentSet,
    };
  });
}

/**
 * Whether a datasheet hangs on a certificate that holds: without one it covers no delivery, valid as it may be itself.
 * @param {Records} records
 * @param {number} row of a datasheet
 * @param {(certificate: number) => boolean} isValid by the certificate's row
 * @returns {boolean}
 */
export function isCovered(records, row, isValid) {
  const sheet = row - records.certificates;
  return [records.held[sheet], ...(records.heldToo.get(sheet) ?? [])].some(isValid);
}

/**
 * A record's name in addresses; a document's is its id.
 * @param {Records} records
 * @param {number} row
 * @returns {string}
 */
export function slugOf(records, row) {
  if (row >= records.dated) {
    return records.documents[row - records.dated];
  }
  const own = records.slugs.get(row);
  if (own !== undefined) {
    return own;
  }
  const [system] = records.systemSets[records.systemSet[row]];
  return plainSlug(records.numbers[row], row < records.certificates ? records.systems[system] : "");
}

/**
 * @param {{ lengths: number[], steps: number[] }} encoded
 * @param {number} count how many lists there must be
 * @returns {Ragged}
 */
function ragged({ lengths, steps }, count) {
  ensure(lengths.length === count);
  const starts = new Int32Array(count + 1);
  lengths.forEach((length, index) => (starts[index + 1] = starts[index] + length));
  ensure(starts[count] === steps.length);
  const items = new Int32Array(steps.length);
  let last = 0;
  steps.forEach((step, index) => (items[index] = last += step));
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
 * @param {number[]} counts of the datasheets that stand under each certificate
 * @param {number} sheets
 * @returns {Int32Array} each datasheet's first certificate
 */
function certificateOfEachSheet(counts, sheets) {
  const held = new Int32Array(sheets);
  let sheet = 0;
  counts.forEach((count, certificate) => {
    held.fill(certificate, sheet, sheet + count);
    sheet += count;
  });
  ensure(sheet === sheets);
  return held;
}

/**
 * A datasheet stands under the systems of all its certificates: most under one, a few under a set.
 * @param {Int32Array} systemSet each row's first system, which is also its set where it is the only one
 * @param {[number, number[]][]} further datasheets' other certificates
 * @param {Int32Array} systemOf each certificate's system
 * @param {number} certificates
 * @param {number} systems
 * @returns {{ systemSet: Int32Array, systemSets: number[][] }}
 */
function systemSets(systemSet, further, systemOf, certificates, systems) {
  ensureWithin(systemSet, systems);
  const sets = Array.from({ length: systems }, (_, system) => [system]);
  const known = new Map(sets.map((set, index) => [set.join(), index]));
  for (const [index, others] of further) {
    const row = certificates + index;
    const set = [...new Set([systemSet[row], ...others.map((certificate) => systemOf[certificate])])];
    const key = set.join();
    if (!known.has(key)) {
      known.set(key, sets.push(set) - 1);
    }
    systemSet[row] = known.get(key) ?? 0;
  }
  return { systemSet, systemSets: sets };
}

/**
 * @param {number[]} values
 * @param {number} length
 * @returns {Int32Array}
 */
function column(values, length) {
  ensure(values.length === length);
  return Int32Array.from(values);
}

/**
 * @param {Int32Array} numbers
 * @param {number} limit
 */
function ensureWithin(numbers, limit) {
  ensure(numbers.every((number) => number >= 0 && number < limit));
}

/** @param {boolean} holds */
function ensure(holds) {
  if (!holds) {
    throw new RangeError("its columns do not fit together");
  }
}

/**
 * Whatever decoding stumbles over, a column that is not there included, means that the data are damaged.
 * @template T
 * @param {string} what
 * @param {() => T} decode
 * @returns {T}
 */
function guarded(what, decode) {
  try {
    return decode();
  } catch (fault) {
    throw new PayloadError(`${what} is damaged`, { cause: fault });
  }
}
