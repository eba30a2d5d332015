"""The whole register as JSON: a file a kind of record, exact, with what held on the day of the export.

Each file has a record on a line, so a program can read it line by line, and is made record by record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from keur import urls
from keur.exports.about import About, json_bytes, json_lines
from keur.exports.json_schemas import FILE_SCHEMAS
from keur.exports.record_json import RecordJson
from keur.exports.shapes import Json, encode
from keur.model import RECORD_KINDS, AnyRecord, Certificate, Datasheet, Register, Status
from keur.urls import Urls


class RegisterJson:
    """Makes the JSON files of a register."""

    def __init__(self, register: Register, site_urls: Urls, records: RecordJson) -> None:
        self.register = register
        self.urls = site_urls
        self.records = records
        self.about = About(register, site_urls)

    def file(self, name: str) -> bytes:
        """Return a file by its name: a kind of record, ``register`` or ``unlisted``."""
        head = self.about.of_whole(name)
        if name in RECORD_KINDS:
            return json_lines(head, name, self._records(name))
        if name == "unlisted":
            return json_lines(head, name, self._unlisted())
        return json_bytes({**head, "register": self._export(), "files": self._files()})

    def _export(self) -> Json:
        encoded = encode(self.register.export)
        return {name: encoded[name] for name in encoded if name not in ("schema", "source", "counts")}

    def _files(self) -> list[str]:
        names = ("datapackage.json", *(f"{name}.json" for name in FILE_SCHEMAS if name != "register"))
        return [self.urls.address(urls.data_file(name)) for name in names]

    def _records(self, kind: str) -> Iterator[Json]:
        for key, record in getattr(self.register, kind).items():
            made: Json = {"record": encode(record)}
            links = record_links(self.register, self.urls, kind, key)
            if links:
                made["links"] = links
            if isinstance(record, Certificate | Datasheet):
                made["on_export_day"] = on_export_day(self.register, record)
            yield made

    def _unlisted(self) -> Iterator[Any]:
        memory, records = self.register.memory, self.records
        for certificate in memory.certificates.values():
            yield json.loads(records.unlisted_certificate(certificate))
        for sheet in memory.datasheets.values():
            yield json.loads(records.unlisted_datasheet(sheet))
        for product in memory.products.values():
            yield json.loads(records.unlisted_product(product))
        for document in memory.documents.values():
            yield json.loads(records.unlisted_document(document))


def record_links(register: Register, site_urls: Urls, kind: str, key: Any) -> Json:
    """Return where a record stands: its JSON, and its permalink where it has one; nothing of a unit or contact."""
    if kind in ("units", "contacts"):
        return {}
    name = register.name_in_addresses(kind, key)
    links: Json = {"json": site_urls.address(urls.record_json(kind, name))}
    if kind in urls.PERMALINK_KINDS:
        links["permalink"] = site_urls.address(urls.permalink(kind, name))
    return links


def on_export_day(register: Register, record: AnyRecord) -> Json:
    """Return what held for a certificate or datasheet on the day of the export, labelled with that day."""
    if not isinstance(record, Certificate | Datasheet):
        raise TypeError(f"a {type(record).__name__} has no status")
    status = register.status_of(record)
    held: Json = {"day": register.export_day.isoformat(), "status": status.value}
    if isinstance(record, Datasheet):
        held["covered"] = status is Status.VALID and register.is_covered(record)
    return held
