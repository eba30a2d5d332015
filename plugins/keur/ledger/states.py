"""What the ledger keeps of a record: its state, as canonical JSON, and how that is read again.

A state has what a tombstone and the question "was it valid on that day?" need, in the words of the export format, and
nothing that is personal: no contact, no street, no free text. What else a certificate or datasheet says is kept as a
short hash (``digest``), so that a change of it is noticed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from keur.ledger.chain import canonical
from keur.model import (
    Certificate,
    CertificateKey,
    CertificateReference,
    Datasheet,
    Document,
    Holder,
    Precision,
    Product,
    Register,
    StatusEvent,
    System,
    Text,
    Unit,
)
from keur.model.memory import Dates, bare_event

State = Mapping[str, Any]

_DIGEST_LENGTH = 16


def encode_state(register: Register, kind: str, record: Any) -> bytes:
    """Return the state of a record of a kind as canonical JSON."""
    return canonical({name: value for name, value in _STATES[kind](register, record).items() if value})


def _system(_: Register, system: System) -> State:
    return {"name": _texts(system.name)}


def _product(_: Register, product: Product) -> State:
    return {"name": _texts(product.name)}


def _document(_: Register, document: Document) -> State:
    return {
        "kind": document.kind.value,
        "number": document.number,
        "title": _texts(document.title),
        "replaced_by": document.replaced_by,
    }


def _holder(_: Register, holder: Holder) -> State:
    return {"name": holder.name}


def _unit(_: Register, unit: Unit) -> State:
    return {"name": unit.name, "city": unit.address.city, "country": unit.address.country}


def _certificate(_: Register, certificate: Certificate) -> State:
    return {
        "product": certificate.product,
        "holder": certificate.holder,
        "unit": certificate.unit,
        "replaces": _reference(certificate.replaces),
        "replaced_by": _reference(certificate.replaced_by),
        **_dates(certificate),
    }


def _datasheet(register: Register, datasheet: Datasheet) -> State:
    return {
        "trade_name": datasheet.trade_name,
        "product": datasheet.product,
        "holder": register.holder_of(datasheet).id,
        "unit": datasheet.unit,
        "certificates": [list(reference.key) for reference in datasheet.certificates],
        **_dates(datasheet),
    }


_STATES: Mapping[str, Callable[[Register, Any], State]] = {
    "systems": _system,
    "products": _product,
    "documents": _document,
    "holders": _holder,
    "units": _unit,
    "certificates": _certificate,
    "datasheets": _datasheet,
}


def _texts(text: Text) -> str | dict[str, str]:
    return text.in_languages(())[0] if text.is_plain else dict(text.translations)


def _reference(reference: CertificateReference | None) -> list[str] | None:
    return list(reference.key) if reference else None


def _dates(record: Certificate | Datasheet) -> State:
    return {
        "valid_from": record.valid_from.isoformat(),
        "valid_until": record.valid_until.isoformat() if record.valid_until else None,
        "status_events": [_event(event) for event in Dates.of(record).status_events] if record.status_events else None,
        "digest": _digest(record),
    }


def _digest(record: Certificate | Datasheet) -> str:
    """Return the short hash of all that a record says."""
    content = record.model_dump_json(exclude_defaults=True, by_alias=True)
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:_DIGEST_LENGTH]


def digest_part(record: Certificate | Datasheet) -> bytes:
    """Return the short hash of all that a record says, as it stands in the bytes of its state."""
    return b'"digest":"%s"' % _digest(record).encode()


def _event(event: StatusEvent) -> dict[str, str]:
    exact = {} if event.precision is Precision.DAY else {"precision": event.precision.value}
    return {"date": event.date.isoformat(), "status": event.status.value, **exact}


def shown_parts(record: Certificate | Datasheet) -> Iterator[bytes]:
    """Yield the parts of a record's state that showings are made of, as they stand in its bytes."""
    yield b'"valid_from":"%s"' % record.valid_from.isoformat().encode()
    if record.valid_until:
        yield b'"valid_until":"%s"' % record.valid_until.isoformat().encode()
    if record.status_events:
        yield canonical({"status_events": [_event(event) for event in Dates.of(record).status_events]})[1:-1]
    if isinstance(record, Datasheet):
        yield b'"certificates":[%s]' % b",".join(_encoded_key(*reference.key) for reference in record.certificates)


def unshown_parts(record: Certificate | Datasheet) -> Iterator[bytes]:
    """Yield what must not stand in a record's state, for the record says nothing of it."""
    if not record.valid_until:
        yield b'"valid_until":'
    if not record.status_events:
        yield b'"status_events":'


@cache
def _encoded_key(system: str, number: str) -> bytes:
    return canonical([system, number])


def read_string(value: Any) -> str:
    """Return a plain text of a state. Raises ``TypeError`` where it is none."""
    if not isinstance(value, str):
        raise TypeError
    return value


def read_text(value: Any) -> Text:
    """Return a translatable text of a state."""
    if isinstance(value, str):
        return Text.plain(value)
    if not value:
        raise TypeError
    return Text(tuple((read_string(tag), read_string(text)) for tag, text in value.items()))


def read_key(value: Any) -> CertificateKey | None:
    """Return a certificate's key of a state, None where there is none."""
    return CertificateKey(*map(read_string, value)) if value else None


def read_certificates(state: State) -> tuple[CertificateKey, ...]:
    """Return the certificates that a datasheet of a state hung on."""
    return tuple(CertificateKey(*map(read_string, pair)) for pair in state.get("certificates", ()))


def read_dates(state: State) -> Dates:
    """Return the dates of a state that decide its status."""
    until = state.get("valid_until")
    return Dates(
        dt.date.fromisoformat(state["valid_from"]),
        dt.date.fromisoformat(until) if until else None,
        tuple(
            bare_event(event["date"], event["status"], event.get("precision", Precision.DAY))
            for event in state.get("status_events", ())
        ),
    )
