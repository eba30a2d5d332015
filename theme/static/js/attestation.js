// @ts-check
/** What vouches for a site, read and checked: no page, no network. Hashes are lower-case hexadecimal digits. */

/**
 * @typedef {object} Manifest
 * @property {string} publisher
 * @property {string} exported_at
 * @property {{files: number, bytes: number, sha256: string}} sums
 * @property {{lines: number, hash: string}} ledger
 * @property {string | null} signed_by fingerprint of the key that signs
 */

const HASH = /^[0-9a-f]{64}$/;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string>}
 */
export async function sha256(bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {Uint8Array} bytes
 * @returns {Manifest | null} null where it is none that this page knows
 */
export function readManifest(bytes) {
  try {
    const raw = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const good =
      raw.schema === 1 &&
      typeof raw.publisher === "string" &&
      !Number.isNaN(Date.parse(raw.exported_at)) &&
      [raw.sums.files, raw.sums.bytes, raw.ledger.lines].every((count) => Number.isSafeInteger(count) && count >= 0) &&
      HASH.test(raw.sums.sha256) &&
      HASH.test(raw.ledger.hash) &&
      (raw.signed_by === null || HASH.test(raw.signed_by));
    return good ? raw : null;
  } catch {
    return null;
  }
}

/**
 * The public keys of a PEM file, as SubjectPublicKeyInfo, by their fingerprints.
 * @param {string} pem
 * @returns {Promise<Map<string, Uint8Array<ArrayBuffer>>>}
 */
export async function readKeys(pem) {
  const keys = new Map();
  for (const [, body] of pem.matchAll(/-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/g)) {
    try {
      const der = Uint8Array.from(atob(body.replace(/\s/g, "")), (letter) => letter.charCodeAt(0));
      keys.set(await sha256(der), der);
    } catch {
      // No base64: no key that anything could be signed with.
    }
  }
  return keys;
}

/**
 * Whether a signature is that of some content by a key; null where this browser does not know Ed25519.
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {Uint8Array<ArrayBuffer>} signature
 * @param {Uint8Array<ArrayBuffer>} der
 * @returns {Promise<boolean | null>}
 */
export async function isSigned(content, signature, der) {
  let key;
  try {
    key = await crypto.subtle.importKey("spki", der, { name: "Ed25519" }, false, ["verify"]);
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "NotSupportedError") {
      return null;
    }
    return false;
  }
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, content);
}

/**
 * The hash that `SHA256SUMS` gives a file.
 * @param {string} sums
 * @param {string} name
 * @returns {string | null}
 */
export function sumOf(sums, name) {
  const end = `\n${sums}`.indexOf(`  ${name}\n`);
  // The hash stands before two blanks, at the beginning of a line; a name may hold two blanks too.
  const line = end < 0 ? "" : `\n${sums}`.slice(Math.max(0, end - 65), end);
  return line.startsWith("\n") && HASH.test(line.slice(1)) && !name.includes("\n") ? line.slice(1) : null;
}

/**
 * The first file that has a hash.
 * @param {string} sums
 * @param {string} hash
 * @returns {string | null}
 */
export function fileWith(sums, hash) {
  const start = `\n${sums}`.indexOf(`\n${hash}  `);
  return start < 0 ? null : sums.slice(start + hash.length + 2, sums.indexOf("\n", start));
}

/**
 * The file of the site that answers for an address that a person typed.
 * @param {string} typed
 * @param {URL} here where the site stands: origin, and the path in front of every file
 * @returns {string | null} null where it is no address of the site
 */
export function fileOf(typed, here) {
  let address;
  try {
    address = new URL(typed, here);
  } catch {
    return null;
  }
  if (address.origin !== here.origin || !address.pathname.startsWith(here.pathname)) {
    return null;
  }
  let name;
  try {
    name = decodeURIComponent(address.pathname.slice(here.pathname.length));
  } catch {
    return null;
  }
  const last = name.slice(name.lastIndexOf("/") + 1);
  if (last === "") {
    return `${name}index.html`;
  }
  return last.includes(".") || name === "SHA256SUMS" ? name : `${name}/index.html`;
}
