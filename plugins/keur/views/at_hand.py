"""What was worked out a moment ago.

The pages of a record are made one after another, and so are those of a list in each language: what they have in common
is worked out once, and not kept for a whole register of 100,000.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

MadeT = TypeVar("MadeT")

_MOST = 20_000
"""How much is at hand: all of a usual register, and of a large one what several pages of lists need."""


class AtHand:
    """Keeps what was made last, by what it is and whose."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, Hashable], Any] = {}

    def once(self, what: str, key: Hashable, make: Callable[[], MadeT]) -> MadeT:
        """Return what ``make`` returns for a record's key, made a moment ago or now."""
        made: MadeT
        try:
            made = self._made[what, key]
        except KeyError:
            if len(self._made) >= _MOST:
                self._made.clear()
            made = self._made[what, key] = make()
        return made
