"""The files of a release's search data, column by column: the same register gives the same bytes.

``records.json``        every certificate, datasheet and document: numbers, what they belong to, dates and status events
``names.<lang>.json``   names of systems, products, groups, certificates and documents in a language
``gtins/<digit>.json``   datasheets by their GTINs
``values/<id>.json``     what the datasheets of a product declare of its filterable characteristics
``words.json``          the index of words, and which texts speak of which system, product, holder, unit or record

A record is a *row*: certificates in the order of their keys come first, then datasheets in the order of the first
certificate they hang on, then reference documents. Other things are numbered as their list stands.
``theme/static/js/payload.js`` reads it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from babel import Locale

from keur import numbers
from keur.model import (
    Address,
    Certificate,
    CharacteristicKind,
    Datasheet,
    Precision,
    Register,
    Status,
    StatusEvent,
    Text,
    group_id,
)
from keur.search.gtins import gtin_payload
from keur.search.names import named
from keur.search.places import Places, Region
from keur.search.values import product_values
from keur.search.word_index import Texts
from keur.search.words import Units

Json = Mapping[str, object]
KeyT = TypeVar("KeyT")
_EPOCH = dt.date(1970, 1, 1)
_RELEASE_LENGTH = 16
_SYMBOL = re.compile(r"\b([A-Z]{1,3})$")


def build_payload(register: Register, languages: Sequence[str]) -> dict[str, bytes]:
    """Return the search data of a register: file names, relative to the release's folder, with their bytes."""
    rows = _Rows(register, Places())
    files = {"records.json": _encoded(_records(rows)), "words.json": _encoded(_words(rows, languages))}
    for language in languages:
        order = (language, *(other for other in languages if other != language))
        files[f"names.{language}.json"] = _encoded(_names(rows, order))
    sheets: dict[str, list[tuple[int, Datasheet]]] = {product: [] for product in register.products}
    for place, sheet in enumerate(rows.datasheets):
        sheets[sheet.product].append((place, sheet))
    for product, held in sheets.items():
        files[f"values/{product}.json"] = _encoded(product_values(register.products[product], held, languages))
    files.update(gtin_payload(enumerate(rows.datasheets)))
    return dict(sorted(files.items()))


def search_release(files: Mapping[str, bytes]) -> str:
    """Return the name of the folder that search data stand in: it changes when a byte of them does."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_RELEASE_LENGTH]


@dataclass(frozen=True)
class _Rows:
    """The register's records in the order of rows, and the number of everything they refer to."""

    register: Register
    places: Places

    @cached_property
    def certificates(self) -> list[Certificate]:
        return list(self.register.certificates.values())

    @cached_property
    def certificate_rows(self) -> dict[tuple[str, str], int]:
        return {certificate.key: row for row, certificate in enumerate(self.certificates)}

    @cached_property
    def datasheets(self) -> list[Datasheet]:
        return sorted(
            self.register.datasheets.values(),
            key=lambda sheet: (self.certificate_rows[sheet.certificates[0].key], sheet.code),
        )

    @cached_property
    def records(self) -> list[Certificate | Datasheet]:
        return [*self.certificates, *self.datasheets]

    @cached_property
    def systems(self) -> dict[str, int]:
        return _numbered(self.register.systems)

    @cached_property
    def groups(self) -> dict[str, int]:
        return _numbered(self.register.groups)

    @cached_property
    def products(self) -> dict[str, int]:
        return _numbered(self.register.products)

    @cached_property
    def holders(self) -> dict[str, int]:
        return _numbered(self.register.holders)

    @cached_property
    def units(self) -> dict[str, int]:
        return _numbered(self.register.units)

    @cached_property
    def documents(self) -> dict[str, int]:
        return _numbered(self.register.documents)

    @cached_property
    def home(self) -> str | None:
        """The country that needs no naming."""
        address = self.register.export.publisher.address
        return address.country if address else None

    @cached_property
    def unit_regions(self) -> list[Region | None]:
        return [self.places.region(unit.address, self.home) for unit in self.register.units.values()]

    @cached_property
    def regions(self) -> dict[Region, int]:
        return _numbered(sorted({region for region in self.unit_regions if region}, key=lambda region: region.id))

    def certificate_of(self, sheet: Datasheet) -> Certificate:
        return self.register.certificates[sheet.certificates[0].key]


def _records(rows: _Rows) -> Json:
    register, certificates, sheets = rows.register, rows.certificates, rows.datasheets
    places = _numbered(dict.fromkeys((u.address.city, u.address.country) for u in register.units.values()))
    counts = [0] * len(certificates)
    for sheet in sheets:
        counts[rows.certificate_rows[sheet.certificates[0].key]] += 1
    return {
        "systems": list(rows.systems),
        "system_kinds": [system.kind.value for system in register.systems.values()],
        "groups": list(rows.groups),
        "products": list(rows.products),
        "product_groups": [rows.groups[group_id(product)] for product in register.products.values()],
        "holders": list(rows.holders),
        "holder_names": [holder.name for holder in register.holders.values()],
        "places": list(places),
        "unit_places": [places[u.address.city, u.address.country] for u in register.units.values()],
        "regions": [region.id for region in rows.regions],
        "region_countries": [region.country for region in rows.regions],
        "unit_regions": [None if region is None else rows.regions[region] for region in rows.unit_regions],
        "home_country": rows.home,
        "statuses": [status.value for status in Status],
        "precisions": [precision.value for precision in Precision],
        "numbers": [certificate.number for certificate in certificates],
        "system": [rows.systems[certificate.system] for certificate in certificates],
        "product": [rows.products[certificate.product] for certificate in certificates],
        "holder": [rows.holders[certificate.holder] for certificate in certificates],
        "unit": [rows.units[certificate.unit] for certificate in certificates],
        "codes": [sheet.code for sheet in sheets],
        "trade_names": [sheet.trade_name for sheet in sheets],
        "sheets": counts,
        "sheet_certificates": [
            [index, [rows.certificate_rows[reference.key] for reference in sheet.certificates[1:]]]
            for index, sheet in enumerate(sheets)
            if len(sheet.certificates) > 1
        ],
        "sheet_products": [
            [index, rows.products[sheet.product]]
            for index, sheet in enumerate(sheets)
            if sheet.product != rows.certificate_of(sheet).product
        ],
        "sheet_units": [
            [index, rows.units[sheet.unit]]
            for index, sheet in enumerate(sheets)
            if sheet.unit != rows.certificate_of(sheet).unit
        ],
        "valid_from": [_day(record.valid_from) for record in rows.records],
        "valid_until": [record.valid_until and _day(record.valid_until) for record in rows.records],
        "events": [
            [row, [_event(event) for event in record.history]]
            for row, record in enumerate(rows.records)
            if record.status_events
        ],
        "slugs": _own_slugs(rows),
        "documents": list(rows.documents),
        "document_numbers": [document.number for document in register.documents.values()],
        "document_products": _ragged(_products_of_documents(rows)),
    }


def _products_of_documents(rows: _Rows) -> list[list[int]]:
    products: list[list[int]] = [[] for _ in rows.documents]
    for product in rows.register.products.values():
        for document in product.documents:
            products[rows.documents[document]].append(rows.products[product.id])
    return products


def _event(event: StatusEvent) -> list[int]:
    return [_day(event.date), list(Status).index(event.status), list(Precision).index(event.precision)]


def _own_slugs(rows: _Rows) -> list[list[object]]:
    """Return the slugs that do not follow from the number by the plain rule."""
    slugs: list[tuple[str, str, str]] = [
        (c.number, c.system, rows.register.certificate_slugs[c.key]) for c in rows.certificates
    ]
    slugs += [(sheet.code, "", rows.register.datasheet_slugs[sheet.code]) for sheet in rows.datasheets]
    return [
        [row, slug] for row, (number, prefix, slug) in enumerate(slugs) if slug != numbers.plain_slug(number, prefix)
    ]


def _names(rows: _Rows, order: Sequence[str]) -> Json:
    register = rows.register
    return {
        "systems": [named(system.name, order) for system in register.systems.values()],
        "groups": [named(group.name, order) for group in register.groups.values()],
        "products": [named(product.name, order) for product in register.products.values()],
        "regions": [_region_name(region, order) for region in rows.regions],
        "titles": [
            [row, named(certificate.title, order)]
            for row, certificate in enumerate(rows.certificates)
            if certificate.title
        ],
        "documents": [named(document.title, order) for document in register.documents.values()],
    }


def _region_name(region: Region, order: Sequence[str]) -> str | list[str] | None:
    """Return a region's name; none for a country, which the browser knows."""
    named = region.name(tuple(order))
    if named is None or named[1] in ("", order[0]):
        return named and named[0]
    return [*named]


def _words(rows: _Rows, languages: Sequence[str]) -> Json:
    register = rows.register
    units = Units(_units_of_values(register))
    texts = Texts(units)

    def place_names(address: Address, region: Region | None) -> Iterable[str]:
        yield from rows.places.other_names(address)
        if region:
            yield from (name for _, name in region.names)
            if region.country != rows.home:
                yield from _country_names(region.country, languages)

    spoken = {
        "system": [texts.numbers((s.id, *_all(s.name))) for s in register.systems.values()],
        "product": [
            texts.numbers((*_all(p.name), *(word for synonym in p.synonyms for word in _all(synonym)), *_all(p.group)))
            for p in register.products.values()
        ],
        "document": [
            texts.numbers((document.number, *_all(document.title))) for document in register.documents.values()
        ],
        "holder": [
            texts.numbers(
                (
                    holder.name,
                    *(former.name for former in holder.former_names),
                    *(rows.places.other_names(holder.address) if holder.address else ()),
                )
            )
            for holder in register.holders.values()
        ],
        "unit": [
            texts.numbers((unit.name, *place_names(unit.address, region)))
            for unit, region in zip(register.units.values(), rows.unit_regions, strict=True)
        ],
        "title": [
            *(texts.numbers(_all(certificate.title) if certificate.title else ()) for certificate in rows.certificates),
            *(texts.numbers((sheet.trade_name,)) for sheet in rows.datasheets),
        ],
        "declared": [texts.numbers(_declared(register, sheet)) for sheet in rows.datasheets],
    }
    index = texts.index()
    sets: dict[tuple[int, ...], int] = {}
    document_sets = [sets.setdefault(documents, len(sets)) for documents in _documents(rows)]
    return {
        "units": units.folded,
        "terms": list(index.terms),
        "postings": _ragged([posting.text for posting in postings] for postings in index.postings),
        "weights": [posting.weight for postings in index.postings for posting in postings],
        "texts": {field: _ragged(lists) for field, lists in spoken.items()},
        "document_sets": _ragged(sets),
        "document_set": document_sets,
    }


def _units_of_values(register: Register) -> Iterable[str]:
    for product in register.products.values():
        yield from (characteristic.unit for characteristic in product.characteristics if characteristic.unit)
    for sheet in register.datasheets.values():
        yield from (declared.unit for declared in sheet.characteristics if declared.unit)


def _declared(register: Register, sheet: Datasheet) -> Iterable[str]:
    """Yield what a datasheet declares as people search it: ``20 kN/m``, ``DN 600``, ``C60BP3``.

    A bare number says nothing; it needs its unit, or the symbol that its characteristic's name ends in.
    """
    known = {characteristic.id: characteristic for characteristic in register.products[sheet.product].characteristics}
    for declared in sheet.characteristics:
        characteristic = known[declared.id]
        unit = declared.unit or characteristic.unit
        if declared.performance_class:
            yield declared.performance_class
        symbols = {match[1] for name in _all(characteristic.name) if (match := _SYMBOL.search(name))}
        for value in filter(None, (declared.value, declared.min, declared.max)):
            if unit:
                yield f"{value} {unit}"
            elif not symbols and characteristic.kind is not CharacteristicKind.NUMBER:
                yield str(value)
            yield from (f"{symbol} {value}" for symbol in sorted(symbols))


def _country_names(country: str, languages: Sequence[str]) -> Iterable[str]:
    for language in languages:
        name = Locale.parse(language, sep="-").territories.get(country)
        if name:
            yield name


def _documents(rows: _Rows) -> Iterable[tuple[int, ...]]:
    """Yield the reference documents of each record: its own, its certificates' and its product's."""
    register = rows.register
    for record in rows.records:
        ids = set(register.products[record.product].documents)
        if isinstance(record, Datasheet):
            ids.update(record.conforms_to)
            held = [register.certificates[reference.key] for reference in record.certificates]
        else:
            held = [record]
        ids.update(reference.id for certificate in held for reference in certificate.documents)
        yield tuple(sorted(rows.documents[id_] for id_ in ids))


def _all(text: Text) -> tuple[str, ...]:
    return tuple(translation for _, translation in text)


def _numbered(keys: Iterable[KeyT]) -> dict[KeyT, int]:
    return {key: number for number, key in enumerate(keys)}


def _day(day: dt.date) -> int:
    return (day - _EPOCH).days


def _ragged(lists: Iterable[Sequence[int]]) -> Json:
    """Return lists of different lengths as their lengths and one list of differences, which compresses well."""
    lengths: list[int] = []
    steps: list[int] = []
    last = 0
    for items in lists:
        lengths.append(len(items))
        for item in items:
            steps.append(item - last)
            last = item
    return {"lengths": lengths, "steps": steps}


def _encoded(columns: Json) -> bytes:
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()
