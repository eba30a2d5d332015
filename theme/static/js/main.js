// @ts-check
/** The script of every page but the cards. Pages work without it. */

import { startCopy } from "./copy.js";
import { startLanguageSwitch } from "./language-switch.js";
import { startStatus } from "./live-status.js";
import { start } from "./modules.js";
import { listenForSlash } from "./slash.js";

start({
  copy: startCopy,
  "language-switch": startLanguageSwitch,
  // It stands on records' pages only, and answers when it is asked.
  question: async (element) => (await import("./question.js")).startQuestion(element),
  // Search is large and stands on one page: it is loaded there only.
  search: async (element) => (await import("./search.js")).startSearch(element),
  status: startStatus,
});
listenForSlash();
