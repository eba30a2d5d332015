"""Dates and status events that fit a standing, as they stood on the day of the export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from keur.demo.draws import Draws
from keur.demo.families import Texts

EXPORT_DAY = dt.date(2026, 11, 21)
"""The day of the export; every standing is one on this day."""

PERIOD = 5
"""Certificates are issued for so many years."""

DAY = dt.timedelta(days=1)


class Standing(Enum):
    """What a record is to be on the day of the export."""

    VALID = auto()
    REINSTATED = auto()
    """Valid again after a suspension."""
    SUCCESSOR = auto()
    """Valid, and replaces a superseded certificate."""
    LAST_DAY = auto()
    """Valid until the very day of the export."""
    FUTURE = auto()
    TRIAL = auto()
    SUSPENDED = auto()
    WITHDRAWN = auto()
    ENDED = auto()
    EXPIRED = auto()

    @property
    def is_over(self) -> bool:
        """True where no new datasheets come any more."""
        return self in (Standing.WITHDRAWN, Standing.ENDED, Standing.EXPIRED)


@dataclass(frozen=True)
class Event:
    """A status event."""

    date: dt.date
    status: str
    precision: str = "day"
    until: dt.date | None = None
    reason: Texts | None = None

    @property
    def record(self) -> dict[str, object]:
        """The event as it stands in the export."""
        record: dict[str, object] = {"date": self.date.isoformat(), "status": self.status}
        if self.precision != "day":
            record["precision"] = self.precision
        if self.until:
            record["until"] = self.until.isoformat()
        if self.reason:
            record["reason"] = self.reason
        return record


@dataclass(frozen=True)
class History:
    """The dates of a record and what happened to it."""

    valid_from: dt.date
    valid_until: dt.date | None
    events: tuple[Event, ...] = ()


class Historian:
    """Makes histories from a stream of draws, with the reasons of ``phrases.toml`` by status."""

    def __init__(self, draws: Draws, reasons: Mapping[str, Sequence[Texts]]) -> None:
        self._draws = draws
        self._reasons = reasons

    def history(self, standing: Standing) -> History:
        """Return a history that ends in a standing on the day of the export."""
        if standing is Standing.TRIAL:
            start = self._draws.day(EXPORT_DAY - 270 * DAY, EXPORT_DAY - 12 * DAY)
            return History(start, None, (Event(start, "trial"),))
        if standing is Standing.FUTURE:
            start = self._draws.day(EXPORT_DAY + 8 * DAY, EXPORT_DAY + 70 * DAY)
            return History(start, _anniversary(start) - DAY)
        if standing is Standing.LAST_DAY:
            return History(_anniversary(EXPORT_DAY + DAY, -PERIOD), EXPORT_DAY)
        if standing is Standing.EXPIRED:
            last = self._draws.day(EXPORT_DAY - 320 * DAY, EXPORT_DAY - DAY)
            return History(_anniversary(last + DAY, -PERIOD), last)
        start, until = self._running()
        if standing is Standing.SUSPENDED:
            return History(start, until, (*self._admission(start), self._suspension(start)))
        if standing is Standing.REINSTATED:
            return History(start, until, (*self._admission(start), *self._suspended_and_lifted(start)))
        if standing in (Standing.WITHDRAWN, Standing.ENDED):
            return self._closed(standing)
        return History(start, until, () if standing is Standing.SUCCESSOR else self._admission(start))

    def _running(self) -> tuple[dt.date, dt.date | None]:
        """Return the dates of a record that has begun and has not reached its end."""
        if self._draws.chance(0.15):
            return self._draws.day(dt.date(2009, 1, 5), dt.date(2024, 6, 30)), None
        start = self._draws.day(_anniversary(EXPORT_DAY, -PERIOD) + 9 * DAY, EXPORT_DAY - 160 * DAY)
        return start, _anniversary(start) - DAY

    def _admission(self, start: dt.date) -> tuple[Event, ...]:
        """Return, for one in five, the trial period that came before."""
        if not self._draws.chance(0.2):
            return ()
        begun = start - self._draws.between(90, 400) * DAY
        return Event(begun, "trial"), Event(start, "valid")

    def closing(self, standing: Standing, start: dt.date) -> Event:
        """Return the event by which a single record that began on ``start`` was suspended, withdrawn or ended."""
        status = standing.name.lower()
        yesterday = EXPORT_DAY - DAY
        day = self._draws.day(min(start + 5 * DAY, yesterday), yesterday)
        return Event(day, status, reason=self._draws.pick(self._reasons[status]))

    def _suspension(self, start: dt.date) -> Event:
        day = self._draws.day(max(start + 30 * DAY, EXPORT_DAY - 150 * DAY), EXPORT_DAY - 3 * DAY)
        until = self._draws.day(EXPORT_DAY + 20 * DAY, EXPORT_DAY + 120 * DAY) if self._draws.chance(0.5) else None
        return Event(day, "suspended", until=until, reason=self._draws.pick(self._reasons["suspended"]))

    def _suspended_and_lifted(self, start: dt.date) -> list[Event]:
        events: list[Event] = []
        free = start + 20 * DAY
        for _ in range(self._draws.between(1, 3)):
            day = self._draws.day(free, free + (EXPORT_DAY - free) / 3)
            lifted = self._draws.day(day + 10 * DAY, day + (EXPORT_DAY - day) / 2)
            precision, day = self._blurred(day, free)
            reason = self._draws.pick(self._reasons["suspended"])
            events.append(Event(day, "suspended", precision, reason=reason))
            events.append(Event(lifted, "valid", reason=self._draws.pick(self._reasons["lifted"])))
            free = lifted + 10 * DAY
            if (EXPORT_DAY - free).days < 60:
                break
        return events

    def _closed(self, standing: Standing) -> History:
        status = standing.name.lower()
        start = self._draws.day(dt.date(2015, 1, 5), dt.date(2024, 6, 30))
        until = _anniversary(start) - DAY
        day = self._draws.day(start + 200 * DAY, min(until, EXPORT_DAY) - 5 * DAY)
        admission = self._admission(start)
        reason = self._draws.pick(self._reasons[status]) if self._draws.chance(0.7) else None
        if status == "withdrawn" and self._draws.chance(0.5):
            before = day - self._draws.between(30, 120) * DAY
            suspension = Event(before, "suspended", reason=self._draws.pick(self._reasons["suspended"]))
            return History(start, until, (*admission, suspension, Event(day, status, reason=reason)))
        precision, day = self._blurred(day, start)
        return History(start, until, (*admission, Event(day, status, precision, reason=reason)))

    def _blurred(self, day: dt.date, earliest: dt.date) -> tuple[str, dt.date]:
        """Return how exactly a day is known, and its date at that precision; not before ``earliest``."""
        precision = self._draws.pick(["day", "day", "day", "day", "month", "year", "on-or-before"])
        blurred = {"month": day.replace(day=1), "year": day.replace(month=1, day=1)}.get(precision, day)
        return (precision, blurred) if blurred >= earliest else ("day", day)


def _anniversary(day: dt.date, years: int = PERIOD) -> dt.date:
    """Return the same day some years later or earlier; the 28th for a leap day."""
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)
