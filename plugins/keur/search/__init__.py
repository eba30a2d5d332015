"""The search data of a release: what the browser loads to resolve numbers, search words and filter."""

from keur.search.checking import KeptRows, check_payload
from keur.search.content import ContentText, content_payload
from keur.search.entries import INDEXED_KINDS, Indexing, Record, declared_units, indexed_records, units_of_entry
from keur.search.kept import KeptFiles
from keur.search.payload import CERTIFICATES, build_payload, merge, search_release

__all__ = [
    "CERTIFICATES",
    "INDEXED_KINDS",
    "ContentText",
    "Indexing",
    "KeptFiles",
    "KeptRows",
    "Record",
    "build_payload",
    "check_payload",
    "content_payload",
    "declared_units",
    "indexed_records",
    "merge",
    "search_release",
    "units_of_entry",
]
