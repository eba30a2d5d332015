// @ts-check
/** The script of the page that checks the site: that of every page, and the check. */

import "./main.js";
import { start } from "./modules.js";
import { startVerify } from "./verify.js";

start({ verify: startVerify });
