"""How far a ledger reaches, and the ledger as it is published: in parts, of which only the last still changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keur.ledger.chain import Ledger, LedgerError, decode

LINES_A_PART = 10_000
"""Lines of a published part but the last: some 4 MB, which every host of static sites takes."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a ledger reaches: how many lines it has, and the hash of the last, which vouches for all before it."""

    lines: int
    hash: str


class RewrittenError(LedgerError):
    """A ledger is not the one that somebody vouched for; ``line``, counted from 1, is the first known to differ."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def head_of(ledger: Ledger) -> Head:
    """Return how far a ledger reaches."""
    return Head(len(ledger), ledger.head)


def holds(ledger: Ledger, head: Head) -> bool:
    """Tell whether a ledger is the one that a head is of, or has grown from it."""
    return head.lines <= len(ledger) and ledger.hash_after(head.lines) == head.hash


def parts(lines: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the parts that a ledger of these lines is published in; joined they are the file again."""
    for start in range(0, len(lines), LINES_A_PART):
        yield b"".join(line + b"\n" for line in lines[start : start + LINES_A_PART])


def published(data: bytes, head: Head, shown: str) -> Ledger:
    """Return a published ledger as far as its head reaches: behind it may stand what a release left unfinished.

    Raises ``RegisterError`` or ``RewrittenError`` where it is not what its head says.
    """
    ledger = decode(b"".join(data.splitlines(keepends=True)[: head.lines]), shown)
    if head_of(ledger) != head:
        raise RewrittenError(
            min(len(ledger) + 1, head.lines), f"{shown} is not the ledger that its release vouches for"
        )
    return ledger


def first_difference(one: Ledger, other: Ledger) -> int | None:
    """Return the first line, counted from 1, that two ledgers both have and that differs; None where none does."""
    shared = min(len(one), len(other))
    return next((index + 1 for index in range(shared) if one.line(index) != other.line(index)), None)
