"""The search data of a site; what they keep of a record is taken from the last build where the record is the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keur.model import RECORD_KINDS, Datasheet, Register
from keur.search import Indexing, Record, indexed_records, merge
from keur.site.memory import Memory

_KINDS = {model: kind for kind, model in RECORD_KINDS.items()}


def search_payload(register: Register, languages: Sequence[str], memory: Memory | None) -> dict[str, bytes]:
    """Return the search data of a register: file names, relative to the release's folder, with their bytes."""
    indexing = Indexing(register, languages)
    key = repr(indexing.key)
    kept = memory.recall("search") if memory else None
    known: dict[bytes, Any] = kept[1] if kept is not None and kept[0] == key else {}
    entries: dict[bytes, Any] = {}
    in_order = []
    grown = False
    for record in indexed_records(register):
        depends_on = _depends_on(register, record)
        entry = known.get(depends_on)
        if entry is None:
            grown = True
            entry = indexing.entry(record)
        entries[depends_on] = entry
        in_order.append(entry)
    if memory and (grown or len(entries) != len(known)):
        memory.keep("search", (key, entries))
    return merge(indexing, in_order)


def _depends_on(register: Register, record: Record) -> bytes:
    """Return the digest of the records that an entry is made of."""
    kind = _KINDS[type(record)]
    own = register.digests[kind][record.key]
    if isinstance(record, Datasheet):
        return own + register.digests["products"][record.product]
    return kind.encode() + own
