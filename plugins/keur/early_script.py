"""The one script that stands inside a page, and its hash, by which the policy of headers allows it.

The search page asks for its script, and that asks for what it needs: two round trips, and the browser paints the page
between them. Where more is asked than a number, all of it is needed: the page then asks for it before anything else.
A number's first answer needs less, and nothing else takes the way from it (docs/decisions/0025). Eight digits are the
code of a datasheet sooner than a certificate's number, and six letters are no system's name before a number.

It also has the browser load what it writes dates with, which takes a while the first time: nothing else is to be done
then, and the first result has a date.

Where a host still sends another policy, the script does not run, and what it would have asked for comes later.
"""

from __future__ import annotations

import base64
import hashlib

EARLY_SCRIPT = r"""{
const {dataset} = document.currentScript, asked = [...new URLSearchParams(location.search)];
if (asked.length != 1 || /\p{L}{6}|\d{8}|^\P{N}*$/u.test(asked[0][1]))
for (const href of dataset.early.split(" ")) {
const link = document.createElement("link");
if (href.endsWith(".js")) link.rel = "modulepreload";
else link.rel = "preload", link.as = "fetch", link.crossOrigin = "anonymous";
link.href = href;
document.head.append(link);
}
setTimeout(() => new Intl.DateTimeFormat(document.documentElement.lang));
}"""
"""Asks for the addresses in its element's ``data-early``, a blank between them: modules, and data to be fetched."""

EARLY_SCRIPT_SOURCE = "'sha256-" + base64.b64encode(hashlib.sha256(EARLY_SCRIPT.encode()).digest()).decode() + "'"
"""What a policy's ``script-src`` says of it."""
