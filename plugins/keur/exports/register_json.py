"""The whole register as JSON: a file a kind of record, exact, with what held on the day of the export.

Each file has a record on a line, so a program can read it line by line, and is made record by record.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from keur import urls
from keur.exports.about import About, json_bytes, json_line, json_lines
from keur.exports.json_schemas import FILE_SCHEMAS
from keur.exports.pieces import Piece, Pieces, PieceSource, made_anew
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

    def file(self, name: str, pieces: PieceSource = made_anew) -> bytes:
        """Return a file by its name: a kind of record, ``register`` or ``unlisted``."""
        head = self.about.of_whole(name)
        if name in RECORD_KINDS:
            day = self.register.export_day.isoformat().encode()
            records = getattr(self.register, name)
            made = pieces(Pieces(f"{name}.json", name, records, partial(self._piece, name)))
            return json_lines(head, name, [day.join(piece) for piece in made])
        if name == "unlisted":
            return json_lines(head, name, self._unlisted())
        return json_bytes({**head, "register": self._export(), "files": self._files()})

    def _export(self) -> Json:
        encoded = encode(self.register.export)
        return {name: encoded[name] for name in encoded if name not in ("schema", "source", "counts")}

    def _files(self) -> list[str]:
        names = ("datapackage.json", *(f"{name}.json" for name in FILE_SCHEMAS if name != "register"))
        return [self.urls.address(urls.data_file(name)) for name in names]

    def _piece(self, kind: str, key: Any, record: AnyRecord) -> Piece:
        made: Json = {"record": encode(record)}
        links = record_links(self.register, self.urls, kind, key)
        if links:
            made["links"] = links
        if not isinstance(record, Certificate | Datasheet):
            return (json_line(made),)
        held = json_line(held_on_export_day(self.register, record))
        return json_line(made)[:-1] + b',"on_export_day":{"day":"', b'",' + held[1:] + b"}"

    def _unlisted(self) -> Iterator[bytes]:
        memory, records = self.register.memory, self.records
        for certificate in memory.certificates.values():
            yield records.unlisted_certificate(certificate).removesuffix(b"\n")
        for sheet in memory.datasheets.values():
            yield records.unlisted_datasheet(sheet).removesuffix(b"\n")
        for product in memory.products.values():
            yield records.unlisted_product(product).removesuffix(b"\n")
        for document in memory.documents.values():
            yield records.unlisted_document(document).removesuffix(b"\n")


def record_links(register: Register, site_urls: Urls, kind: str, key: Any) -> Json:
    """Return where a record stands: its JSON, and its permalink where it has one; nothing of a unit or contact."""
    if kind in ("units", "contacts"):
        return {}
    name = register.name_in_addresses(kind, key)
    links: Json = {"json": site_urls.address(urls.record_json(kind, name))}
    if kind in urls.PERMALINK_KINDS:
        links["permalink"] = site_urls.address(urls.permalink(kind, name))
    return links


def held_on_export_day(register: Register, record: Certificate | Datasheet) -> Json:
    """Return what held for a certificate or datasheet on the day of the export, to stand beside that day."""
    status = register.status_of(record)
    held: Json = {"status": status.value}
    if isinstance(record, Datasheet):
        held["covered"] = status is Status.VALID and register.is_covered(record)
    return held
