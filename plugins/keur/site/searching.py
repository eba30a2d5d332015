"""The search data of a site; what they keep of a record is taken from the last build where the record is the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keur.model import Register
from keur.search import (
    INDEXED_KINDS,
    ContentText,
    Indexing,
    KeptFiles,
    KeptRows,
    check_payload,
    content_payload,
    declared_units,
    indexed_records,
    merge,
    units_of_entry,
)
from keur.site.memory import Memory
from keur.views.pages import ContentSource


def search_files(
    register: Register, languages: Sequence[str], content: Sequence[ContentSource], memory: Memory | None
) -> dict[str, bytes]:
    """Return all files of a site's search by their names, relative to the release's folder."""
    return {
        **search_payload(register, languages, memory),
        **content_payload(_content_texts(content, languages)),
        **check_file(register, memory),
    }


def search_payload(register: Register, languages: Sequence[str], memory: Memory | None) -> dict[str, bytes]:
    """Return the search data of a register: file names, relative to the release's folder, with their bytes."""
    kept = memory.recall("search") if memory else None
    kept_key: str = kept[0] if kept else ""
    known: dict[bytes, Any] = kept[1] if kept else {}
    made_of = _made_of(register)
    sheets = register.datasheets
    sheets_made_of = made_of[len(made_of) - len(sheets) :]
    units = (
        units_of_entry(known[own]) if own in known else declared_units(sheet)
        for own, sheet in zip(sheets_made_of, sheets.values(), strict=True)
    )
    indexing = Indexing(register, languages, units)
    key = repr(indexing.key)
    if key != kept_key:
        known = {}
    entries: dict[bytes, Any] = {}
    in_order = []
    grown = False
    for own, record in zip(made_of, indexed_records(register), strict=True):
        entry = known.get(own)
        if entry is None:
            grown = True
            entry = indexing.entry(record)
        entries[own] = entry
        in_order.append(entry)
    if not memory:
        return merge(indexing, in_order)
    if grown or len(entries) != len(known):
        memory.keep("search", (key, entries))
    found = memory.recall("search-files")
    files_before = found[1] if found is not None and found[0] == key else None
    files = KeptFiles(files_before, known, sheets_made_of)
    payload = merge(indexing, in_order, kept=files)
    if files.changed:
        memory.keep("search-files", (key, files.now))
    return payload


def check_file(register: Register, memory: Memory | None) -> dict[str, bytes]:
    """Return the file of the check of a list by its name."""
    rows = KeptRows(memory.recall("check") if memory else None)
    made = check_payload(register, rows)
    if memory and rows.changed:
        memory.keep("check", rows.now)
    return made


def _made_of(register: Register) -> list[bytes]:
    """Return for each record the digest of all that its entry is made of, in the order of ``indexed_records``."""
    digests = register.digests
    made_of: list[bytes] = []
    for kind in INDEXED_KINDS[:-1]:
        own = digests[kind]
        head = kind.encode()
        made_of += [head + own[key] for key in getattr(register, kind)]
    own, products = digests["datasheets"], digests["products"]
    # A datasheet's takes in its product's characteristics.
    made_of += [own[code] + products[sheet.product] for code, sheet in register.datasheets.items()]
    return made_of


def _content_texts(content: Sequence[ContentSource], languages: Sequence[str]) -> dict[str, list[ContentText]]:
    return {
        language: [
            ContentText(source.name, source.title, source.summary, source.body_html)
            for source in sorted(content, key=lambda source: (source.order, source.name))
            if source.lang == language
        ]
        for language in languages
    }
