"""Each rule between records has one export that breaks it; the tiny register breaks none."""

from typing import Any

import pytest

from keur.checks import RULES, check
from keur.checks.index import Index
from keur.model import CertificateKey
from tests.builders import (
    certificate,
    characteristic,
    contact,
    datasheet,
    document,
    entries,
    export,
    holder,
    product,
    system,
    unit,
)

Case = tuple[str, dict[str, Any], list[str]]

OTHER_CERTIFICATE = {"system": "benor", "number": "29/0108"}
NOT_VALID = [{"date": "2025-01-01", "status": "withdrawn"}]
EVENT = {"date": "2025-03-01", "status": "suspended", "until": "2025-02-01"}

# The rule, the records that break it, and exactly what it says; ``!`` marks a warning.
BAD: list[Case] = [
    (
        "keys_stand_once",
        {"holders": [holder(), holder(name="Another")], "certificates": [certificate(), certificate()]},
        [
            'holders[1].id: must be unique: the holder "weverij" stands already at data/holders.yaml: holders[0]',
            (
                'certificates[1].number: must be unique: the certificate "benor 29/0107" stands already at'
                " data/certificates.yaml: certificates[0]"
            ),
        ],
    ),
    (
        "characteristics_stand_once",
        {"products": [product(characteristics=[characteristic(), characteristic(unit="MPa")])]},
        [
            (
                'products[0].characteristics[1].id: must be unique within "geotextile": this id stands already at'
                " data/products.yaml: products[0].characteristics[0]"
            )
        ],
    ),
    (
        "editions_stand_once",
        {"documents": [document(editions=[{"edition": "3.0"}, {"edition": "3.0"}])]},
        [
            (
                'documents[0].editions[1].edition: must be unique within "PTV 829": this edition stands already at'
                " data/documents.yaml: documents[0].editions[0]"
            )
        ],
    ),
    (
        "products_refer_to_records",
        {"products": [product(systems=["benor", "benorr"], documents=["ptv-830"], contact="nobody")]},
        [
            'products[0].systems[1]: must be a system of this export; found "benorr"; did you mean "benor"?',
            (
                'products[0].documents[0]: must be a reference document of this export; found "ptv-830"'
                '; did you mean "ptv-829"?'
            ),
            'products[0].contact: must be a contact of this export; found "nobody"',
        ],
    ),
    (
        "documents_refer_to_records",
        {"documents": [document(replaced_by="ptv-999-x")]},
        ['documents[0].replaced_by: must be a reference document of this export; found "ptv-999-x"'],
    ),
    (
        "units_refer_to_records",
        {"units": [unit(holder="weaver")]},
        ['units[0].holder: must be a holder of this export; found "weaver"; did you mean "weverij"?'],
    ),
    (
        "certificates_refer_to_records",
        {
            "certificates": [
                certificate(
                    system="copro",
                    product="gabion",
                    holder="x",
                    unit="y",
                    other_units=["z"],
                    documents=["tra-1", {"id": "ptv-829", "edition": "3.0"}],
                    replaced_by={"system": "benor", "number": "29-0107"},
                    replaces={"system": "benor", "number": "28/0001"},
                ),
                certificate(),
            ]
        },
        [
            'certificates[0].system: must be a system of this export; found "copro"',
            'certificates[0].product: must be a product of this export; found "gabion"',
            'certificates[0].holder: must be a holder of this export; found "x"',
            'certificates[0].unit: must be a production unit of this export; found "y"',
            'certificates[0].other_units[0]: must be a production unit of this export; found "z"',
            'certificates[0].documents[0]: must be a reference document of this export; found "tra-1"',
            (
                'certificates[0].replaced_by: must be a certificate of this export; found "benor 29-0107"'
                '; did you mean "benor 29/0107"?'
            ),
        ],
    ),
    (
        "certificates_name_editions_that_exist",
        {"certificates": [certificate(documents=[{"id": "ptv-829", "edition": "3.1"}])]},
        [
            'certificates[0].documents[0].edition: must be an edition of "PTV 829"; found "3.1"; did you mean "3.0"?',
        ],
    ),
    (
        "datasheets_refer_to_records",
        {"datasheets": [datasheet(certificates=[OTHER_CERTIFICATE], product="gabion", unit="y", conforms_to=["en-1"])]},
        [
            (
                'datasheets[0].certificates[0]: must be a certificate of this export; found "benor 29/0108"'
                '; did you mean "benor 29/0107"?'
            ),
            'datasheets[0].product: must be a product of this export; found "gabion"',
            'datasheets[0].unit: must be a production unit of this export; found "y"',
            'datasheets[0].conforms_to[0]: must be a reference document of this export; found "en-1"',
        ],
    ),
    (
        "datasheets_declare_characteristics_of_their_product",
        {"datasheets": [datasheet(characteristics=[{"id": "tensil", "value": "1"}])]},
        [
            (
                "datasheets[0].characteristics[0].id: must be a characteristic of the product"
                ' "geotextile"; found "tensil"; did you mean "tensile"?'
            )
        ],
    ),
    (
        "lists_name_each_record_once",
        {
            "products": [product(systems=["benor", "benor"])],
            "certificates": [certificate(other_units=["a", "a"], documents=["ptv-829", "ptv-829"])],
            "datasheets": [
                datasheet(
                    certificates=[OTHER_CERTIFICATE, OTHER_CERTIFICATE],
                    conforms_to=["ptv-829", "ptv-829"],
                    characteristics=[{"id": "tensile", "value": "1"}, {"id": "tensile", "value": "2"}],
                )
            ],
        },
        [
            "! products[0].systems[1]: is named twice in this list",
            "! certificates[0].other_units[1]: is named twice in this list",
            "! certificates[0].documents[1]: is named twice in this list",
            "! datasheets[0].certificates[1]: is named twice in this list",
            "! datasheets[0].conforms_to[1]: is named twice in this list",
            "! datasheets[0].characteristics[1]: is named twice in this list",
        ],
    ),
    (
        "counts_are_met",
        {"register": export(counts={"certificates": "2", "holders": "1", "datasheets": "0"})},
        [
            "counts.certificates: announces 2, but the files hold 1; the export may be cut",
            "counts.datasheets: announces 0, but the files hold 1; the export may be cut",
        ],
    ),
    (
        "numbers_match_their_system",
        {"certificates": [certificate(number="29/01077")]},
        [
            r'certificates[0].number: must match the number_pattern of "benor", "\d{2}/\d{4}"; found "29/01077"',
        ],
    ),
    (
        "systems_cover_certified_products",
        {"systems": [system(), system(id="copro")], "certificates": [certificate(system="copro")]},
        [
            'certificates[0].system: does not cover the product "geotextile", whose systems are benor; found "copro"',
        ],
    ),
    (
        "units_belong_to_the_certificate_holder",
        {"units": [unit(holder="other")]},
        [
            '! certificates[0].unit: must be a production unit of the holder "weverij"; "weverij-1" belongs to "other"',
        ],
    ),
    (
        "other_units_belong_to_the_certificate_holder",
        {
            "units": [unit(), unit(id="far", holder="other")],
            "certificates": [certificate(other_units=["far"])],
        },
        ['! certificates[0].other_units[0]: belongs to "other", not to the holder "weverij"'],
    ),
    (
        "datasheets_and_certificates_are_of_one_product",
        {"certificates": [certificate(product="gabion")]},
        [
            (
                '! datasheets[0].certificates[0]: must be a certificate of the product "geotextile"'
                '; "benor 29/0107" is of "gabion"'
            )
        ],
    ),
    (
        "datasheets_come_from_a_certified_unit",
        {"datasheets": [datasheet(unit="weverij-2")]},
        [
            '! datasheets[0].unit: must be a production unit of its certificates (weverij-1); found "weverij-2"',
        ],
    ),
    (
        "datasheets_have_one_holder",
        {
            "certificates": [certificate(), certificate(number="29/0108", holder="other")],
            "datasheets": [datasheet(certificates=[{"system": "benor", "number": "29/0107"}, OTHER_CERTIFICATE])],
        },
        [
            (
                "! datasheets[0].certificates: belong to several holders (weverij, other)"
                "; the first is shown as the datasheet's"
            )
        ],
    ),
    (
        "declared_numbers_are_numbers",
        {"datasheets": [datasheet(characteristics=[{"id": "tensile", "value": "20,5"}])]},
        [
            (
                "datasheets[0].characteristics[0].value: must be a plain number like 20 or 12.5,"
                ' because "tensile" is of kind number; found "20,5"'
            )
        ],
    ),
    (
        "declared_ranges_run_upwards",
        {"datasheets": [datasheet(characteristics=[{"id": "tensile", "min": "10.5", "max": "9.75"}])]},
        ["datasheets[0].characteristics[0].max: must not be below min, 10.5; found 9.75"],
    ),
    (
        "replacements_of_certificates_lead_on",
        {
            "certificates": [
                certificate(replaced_by=OTHER_CERTIFICATE),
                certificate(number="29/0108", replaced_by={"system": "benor", "number": "29/0107"}),
                certificate(number="29/0109", replaces={"system": "benor", "number": "29/0109"}),
                certificate(number="29/0110", replaced_by=OTHER_CERTIFICATE),
            ]
        },
        [
            (
                "certificates[0].replaced_by: must not lead back to the record itself"
                "; found benor 29/0107 → benor 29/0108 → benor 29/0107"
            ),
            "certificates[2].replaces: must not lead back to the record itself; found benor 29/0109 → benor 29/0109",
        ],
    ),
    (
        "replacements_of_documents_lead_on",
        {"documents": [document(id=f"d{n}", replaced_by=f"d{(n + 1) % 9}") for n in range(9)]},
        [
            "documents[0].replaced_by: must not lead back to the record itself; found d0 → d1 → d2 → … → d8 → d0",
        ],
    ),
    (
        "valid_datasheets_have_a_valid_certificate",
        {"certificates": [certificate(status_events=NOT_VALID)]},
        [
            (
                "! datasheets[0].code: is valid on 2026-11-21, but none of its certificates is"
                " (benor 29/0107: withdrawn): it covers no delivery"
            )
        ],
    ),
    (
        "validity_ends_after_it_begins",
        {"certificates": [certificate(valid_until="2023-05-11")], "datasheets": [datasheet(valid_until="2020-01-01")]},
        [
            "certificates[0].valid_until: must not be before valid_from, 2023-05-12; found 2023-05-11",
            "datasheets[0].valid_until: must not be before valid_from, 2023-06-01; found 2020-01-01",
        ],
    ),
    (
        "editions_end_after_they_begin",
        {"documents": [document(editions=[{"edition": "1", "valid_from": "2019-01-01", "valid_until": "2018-12-31"}])]},
        [
            "documents[0].editions[0].valid_until: must not be before valid_from, 2019-01-01; found 2018-12-31",
        ],
    ),
    (
        "suspensions_end_after_they_begin",
        {"certificates": [certificate(status_events=[EVENT])]},
        [
            "certificates[0].status_events[0].until: must not be before the event's date, 2025-03-01; found 2025-02-01",
        ],
    ),
    (
        "certificates_are_issued_before_they_end",
        {"certificates": [certificate(issued="2027-03-01")]},
        [
            (
                "! certificates[0].issued: is after valid_until, 2027-02-28: a certificate is issued before it ends"
                "; found 2027-03-01"
            )
        ],
    ),
    (
        "nothing_is_issued_after_the_export",
        {"certificates": [certificate(issued="2026-11-22")], "datasheets": [datasheet(date="2027-01-01")]},
        [
            "! certificates[0].issued: is after the day of the export, 2026-11-21; found 2026-11-22",
            "! datasheets[0].date: is after the day of the export, 2026-11-21; found 2027-01-01",
        ],
    ),
    (
        "numbers_are_no_placeholders",
        {
            "certificates": [certificate(number="N/A")],
            "datasheets": [datasheet(code="-")],
            "documents": [document(number="tbd")],
            "units": [unit(number="onbekend")],
        },
        [
            '! certificates[0].number: looks like a placeholder, not like a number; found "N/A"',
            '! datasheets[0].code: looks like a placeholder, not like a number; found "-"',
            '! documents[0].number: looks like a placeholder, not like a number; found "tbd"',
            '! units[0].number: looks like a placeholder, not like a number; found "onbekend"',
        ],
    ),
    (
        "numbers_have_addresses_of_their_own",
        {"certificates": [certificate(number="1-23"), certificate(number="1/23")]},
        [
            (
                "! certificates[1].number: is written like another number; its address is told apart as"
                ' "benor-1-23-b1fb994065", the other is at data/certificates.yaml: certificates[0].number'
            )
        ],
    ),
    (
        "texts_are_in_every_language",
        {
            "register": export(title={"nl": "Register"}),
            "systems": [system(name={"nl": "A", "fr": "B"}), system(id="copro", name={"nl": "C", "fr": "D"})],
            "products": [
                product(
                    synonyms={"nl": ["doek", "vlies"], "fr": "voile"},
                    characteristics=[characteristic(name={"nl": "Sterkte"})],
                )
            ],
        },
        [
            "! title: has no translation in fr, en",
            "! systems[0].name: has no translation in en, like 1 more in this file",
            "! products[0].synonyms: has no translation in en",
            "! products[0].characteristics[0].name: has no translation in fr, en",
        ],
    ),
    (
        "groups_are_written_alike",
        {"products": [product(group={"en": "Pipes"}), product(id="b", group={"en": "Pipes", "nl": "Buizen"})]},
        [
            (
                '! products[1].group: is one group with "Pipes" but written otherwise; the first is shown, from'
                " data/products.yaml: products[0].group"
            )
        ],
    ),
    (
        "holders_stand_once",
        {
            "holders": [
                holder(),
                holder(id="two", name="WEVERIJ-VLIERBEKE"),
                holder(id="three", name="Weverij Vliérbeke", country="FR"),
            ]
        },
        [
            (
                "! holders[1].name: is the name of another holder too; one firm should have one id; see"
                " data/holders.yaml: holders[0]"
            )
        ],
    ),
    (
        "enterprise_numbers_stand_once",
        {
            "holders": [
                holder(enterprise_number="BE 0123.456.749"),
                holder(id="two", enterprise_number="0123456749"),
                holder(id="three"),
            ]
        },
        [
            (
                "! holders[1].enterprise_number: is the number of another holder too; one firm should have one id; see"
                " data/holders.yaml: holders[0]"
            )
        ],
    ),
    (
        "filters_have_few_values",
        {"products": [product(characteristics=[characteristic(kind="text", filterable="true")])]},
        [
            (
                "! products[0].characteristics[0].kind: is text, in which a filter finds no order"
                "; a filterable one should be number or choice"
            )
        ],
    ),
    (
        "gtins_have_their_check_digit",
        {"datasheets": [datasheet(gtin="5412345000014"), datasheet(gtin="54123450")]},
        [
            '! datasheets[0].gtin: has the wrong check digit, it should be 3; found "5412345000014"',
            '! datasheets[1].gtin: has the wrong check digit, it should be 8; found "54123450"',
        ],
    ),
    (
        "coordinates_come_in_pairs",
        {"units": [unit(latitude="50.9")]},
        ["! units[0].latitude: stands alone; a place needs latitude and longitude"],
    ),
]


def _said(problem: object) -> str:
    _, _, rest = str(problem).partition(": ")
    return f"! {rest.removeprefix('warning: ')}" if rest.startswith("warning: ") else rest


@pytest.mark.parametrize(("name", "changes", "expected"), BAD, ids=[case[0] for case in BAD])
def test_a_rule_names_what_breaks_it(name: str, changes: dict[str, Any], expected: list[str]) -> None:
    rule = {rule.__name__: rule for rule in RULES}[name]
    assert expected == [_said(problem) for problem in rule(Index(entries(**changes), ["nl", "fr", "en"]))]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_accepts_the_good_register(rule: Any) -> None:
    good = entries(
        register=export(title={"nl": "R", "fr": "R", "en": "R"}, counts={"certificates": "2", "contacts": "1"}),
        documents=[document(replaced_by="ptv-830"), document(id="ptv-830", number="PTV 830")],
        units=[unit(latitude="50.9", longitude="4.7", number="12"), unit(id="weverij-2")],
        holders=[holder(enterprise_number="0123456749"), holder(id="two", name="Two")],
        contacts=[contact()],
        certificates=[
            certificate(
                issued="2023-05-12",
                other_units=["weverij-2"],
                documents=[{"id": "ptv-829", "edition": "3.0"}],
                replaces=OTHER_CERTIFICATE,
                status_events=[
                    {"date": "2024-01-01", "status": "suspended", "until": "2024-02-01"},
                    {"date": "2024-01-20", "status": "valid"},
                ],
            ),
            certificate(number="29/0108", replaced_by={"system": "benor", "number": "29/0107"}),
        ],
        datasheets=[
            datasheet(
                unit="weverij-2",
                date="2023-06-01",
                valid_until="2026-12-31",
                conforms_to=["ptv-829"],
                gtin="5412345000013",
                characteristics=[{"id": "tensile", "min": "9.75", "max": "10.5"}],
            )
        ],
    )
    assert list(rule(Index(good, ["nl", "fr", "en"]))) == []


def test_every_rule_has_a_bad_test_and_says_what_it_ensures() -> None:
    assert sorted(rule.__name__ for rule in RULES) == sorted(name for name, _, _ in BAD)
    assert all((rule.__doc__ or "").startswith("Ensure") for rule in RULES)


def test_records_at_fault_are_no_dangling_references() -> None:
    """What is wrong with them has been said; the same again at each reference would bury it."""
    found = entries(
        holders=[],
        contacts=[],
        certificates=[],
        unread_keys={
            "holders": frozenset({"weverij"}),
            "certificates": frozenset({CertificateKey("benor", "29/0107")}),
        },
        incomplete=frozenset({"contacts"}),
    )
    assert [str(problem) for problem in check(found, ["en"])] == []


def test_counts_hold_for_records_at_fault_too() -> None:
    found = entries(register=export(counts={"certificates": "2"}), held={"certificates": 2})
    assert list(check(found, ["en"])) == []


def test_without_a_register_file_the_rules_still_run() -> None:
    found = entries(certificates=[certificate(system="copro")])
    object.__setattr__(found, "export", None)
    assert any("copro" in str(problem) for problem in check(found, ["en"]))


def test_ten_thousand_dangling_references_take_little_time() -> None:
    """A suggestion is looked for a limited number of times; every reference is still named."""
    many = [datasheet(code=str(n), certificates=[{"system": "benor", "number": f"1/{n:05}"}]) for n in range(10_000)]
    problems = list(check(entries(datasheets=many), ["en"]))
    assert len(problems) == 10_000
