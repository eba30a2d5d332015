// @ts-check
/** The script of the search page: that of every page, and the search. */

import "./main.js";
import { start } from "./modules.js";
import { startSearch } from "./search.js";

start({ search: startSearch });
