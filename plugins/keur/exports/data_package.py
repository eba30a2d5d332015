"""``datapackage.json``: what the data files hold, their hashes, their columns, and how cells are made as they were.

It follows the Data Package standard (datapackage.org, version 2). The properties that it does not know are Keur's:
``demonstration``, ``exported_at`` and ``export_day`` of the package, ``defused`` with the two regular expressions,
``conformsTo`` of a JSON file, ``language`` and ``derived`` of a column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from keur import urls
from keur.exports.cells import DEFUSED, UNDONE
from keur.exports.shapes import Json
from keur.exports.tables import Table, TableShape, key_columns, parent_column
from keur.model import RECORD_KINDS, Register
from keur.urls import Urls

_LICENCE_NAME = re.compile(r"[A-Za-z0-9._-]+")


class DataFile(NamedTuple):
    """A data file as it stands in the site: its name below ``/data/``, its SHA-256 in hex, its size in bytes."""

    name: str
    sha256: str
    size: int


def data_package(register: Register, site_urls: Urls, tables: Mapping[str, Table], files: Sequence[DataFile]) -> bytes:
    """Return ``datapackage.json``; ``tables`` are those of CSV files by their names, ``files`` what there is."""
    export = register.export
    publisher = export.publisher
    package: Json = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "register",
        "title": export.title.in_languages(("en",))[0],
        "description": DESCRIPTION,
        "homepage": site_urls.canonical(urls.root()) or publisher.url,
        "created": export.exported_at.isoformat(),
        "contributors": [{"title": publisher.name, "path": publisher.url, "roles": ["publisher"]}],
        "demonstration": export.demonstration,
        "exported_at": export.exported_at.isoformat(),
        "export_day": export.day.isoformat(),
        "licence": export.licence,
        **({"licenses": [licence(export.licence)]} if export.licence else {}),
        "defused": {
            "description": (
                "Cells of text in the CSV files: where the first expression is found, an apostrophe stands after its "
                "group, so that no spreadsheet runs what follows. Replace the second by its group to have the text as "
                "it was. Cells of other types, and the JSON files, are exact."
            ),
            "pattern": DEFUSED,
            "undo": UNDONE,
            "types": ["string", "list"],
        },
        "resources": [_resource(site_urls, file, tables) for file in files],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


DESCRIPTION = (
    "Certificates and technical datasheets of a certification body, with the systems, products, reference documents, "
    "holders and production units they name. A certificate shows trust in the holder's self-monitoring at one "
    "production unit; only a technical datasheet shows that a product is certified, and it covers a delivery only "
    "while both it and its certificate are valid."
)


def licence(stated: str) -> Json:
    """Return a licence as a data package has it: an address, or a name."""
    if stated.startswith(("https://", "http://")):
        return {"path": stated}
    if _LICENCE_NAME.fullmatch(stated):
        return {"name": stated}
    return {"name": re.sub(r"[^A-Za-z0-9._]+", "-", stated).strip("-") or "licence", "title": stated}


def _resource(site_urls: Urls, file: DataFile, tables: Mapping[str, Table]) -> Json:
    name, _, ending = file.name.partition(".")
    common = {"path": file.name, "encoding": "utf-8", "bytes": file.size, "hash": f"sha256:{file.sha256}"}
    if ending == "csv":
        return {
            "name": name,
            "type": "table",
            **common,
            "format": "csv",
            "mediatype": "text/csv",
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
            "schema": _table_schema(tables[name]),
        }
    schema = site_urls.address(urls.json_schema(name))
    return {
        "name": f"{name}-json",
        **common,
        "format": "json",
        "mediatype": "application/json",
        "conformsTo": schema,
    }


def _table_schema(table: Table) -> Json:
    shape = table.shape
    keys: Iterable[str] = key_columns(shape.kind)
    parent = [parent_column(shape.kind, key) for key in keys]
    schema: Json = {
        "fields": table.fields,
        "missingValues": [""],
        "primaryKey": [*parent, "position"] if shape.part_field else list(keys),
    }
    foreign = [_foreign(column, kind, "id") for column, kind in _leads_to(shape)]
    if shape.part_field:
        foreign.append({"fields": parent, "reference": {"resource": shape.kind, "fields": list(keys)}})
    return schema | ({"foreignKeys": foreign} if foreign else {})


def _foreign(column: str, kind: str, key: str) -> Json:
    return {"fields": [column], "reference": {"resource": kind, "fields": [key]}}


def _leads_to(shape: TableShape) -> Iterable[tuple[str, str]]:
    """Yield the columns that hold the id of one other record, with its kind."""
    if shape.name == "certificates_documents":
        yield "id", "documents"
    if shape.part_field is None:
        for column in shape.columns:
            kind = f"{column.name}s"
            if kind in RECORD_KINDS and kind != shape.kind:
                yield column.name, kind
    if shape.name == "documents":
        yield "replaced_by", "documents"
