// @ts-check
/**
 * "Was it valid on that day?" on a record's page: shows the form, answers for the day that is chosen or stands in the
 * address, and keeps the day in the address, so that the answer can be linked to. Nothing leaves the page.
 */

import { answerOn, certificatesOn, coverageOn, showingsOf } from "./answers.js";
import { languageOf, pageWords } from "./page-words.js";
import { withEvents } from "./printed-dates.js";
import { release } from "./release.js";
import { dayFormat, isDay } from "./status.js";

/**
 * @typedef {import("./answers.js").Answer} Answer
 * @typedef {import("./status.js").Timeline} Timeline
 */

/** @typedef {import("./answers.js").Told & { name?: string }} Asked as its page gives a record */

/** @typedef {Asked & { certificates?: Asked[], present?: number }} Question */

/** @type {Answer} */
const NOT_KNOWN = { status: null, source: "not-known", since: null };

/**
 * @param {HTMLElement} place of the form, with what answers in its data block
 */
export async function startQuestion(place) {
  const question = withPrinted(JSON.parse(place.querySelector("script")?.textContent ?? "null"));
  const { exported } = release();
  if (exported === null) {
    return;
  }
  const language = languageOf(place);
  const format = dayFormat(language);
  const words = await pageWords(language);
  if (!words.question) {
    return;
  }
  const form = document.createElement("form");
  const input = document.createElement("input");
  input.type = "date";
  input.name = "on";
  input.required = true;
  input.max = exported;
  const label = document.createElement("label");
  label.append(words.question, input);
  const button = document.createElement("button");
  button.className = "button";
  button.textContent = words.question_ask ?? "";
  const output = document.createElement("div");
  output.setAttribute("role", "status");
  form.append(label, button, output);
  place.append(form);

  /** @param {string} day */
  const show = (day) => {
    // The pattern page shows the form with nothing to answer from; a browser without fields for days takes any text.
    const answered = question === null || !isDay(day) ? [] : sentences(question, day, exported, words, format);
    output.replaceChildren(
      ...answered.map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        return line;
      }),
    );
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new URL(location.href);
    address.searchParams.set("on", input.value);
    history.replaceState(null, "", address);
    show(input.value);
  });

  const asked = new URLSearchParams(location.search).get("on") ?? "";
  if (isDay(asked)) {
    input.value = asked;
    show(asked);
    // Who follows a link to a day is to see that day's answer, and not only the status of today above it.
    output.scrollIntoView({ block: "nearest" });
  }
}

/**
 * Add to a question the dates and names that its page prints already.
 * @param {Partial<Question> | null} question
 * @returns {Question | null} null where there is nothing to answer from, as on the pattern page
 */
function withPrinted(question) {
  const certificates = question?.certificates?.map((record, place) => {
    const row = document.querySelectorAll(".covering li")[place];
    return withEvents(record.name === undefined && row ? { ...record, ...timelineIn(row), name: nameIn(row) } : record);
  });
  const head = document.querySelector(".record-head");
  const own = withEvents({ ...(head ? timelineIn(head) : {}), ...question });
  return own.from === undefined ? null : /** @type {Question} */ ({ ...own, ...(certificates ? { certificates } : {}) });
}

/**
 * @param {Element} element
 * @returns {Partial<Timeline>} the dates of the first status in it
 */
function timelineIn(element) {
  const status = element.querySelector("[data-timeline]");
  return status instanceof HTMLElement ? JSON.parse(status.dataset.timeline ?? "{}") : {};
}

/**
 * @param {Element} row of a certificate
 * @returns {string} its mark and number
 */
function nameIn(row) {
  return [...row.querySelectorAll(".mark, .number")].map((part) => part.textContent?.trim() ?? "").join(" ");
}

/**
 * The answer in words: of a datasheet first whether a delivery was covered, then each of the records it rests on.
 * @param {Question} question
 * @param {string} day
 * @param {string} exported the day of the data
 * @param {Record<string, string>} words
 * @param {import("./status.js").DayFormat} format
 * @returns {string[]}
 */
export function sentences(question, day, exported, words, format) {
  const own = answer(question, day, exported);
  /** @param {Answer} given */
  const say = (given) => sentence(given, day, exported, words, format);
  if (question.certificates === undefined) {
    return [say(own)];
  }
  const { certificates, hung } = certificatesOn(showingsOf(question), [...Array(question.present ?? 0).keys()], day, exported);
  const asked = certificates.map((place) => question.certificates?.[place]).filter((record) => record !== undefined);
  const answers = asked.map((record) => (record.from === undefined ? NOT_KNOWN : answer(record, day, exported)));
  const verdict = {
    covered: words.answer_covered,
    "not-covered": words.answer_not_covered,
    "not-known": words.answer_coverage_not_known,
  }[coverageOn(own, answers, hung)];
  /** @param {string} label @param {Answer} given */
  const of = (label, given) => (words.answer_of ?? "").replace("{label}", () => label).replace("{value}", () => say(given));
  return [
    (verdict ?? "").replace("{day}", () => format(day)),
    of(words.answer_datasheet ?? "", own),
    ...asked.map((record, place) => of(record.name ?? "", answers[place])),
  ];
}

/**
 * @param {Asked} record
 * @param {string} day
 * @param {string} exported
 * @returns {Answer}
 */
function answer(record, day, exported) {
  return answerOn(record, showingsOf(record), day, exported);
}

/**
 * @param {Answer} given
 * @param {string} day
 * @param {string} exported
 * @param {Record<string, string>} words
 * @param {import("./status.js").DayFormat} format
 * @returns {string}
 */
function sentence({ status, source, since }, day, exported, words, format) {
  let key = `answer_${source}`;
  if (source === "not-known") {
    key = day > exported ? "answer_later" : "answer_not_known";
  } else if (status === null) {
    key = "answer_not_listed";
  } else if (source === "dates" && (status === "valid" || status === "trial" || status === "suspended")) {
    key = "answer_dates_only";
  }
  return (words[key] ?? "")
    .replace("{day}", () => format(day))
    .replace("{status}", () => words[`status_${(status ?? "").replaceAll("-", "_")}`] ?? "")
    .replace("{since}", () => format(source === "not-known" ? exported : (since ?? day)));
}
