"""What records say together can be true: systems and products, holders and units, declared values, statuses."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from keur.checks.index import NOUNS, Index, key_text
from keur.model import CertificateKey, CharacteristicKind, Status
from keur.model.fields import DECIMAL
from keur.model.patterns import number_pattern
from keur.problems import Place, Problem, quoted

KeyT = TypeVar("KeyT", bound=Hashable)


def counts_are_met(index: Index) -> Iterator[Problem]:
    """Ensure that the files hold as many records of a kind as ``register.yaml`` announces."""
    if index.entries.export is None:
        return
    for kind in NOUNS:
        announced = getattr(index.entries.export.counts, kind)
        held = index.entries.held.get(kind, len(index.entries.of_kind(kind)))
        if announced is not None and announced != held and kind not in index.entries.incomplete:
            place = index.entries.export_place.at("counts", kind)
            yield Problem(place, f"announces {announced}, but the files hold {held}; the export may be cut")


def numbers_match_their_system(index: Index) -> Iterator[Problem]:
    """Ensure that a certificate's number matches its system's ``number_pattern`` as a whole."""
    for entry in index.entries.certificates:
        system = index.systems.get(entry.record.system)
        if system is None or system.number_pattern is None:
            continue
        if not number_pattern(system.number_pattern).matches(entry.record.number):
            must = f"must match the number_pattern of {quoted(system.id)}, {quoted(system.number_pattern)}"
            yield Problem(entry.place.at("number"), f"{must}; found {quoted(entry.record.number)}")


def systems_cover_certified_products(index: Index) -> Iterator[Problem]:
    """Ensure that a certificate's product is one that its system covers."""
    for entry in index.entries.certificates:
        product = index.products.get(entry.record.product)
        if product and entry.record.system in index.systems and entry.record.system not in product.systems:
            message = f"does not cover the product {quoted(product.id)}, whose systems are {', '.join(product.systems)}"
            yield Problem(entry.place.at("system"), f"{message}; found {quoted(entry.record.system)}")


def units_belong_to_the_certificate_holder(index: Index) -> Iterator[Problem]:
    """Ensure that a certificate's production unit belongs to its holder (a warning)."""
    for entry in index.entries.certificates:
        unit = index.units.get(entry.record.unit)
        if unit and unit.holder != entry.record.holder:
            message = f"must be a production unit of the holder {quoted(entry.record.holder)}"
            found = f"{quoted(unit.id)} belongs to {quoted(unit.holder)}"
            yield Problem(entry.place.at("unit"), f"{message}; {found}", "warning")


def other_units_belong_to_the_certificate_holder(index: Index) -> Iterator[Problem]:
    """Ensure that a certificate's other production units belong to its holder too (a warning)."""
    for entry in index.entries.certificates:
        for step, id_ in enumerate(entry.record.other_units):
            unit = index.units.get(id_)
            if unit and unit.holder != entry.record.holder:
                message = f"belongs to {quoted(unit.holder)}, not to the holder {quoted(entry.record.holder)}"
                yield Problem(entry.place.at("other_units", step), message, "warning")


def datasheets_and_certificates_are_of_one_product(index: Index) -> Iterator[Problem]:
    """Ensure that a datasheet and the certificates it hangs on are of the same product (a warning)."""
    for entry in index.entries.datasheets:
        for step, reference in enumerate(entry.record.certificates):
            certificate = index.certificates.get(reference.key)
            if certificate and certificate.product != entry.record.product:
                must = f"must be a certificate of the product {quoted(entry.record.product)}"
                found = f"{quoted(key_text(reference.key))} is of {quoted(certificate.product)}"
                yield Problem(entry.place.at("certificates", step), f"{must}; {found}", "warning")


def datasheets_come_from_a_certified_unit(index: Index) -> Iterator[Problem]:
    """Ensure that a datasheet's production unit is one of its certificates' (a warning)."""
    for entry in index.entries.datasheets:
        certificates = [index.certificates.get(reference.key) for reference in entry.record.certificates]
        units = [unit for certificate in certificates if certificate for unit in certificate.units]
        # A certificate that is not there has its own problem, and may be the one with this unit.
        if all(certificates) and entry.record.unit not in units:
            message = f"must be a production unit of its certificates ({', '.join(dict.fromkeys(units))})"
            yield Problem(entry.place.at("unit"), f"{message}; found {quoted(entry.record.unit)}", "warning")


def datasheets_have_one_holder(index: Index) -> Iterator[Problem]:
    """Ensure that the certificates of a datasheet belong to one holder (a warning)."""
    for entry in index.entries.datasheets:
        if len(entry.record.certificates) == 1:
            continue
        certificates = [index.certificates.get(reference.key) for reference in entry.record.certificates]
        holders = dict.fromkeys(certificate.holder for certificate in certificates if certificate)
        if len(holders) > 1:
            message = f"belong to several holders ({', '.join(holders)}); the first is shown as the datasheet's"
            yield Problem(entry.place.at("certificates"), message, "warning")


def declared_numbers_are_numbers(index: Index) -> Iterator[Problem]:
    """Ensure that the declared value of a characteristic of kind ``number`` is a plain number, or ``NPD``.

    NPD is the term of the Construction Products Regulation for "no performance determined".
    """
    numeric = {
        (product.id, characteristic.id)
        for product in index.products.values()
        for characteristic in product.characteristics
        if characteristic.kind is CharacteristicKind.NUMBER
    }
    for entry in index.entries.datasheets:
        for step, declared in enumerate(entry.record.characteristics):
            if declared.value is None or (entry.record.product, declared.id) not in numeric:
                continue
            if declared.value != "NPD" and not DECIMAL.fullmatch(declared.value):
                place = entry.place.at("characteristics", step, "value")
                must = f"must be a plain number like 20 or 12.5, because {quoted(declared.id)} is of kind number"
                yield Problem(place, f"{must}; found {quoted(declared.value)}")


def declared_ranges_run_upwards(index: Index) -> Iterator[Problem]:
    """Ensure that the lower end of a declared range is not above its upper end."""
    for entry in index.entries.datasheets:
        for step, declared in enumerate(entry.record.characteristics):
            if declared.min and declared.max and Decimal(declared.min) > Decimal(declared.max):
                place = entry.place.at("characteristics", step, "max")
                yield Problem(place, f"must not be below min, {declared.min}; found {declared.max}")


def replacements_of_certificates_lead_on(index: Index) -> Iterator[Problem]:
    """Ensure that no certificate replaces itself, over others or directly."""
    places = {entry.record.key: entry.place for entry in reversed(index.entries.certificates)}
    successors = {
        key: certificate.replaced_by.key for key, certificate in index.certificates.items() if certificate.replaced_by
    }
    predecessors = {
        key: certificate.replaces.key for key, certificate in index.certificates.items() if certificate.replaces
    }
    yield from _circles(successors, places, "replaced_by")
    yield from _circles(predecessors, places, "replaces")


def replacements_of_documents_lead_on(index: Index) -> Iterator[Problem]:
    """Ensure that no reference document is replaced by itself, over others or directly."""
    places = {entry.record.key: entry.place for entry in reversed(index.entries.documents)}
    successors = {id_: document.replaced_by for id_, document in index.documents.items() if document.replaced_by}
    yield from _circles(successors, places, "replaced_by")


def valid_datasheets_have_a_valid_certificate(index: Index) -> Iterator[Problem]:
    """Ensure that a datasheet that is valid on the day of the export has a certificate that is too (a warning)."""
    day = index.day
    if day is None:
        return
    # Such a pair is equal to a key, and quicker to make.
    statuses: dict[tuple[str, str], Status] = {
        key: certificate.status_on(day) for key, certificate in index.certificates.items()
    }
    for entry in index.entries.datasheets:
        found = [statuses.get((reference.system, reference.number)) for reference in entry.record.certificates]
        if Status.VALID not in found and all(found) and entry.record.status_on(day) is Status.VALID:
            shown = ", ".join(
                f"{key_text(reference.key)}: {status}"
                for reference, status in zip(entry.record.certificates, found, strict=True)
            )
            message = f"is valid on {day}, but none of its certificates is ({shown}): it covers no delivery"
            yield Problem(entry.place.at("code"), message, "warning")


def _circles(leads_to: Mapping[KeyT, KeyT], places: Mapping[KeyT, Place], field: str) -> Iterator[Problem]:
    """Yield each circle once, at the member from which it was entered."""
    seen: set[KeyT] = set()
    for start in leads_to:
        trail: dict[KeyT, None] = {}
        key = start
        while key in leads_to and key not in seen:
            seen.add(key)
            trail[key] = None
            key = leads_to[key]
        if key in trail:
            members = list(trail)[list(trail).index(key) :]
            shown = [_name(member) for member in (*members, key)]
            way = " → ".join(shown if len(shown) <= 6 else [*shown[:3], "…", *shown[-2:]])
            yield Problem(places[key].at(field), f"must not lead back to the record itself; found {way}")


def _name(key: object) -> str:
    return key_text(key) if isinstance(key, str | CertificateKey) else str(key)
