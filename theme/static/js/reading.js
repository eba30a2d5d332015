// @ts-check
/** Reads the files of a release, with the checks that each of them goes through. Nothing here touches the page. */

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
 * @param {typeof fetch} [fetcher]
 * @returns {Promise<any>}
 * @throws {PayloadError} where one is missing, or they are of two releases
 */
export async function readCore(folder, fetcher = fetch) {
  const [core, certificates] = await Promise.all(
    ["core.json", "certificates.json"].map((name) => readFile(folder, name, fetcher)),
  );
  return wholeCore(core, certificates);
}

/**
 * @param {any} core `core.json`
 * @param {any} certificates `certificates.json`
 * @returns {any} both as one
 * @throws {PayloadError} where they are of two releases
 */
export function wholeCore(core, certificates) {
  return { ...ofRelease(core, certificates, "core.json"), ...certificates };
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
