"""Faults in an export as values: where, what was found, what must hold.

Nothing here prints. Whoever finds a fault yields a ``Problem``; one place sorts them (``in_reading_order``) and the
command line prints them, all of a run at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]
FieldPath = tuple[str | int, ...]

_PLAIN_STEP = re.compile(r"[A-Za-z0-9_<>-]{1,60}")


class KeurError(Exception):
    """Base of every error that Keur raises on purpose; its text is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in an export: the file's path as it is shown to people, and the way to the field inside it."""

    file: str
    path: FieldPath = ()

    def at(self, *steps: str | int) -> Place:
        """Return the place some steps further inside."""
        return Place(self.file, (*self.path, *steps))

    @property
    def field(self) -> str:
        """The field as people read it: ``certificates[3].valid_until``. Keys that are no plain words are quoted."""
        field = ""
        for step in self.path:
            if isinstance(step, int):
                field += f"[{step}]"
                continue
            key = step if _PLAIN_STEP.fullmatch(step) else quoted(step, 60)
            field += f".{key}" if field else key
        return field


class Spot(NamedTuple):
    """A place with its line and column, which count from 1; 0 means not looked up, or no such spot in the file."""

    place: Place
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        position = f":{self.line}:{self.column}" if self.line else ""
        field = f": {self.place.field}" if self.place.path else ""
        return f"{visible(self.place.file)}{position}{field}"


class Problem(NamedTuple):
    """One fault. ``line`` and ``column`` count from 1; 0 means not looked up yet, or no such spot in the file.

    ``other`` is the second place of a fault between two records; the message leads up to it.
    """

    place: Place
    message: str
    severity: Severity = "error"
    line: int = 0
    column: int = 0
    other: Spot | None = None

    def __str__(self) -> str:
        position = f":{self.line}:{self.column}" if self.line else ""
        warning = "warning: " if self.severity == "warning" else ""
        field = f"{self.place.field}: " if self.place.path else ""
        other = f" {self.other}" if self.other else ""
        return f"{visible(self.place.file)}{position}: {warning}{field}{self.message}{other}"


class RegisterError(KeurError):
    """The export has faults; ``problems`` holds all of them in reading order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_reading_order(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def in_reading_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort faults by file, line and column, then by field and message; identical ones are kept once."""
    return tuple(
        sorted(
            set(problems),
            key=lambda p: (p.place.file, p.line, p.column, p.place.field, p.severity, p.message, str(p.other)),
        )
    )


def visible(text: str) -> str:
    """Name the characters of a text that a person would not see: ``a<U+200B>b``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def quoted(found: object, limit: int = 80) -> str:
    """Show what was found the way a person can find it again: in quotes, cut, with invisible characters named."""
    text = str(found)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return f'"{visible(text)}"'


def described(found: object) -> str:
    """Say what stands in a field of the wrong form: text in quotes, else what kind of thing it is."""
    if found is None:
        return "nothing"
    if isinstance(found, dict):
        return "a mapping"
    if isinstance(found, list | tuple):
        return "a list"
    return quoted(found)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "…"?` with the known word nearest to a mistyped one, or nothing where none is near."""
    folded = word.casefold()
    near_in_length = sorted(name for name in known if abs(len(name) - len(word)) <= 1 + len(word) // 2)
    for name in near_in_length:
        if name.casefold() == folded:
            return f"; did you mean {quoted(name)}?"
    near = difflib.get_close_matches(word, near_in_length, n=1, cutoff=0.65) if len(word) <= 100 else []
    return f"; did you mean {quoted(near[0])}?" if near else ""
