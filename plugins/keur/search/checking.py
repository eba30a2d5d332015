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
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from keur import numbers
from keur.model import (
    Certificate,
    CertificateKey,
    Datasheet,
    Dates,
    Precision,
    Register,
    Showing,
    Status,
    UnlistedCertificate,
    UnlistedDatasheet,
)
from keur.search.entries import Event, day_number, event_entry

CHECK_FILE = "check.json"

AnyCertificate: TypeAlias = Certificate | UnlistedCertificate
AnyDatasheet: TypeAlias = Datasheet | UnlistedDatasheet
Keys: TypeAlias = tuple[tuple[str, str], ...]
"""Certificates by system and number."""
Told: TypeAlias = tuple[int, int | None, tuple[Event, ...]]
"""First day, last day and status events."""


ShownBefore: TypeAlias = tuple[int, int | None, Told | int | None, Keys]
"""What exports showed of a record: first day, last day, dates, certificates; dates as in ``shown``."""


class CheckRow(NamedTuple):
    """What the file says of a certificate or datasheet: it hangs on the record and on what is remembered of it alone.

    ``made_by`` is the id of a certificate's holder, of a datasheet's unit. ``shown`` is None where no export showed
    anything else than the record's own dates say.
    """

    number: str
    plain_slug: str
    product: str
    made_by: str
    trade_name: str
    certificates: Keys
    dates: Told
    first: int
    shown: tuple[ShownBefore, ...] | None


class KeptRows:
    """Rows of the last build, as plain tuples by what tells a record and its memory from all that they were before."""

    def __init__(self, before: Mapping[bytes, tuple[Any, ...]] | None = None) -> None:
        self._before = before or {}
        self.now: dict[bytes, tuple[Any, ...]] = {}
        self._grown = False

    @property
    def changed(self) -> bool:
        """Whether this build leaves something else than the last one."""
        return self._grown or len(self.now) != len(self._before)

    def recall(self, digest: bytes) -> CheckRow | None:
        """Return the row of a record, and keep it for the next build; None where it is not known."""
        known = self._before.get(digest)
        if known is None:
            return None
        self.now[digest] = known
        return CheckRow._make(known)

    def keep(self, digest: bytes, row: CheckRow) -> CheckRow:
        """Keep the row of a record for the next build."""
        self._grown = True
        self.now[digest] = tuple(row)
        return row


def check_payload(register: Register, kept: KeptRows | None = None) -> dict[str, bytes]:
    """Return the file by its name: the same register gives the same bytes.

    ``kept`` are rows of the last build; it gets those of this one.
    """
    content = _Columns(register, kept or KeptRows()).content()
    return {CHECK_FILE: json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()}


class _Columns:
    def __init__(self, register: Register, kept: KeptRows) -> None:
        self.register = register
        self._kept = kept
        memory = register.memory
        certificates = [*self._listed("certificates"), *map(self._of_unlisted, memory.certificates.values())]
        self.rows: dict[tuple[str, str], int] = {
            key: row for row, key in enumerate((*register.certificates, *memory.certificates))
        }
        self.held: dict[Keys, tuple[int, ...]] = {}
        listed = self._in_order(self._listed("datasheets"))
        unlisted = self._in_order(map(self._of_unlisted, memory.datasheets.values()))
        self.certificates = certificates
        self.sheets = [*listed, *unlisted]
        self.every = [*certificates, *self.sheets]
        # Of each row the record, where it is no longer listed.
        self.gone: list[UnlistedCertificate | UnlistedDatasheet | None] = [
            *(None for _ in register.certificates),
            *memory.certificates.values(),
            *(None for _ in listed),
            *(memory.datasheets[row.number] for row in unlisted),
        ]

    def _listed(self, kind: str) -> Iterator[CheckRow]:
        register, kept = self.register, self._kept
        traces, digests = register.memory.traces, register.digests[kind]
        remembers = bool(traces)
        for key, record in getattr(register, kind).items():
            own = digests[key]
            made_of = own
            if remembers:
                trace = traces[key]
                made_of += trace.digest + (self._held_by(record) if trace.changed else b"")
            yield kept.recall(made_of) or kept.keep(made_of, self._row(record, record.product, _made_by(record)))

    def _held_by(self, record: Certificate | Datasheet) -> bytes:
        """Return the digest of whose a record is: what exports showed of another holder's is not its own past."""
        register, digests = self.register, self.register.digests
        certificate = record if isinstance(record, Certificate) else register.certificates[record.certificates[0].key]
        return digests["certificates"][certificate.key] + digests["holders"][certificate.holder]

    def _of_unlisted(self, record: UnlistedCertificate | UnlistedDatasheet) -> CheckRow:
        return self._row(record, record.provenance.product, record.provenance.holder)

    def _in_order(self, sheets: Iterable[CheckRow]) -> list[CheckRow]:
        # Equal neighbours pack well.
        return sorted(sheets, key=lambda row: (self._held(row), row.product, row.trade_name, row.number))

    def _held(self, row: CheckRow) -> tuple[int, ...]:
        """Return the rows of the certificates that a datasheet hangs on."""
        held = self.held.get(row.certificates)
        if held is None:
            held = self.held[row.certificates] = tuple(self._rows_of(row.certificates))
        return held

    def _rows_of(self, certificates: Keys) -> list[int]:
        return [self.rows.get(key, -1) for key in certificates]

    def content(self) -> Mapping[str, object]:
        every, certificates, sheets = self.every, self.certificates, self.sheets
        systems: dict[str, int] = {}
        of_systems = [
            systems.setdefault(key.system, len(systems))
            for key in (*self.register.certificates, *self.register.memory.certificates)
        ]
        products: dict[tuple[tuple[str, str], ...], int] = {}
        of_products = [products.setdefault(name, len(products)) for name in self._product_names()]
        holders: dict[str, int] = {}
        of_holders = [holders.setdefault(name, len(holders)) for name in self._holder_names()]
        sets: dict[tuple[int, ...], int] = {}
        hung = [sets.setdefault(self._held(row), len(sets)) for row in sheets]
        remembers = bool(self.register.memory.traces)
        return {
            "statuses": [status.value for status in Status],
            "precisions": [precision.value for precision in Precision],
            "systems": [self._described(system) for system in systems],
            "products": [dict(name) for name in products],
            "holders": list(holders),
            "documents": [document.number for document in self.register.documents.values()],
            "certificates": len(certificates),
            "numbers": [row.number for row in every],
            "system": of_systems,
            "product": of_products,
            "holder": of_holders,
            "trade_names": [row.trade_name for row in sheets],
            "hung": hung,
            "sets": list(sets),
            "from": [row.dates[0] for row in every],
            "until": [row.dates[1] for row in every],
            "events": [[number, row.dates[2]] for number, row in enumerate(every) if row.dates[2]],
            "slugs": list(self._own_slugs()),
            "unlisted": [[row, day_number(record.unlisted)] for row, record in enumerate(self.gone) if record],
            "first": [row.first for row in every] if remembers else [],
            "shown": [
                [number, [self._shown(one) for one in row.shown]] for number, row in enumerate(every) if row.shown
            ],
        }

    # --- what rows refer to ----------------------------------------------------------------------------------------

    def _described(self, system: str) -> tuple[str, Mapping[str, str], str | None]:
        listed = self.register.systems.get(system)
        if listed:
            return system, dict(listed.name), listed.number_pattern
        gone = next(one for one in self.register.memory.certificates.values() if one.key.system == system)
        return system, dict(gone.system_name), None

    def _product_names(self) -> Iterator[tuple[tuple[str, str], ...]]:
        names = {id_: tuple(product.name) for id_, product in self.register.products.items()}
        for row, gone in zip(self.every, self.gone, strict=True):
            name = names.get(row.product)
            if name is None:
                if gone is None:
                    raise KeyError(row.product)
                name = tuple(gone.provenance.product_name)
            yield name

    def _holder_names(self) -> Iterator[str]:
        holders, units = self.register.holders, self.register.units
        names = {id_: holder.name for id_, holder in holders.items()}
        of_units = {id_: names[unit.holder] for id_, unit in units.items()}
        last_certificate = len(self.certificates)
        for number, (row, gone) in enumerate(zip(self.every, self.gone, strict=True)):
            if gone:
                yield names.get(row.made_by, gone.provenance.holder_name)
            else:
                yield names[row.made_by] if number < last_certificate else of_units[row.made_by]

    def _own_slugs(self) -> Iterator[tuple[int, str]]:
        register = self.register
        slugs = register.certificate_slugs
        for number, key in enumerate((*register.certificates, *register.memory.certificates)):
            if slugs[key] != self.every[number].plain_slug:
                yield number, slugs[key]
        sheet_slugs = register.datasheet_slugs
        for number, row in enumerate(self.sheets, len(self.certificates)):
            if sheet_slugs[row.number] != row.plain_slug:
                yield number, sheet_slugs[row.number]

    def _shown(self, one: ShownBefore) -> list[Any]:
        first, last, dates, certificates = one
        return [first, last, dates, *([self._rows_of(certificates)] if certificates else ())]

    # --- a row ------------------------------------------------------------------------------------------------------

    def _row(self, record: AnyCertificate | AnyDatasheet, product: str, made_by: str) -> CheckRow:
        own = _dates(record)
        first, shown = self._remembered(record, own)
        if isinstance(record, Datasheet | UnlistedDatasheet):
            number, plain, name = record.code, numbers.plain_slug(record.code), record.trade_name
            certificates = _certificates(record)
        else:
            number, plain, name = record.number, numbers.plain_slug(record.number, record.key.system), ""
            certificates = ()
        return CheckRow(number, plain, product, made_by, name, certificates, _told(own), first, shown)

    def _remembered(
        self, record: AnyCertificate | AnyDatasheet, own: Dates
    ) -> tuple[int, tuple[ShownBefore, ...] | None]:
        """Return the day since which exports showed what the record's own dates say, and what they showed else."""
        traces = self.register.memory.traces
        if not traces:
            return 0, None
        trace = traces[record.key]
        if not trace.changed:
            return day_number(trace.first), None
        showings = self.register.showings(record.key)
        if len(showings) == 1 and showings[0].dates == own:
            return day_number(showings[0].first), None
        return 0, tuple(_shown_before(showing, own) for showing in showings) or None


def _shown_before(showing: Showing, own: Dates) -> ShownBefore:
    dates: Told | int | None = None
    if showing.dates is not None:
        dates = 0 if showing.dates == own else _told(showing.dates)
    last = None if showing.last is None else day_number(showing.last)
    return day_number(showing.first), last, dates, _plain(showing.certificates)


def _made_by(record: Certificate | Datasheet) -> str:
    return record.unit if isinstance(record, Datasheet) else record.holder


def _certificates(sheet: AnyDatasheet) -> Keys:
    if isinstance(sheet, Datasheet):
        # Such a pair is equal to a key, and quicker to make.
        return tuple((reference.system, reference.number) for reference in sheet.certificates)
    return _plain(sheet.certificates)


def _plain(keys: Iterable[CertificateKey]) -> Keys:
    return tuple((key.system, key.number) for key in keys)


def _dates(record: AnyCertificate | AnyDatasheet) -> Dates:
    return Dates.of(record) if isinstance(record, Certificate | Datasheet) else record.dates


def _told(dates: Dates) -> Told:
    until = None if dates.valid_until is None else day_number(dates.valid_until)
    return day_number(dates.valid_from), until, tuple(map(event_entry, dates.history))
