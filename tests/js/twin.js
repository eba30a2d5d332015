// @ts-check
/** Answers, line by line, what the JavaScript twins make of texts: the Python tests compare it with their own. */

import { createInterface } from "node:readline";

import { compact, plainSlug, searchForms } from "../../theme/static/js/numbers.js";
import { terms } from "../../theme/static/js/words.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { text, names, prefix } = JSON.parse(line);
  const answer = { compact: compact(text), forms: searchForms(text, names), slug: plainSlug(text, prefix), terms: terms(text) };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
