"""Pieces of files that tell of every datasheet, of which there are thousands: only those that changed are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keur.exports.pieces import Piece, Pieces, made_anew
from keur.site.memory import Memory
from keur.site.shown import Digest, Shown


class KeptPieces:
    """Gives pieces of files as ``exports.pieces.PieceSource`` says, out of the last build where they are the same.

    A piece hangs on no more than a datasheet's row in a list shows, on its heading, and on the site's own address.
    """

    def __init__(self, shown: Shown, site_url: str, memory: Memory) -> None:
        self._shown = shown
        self._site_url = site_url
        self._memory = memory

    def __call__(self, pieces: Pieces) -> Iterable[Piece]:
        """Return the pieces of a file in the order of its records, and keep them for the next build."""
        if pieces.kind != "datasheets":
            return made_anew(pieces)
        name, about = f"pieces-{pieces.file}", (self._site_url, pieces.heading)
        kept = self._memory.recall(name)
        known: Mapping[Digest, Piece] = kept[1] if kept is not None and kept[0] == about else {}
        rows = self._shown.datasheet_rows
        made: dict[Digest, Piece] = {}
        grown = False
        for code, sheet in pieces.records.items():
            shows = rows[code]
            piece = known.get(shows)
            if piece is None:
                grown = True
                piece = pieces.make(code, sheet)
            made[shows] = piece
        if grown or len(made) != len(known):
            self._memory.keep(name, (about, made))
        return made.values()
