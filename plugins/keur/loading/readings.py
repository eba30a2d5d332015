"""What came of reading one file of an export, and how it is kept from one build to the next."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from keur.loading.packing import codec, pack_part, unpack_part
from keur.loading.pieces import Pieces
from keur.model import RECORD_KINDS, AnyRecord, CertificateKey, Entry, Export
from keur.problems import FieldPath, KeurError, Place, Problem, Spot


class ForgottenError(KeurError):
    """What was kept cannot be used; the file has to be read again."""


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file: its records with their places, and its problems with their lines.

    ``key`` is made of the SHA-256 of the file's kind, shown path and bytes: the same key, the same reading. ``held``
    counts its records, those at fault included; ``unread_keys`` are the keys of the latter. ``incomplete`` says that
    records of this kind may be missing, because the file could not be read to its end. ``pieces`` tell the records of a
    file without problems apart, where each is a piece of it. ``added`` counts the records that were read since their
    texts were made one.
    """

    kind: str
    shown: str
    key: str
    export: Export | None = None
    entries: tuple[Entry[AnyRecord], ...] = ()
    held: int = 0
    unread_keys: frozenset[str | CertificateKey] = frozenset()
    incomplete: bool = False
    problems: tuple[Problem, ...] = ()
    pieces: Pieces | None = None
    # It tells how what is kept came about, not what was read.
    added: int = field(default=0, compare=False)

    @property
    def is_scattered(self) -> bool:
        """Whether its texts have to be made one: all of them, or those of so many records that were read alone."""
        return not self.added or self.added * 8 > self.held


def packed(reading: FileReading) -> bytes:
    """Return a reading as bytes to keep."""
    records = [pack_part(entry.record) for entry in reading.entries]
    values: Any = (
        reading.kind,
        reading.shown,
        reading.key,
        reading.export and pack_part(reading.export),
        # Going through all of them takes as long as all else that a changed record costs here.
        _each_once(records) if reading.is_scattered else records,
        [entry.digest for entry in reading.entries],
        [entry.place.path for entry in reading.entries],
        reading.held,
        [key if isinstance(key, str) else tuple(key) for key in reading.unread_keys],
        reading.incomplete,
        packed_problems(reading.problems),
        reading.pieces and tuple(reading.pieces),
        0 if reading.is_scattered else reading.added,
    )
    return marshal.dumps(values)


def _each_once(records: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Return packed records in which the same text, or the same texts together, are one object.

    ``marshal`` writes an object once and reads it as one again, so a register has each product's id, each unit of a
    value once, and not with every datasheet.
    """
    known: dict[Any, Any] = {}
    of_texts = {str, type(None)}
    known_as = known.setdefault

    def once(values: tuple[Any, ...]) -> tuple[Any, ...]:
        # Texts are told in line: there are seven to each tuple.
        own = tuple([known_as(v, v) if type(v) is str else once(v) if type(v) is tuple else v for v in values])
        # Of other values equal ones may be of two types.
        return known_as(own, own) if of_texts.issuperset(map(type, own)) else own

    return [once(record) for record in records]


def unpacked(kept: bytes) -> FileReading:
    """Return a reading that was kept. Raises ``ForgottenError`` where the bytes are none."""
    try:
        return _unpacked(*marshal.loads(kept))  # noqa: S302  # Keur's own; the keeper sealed it
    # Bytes that were cut or made elsewhere can raise nearly anything.
    except Exception as error:
        raise ForgottenError(f"what was kept cannot be used: {error}") from error


def _unpacked(
    kind: str,
    shown: str,
    key: str,
    export: Any,
    records: Sequence[Any],
    digests: Sequence[bytes],
    paths: Sequence[FieldPath],
    held: int,
    unread: Sequence[Any],
    incomplete: bool,
    problems: Sequence[Any],
    pieces: Any,
    added: int,
) -> FileReading:
    unpack = codec(RECORD_KINDS[kind]).unpack if records else None
    return FileReading(
        kind,
        shown,
        key,
        export and unpack_part(Export, export),
        tuple(
            Entry(unpack(record), Place(shown, path), digest)
            for record, digest, path in zip(records, digests, paths, strict=True)
        )
        if unpack
        else (),
        held,
        frozenset(own if isinstance(own, str) else CertificateKey(*own) for own in unread),
        incomplete,
        unpacked_problems(problems),
        pieces and Pieces(*pieces),
        added,
    )


def packed_problems(problems: Iterable[Problem]) -> tuple[Any, ...]:
    """Return problems as plain values to keep."""
    return tuple(
        (
            problem.place.file,
            problem.place.path,
            problem.message,
            problem.severity,
            problem.line,
            problem.column,
            problem.other
            and (problem.other.place.file, problem.other.place.path, problem.other.line, problem.other.column),
        )
        for problem in problems
    )


def unpacked_problems(kept: Iterable[Any]) -> tuple[Problem, ...]:
    """Return problems that were kept."""
    return tuple(
        Problem(
            Place(file, path),
            message,
            severity,
            line,
            column,
            other and Spot(Place(other[0], other[1]), other[2], other[3]),
        )
        for file, path, message, severity, line, column, other in kept
    )
