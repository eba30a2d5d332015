"""From a folder to a register without faults: reading and rules in one run, every problem named at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from keur.checks import check
from keur.loading import DataFolderError, Reading, read_export
from keur.model import Register
from keur.problems import Problem, RegisterError, in_reading_order


def find_problems(
    folder: Path, languages: Sequence[str], shown: str | None = None
) -> tuple[Reading, tuple[Problem, ...]]:
    """Read an export and check it; return what was read and every problem and warning in reading order."""
    reading = read_export(folder, shown)
    found = (*reading.problems, *reading.locate(check(reading.entries, languages)))
    return reading, in_reading_order(found)


def read_register(
    folder: Path, languages: Sequence[str], shown: str | None = None
) -> tuple[Register, tuple[Problem, ...]]:
    """Read an export into a register; return it with the warnings. Raises ``RegisterError`` with all problems."""
    reading, problems = find_problems(folder, languages, shown)
    if any(problem.severity == "error" for problem in problems):
        raise RegisterError(problems)
    return Register(reading.entries), problems


__all__ = ["DataFolderError", "find_problems", "read_register"]
