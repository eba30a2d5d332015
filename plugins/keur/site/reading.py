"""From a folder to a register without faults: reading and rules in one run, every problem named at once.

What came of a file the last time is used again where neither it nor a record that it names has changed (``Kept``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from keur.checks import check, check_between, check_records
from keur.ledger import (
    EMPTY,
    FILE,
    Ledger,
    Recorded,
    numbers_used_again,
    older_exports,
    read_ledger,
    record,
    remember,
)
from keur.loading import DataFolderError, Reading, read_export
from keur.loading.readings import FileReading, ForgottenError, packed, unpacked
from keur.model import (
    RECORD_KINDS,
    AnyRecord,
    Certificate,
    CertificateKey,
    Datasheet,
    Document,
    Entries,
    Product,
    Register,
    Unit,
)
from keur.problems import Problem, RegisterError, in_reading_order

Reference = tuple[str, str | CertificateKey]
"""Kind and key of a record that another names."""


@dataclass(slots=True)
class Kept:
    """What is kept of reading for the next build, packed: readings by key of file, problems by what they hang on.

    ``at_hand`` are readings by the same key that the next build of this process need not unpack.
    """

    readings: dict[str, bytes] = field(default_factory=dict)
    problems: dict[str, bytes] = field(default_factory=dict)
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
    ledger, told = _read_ledger(folder, shown, reading, confirmed)
    problems = in_reading_order((*found, *told))
    if any(problem.severity == "error" for problem in problems):
        raise RegisterError(problems)
    memory = remember(ledger, reading.entries) if (folder / FILE).exists() else None
    return Register(reading.entries, memory), problems


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
    folder: Path, shown: str | None, reading: Reading, confirmed: Sequence[str] = ()
) -> tuple[Ledger, tuple[Problem, ...]]:
    """Read the ledger beside an export; return it with what is wrong with it, or with the export by what it says."""
    name = folder.as_posix() if shown is None else shown
    try:
        ledger = read_ledger(folder / FILE, f"{name}/{FILE}")
    except RegisterError as error:
        return EMPTY, error.problems
    found = [*older_exports(ledger, reading.entries), *numbers_used_again(ledger, reading.entries, confirmed)]
    return ledger, tuple(reading.locate(found))


def _found_again(reading: Reading, languages: Sequence[str], kept: Kept) -> Iterator[Problem]:
    """Yield what the rules find, with its lines; files whose records and those they name are the same are not tried."""
    problems, used = kept.problems, {}
    if any(problem.severity == "error" for problem in reading.problems):
        # Where records are missing because they could not be read, every rule has to know.
        yield from reading.locate(check(reading.entries, languages))
        return
    digests: dict[Reference, bytes] = {
        (kind, entry.record.key): entry.digest for kind in RECORD_KINDS for entry in reading.entries.of_kind(kind)
    }
    for part in reading.parts:
        key = _depends_on(part, languages, digests)
        found = _unpacked_problems(problems.get(key))
        if found is None:
            found = tuple(reading.locate(check_records(_alone(part, reading.entries), reading.entries, languages)))
        used[key] = problems[key] if key in problems else packed(found)
        yield from found
    keys = {part.shown: part.key for part in reading.parts}
    for problem in check_between(reading.entries, languages):
        files = (problem.place.file, problem.other.place.file if problem.other else "")
        key = _hashed(repr(problem), *(keys.get(file, "") for file in files))
        found = _unpacked_problems(problems.get(key))
        if found is None:
            found = tuple(reading.locate([problem]))
        used[key] = problems[key] if key in problems else packed(found)
        yield from found
    kept.problems = used


def _unpacked_problems(kept: bytes | None) -> tuple[Problem, ...] | None:
    if kept is None:
        return None
    try:
        return unpacked(kept, tuple)
    except ForgottenError:
        return None


def _alone(part: FileReading, whole: Entries) -> Entries:
    """Return the records of one file as if it were the export."""
    nothing: dict[str, Any] = dict.fromkeys(RECORD_KINDS, ())
    held = nothing | ({part.kind: part.entries} if part.kind in nothing else {})
    return replace(whole, export=part.export, **held)


def _depends_on(part: FileReading, languages: Sequence[str], digests: dict[Reference, bytes]) -> str:
    """Return what the problems of a file's records hang on: the file, and each record that one of its records names."""
    named = {reference: None for entry in part.entries for reference in references(entry.record)}
    return _hashed(part.key, *languages, *(digests.get(reference, b"").hex() for reference in named))


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


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


__all__ = ["DataFolderError", "Kept", "find_problems", "read_entries", "read_register", "record_export", "references"]
