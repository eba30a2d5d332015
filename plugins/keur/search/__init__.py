"""The search data of a release: what the browser loads to resolve numbers, search words and filter."""

from keur.search.checking import check_payload
from keur.search.content import ContentText, content_payload
from keur.search.entries import Indexing, Record, indexed_records
from keur.search.payload import build_payload, merge, search_release

__all__ = [
    "ContentText",
    "Indexing",
    "Record",
    "build_payload",
    "check_payload",
    "content_payload",
    "indexed_records",
    "merge",
    "search_release",
]
