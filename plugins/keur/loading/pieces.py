"""A file cut into its records, so that a change of a few need not make all others be parsed again.

What stands before the first record and around all of them is the *head*; a *piece* is a record, from its hyphen to the
next one's. A parser that has come to such a hyphen is in the same state at each of them, so the same piece after the
same head is the same record, wherever in the list it stands; with one exception: the last piece holds all that follows
the list. Lines that only look like a record's beginning, in the midst of a quoted text for example, are told by where
the parser itself saw records begin.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

_FIRST = re.compile(r"^( *)- ", re.MULTILINE)
_SENTINEL = "x"


class Pieces(NamedTuple):
    """What tells the head of a file and each of its pieces from what they were before."""

    head: bytes
    own: tuple[bytes, ...]


class CutFile(NamedTuple):
    """The text of a file, cut. ``indent`` is what stands before each hyphen."""

    head: str
    pieces: tuple[str, ...]
    indent: str

    @property
    def digests(self) -> Pieces:
        """What tells head and pieces apart."""
        return Pieces(
            _digest(self.head, last=False),
            tuple(_digest(piece, last=number == len(self.pieces)) for number, piece in enumerate(self.pieces, 1)),
        )

    def begin_at(self, lines: Sequence[int]) -> bool:
        """Tell whether the parser saw a record begin on the first line of each piece, and nowhere else."""
        line = self.head.count("\n")
        begins = []
        for piece in self.pieces:
            begins.append(line)
            line += piece.count("\n")
        return begins == list(lines)

    def some(self, numbers: Sequence[int]) -> CutFile:
        """Return a file of the same head with some of the pieces, followed by another record where these all were."""
        some = [self.pieces[number] for number in numbers]
        if not numbers or numbers[-1] != len(self.pieces) - 1:
            some.append(f"{self.indent}- {_SENTINEL}: {_SENTINEL}\n")
        return CutFile(self.head, tuple(some), self.indent)

    @property
    def text(self) -> str:
        """The whole text."""
        return self.head + "".join(self.pieces)


def cut(text: str) -> CutFile | None:
    """Cut the text of a file; None where nothing in it looks like the beginning of a record."""
    first = _FIRST.search(text)
    if first is None:
        return None
    indent = first[1]
    head, *pieces = re.split(f"^(?={indent}- )", text, flags=re.MULTILINE)
    return CutFile(head, tuple(pieces), indent)


def _digest(text: str, *, last: bool) -> bytes:
    content = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16, person=b"last" if last else b"").digest()
