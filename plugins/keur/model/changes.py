"""What became of a record from one export to the next: states compared, and told as changes.

An export is what it showed on its own day. So a record that expires between two exports changed, although the second
says the same of it as the first; the change is the second one's, which was the first to show it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from keur.model.memory import Dates, bare_event
from keur.model.records import CertificateKey, StatusEvent
from keur.model.status import Status


class ChangeKind(StrEnum):
    """What can become of a record. The names of statuses are those that it took."""

    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    RENUMBERED = "renumbered"
    """Another certificate took its place."""
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    UNLISTED = "unlisted"
    REUSED = "reused"
    """Its number was given to another holder."""
    LISTED_AGAIN = "listed-again"
    VALID = "valid"
    TRIAL = "trial"
    DATES = "dates"
    """Its end was put off, put forward or given up."""
    LISTED = "listed"


class Shown(NamedTuple):
    """What an export showed of a certificate or datasheet, as far as changes tell of it."""

    dates: Dates
    replaced_by: CertificateKey | None = None


class Change(NamedTuple):
    """One thing that became of a record; ``moment`` is that of the export that showed it.

    ``event`` is when the status that it took began, as exactly as is known; ``until`` the last day of validity, None
    where that is open. ``status`` is the one that it had in that export, of a record that left its last.
    """

    moment: dt.datetime
    kind: ChangeKind
    key: CertificateKey | str
    status: Status
    event: StatusEvent | None = None
    until: dt.date | None = None
    successor: CertificateKey | None = None

    @property
    def is_minor(self) -> bool:
        """Whether only those ask about it who follow a product: a datasheet that is new, or has another end."""
        return isinstance(self.key, str) and self.kind in (ChangeKind.LISTED, ChangeKind.DATES)


class Exported(NamedTuple):
    """An export: its moment, and its day in the register's zone."""

    moment: dt.datetime
    day: dt.date


def listed(key: CertificateKey | str, shown: Shown, at: Exported, kind: ChangeKind = ChangeKind.LISTED) -> Change:
    """Return the change that an export listed a record."""
    return Change(at.moment, kind, key, shown.dates.status_on(at.day), until=shown.dates.valid_until)


def unlisted(key: CertificateKey | str, shown: Shown, before: Exported, at: Exported) -> Change:
    """Return the change that an export listed a record no more; ``shown`` is what the one before it showed."""
    return Change(at.moment, ChangeKind.UNLISTED, key, shown.dates.status_on(before.day))


def changed(key: CertificateKey | str, old: Shown, before: Exported, new: Shown, at: Exported) -> Iterator[Change]:
    """Yield what became of a record from an export to the next that both listed it.

    Validity that begins on its first day is no change: the export that first listed the record told of it.
    """
    was, is_ = old.dates.status_on(before.day), new.dates.status_on(at.day)
    until = new.dates.valid_until
    begun = _begun(old.dates, before.day, new.dates, at.day)
    told = set()
    if new.replaced_by is not None and new.replaced_by != old.replaced_by:
        told.add(Status.SUPERSEDED)
        event = next((event for event in begun if event.status is Status.SUPERSEDED), None)
        yield Change(at.moment, ChangeKind.RENUMBERED, key, is_, event, until, new.replaced_by)
    for event in begun:
        if event.status not in told:
            told.add(event.status)
            yield Change(at.moment, ChangeKind(event.status.value), key, is_, event, until)
    if is_ is Status.EXPIRED and was is not Status.EXPIRED:
        yield Change(at.moment, ChangeKind.EXPIRED, key, is_, until=until)
    elif is_ is not was and not {is_, was} & {*told, Status.NOT_YET_VALID}:
        # An event that the issuer took back, for one.
        yield Change(at.moment, ChangeKind(is_.value), key, is_, _beginning(new.dates, is_, at.day), until)
    elif until != old.dates.valid_until and is_ is not Status.EXPIRED:
        yield Change(at.moment, ChangeKind.DATES, key, is_, until=until)


def _begun(old: Dates, before: dt.date, new: Dates, day: dt.date) -> list[StatusEvent]:
    """Return the events in force that were not in force, or not known, at the export before; latest first."""
    known = {(event.date, event.status) for event in old.status_events if event.date <= before}
    return [event for event in reversed(new.history) if event.date <= day and (event.date, event.status) not in known]


def _beginning(dates: Dates, status: Status, day: dt.date) -> StatusEvent | None:
    """Return when a status began that no event brought, such as validity on its first day."""
    since = dates.status_since(day)
    return bare_event(since.isoformat(), status.value, "day") if since else None
