// @ts-check
/**
 * The search page but for its first answer, and of what runs on every page that which it has. What the first answer took
 * is not fetched again.
 */

import "./search-first.js";
import { startLanguageSwitch } from "./language-switch.js";
import { start } from "./modules.js";
import { listenForSlash } from "./slash.js";
import { tellStaleData } from "./stale.js";

start({ "language-switch": startLanguageSwitch });
listenForSlash();
void tellStaleData();

export { startSearch } from "./search.js";
