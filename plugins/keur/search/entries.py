"""What the search keeps of one record, by itself: a small tuple that can be kept between builds.

An entry is a function of its record, of the records it names (``entry`` says which), and of ``Indexing.key``; nothing
else. It holds texts, numbers and tuples of them only, so ``marshal`` can store it. ``payload.merge`` makes the search
data of all entries together.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple, TypeAlias, TypeVar

from babel import Locale

from keur import numbers
from keur.model import (
    Certificate,
    Characteristic,
    CharacteristicKind,
    Datasheet,
    Document,
    Holder,
    Precision,
    Product,
    Register,
    Status,
    StatusEvent,
    System,
    Text,
    Unit,
)
from keur.search.places import Places, Region
from keur.search.values import Choices, Span, declared_values
from keur.search.words import Units, index_terms

Record: TypeAlias = System | Product | Document | Holder | Unit | Certificate | Datasheet
Words: TypeAlias = tuple[str, ...]
ValueT = TypeVar("ValueT", bound=Hashable)
"""Words of a text, in its order."""

Event: TypeAlias = tuple[int, int, int]
"""Day, status, precision; statuses and precisions by their place in the model's order."""

RegionEntry: TypeAlias = tuple[str, str, tuple[tuple[str, str], ...], tuple[str, ...]]
"""Id, country, names by language, and the names of the country where it is not home's."""

Entry: TypeAlias = tuple[Any, ...]
"""The fields of a ``TermsEntry``, ``PlacedEntry`` or ``DatasheetEntry``; a plain tuple, for ``marshal``."""


class TermsEntry(NamedTuple):
    """A system, product, document or certificate: the words of what speaks of it, each once."""

    terms: Words


class PlacedEntry(NamedTuple):
    """A holder or unit; only a unit has a region, and not each."""

    terms: Words
    towns: tuple[str, ...]
    region: RegionEntry | None


class DatasheetEntry(NamedTuple):
    """A datasheet; ``certificates`` are systems and numbers, days count from 1970, ``declared`` has each text once.

    ``gtin`` has 14 digits; ``values`` are those that the datasheet is filtered by. ``units`` are those that it names
    itself, as they are written.
    """

    code: str
    plain_slug: str
    forms: tuple[str, ...]
    gtin: str | None
    trade_name: str
    certificates: tuple[tuple[str, str], ...]
    product: str
    unit: str
    conforms_to: tuple[str, ...]
    valid_from: int
    valid_until: int | None
    events: tuple[Event, ...]
    name_words: Words
    declared: tuple[Words, ...]
    values: tuple[Span | Choices | None, ...]
    units: tuple[str, ...]


INDEXED_KINDS = ("systems", "products", "documents", "holders", "units", "certificates", "datasheets")
"""The kinds of records that the search knows, in the order in which ``payload.merge`` takes their entries."""

_GTIN_LENGTH = 14
_EPOCH = dt.date(1970, 1, 1)
_STATUSES = {status: number for number, status in enumerate(Status)}
_PRECISIONS = {precision: number for number, precision in enumerate(Precision)}
_SYMBOL = re.compile(r"\b([A-Z]{1,3})$")


def indexed_records(register: Register) -> Iterator[Record]:
    """Yield every record that the search knows, in the order in which ``payload.merge`` takes their entries."""
    for kind in INDEXED_KINDS:
        yield from getattr(register, kind).values()


def units_of_entry(entry: Entry) -> tuple[str, ...]:
    """Return the units that the datasheet of an entry names itself: they depend on nothing but the datasheet."""
    units: tuple[str, ...] = entry[-1]
    return units


class Indexing:
    """Makes entries. ``key`` is what every entry depends on beside its own records."""

    def __init__(
        self, register: Register, languages: Sequence[str], units_of_sheets: Iterable[tuple[str, ...]] | None = None
    ) -> None:
        """``units_of_sheets`` are the ``units`` of all datasheets, where they are known."""
        self.register = register
        self.languages = tuple(languages)
        if units_of_sheets is None:
            units_of_sheets = map(declared_units, register.datasheets.values())
        self.units = Units({*_units_of_products(register), *chain.from_iterable(set(units_of_sheets))})
        publisher = register.export.publisher.address
        self.home = publisher.country if publisher else None
        self.key = (tuple(self.units.folded), self.languages, self.home)
        self._characteristics: dict[str, Mapping[str, Characteristic]] = {}
        self._symbols: dict[tuple[str, str], tuple[str, ...]] = {}
        self._said: dict[str, Words] = {}
        self._shared: dict[Hashable, Any] = {}

    @cached_property
    def _places(self) -> Places:
        return Places()

    def entry(self, record: Record) -> Entry:
        """Return the entry of a record. That of a datasheet takes in its product's characteristics, no other record."""
        return tuple(self._entry(record))

    def _entry(self, record: Record) -> TermsEntry | PlacedEntry | DatasheetEntry:
        match record:
            case Datasheet():
                return self._datasheet(record)
            case Unit():
                return self._unit(record)
            case Holder():
                towns = self._places.other_names(record.address) if record.address else ()
                former = (former.name for former in record.former_names)
                return PlacedEntry(self._terms((record.name, *former, *towns)), towns, None)
            case Certificate():
                return TermsEntry(self._terms(_all(record.title) if record.title else ()))
            case System():
                return TermsEntry(self._terms((record.id, *_all(record.name))))
            case Product():
                synonyms = (word for synonym in record.synonyms for word in _all(synonym))
                return TermsEntry(self._terms((*_all(record.name), *synonyms, *_all(record.group))))
            case Document():
                return TermsEntry(self._terms((record.number, *_all(record.title))))

    def _unit(self, unit: Unit) -> PlacedEntry:
        towns = self._places.other_names(unit.address)
        found = self._places.region(unit.address, self.home)
        region = None if found is None else (found.id, found.country, found.names, self._country_names(found))
        of_region = (*(name for _, name in region[2]), *region[3]) if region else ()
        return PlacedEntry(self._terms((unit.name, *towns, *of_region)), towns, region)

    def _country_names(self, region: Region) -> tuple[str, ...]:
        if region.country == self.home:
            return ()
        names = (Locale.parse(language, sep="-").territories.get(region.country) for language in self.languages)
        return tuple(dict.fromkeys(filter(None, names)))

    def _words(self, text: str) -> Words:
        return tuple(index_terms(text, self.units))

    def _terms(self, texts: Iterable[str]) -> Words:
        return tuple(dict.fromkeys(term for text in texts for term in index_terms(text, self.units)))

    def _same(self, value: ValueT) -> ValueT:
        """Return the first value that was equal: 100,000 datasheets say few things, and keep each once."""
        shared: ValueT = self._shared.setdefault(value, value)
        return shared

    def _declared_words(self, text: str) -> Words:
        if text not in self._said:
            self._said[text] = self._words(text)
        return self._said[text]

    def _datasheet(self, sheet: Datasheet) -> DatasheetEntry:
        code = sheet.code
        slug, forms = numbers.plain_slug(code), numbers.search_forms(code)
        return DatasheetEntry(
            code,
            code if slug == code else slug,
            (code,) if forms == (code,) else forms,
            sheet.gtin and sheet.gtin.zfill(_GTIN_LENGTH),
            sheet.trade_name,
            self._same(tuple((reference.system, reference.number) for reference in sheet.certificates)),
            sheet.product,
            sheet.unit,
            self._same(tuple(sheet.conforms_to)),
            day_number(sheet.valid_from),
            None if sheet.valid_until is None else day_number(sheet.valid_until),
            tuple(map(event_entry, sheet.history)) if sheet.status_events else (),
            self._words(sheet.trade_name),
            tuple(dict.fromkeys(filter(None, map(self._declared_words, self._declared(sheet))))),
            self._same(declared_values(self.register.products[sheet.product], sheet)),
            self._same(declared_units(sheet)),
        )

    def _declared(self, sheet: Datasheet) -> Iterator[str]:
        """Yield what a datasheet declares as people search it: ``20 kN/m``, ``DN 600``, ``C60BP3``.

        A bare number says nothing; it needs its unit, or the symbol that its characteristic's name ends in.
        """
        known = self._characteristics_of(sheet.product)
        for declared in sheet.characteristics:
            characteristic = known[declared.id]
            unit = declared.unit or characteristic.unit
            if declared.performance_class:
                yield declared.performance_class
            symbols = self._symbols_of(sheet.product, declared.id, characteristic.name)
            for value in filter(None, (declared.value, declared.min, declared.max)):
                if unit:
                    yield f"{value} {unit}"
                elif not symbols and characteristic.kind is not CharacteristicKind.NUMBER:
                    yield str(value)
                yield from (f"{symbol} {value}" for symbol in symbols)

    def _characteristics_of(self, product: str) -> Mapping[str, Characteristic]:
        if product not in self._characteristics:
            own = self.register.products[product].characteristics
            self._characteristics[product] = {characteristic.id: characteristic for characteristic in own}
        return self._characteristics[product]

    def _symbols_of(self, product: str, characteristic: str, name: Text) -> tuple[str, ...]:
        key = product, characteristic
        if key not in self._symbols:
            found = {match[1] for own in _all(name) if (match := _SYMBOL.search(own))}
            self._symbols[key] = tuple(sorted(found))
        return self._symbols[key]


def day_number(day: dt.date) -> int:
    """Return the days since 1970."""
    return (day - _EPOCH).days


def event_entry(event: StatusEvent) -> Event:
    """Return a status event as numbers."""
    return day_number(event.date), _STATUSES[event.status], _PRECISIONS[event.precision]


def declared_units(sheet: Datasheet) -> tuple[str, ...]:
    """Return the units that a datasheet names itself, each once."""
    return tuple(dict.fromkeys(declared.unit for declared in sheet.characteristics if declared.unit))


def _units_of_products(register: Register) -> Iterator[str]:
    for product in register.products.values():
        yield from (characteristic.unit for characteristic in product.characteristics if characteristic.unit)


def _all(text: Text) -> tuple[str, ...]:
    return tuple(translation for _, translation in text)
