"""Was it valid on that day? An answer, where it comes from, and what is not known.

What the issuer says of a record now (its status events and dates) comes first; where no event speaks of the day, what
the exports of that day showed. An answer never says that a record held where the two disagree, where an event's day is
not known exactly enough, or after the day of the data.

``theme/static/js/answers.js`` is the twin of this module; both are held to ``tests/vectors/answers.json``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from keur.model.memory import Dates, Showing
from keur.model.records import Precision, StatusEvent
from keur.model.status import Status


class Source(StrEnum):
    """What an answer relies on."""

    EVENTS = "events"
    DATES = "dates"
    EXPORTS = "exports"
    NOT_KNOWN = "not-known"


class Coverage(StrEnum):
    """Whether a datasheet covered a delivery on a day: while both it and a certificate it hung on were valid."""

    COVERED = "covered"
    NOT_COVERED = "not-covered"
    NOT_KNOWN = "not-known"


class Answer(NamedTuple):
    """What held on a day. ``status`` is None where that is not known, or where the exports did not list the record.

    ``since`` is the first day of the exports that are relied on; None for other sources.
    """

    status: Status | None
    source: Source
    since: dt.date | None = None


_NOT_KNOWN = Answer(None, Source.NOT_KNOWN)
_HOLDING = frozenset({Status.VALID, Status.TRIAL, Status.SUSPENDED})
_DAY = dt.timedelta(days=1)


def status_on(dates: Dates, showings: Sequence[Showing], day: dt.date, known_until: dt.date) -> Answer:
    """Return what held for a record on a day.

    ``dates`` are those that the issuer gives now, or gave last of a record that is no longer listed; ``showings`` is
    what exports showed, ``known_until`` the day of the present export.
    """
    if day > known_until:
        return _NOT_KNOWN
    status = dates.status_on(day)
    held = status in _HOLDING
    if _left_before(showings, day) and (held or status is Status.NOT_YET_VALID):
        # The last dates speak for days up to the last export that listed the record, not for those after.
        unlisted = showings[-1].first
        return Answer(None, Source.EXPORTS, unlisted) if day >= unlisted else _NOT_KNOWN
    if _is_vague(dates, day):
        return _NOT_KNOWN
    decided = any(event.date <= day for event in dates.status_events)
    around = _showings_around(showings, day)
    if status is Status.NOT_YET_VALID and any(_told_by(showing, day).status in _HOLDING for showing in around):
        # A first day that was moved behind days on which exports showed that it held: renewed, or put right.
        return _NOT_KNOWN
    if not held:
        return Answer(status, Source.EVENTS if decided and status is not Status.EXPIRED else Source.DATES)
    if decided:
        doubtful = any(_gainsays(showing, dates, status, day) for showing in around)
        return _NOT_KNOWN if doubtful else Answer(status, Source.EVENTS)
    return _shown_by(around, day) or Answer(status, Source.DATES)


def coverage_on(own: Answer, certificates: Sequence[Answer], *, hung: bool) -> Coverage:
    """Return whether a datasheet covered a delivery, out of its own answer and those of its certificates.

    ``hung`` tells whether these are known to be the certificates that it hung on that day: if not, another may have
    carried it.
    """
    if own.status is not Status.VALID:
        return Coverage.NOT_KNOWN if own.source is Source.NOT_KNOWN else Coverage.NOT_COVERED
    if any(answer.status is Status.VALID for answer in certificates):
        return Coverage.COVERED if hung else Coverage.NOT_KNOWN
    unknown = any(answer.source is Source.NOT_KNOWN for answer in certificates)
    return Coverage.NOT_KNOWN if unknown or not hung else Coverage.NOT_COVERED


def _left_before(showings: Sequence[Showing], day: dt.date) -> bool:
    """Tell whether a record left the register for good before a day."""
    if len(showings) < 2 or showings[-1].dates is not None:
        return False
    last = showings[-2].last
    return last is not None and day > last


def _showings_around(showings: Sequence[Showing], day: dt.date) -> Sequence[Showing]:
    """Return what the exports of a day showed, between two exports both; nothing for a day before the first."""
    begun = [showing for showing in showings if showing.first <= day]
    if not begun:
        return ()
    last = begun[-1].last
    return (begun[-1],) if last is None or day <= last else showings[len(begun) - 1 : len(begun) + 1]


def _shown_by(around: Sequence[Showing], day: dt.date) -> Answer | None:
    """Return what the exports showed; None for a day before the first of them.

    Between two exports that showed different things it is not known when the change came.
    """
    told = [_told_by(showing, day) for showing in around]
    if len({(answer.status, answer.source) for answer in told}) > 1:
        return _NOT_KNOWN
    return told[0] if told else None


def _gainsays(showing: Showing, dates: Dates, status: Status, day: dt.date) -> bool:
    """Tell whether an export showed something else than the issuer's events say, and cannot be outdated by them.

    One that did not list the record; or one that knew of the event that is relied on, and of a later one that was taken
    out again, or of an end that was put off since.
    """
    if showing.dates is None:
        return True
    *_, decisive = (event for event in dates.history if event.date <= day)
    return _told_by(showing, day).status is not status and decisive in showing.dates.status_events


def _told_by(showing: Showing, day: dt.date) -> Answer:
    if showing.dates is None:
        return Answer(None, Source.EXPORTS, showing.first)
    if _is_vague(showing.dates, day):
        return _NOT_KNOWN
    return Answer(showing.dates.status_on(day), Source.EXPORTS, showing.first)


def _is_vague(dates: Dates, day: dt.date) -> bool:
    """Tell whether an event whose day is known only roughly may have come before or after a day."""
    return any(_may_be_either_side(dates, event, day) for event in dates.status_events)


def _may_be_either_side(dates: Dates, event: StatusEvent, day: dt.date) -> bool:
    match event.precision:
        case Precision.ON_OR_BEFORE:
            between = any(day < other.date < event.date for other in dates.status_events)
            return day < event.date and not between and dates.status_on(day) is not event.status
        case Precision.MONTH | Precision.YEAR:
            near = day.year == event.date.year
            if event.precision is Precision.MONTH:
                near = near and day.month == event.date.month
            before = max(event.date, dt.date.min + _DAY) - _DAY
            return near and dates.status_on(before) is not event.status
        case _:
            return False
