// @ts-check
/** The script of the search page. All of it stands in one file with what the search needs of it (`site/assets.py`). */

import "./search-first.js";
