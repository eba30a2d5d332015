"""The file that the check of a list fetches: every number of the register, with what answers for it on any day.

It is one file, fetched whole, so that what is asked of the server never depends on the list (docs/decisions/0018).
Records are *rows*: certificates first, then datasheets, those that are no longer listed after the listed ones of their
kind. Columns stand by row, or by certificate or datasheet where only these have them:

``numbers``         certificates' numbers and datasheets' codes, as printed
``system``          by certificate, in ``systems``: id, names by language, number pattern
``product``         in ``products``, names by language
``holder``          in ``holders``
``trade_names``     by datasheet
``hung``            by datasheet, in ``sets``: rows of the certificates that it hangs on, or hung on last; -1 for one
                    that is not known
``from``, ``until`` days since 1970; ``until`` may be null
``events``          row, and its status events: day, status, precision, in ``statuses`` and ``precisions``
``slugs``           row, and its slug where that does not follow from the number
``unlisted``        row, and the day of the first export without it
``first``           the day since which exports showed what the record's own dates say; 0 where none is remembered
``shown``           row, and what exports showed: first day, last or null, dates, certificates; in place of dates stand
                    0 for the record's own and null where it was not listed
``documents``       numbers of reference documents, which are no certificates

``theme/static/js/check-register.js`` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from keur import numbers
from keur.model import (
    Certificate,
    Datasheet,
    Dates,
    Precision,
    Register,
    Showing,
    Status,
    UnlistedCertificate,
    UnlistedDatasheet,
)
from keur.search.entries import day_number, event_entry

CHECK_FILE = "check.json"

AnyCertificate: TypeAlias = Certificate | UnlistedCertificate
AnyDatasheet: TypeAlias = Datasheet | UnlistedDatasheet


def check_payload(register: Register) -> dict[str, bytes]:
    """Return the file by its name: the same register gives the same bytes."""
    content = _Columns(register).content()
    return {CHECK_FILE: json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()}


class _Columns:
    def __init__(self, register: Register) -> None:
        self.register = register
        self.certificates: list[AnyCertificate] = [
            *register.certificates.values(),
            *register.memory.certificates.values(),
        ]
        self.rows: dict[tuple[str, str], int] = {
            certificate.key: row for row, certificate in enumerate(self.certificates)
        }
        self.held = {
            code: tuple([self.rows.get(key, -1) for key in _certificates(sheet)])
            for sheets in (register.datasheets, register.memory.datasheets)
            for code, sheet in sheets.items()
        }
        listed = sorted(register.datasheets.values(), key=self._order)
        self.sheets: list[AnyDatasheet] = [*listed, *sorted(register.memory.datasheets.values(), key=self._order)]
        self.names = {id_: tuple(product.name) for id_, product in register.products.items()}
        self.systems: dict[str, int] = {}
        self.products: dict[tuple[tuple[str, str], ...], int] = {}
        self.holders: dict[str, int] = {}
        self.sets: dict[tuple[int, ...], int] = {}

    def _order(self, sheet: AnyDatasheet) -> tuple[Any, ...]:
        # Equal neighbours pack well.
        return (self.held[sheet.code], _product(sheet), sheet.trade_name, sheet.code)

    def content(self) -> Mapping[str, object]:
        every: list[AnyCertificate | AnyDatasheet] = [*self.certificates, *self.sheets]
        dates = list(map(_dates, every))
        of_systems = [
            self.systems.setdefault(certificate.key.system, len(self.systems)) for certificate in self.certificates
        ]
        of_products = [self._product(record) for record in every]
        of_holders = [self._holder(record) for record in every]
        hung = [self.sets.setdefault(self.held[sheet.code], len(self.sets)) for sheet in self.sheets]
        first, shown = self._remembered(every, dates)
        return {
            "statuses": [status.value for status in Status],
            "precisions": [precision.value for precision in Precision],
            "systems": [self._described(system) for system in self.systems],
            "products": [dict(name) for name in self.products],
            "holders": list(self.holders),
            "documents": [document.number for document in self.register.documents.values()],
            "certificates": len(self.certificates),
            "numbers": [
                *(certificate.number for certificate in self.certificates),
                *(sheet.code for sheet in self.sheets),
            ],
            "system": of_systems,
            "product": of_products,
            "holder": of_holders,
            "trade_names": [sheet.trade_name for sheet in self.sheets],
            "hung": hung,
            "sets": list(self.sets),
            "from": [day_number(own.valid_from) for own in dates],
            "until": [None if own.valid_until is None else day_number(own.valid_until) for own in dates],
            "events": [[row, _events(own)] for row, own in enumerate(dates) if own.status_events],
            "slugs": list(self._own_slugs()),
            "unlisted": [
                [row, day_number(record.unlisted)]
                for row, record in enumerate(every)
                if isinstance(record, UnlistedCertificate | UnlistedDatasheet)
            ],
            "first": first,
            "shown": shown,
        }

    # --- what rows refer to ----------------------------------------------------------------------------------------

    def _described(self, system: str) -> tuple[str, Mapping[str, str], str | None]:
        listed = self.register.systems.get(system)
        if listed:
            return system, dict(listed.name), listed.number_pattern
        gone = next(one for one in self.register.memory.certificates.values() if one.key.system == system)
        return system, dict(gone.system_name), None

    def _product(self, record: AnyCertificate | AnyDatasheet) -> int:
        name = self.names.get(_product(record))
        if name is None and isinstance(record, UnlistedCertificate | UnlistedDatasheet):
            name = tuple(record.provenance.product_name)
        elif name is None:
            raise KeyError(_product(record))
        return self.products.setdefault(name, len(self.products))

    def _holder(self, record: AnyCertificate | AnyDatasheet) -> int:
        if isinstance(record, UnlistedCertificate | UnlistedDatasheet):
            listed = self.register.holders.get(record.provenance.holder)
            name = listed.name if listed else record.provenance.holder_name
        elif isinstance(record, Datasheet):
            name = self.register.holder_of(record).name
        else:
            name = self.register.holders[record.holder].name
        return self.holders.setdefault(name, len(self.holders))

    def _own_slugs(self) -> Sequence[tuple[int, str]]:
        register = self.register
        own = []
        for row, certificate in enumerate(self.certificates):
            slug = register.certificate_slugs[certificate.key]
            if slug != numbers.plain_slug(certificate.number, certificate.key.system):
                own.append((row, slug))
        for row, sheet in enumerate(self.sheets, len(self.certificates)):
            slug = register.datasheet_slugs[sheet.code]
            if slug != numbers.plain_slug(sheet.code):
                own.append((row, slug))
        return own

    # --- what exports showed ---------------------------------------------------------------------------------------

    def _remembered(
        self, every: Sequence[AnyCertificate | AnyDatasheet], dates: Sequence[Dates]
    ) -> tuple[Sequence[int], Sequence[Any]]:
        traces = self.register.memory.traces
        if not traces:
            return [], []
        first, shown = [], []
        for row, (record, own) in enumerate(zip(every, dates, strict=True)):
            trace = traces[record.key]
            if not trace.changed:
                first.append(day_number(trace.first))
                continue
            showings = self.register.showings(record.key)
            plain = len(showings) == 1 and showings[0].dates == own
            first.append(day_number(showings[0].first) if plain else 0)
            if showings and not plain:
                shown.append([row, [self._showing(showing, own) for showing in showings]])
        return first, shown

    def _showing(self, showing: Showing, own: Dates) -> list[Any]:
        told: Any = None
        if showing.dates is not None:
            told = 0 if showing.dates == own else _told(showing.dates)
        hung = [[self.rows.get(key, -1) for key in showing.certificates]] if showing.certificates else []
        return [day_number(showing.first), None if showing.last is None else day_number(showing.last), told, *hung]


def _certificates(sheet: AnyDatasheet) -> Sequence[tuple[str, str]]:
    if isinstance(sheet, Datasheet):
        # Such a pair is equal to a key, and quicker to make.
        return [(reference.system, reference.number) for reference in sheet.certificates]
    return sheet.certificates


def _product(record: AnyCertificate | AnyDatasheet) -> str:
    return record.product if isinstance(record, Certificate | Datasheet) else record.provenance.product


def _dates(record: AnyCertificate | AnyDatasheet) -> Dates:
    return Dates.of(record) if isinstance(record, Certificate | Datasheet) else record.dates


def _told(dates: Dates) -> list[Any]:
    until = None if dates.valid_until is None else day_number(dates.valid_until)
    return [day_number(dates.valid_from), until, _events(dates)]


def _events(dates: Dates) -> list[Any]:
    return [event_entry(event) for event in dates.history]
