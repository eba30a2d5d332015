"""Columns of numbers as text."""

import itertools
import json

from keur.search.columns import packed
from tests.sites import ROOT

VECTORS = json.loads((ROOT / "tests" / "vectors" / "packed.json").read_text(encoding="utf-8"))


def test_packed_numbers_are_those_of_the_vectors() -> None:
    """The browser reads the same file."""
    for vector in VECTORS:
        assert packed(vector["numbers"]) == vector["text"]


def test_no_two_lists_are_packed_alike() -> None:
    """A text means one list: nothing stands between numbers, so none may begin another."""
    texts = [packed([number]) for number in (*range(5000), *(10**power for power in range(4, 16)))]

    assert len(set(texts)) == len(texts)
    ordered = sorted(texts)
    assert not any(after.startswith(before) for before, after in itertools.pairwise(ordered))


def test_packed_text_needs_no_escape() -> None:
    """JSON writes every sign as it is."""
    text = packed(range(5000))

    assert json.dumps(text) == f'"{text}"'
