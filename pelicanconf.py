"""Settings of the site. Paths are absolute, from this file's own place, so that it matters nowhere one stands.

What a certification body changes: ``LANGUAGES``, ``DEFAULT_LANG``, ``SITEURL``, ``TIMEZONE``, ``KEUR_DATA`` and
``KEUR_STALE_AFTER_DAYS``. The rest tells Pelican that pages are planned by Keur.
"""

from pathlib import Path

_ROOT = Path(__file__).resolve().parent

# The languages of the site. The first that a text of the export has is its fallback, in this order.
LANGUAGES = ("nl", "fr", "de", "en")
DEFAULT_LANG = "nl"

# The site's own address, https://register.example/somewhere; empty while it is not known.
SITEURL = ""
TIMEZONE = "Europe/Brussels"

KEUR_DATA = str(_ROOT / "registry_data")
# From this age of the export on, in days, pages say that the data is too old to tell what is valid.
KEUR_STALE_AFTER_DAYS = 30
# `keur publish`: how many releases a published folder keeps, and how many of the valid certificates or datasheets, in
# per cent, may be gone from an export before a person must confirm the number.
KEUR_RELEASES_KEPT = 3
KEUR_DROP_PERCENT = 5
# `keur publish`: the private key (Ed25519, a PEM file) that signs each release's manifest, empty to sign none; and the
# public keys that pages name and readers may rely on, PEM files, with those of former keys and of one that is to come.
KEUR_SIGNING_KEY = ""
KEUR_PUBLIC_KEYS = ()
# Whether compressed forms (.br, .gz) are written beside each file of text, for web servers that send them as they are.
KEUR_PRECOMPRESS = False
# What comes from npm: lunr.js, and esbuild, which puts scripts together.
KEUR_NODE_MODULES = str(_ROOT / "node_modules")

SITENAME = "Keur"
PATH = str(_ROOT / "content")
OUTPUT_PATH = str(_ROOT / "output")
THEME = str(_ROOT / "theme")
PLUGINS = ["keur.pelican_plugin"]

MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.meta": {},
        "markdown.extensions.sane_lists": {},
        "markdown.extensions.tables": {},
        "markdown.extensions.toc": {},
    },
    "output_format": "html5",
}

# Every page comes from Keur's plan: Pelican's own pages, feeds and copies are off.
ARTICLE_PATHS = []
PAGE_PATHS = []
STATIC_PATHS = []
THEME_STATIC_PATHS = []
THEME_TEMPLATES_OVERRIDES = []
DIRECT_TEMPLATES = []
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
DELETE_OUTPUT_DIRECTORY = False
RELATIVE_URLS = False
SLUGIFY_SOURCE = "basename"
PAGE_URL = "{lang}/{slug}/"
PAGE_SAVE_AS = "{lang}/{slug}/index.html"
PAGE_LANG_URL = PAGE_URL
PAGE_LANG_SAVE_AS = PAGE_SAVE_AS
JINJA_ENVIRONMENT = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
