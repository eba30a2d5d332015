"""Content pages as search data: ``pages.<lang>.json``, what the pages of a language are found by.

``theme/static/js/content-pages.js`` reads it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


class ContentText(NamedTuple):
    """What a content page says; ``name`` is its address below its language's, ``body_html`` its text."""

    name: str
    title: str
    summary: str
    body_html: str


def content_payload(pages: Mapping[str, Iterable[ContentText]]) -> dict[str, bytes]:
    """Return a file a language: its pages in the order given, each with the text of its headings."""
    return {f"pages.{language}.json": _encoded(own) for language, own in pages.items()}


def _encoded(pages: Iterable[ContentText]) -> bytes:
    told = [
        {"name": page.name, "title": page.title, "summary": page.summary, "headings": list(_headings(page.body_html))}
        for page in pages
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _headings(body_html: str) -> Iterable[str]:
    for match in _HEADING.finditer(body_html):
        yield " ".join(html.unescape(_TAG.sub("", match[1])).split())
