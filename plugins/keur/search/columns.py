"""Whole numbers as text: a column of them weighs a tenth less than as a list of JSON, compressed or not.

A number is written with 73 signs for its last digit and 20 others for those before it, so that nothing stands between
numbers; small ones are one sign. All are printable ASCII that JSON needs not escape.
``theme/static/js/columns.js`` is the twin; both are held to ``tests/vectors/packed.json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_SIGNS = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in '"\\')
_LAST = 73
_BEFORE = len(_SIGNS) - _LAST


def packed(numbers: Iterable[int]) -> str:
    """Return whole numbers as one text; none may be negative."""
    return "".join([_USUAL[number] if number < _MANY else _written(number) for number in numbers])


def steps(items: Iterable[int]) -> list[int]:
    """Return numbers as the differences between them, which compress well."""
    last = 0
    found = []
    for item in items:
        found.append(item - last)
        last = item
    return found


def packed_lists(lists: Sequence[Sequence[int]]) -> dict[str, str]:
    """Return lists of ascending numbers as their lengths and the differences within each, packed."""
    return {"lengths": packed(map(len, lists)), "steps": packed(step for items in lists for step in steps(items))}


def _written(number: int) -> str:
    rest, last = divmod(number, _LAST)
    signs = [_SIGNS[last]]
    while rest:
        # Without a zero, so that every number is written in one way only.
        rest, digit = divmod(rest - 1, _BEFORE)
        signs.append(_SIGNS[_LAST + digit])
    return "".join(reversed(signs))


_SIGNS_BEFORE = _SIGNS[_LAST:]
_USUAL = [
    before + last
    for before in ("", *_SIGNS_BEFORE, *(_SIGNS_BEFORE[0] + sign for sign in _SIGNS_BEFORE))
    for last in _SIGNS[:_LAST]
]
_MANY = len(_USUAL)
