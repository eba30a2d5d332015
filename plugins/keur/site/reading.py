"""From a folder to a register without faults: reading and rules in one run, every problem named at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from keur.checks import check
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
from keur.model import Register
from keur.problems import Problem, RegisterError, in_reading_order


def find_problems(
    folder: Path, languages: Sequence[str], shown: str | None = None
) -> tuple[Reading, tuple[Problem, ...]]:
    """Read an export and check it; return what was read and every problem and warning in reading order."""
    reading, _, problems = _read(folder, languages, shown)
    return reading, problems


def read_register(
    folder: Path, languages: Sequence[str], shown: str | None = None
) -> tuple[Register, tuple[Problem, ...]]:
    """Read an export and its ledger into a register; return it with the warnings.

    Raises ``RegisterError`` with all problems. Where there is no ledger, nothing is remembered.
    """
    reading, ledger, problems = _read(folder, languages, shown)
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
    reading, _, problems = _read(folder, languages, shown, confirmed)
    if any(problem.severity == "error" for problem in problems):
        raise RegisterError(problems)
    return record(folder, reading.entries, confirmed, shown), problems


def _read(
    folder: Path, languages: Sequence[str], shown: str | None, confirmed: Sequence[str] = ()
) -> tuple[Reading, Ledger, tuple[Problem, ...]]:
    reading = read_export(folder, shown)
    found = list(check(reading.entries, languages))
    name = folder.as_posix() if shown is None else shown
    broken: tuple[Problem, ...] = ()
    ledger = EMPTY
    try:
        ledger = read_ledger(folder / FILE, f"{name}/{FILE}")
    except RegisterError as error:
        broken = error.problems
    found += [*older_exports(ledger, reading.entries), *numbers_used_again(ledger, reading.entries, confirmed)]
    return reading, ledger, in_reading_order((*reading.problems, *reading.locate(found), *broken))


__all__ = ["DataFolderError", "find_problems", "read_register", "record_export"]
