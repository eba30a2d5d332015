// @ts-check
/** Answers, line by line, what the JavaScript twin says of records on days: the Python tests compare it with their own. */

import { createInterface } from "node:readline";

import { answerOn, coverageOn } from "../../theme/static/js/answers.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { own, certificates, hung, day, known_until: knownUntil } = JSON.parse(line);
  const answers = [own, ...certificates].map((record) => answerOn(record, record.shown, day, knownUntil));
  process.stdout.write(`${JSON.stringify({ answers, coverage: coverageOn(answers[0], answers.slice(1), hung) })}\n`);
}
