"""A status in words: always with its dates, and never more than the register knows on the day of its export."""

from __future__ import annotations

import datetime as dt
import json

from keur.model import Certificate, Datasheet, Dates, Precision, Status, StatusEvent
from keur.views.contexts import HistoryRow, StatusView, Tone
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


def status_view(language: Language, record: Dated, day: dt.date) -> StatusView:
    """Return the status of a record on a day, as a rule that of the export."""
    status = record.status_on(day)
    since_day = record.status_since(day) or record.valid_from
    event = _beginning(record, status, since_day)
    since = language.event_date(event) if event else language.since(since_day)
    until = language.date(record.valid_until) if record.valid_until else None
    detail = None
    if status is Status.VALID and until:
        detail = language.t("since {date}", date=since)
    elif status is Status.SUSPENDED and event and event.until:
        announced = language.date(event.until)
        detail = language.t("announced until {date}; it stays suspended until it is lifted", date=announced)
    held_to = until if status is Status.VALID or since_day == record.valid_until else None
    return StatusView(status.value, TONES[status], sentence(language, status, since, held_to), detail, timeline(record))


def timeline(record: Dated) -> str:
    """Return the dates that decide a record's status as compact JSON, for the script that asks about today."""
    return json.dumps(
        {
            "from": record.valid_from.isoformat(),
            "until": record.valid_until.isoformat() if record.valid_until else None,
            "events": [_timeline_event(event) for event in record.history],
        },
        separators=(",", ":"),
    )


def _timeline_event(event: StatusEvent) -> list[str]:
    exact = [] if event.precision is Precision.DAY else [event.precision.value]
    return [event.date.isoformat(), event.status.value, *exact]


def _beginning(record: Dated, status: Status, since: dt.date) -> StatusEvent | None:
    for event in record.history:
        if event.date == since and event.status is status:
            return event
    return None


def history(language: Language, record: Dated) -> tuple[HistoryRow, ...]:
    """Return the record's past and announced turns in date order, the start and end of validity among them."""
    rows = [(event.date, 1, _event_row(language, event)) for event in record.history]
    rows.append((record.valid_from, 0, _turn(language, record.valid_from, language.t("start of validity"), "valid")))
    if record.valid_until:
        last = language.t("last day of validity")
        rows.append((record.valid_until, 2, _turn(language, record.valid_until, last, "unknown")))
    return tuple(row for _, _, row in sorted(rows, key=lambda item: item[:2]))


def _event_row(language: Language, event: StatusEvent) -> HistoryRow:
    return HistoryRow(
        date=language.event_date(event),
        machine=event.date.isoformat(),
        word=word(language, event.status),
        tone=TONES[event.status],
        until=language.date(event.until) if event.until else None,
        reason=language.phrase(event.reason) if event.reason else None,
    )


def _turn(language: Language, day: dt.date, text: str, tone: Tone) -> HistoryRow:
    return HistoryRow(language.date(day), day.isoformat(), text, tone, None, None)
