"""Invented holders at real places, in the language of the place, and their production units.

Belgian places come from ``places.csv`` (see ``places.LICENSE.txt``); names are coined from ``names.toml``.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keur.demo.draws import Draws
from keur.demo.families import HOME, read_toml

LANGUAGES_IN_BELGIUM = ("nl",) * 14 + ("fr",) * 9 + ("de",)
"""The language of a Belgian holder's place, in the proportions it is drawn in."""

_OPENING = re.compile("[aeiou].|[^aeiou]+[aeiou]")
"""As much of a coinage's ending as a brand takes."""

RENAMED_SHARE = 0.05
"""So many holders have borne another name."""

BIG_SHARE = 0.15
"""So many of a trade's holders run three times as many production lines as the others."""


@dataclass(frozen=True)
class Place:
    """A town; ``language`` is that of its streets, ``coordinates`` are known for a few."""

    postcode: str
    city: str
    region: str
    country: str
    language: str
    coordinates: tuple[object, object] | None = None


@dataclass(frozen=True)
class Site:
    """An address."""

    place: Place
    street: str

    @property
    def address(self) -> dict[str, object]:
        """The address as it stands in the export."""
        place = self.place
        record: dict[str, object] = {"street": self.street, "postcode": place.postcode, "city": place.city}
        if place.region:
            record["region"] = place.region
        record["country"] = place.country
        return record


@dataclass(frozen=True)
class Holder:
    """A certificate holder. ``brand`` begins the trade names of its products."""

    id: str
    name: str
    brand: str
    site: Site
    record: Mapping[str, object]

    @property
    def language(self) -> str:
        """The language the holder's names are in."""
        return self.site.place.language


@dataclass(frozen=True)
class Unit:
    """A production unit."""

    id: str
    number: str
    holder: Holder
    name: str
    kind: str
    site: Site

    @property
    def record(self) -> dict[str, object]:
        """The unit as it stands in the export."""
        record: dict[str, object] = {
            "id": self.id,
            "holder": self.holder.id,
            "name": self.name,
            "kind": self.kind,
            "number": self.number,
            "address": self.site.address,
        }
        if self.site.place.coordinates:
            record["latitude"], record["longitude"] = self.site.place.coordinates
        return record


class Trades:
    """All holders by trade, dealt out so that each is in use before one is used again, and the units they open."""

    def __init__(self, seed: int) -> None:
        self._names = read_toml(HOME / "names.toml")
        self._plants: Mapping[str, Mapping[str, str]] = read_toml(HOME / "phrases.toml")["plants"]
        self._places = _belgian_places(self._names["coordinates"])
        self._coinages = {
            language: _coinages(Draws(seed, "coinages", language), parts)
            for language, parts in self._names["coinages"].items()
        }
        self.holders: list[Holder] = []
        self._decks: dict[str, Iterator[Holder]] = {}
        self._units: dict[str, list[Unit]] = {}
        for trade, rules in self._names["trades"].items():
            draws = Draws(seed, "trade", trade)
            founded = [self._found(draws, rules) for _ in range(rules["holders"])]
            self._units |= {holder.id: [] for holder in founded}
            self._decks[trade] = _deal(draws, founded)
            self.holders += founded

    @property
    def units(self) -> list[Unit]:
        """All units opened so far, in the order of their numbers."""
        return sorted((unit for units in self._units.values() for unit in units), key=lambda unit: unit.number)

    def next_holder(self, trade: str) -> Holder:
        """Return the holder of a trade whose turn it is."""
        return next(self._decks[trade])

    def found(self, draws: Draws, trade: str) -> Holder:
        """Return one more holder of a trade, who is not among those dealt out."""
        holder = self._found(draws, self._names["trades"][trade])
        self._units[holder.id] = []
        return holder

    def open_unit(self, draws: Draws, holder: Holder, plant: str, kind: str) -> Unit:
        """Give a holder a production unit: half of the time where the holder is, else elsewhere in the region."""
        near = self._near(holder.site.place)
        site = holder.site if draws.chance(0.5) else self._site(draws, draws.pick(near))
        return self._open(holder, plant, kind, site, [self._site(draws, place) for place in draws.shuffled(near)[:9]])

    def open_depot(self, draws: Draws, holder: Holder) -> Unit:
        """Give a holder a depot in Belgium."""
        sites = [self._site(draws, draws.pick(self._places)) for _ in range(9)]
        return self._open(holder, "depot", "distributor", sites[0], sites[1:])

    def _open(self, holder: Holder, plant: str, kind: str, site: Site, others: Sequence[Site]) -> Unit:
        """Open a unit at a site, or at the first of the others where the holder has none of that name yet."""
        units = self._units[holder.id]
        taken = {unit.name for unit in units}
        names = [(self._name(plant, s.place), s) for s in (site, *others)]
        free = [(name, s) for name, s in names if name not in taken]
        name, chosen = free[0] if free else (f"{names[0][0]} {len(units) + 1}", site)
        number = f"{sum(map(len, self._units.values())) + 1:04}"
        unit = Unit(f"{holder.id}-{len(units) + 1}", number, holder, name, kind, chosen)
        units.append(unit)
        return unit

    def _name(self, plant: str, place: Place) -> str:
        return self._plants[plant][place.language].format(place=place.city, of_place=_french_of(place.city))

    def _found(self, draws: Draws, rules: Mapping[str, Any]) -> Holder:
        code = draws.pick([code for code, weight in rules["countries"].items() for _ in range(weight)])
        country = self._names["countries"][code]
        place = self._belgian_place(draws) if code == "BE" else draws.pick(_towns(code, country))
        coinage, brand = next(self._coinages[place.language])
        name = draws.pick(rules[place.language]).format(coin=coinage)
        ident = ascii_id(name)
        site = self._site(draws, place)
        full_name = f"{name} {draws.pick(country['legal'][place.language])}"
        record: dict[str, object] = {"id": ident, "name": full_name, "country": code}
        if code == "BE":
            record["enterprise_number"] = _enterprise_number(draws)
        record["address"] = site.address
        if draws.chance(0.7):
            record["website"] = f"https://www.{ident}.example"
        if draws.chance(RENAMED_SHARE):
            former, _ = next(self._coinages[place.language])
            record["former_names"] = [{"name": f"{former} & Co", "until": f"{draws.between(2012, 2024)}-12-31"}]
        return Holder(ident, full_name, brand, site, record)

    def _belgian_place(self, draws: Draws) -> Place:
        language = draws.pick(LANGUAGES_IN_BELGIUM)
        return draws.pick([place for place in self._places if place.language == language])

    def _site(self, draws: Draws, place: Place) -> Site:
        streets = self._names["countries"][place.country].get("streets") or self._names["streets"][place.language]
        street, house = draws.pick(streets), draws.between(1, 240)
        # In France the house number stands before the street.
        return Site(place, f"{house} {street}" if place.country == "FR" else f"{street} {house}")

    def _near(self, place: Place) -> Sequence[Place]:
        if place.country != "BE":
            return _towns(place.country, self._names["countries"][place.country])
        return [other for other in self._places if other.region == place.region and other.language == place.language]


def ascii_id(name: str) -> str:
    """Return an id for a name: small Latin letters without accents, digits and hyphens."""
    bare = name.lower().replace("ß", "ss").replace("ł", "l")
    letters = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode("ascii")
    return "-".join("".join(c if c.isalnum() else " " for c in letters).split())


def _french_of(city: str) -> str:
    """Return a town with the French "of" before it. An H is sounded in Walloon names: *de Huy*."""
    for article, joined in (("Les ", "des "), ("Le ", "du ")):
        if city.startswith(article):
            return joined + city.removeprefix(article)
    vowel = unicodedata.normalize("NFD", city)[0] in "AEIOUY"
    return f"d'{city}" if vowel else f"de {city}"


def _belgian_places(coordinates: Mapping[str, Sequence[object]]) -> list[Place]:
    text = (HOME / "places.csv").read_text("utf-8")
    places = []
    for row in csv.DictReader(text.splitlines()):
        known = coordinates.get(row["postcode"])
        position = (known[0], known[1]) if known else None
        places.append(Place(row["postcode"], row["city"], row["region"], "BE", row["language"], position))
    return places


def _towns(code: str, country: Mapping[str, Any]) -> list[Place]:
    return [
        Place(postcode, city, "", code, country["language"], (latitude, longitude))
        for city, postcode, latitude, longitude in country["towns"]
    ]


def _coinages(draws: Draws, parts: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield coined names, none twice, each with the brand made of it."""
    both = [(stem, ending) for stem in parts["stems"] for ending in parts["endings"]]
    for stem, ending in draws.shuffled(both):
        opening = _OPENING.match(ending)
        yield stem + ending, stem + (opening[0] if opening else "")


def _deal(draws: Draws, holders: Sequence[Holder]) -> Iterator[Holder]:
    big = holders[: int(len(holders) * BIG_SHARE)]
    yield from draws.shuffled(holders)
    while True:
        yield from draws.shuffled([*holders, *big, *big])


def _enterprise_number(draws: Draws) -> str:
    """Return a well-formed Belgian enterprise number from a range that will not be given out for decades."""
    base = f"19{draws.between(0, 999_999):06}"
    digits = f"{base}{97 - int(base) % 97:02}"
    return f"BE {digits[:4]}.{digits[4:7]}.{digits[7:]}"
