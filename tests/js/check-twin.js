// @ts-check
/** Checks texts, line by line, as the page does: the Python tests compare it with what the data say. */

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { answerFor } from "../../theme/static/js/check-answers.js";
import { findNumbers } from "../../theme/static/js/check-numbers.js";
import { CheckRegister } from "../../theme/static/js/check-register.js";
import { busyMilliseconds } from "./busy.js";

const register = new CheckRegister(JSON.parse(readFileSync(process.argv[2], "utf-8")), "en");

for await (const line of createInterface({ input: process.stdin })) {
  const { text, asked } = JSON.parse(line);
  /** @type {ReturnType<typeof findNumbers>} */
  let findings = [];
  const milliseconds = busyMilliseconds(() => {
    findings = findNumbers(text, register);
  });
  const checked = findings.map((finding) => {
    const { row, written, reason, near, places } = finding;
    const { outcome, own } = answerFor(register, finding, asked);
    return {
      written,
      lines: places.map((place) => place.line + 1),
      record: row === null ? null : nameOf(row),
      reason,
      near: near.map(nameOf),
      outcome,
      status: own?.status ?? null,
    };
  });
  process.stdout.write(`${JSON.stringify({ milliseconds, findings: checked })}\n`);
}

/**
 * @param {number} row
 * @returns {string[]} system and number of a certificate, code of a datasheet
 */
function nameOf(row) {
  const number = register.numbers[row];
  return register.isCertificate(row) ? [register.systems[register.systemOf(row) ?? -1], number] : [number];
}
