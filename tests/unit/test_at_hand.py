"""What was worked out a moment ago is not worked out again, and is not kept for ever."""

from __future__ import annotations

import pytest

from keur.views import at_hand
from keur.views.at_hand import AtHand


def test_what_was_made_is_made_once_for_each_record_and_purpose() -> None:
    made: list[str] = []
    hand = AtHand()

    def make(text: str) -> str:
        made.append(text)
        return text

    asked = [("row", "90012345"), ("row", "90012346"), ("status", "90012345")]
    for _ in range(2):
        for what, key in asked:
            assert hand.once(what, key, lambda what=what, key=key: make(f"{what} {key}")) == f"{what} {key}"
    assert made == ["row 90012345", "row 90012346", "status 90012345"]


def test_what_is_none_is_made_once_too() -> None:
    hand, made = AtHand(), []
    for _ in range(2):
        assert hand.once("drawn", "90012345", lambda: made.append(1)) is None
    assert made == [1]


def test_a_hand_holds_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_hand, "_MOST", 3)
    hand, made = AtHand(), []
    for number in (1, 2, 3, 4, 1):
        hand.once("row", number, lambda number=number: made.append(number))
    assert made == [1, 2, 3, 4, 1]


def test_a_fault_is_told_each_time() -> None:
    hand = AtHand()
    for _ in range(2):
        with pytest.raises(ValueError, match="faulty"):
            hand.once("row", 1, _faulty)


def _faulty() -> None:
    raise ValueError("faulty")
