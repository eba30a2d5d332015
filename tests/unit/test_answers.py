"""Was it valid on that day? The rules, case by case, and that the browser gives the same answers."""

import datetime as dt
import itertools
import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from keur.ledger import read_ledger, record, remember
from keur.model import Coverage, Register, Showing, Source, Status
from keur.model.answers import Answer, coverage_on, status_on
from keur.model.memory import Dates, bare_event
from keur.views.questions import _dates_beside
from tests.builders import Raw, certificate, datasheet, entries, export

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "answers.json").read_text(encoding="utf-8"))
DAY = dt.date.fromisoformat


def _dates(raw: Raw) -> Dates:
    events = (bare_event(date, status, *(precision or ["day"])) for date, status, *precision in raw.get("events", []))
    return Dates(DAY(raw["from"]), DAY(raw["until"]) if raw["until"] else None, tuple(events))


def _showings(raw: list[Any]) -> list[Showing]:
    return [
        Showing(DAY(first), DAY(last) if last else None, _dates(dates) if dates else None) for first, last, dates in raw
    ]


def _answer(raw: Raw, day: str, known_until: str) -> Answer:
    return status_on(_dates(raw), _showings(raw["shown"]), DAY(day), DAY(known_until))


def _plain(answer: Answer) -> Raw:
    since = answer.since.isoformat() if answer.since else None
    return {"status": answer.status, "source": answer.source, "since": since}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["rule"] for vector in VECTORS])
def test_an_answer_follows_the_rule(vector: Raw) -> None:
    assert _plain(_answer(vector, vector["day"], vector["known_until"])) == vector["answer"]


def _random_day(chance: random.Random) -> str:
    return (dt.date(2022, 12, 1) + dt.timedelta(days=chance.randrange(1_000))).isoformat()


def _random_dates(chance: random.Random) -> Raw:
    first, last = sorted((_random_day(chance), _random_day(chance)))
    statuses = [status.value for status in Status if status is not Status.NOT_YET_VALID]
    precisions: list[list[str]] = [[], [], [], ["month"], ["year"], ["on-or-before"]]
    events = [
        [_random_day(chance), chance.choice(statuses), *chance.choice(precisions)] for _ in range(chance.randrange(4))
    ]
    return {"from": first, "until": chance.choice([last, None]), "events": events}


def _random_record(chance: random.Random) -> Raw:
    turns = sorted({_random_day(chance) for _ in range(2 * chance.randrange(4))})
    shown = [[first, last, chance.choice([None, _random_dates(chance)])] for first, last in itertools.pairwise(turns)][
        ::2
    ]
    if shown:
        shown[-1][1] = None
    return {**_random_dates(chance), "shown": shown}


def test_the_browser_gives_the_same_answers(node: Path) -> None:
    """For 500 records and days drawn at random, and the datasheets and certificates they are."""
    chance = random.Random(14)
    questions = [
        {
            "own": _random_record(chance),
            "certificates": [_random_record(chance) for _ in range(chance.randrange(3))],
            "hung": chance.random() < 0.7,
            "day": _random_day(chance),
            "known_until": _random_day(chance) if chance.random() < 0.2 else "2026-11-21",
        }
        for _ in range(500)
    ]
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    twin = subprocess.run(
        [node, ROOT / "tests" / "js" / "answers-twin.js"],
        input=lines,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    seen = set()
    for question, line in zip(questions, twin.stdout.splitlines(), strict=True):
        records = [question["own"], *question["certificates"]]
        answers = [_answer(raw, question["day"], question["known_until"]) for raw in records]
        coverage = coverage_on(answers[0], answers[1:], hung=question["hung"])
        assert json.loads(line) == {"answers": [_plain(answer) for answer in answers], "coverage": coverage}, question
        seen |= {(answer.source, answer.status) for answer in answers} | {coverage}
    assert seen >= {*Coverage, (Source.EXPORTS, None), (Source.EXPORTS, Status.VALID), (Source.DATES, Status.VALID)}
    assert seen >= {(Source.NOT_KNOWN, None), (Source.EVENTS, Status.VALID), (Source.EVENTS, Status.SUSPENDED)}


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({}, 0),
        ({"events": [["2025-06-09", "suspended"]]}, 1),
        ({"events": []}, {"events": []}),
        ({"until": "2026-02-28"}, {"until": "2026-02-28"}),
        ({"events": [["2025-06-09", "withdrawn"]]}, {"events": [["2025-06-09", "withdrawn"]]}),
        (
            {"until": None, "events": [["2025-06-09", "suspended"]]},
            {"events": [["2025-06-09", "suspended"]], "until": None},
        ),
    ],
)
def test_a_page_tells_in_short_what_exports_showed_before_later_events(shown: Raw, told: int | Raw) -> None:
    own = {
        "from": "2025-03-01",
        "until": "2030-02-28",
        "events": [["2025-06-09", "suspended"], ["2025-06-29", "valid"]],
    }
    expected: int | Raw = told if isinstance(told, int) else {**own, **told}
    if isinstance(expected, dict) and not expected["events"]:
        del expected["events"]
    assert _dates_beside(_dates({**own, **shown}), _dates(own)) == expected


# --- in a register --------------------------------------------------------------------------------------------------

OTHER = {"system": "benor", "number": "29/0108"}


def _series(folder: Path) -> Register:
    """A datasheet moves from a certificate that is withdrawn to another, and leaves the register."""
    withdrawn = {"date": "2026-03-01", "status": "withdrawn"}
    both = [certificate(), certificate(number="29/0108", valid_from="2026-02-01")]
    sheet = datasheet(valid_until="2027-02-28")
    series = [
        ("2026-01-05", both, [sheet]),
        ("2026-02-05", both, [datasheet(valid_until="2027-02-28", certificates=[OTHER])]),
        ("2026-03-05", [certificate(status_events=[withdrawn]), both[1]], [datasheet(certificates=[OTHER])]),
        ("2026-04-05", [both[1]], []),
    ]
    for day, certificates, sheets in series:
        last = entries(
            register=export(exported_at=f"{day}T06:00:00+01:00"), certificates=certificates, datasheets=sheets
        )
        record(folder, last)
    return Register(last, remember(read_ledger(folder / "ledger.jsonl"), last))


@pytest.mark.parametrize(
    ("day", "coverage"),
    [
        ("2023-05-31", Coverage.NOT_COVERED),
        ("2026-01-04", Coverage.NOT_KNOWN),
        ("2026-01-05", Coverage.COVERED),
        ("2026-02-05", Coverage.COVERED),
        ("2026-03-04", Coverage.COVERED),
        ("2026-03-20", Coverage.NOT_KNOWN),
        ("2026-04-05", Coverage.NOT_COVERED),
        ("2026-04-06", Coverage.NOT_KNOWN),
    ],
)
def test_a_datasheet_answers_with_the_certificates_it_hung_on(tmp_path: Path, day: str, coverage: Coverage) -> None:
    register = _series(tmp_path)
    assert register.coverage_on(register.memory.datasheets["90012345"], DAY(day)) is coverage


def test_a_listed_datasheet_without_a_ledger_is_covered_on_the_day_of_the_export_alone() -> None:
    register = Register(entries())
    sheet = register.datasheets["90012345"]
    covered = [register.coverage_on(sheet, DAY(day)) for day in ("2026-11-20", "2026-11-21", "2026-11-22")]
    assert covered == [Coverage.NOT_KNOWN, Coverage.COVERED, Coverage.NOT_KNOWN]
