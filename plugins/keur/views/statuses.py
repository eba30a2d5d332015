"""A status in words: always with its dates, and never more than the register knows on the day of its export."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic_core import to_json

from keur.model import Certificate, Datasheet, Dates, Precision, Status, StatusEvent
from keur.views.contexts import Bars, HistoryRow, StatusView, TimelineView, Tone
from keur.views.language import Language

TONES: dict[Status, Tone] = {
    Status.VALID: "valid",
    Status.TRIAL: "trial",
    Status.SUSPENDED: "suspended",
    Status.WITHDRAWN: "ended",
    Status.ENDED: "ended",
    Status.EXPIRED: "ended",
    Status.SUPERSEDED: "ended",
    Status.NOT_YET_VALID: "unknown",
}

Dated = Certificate | Datasheet | Dates
"""What has a validity and a history."""


def word(language: Language, status: Status) -> str:
    """Return the word for a status, for filters and histories."""
    t = language.t
    return {
        Status.TRIAL: t("trial period"),
        Status.VALID: t("valid"),
        Status.SUSPENDED: t("suspended"),
        Status.WITHDRAWN: t("withdrawn"),
        Status.ENDED: t("ended at the holder's request"),
        Status.EXPIRED: t("expired"),
        Status.SUPERSEDED: t("superseded"),
        Status.NOT_YET_VALID: t("not yet valid"),
    }[status]


def sentence(language: Language, status: Status, since: str, until: str | None) -> str:
    """Return a status as a sentence. ``since`` is when it began, ``until`` the last day on which the record held."""
    t = language.t
    match status:
        case Status.VALID:
            return t("Valid until {date}", date=until) if until else t("Valid since {date}, no end date", date=since)
        case Status.TRIAL:
            return t("In trial period since {date}", date=since)
        case Status.SUSPENDED:
            return t("Suspended since {date}", date=since)
        case Status.WITHDRAWN:
            return t("Withdrawn since {date}", date=since)
        case Status.ENDED:
            return t("Ended at the holder's request since {date}", date=since)
        case Status.SUPERSEDED:
            return t("Superseded since {date}", date=since)
        case Status.EXPIRED:
            return t("Expired after {date}", date=until) if until else t("Expired since {date}", date=since)
        case Status.NOT_YET_VALID:
            return t("Not yet valid: validity begins on {date}", date=since)


class Standing(NamedTuple):
    """How a record stands on a day, the same in every language.

    ``event`` began the status, None where no event did; ``timeline`` is what ``StatusView`` has.
    """

    status: Status
    since: dt.date
    event: StatusEvent | None
    timeline: str


def standing(record: Dated, day: dt.date) -> Standing:
    """Return how a record stands on a day."""
    status = record.status_on(day)
    since = record.status_since(day) or record.valid_from
    return Standing(status, since, _beginning(record, status, since), timeline(record))


def status_view(language: Language, record: Dated, day: dt.date) -> StatusView:
    """Return the status of a record on a day, as a rule that of the export."""
    return standing_view(language, record, standing(record, day))


def standing_view(language: Language, record: Dated, standing: Standing) -> StatusView:
    """Return how a record stands, in words."""
    status, since_day, event, dates = standing
    since = language.event_date(event) if event else language.since(since_day)
    until = language.date(record.valid_until) if record.valid_until else None
    detail = None
    if status is Status.VALID and until:
        detail = language.t("since {date}", date=since)
    elif status is Status.SUSPENDED and event and event.until:
        announced = language.date(event.until)
        detail = language.t("announced until {date}; it stays suspended until it is lifted", date=announced)
    held_to = until if status is Status.VALID or since_day == record.valid_until else None
    return StatusView(status.value, TONES[status], sentence(language, status, since, held_to), detail, dates)


def timeline(record: Dated, covered_until: dt.date | None = None) -> str:
    """Return the dates that decide a record's status as compact JSON, for the script that asks about today.

    ``covered_until`` is the last day on which a certificate of a datasheet is valid.
    """
    covered = {"covered": covered_until.isoformat()} if covered_until else {}
    return to_json({**timeline_parts(record), **covered}).decode()


def timeline_parts(record: Dated) -> Mapping[str, Any]:
    """Return the dates that decide a record's status as plain JSON values, see ``StatusView.timeline``."""
    dates: dict[str, Any] = {
        "from": record.valid_from.isoformat(),
        "until": record.valid_until.isoformat() if record.valid_until else None,
    }
    history = record.history
    return {**dates, "events": [_timeline_event(event) for event in history]} if history else dates


def _timeline_event(event: StatusEvent) -> list[str]:
    exact = [] if event.precision is Precision.DAY else [event.precision.value]
    return [event.date.isoformat(), event.status.value, *exact]


def _beginning(record: Dated, status: Status, since: dt.date) -> StatusEvent | None:
    for event in record.history:
        if event.date == since and event.status is status:
            return event
    return None


def history(language: Language, record: Dated) -> tuple[HistoryRow, ...]:
    """Return the record's past and announced turns in date order, the start and end of validity among them.

    An event that says no more than that validity starts, on the day it does, is not told twice.
    """
    events = (event for event in record.history if not _says_start(event, record.valid_from))
    rows = [(event.date, 1, _event_row(language, event)) for event in events]
    rows.append((record.valid_from, 0, _turn(language, record.valid_from, language.t("start of validity"), "valid")))
    if record.valid_until:
        last = language.t("last day of validity")
        rows.append((record.valid_until, 2, _turn(language, record.valid_until, last, "unknown")))
    return tuple(row for _, _, row in sorted(rows, key=lambda item: item[:2]))


def _says_start(event: StatusEvent, valid_from: dt.date) -> bool:
    told = event.precision is not Precision.DAY or event.until or event.reason
    return event.date == valid_from and event.status == Status.VALID and not told


def event_day(language: Language, event: StatusEvent) -> str:
    """Return an event's date as exactly as it is known, as it stands alone."""
    return language.date(event.date) if event.precision is Precision.DAY else language.event_date(event)


def _event_row(language: Language, event: StatusEvent) -> HistoryRow:
    return HistoryRow(
        date=event_day(language, event),
        machine=event.date.isoformat(),
        word=word(language, event.status),
        tone=TONES[event.status],
        until=language.date(event.until) if event.until else None,
        reason=language.phrase(event.reason) if event.reason else None,
    )


def _turn(language: Language, day: dt.date, text: str, tone: Tone) -> HistoryRow:
    return HistoryRow(language.date(day), day.isoformat(), text, tone, None, None)


_WIDTH = 360
# A status is told by the height of its bar first: full, half, a thread; what does not hold is a line on the ground.
_HEIGHTS = {Status.VALID: (0, 12), Status.TRIAL: (6, 6), Status.SUSPENDED: (4, 4)}


def _next(day: dt.date) -> dt.date:
    return day if day == dt.date.max else day + dt.timedelta(days=1)


def drawn(record: Dated) -> TimelineView | None:
    """Return the record's history as a drawing: from the year of its first turn to that of its last.

    It ends with the last day that is known, or with the year after the last turn where the end is open: nothing is
    drawn that depends on the day of the export. A history of one status is not worth a drawing.
    """
    turns = sorted({record.valid_from, *(event.date for event in record.history)})
    after = {_next(record.valid_until)} if record.valid_until and record.valid_until >= turns[0] else set()
    end = max(*turns, *after) if after else dt.date(min(turns[-1].year + 1, dt.MAXYEAR), 12, 31)
    first = dt.date(turns[0].year, 1, 1)
    last_year = end.year
    days = (dt.date(last_year, 12, 31) - first).days + 1

    def at(day: dt.date) -> int:
        return (day - first).days * _WIDTH // days

    stretches: list[tuple[Status, dt.date, dt.date]] = []
    breaks = sorted({*turns, *after, end})
    for begun, over in itertools.pairwise(breaks):
        status = record.status_on(begun)
        before = stretches.pop() if stretches and stretches[-1][0] is status else None
        stretches.append((status, before[1] if before else begun, over))
    if len(stretches) < 2:
        return None
    boxes: dict[str, str] = {}
    for status, begun, over in stretches:
        boxes[status.value] = boxes.get(status.value, "") + _box(status, at(begun), at(over))
    step = 1 + (last_year - first.year) // 24
    years = "".join(f"M{at(dt.date(year, 1, 1))} 12v4" for year in range(first.year, last_year + 1, step))
    return TimelineView(str(first.year), str(last_year), years, tuple(map(Bars._make, boxes.items())))


def _box(status: Status, x: int, end: int) -> str:
    """Return the path of a bar, which is seen however short its time was."""
    y, height = _HEIGHTS.get(status, (11, 1))
    return f"M{x} {y}h{max(1, end - x)}v{height}H{x}z"
