"""Exports that lose much go out only when somebody confirms the number."""

from collections.abc import Iterable
from typing import Any

import pytest

from keur.model import Register
from keur.publishing import DropError, Facts, check_drop, facts_of
from tests import builders
from tests.unit.publishing.releases import exported_at


def _facts(day: int = 1, *, sheets: Iterable[int] = range(1000), certificates: int = 100, text: str = "same") -> Facts:
    valid = {f"/d/{sheet:08}/": text for sheet in sheets} | {f"/c/{number}/": text for number in range(certificates)}
    return Facts(exported_at(day), valid)


def _register(**changes: Any) -> Register:
    return Register(builders.entries(**changes))


@pytest.mark.parametrize(
    "facts",
    [
        _facts(2),
        _facts(1),
        _facts(2, sheets=range(1, 1200)),
        _facts(2, sheets=range(50, 1000)),
        _facts(2, certificates=95),
        Facts(exported_at(2), _facts(text="other").valid | {"/c/0/": "same"}),
    ],
    ids=["nothing", "the same export", "a few, and many new", "-5 %", "-5 % certificates", "all but one"],
)
def test_small_losses_go_unasked(facts: Facts) -> None:
    check_drop(_facts(), facts, 5, None)


@pytest.mark.parametrize(
    ("facts", "number", "words"),
    [
        (_facts(2, sheets=range(60, 1000)), 60, "60 of 1000 valid datasheets would go (6.0 %, more than 5 %)"),
        (_facts(2, sheets=range(700)), 300, "300 of 1000 valid datasheets would go (30.0 %, more than 5 %)"),
        (_facts(2, certificates=94), 6, "6 of 100 valid certificates would go (6.0 %"),
        (_facts(2, sheets=(), certificates=0), 1100, "1000 of 1000 valid datasheets would go (100.0 %"),
        (_facts(2, sheets=range(5000, 6000)), 1000, "1000 of 1000 valid datasheets would go"),
        (_facts(2, text="other"), 1100, "all 1100 valid records would go or say something else"),
        (_facts(2, sheets=range(990), text="other"), 1100, "all 1100 valid records would go or say something else"),
        (_facts(0), 0, "the export of 2026-11-01T06:00:00+00:00 is older than the published one of 2026-11-02T06:00"),
        (_facts(0, certificates=99), 1, "is older than the published one"),
    ],
    ids=["-6 %", "-30 %", "few", "empty", "others", "all changed", "and some gone", "older", "older, one gone"],
)
def test_what_goes_beyond_needs_its_exact_number(facts: Facts, number: int, words: str) -> None:
    for confirmed in (None, number + 1, -1):
        with pytest.raises(DropError) as refused:
            check_drop(_facts(), facts, 5, confirmed)
        assert refused.value.number == number
        assert words in str(refused.value)
        assert str(refused.value).endswith(f"nothing was published. If that is right: --confirm-drop {number}")
    check_drop(_facts(), facts, 5, number)


def test_the_share_is_a_setting() -> None:
    check_drop(_facts(), _facts(2, sheets=range(700)), 30, None)
    with pytest.raises(DropError):
        check_drop(_facts(), _facts(2, sheets=range(999)), 0, None)


def test_the_first_release_loses_nothing() -> None:
    check_drop(None, _facts(), 5, None)


def test_facts_count_what_is_valid_on_the_day_of_the_export() -> None:
    """A datasheet counts while a certificate it hangs on is valid."""
    everything = facts_of(_register())
    assert {permalink[:3] for permalink in everything.valid} == {"/c/", "/d/"}
    suspended = [{"date": "2026-11-20", "status": "suspended"}]
    none = facts_of(_register(certificates=[builders.certificate(status_events=suspended)]))
    assert none.valid == {}
    assert none.exported_at == everything.exported_at


def test_facts_tell_records_that_say_something_else() -> None:
    before = facts_of(_register()).valid
    renamed = facts_of(_register(holders=[builders.holder(name="Other")])).valid
    changed = facts_of(_register(certificates=[builders.certificate(remarks="New")])).valid
    assert before == renamed
    assert {permalink for permalink in before if before[permalink] != changed[permalink]} == {"/c/benor-29-0107/"}


def test_facts_come_back_as_they_were_written() -> None:
    facts = facts_of(_register())
    raw = facts.as_json()
    assert Facts.from_json(raw) == facts
    assert (raw["certificates"], raw["datasheets"]) == (1, 1)
