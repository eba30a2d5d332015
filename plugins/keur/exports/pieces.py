"""What a file of the whole register says of each record: pieces that are made one by one, and joined.

A piece says nothing of the other records and nothing of the export, whose day stands between its parts: so whoever
keeps pieces has a file of thousands of records again when one of them has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

Piece: TypeAlias = tuple[bytes, ...]
"""What stands of a record in a file: all of it, or what stands before and behind the day of the export."""
MakePiece: TypeAlias = Callable[[Any, Any], Piece]
"""Makes the piece of a record from its key and itself."""


class Pieces(NamedTuple):
    """The pieces of a file as they are asked for: of records of a kind by their keys, below a heading of columns."""

    file: str
    kind: str
    records: Mapping[Any, Any]
    make: MakePiece
    heading: bytes = b""


PieceSource: TypeAlias = Callable[[Pieces], Iterable[Piece]]
"""Gives pieces in the order of their records."""


def made_anew(pieces: Pieces) -> Iterable[Piece]:
    """Make every piece."""
    return (pieces.make(key, record) for key, record in pieces.records.items())
