// @ts-check
/** The script of the page that checks a list: that of every page, and the check. */

import "./main.js";
import { startCheck } from "./check.js";
import { start } from "./modules.js";

start({ check: startCheck });
