"""The scripts that stand inside a page, and their hashes, by which the policy of headers allows them.

The search page's first script answers a certificate's number before the stylesheets have come (docs/decisions/0027). It
is put together with the theme's other scripts (``site/assets.py``), and stands inside the page where its hash is what
the policy names; the first script of another theme is fetched, and answers that much later.

Before it stands a smaller one: where more is asked than a number, the page asks for all of the search before anything
else (docs/decisions/0025). A number's first answer needs none of it, and nothing else takes the way from it. Eight
digits are the code of a datasheet sooner than a certificate's number, and six letters are no system's name before a
number. What is a letter is guessed: to have Unicode's classes takes the browser a while, the first time.

Where a host still sends another policy, neither runs, and what they would have done comes later.
"""

from __future__ import annotations

import base64
import hashlib

EARLY_SCRIPT = r"""{
const {dataset} = document.currentScript, asked = [...new URLSearchParams(location.search)];
if (asked.length != 1 || /[^\s\d./_-]{6}|\d{8}|^\D*$/.test(asked[0][1])) for (const href of dataset.early.split(" ")) {
const link = document.createElement("link");
if (href.endsWith(".js")) link.rel = "modulepreload";
else if (link.rel = "preload", href.endsWith(".css")) link.as = "style";
else link.as = "fetch", link.crossOrigin = "anonymous";
link.href = href;
document.head.append(link);
}
}"""
"""Asks for the addresses in its element's ``data-early``, a blank between them: modules, stylesheets, data."""

FIRST_SCRIPT_HASH = "sha256-wf5eGLvqt9xO65Ty6MvLGVEHFWWSdz1mmbw/onUWXrI="
"""The hash of the theme's ``js/search-page.js``; a test says what it is to be."""


def hash_of(script: str) -> str:
    """Return a script's hash as policies write it, without the quotes around it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


SCRIPT_SOURCES = f"'{hash_of(EARLY_SCRIPT)}' '{FIRST_SCRIPT_HASH}'"
"""What a policy's ``script-src`` says of them."""
