"""Keys stand once, and every reference leads to a record."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from keur.checks.index import KEY_FIELDS, NOUNS, Index, key_text
from keur.problems import Place, Problem, Spot, quoted, suggestion


def keys_stand_once(index: Index) -> Iterator[Problem]:
    """Ensure that no two records of a kind have one key."""
    for kind, noun in NOUNS.items():
        entries = index.entries.of_kind(kind)
        if len({entry.record.key for entry in entries}) == len(entries):
            continue  # as nearly always
        first: dict[object, Place] = {}
        for entry in entries:
            key = entry.record.key
            if key in first:
                message = f"must be unique: the {noun} {quoted(key_text(key))} stands already at"
                place = entry.place.at(KEY_FIELDS.get(kind, "id"))
                yield Problem(place, message, other=Spot(first[key]))
            else:
                first[key] = entry.place


def characteristics_stand_once(index: Index) -> Iterator[Problem]:
    """Ensure that no two characteristics of a product have one id."""
    for entry in index.entries.products:
        ids = (characteristic.id for characteristic in entry.record.characteristics)
        for step, first in _repeated(ids):
            place = entry.place.at("characteristics")
            message = f"must be unique within {quoted(entry.record.id)}: this id stands already at"
            yield Problem(place.at(step, "id"), message, other=Spot(place.at(first)))


def editions_stand_once(index: Index) -> Iterator[Problem]:
    """Ensure that no two editions of a document have one name."""
    for entry in index.entries.documents:
        names = (edition.edition for edition in entry.record.editions)
        for step, first in _repeated(names):
            place = entry.place.at("editions")
            message = f"must be unique within {quoted(entry.record.number)}: this edition stands already at"
            yield Problem(place.at(step, "edition"), message, other=Spot(place.at(first)))


def products_refer_to_records(index: Index) -> Iterator[Problem]:
    """Ensure that the systems, documents and contact of a product are in the export."""
    for entry in index.entries.products:
        product = entry.record
        for step, system in enumerate(product.systems):
            yield from index.dangling(entry.place.at("systems", step), "systems", system)
        for step, document in enumerate(product.documents):
            yield from index.dangling(entry.place.at("documents", step), "documents", document)
        yield from index.dangling(entry.place.at("contact"), "contacts", product.contact)


def documents_refer_to_records(index: Index) -> Iterator[Problem]:
    """Ensure that the document that replaces another is in the export."""
    for entry in index.entries.documents:
        yield from index.dangling(entry.place.at("replaced_by"), "documents", entry.record.replaced_by)


def units_refer_to_records(index: Index) -> Iterator[Problem]:
    """Ensure that the holder of a production unit is in the export."""
    for entry in index.entries.units:
        yield from index.dangling(entry.place.at("holder"), "holders", entry.record.holder)


def certificates_refer_to_records(index: Index) -> Iterator[Problem]:
    """Ensure that what a certificate names is in the export; the one it replaces may have left it."""
    for entry in index.entries.certificates:
        certificate, place = entry.record, entry.place
        yield from index.dangling(place.at("system"), "systems", certificate.system)
        yield from index.dangling(place.at("product"), "products", certificate.product)
        yield from index.dangling(place.at("holder"), "holders", certificate.holder)
        yield from index.dangling(place.at("unit"), "units", certificate.unit)
        for step, unit in enumerate(certificate.other_units):
            yield from index.dangling(place.at("other_units", step), "units", unit)
        for step, document in enumerate(certificate.documents):
            yield from index.dangling(place.at("documents", step), "documents", document.id)
        if certificate.replaced_by:
            yield from index.dangling(place.at("replaced_by"), "certificates", certificate.replaced_by.key)


def certificates_name_editions_that_exist(index: Index) -> Iterator[Problem]:
    """Ensure that the edition a certificate names is one of its document's."""
    for entry in index.entries.certificates:
        for step, reference in enumerate(entry.record.documents):
            document = index.documents.get(reference.id)
            if document is None or reference.edition is None:
                continue
            names = [edition.edition for edition in document.editions]
            if reference.edition not in names:
                place = entry.place.at("documents", step, "edition")
                hint = suggestion(reference.edition, names)
                message = f"must be an edition of {quoted(document.number)}; found {quoted(reference.edition)}{hint}"
                yield Problem(place, message)


def datasheets_refer_to_records(index: Index) -> Iterator[Problem]:
    """Ensure that what a datasheet names is in the export."""
    for entry in index.entries.datasheets:
        datasheet, place = entry.record, entry.place
        for step, certificate in enumerate(datasheet.certificates):
            yield from index.dangling(place.at("certificates", step), "certificates", certificate.key)
        yield from index.dangling(place.at("product"), "products", datasheet.product)
        yield from index.dangling(place.at("unit"), "units", datasheet.unit)
        for step, document in enumerate(datasheet.conforms_to):
            yield from index.dangling(place.at("conforms_to", step), "documents", document)


def datasheets_declare_characteristics_of_their_product(index: Index) -> Iterator[Problem]:
    """Ensure that each declared characteristic is one of the product's."""
    known = {id_: {part.id for part in product.characteristics} for id_, product in index.products.items()}
    for entry in index.entries.datasheets:
        ids = known.get(entry.record.product)
        if ids is None:
            continue
        for step, declared in enumerate(entry.record.characteristics):
            if declared.id not in ids:
                place = entry.place.at("characteristics", step, "id")
                message = f"must be a characteristic of the product {quoted(entry.record.product)}"
                yield Problem(place, f"{message}; found {quoted(declared.id)}{suggestion(declared.id, ids)}")


def lists_name_each_record_once(index: Index) -> Iterator[Problem]:
    """Ensure that a list of references names no record twice (a warning)."""
    for place, keys in _reference_lists(index):
        for step, _ in _repeated(keys):
            yield Problem(place.at(step), "is named twice in this list", "warning")


def _reference_lists(index: Index) -> Iterator[tuple[Place, Iterable[Hashable]]]:
    for product in index.entries.products:
        yield product.place.at("systems"), product.record.systems
        yield product.place.at("documents"), product.record.documents
    for certificate in index.entries.certificates:
        if certificate.record.other_units:
            yield certificate.place.at("other_units"), certificate.record.other_units
        if certificate.record.documents:
            yield certificate.place.at("documents"), certificate.record.documents
    for datasheet in index.entries.datasheets:
        if len(datasheet.record.certificates) > 1:
            yield datasheet.place.at("certificates"), datasheet.record.certificates
        if datasheet.record.conforms_to:
            yield datasheet.place.at("conforms_to"), datasheet.record.conforms_to
        if datasheet.record.characteristics:
            ids = [declared.id for declared in datasheet.record.characteristics]
            yield datasheet.place.at("characteristics"), ids


def _repeated(keys: Iterable[Hashable]) -> Iterator[tuple[int, int]]:
    """Yield the position of each key that stood before, and of its first."""
    first: dict[Hashable, int] = {}
    for step, key in enumerate(keys):
        if key in first:
            yield step, first[key]
        else:
            first[key] = step
