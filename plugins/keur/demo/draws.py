"""Repeatable draws: the same seed gives the same choices on every platform and Python version."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of draws of its own, named by its seeds, so that a change in one part leaves the others as they are.

    Only ``random.Random.random`` promises the same sequence for ever; ``choice``, ``sample`` and ``shuffle`` do not, so
    everything here is made of it.
    """

    def __init__(self, *seeds: int | str) -> None:
        self._random = random.Random("/".join(map(str, seeds)))

    def share(self) -> float:
        """Return a number from 0 up to but not including 1."""
        return self._random.random()

    def chance(self, share: float) -> bool:
        """Return true in ``share`` of all draws."""
        return self._random.random() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options, all with equal chances."""
        return options[int(self._random.random() * len(options))]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Return the options in a drawn order."""
        deck = list(options)
        for last in range(len(deck) - 1, 0, -1):
            other = self.between(0, last)
            deck[last], deck[other] = deck[other], deck[last]
        return deck

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """Return a day from ``first`` to ``last``, both included; ``first`` where they are in the wrong order."""
        return first + dt.timedelta(days=self.between(0, max(0, (last - first).days)))
