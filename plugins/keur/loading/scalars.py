"""The hygiene of one scalar: NFC, trimmed, one blank for a run of white space; what must not be there is named.

Nothing is interpreted: ``<br>`` and ``&NDASH;`` stay the letters they are (contract, reading rule 4).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from keur.model.fields import INVISIBLE

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# UTF-8 that was read as Windows-1252: its lead bytes are Ã, Â, â and ï, what follows are signs that no word has there.
_MOJIBAKE = re.compile("Ã[\u0080-\u00bf\u0152-\u0192\u02c6-\u2122]|Â[\u00a0-\u00bf]|â[\u0080\u20ac]|ï»¿|\ufffd")
_WEB_ADDRESS_KEYS = frozenset({"url", "website", "dop_url"})


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A scalar as models get it, and what is to be said of how it was."""

    text: str
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def is_clean(text: str) -> bool:
    """Tell quickly that a scalar needs no cleaning: printable ASCII with single blanks inside."""
    return text.isascii() and text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " "


def clean(text: str, key: str | None) -> Cleaned:
    """Clean a scalar that stands under ``key`` (None in a list)."""
    errors = []
    warnings = []
    for pattern, name in ((_CONTROLS, "control"), (_DIRECTIONS, "direction-changing")):
        found = pattern.search(text)
        if found:
            errors.append(f"must hold no {name} characters; found U+{ord(found[0]):04X}")
            text = pattern.sub("", text)
    if _MOJIBAKE.search(text):
        warnings.append("looks like text that was saved in one encoding and read in another (mojibake)")
    invisible = INVISIBLE.search(text)
    if invisible:
        warnings.append(f"an invisible character is taken out: U+{ord(invisible[0]):04X}")
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if key in _WEB_ADDRESS_KEYS and text.startswith("http") and not (text.isascii() and " " not in text):
        warnings.append("blanks and letters beyond ASCII in a web address are percent-encoded")
    return Cleaned(text, tuple(errors), tuple(warnings))
