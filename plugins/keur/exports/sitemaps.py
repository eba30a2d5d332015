"""Sitemaps: where every page is, for search engines, with the day a record last changed and the page in each language.

``lastmod`` is told where the ledger knows it, and left out where nobody does: a wrong day is worse than none, because
search engines stop believing it. Pages of records that are no longer listed are not named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape as escaped

from keur import urls
from keur.exports.xml_text import illegal
from keur.model import Text
from keur.urls import Urls

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ADDRESSES_A_PART = 40_000
"""Addresses in one part, those of other languages counted: even at a kilobyte each they stay below the 50 MB, and the
pages below the 50,000, that the protocol allows."""


def pages_a_part(languages: int) -> int:
    """Return how many pages, each in every language, stand in one part."""
    return max(1, _ADDRESSES_A_PART // (languages * (languages + 1)))


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page in its languages; ``changed`` is the day it last changed, None where that is not known."""

    path_of: Callable[[str], str]
    changed: dt.date | None = None
    languages: tuple[str, ...] | None = None


def escape(text: str) -> str:
    """Return a text as XML holds it."""
    return escaped(illegal().sub("", text), quote=False)


def sitemap(pages: Iterable[SitePage], site_urls: Urls, languages: Sequence[str]) -> bytes:
    """Return a part: every page in each of its languages, and each with all of them."""
    parts = [_HEAD, f'<urlset xmlns="{_SPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n']
    for page in pages:
        spoken = languages if page.languages is None else page.languages
        addresses = {lang: site_urls.canonical(page.path_of(lang)) or "" for lang in spoken}
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{escaped(lang)}" href="{escaped(address)}"/>\n'
            for lang, address in addresses.items()
        )
        changed = f"<lastmod>{page.changed.isoformat()}</lastmod>\n" if page.changed else ""
        parts += [f"<url>\n<loc>{escape(address)}</loc>\n{changed}{links}</url>\n" for address in addresses.values()]
    parts.append("</urlset>\n")
    return "".join(parts).encode()


def sitemap_index(parts: Mapping[str, dt.date | None], site_urls: Urls) -> bytes:
    """Return the index; ``parts`` are paths of sitemaps with the last day that one of their pages changed."""
    lines = [_HEAD, f'<sitemapindex xmlns="{_SPACE}">\n']
    for path, changed in parts.items():
        lastmod = f"<lastmod>{changed.isoformat()}</lastmod>\n" if changed else ""
        lines.append(f"<sitemap>\n<loc>{escape(site_urls.canonical(path) or '')}</loc>\n{lastmod}</sitemap>\n")
    lines.append("</sitemapindex>\n")
    return "".join(lines).encode()


def robots(site_urls: Urls) -> bytes:
    """Return ``robots.txt``: everything may be read, and this is where the pages are."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {site_urls.canonical(urls.sitemap())}\n".encode()


# --- the browser's own search box -------------------------------------------------------------------------------------

_SHORT, _LONG = 16, 48
"""How many characters a browser's list and its tooltip take (OpenSearch 1.1)."""


def opensearch(title: Text, publisher: str, lang: str, order: Sequence[str], site_urls: Urls, said: str) -> bytes:
    """Return the OpenSearch description of a language; ``said`` tells what one searches for."""
    name = title.in_languages(tuple(order))[0]
    template = f"{site_urls.canonical(urls.search(lang))}?q={{searchTerms}}"
    short = next((text for text in (name, publisher) if len(text) <= _SHORT), _cut(publisher, _SHORT))
    return (
        f"{_HEAD}"
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(short)}</ShortName>\n"
        f"<LongName>{escape(_cut(name, _LONG))}</LongName>\n"
        f"<Description>{escape(said)}</Description>\n"
        f'<Url type="text/html" template="{escaped(template)}"/>\n'
        f"<Language>{escape(lang)}</Language>\n"
        "<InputEncoding>UTF-8</InputEncoding>\n"
        "<OutputEncoding>UTF-8</OutputEncoding>\n"
        "</OpenSearchDescription>\n"
    ).encode()


def _cut(text: str, most: int) -> str:
    """Return a text cut at a word, if need be, to so many characters."""
    if len(text) <= most:
        return text
    whole = text[: most + 1].rpartition(" ")[0]
    return whole or text[:most]
