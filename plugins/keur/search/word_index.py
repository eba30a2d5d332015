"""The index of words: which texts of the register hold a term, and how much the term weighs there.

A document of lunr is a *distinct text* (a product's name in one language, a town, a trade name), not a record: the
browser joins texts to records. lunr.py's builder gets the words as ready lists and gives the weights (BM25); a weight
travels as one small whole number on a scale of 3 % steps, which ``theme/static/js/payload.js`` reads back.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lunr.builder import Builder

from keur.search.words import Units, index_terms

WEIGHT_UNIT = 0.01
WEIGHT_STEP = 1.03


@dataclass(frozen=True, slots=True)
class Posting:
    """A term in a text."""

    text: int
    weight: int


@dataclass(frozen=True, slots=True)
class WordIndex:
    """Terms in the order of UTF-16, as browsers compare text, with their postings in the order of texts."""

    terms: Sequence[str]
    postings: Sequence[Sequence[Posting]]


class Texts:
    """Distinct texts, numbered in the order they are first seen. Two texts of the same words are one."""

    def __init__(self, units: Units | None = None) -> None:
        self._units = units or Units()
        self._numbers: dict[tuple[str, ...], int] = {}
        self._seen: dict[str, int | None] = {}

    def numbers(self, texts: Iterable[str]) -> list[int]:
        """Return the numbers of some texts, each once, in ascending order; a text without a word has none."""
        found = {number for text in texts if (number := self._number(text)) is not None}
        return sorted(found)

    def _number(self, text: str) -> int | None:
        if text not in self._seen:
            words = tuple(index_terms(text, self._units))
            self._seen[text] = self._numbers.setdefault(words, len(self._numbers)) if words else None
        return self._seen[text]

    def index(self) -> WordIndex:
        """Return the index of all texts seen so far."""
        if not self._numbers:
            return WordIndex((), ())
        builder: Any = Builder()  # type: ignore[no-untyped-call]  # lunr.py carries no annotations
        builder.ref("number")
        builder.field("words")
        for words, number in self._numbers.items():
            builder.add({"number": number, "words": words})
        index = builder.build()
        by_number = {entry["_index"]: term for term, entry in index.inverted_index.items()}
        postings: dict[str, list[Posting]] = {term: [] for term in sorted(by_number.values(), key=_utf16)}
        for number in self._numbers.values():
            elements = index.field_vectors[f"words/{number}"].elements
            for term, weight in zip(elements[::2], elements[1::2], strict=True):
                postings[by_number[int(term)]].append(Posting(number, _quantised(weight)))
        return WordIndex(tuple(postings), tuple(postings.values()))


def _quantised(weight: float) -> int:
    return max(0, round(math.log(max(weight, WEIGHT_UNIT) / WEIGHT_UNIT) / math.log(WEIGHT_STEP)))


def _utf16(term: str) -> bytes:
    return term.encode("utf-16-be")
