// @ts-check
/**
 * The search page but for its first answer, and of what runs on every page that which it has. What the first answer took
 * is not fetched again.
 */

import "./search-first.js";
import { listenForSlash } from "./slash.js";
import { tellStaleData } from "./stale.js";

listenForSlash();
void tellStaleData();

export { startSearch } from "./search.js";
