"""What is remembered of earlier exports: records that are no longer listed, and what exports showed of a record.

Only what may stay public for ever is remembered: names of firms, products and places, never a street, a telephone
number or an e-mail address. ``ledger`` makes a memory; without one a register remembers nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from keur.model import status
from keur.model.records import Certificate, CertificateKey, Datasheet, DocumentKind, StatusEvent
from keur.model.status import Status
from keur.model.texts import Text

if TYPE_CHECKING:
    from keur.model.changes import Change


class Dates(NamedTuple):
    """What decides a record's status on a day."""

    valid_from: dt.date
    valid_until: dt.date | None = None
    status_events: tuple[StatusEvent, ...] = ()

    @classmethod
    def of(cls, record: Certificate | Datasheet) -> Dates:
        """Return the dates of a record, its events in date order and without reasons."""
        if not record.status_events:
            return cls(record.valid_from, record.valid_until)
        events = ((event.date.isoformat(), event.status, event.precision) for event in record.history)
        return cls(
            record.valid_from,
            record.valid_until,
            tuple(bare_event(date, kind, precision) for date, kind, precision in status.each_once(events)),
        )

    def status_on(self, day: dt.date) -> Status:
        """Return the status that they give on a day."""
        return status.status_on(self.status_events, self.valid_from, self.valid_until, day)

    def status_since(self, day: dt.date) -> dt.date | None:
        """Return since when the status of ``day`` has held."""
        return status.status_since(self.status_events, self.valid_from, self.valid_until, day)

    @property
    def history(self) -> tuple[StatusEvent, ...]:
        """The status events in date order."""
        return status.in_date_order(self.status_events)


def bare_event(date: str, status: str, precision: str) -> StatusEvent:
    """Return an event that says only when which status began."""
    return StatusEvent.model_validate({"date": date, "status": status, "precision": precision})


class Showing(NamedTuple):
    """What the exports of some days in a row showed of a record; ``dates`` is None where they did not list it.

    ``first`` is the day of the first of these exports, ``last`` of the last; None means up to the present one.
    ``certificates`` are those that a datasheet hung on.
    """

    first: dt.date
    last: dt.date | None
    dates: Dates | None
    certificates: tuple[CertificateKey, ...] = ()


class Provenance(NamedTuple):
    """Which product of whom, made where: ids, and names as the last export that listed the record had them."""

    product: str
    product_name: Text
    holder: str
    holder_name: str
    unit: str
    unit_name: str
    city: str
    country: str


class UnlistedCertificate(NamedTuple):
    """A certificate that is no longer listed, as the export of ``last_listed`` had it.

    ``unlisted`` is the day of the first export without it; what became of it between the two is not known.
    """

    key: CertificateKey
    slug: str
    system_name: Text
    provenance: Provenance
    dates: Dates
    replaces: CertificateKey | None
    replaced_by: CertificateKey | None
    last_listed: dt.date
    unlisted: dt.date

    @property
    def number(self) -> str:
        """The number exactly as it was printed."""
        return self.key.number


class UnlistedDatasheet(NamedTuple):
    """A datasheet that is no longer listed, as the export of ``last_listed`` had it."""

    code: str
    slug: str
    trade_name: str
    provenance: Provenance
    certificates: tuple[CertificateKey, ...]
    dates: Dates
    last_listed: dt.date
    unlisted: dt.date

    @property
    def key(self) -> str:
        """What tells datasheets apart."""
        return self.code


class UnlistedProduct(NamedTuple):
    """A kind of product that is no longer listed."""

    id: str
    name: Text
    last_listed: dt.date
    unlisted: dt.date


class UnlistedDocument(NamedTuple):
    """A reference document that is no longer listed."""

    id: str
    kind: DocumentKind
    number: str
    title: Text
    replaced_by: str | None
    last_listed: dt.date
    unlisted: dt.date


class Trace(NamedTuple):
    """What tells without looking closer whether the showings of a record are what they were.

    ``digest`` changes when they do; ``changed`` is false where every export since that of the day ``first`` showed what
    the present one shows. ``hung_on`` are the certificates that a datasheet hung on in any of them, where it changed.
    """

    digest: bytes
    changed: bool
    first: dt.date
    hung_on: tuple[CertificateKey, ...] = ()


NO_TRACE = Trace(b"", changed=False, first=dt.date.min)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a register remembers. A mapping may make its values when they are asked for.

    ``certificate_slugs`` and ``datasheet_slugs`` hold every slug that was ever published, whether its record is still
    listed or not. The next three have certificates and datasheets, listed or not, by their keys: ``changed`` the day of
    the export that first showed each as it is now, ``showings`` what exports showed, oldest first, and ``traces`` what
    tells quickly whether these are what they were. ``changes`` are those of the last year, newest export first.
    """

    certificate_slugs: Mapping[CertificateKey, str] = field(default_factory=dict)
    datasheet_slugs: Mapping[str, str] = field(default_factory=dict)
    certificates: Mapping[CertificateKey, UnlistedCertificate] = field(default_factory=dict)
    datasheets: Mapping[str, UnlistedDatasheet] = field(default_factory=dict)
    products: Mapping[str, UnlistedProduct] = field(default_factory=dict)
    documents: Mapping[str, UnlistedDocument] = field(default_factory=dict)
    changed: Mapping[CertificateKey | str, dt.date] = field(default_factory=dict)
    showings: Mapping[CertificateKey | str, tuple[Showing, ...]] = field(default_factory=dict)
    traces: Mapping[CertificateKey | str, Trace] = field(default_factory=dict)
    changes: Sequence[Change] = ()
