// @ts-check
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";

import { fileOf, fileWith, isSigned, readKeys, readManifest, sha256, sumOf } from "../../theme/static/js/attestation.js";

const A = "a".repeat(64);
const B = "b".repeat(64);
const SUMS = `${A}  SHA256\n${B}  nl/a  b/index.html\n${A}  nl/index.html\n`;

test("the sum of a file is found by its whole name", () => {
  assert.equal(sumOf(SUMS, "nl/index.html"), A);
  assert.equal(sumOf(SUMS, "SHA256"), A);
  assert.equal(sumOf(SUMS, "nl/a  b/index.html"), B);
  for (const name of ["index.html", "b/index.html", "l/index.html", "", "nl", `nl/index.html\n${A}  x`]) {
    assert.equal(sumOf(SUMS, name), null, name);
  }
});

test("a file is found by its hash", () => {
  assert.equal(fileWith(SUMS, A), "SHA256");
  assert.equal(fileWith(SUMS, B), "nl/a  b/index.html");
  assert.equal(fileWith(SUMS, "c".repeat(64)), null);
});

test("an address is that of a file of the site, or of none", () => {
  const here = new URL("https://register.example/certified/");
  for (const [typed, name] of [
    ["https://register.example/certified/nl/", "nl/index.html"],
    ["https://register.example/certified/", "index.html"],
    ["/certified/nl/certificates/benor-29-0107?on=2026-01-01#history", "nl/certificates/benor-29-0107/index.html"],
    ["/certified/release.css", "release.css"],
    ["SHA256SUMS", "SHA256SUMS"],
    ["/certified/nl/%CE%B1/", "nl/α/index.html"],
    ["https://register.example/elsewhere/", null],
    ["https://elsewhere.example/certified/", null],
    ["/certified/../secret", null],
    ["/certified/%E0%A4%A", null],
    ["javascript:alert(1)", null],
    ["https://", null],
  ]) {
    assert.equal(fileOf(/** @type {string} */ (typed), here), name, String(typed));
  }
});

test("a manifest is read whole or not at all", () => {
  const good = {
    schema: 1,
    publisher: "P",
    exported_at: "2026-11-21T06:00:00+01:00",
    sums: { files: 1, bytes: 2, sha256: A },
    ledger: { lines: 0, hash: B },
    signed_by: null,
  };
  const bytes = (/** @type {unknown} */ value) => new TextEncoder().encode(JSON.stringify(value));
  assert.equal(readManifest(bytes(good))?.publisher, "P");
  const bad = [null, [], { ...good, schema: 2 }, { ...good, sums: { ...good.sums, sha256: "x" } }, { ...good, signed_by: 7 }];
  for (const value of [...bad, { ...good, exported_at: "never" }, { ...good, ledger: { lines: -1, hash: B } }]) {
    assert.equal(readManifest(bytes(value)), null);
  }
  assert.equal(readManifest(new Uint8Array([0xff])), null);
});

test("a signature is that of these bytes by this key", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const pem = String(publicKey.export({ type: "spki", format: "pem" }));
  const keys = await readKeys(`${pem}\n-----BEGIN PUBLIC KEY-----\n=\n-----END PUBLIC KEY-----\n`);
  assert.equal(keys.size, 1);
  const [[fingerprint, der]] = keys;
  assert.equal(fingerprint, await sha256(der));
  const content = new TextEncoder().encode("manifest");
  const signature = new Uint8Array(sign(null, content, privateKey));
  assert.equal(await isSigned(content, signature, der), true);
  assert.equal(await isSigned(new TextEncoder().encode("Manifest"), signature, der), false);
  assert.equal(await isSigned(content, signature.slice(1), der), false);
  assert.equal(await isSigned(content, signature, der.slice(1)), false);
});
