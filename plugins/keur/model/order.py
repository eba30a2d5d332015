"""The order in which people expect numbers and names in a list."""

from __future__ import annotations

import functools
import re
import unicodedata

_DIGITS = re.compile(r"([0-9]+)")


@functools.lru_cache(maxsize=1 << 18)
def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts numbers by their value and letters without case: ``29/9`` before ``29/107``."""
    if text.isascii() and text.isdecimal():
        return ((0, int(text[:200]), ""),)
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part.casefold())
        for part in _DIGITS.split(text[:200])
        if part
    )


@functools.lru_cache(maxsize=1 << 16)
def alphabetical(text: str) -> tuple[str, str]:
    """Return a key that sorts names without case and accents; names equal but for these keep one order."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return (bare, text)
