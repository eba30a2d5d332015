// @ts-check
/** Answers queries, line by line, from the search data in a folder: the Python tests compare it with their reference. */

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

import { Engine } from "../../theme/static/js/engine.js";
import { LUNR } from "../../theme/static/js/finding.js";
import { cleanQuery } from "../../theme/static/js/state.js";
import { ReadyStore, plainLunr } from "./register.js";

const [folder, lang, today] = process.argv.slice(2);
/** @param {string} name */
const read = (name) => JSON.parse(readFileSync(new URL(name, pathToFileURL(`${folder}/`)), "utf-8"));
const lunr = { default: plainLunr() };
const store = new ReadyStore((name) => (name === LUNR ? lunr : read(name)));
const engine = new Engine({ ...read("core.json"), ...read("certificates.json") }, { lang, today, store });
const { records, sheets } = engine;

/**
 * @param {number} row
 * @returns {[string, string | null]} as the reference names records
 */
function named(row) {
  if (row >= records.dated) {
    return ["document", sheets.numberOf(row)];
  }
  const [system] = records.systemSets[records.systemSet[row]];
  return [row < records.certificates ? `certificate ${records.systems[system]}` : "datasheet", sheets.numberOf(row)];
}

for await (const line of createInterface({ input: process.stdin })) {
  const { rows, single, slipped, cut } = engine.find(cleanQuery(JSON.parse(line)));
  const answer = { rows: rows.map(named), single: single === null ? null : named(single), slipped, cut };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
