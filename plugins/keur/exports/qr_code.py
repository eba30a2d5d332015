"""QR codes of permalinks as SVG, for paper: black on white, with the quiet zone that a reader wants.

Of one version, error level and mask, a QR code is an affine function of its bits: the code of a text is that of as many
zero bytes, with what each bit of the text changes in it. segno makes those few codes, and the thousands of a register
are put together from them, each the same as segno would make.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

ERROR_LEVEL = "m"
"""15 % of a code may be unreadable: enough for a print-out that was folded, and the code stays small."""
MASK = 3
"""One of the eight masks: trying all for the best one is most of the cost of a code, and readers take any."""
QUIET_ZONE = 4
"""Modules of white around a code, as ISO/IEC 18004 asks."""

_RUN = re.compile("1+")


class _Code(NamedTuple):
    """A code's side in modules, its version, and its modules from the upper left on as the bits of a number."""

    side: int
    version: int
    modules: int


def _made(content: bytes, version: int | None = None) -> _Code:
    import segno  # noqa: PLC0415  # many builds make no code, and it takes long to import

    code = segno.make(
        content, error=ERROR_LEVEL, mask=MASK, version=version, mode="byte", boost_error=False, micro=False
    )
    rows = ["".join("1" if module else "0" for module in row) for row in code.matrix]
    return _Code(len(rows), int(code.version), int("".join(rows), 2))


@cache
def _zeros(length: int) -> _Code:
    return _made(bytes(length))


@cache
def _changed_by_bit(version: int, place: int, bit: int) -> int:
    """Return the modules that a bit of the byte at a place turns over, in a code of a version."""
    length = place + 1
    text = bytearray(length)
    text[place] = bit
    return _made(bytes(text), version).modules ^ _made(bytes(length), version).modules


@cache
def _changed_by_byte(version: int, place: int, byte: int) -> int:
    changed = 0
    for bit in (1, 2, 4, 8, 16, 32, 64, 128):
        if byte & bit:
            changed ^= _changed_by_bit(version, place, bit)
    return changed


def modules(text: str) -> list[str]:
    """Return the modules of a text's code, a string of 0 and 1 a row; a text longer than a code holds is refused."""
    content = text.encode("utf-8")
    side, version, code = _zeros(len(content))
    for place, byte in enumerate(content):
        code ^= _changed_by_byte(version, place, byte)
    bits = f"{code:0{side * side}b}"
    return [bits[start : start + side] for start in range(0, side * side, side)]


@lru_cache(maxsize=4096)
def _step(gap: int, length: int) -> str:
    return f"m{gap} 0h{length}"


def qr_svg(text: str) -> bytes:
    """Return the code of a text as an SVG image. Its ground is white in every theme: readers want dark on light."""
    rows = modules(text)
    side = len(rows) + 2 * QUIET_ZONE
    path = []
    for y, row in enumerate(rows):
        end = 0
        for run in _RUN.finditer(row):
            start, stop = run.span()
            if end:
                path.append(_step(start - end, stop - start))
            else:
                path.append(f"M{start + QUIET_ZONE} {y + QUIET_ZONE}.5h{stop - start}")
            end = stop
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side * 8}" height="{side * 8}" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path stroke="#000" d="{"".join(path)}"/></svg>\n'
    ).encode("ascii")
