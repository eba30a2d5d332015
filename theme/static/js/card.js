// @ts-check
/** The script of a verification card: only what its answer needs, so that it arrives in one round. */

import { onceOpen } from "./later.js";
import { startStatus } from "./live-status.js";
import { start } from "./modules.js";

start({ citations: onceOpen("cite.js", "startCitations"), status: startStatus });
