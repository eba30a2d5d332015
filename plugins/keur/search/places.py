"""Places by the names people search them by: a Belgian town in Dutch, French and German, and the region it lies in.

An address is placed by its postal code first, for a town's name may be borne twice; towns that were merged into a
larger one are found by its names too. ``places.csv`` and ``provinces.csv`` hold what is known of Belgium
(``places.LICENSE.txt``), ``abroad.csv`` the larger towns elsewhere that Belgians call by other names. An address that
they do not know keeps its own name.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from keur import numbers
from keur.model import Address
from keur.search.words import terms

HOME = Path(__file__).parent
_BELGIUM = "BE"
_PROVINCE_LANGUAGES = ("nl", "fr", "de", "en")


class Region(NamedTuple):
    """Where an address lies, as a filter sees it: a province at home, a country abroad.

    ``id`` is an ISO 3166-2 or 3166-1 code in small letters, or one made of the country and the region's own name.
    ``names`` are by language; the name without a language is that of the address. A country has none.
    """

    id: str
    country: str
    names: tuple[tuple[str, str], ...] = ()

    def name(self, languages: tuple[str, ...]) -> tuple[str, str] | None:
        """Return the name in the first of the languages that has one, with its language."""
        names = dict(self.names)
        return next(((names[language], language) for language in (*languages, "") if language in names), None)


class _Town(NamedTuple):
    province: str
    postcodes: frozenset[str]
    names: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(map(_key, self.names))


class Places:
    """What is known of places; made once a build."""

    def other_names(self, address: Address) -> tuple[str, ...]:
        """Return the names of an address's town in all languages, its own included."""
        town = self._town(address)
        names = town.names if town else self._abroad.get((address.country, _key(address.city)), ())
        return tuple(dict.fromkeys((address.city, *names)))

    def region(self, address: Address, home: str | None) -> Region | None:
        """Return where an address lies; ``home`` is the country whose regions are told apart by their own names."""
        town = self._town(address)
        if town:
            return self._provinces[town.province]
        own = numbers.plain_slug(address.region or "") if address.country == home else ""
        if address.country == _BELGIUM and address.region:
            known = self._province_ids.get(_key(address.region))
            if known:
                return self._provinces[known]
        if own and address.region:
            return Region(f"{address.country.lower()}-{own}", address.country, (("", address.region),))
        return None if address.country == "ZZ" else Region(address.country.lower(), address.country)

    def _town(self, address: Address) -> _Town | None:
        if address.country != _BELGIUM:
            return None
        key = _key(address.city)
        by_code = [town for town in self._towns if address.postcode in town.postcodes]
        by_name = [town for town in by_code or self._towns if key in town.keys]
        candidates = by_name or by_code
        return candidates[0] if len(candidates) == 1 else None

    @cached_property
    def _towns(self) -> tuple[_Town, ...]:
        return tuple(
            _Town(
                row["province"],
                frozenset(row["postcodes"].split()),
                tuple(filter(None, (row["nl"], row["fr"], row["de"]))),
            )
            for row in _rows("places.csv")
        )

    @cached_property
    def _abroad(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        rows = [(row["country"], tuple(row["names"].split("|"))) for row in _rows("abroad.csv")]
        return {(country, _key(name)): names for country, names in rows for name in names}

    @cached_property
    def _provinces(self) -> Mapping[str, Region]:
        return {
            row["id"]: Region(row["id"], _BELGIUM, tuple((lang, row[lang]) for lang in _PROVINCE_LANGUAGES))
            for row in _rows("provinces.csv")
        }

    @cached_property
    def _province_ids(self) -> Mapping[str, str]:
        return {_key(name): region.id for region in self._provinces.values() for _, name in region.names}


@cache
def _key(name: str) -> str:
    return " ".join(terms(name))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (HOME / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
