"""Translatable text: the same string in every language, or one string a language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LANGUAGE_TAG = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
)
"""The part of BCP 47 that texts of a register need: language, script, region, variants."""

_ANY = ""


def canonical_tag(tag: str) -> str:
    """Return a language tag in its usual letters: ``nl``, ``nl-BE``, ``sr-Latn-RS``."""
    language, *rest = tag.split("-")
    parts = [
        part.upper() if len(part) == 2 else part.title() if len(part) == 4 and part.isalpha() else part.lower()
        for part in rest
    ]
    return "-".join((language.lower(), *parts))


@dataclass(frozen=True, slots=True)
class Text:
    """A translatable text; ``translations`` are (language tag, text) pairs in the export's order.

    A plain string of the export is one pair with an empty tag: it is the same in every language.
    """

    translations: tuple[tuple[str, str], ...]

    @classmethod
    def plain(cls, text: str) -> Text:
        """Return a text that is the same in every language."""
        return cls(((_ANY, text),))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.translations)

    def __str__(self) -> str:
        return self.in_languages(("en",))[0]

    @property
    def is_plain(self) -> bool:
        """Whether the export gave one string for all languages."""
        return self.translations[0][0] == _ANY

    def in_languages(self, languages: Sequence[str]) -> tuple[str, str | None]:
        """Return the text in the first of these languages that it has, and that language's tag.

        A plain text has no tag (None): no one says which language it is in. Where no language fits, the first
        translation of the export serves, with its tag.
        """
        by_tag = dict(self.translations)
        if _ANY in by_tag:
            return by_tag[_ANY], None
        for language in languages:
            if language in by_tag:
                return by_tag[language], language
            for tag, text in self.translations:
                if tag.split("-")[0] == language:
                    return text, tag
        tag, text = self.translations[0]
        return text, tag

    def missing(self, languages: Sequence[str]) -> tuple[str, ...]:
        """Return those of the languages that have no translation of their own."""
        if self.is_plain:
            return ()
        bases = {tag.split("-")[0] for tag, _ in self.translations}
        return tuple(language for language in languages if language not in bases)
