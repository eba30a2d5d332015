"""The product families of the demonstration: what ``families/*.toml`` and ``characteristics.toml`` say of them.

A file of ``families/`` holds one group. Keys of a family beside the register's own: ``numbers`` (the first certificate
number of each system; the next ones count up), ``units`` and ``sheets`` (production units, and datasheets a unit in a
register of ordinary size), ``trade`` (who makes it, see ``names.toml``), ``plant`` (what a unit is called, see
``phrases.toml``), ``mobile``, ``packaged`` (sold in packs that bear a GTIN), ``at_units_of`` (made at the units of
another family), ``both_marks`` (the share of units certified under two marks), ``documents_of`` (the documents of one
system's certificates, where others than the family's), ``trade_names`` (patterns of them, filled with the brand, drawn
numbers and letters and the declared values) and ``word`` (one for those patterns).

How a characteristic's values are drawn: ``pick`` takes one of a list. ``ladder`` takes the rung that answers to the
sheet's grade, so that a strong sheet is strong in each characteristic; a rung of two numbers is a range, ``spread``
and ``step`` move it a little. ``rising`` and ``falling`` (low, high, step) follow the grade loosely, ``between`` does
not. ``numbered`` is a pattern of the sheet's year and a number. ``declared`` says that the number is a ``min`` or a
``max``; ``class_ladder`` gives the class of each rung. ``share`` is the share of sheets that declare the characteristic
at all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from keur.demo.draws import Draws

Texts = Mapping[str, str]
Number = int | Decimal
DeclaredValue = dict[str, object]

LANGUAGES = ("nl", "fr", "de", "en")

HOME = files("keur.demo")
"""Where the catalogues of the demonstration lie."""


def read_toml(catalogue: Traversable) -> dict[str, Any]:
    """Read a catalogue; numbers with a point stay exact decimals, so that ``6.0`` is printed as it was typed."""
    return tomllib.loads(catalogue.read_text("utf-8"), parse_float=Decimal)


@dataclass(frozen=True)
class Recipe:
    """How the declared values of one characteristic of a family come about."""

    id: str
    pick: Sequence[Any] = ()
    ladder: Sequence[Any] = ()
    spread: Number = 0
    rising: Sequence[Number] = ()
    falling: Sequence[Number] = ()
    between: Sequence[Number] = ()
    numbered: str = ""
    step: Number = 1
    declared: str = "value"
    tolerance: str = ""
    class_ladder: Sequence[str] = ()
    share: float = 1.0
    filterable: bool = False
    standard: str = ""

    @property
    def is_numeric(self) -> bool:
        """True where the drawn values are numbers."""
        options = self.pick or self.ladder or self.rising or self.falling or self.between
        return bool(options) and not isinstance(options[0], str)

    def draw(self, draws: Draws, grade: float, year: int) -> DeclaredValue:
        """Return the declared value of a sheet of a year and a grade from 0 to 1, as it stands in the export."""
        rung = int(grade * len(self.ladder))
        drawn = self._drawn(draws, grade, rung, year)
        if isinstance(drawn, list):
            value: DeclaredValue = {"id": self.id, "min": drawn[0], "max": drawn[1]}
        else:
            value = {"id": self.id, self.declared: drawn}
        if self.tolerance:
            value["tolerance"] = self.tolerance
        if self.class_ladder:
            value["class"] = self.class_ladder[rung]
        return value

    def _drawn(self, draws: Draws, grade: float, rung: int, year: int) -> Any:
        if self.numbered:
            return self.numbered.format(year=year, n=draws.between(1, 60))
        if self.pick:
            return draws.pick(self.pick)
        if self.ladder:
            steps = int(self.spread / self.step)
            return self.ladder[rung] + draws.between(-steps, steps) * self.step if steps else self.ladder[rung]
        if self.between:
            return _on_scale(self.between, draws.share())
        near = min(max(grade + (draws.share() - 0.5) / 5, 0.0), 0.999)
        return _on_scale(self.rising, near) if self.rising else _on_scale(self.falling, 1 - near - 0.001)


def _on_scale(scale: Sequence[Number], share: float) -> Number:
    low, high, step = scale
    steps = int((high - low) / step) + 1
    return low + int(share * steps) * step


@dataclass(frozen=True)
class Family:
    """A product family, its certificates' numbers and how its datasheets look."""

    id: str
    name: Texts
    group: Texts
    description: Texts
    applications: Texts
    synonyms: Mapping[str, Sequence[str]]
    contact: str
    documents: Sequence[str | Mapping[str, str]]
    numbers: Mapping[str, str]
    units: int
    sheets: int
    trade: str
    plant: str
    trade_names: Sequence[str]
    characteristics: Sequence[Recipe]
    word: Texts | None = None
    mobile: bool = False
    packaged: bool = False
    at_units_of: str = ""
    both_marks: float | Decimal = 0
    documents_of: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def document_ids(self) -> list[str]:
        """All reference documents, without their editions."""
        own = [document if isinstance(document, str) else document["id"] for document in self.documents]
        return own + [document for documents in self.documents_of.values() for document in documents]


def load_families() -> tuple[Family, ...]:
    """Read all families, in the order of the files' names and of each file."""
    families = []
    for catalogue in sorted((HOME / "families").iterdir(), key=lambda file: file.name):
        contents = read_toml(catalogue)
        for family in contents["family"]:
            recipes = tuple(_recipe(recipe) for recipe in family.pop("characteristics"))
            families.append(
                Family(group=contents["group"], contact=contents["contact"], characteristics=recipes, **family)
            )
    return tuple(families)


def _recipe(keys: dict[str, Any]) -> Recipe:
    return Recipe(**{**keys, "share": float(keys.get("share", 1))})


def product_records(families: Sequence[Family]) -> list[dict[str, object]]:
    """Return the records of ``products.yaml``."""
    glossary = read_toml(HOME / "characteristics.toml")
    return [
        {
            "id": family.id,
            "name": family.name,
            "group": family.group,
            "systems": list(family.numbers),
            "documents": family.document_ids,
            "synonyms": family.synonyms,
            "description": family.description,
            "applications": family.applications,
            "contact": family.contact,
            "characteristics": [_characteristic(recipe, glossary[recipe.id]) for recipe in family.characteristics],
        }
        for family in families
    ]


def _characteristic(recipe: Recipe, entry: Mapping[str, str]) -> dict[str, object]:
    record: dict[str, object] = {"id": recipe.id, "name": {tag: entry[tag] for tag in LANGUAGES}}
    if "unit" in entry:
        record["unit"] = entry["unit"]
    if recipe.standard:
        record["standard"] = recipe.standard
    record["kind"] = entry.get("kind", "number" if recipe.is_numeric else "choice")
    if recipe.filterable:
        record["filterable"] = True
    return record
