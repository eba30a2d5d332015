"""Every public path of the site, in one place.

A path is text as it stands on disk (``/nl/certificates/benor-29-0107/``); ``Urls`` makes of it what a page prints: the
base path in front, %-escapes for letters beyond ASCII, and the whole address where the site's own is known.
Permalinks (``/c/``, ``/d/``, ``/p/``, ``/r/``), what stands beside them, badges (``/badge/``) and links to filtered
lists (``/l/``) are issued for ever: their form never changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, urlencode, urlsplit

LIST_KINDS = ("certificates", "datasheets", "products", "holders", "documents", "systems")
"""Kinds of records that have a folder of pages in each language, and a list of them at its head."""


def root() -> str:
    """Return the path of the way into the languages."""
    return "/"


def home(lang: str) -> str:
    """Return the path of a language's home."""
    return f"/{lang}/"


def search(lang: str) -> str:
    """Return the path of the search page."""
    return f"/{lang}/search/"


def check(lang: str) -> str:
    """Return the path of the page that checks a list."""
    return f"/{lang}/check/"


def team(lang: str) -> str:
    """Return the path of the contacts."""
    return f"/{lang}/team/"


def patterns(lang: str) -> str:
    """Return the path of the pattern page."""
    return f"/{lang}/patterns/"


def content(lang: str, name: str) -> str:
    """Return the path of a page written in Markdown."""
    return f"/{lang}/{name}/"


def listing(lang: str, kind: str, number: int = 1) -> str:
    """Return the path of a page of the list of a kind; pages count from 1."""
    return f"/{lang}/{kind}/" + ("" if number == 1 else f"page/{number}/")


def record(lang: str, kind: str, name: str) -> str:
    """Return the path of a record's page: ``name`` is its slug or id."""
    return f"/{lang}/{kind}/{name}/"


def part_listing(lang: str, kind: str, name: str, part: str, number: int = 1) -> str:
    """Return the path of a list that belongs to a record, such as the certificates of a product."""
    return f"/{lang}/{kind}/{name}/{part}/" + ("" if number == 1 else f"page/{number}/")


def changes(lang: str, kind: str = "", name: str = "") -> str:
    """Return the path of the recent changes: of the whole register, or of a system or product."""
    return f"/{lang}/changes/" + (f"{kind}/{name}/" if kind else "")


def feed(lang: str, kind: str = "", name: str = "") -> str:
    """Return the path of the feed of the same."""
    return f"/{lang}/feeds/" + (f"{kind}/{name}.atom" if kind else "register.atom")


def unlisted(lang: str) -> str:
    """Return the path of the numbers that are no longer listed, which the search asks where it finds none."""
    return f"/{lang}/unlisted.json"


def permalink(kind: str, name: str) -> str:
    """Return the permalink of a certificate, datasheet, product or document."""
    return f"/{_PERMALINK_LETTERS[kind]}/{name}/"


def qr_code(kind: str, name: str) -> str:
    """Return the path of the QR code of a permalink."""
    return permalink(kind, name) + "qr.svg"


def badge(slug: str) -> str:
    """Return the path of a certificate's badge, a page for frames of other sites."""
    return f"/badge/{slug}/"


def badge_image(slug: str) -> str:
    """Return the path of a certificate's badge as an image."""
    return badge(slug) + "badge.svg"


def badges(lang: str) -> str:
    """Return the path of the page about badges."""
    return f"/{lang}/badges/"


def filtered_list() -> str:
    """Return the path of the page that leads to a list with filters; its query says which."""
    return "/l/"


_PERMALINK_LETTERS = {"certificates": "c", "datasheets": "d", "products": "p", "documents": "r"}
PERMALINK_KINDS = tuple(_PERMALINK_LETTERS)
"""Kinds of records that have permalinks."""


def not_found() -> str:
    """Return the path of the page that a server shows for what is not there."""
    return "/404.html"


def release_css() -> str:
    """Return the path of the small stylesheet that says of which day the data is."""
    return "/release.css"


def record_json(kind: str, name: str) -> str:
    """Return the path of a record's JSON: beside its permalink, or among the data where it has none."""
    return permalink(kind, name) + "index.json" if kind in _PERMALINK_LETTERS else f"/data/{kind}/{name}.json"


def data_page(lang: str) -> str:
    """Return the path of the page that explains the data."""
    return f"/{lang}/data/"


def data_file(name: str) -> str:
    """Return the path of a file of the whole register's data."""
    return f"/data/{name}"


SCHEMA_VERSION = 1
"""The version of the published JSON: it changes when a program that reads it would have to."""


def json_schema(name: str) -> str:
    """Return the path of the JSON Schema of a kind of JSON file."""
    return f"/schema/{SCHEMA_VERSION}/{name}.json"


def sitemap() -> str:
    """Return the path of the index of sitemaps."""
    return "/sitemap.xml"


def sitemap_part(name: str, number: int) -> str:
    """Return the path of a sitemap of pages of one kind; parts count from 1."""
    return f"/sitemap/{name}-{number}.xml"


def robots() -> str:
    """Return the path of what search engines read first."""
    return "/robots.txt"


def opensearch(lang: str) -> str:
    """Return the path of the description by which a browser searches the register from its own box."""
    return f"/{lang}/opensearch.xml"


def sums() -> str:
    """Return the path of the list of every file with its SHA-256."""
    return "/SHA256SUMS"


def manifest() -> str:
    """Return the path of what vouches for a release."""
    return "/manifest.json"


def manifest_signature() -> str:
    """Return the path of the manifest's signature, 64 bytes."""
    return "/manifest.json.sig"


def public_keys() -> str:
    """Return the path of the public keys that manifests are signed with."""
    return "/manifest.pub.pem"


LEDGER = "/ledger/"
"""The folder of the published ledger."""


def ledger_part(number: int) -> str:
    """Return the path of a part of the published ledger; parts count from 1."""
    return f"{LEDGER}{number:06}.jsonl"


def verify(lang: str) -> str:
    """Return the path of the page that checks the site itself."""
    return f"/{lang}/verify/"


def search_payload(release: str) -> str:
    """Return the folder of a release's search data."""
    return f"/search/{release}/"


def asset(release: str, name: str) -> str:
    """Return the path of a file of the theme, in the folder of its release."""
    return f"/assets/{release}/{name}"


def unit_anchor(unit: str) -> str:
    """Return the anchor of a production unit on its holder's page."""
    return f"unit-{unit}"


def file_of(path: str) -> str:
    """Return the file that answers for a path, relative to the output folder."""
    return path[1:] + ("index.html" if path.endswith("/") else "")


_HASHED = re.compile(r"(?:assets|search)/[0-9a-f]{8,64}/")


def is_hashed(file: str) -> bool:
    """Tell whether a file of the output stands in a folder that is named by its content, so that it never changes."""
    return _HASHED.match(file) is not None


_PLAIN = re.compile(r"[a-z0-9/._~-]*", re.ASCII)


def _escaped(path: str) -> str:
    # Nearly every path is plain, and asking is ten times cheaper than escaping.
    return path if _PLAIN.fullmatch(path) else quote(path, safe="/-._~")


@dataclass(frozen=True)
class Urls:
    """The site's own address; ``site_url`` is empty where it is not known, and has no slash at its end."""

    site_url: str = ""

    @cached_property
    def base(self) -> str:
        """The path in front of every page, "" on a host of its own."""
        return urlsplit(self.site_url).path.rstrip("/")

    def href(self, path: str, anchor: str = "") -> str:
        """Return a path as a link of the site prints it."""
        return self.base + _escaped(path) + (f"#{quote(anchor)}" if anchor else "")

    def canonical(self, path: str) -> str | None:
        """Return a path as a whole address, None where the site's is not known."""
        return self.site_url.rstrip("/") + _escaped(path) if self.site_url else None

    def address(self, path: str) -> str:
        """Return the best known address of a path: whole, or from the host's root."""
        return self.canonical(path) or self.href(path)

    def filtered(self, lang: str, **parameters: str) -> str:
        """Return the search page with filters chosen."""
        return self.asked(search(lang), **parameters)

    def asked(self, path: str, **parameters: str) -> str:
        """Return a path as a link of the site prints it, with parameters for its script."""
        return self.href(path) + "?" + urlencode(parameters)
