"""What the commands print: problems on standard error, progress as a bar where a person watches, else plain lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from keur.problems import Problem
from keur.site import Progress as Tell


def print_problems(problems: Iterable[Problem]) -> tuple[int, int]:
    """Print problems, one a line; return how many errors and how many warnings there were."""
    errors = warnings = 0
    for problem in problems:
        if problem.severity == "error":
            errors += 1
        else:
            warnings += 1
        say_error(str(problem))
    return errors, warnings


def say(line: str) -> None:
    """Print a line on standard output."""
    _write(sys.stdout, line)


def say_error(line: str) -> None:
    """Print a line on standard error."""
    _write(sys.stderr, line)


def _write(stream: TextIO, line: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()


@contextmanager
def progress(label: str) -> Iterator[Tell]:
    """Give a function that shows progress: a bar on a terminal, a line each tenth otherwise."""
    if sys.stderr.isatty():
        # A bar takes longer to import than a small change takes to build, and mostly nobody watches.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(label, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    tenths = 0

    def tell(done: int, total: int) -> None:
        nonlocal tenths
        if total and done * 10 // total > tenths:
            tenths = done * 10 // total
            say(f"{label}: {done} of {total}")

    yield tell
