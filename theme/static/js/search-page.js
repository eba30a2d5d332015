// @ts-check
/** What stands inside the search page (`site/assets.py`); `search-rest.js` takes from it what both need. */

import "./search-first.js";
