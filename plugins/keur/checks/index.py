"""What the rules ask of an export's records: who has a key, and whether a reference leads somewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from keur.model import (
    AnyRecord,
    Certificate,
    CertificateKey,
    Datasheet,
    Document,
    Entries,
    Entry,
    Holder,
    Product,
    System,
    Unit,
)
from keur.numbers import compact
from keur.problems import Place, Problem, quoted, suggestion

RecordT = TypeVar("RecordT", bound=AnyRecord)

NOUNS = {
    "systems": "system",
    "products": "product",
    "documents": "reference document",
    "holders": "holder",
    "units": "production unit",
    "contacts": "contact",
    "certificates": "certificate",
    "datasheets": "datasheet",
}
"""What one record of each kind is called in messages."""

KEY_FIELDS = {"certificates": "number", "datasheets": "code"}
"""The field of a record that shows its key, where it is not ``id``."""

# Comparing every mistyped id with every known one takes time that grows with both: looked for are those that help.
_MAX_COMPARED = 2_000
_MAX_SUGGESTIONS = 50


class Index:
    """The records that rules try (``entries``), and those that they look up by key; of two with one key, the first.

    ``among`` is the export that holds them all, where ``entries`` are only some of it. ``languages`` are those of the
    site.
    """

    def __init__(self, entries: Entries, languages: Sequence[str], among: Entries | None = None) -> None:
        self.entries = entries
        self.among = entries if among is None else among
        self.languages = tuple(languages)
        self._hints: dict[str, dict[str, str]] = {kind: {} for kind in NOUNS}
        self._spellings: dict[str, Mapping[str, str]] = {}

    @property
    def day(self) -> dt.date | None:
        """The day of the export; None where ``register.yaml`` could not be read."""
        return self.among.export.day if self.among.export else None

    @cached_property
    def systems(self) -> Mapping[str, System]:
        """Systems by id."""
        return _by_key(self.among.systems)

    @cached_property
    def products(self) -> Mapping[str, Product]:
        """Products by id."""
        return _by_key(self.among.products)

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """Reference documents by id."""
        return _by_key(self.among.documents)

    @cached_property
    def holders(self) -> Mapping[str, Holder]:
        """Holders by id."""
        return _by_key(self.among.holders)

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """Production units by id."""
        return _by_key(self.among.units)

    @cached_property
    def contacts(self) -> Mapping[str, Any]:
        """Contacts by id."""
        return _by_key(self.among.contacts)

    @cached_property
    def certificates(self) -> Mapping[CertificateKey, Certificate]:
        """Certificates by system and number."""
        return _by_key(self.among.certificates)

    @cached_property
    def datasheets(self) -> Mapping[str, Datasheet]:
        """Datasheets by code."""
        return _by_key(self.among.datasheets)

    def dangling(self, place: Place, kind: str, key: str | CertificateKey | None) -> Iterator[Problem]:
        """Yield a problem where a reference leads to no record; one at fault or in a file at fault is no news."""
        if key is None or key in getattr(self, kind) or kind in self.among.incomplete:
            return
        if key in self.among.unread_keys.get(kind, ()):
            return
        name = key_text(key)
        yield Problem(place, f"must be a {NOUNS[kind]} of this export; found {quoted(name)}{self._hint(kind, name)}")

    def _hint(self, kind: str, name: str) -> str:
        hints = self._hints[kind]
        if name not in hints:
            if kind not in self._spellings:
                self._spellings[kind] = {compact(key_text(key)): key_text(key) for key in getattr(self, kind)}
            spellings = self._spellings[kind]
            if compact(name) in spellings:
                hints[name] = f"; did you mean {quoted(spellings[compact(name)])}?"
            elif len(spellings) <= _MAX_COMPARED and len(hints) < _MAX_SUGGESTIONS:
                hints[name] = suggestion(name, spellings.values())
        return hints.get(name, "")


Rule = Callable[[Index], Iterator[Problem]]


def key_text(key: str | CertificateKey) -> str:
    """Return a key as people read it: system and number of a certificate, else the id or code."""
    return key if isinstance(key, str) else f"{key.system} {key.number}"


def _by_key(entries: Sequence[Entry[RecordT]]) -> dict[Any, RecordT]:
    records: dict[Any, RecordT] = {}
    for entry in entries:
        records.setdefault(entry.record.key, entry.record)
    return records
