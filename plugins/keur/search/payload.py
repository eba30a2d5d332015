"""The files of a release's search data: the same register gives the same bytes.

The first two make one core: the search page holds the first and always fetches the second. A question fetches what it
asks for, small files of a few hundred bytes to a few thousand:

``certificates.json``   certificates: number, system, dates and status events; a certificate's number needs no more
``core.json``           all that certificates refer to and reference documents, with their names in every language, and
                        where to look for the rest
``codes/<n>.json``      datasheets by their numbers' search forms, in order: which row each form leads to
``gtins/<n>.json``      the same by GTIN, of 14 digits
``sheets/<n>.json``     datasheets by row: code, trade name, dates and status events; also read to sort by date
``terms/<n>.json``      words of trade names and declared values, in order: which rows hold each, how much it weighs
                        there, and whether it stands in the trade name
``spellings/<l>.json``  those of these words that may be mistyped, by first letter
``values/<id>.json``    what the datasheets of a product declare of its filterable characteristics
``validity.json``       until when every datasheet holds, and what happened to it

A record is a *row*: certificates in the order of their keys come first, then datasheets, then reference documents. A
*series* is a run of datasheets that hang on the same certificates, are of one product and one production unit and
conform to the same documents; what they have in common stands once. Within a series those come first that had not
ended on the day of the export. Other things are numbered as their list stands. Every file is an object and says its
``release``, so that files of two are never taken together.
``theme/static/js/payload.js`` reads it all.
"""

from __future__ import annotations

import hashlib
import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from keur import numbers
from keur.model import Certificate, Precision, Register, Status, group_id
from keur.search.columns import packed, steps
from keur.search.core_texts import distinct_texts, texts_of_core
from keur.search.entries import (
    DatasheetEntry,
    Entry,
    Indexing,
    PlacedEntry,
    RegionEntry,
    TermsEntry,
    day_number,
    event_entry,
    indexed_records,
)
from keur.search.kept import Json, KeptFiles, Part, encoded
from keur.search.own_words import OwnWords
from keur.search.own_words import Rows as RowsOfWords
from keur.search.values import product_values
from keur.search.word_index import utf16

KeyT = TypeVar("KeyT")

CERTIFICATES = "certificates.json"
"""The file that the search page holds, too."""

_RELEASE_LENGTH = 16
_STAMP_LENGTH = 8
_MANY = 32_000
"""From this many datasheets on files are twice as large, for there are too many small ones."""

_DIGITS = 15
"""Numbers of so many digits are exact in a browser."""

_TYPED_AT_LEAST = 4
"""Shorter words are not looked for by their slips."""

_ASCII_SHAPE = {ord(c): "9" if c.isdecimal() else "A" for c in string.ascii_letters + string.digits}

_BY_NAME = attrgetter("trade_name", "code")

_ENDED = frozenset(
    number
    for number, status in enumerate(Status)
    if status in (Status.WITHDRAWN, Status.ENDED, Status.EXPIRED, Status.SUPERSEDED)
)


def build_payload(register: Register, languages: Sequence[str]) -> dict[str, bytes]:
    """Return the search data of a register: file names, relative to the release's folder, with their bytes."""
    indexing = Indexing(register, languages)
    return merge(indexing, map(indexing.entry, indexed_records(register)))


class FileSizes(NamedTuple):
    """How much a file holds: datasheets, by row and by code; bytes of terms, unpacked, where one term needs no more."""

    sheets: int = 180
    terms: int = 14_000


def merge(
    indexing: Indexing,
    entries: Iterable[Entry],
    sizes: FileSizes | None = None,
    kept: KeptFiles | None = None,
) -> dict[str, bytes]:
    """Return the search data made of the entries of ``indexed_records``, in their order.

    ``kept`` is what the last build made of its own; it gets what this one has made.
    """
    given = _Entries.of(indexing.register, entries)
    scale = 1 if len(given.datasheets) < _MANY else 2
    usual = FileSizes()
    sizes = sizes or FileSizes(scale * usual.sheets, scale * usual.terms)
    kept = kept or KeptFiles()
    rows = _Rows(indexing.register, given, indexing.home, sizes, kept)
    said = [(sheet.name_words, sheet.declared) for sheet in rows.sheets]
    own_words = OwnWords(RowsOfWords(rows.digests, said), sizes.terms, kept)
    files = _sheets(rows)
    certificates = _certificates(rows)
    files[CERTIFICATES] = encoded({"languages": indexing.languages, **certificates})
    names = _core(rows)
    texts = texts_of_core({**certificates, **names})
    core = {
        **names,
        "texts": kept.value(
            "texts of core", (texts, indexing.units.folded), partial(distinct_texts, texts, indexing.units)
        ),
        "units_of_values": indexing.units.folded,
        "elsewhere": [term for term in rows.entries.core_terms if own_words.begins(term)],
        "sheets_a_file": rows.sizes.sheets,
        "codes": {**_filed(files, "codes", _numbers(rows, lambda sheet: sheet.forms), kept), "shapes": _shapes(rows)},
        "gtins": _filed(files, "gtins", _numbers(rows, lambda sheet: (sheet.gtin,) if sheet.gtin else ()), kept),
        "terms": {
            **_filed(files, "terms", own_words.slices(), kept),
            "spellings": _spellings(files, own_words.terms),
            "texts": own_words.texts,
        },
    }
    files["core.json"] = encoded(core)
    files["validity.json"] = encoded(_validity(rows))
    files |= _values(rows, indexing.languages)
    return _stamped(files)


def search_release(files: Mapping[str, bytes]) -> str:
    """Return the name of the folder that search data stand in: it changes when a byte of them does."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_RELEASE_LENGTH]


# --- rows -----------------------------------------------------------------------------------------------------------


class _Entries(NamedTuple):
    """The entries of a register, by kind, each in the order of its records."""

    systems: list[TermsEntry]
    products: list[TermsEntry]
    documents: list[TermsEntry]
    holders: list[PlacedEntry]
    units: list[PlacedEntry]
    certificates: list[TermsEntry]
    datasheets: list[DatasheetEntry]

    @classmethod
    def of(cls, register: Register, entries: Iterable[Entry]) -> _Entries:
        given = iter(entries)

        def terms(records: Iterable[object]) -> list[TermsEntry]:
            return [TermsEntry._make(next(given)) for _ in records]

        def placed(records: Iterable[object]) -> list[PlacedEntry]:
            return [PlacedEntry._make(next(given)) for _ in records]

        return cls(
            systems=terms(register.systems),
            products=terms(register.products),
            documents=terms(register.documents),
            holders=placed(register.holders),
            units=placed(register.units),
            certificates=terms(register.certificates),
            datasheets=list(map(DatasheetEntry._make, given)),
        )

    @property
    def core_terms(self) -> list[str]:
        """The words of all but the datasheets, in the order of browsers."""
        kinds: tuple[Sequence[TermsEntry | PlacedEntry], ...] = (
            self.systems,
            self.products,
            self.documents,
            self.holders,
            self.units,
            self.certificates,
        )
        found = {term for entries in kinds for entry in entries for term in entry.terms}
        return sorted(found, key=utf16)


class _Series(NamedTuple):
    """What a run of datasheets have in common, all by number, and how many there are."""

    certificates: tuple[int, ...]
    product: int
    unit: int
    documents: int
    sheets: int
    holding: int


@dataclass(frozen=True)
class _Rows:
    """The register's records in the order of rows, and the number of everything they refer to."""

    register: Register
    entries: _Entries
    home: str | None
    """The country that needs no naming."""
    sizes: FileSizes
    kept: KeptFiles

    @cached_property
    def certificates(self) -> list[Certificate]:
        return list(self.register.certificates.values())

    @cached_property
    def certificate_rows(self) -> dict[tuple[str, str], int]:
        return {(c.system, c.number): row for row, c in enumerate(self.certificates)}

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
    def regions(self) -> dict[RegionEntry, int]:
        found = {unit.region for unit in self.entries.units if unit.region}
        return _numbered(sorted(found, key=lambda region: region[0]))

    @cached_property
    def certificate_documents(self) -> list[frozenset[int]]:
        """The reference documents of each certificate: its own, and its product's."""
        of_products = {
            product.id: frozenset(self.documents[id_] for id_ in product.documents)
            for product in self.register.products.values()
        }
        return [
            of_products[certificate.product].union(self.documents[document.id] for document in certificate.documents)
            for certificate in self.certificates
        ]

    @cached_property
    def document_sets(self) -> dict[tuple[int, ...], int]:
        """Sets of documents that records have in common; filled by ``document_set``."""
        return {}

    def document_set(self, documents: Iterable[int]) -> int:
        return self.document_sets.setdefault(tuple(sorted(documents)), len(self.document_sets))

    @cached_property
    def _in_order(self) -> tuple[list[DatasheetEntry], list[_Series]]:
        together: defaultdict[tuple[Any, ...], list[DatasheetEntry]] = defaultdict(list)
        for sheet in self.entries.datasheets:
            together[sheet.certificates, sheet.product, sheet.unit, sheet.conforms_to].append(sheet)
        rows, products, units = self.certificate_rows, self.products, self.units
        numbered = {
            (tuple(rows[key] for key in held), products[product], units[unit], conforms_to): members
            for (held, product, unit, conforms_to), members in together.items()
        }
        today = day_number(self.register.export_day)
        of_products = [
            frozenset(self.documents[id_] for id_ in product.documents) for product in self.register.products.values()
        ]
        sheets: list[DatasheetEntry] = []
        series: list[_Series] = []
        for (held, product, unit, conforms_to), members in sorted(numbered.items()):
            members.sort(key=_BY_NAME)
            ended = {sheet.code for sheet in members if _has_ended(sheet, today)}
            if ended:
                holding = [sheet for sheet in members if sheet.code not in ended]
                members = [*holding, *(sheet for sheet in members if sheet.code in ended)]  # noqa: PLW2901  # as they stand
            documents = of_products[product].union(
                *(self.certificate_documents[row] for row in held), (self.documents[id_] for id_ in conforms_to)
            )
            number = self.document_set(documents)
            series.append(_Series(held, product, unit, number, len(members), len(members) - len(ended)))
            sheets += members
        return sheets, series

    @property
    def sheets(self) -> list[DatasheetEntry]:
        """The datasheets in the order of rows."""
        return self._in_order[0]

    @property
    def series(self) -> list[_Series]:
        return self._in_order[1]

    @cached_property
    def digests(self) -> list[bytes]:
        """What tells the datasheets from what they said before, in the order of rows."""
        own = self.kept.digests_of([sheet.code for sheet in self.entries.datasheets])
        return [own[sheet.code] for sheet in self.sheets]

    @cached_property
    def until(self) -> list[int | None]:
        """The last days of the datasheets, in the order of rows: 0 where it is the first certificate's."""
        days = _last_days(self.certificates)
        own = (sheet.valid_until for sheet in self.sheets)
        of_certificates = (days[one.certificates[0]] for one in self.series for _ in range(one.sheets))
        return [0 if until == covered else until for until, covered in zip(own, of_certificates, strict=True)]


def _has_ended(sheet: DatasheetEntry, today: int) -> bool:
    until = sheet.valid_until
    if until is not None and until < today:
        return True
    if not sheet.events:
        return False
    status = next((event[1] for event in reversed(sheet.events) if event[0] <= today), None)
    return status in _ENDED


# --- what travels with the page -------------------------------------------------------------------------------------


def _certificates(rows: _Rows) -> Json:
    systems = rows.register.systems.values()
    slugs = rows.register.certificate_slugs
    return {
        "systems": list(rows.systems),
        "system_names": _by_language(system.name for system in systems),
        "system_kinds": [system.kind.value for system in systems],
        "statuses": [status.value for status in Status],
        "precisions": [precision.value for precision in Precision],
        "numbers": [certificate.number for certificate in rows.certificates],
        "system": [rows.systems[certificate.system] for certificate in rows.certificates],
        "first_day": (first := min((day_number(c.valid_from) for c in rows.certificates), default=0)),
        "from": packed(day_number(certificate.valid_from) - first for certificate in rows.certificates),
        # How long it holds: the same for most, where last days are all different.
        "days": [c.valid_until and (c.valid_until - c.valid_from).days for c in rows.certificates],
        "events": _certificate_events(rows.certificates),
        # Those that do not follow from the number by the plain rule.
        "slugs": [
            [row, slugs[certificate.key]]
            for row, certificate in enumerate(rows.certificates)
            if slugs[certificate.key] != numbers.plain_slug(certificate.number, certificate.system)
        ],
    }


def _certificate_events(certificates: Sequence[Certificate]) -> Json:
    """Return how many events each certificate has; of each its day from the first day on, status and precision."""
    events = [(c, event_entry(event)) for c in certificates if c.status_events for event in c.history]
    return {
        "counts": packed(len(c.history) if c.status_events else 0 for c in certificates),
        "days": [day - day_number(certificate.valid_from) for certificate, (day, _, _) in events],
        "statuses": packed(status for _, (_, status, _) in events),
        "precisions": packed(precision for _, (_, _, precision) in events),
    }


def _core(rows: _Rows) -> Json:
    register, certificates, series = rows.register, rows.certificates, rows.series
    holders, units = register.holders.values(), register.units.values()
    towns = [
        *(
            (unit.address.city, unit.address.country, entry.towns)
            for unit, entry in zip(units, rows.entries.units, strict=True)
        ),
        *(
            (h.address.city, h.address.country, e.towns)
            for h, e in zip(holders, rows.entries.holders, strict=True)
            if h.address
        ),
    ]
    places = _numbered(dict.fromkeys(towns))
    of_towns = iter(places[town] for town in towns)
    of_certificates = [certificate.product for certificate in certificates]
    products = register.products.values()
    return {
        "groups": list(rows.groups),
        "group_names": _by_language(group.name for group in register.groups.values()),
        "products": list(rows.products),
        "product_names": _by_language(product.name for product in products),
        "product_groups": [rows.groups[group_id(product)] for product in products],
        "synonyms": [
            list(dict.fromkeys(word for text in product.synonyms for _, word in text)) for product in products
        ],
        "places": [(city, country, [name for name in names if name != city]) for city, country, names in places],
        "units": [unit.name for unit in units],
        "unit_places": [next(of_towns) for _ in units],
        "unit_regions": [unit.region and rows.regions[unit.region] for unit in rows.entries.units],
        "holders": list(rows.holders),
        "holder_names": [holder.name for holder in holders],
        "holder_places": [next(of_towns) if holder.address else None for holder in holders],
        "former_names": [
            [number, [former.name for former in holder.former_names]]
            for number, holder in enumerate(holders)
            if holder.former_names
        ],
        "regions": [region[0] for region in rows.regions],
        "region_names": _by_language(region[2] for region in rows.regions),
        "region_countries": [region[1] for region in rows.regions],
        "country_names": [region[3] for region in rows.regions],
        "home_country": rows.home,
        "product": [rows.products[product] for product in of_certificates],
        "holder": [rows.holders[certificate.holder] for certificate in certificates],
        "unit": [rows.units[certificate.unit] for certificate in certificates],
        "titles": [[row, dict(certificate.title)] for row, certificate in enumerate(certificates) if certificate.title],
        "certificate_documents": [rows.document_set(documents) for documents in rows.certificate_documents],
        "sheet_slugs": _sheet_slugs(rows),
        "documents": list(rows.documents),
        "document_numbers": [document.number for document in register.documents.values()],
        "document_titles": _by_language(document.title for document in register.documents.values()),
        "document_products": _ragged(_products_of_documents(rows)),
        "series": {
            "certificate": steps(one.certificates[0] for one in series),
            "further": [[n, one.certificates[1:]] for n, one in enumerate(series) if len(one.certificates) > 1],
            "product": [
                [n, one.product]
                for n, one in enumerate(series)
                if one.product != rows.products[of_certificates[one.certificates[0]]]
            ],
            "unit": [
                [n, one.unit]
                for n, one in enumerate(series)
                if one.unit != rows.units[certificates[one.certificates[0]].unit]
            ],
            "documents": [one.documents for one in series],
            "sheets": [one.sheets for one in series],
            "holding": [one.holding for one in series],
        },
        "document_sets": _ragged(rows.document_sets),
    }


def _by_language(texts: Iterable[Iterable[tuple[str, str]]]) -> Mapping[str, Sequence[str | None]]:
    """Return texts as one column a language, None where one lacks it; the column without a language is all's."""
    by_tag = [dict(text) for text in texts]
    tags = sorted({tag for text in by_tag for tag in text})
    return {tag: [text.get(tag) for text in by_tag] for tag in tags}


def _last_days(certificates: Iterable[Certificate]) -> list[int | None]:
    return [None if c.valid_until is None else day_number(c.valid_until) for c in certificates]


def _products_of_documents(rows: _Rows) -> list[list[int]]:
    products: list[list[int]] = [[] for _ in rows.documents]
    for product in rows.register.products.values():
        for document in product.documents:
            products[rows.documents[document]].append(rows.products[product.id])
    return products


def _sheet_slugs(rows: _Rows) -> list[tuple[int, str]]:
    """Return the slugs of datasheets that do not follow from the code by the plain rule."""
    slugs = rows.register.datasheet_slugs
    return [
        (row, slugs[sheet.code])
        for row, sheet in enumerate(rows.sheets, len(rows.certificates))
        if slugs[sheet.code] != sheet.plain_slug
    ]


# --- what a question fetches ----------------------------------------------------------------------------------------


def _filed(files: dict[str, bytes], folder: str, parts: Iterable[Part], kept: KeptFiles) -> Json:
    """Put parts into numbered files; return where each begins.

    Of the first the whole first thing is told; of others no more than tells it from the last of the file before.
    """
    starts: list[str] = []
    last = ""
    for number, part in enumerate(parts):
        name = f"{folder}/{number}.json"
        files[name] = kept.file(name, part.made_of, part.make)
        starts.append(_telling_start(last, part.first) if starts else part.first)
        last = part.last
    return {"starts": starts, "last": last}


def _telling_start(before: str, first: str) -> str:
    same = 0
    while before[same : same + 1] == first[same]:
        same += 1
    # Half of a pair would be no letter.
    return first[: same + 1]


def _numbers(rows: _Rows, forms_of: Callable[[DatasheetEntry], Iterable[str]]) -> Iterable[Part]:
    forms = [(form, row, sheet.code) for row, sheet in enumerate(rows.sheets) for form in forms_of(sheet)]
    # Of ASCII the order of browsers is that of Python.
    forms.sort(key=None if all(form.isascii() for form, _, _ in forms) else lambda form: (utf16(form[0]), form[1]))
    start = 0
    while start < len(forms):
        end = min(start + rows.sizes.sheets, len(forms))
        # Equal forms stand in one file.
        while end < len(forms) and forms[end][0] == forms[end - 1][0]:
            end += 1
        part = forms[start:end]
        yield Part(part[0][0], part[-1][0], part, partial(_numbers_of, part))
        start = end


def _numbers_of(part: Sequence[tuple[str, int, str]]) -> Json:
    own = [form for form, _, _ in part]
    digits = len(own[0])
    plain = digits <= _DIGITS and all(len(form) == digits and form.isascii() and form.isdecimal() for form in own)
    return {
        "digits": digits if plain else None,
        "forms": packed(steps(map(int, own))) if plain else own,
        "sheets": packed(row for _, row, _ in part),
        "codes": [[number, code] for number, (form, _, code) in enumerate(part) if code != form],
    }


def _shapes(rows: _Rows) -> list[tuple[str, int]]:
    """Return an example of each shape that codes' forms have (letters and digits in these places), and how many do."""
    shapes: dict[str, tuple[str, int]] = {}
    for sheet in rows.entries.datasheets:
        for form in sheet.forms:
            shape = _shape(form)
            example, count = shapes.get(shape, (form, 0))
            shapes[shape] = (example, count + 1)
    return [shapes[shape] for shape in sorted(shapes)]


def _shape(form: str) -> str:
    if form.isascii():
        return form.translate(_ASCII_SHAPE)
    return "".join("9" if c.isnumeric() else "A" if c.isalpha() else c for c in form)


def _sheets(rows: _Rows) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for number, start in enumerate(range(0, len(rows.sheets), rows.sizes.sheets)):
        end = start + rows.sizes.sheets
        part, until = rows.sheets[start:end], rows.until[start:end]
        name = f"sheets/{number}.json"
        files[name] = rows.kept.file(name, (rows.digests[start:end], until), partial(_sheets_of, part, until))
    return files


def _sheets_of(part: Sequence[DatasheetEntry], until: Sequence[int | None]) -> Json:
    runs = [(name, len(list(run))) for name, run in groupby(sheet.trade_name for sheet in part)]
    return {
        "codes": [sheet.code for sheet in part],
        "trade_names": [name for name, _ in runs],
        "runs": [length for _, length in runs],
        "until": until,
        "first_day": (first := min(sheet.valid_from for sheet in part)),
        "from": packed(sheet.valid_from - first for sheet in part),
        "events": _events(part),
    }


def _validity(rows: _Rows) -> Json:
    today = day_number(rows.register.export_day)
    return {
        "until": rows.until,
        "from": [[row, sheet.valid_from] for row, sheet in enumerate(rows.sheets) if sheet.valid_from > today],
        "events": _events(rows.sheets),
    }


def _values(rows: _Rows, languages: Sequence[str]) -> dict[str, bytes]:
    of_products: dict[str, list[int]] = {id_: [] for id_ in rows.products}
    for row, sheet in enumerate(rows.sheets):
        of_products[sheet.product].append(row)
    files = {}
    for id_, own in of_products.items():
        product, name = rows.register.products[id_], f"values/{id_}.json"
        # The digest of a datasheet's entry takes in its product; that of a product without datasheets does not.
        sheets = [(row, rows.sheets[row].values) for row in own]
        made_of = rows.register.digests["products"][id_], languages, own, [rows.digests[row] for row in own]
        files[name] = rows.kept.file(name, made_of, partial(product_values, product, sheets, languages))
    return files


def _events(sheets: Sequence[DatasheetEntry]) -> list[tuple[int, object]]:
    return [(number, sheet.events) for number, sheet in enumerate(sheets) if sheet.events]


def _spellings(files: dict[str, bytes], terms: Iterable[str]) -> str:
    """File by first letter the terms that may be mistyped; return the letters."""
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for term in terms:
        # What holds a digit is a code: one digit off is another product.
        if len(term) >= _TYPED_AT_LEAST and not any(map(str.isnumeric, term)):
            by_letter[term[0]].append(term)
    for letter, own in by_letter.items():
        files[f"spellings/{ord(letter):x}.json"] = encoded({"terms": own})
    return "".join(sorted(by_letter))


# --- encoding -------------------------------------------------------------------------------------------------------


def _numbered(keys: Iterable[KeyT]) -> dict[KeyT, int]:
    return {key: number for number, key in enumerate(keys)}


def _ragged(lists: Iterable[Sequence[int]]) -> Json:
    """Return lists of different lengths as their lengths and the differences within each."""
    held = list(lists)
    return {"lengths": list(map(len, held)), "steps": [step for items in held for step in steps(items)]}


def _stamped(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Let every file say which others it belongs to: rows of one release are other records in the next."""
    stamp = b'{"release":"' + search_release(files)[:_STAMP_LENGTH].encode() + b'",'
    return {name: stamp + content[1:] for name, content in sorted(files.items())}
