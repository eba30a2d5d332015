// @ts-check
/**
 * The certificates of a release as the browser holds them, without what they refer to: a certificate's number, system and
 * status need no more than `certificates.json`, a small file. Here are also the checks that every file of a release goes
 * through. Nothing here touches the page.
 */

import { unpacked } from "./columns.js";
import { plainSlug } from "./numbers.js";

/**
 * @typedef {import("./payload.js").Name} Name
 * @typedef {import("./payload.js").Records} Records
 * @typedef {import("./payload.js").StatusEvent} StatusEvent
 * @typedef {import("./payload.js").Validity} Validity
 * @typedef {import("./status.js").Status} Status
 */

/** The last day of a record that has none. */
export const NO_END = 0x7fffffff;

/** The search data are missing, damaged, or of another make. */
export class PayloadError extends Error {
  name = "PayloadError";
}

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
 * Tell what does not belong to the core that the page holds: rows of one release are other records in the next.
 * @param {any} content of a file
 * @param {any} core
 * @param {string} name the file's
 * @returns {any} the content
 * @throws {PayloadError} where it is of another release
 */
export function ofRelease(content, core, name) {
  if (typeof core.release !== "string" || content?.release !== core.release) {
    throw new PayloadError(`${name} is of another release`);
  }
  return content;
}

/**
 * Read what travels with the page: `certificates.json` and `core.json`, as one.
 * @param {URL} folder
 * @param {Promise<any>} [certificates] what was read of it already
 * @param {typeof fetch} [fetcher]
 * @returns {Promise<any>}
 * @throws {PayloadError} where one is missing, or they are of two releases
 */
export async function readCore(folder, certificates, fetcher = fetch) {
  const [core, own] = await Promise.all([
    readFile(folder, "core.json", fetcher),
    certificates ?? readFile(folder, "certificates.json", fetcher),
  ]);
  return { ...ofRelease(core, own, "core.json"), ...own };
}

/**
 * What the certificates say of themselves, one entry a row.
 * @typedef {object} Certificates
 * @property {string[]} numbers exactly as printed
 * @property {string[]} systems ids
 * @property {string[]} systemKinds
 * @property {Int32Array} system each certificate's
 * @property {Status[]} statuses
 * @property {string[]} precisions
 * @property {Validity} certified
 * @property {Map<number, string>} slugs those that do not follow from the number
 */

/**
 * @param {any} columns `certificates.json`
 * @returns {Certificates}
 * @throws {PayloadError} where columns are missing or do not fit together
 */
export function decodeCertificates(columns) {
  return guarded("certificates.json", () => {
    const count = columns.numbers.length;
    const from = column(unpacked(columns.from), count).map((days) => columns.first_day + days);
    const system = column(columns.system, count);
    ensureWithin(system, Math.min(columns.systems.length, columns.system_kinds.length));
    ensure(columns.days.length === count);
    return {
      numbers: columns.numbers,
      systems: columns.systems,
      systemKinds: columns.system_kinds,
      system,
      statuses: columns.statuses,
      precisions: columns.precisions,
      certified: {
        from,
        until: Int32Array.from(columns.days, (/** @type {number | null} */ days, row) =>
          days === null ? NO_END : from[row] + days,
        ),
        events: decodeEvents(columns.events, from),
      },
      slugs: new Map(columns.slugs),
    };
  });
}

/**
 * @param {any} told
 * @param {Int32Array} from each certificate's first day, from which those of its events are counted
 * @returns {Map<number, StatusEvent[]>} by row
 */
function decodeEvents(told, from) {
  const [counts, statuses, precisions] = [told.counts, told.statuses, told.precisions].map(unpacked);
  const total = counts.reduce((sum, own) => sum + own, 0);
  ensure(counts.length === from.length);
  ensure([told.days, statuses, precisions].every((list) => list.length === total));
  let event = 0;
  /** @type {Map<number, StatusEvent[]>} */
  const events = new Map();
  counts.forEach((own, row) => {
    for (const end = event + own; event < end; event += 1) {
      const list = events.get(row) ?? [];
      events.set(row, list);
      list.push([from[row] + told.days[event], statuses[event], precisions[event]]);
    }
  });
  return events;
}

/**
 * @param {any} columns `certificates.json`
 * @param {string} lang the page's
 * @returns {Name[]} of the systems
 * @throws {PayloadError} where names are missing
 */
export function decodeSystemNames(columns, lang) {
  return guarded("the names of certificates.json", () => {
    return whole(namesIn(columns.system_names, columns.systems.length, languagesFrom(lang, columns)));
  });
}

/**
 * The certificates that a datasheet hangs on, the one it stands under first.
 * @param {Records} records
 * @param {number} row
 * @returns {number[]} rows
 */
export function certificatesOf(records, row) {
  return records.series.certificates[records.seriesOf[row - records.certificates]];
}

/**
 * Whether a datasheet hangs on a certificate that holds: without one it covers no delivery, valid as it may be itself.
 * @param {Records} records
 * @param {number} row of a datasheet
 * @param {(certificate: number) => boolean} isValid by the certificate's row
 * @returns {boolean}
 */
export function isCovered(records, row, isValid) {
  return certificatesOf(records, row).some(isValid);
}

/**
 * A record's name in addresses; a document's is its id.
 * @param {Records} records
 * @param {number} row
 * @param {string} number the record's, as printed
 * @returns {string}
 */
export function slugOf(records, row, number) {
  if (row >= records.dated) {
    return records.documentIds[row - records.dated];
  }
  const own = records.slugs.get(row);
  if (own !== undefined) {
    return own;
  }
  const [system] = records.systemSets[records.systemSet[row]];
  return plainSlug(number, row < records.certificates ? records.systems[system] : "");
}

/**
 * @param {string} lang the page's
 * @param {any} columns `certificates.json`
 * @returns {string[]} the languages of the site, that of the page first
 */
export function languagesFrom(lang, { languages }) {
  return [lang, ...languages.filter((/** @type {string} */ other) => other !== lang)];
}

/**
 * Each thing's text in the first of some languages that it has; where it has none of them, in the first that it has.
 * @param {Record<string, (string | null)[]>} columns by language; what has no language stands for all
 * @param {number} count of things
 * @param {string[]} order
 * @returns {(Name | null)[]} null where there is no text at all
 */
export function namesIn(columns, count, order) {
  const tags = Object.keys(columns);
  const inOrder = ["", ...order].flatMap((language) => [
    ...tags.filter((tag) => tag === language),
    ...tags.filter((tag) => language && base(tag) === language),
  ]);
  const preferred = [...new Set([...inOrder, ...tags])].map((tag) => ({
    texts: columns[tag],
    lang: tag === "" || base(tag) === base(order[0]) ? null : tag,
  }));
  preferred.forEach(({ texts }) => ensure(texts.length === count));
  return Array.from({ length: count }, (_, thing) => {
    const found = preferred.find(({ texts }) => texts[thing] !== null);
    return found ? { text: found.texts[thing] ?? "", lang: found.lang } : null;
  });
}

/** @param {string} tag */
function base(tag) {
  return tag.split("-")[0];
}

/**
 * @param {(Name | null)[]} names
 * @returns {Name[]}
 */
export function whole(names) {
  return names.map((name) => {
    ensure(name !== null);
    return /** @type {Name} */ (name);
  });
}

/** @param {number | null} day */
export function orNoEnd(day) {
  return day ?? NO_END;
}

/**
 * @param {number[]} values
 * @param {number} length
 * @returns {Int32Array}
 */
export function column(values, length) {
  ensure(values.length === length);
  return Int32Array.from(values);
}

/**
 * @param {Int32Array | number[]} numbers
 * @param {number} limit
 */
export function ensureWithin(numbers, limit) {
  // No iterator: it takes three times as long, and all of a register's columns come by here.
  for (let index = 0; index < numbers.length; index += 1) {
    ensure(numbers[index] >= 0 && numbers[index] < limit);
  }
}

/** @param {boolean} holds */
export function ensure(holds) {
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
export function guarded(what, decode) {
  try {
    return decode();
  } catch (fault) {
    throw new PayloadError(`${what} is damaged`, { cause: fault });
  }
}
