"""Names as the search data hold them."""

from __future__ import annotations

from collections.abc import Sequence

from keur.model import Text


def named(text: Text, order: Sequence[str]) -> str | list[str]:
    """Return a name in the first of the languages, or in the next that has it, together with that language."""
    words, language = text.in_languages(order)
    own = language is None or language.split("-")[0] == order[0].split("-")[0]
    return words if own or language is None else [words, language]
