// @ts-check
/** The search page but for its first answer, and what runs on every page. What the first answer took is not fetched again. */

import "./search-first.js";
import "./main.js";

export { startSearch } from "./search.js";
