"""How numbers are compared and addressed: one rule, the same as ``theme/static/js/numbers.js``.

People write ``BENOR nr. 29/0107``, ``benor 29-0107`` or ``290107`` for the certificate ``29/0107``. Here a
number becomes its *search forms*, by which it is found in any spelling, and its *slug*, by which it is
addressed for ever. Both keep letters and digits of every script; forms have decimal digits as ASCII has them, slugs
keep the marks of letters. Records themselves keep their number exactly as printed; which record an ambiguous form means
is decided where it is asked.

``tests/vectors/numbers.json`` binds both twins.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

SLUG_CHARACTERS = 100
SLUG_BYTES = 200
# Small letters of ASCII, digits, hyphens and all beyond ASCII, told by the others: that takes less to compile.
_SLUG = re.compile(r"[^\x00-,./:-`{-\x7f]+")

_NUMBER_WORDS = ("NR", "NO", "N°")
_DIGEST_LENGTH = 10
# Marks that nobody sees only choose the look of a letter.
_UNSEEN_MARKS = frozenset(
    map(chr, (0x034F, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_ASCII_SIGNS = re.compile("[^0-9A-Za-z]+")
# Windows takes these for devices, whatever the folder they stand in.
_RESERVED = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))))


class _Key(Hashable, Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


K = TypeVar("K", bound=_Key)


def compact(text: str) -> str:
    """Return the letters and digits of a text, upper case and without width: ``29/0107`` is ``290107``.

    So is ``٢٩/٠١٠٧``: decimal digits of any script are those of ASCII.
    """
    return _normal("".join(filter(str.isalnum, _normal(text))))


def search_forms(text: str, system_names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the forms by which a number is found: the exact spelling, then with one leading word less each.

    A leading word is the name of a system, or one of ``NR``, ``NO`` and ``N°`` (``№`` and ``Nº`` are
    ``NO``). It counts only where it ends: at a sign, or between a letter and a digit. The last word is
    never taken away, so ``COPRO`` stays. A record gives the names of its own system, a query the names of
    all systems; they meet where any of their forms are equal. There is always a form: a number of signs
    alone is its own.
    """
    rest = _normal(text)
    names = {*filter(None, map(compact, system_names)), *_NUMBER_WORDS}
    words = sorted(names, key=lambda word: (-len(word), word))
    forms = [compact(rest) or "".join(rest.split())]
    while True:
        rest = next((after for word in words if (after := _after(rest, word))), "")
        if not rest:
            return tuple(dict.fromkeys(forms))
        forms.append(compact(rest))


def search_form(text: str, system_names: Iterable[str] = ()) -> str:
    """Return the barest of the forms: no signs, no blanks, no leading system name or number word."""
    return search_forms(text, system_names)[-1]


@functools.lru_cache(maxsize=1 << 18)
def slug(number: str, prefix: str = "") -> str:
    """Return the address of a number: small letters with their marks, digits, hyphens for all else, after the prefix.

    ``prefix`` is the system's id, or nothing; it is left out where the number begins with it as a word. The
    slug has 1 to 100 characters and at most 200 bytes, and may be the name of a folder on every file
    system. Different numbers may have one slug: ``allocate_slugs`` keeps records apart.
    """
    stem = plain_slug(number, prefix) or _prefixed(f"n{_digest(number, prefix)}", prefix)
    if not _fits(stem) or stem in _RESERVED:
        return _with_suffix(stem, _digest(number, prefix))
    return stem


def plain_slug(number: str, prefix: str = "") -> str:
    """Return the slug that most numbers have, by characters alone: nothing for a number of signs, and of any length.

    The browser knows this part of the rule; whoever sends it numbers names the slugs that are not plain.
    """
    if number.isascii():
        stem = _ASCII_SIGNS.sub("-", number).strip("-").lower()
        return _prefixed(stem, prefix) if stem else ""
    # Small İ is i and a mark: what lower case would add is no part of the number.
    text = unicodedata.normalize("NFKC", number).replace("İ", "I")
    stem = unicodedata.normalize("NFKC", "-".join(_letters_and_digits(text).split()).lower())
    return _prefixed(stem, prefix) if stem else ""


def allocate_slugs(records: Iterable[tuple[K, str, str]], published: Mapping[K, str] | None = None) -> dict[K, str]:
    """Give each record (key, number, prefix) a slug of its own; no two are equal but for case or width.

    A slug that was published stays with its record, and is no other's even when that record is not among these. Of
    the rest, the first by key of those with one slug keeps it. Each later one gets a suffix that its exact number and
    prefix decide. The order in which the records come does not matter.
    """
    published = published or {}
    slugs: dict[K, str] = {}
    taken: set[str] = {_folded(known) for known in published.values()}
    later: list[tuple[K, str, str]] = []
    for key, number, prefix in sorted(records, key=lambda record: record[0]):
        if key in published:
            slugs[key] = published[key]
            continue
        natural = slug(number, prefix)
        if _folded(natural) in taken:
            later.append((key, number, prefix))
        else:
            taken.add(_folded(natural))
            slugs[key] = natural
    for key, number, prefix in later:
        natural = slug(number, prefix)
        suffixed = (_with_suffix(natural, _digest(number, prefix, attempt)) for attempt in itertools.count())
        slugs[key] = next(candidate for candidate in suffixed if _folded(candidate) not in taken)
        taken.add(_folded(slugs[key]))
    return slugs


def is_slug(text: str) -> bool:
    """Tell whether a text may be a slug: one name of a folder, which leads nowhere else."""
    return bool(_SLUG.fullmatch(text)) and text.isprintable() and _fits(text)


def _normal(text: str) -> str:
    # By way of lower case, for capital ẞ stays alone in upper case where ß is SS. Upper case can take a letter
    # apart (ΐ); the second pass puts it together again.
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower().upper())
    return plain if plain.isascii() else "".join(map(_with_ascii_digit, plain))


def _with_ascii_digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _letters_and_digits(text: str) -> str:
    """Return a text with a blank for each character that is no letter, no digit and no mark of a letter."""
    kept = ""
    for character in text:
        belongs = _is_mark(character) and (kept[-1:].isalpha() or _is_mark(kept[-1:]))
        kept += character if character.isalnum() or belongs else " "
    return kept


def _is_mark(character: str) -> bool:
    return character != "" and unicodedata.category(character)[0] == "M" and character not in _UNSEEN_MARKS


def _after(text: str, word: str) -> str:
    """Return what follows a leading word, signs before and within it aside; nothing if it does not lead."""
    position = 0
    for character in word:
        while position < len(text) and text[position] != character and not text[position].isalnum():
            position += 1
        if position == len(text) or text[position] != character:
            return ""
        position += 1
    rest = text[position:]
    if not compact(rest):
        return ""
    if rest[0].isalnum() and word[-1].isalnum() and rest[0].isalpha() == word[-1].isalpha():
        return ""
    return rest


def _prefixed(stem: str, prefix: str) -> str:
    """Put the prefix in front, unless the stem begins with it as a word."""
    rest = stem.removeprefix(prefix)
    begins = rest != stem and (not rest or rest[0] == "-" or rest[0].isalpha() != prefix[-1].isalpha())
    return stem if begins or not prefix else f"{prefix}-{stem}"


def _digest(number: str, prefix: str, attempt: int = 0) -> str:
    return hashlib.sha256(f"{prefix}\0{number}\0{attempt}".encode()).hexdigest()[:_DIGEST_LENGTH]


def _fits(text: str) -> bool:
    return len(text) <= SLUG_CHARACTERS and len(text.encode()) <= SLUG_BYTES


def _with_suffix(stem: str, suffix: str) -> str:
    while not _fits(f"{stem}-{suffix}"):
        stem = stem[:-1]
    return f"{stem.rstrip('-')}-{suffix}"


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    # Upper case first: file systems that compare by upper case take ı and i for one.
    return unicodedata.normalize("NFKC", text.upper().casefold())
