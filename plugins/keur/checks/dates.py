"""Dates are in an order that can be true. Whether a date has passed is not asked here: there is no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from keur.checks.index import Index
from keur.model import Certificate, Datasheet, Entry
from keur.problems import Place, Problem


def validity_ends_after_it_begins(index: Index) -> Iterator[Problem]:
    """Ensure that no certificate and no datasheet ends before it starts."""
    for entry in _dated(index):
        yield from _ends_early(entry.place, entry.record.valid_from, entry.record.valid_until)


def editions_end_after_they_begin(index: Index) -> Iterator[Problem]:
    """Ensure that no edition of a document ends before it starts."""
    for entry in index.entries.documents:
        for step, edition in enumerate(entry.record.editions):
            yield from _ends_early(entry.place.at("editions", step), edition.valid_from, edition.valid_until)


def suspensions_end_after_they_begin(index: Index) -> Iterator[Problem]:
    """Ensure that the announced end of a status event is not before its day."""
    for entry in _dated(index):
        for step, event in enumerate(entry.record.status_events):
            if event.until is not None and event.until < event.date:
                place = entry.place.at("status_events", step, "until")
                yield Problem(place, f"must not be before the event's date, {event.date}; found {event.until}")


def certificates_are_issued_before_they_end(index: Index) -> Iterator[Problem]:
    """Ensure that a certificate was issued while it could hold (a warning)."""
    for entry in index.entries.certificates:
        issued, until = entry.record.issued, entry.record.valid_until
        if issued is not None and until is not None and issued > until:
            message = f"is after valid_until, {until}: a certificate is issued before it ends; found {issued}"
            yield Problem(entry.place.at("issued"), message, "warning")


def nothing_is_issued_after_the_export(index: Index) -> Iterator[Problem]:
    """Ensure that no issue date lies after the day of the export, when it cannot have been known (a warning)."""
    day = index.day
    if day is None:
        return
    for certificate in index.entries.certificates:
        if certificate.record.issued and certificate.record.issued > day:
            yield _after_export(certificate.place.at("issued"), certificate.record.issued, day)
    for datasheet in index.entries.datasheets:
        if datasheet.record.date and datasheet.record.date > day:
            yield _after_export(datasheet.place.at("date"), datasheet.record.date, day)


def _dated(index: Index) -> Iterator[Entry[Certificate] | Entry[Datasheet]]:
    yield from index.entries.certificates
    yield from index.entries.datasheets


def _ends_early(place: Place, valid_from: dt.date | None, valid_until: dt.date | None) -> Iterator[Problem]:
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        message = f"must not be before valid_from, {valid_from}; found {valid_until}"
        yield Problem(place.at("valid_until"), message)


def _after_export(place: Place, day: dt.date, export_day: dt.date) -> Problem:
    return Problem(place, f"is after the day of the export, {export_day}; found {day}", "warning")
