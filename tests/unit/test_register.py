"""The register answers who belongs to whom, whatever the order of files."""

import datetime as dt
from typing import Any

import pytest

from keur.model import CertificateKey, Register, Status, group_id
from tests.builders import certificate, datasheet, entries, export, product, system, unit, without

KEY = CertificateKey("benor", "29/0107")
OTHER = CertificateKey("benor", "29/0108")


@pytest.fixture
def register() -> Register:
    return Register(
        entries(
            systems=[system(), system(id="atg", name="ATG")],
            units=[unit(), unit(id="weverij-2")],
            certificates=[
                certificate(number="29/0108", documents=["ptv-829"]),
                certificate(other_units=["weverij-2", "weverij-1"]),
            ],
            datasheets=[
                datasheet(code="90012346", certificates=[OTHER._asdict(), KEY._asdict()]),
                datasheet(),
            ],
        )
    )


def test_records_are_ordered_by_key(register: Register) -> None:
    assert list(register.certificates) == [KEY, OTHER]
    assert list(register.datasheets) == ["90012345", "90012346"]
    assert list(register.systems) == ["atg", "benor"]


def test_certificates_belong_to_what_they_name(register: Register) -> None:
    one, two = register.certificates[KEY], register.certificates[OTHER]
    assert {"benor": (one, two)} == register.certificates_by_system
    assert {"geotextile": (one, two)} == register.certificates_by_product
    assert {"weverij": (one, two)} == register.certificates_by_holder
    assert {"weverij-1": (one, two), "weverij-2": (one,)} == register.certificates_by_unit
    assert {"ptv-829": (two,)} == register.certificates_by_document


def test_datasheets_belong_to_what_they_hang_on(register: Register) -> None:
    one, two = register.datasheets["90012345"], register.datasheets["90012346"]
    assert {KEY: (one, two), OTHER: (two,)} == register.datasheets_by_certificate
    assert {"geotextile": (one, two)} == register.datasheets_by_product
    assert {"weverij": (one, two)} == register.datasheets_by_holder
    assert {"benor": (one, two)} == register.datasheets_by_system


def test_products_and_units_belong_to_what_they_name(register: Register) -> None:
    geotextile = register.products["geotextile"]
    assert {"benor": (geotextile,)} == register.products_by_system
    assert {"ptv-829": (geotextile,)} == register.products_by_document
    assert {"desk": (geotextile,)} == register.products_by_contact
    assert {"weverij": tuple(register.units.values())} == register.units_by_holder


def test_the_order_of_records_in_files_carries_no_meaning() -> None:
    numbers = ["1-23", "1/23", "1 23"]
    there, back = ([certificate(number=number) for number in way] for way in (numbers, numbers[::-1]))
    slugs = [Register(entries(certificates=records)).certificate_slugs for records in (there, back)]
    assert slugs[0] == slugs[1]
    assert len(set(slugs[0].values())) == 3


def test_the_export_day_begins_in_brussels() -> None:
    late = Register(entries(register=export(exported_at="2026-11-20T23:30:00Z")))
    assert dt.date(2026, 11, 21) == late.export_day
    assert late.status_of(late.certificates[KEY]) == Status.VALID


def test_a_group_has_one_id_in_every_language() -> None:
    products = [
        product(group={"nl": "Buizen", "en": "Pipes & sewers"}),
        product(id="b", group={"en": "Pipes and sewers"}),
        product(id="c", group={"nl": "Beton"}),
    ]
    found = Register(entries(products=products))
    assert list(found.groups) == ["beton", "pipes-and-sewers", "pipes-sewers"]
    assert group_id(found.products["geotextile"]) == "pipes-sewers"


def test_datasheet_addresses_are_made_of_codes(register: Register) -> None:
    assert register.datasheet_slugs == {"90012345": "90012345", "90012346": "90012346"}


def test_a_register_is_not_made_of_what_could_not_be_read() -> None:
    unread = entries()
    object.__setattr__(unread, "export", None)
    with pytest.raises(ValueError, match="without faults"):
        Register(unread)


@pytest.mark.parametrize(
    ("certificates", "until"),
    [
        ([{"valid_until": "2027-02-28"}], "2027-02-28"),
        ([{"valid_until": without}], None),
        ([{"valid_until": "2027-02-28"}, {"valid_until": "2027-06-30"}], "2027-06-30"),
        ([{"valid_until": "2027-02-28"}, {"valid_until": without}], None),
        ([{"valid_until": "2027-02-28"}, {"valid_from": "2027-03-01", "valid_until": without}], None),
        ([{"valid_until": "2027-02-28"}, {"valid_from": "2027-03-02", "valid_until": without}], "2027-02-28"),
        ([{"status_events": [{"date": "2026-12-01", "status": "suspended"}]}], "2026-11-30"),
    ],
)
def test_a_datasheet_is_covered_until_no_certificate_is_valid(certificates: list[Any], until: str | None) -> None:
    """Counted from the day of the export, as announced then; a gap of a day ends it."""
    made = [
        certificate(number=f"29/010{step}", **({"valid_from": "2020-01-01"} | changes))
        for step, changes in enumerate(certificates)
    ]
    keys = [{"system": made_["system"], "number": made_["number"]} for made_ in made]
    register = Register(entries(certificates=made, datasheets=[datasheet(certificates=keys)]))

    (sheet,) = register.datasheets.values()
    assert register.covered_until(sheet) == (dt.date.fromisoformat(until) if until else None)
