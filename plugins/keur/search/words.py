"""How text becomes the words it is found by: one small rule for every language, without stemmers.

``theme/static/js/words.js`` is the twin; both are held to ``tests/vectors/words.json``. A query goes through ``terms``;
texts of the register go through ``index_terms``.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
# Letters that Unicode does not take apart, though people type them so.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ς": "σ"})
_PREFIX_LENGTH = 3


def terms(text: str) -> list[str]:
    """Return the words of a text, folded: no case, no accents, no width.

    A word of one to three letters before a number belongs to it: ``DN 600``, ``dn600`` and ``DN-600`` are one word.
    """
    return [word for word, _ in _joined(text)]


def index_terms(text: str) -> list[str]:
    """Return the words of a text as it is indexed: the parts of joined words can be asked for by themselves."""
    return [term for word, parts in _joined(text) for term in (word, *parts)]


def _joined(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return each word with the parts it was joined from, none where it stood by itself."""
    joined: list[tuple[str, tuple[str, ...]]] = []
    letters = ""
    for word in _WORD.findall(_fold(text)):
        if letters and word.isdecimal():
            joined[-1] = (letters + word, (letters, word))
        else:
            joined.append((word, ()))
        letters = word if len(word) <= _PREFIX_LENGTH and word.isalpha() else ""
    return joined


def _fold(text: str) -> str:
    # Upper case takes ß and its like apart; capital ẞ gets there by way of lower case.
    small = unicodedata.normalize("NFKD", text).lower().upper().lower()
    apart = unicodedata.normalize("NFKD", small)
    return "".join(c for c in apart if unicodedata.category(c)[0] != "M").translate(_LETTERS)
