"""Records are typed strictly: every fault is named at its field, in words for a person who edits data."""

import datetime as dt
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from keur.loading.faults import record_faults
from keur.model import (
    Certificate,
    CertificateKey,
    CertificateReference,
    CharacteristicKind,
    Contact,
    Counts,
    Datasheet,
    Document,
    DocumentReference,
    Export,
    Holder,
    Precision,
    Product,
    Status,
    System,
    Text,
    Unit,
)
from keur.problems import Place
from tests.builders import (
    certificate,
    characteristic,
    contact,
    datasheet,
    document,
    export,
    holder,
    product,
    system,
    unit,
    without,
)

Raw = dict[str, Any]


def _faults(model: type[BaseModel], raw: object) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(raw)
    return [f"{Place('', path).field}: {message}" for path, message in record_faults(refused.value, model)]


def test_a_certificate_is_typed() -> None:
    record = Certificate.model_validate(
        certificate(
            other_units=["weverij-2"],
            documents=["ptv-829", {"id": "tra-29", "edition": "2"}],
            scope={"nl": "Doek"},
            status_events=[{"date": "2024-01-01", "status": "suspended", "precision": "month"}],
            replaced_by={"system": "benor", "number": "29/0108"},
        )
    )
    assert record.key == CertificateKey("benor", "29/0107")
    assert record.units == ("weverij-1", "weverij-2")
    assert record.documents == (DocumentReference(id="ptv-829"), DocumentReference(id="tra-29", edition="2"))
    assert record.scope == Text((("nl", "Doek"),))
    assert record.valid_until == dt.date(2027, 2, 28)
    assert record.status_events[0].status is Status.SUSPENDED
    assert record.status_events[0].precision is Precision.MONTH
    assert record.replaced_by == CertificateReference(system="benor", number="29/0108")
    assert record.replaced_by.key == CertificateKey("benor", "29/0108")


@pytest.mark.parametrize(
    ("model", "raw"),
    [
        (System, system()),
        (Product, product()),
        (Document, document()),
        (Holder, holder()),
        (Unit, unit()),
        (Contact, contact()),
        (Datasheet, datasheet()),
    ],
)
def test_a_record_has_a_key_and_is_frozen(model: Any, raw: Raw) -> None:
    record = model.model_validate(raw)
    assert record.key == raw.get("id", raw.get("code"))
    assert hash(record) == hash(model.model_validate(raw))
    with pytest.raises(ValidationError):
        record.id = "other"


def test_an_export_is_typed() -> None:
    record = Export.model_validate(export(demonstration="true", counts={"certificates": "480"}))
    assert record.schema_ == 1
    assert record.demonstration is True
    assert record.counts == Counts.model_validate({"certificates": "480"})
    assert record.day == dt.date(2026, 11, 21)


def test_optional_fields_without_a_value_are_not_given() -> None:
    """An exporter may write every key, and nothing after those that are not known."""
    full = Certificate.model_validate(certificate())
    nothing = dict.fromkeys(set(Certificate.model_fields) - set(certificate()))
    assert Certificate.model_validate(certificate() | nothing) == full
    assert Export.model_validate(export(demonstration=None, counts=None, accreditations=None)).counts == Counts()
    kind = Product.model_validate(product(characteristics=[characteristic(kind=None, filterable=None)]))
    assert kind.characteristics[0].kind is CharacteristicKind.TEXT
    event = {"date": "2024-01-01", "status": "trial", "precision": None, "until": None}
    dated = Certificate.model_validate(certificate(status_events=[event]))
    assert dated.status_events[0].precision is Precision.DAY


KINDS = "quality-mark, technical-approval, execution, ce-marking, management-system, environment"
ID = "must be an id: small letters a-z, digits and hyphens, 63 at most, beginning with a letter or digit"

BAD: list[tuple[type[BaseModel], object, list[str]]] = [
    (System, [], [": must be a mapping of keys to values; found a list"]),
    (System, None, [": must be a mapping of keys to values; found nothing"]),
    (System, "benor", [': must be a mapping of keys to values; found "benor"']),
    (System, {}, ["id: must be given", "name: must be given", "kind: must be given", "owner: must be given"]),
    (
        System,
        system(kind="mark"),
        [(f'kind: must be one of {KINDS}; found "mark"')],
    ),
    (System, system(kind=None), ["kind: must not be empty"]),
    (
        System,
        system(kind=["x"]),
        [(f"kind: must be one of {KINDS}; found a list")],
    ),
    (System, system(nmae="x"), ['nmae: is not a known key; did you mean "name"?']),
    (
        System,
        system(zzzz="x"),
        [
            (
                "zzzz: is not a known key; known here: accreditation, committee, description, id, kind, name,"
                " number_pattern, owner, url"
            )
        ],
    ),
    (
        Unit,
        unit(address={"city": "Gent", "country": "BE", "zipcode": "1"}),
        ['address.zipcode: is not a known key; did you mean "postcode"?'],
    ),
    (Unit, unit(address=None), ["address: must be a mapping of keys to values; found nothing"]),
    (Unit, unit(address=without), ["address: must be given"]),
    (Unit, unit(latitude="91"), ['latitude: must be degrees between -90 and 90; found "91"']),
    (Product, product(systems=[]), ["systems: must hold at least one"]),
    (Product, product(systems="benor"), ['systems: must be a list; found "benor"']),
    (Product, product(systems=None), ["systems: must be a list; found nothing"]),
    (
        Product,
        product(systems=[None, "BENOR"]),
        [
            "systems[0]: must not be empty",
            (f'systems[1]: {ID}; found "BENOR"'),
        ],
    ),
    (Product, product(name={"nl": "x", "frans": "y"}), ['name.frans: must be a language code like nl; found "frans"']),
    (Product, product(name={"nl": "x", "fr": ""}), ["name.fr: must not be empty"]),
    (Product, product(synonyms={"nl": ["a", ""]}), ["synonyms.nl[1]: must not be empty"]),
    (
        Product,
        product(characteristics=[characteristic(filterable="yes")]),
        ['characteristics[0].filterable: must be true or false; found "yes"'],
    ),
    (
        Certificate,
        certificate(valid_until="31/02/2027"),
        ['valid_until: must be a date like 2027-02-28; found "31/02/2027"'],
    ),
    (Certificate, certificate(valid_from=None), ["valid_from: must not be empty"]),
    (
        Certificate,
        certificate(status_events=[{"date": "2024-01-01", "status": "not-yet-valid"}]),
        [
            (
                "status_events[0].status: must be one of trial, valid, suspended, withdrawn, ended, expired, superseded"
                '; found "not-yet-valid"'
            )
        ],
    ),
    (
        Certificate,
        certificate(documents=[["x"], {"edition": "1"}, {"id": "a", "editon": "1"}]),
        [
            "documents[0]: must be a mapping of keys to values; found a list",
            "documents[1].id: must be given",
            'documents[2].editon: is not a known key; did you mean "edition"?',
        ],
    ),
    (Certificate, certificate(replaces="29/0106"), ['replaces: must be a mapping of keys to values; found "29/0106"']),
    (Datasheet, datasheet(certificates=[]), ["certificates: must hold at least one"]),
    (
        Datasheet,
        datasheet(characteristics=[{"id": "tensile"}]),
        ["characteristics[0]: must have a value, or min or max"],
    ),
    (
        Datasheet,
        datasheet(characteristics=[{"id": "tensile", "value": "1", "max": "2"}]),
        ["characteristics[0]: must have either a value, or min and max, not both"],
    ),
    (
        Datasheet,
        datasheet(characteristics=[{"id": "tensile", "min": "1,5"}]),
        ['characteristics[0].min: must be a plain number like 20 or 12.5; found "1,5"'],
    ),
    (Export, export(schema="2"), ['schema: must be 1, the only schema there is; found "2"']),
    (
        Export,
        export(counts={"certificate": "1"}),
        ['counts.certificate: is not a known key; did you mean "certificates"?'],
    ),
    (
        Export,
        export(title="{message} {inside}", publisher="x"),
        ['publisher: must be a mapping of keys to values; found "x"'],
    ),
    (
        Holder,
        holder(name=["{message}"], country="{inside}"),
        [
            "name: must be text; found a list",
            'country: must be a country code of two capitals like BE, or ZZ where it is not known; found "{inside}"',
        ],
    ),
]


@pytest.mark.parametrize(("model", "raw", "expected"), BAD)
def test_every_fault_of_a_record_is_named_at_its_field(
    model: type[BaseModel], raw: object, expected: list[str]
) -> None:
    assert _faults(model, raw) == expected


def test_the_class_of_a_declared_value_is_read() -> None:
    record = Datasheet.model_validate(datasheet(characteristics=[{"id": "a", "min": "1", "class": "T4"}]))
    assert record.characteristics[0].performance_class == "T4"
