"""How much the texts of the core say: what a browser needs to weigh a word without reading them all.

lunr weighs a word by how many texts there are and how long they are. A browser that answers one query reads only the
texts that may hold its words (``theme/static/js/core-words.js``); the two numbers of all texts travel with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from keur.search.words import Units, index_terms

_NAMES = ("system_names", "group_names", "product_names", "document_titles", "region_names")
_LISTS = ("systems", "document_numbers", "holder_names", "units")


def texts_of_core(core: Mapping[str, Any]) -> list[str]:
    """Return the texts of a core and its certificates, each once and in order."""
    return sorted(set(_texts(core)))


def distinct_texts(texts: Iterable[str], units: Units) -> Mapping[str, int]:
    """Return how many texts of a core and its certificates are different as words, and how many words they have."""
    distinct = {tuple(index_terms(text, units)) for text in texts} - {()}
    return {"count": max(1, len(distinct)), "words": max(1, sum(map(len, distinct)))}


def _texts(core: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that ``decodeTexts`` in ``theme/static/js/payload.js`` gives to things."""
    for name in _LISTS:
        yield from core[name]
    for name in _NAMES:
        for column in core[name].values():
            yield from filter(None, column)
    for names in (*core["synonyms"], *core["country_names"], *(names for _, names in core["former_names"])):
        yield from names
    for _, titles in core["titles"]:
        yield from titles.values()
    yield from _names_of_places(core)


def _names_of_places(core: Mapping[str, Any]) -> Iterable[str]:
    """Yield the names of the places of holders and units; a place of neither is in no text."""
    used = {*core["unit_places"], *core["holder_places"]} - {None}
    for number in used:
        town, _, others = core["places"][number]
        yield town
        yield from others
