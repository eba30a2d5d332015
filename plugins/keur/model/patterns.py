r"""Number patterns: the part of regular expressions that Python and JavaScript read alike, matched in linear time.

A pattern comes from outside and meets tens of thousands of numbers, so it is not handed to ``re``, whose time can
grow exponentially. It is read into an automaton (after Glushkov: one state a character of the pattern), and a number
walks through all states at once. Whoever hands the pattern to another engine is looked after as well: repeats that
can split one text in many ways are refused.

Taken: characters, ``.``, ``[...]``, ``\d \w \s`` (ASCII) and their opposites, ``|``, ``(...)``, ``(?:...)``, ``? * +
{n} {n,} {n,m}`` and their lazy forms, ``^`` at the beginning and ``$`` at the end, and ``(?=...)`` and ``(?!...)`` at
the beginning. Refused: references back, looking around elsewhere, flags, named groups, word boundaries, and everything
that one of the two languages lacks or reads otherwise.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from keur.problems import KeurError

MAX_STATES = 500
MAX_DEPTH = 20
_MAX_STEPS = 5_000
_MAX_REMEMBERED = 20_000
# A group that is repeated this often at most cannot keep an engine busy, whatever stands in it.
_HARMLESS_REPEATS = 3

_LAST = 0x10FFFF
_BRACES = re.compile(r"\{(\d{1,4})(,(\d{0,4}))?\}", re.ASCII)
_SIGNS = frozenset("^$\\.*+?()[]{}|/-_ #&:;,'\"!%<>=@`~")

Ranges = tuple[tuple[int, int], ...]


class PatternError(KeurError):
    """The text is no pattern that Python and JavaScript read alike; the message says what stands in the way."""


class _Characters(NamedTuple):
    ranges: Ranges


class _Sequence(NamedTuple):
    parts: tuple[_Node, ...]


class _Choice(NamedTuple):
    options: tuple[_Node, ...]


class _Repeat(NamedTuple):
    part: _Node
    least: int
    most: int | None


_Node = _Characters | _Sequence | _Choice | _Repeat


class NumberPattern:
    """A pattern that numbers match as a whole. Raises ``PatternError`` for a text that is none."""

    def __init__(self, text: str) -> None:
        parser = _Parser(text)
        self._conditions = tuple((wanted, _Walk(node)) for wanted, node in parser.conditions())
        self._walk = _Walk(parser.whole())

    def matches(self, number: str) -> bool:
        """Tell whether the whole number matches."""
        return self._walk.accepts(number) and all(walk.accepts(number) is wanted for wanted, walk in self._conditions)


class _Walk:
    """Walks through all states of an automaton at once. Steps are remembered: numbers of a system are much alike."""

    def __init__(self, node: _Node) -> None:
        automaton = _Automaton()
        whole = automaton.add(node)
        self._first = whole.first
        self._last = whole.last
        self._nullable = whole.nullable
        self._ranges = automaton.ranges
        self._follow = automaton.follow
        self._steps: dict[tuple[int, str], int] = {}

    def accepts(self, number: str) -> bool:
        """Tell whether the walk over the whole number ends where the pattern does."""
        if not number:
            return self._nullable
        states = self._on(self._first, number[0])
        for character in number[1:]:
            if not states:
                return False
            states = self._step(states, character)
        return bool(states & self._last)

    def _step(self, states: int, character: str) -> int:
        known = self._steps.get((states, character))
        if known is not None:
            return known
        reached = 0
        for state in _members(states):
            reached |= self._follow[state]
        reached = self._on(reached, character)
        if len(self._steps) >= _MAX_REMEMBERED:
            self._steps.clear()
        self._steps[states, character] = reached
        return reached

    def _on(self, states: int, character: str) -> int:
        code = ord(character)
        return sum(
            1 << state for state in _members(states) if any(low <= code <= high for low, high in self._ranges[state])
        )


@functools.lru_cache(maxsize=256)
def number_pattern(text: str) -> NumberPattern:
    """Return the pattern of a text, made once."""
    return NumberPattern(text)


def _members(states: int) -> Iterator[int]:
    while states:
        lowest = states & -states
        yield lowest.bit_length() - 1
        states ^= lowest


def _merged(ranges: Ranges) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _opposite(ranges: Ranges) -> Ranges:
    gaps = []
    after = 0
    for low, high in _merged(ranges):
        if low > after:
            gaps.append((after, low - 1))
        after = high + 1
    if after <= _LAST:
        gaps.append((after, _LAST))
    return tuple(gaps)


_DIGITS: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_BLANKS: Ranges = ((9, 13), (32, 32))
_CLASSES = {
    "d": _DIGITS,
    "w": _WORD,
    "s": _BLANKS,
    "D": _opposite(_DIGITS),
    "W": _opposite(_WORD),
    "S": _opposite(_BLANKS),
}
_ALL: Ranges = ((0, _LAST),)
_ANY = _opposite(((10, 10), (13, 13), (0x2028, 0x2029)))


class _Parser:
    """Reads a pattern by recursive descent."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0

    def conditions(self) -> Iterator[tuple[bool, _Node]]:
        """Read what the pattern says at its beginning of all that follows, and whether it is to hold."""
        if self._next() == "^":
            self.position += 1
        while self.text[self.position : self.position + 3] in ("(?=", "(?!"):
            wanted = self.text[self.position + 2] == "="
            self.position += 3
            node = self._choice()
            ends = self._next() == "$"
            self.position += ends
            if self._take() != ")":
                raise PatternError("^ and $ must stand at the beginning and the end only")
            yield wanted, node if ends else _Sequence((node, _Repeat(_Characters(_ALL), 0, None)))

    def whole(self) -> _Node:
        """Read the rest of the pattern, which is what the number has to be."""
        node = self._choice()
        if self._next() == "$" and self.position == len(self.text) - 1:
            self.position += 1
        if self.position < len(self.text):
            raise PatternError(f"there is no place for {self._next()} at character {self.position + 1}")
        return node

    def _next(self) -> str:
        return self.text[self.position : self.position + 1]

    def _take(self) -> str:
        character = self._next()
        if not character:
            raise PatternError("it ends too early")
        self.position += 1
        return character

    def _choice(self) -> _Node:
        options = [self._sequence()]
        while self._next() == "|":
            self.position += 1
            options.append(self._sequence())
        return options[0] if len(options) == 1 else _Choice(tuple(options))

    def _sequence(self) -> _Node:
        parts = []
        while (character := self._next()) and character not in "|)$^":
            parts.append(self._repeated())
        return _Sequence(tuple(parts))

    def _repeated(self) -> _Node:
        node = self._atom()
        times = self._times()
        if not times:
            return node
        if self._next() == "?":
            self.position += 1
        if self._next() and self._next() in "?*+{":
            raise PatternError("a repeat must not be repeated without a group around it")
        return _Repeat(node, *times)

    def _times(self) -> tuple[int, int | None] | None:
        """Read how often what stands before is repeated, at least and at most; None where it is not."""
        sign = self._next()
        if sign == "{":
            return self._braces()
        times = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(sign)
        self.position += times is not None
        return times

    def _braces(self) -> tuple[int, int | None]:
        match = _BRACES.match(self.text, self.position)
        if not match:
            raise PatternError("a brace must be written \\{ where it counts no repeats")
        self.position = match.end()
        least = int(match[1])
        most = least if match[2] is None else int(match[3]) if match[3] else None
        if most is not None and most < least:
            raise PatternError(f"{match[0]} ends before it begins")
        return least, most

    def _atom(self) -> _Node:
        character = self._take()
        match character:
            case "(":
                return self._group()
            case "[":
                return _Characters(self._class())
            case ".":
                return _Characters(_ANY)
            case "\\":
                return _Characters(self._escape())
            case "*" | "+" | "?":
                raise PatternError(f"there is nothing for {character} to repeat")
            case "{" | "}" | "]":
                raise PatternError(f"{character} must be written \\{character}")
            case _:
                return _Characters(((ord(character), ord(character)),))

    def _group(self) -> _Node:
        if self._next() == "?":
            if self.text[self.position : self.position + 2] != "?:":
                raise PatternError("groups must be (...) or (?:...)")
            self.position += 2
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise PatternError(f"groups must not be nested deeper than {MAX_DEPTH} levels")
        node = self._choice()
        if self._next() in ("^", "$"):
            raise PatternError("^ and $ must stand at the beginning and the end only")
        if self._take() != ")":
            raise PatternError("a group does not end")
        self.depth -= 1
        return node

    def _escape(self) -> Ranges:
        character = self._take()
        if character in _CLASSES:
            return _CLASSES[character]
        if character in "xu":
            width = 2 if character == "x" else 4
            digits = self.text[self.position : self.position + width]
            if not re.fullmatch(f"[0-9A-Fa-f]{{{width}}}", digits):
                raise PatternError(f"\\{character} must have {width} hexadecimal digits")
            self.position += width
            return ((int(digits, 16), int(digits, 16)),)
        if character not in _SIGNS:
            raise PatternError(f"\\{character} is not read alike by Python and JavaScript")
        return ((ord(character), ord(character)),)

    def _class(self) -> Ranges:
        negated = self._next() == "^"
        self.position += negated
        ranges: list[tuple[int, int]] = []
        while (character := self._take()) != "]":
            low = self._class_member(character)
            if self._next() == "-" and self.text[self.position + 1 : self.position + 2] not in ("]", ""):
                self.position += 1
                high = self._class_member(self._take())
                if len(low) > 1 or len(high) > 1 or low[0][0] != low[0][1] or high[0][0] != high[0][1]:
                    raise PatternError("a range must lead from one character to another")
                if high[0][0] < low[0][0]:
                    raise PatternError("a range must not run backwards")
                low = ((low[0][0], high[0][0]),)
            ranges += low
        if not ranges:
            raise PatternError("[] must hold something")
        return _opposite(tuple(ranges)) if negated else _merged(tuple(ranges))

    def _class_member(self, character: str) -> Ranges:
        if character == "\\":
            return self._escape()
        if character == "[" or (character in "-&|~" and self._next() == character):
            raise PatternError(f"{character} must be written \\{character} between [ and ]")
        return ((ord(character), ord(character)),)


class _Piece(NamedTuple):
    """A part of the automaton: the states it begins and ends with, as bits, and whether it may match nothing."""

    first: int
    last: int
    nullable: bool


class _Automaton:
    """The states of a pattern, and which may follow which."""

    def __init__(self, *, checked: bool = False) -> None:
        self.ranges: list[Ranges] = []
        self.follow: list[int] = []
        self._checked = checked
        self._steps = 0

    def add(self, node: _Node) -> _Piece:
        self._steps += 1
        if self._steps > _MAX_STEPS or len(self.ranges) >= MAX_STATES:
            raise PatternError("it is too large")
        match node:
            case _Characters(ranges):
                state = 1 << len(self.ranges)
                self.ranges.append(ranges)
                self.follow.append(0)
                return _Piece(state, state, nullable=False)
            case _Sequence(parts):
                return self._chain(self.add(part) for part in parts)
            case _Choice(options):
                pieces = [self.add(option) for option in options]
                return _Piece(
                    functools.reduce(int.__or__, (piece.first for piece in pieces)),
                    functools.reduce(int.__or__, (piece.last for piece in pieces)),
                    any(piece.nullable for piece in pieces),
                )
            case _Repeat(part, least, most):
                often = most is None or most > _HARMLESS_REPEATS
                if often and not self._checked and not isinstance(part, _Characters):
                    self._refuse_many_ways(part)
                return self._chain(self._copies(part, least, most))

    def _copies(self, part: _Node, least: int, most: int | None) -> Iterator[_Piece]:
        for _ in range(least if most is not None else max(0, least - 1)):
            yield self.add(part)
        if most is None:
            piece = self.add(part)
            self._connect(piece.last, piece.first)
            yield _Piece(piece.first, piece.last, piece.nullable or least == 0)
        else:
            for _ in range(most - least):
                piece = self.add(part)
                yield _Piece(piece.first, piece.last, nullable=True)

    def _chain(self, pieces: Iterator[_Piece]) -> _Piece:
        whole = _Piece(0, 0, nullable=True)
        for piece in pieces:
            self._connect(whole.last, piece.first)
            whole = _Piece(
                whole.first | piece.first if whole.nullable else whole.first,
                whole.last | piece.last if piece.nullable else piece.last,
                whole.nullable and piece.nullable,
            )
        return whole

    def _connect(self, before: int, after: int) -> None:
        for state in _members(before):
            self.follow[state] |= after

    def _refuse_many_ways(self, part: _Node) -> None:
        """Ensure that a repeated group splits a text in one way only: each character leads to one next state."""
        body = _Automaton(checked=True)
        piece = body.add(part)
        looped = any(body.follow[state] & piece.first for state in _members(piece.last))
        body._connect(piece.last, piece.first)
        if piece.nullable or looped or any(body.overlap(states) for states in (piece.first, *body.follow)):
            raise PatternError("a repeated group must not match one text in several ways, like (a+)+ does")
        self._steps += len(body.ranges)

    def overlap(self, states: int) -> bool:
        """Tell whether two of these states take the same character."""
        ranges = sorted(r for state in _members(states) for r in self.ranges[state])
        return any(first[1] >= second[0] for first, second in pairwise(ranges))
