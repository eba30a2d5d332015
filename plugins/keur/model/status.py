"""The status of a record on a day: derived from its dates and events, never typed (contract, "Status").

``theme/static/js/status.js`` is the twin of this module; both are held to ``tests/vectors/status.json``.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar


class Status(StrEnum):
    """What holds for a record on a day. ``not-yet-valid`` is derived only; an export never states it."""

    TRIAL = "trial"
    VALID = "valid"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    NOT_YET_VALID = "not-yet-valid"


_HOLDS_UNTIL_END = frozenset({Status.TRIAL, Status.VALID, Status.SUSPENDED})


class DatedStatus(Protocol):
    """What the rule needs of a status event."""

    @property
    def date(self) -> date:
        """Day from which the status holds."""

    @property
    def status(self) -> Status:
        """The status that begins."""


EventT = TypeVar("EventT", bound=DatedStatus)
KeyT = TypeVar("KeyT", bound=Hashable)


def in_date_order(events: Sequence[EventT]) -> tuple[EventT, ...]:
    """Sort events by date; those of one day keep the order given."""
    # Asked of every record, and hardly one has more than an event.
    return tuple(sorted(events, key=lambda event: event.date)) if len(events) > 1 else tuple(events)


def each_once(events: Iterable[KeyT]) -> tuple[KeyT, ...]:
    """Leave out what comes again later: of events of one day the last given counts, so that is the one to stay."""
    return tuple(dict.fromkeys(reversed([*events])))[::-1]


def status_on(events: Sequence[DatedStatus], valid_from: date, valid_until: date | None, day: date) -> Status:
    """Return the status on a day: the last event on or before it, else valid from ``valid_from``.

    A record that is then still in trial, valid or suspended is expired after ``valid_until``; on that day itself it
    still holds. Before ``valid_from`` and any event it is not yet valid.
    """
    status = Status.VALID if day >= valid_from else Status.NOT_YET_VALID
    for event in in_date_order(events):
        if event.date > day:
            break
        status = event.status
    if status in _HOLDS_UNTIL_END and valid_until is not None and day > valid_until:
        return Status.EXPIRED
    return status


def status_since(events: Sequence[DatedStatus], valid_from: date, valid_until: date | None, day: date) -> date | None:
    """Return the first day of the unbroken stretch of the status that holds on ``day``; None before any.

    Of a record that expired at its end it is ``valid_until``, the last day on which it held.
    """
    status = status_on(events, valid_from, valid_until, day)
    if status is Status.NOT_YET_VALID:
        return None
    turns = {event.date for event in events} | {valid_from}
    since: date | None = None
    for turn in sorted(turn for turn in turns if turn <= day):
        if status_on(events, valid_from, valid_until, turn) is not status:
            since = None
        elif since is None:
            since = turn
    if status is Status.EXPIRED and valid_until is not None:
        before = since - timedelta(days=1) if since and since > valid_until else None
        if since is None or (before and status_on(events, valid_from, valid_until, before) is Status.EXPIRED):
            return valid_until
    return since
