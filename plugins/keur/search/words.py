"""How text becomes the words it is found by: one small rule for every language, without stemmers.

``theme/static/js/words.js`` is the twin; both are held to ``tests/vectors/words.json``. A query goes through ``terms``;
texts of the register go through ``index_terms``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
# Letters that Unicode does not take apart, though people type them so.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ς": "σ"})
_PREFIX_LENGTH = 3
_NUMBER_LENGTH = 3
_DECIMALS = re.compile(r"(?:\.0+|(\.[0-9]*[1-9])0+)$")


class Units:
    """The units that a register's values have: ``20 kN/m`` is one word where ``kN/m`` is one of them."""

    def __init__(self, units: Iterable[str] = ()) -> None:
        folded = {"".join(fold(unit).split()) for unit in units}
        self.folded = sorted(filter(None, folded), key=lambda unit: (-len(unit), unit))
        """Without blanks, longest first."""
        either = "|".join(map(re.escape, self.folded))
        # A number that goes on, or a unit that does, is another one.
        self.measure = re.compile(rf"(?<![^\W_])([0-9]+(?:[.,][0-9]+)?)\s*({either})(?![^\W_]|/)") if either else None


_NO_UNITS = Units()


def terms(text: str, units: Units = _NO_UNITS) -> list[str]:
    """Return the words of a text, folded: no case, no accents, no width.

    A word of one to three letters before a number belongs to it: ``DN 600``, ``dn600`` and ``DN-600`` are one word. So
    does a unit after a number: ``20 kN/m``, ``20,0kn/m`` are ``20 kn/m``, the only word with a blank and a sign.
    """
    return [word for word, _ in _joined(text, units)]


def index_terms(text: str, units: Units = _NO_UNITS) -> list[str]:
    """Return the words of a text as it is indexed: the number of ``DN 600`` can be asked for by itself.

    Its letters need no word of their own, for they begin it. Nor does the ``20`` of ``20 kn/m``; and ``kn``, or the
    ``5`` of ``C 5``, alone say nothing that thousands of records do not.
    """
    return [
        term
        for word, number in _joined(text, units)
        for term in ((word, number) if len(number) >= _NUMBER_LENGTH else (word,))
    ]


def _joined(text: str, units: Units) -> list[tuple[str, str]]:
    """Return each word, with the number at its end where it was joined from two."""
    folded = fold(text)
    joined: list[tuple[str, str]] = []
    position = 0
    for measure in units.measure.finditer(folded) if units.measure else ():
        joined += _joined_words(folded[position : measure.start()])
        number = _DECIMALS.sub(r"\1", measure[1].replace(",", "."))
        joined.append((f"{number} {measure[2]}", ""))
        position = measure.end()
    return [*joined, *_joined_words(folded[position:])]


def _joined_words(folded: str) -> list[tuple[str, str]]:
    joined: list[tuple[str, str]] = []
    letters = ""
    for word in _WORD.findall(folded):
        if letters and word.isdecimal():
            joined[-1] = (letters + word, word)
        else:
            joined.append((word, ""))
        letters = word if len(word) <= _PREFIX_LENGTH and word.isalpha() else ""
    return joined


def fold(text: str) -> str:
    """Return a text without case, accents and width, signs and blanks kept."""
    if text.isascii():
        return text.lower()
    # Upper case takes ß and its like apart; capital ẞ gets there by way of lower case.
    small = unicodedata.normalize("NFKD", text).lower().upper().lower()
    apart = unicodedata.normalize("NFKD", small)
    return "".join(c for c in apart if unicodedata.category(c)[0] != "M").translate(_LETTERS)
