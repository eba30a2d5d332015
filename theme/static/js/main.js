// @ts-check
/** The script of every page but the cards. Pages work without it. */

import { startChanges } from "./changes.js";
import { startCopy } from "./copy.js";
import { startLanguageSwitch } from "./language-switch.js";
import { later, onceOpen } from "./later.js";
import { startStatus } from "./live-status.js";
import { start } from "./modules.js";
import { startQuestion } from "./question.js";
import { listenForSlash } from "./slash.js";
import { tellStaleData } from "./stale.js";

start({
  badges: later("badges.js", "startBadges"),
  changes: startChanges,
  citations: onceOpen("cite.js", "startCitations"),
  copy: startCopy,
  "filtered-list": later("filtered-list.js", "startFilteredList"),
  "language-switch": startLanguageSwitch,
  question: startQuestion,
  status: startStatus,
});
listenForSlash();
void tellStaleData();
