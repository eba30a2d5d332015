"""Atom feeds (RFC 4287): plain strings in, bytes out, the same for the same strings."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET

from keur.exports.xml_text import illegal

NAMESPACE = "http://www.w3.org/2005/Atom"


class Entry(NamedTuple):
    """An entry of a feed: ``name`` is what makes its id, ``href`` leads to what it is about."""

    name: str
    title: str
    href: str
    updated: str
    summary: str
    category: str
    label: str


class Feed(NamedTuple):
    """A feed: ``own_href`` is its address, ``page_href`` that of the page that says the same.

    ``updated`` and those of entries are RFC 3339 date-times.
    """

    name: str
    lang: str
    title: str
    own_href: str
    page_href: str
    updated: str
    author: str
    author_uri: str
    entries: Sequence[Entry]
    rights: str | None = None


def named_id(name: str) -> str:
    """Return the id for a name: the same wherever the site stands, for it does not hang on the site's address."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def feed_bytes(feed: Feed) -> bytes:
    """Return a feed as XML in UTF-8."""
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": feed.lang})
    _add(root, "id", named_id(feed.name))
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated)
    author = ET.SubElement(root, "author")
    _add(author, "name", feed.author)
    _add(author, "uri", feed.author_uri)
    _link(root, "self", feed.own_href, "application/atom+xml")
    _link(root, "alternate", feed.page_href, "text/html", feed.lang)
    if feed.rights:
        _add(root, "rights", feed.rights)
    for part in feed.entries:
        entry = ET.SubElement(root, "entry")
        _add(entry, "id", named_id(part.name))
        _add(entry, "title", part.title)
        _add(entry, "updated", part.updated)
        _link(entry, "alternate", part.href, "text/html")
        ET.SubElement(entry, "category", {"term": part.category, "label": _legal(part.label)})
        _add(entry, "summary", part.summary)
    ET.indent(root, "")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = _legal(text)


def _link(parent: ET.Element, rel: str, href: str, media_type: str, lang: str | None = None) -> None:
    language = {"hreflang": lang} if lang else {}
    ET.SubElement(parent, "link", {"rel": rel, "type": media_type, **language, "href": _legal(href)})


def _legal(text: str) -> str:
    # A ledger that Keur did not write may have it.
    return illegal().sub("\ufffd", text)
