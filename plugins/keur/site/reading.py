"""From a folder to a register without faults: reading and rules in one run, every problem named at once.

What came of a file the last time is used again where neither it nor a record that it names has changed (``Kept``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from keur.checks import check, check_between, check_records
from keur.ledger import (
    EMPTY,
    FILE,
    KeptChanges,
    KeptLedger,
    KeptTraces,
    Ledger,
    Recorded,
    numbers_used_again,
    older_exports,
    read_ledger,
    record,
    remember,
)
from keur.loading import DataFolderError, Reading, read_export
from keur.loading.readings import FileReading, packed_problems, unpacked_problems
from keur.model import (
    RECORD_KINDS,
    AnyRecord,
    Certificate,
    Datasheet,
    Document,
    Entries,
    Entry,
    Product,
    Register,
    Unit,
)
from keur.problems import Problem, RegisterError, in_reading_order

Reference = tuple[str, str | tuple[str, ...]]
"""Kind and key of a record that another names."""


class FoundInFile(NamedTuple):
    """What the rules found in the records of a file, and what that hangs on, as plain values to keep.

    ``key`` is that of the file's reading, ``named`` are kind and key of each record that its records name, and
    ``hangs_on`` is the digest of all of these. ``clean`` has the like digest of each record, where nothing was found.
    """

    key: str
    named: tuple[Reference, ...]
    hangs_on: bytes
    clean: frozenset[bytes]
    problems: tuple[Any, ...]


@dataclass(slots=True)
class Kept:
    """What is kept of reading for the next build.

    ``readings`` are packed, by key of file. ``in_files`` is what the rules found in each file by its shown path,
    ``between`` what they found between records, by what that hangs on. ``ledger`` is the ledger, ``traces`` and
    ``changes`` are those of it. ``at_hand`` are readings that the next build of this process need not unpack.
    """

    readings: dict[str, bytes] = field(default_factory=dict)
    in_files: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    between: dict[bytes, tuple[Any, ...]] = field(default_factory=dict)
    ledger: KeptLedger = field(default_factory=KeptLedger)
    traces: KeptTraces = field(default_factory=KeptTraces)
    changes: KeptChanges | None = None
    at_hand: dict[str, FileReading] = field(default_factory=dict)


def find_problems(
    folder: Path, languages: Sequence[str], shown: str | None = None, confirmed: Sequence[str] = ()
) -> tuple[Reading, tuple[Problem, ...]]:
    """Read an export and check it, beside its ledger; return what was read and every problem in reading order.

    ``confirmed`` are numbers and codes that may be used again by another holder.
    """
    reading = read_export(folder, shown)
    _, told = _read_ledger(folder, shown, reading, confirmed)
    found = (*reading.problems, *reading.locate(check(reading.entries, languages)), *told)
    return reading, in_reading_order(found)


def read_register(
    folder: Path,
    languages: Sequence[str],
    shown: str | None = None,
    kept: Kept | None = None,
    workers: int = 1,
    confirmed: Sequence[str] = (),
) -> tuple[Register, tuple[Problem, ...]]:
    """Read an export and its ledger into a register; return it with the warnings.

    Raises ``RegisterError`` with all problems. ``kept`` is used and brought up to date; ``workers`` is how many
    processes parse; ``confirmed`` are numbers and codes that may be used again by another holder. Where there is no
    ledger, nothing is remembered.
    """
    if kept is None:
        reading = read_export(folder, shown)
        found = [*reading.problems, *reading.locate(check(reading.entries, languages))]
    else:
        reading = read_export(folder, shown, kept.readings, workers, kept.at_hand)
        found = [*reading.problems, *_found_again(reading, languages, kept)]
    ledger, told = _read_ledger(folder, shown, reading, confirmed, kept.ledger if kept else None)
    problems = in_reading_order((*found, *told))
    if any(problem.severity == "error" for problem in problems):
        raise RegisterError(problems)
    if not (folder / FILE).exists():
        return Register(reading.entries), problems
    if kept is None:
        return Register(reading.entries, remember(ledger, reading.entries)), problems
    return Register(reading.entries, remember(ledger, reading.entries, kept.traces, kept.changes)), problems


def record_export(
    folder: Path, languages: Sequence[str], shown: str | None = None, confirmed: Sequence[str] = ()
) -> tuple[Recorded, tuple[Problem, ...]]:
    """Record an export in its ledger; return what was recorded, and the warnings. Raises as ``read_register`` does.

    ``confirmed`` are numbers and codes that may be used again by another holder.
    """
    entries, problems = read_entries(folder, languages, shown, confirmed)
    return record(folder, entries, confirmed, shown), problems


def read_entries(
    folder: Path, languages: Sequence[str], shown: str | None = None, confirmed: Sequence[str] = ()
) -> tuple[Entries, tuple[Problem, ...]]:
    """Read an export that may be recorded; return it with the warnings. Raises as ``read_register`` does."""
    reading, problems = find_problems(folder, languages, shown, confirmed)
    if any(problem.severity == "error" for problem in problems):
        raise RegisterError(problems)
    return reading.entries, problems


def _read_ledger(
    folder: Path,
    shown: str | None,
    reading: Reading,
    confirmed: Sequence[str] = (),
    kept: KeptLedger | None = None,
) -> tuple[Ledger, tuple[Problem, ...]]:
    """Read the ledger beside an export; return it with what is wrong with it, or with the export by what it says."""
    name = folder.as_posix() if shown is None else shown
    try:
        ledger = read_ledger(folder / FILE, f"{name}/{FILE}", kept)
    except RegisterError as error:
        return EMPTY, error.problems
    found = [*older_exports(ledger, reading.entries), *numbers_used_again(ledger, reading.entries, confirmed)]
    return ledger, tuple(reading.locate(found))


def _found_again(reading: Reading, languages: Sequence[str], kept: Kept) -> Iterator[Problem]:
    """Yield what the rules find, with its lines; records that are the same, with those they name, are not tried."""
    if any(problem.severity == "error" for problem in reading.problems):
        # Where records are missing because they could not be read, every rule has to know.
        yield from reading.locate(check(reading.entries, languages))
        return
    digests: dict[Reference, bytes] = {
        (kind, entry.record.key): entry.digest for kind in RECORD_KINDS for entry in reading.entries.of_kind(kind)
    }
    rules = _RulesOfFiles(reading, languages, digests)
    before, kept.in_files = kept.in_files, {}
    for part in reading.parts:
        known = before.get(part.shown)
        found = rules.found(part, FoundInFile(*known) if known else None)
        kept.in_files[part.shown] = tuple(found)
        yield from unpacked_problems(found.problems)
    known_between, kept.between = kept.between, {}
    keys = {part.shown: part.key for part in reading.parts}
    for problem in check_between(reading.entries, languages):
        files = (problem.place.file, problem.other.place.file if problem.other else "")
        key = _hashed(repr(problem), *(keys.get(file, "") for file in files))
        if key not in known_between:
            known_between[key] = packed_problems(reading.locate([problem]))
        kept.between[key] = known_between[key]
        yield from unpacked_problems(kept.between[key])


class _RulesOfFiles:
    """Tries the rules of records, file by file; ``digests`` tell each record from what it said before."""

    def __init__(self, reading: Reading, languages: Sequence[str], digests: Mapping[Reference, bytes]) -> None:
        self.reading = reading
        self.languages = languages
        self.digests = digests

    def found(self, part: FileReading, before: FoundInFile | None) -> FoundInFile:
        """Return what the rules find in a file; ``before`` is what they found when they tried it last."""
        if before and before.key == part.key:
            named = before.named
        else:
            # Plain tuples, for marshal; they are equal to keys of certificates.
            every = (name for entry in part.entries for name in references(entry.record))
            named = tuple((kind, key if isinstance(key, str) else tuple(key)) for kind, key in dict.fromkeys(every))
        hangs_on = self._digest(part.key, named)
        if before and before.hangs_on == hangs_on:
            return before
        each = {self._digest(entry.digest.hex(), references(entry.record)): entry for entry in part.entries}
        if before and before.clean:
            fresh = [entry for digest, entry in each.items() if digest not in before.clean]
            if not self._tried(part, tuple(fresh)):
                return FoundInFile(part.key, named, hangs_on, frozenset(each), ())
        # A warning may speak of all the records of a file together.
        problems = self._tried(part, part.entries)
        return FoundInFile(
            part.key, named, hangs_on, frozenset() if problems else frozenset(each), packed_problems(problems)
        )

    def _tried(self, part: FileReading, entries: tuple[Entry[AnyRecord], ...]) -> tuple[Problem, ...]:
        """Try the rules on some records of a file as if they were the export."""
        whole = self.reading.entries
        nothing: dict[str, Any] = dict.fromkeys(RECORD_KINDS, ())
        held = nothing | ({part.kind: entries} if part.kind in nothing else {})
        alone = replace(whole, export=part.export, **held)
        return tuple(self.reading.locate(check_records(alone, whole, self.languages)))

    def _digest(self, own: str, named: Iterable[Reference]) -> bytes:
        """Return the digest of what problems hang on: a file or a record by itself, and the records that it names."""
        return _hashed(own, *self.languages, *(self.digests.get(reference, b"").hex() for reference in named))


def references(record: AnyRecord) -> Iterator[Reference]:
    """Yield kind and key of the records that a record names, some more than once."""
    match record:
        case Datasheet():
            yield "products", record.product
            yield "units", record.unit
            yield from (("certificates", reference.key) for reference in record.certificates)
            yield from (("documents", id_) for id_ in record.conforms_to)
        case Certificate():
            yield "systems", record.system
            yield "products", record.product
            yield "holders", record.holder
            yield from (("units", id_) for id_ in record.units)
            yield from (("documents", document.id) for document in record.documents)
            yield from (("certificates", other.key) for other in (record.replaces, record.replaced_by) if other)
        case Product():
            yield from (("systems", id_) for id_ in record.systems)
            yield from (("documents", id_) for id_ in record.documents)
            if record.contact:
                yield "contacts", record.contact
        case Document():
            if record.replaced_by:
                yield "documents", record.replaced_by
        case Unit():
            yield "holders", record.holder
        case _:
            pass


def _hashed(*parts: str) -> bytes:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


__all__ = ["DataFolderError", "Kept", "find_problems", "read_entries", "read_register", "record_export", "references"]
