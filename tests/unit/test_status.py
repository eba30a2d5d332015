"""The status rule, held to the vectors that bind its twin in the browser as well."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from keur.model.memory import Dates
from keur.model.status import Status, in_date_order, status_on, status_since
from tests.builders import certificate, entries

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "status.json").read_text(encoding="utf-8"))


class Event:
    def __init__(self, date: str, status: str) -> None:
        self.date = dt.date.fromisoformat(date)
        self.status = Status(status)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["rule"] for vector in VECTORS])
def test_the_status_follows_from_dates_and_events(vector: dict[str, Any]) -> None:
    events = [Event(*event) for event in vector["events"]]
    start, until, day = _day(vector["from"]), _day(vector["until"]), _day(vector["day"])
    assert start
    assert day
    assert vector["status"] == status_on(events, start, until, day)
    assert _day(vector["since"]) == status_since(events, start, until, day)


def test_events_of_one_day_keep_their_order() -> None:
    events = [Event("2025-01-02", "valid"), Event("2025-01-01", "trial"), Event("2025-01-02", "suspended")]
    assert [event.status for event in in_date_order(events)] == ["trial", "valid", "suspended"]


def test_a_history_is_in_date_order_with_identical_events_once() -> None:
    suspended = {"date": "2025-02-01", "status": "suspended"}
    events = [suspended, {"date": "2024-01-01", "status": "trial"}, dict(suspended), {**suspended, "reason": "Audit"}]
    record = entries(certificates=[certificate(status_events=events)]).certificates[0].record
    shown = [(event.date.isoformat(), event.status.value, str(event.reason or "")) for event in record.history]
    assert shown == [("2024-01-01", "trial", ""), ("2025-02-01", "suspended", ""), ("2025-02-01", "suspended", "Audit")]
    assert record.status_on(dt.date(2026, 1, 1)) == Status.SUSPENDED
    assert dt.date(2025, 2, 1) == record.status_since(dt.date(2026, 1, 1))


@pytest.mark.parametrize("statuses", [["valid", "suspended", "valid"], ["suspended", "valid", "suspended"]])
def test_an_event_given_twice_on_one_day_says_the_same_everywhere(statuses: list[str]) -> None:
    """The page prints what the events say, its script and the ledger go by the history."""
    events = [{"date": "2025-02-01", "status": status} for status in statuses]
    record = entries(certificates=[certificate(status_events=events)]).certificates[0].record
    day = dt.date(2026, 1, 1)
    assert record.status_on(day) == Dates.of(record).status_on(day) == record.history[-1].status == statuses[-1]
