// @ts-check
/** Says above the content of a page that the register's data are too old. Records say it of themselves. */

import { pageWords } from "./page-words.js";
import { release } from "./release.js";
import { dayFormat, isTooOldToTell, todayInBrussels } from "./status.js";

/** Look at the age of the data, on every page that tells it in its foot. */
export async function tellStaleData() {
  const main = document.querySelector("main");
  const { exported, staleAfter } = release();
  const told = document.querySelector(".data-age") !== null;
  if (!main || !told || exported === null || !isTooOldToTell("valid", exported, staleAfter, todayInBrussels(new Date()))) {
    return;
  }
  const language = document.documentElement.lang;
  const { stale } = await pageWords(language);
  if (stale) {
    const notice = document.createElement("p");
    notice.className = "notice notice--note stale";
    notice.textContent = stale.replace("{date}", () => dayFormat(language)(exported));
    main.prepend(notice);
  }
}
