"""The published JSON Schemas of Keur's JSON: a file for each kind of record, and one for each file of the register.

They are made from the shapes of the models, so they say what is written and nothing looser. ``definitions`` holds all
of them by name; OpenAPI takes the same ones.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from keur.exports.shapes import Json, part_of, reference, schema_of
from keur.model import RECORD_KINDS, CertificateReference, Contact, Export, Status
from keur.model.texts import LANGUAGE_TAG
from keur.urls import SCHEMA_VERSION, Urls, json_schema

SINGULAR = {kind: kind.removesuffix("s") for kind in RECORD_KINDS}
"""What one record of a kind is called."""
RECORD_SCHEMAS = ("certificate", "datasheet", "product", "document", "holder", "system")
"""Kinds of records that have a JSON file each; that of a unit is part of its holder's."""
WITH_TOMBSTONES = ("certificate", "datasheet", "product", "document")
"""Of these, the kinds that are remembered when they are no longer listed."""
FILE_SCHEMAS = (*RECORD_KINDS, "register", "unlisted")
"""Files of the whole register."""
DATED = ("certificate", "datasheet")
"""Kinds of records that have a status."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DAY: Json = {"type": "string", "format": "date"}
_ADDRESS: Json = {"type": "string", "format": "uri-reference"}


def json_schemas(site_urls: Urls) -> dict[str, bytes]:
    """Return each published schema by its public path."""
    made = {}
    for name in (*RECORD_SCHEMAS, *FILE_SCHEMAS):
        path = json_schema(name)
        body = definitions()[_title(name)]
        schema = {"$schema": _DIALECT, "$id": site_urls.address(path), "title": name, **body}
        used = _used(body)
        if used:
            schema["$defs"] = {other: definitions()[other] for other in sorted(used)}
        made[path] = (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()
    return made


def _used(schema: Any, found: set[str] | None = None) -> set[str]:
    """Return the names of all definitions that a schema leads to."""
    found = set() if found is None else found
    for name in re.findall(r'"#/\$defs/([A-Za-z]+)"', json.dumps(schema)):
        if name not in found:
            found.add(name)
            _used(definitions()[name], found)
    return found


def schema_name(name: str) -> str:
    """Return the name of the definition of a published schema."""
    return _title(name)


def _title(name: str) -> str:
    return name.title() + ("Json" if name in RECORD_SCHEMAS else "File")


@cache
def definitions() -> dict[str, Json]:
    """Return every schema by its name; what leads from one to another is ``#/$defs/<name>``."""
    made: dict[str, Json] = {"Text": _text()}
    for model in (*RECORD_KINDS.values(), CertificateReference, Contact):
        made[model.__name__] = schema_of(part_of(model), made)
    made["Export"] = _export(made)
    made |= {
        "PublisherName": _mapping({"name": {"type": "string"}, "url": {"type": "string", "format": "uri"}}),
        "NamedRecord": _mapping(
            {"id": _string(), "json": _ADDRESS, "name": {"anyOf": [{"type": "string"}, reference("Text")]}},
            {"number": _string(), "title": reference("Text")},
            required=("id",),
        ),
        "NamedUnit": _mapping({"id": _string(), "name": _string(), "city": _string(), "country": _string()}),
        "NamedCertificate": _mapping(
            {"system": _string(), "number": _string()},
            {
                "json": _ADDRESS,
                "valid_from": _DAY,
                "valid_until": _DAY,
                "status_events": _list(reference("StatusEvent")),
            },
        ),
        "NamedDatasheet": _mapping({"code": _string(), "json": _ADDRESS}),
        "Links": _links(),
        "Related": _related(),
        "OnExportDay": _on_export_day(),
    }
    for kind in WITH_TOMBSTONES:
        made["Unlisted" + kind.title()] = _unlisted(kind, made)
    for kind in RECORD_SCHEMAS:
        made[_title(kind)] = _record(kind)
    for kind in RECORD_KINDS:
        made[_title(kind)] = _file(kind)
    made[_title("register")] = _whole("register", {"register": reference("Export"), "files": _list(_ADDRESS)})
    made[_title("unlisted")] = _whole(
        "unlisted", {"unlisted": {"type": "array", "items": {"anyOf": [_tombstone(kind) for kind in WITH_TOMBSTONES]}}}
    )
    return made


# --- parts ------------------------------------------------------------------------------------------------------------


def _mapping(required_parts: Json, optional: Json | None = None, *, required: tuple[str, ...] | None = None) -> Json:
    names = list(required_parts) if required is None else list(required)
    properties = required_parts | (optional or {})
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}


def _string() -> Json:
    return {"type": "string", "minLength": 1}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _text() -> Json:
    return {
        "description": (
            "A text by language (BCP 47). @none stands for all languages: it is the same in each. "
            "The first one serves where a language is missing."
        ),
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": f"^(@none|{LANGUAGE_TAG.pattern})$"},
        "additionalProperties": _string(),
    }


def _export(made: dict[str, Json]) -> Json:
    schema = schema_of(part_of(Export), made)
    # What the body calls its own files is nobody else's affair, and the counts are those of the files themselves.
    for name in ("source", "counts", "schema"):
        schema["properties"].pop(name)
    schema["required"] = [name for name in schema["required"] if name in schema["properties"]]
    return schema


def _links() -> Json:
    pages = {"type": "object", "additionalProperties": _ADDRESS}
    return _mapping({"json": _ADDRESS, "pages": pages}, {"permalink": _ADDRESS})


def _related() -> Json:
    named = _list(reference("NamedRecord"))
    certificates = _list(reference("NamedCertificate"))
    replaced = {"type": "array", "items": {"anyOf": [reference("NamedCertificate"), reference("NamedRecord")]}}
    return _mapping(
        {},
        {
            "system": reference("NamedRecord"),
            "systems": named,
            "product": reference("NamedRecord"),
            "products": named,
            "holder": reference("NamedRecord"),
            "units": {"type": "array", "items": {"anyOf": [reference("NamedUnit"), reference("Unit")]}},
            "documents": named,
            "certificates": certificates,
            "datasheets": _list(reference("NamedDatasheet")),
            "replaces": certificates,
            "replaced_by": replaced,
        },
    )


def _on_export_day() -> Json:
    return {
        "description": "What held on the day of the export, and on no other: status follows from dates and events.",
        **_mapping(
            {"day": _DAY, "status": {"type": "string", "enum": [status.value for status in Status]}},
            {
                "covered": {
                    "description": "Whether a datasheet and a certificate it hangs on were both valid on that day.",
                    "type": "boolean",
                }
            },
        ),
    }


# --- files ------------------------------------------------------------------------------------------------------------


def _head(kind: str) -> Json:
    return {
        "$schema": _ADDRESS,
        "schema": {"const": SCHEMA_VERSION},
        "kind": {"const": kind},
        "demonstration": {"description": "Whether the records are invented.", "type": "boolean"},
        "publisher": reference("PublisherName"),
        "licence": {"description": "An address or a name; null where none is given.", "type": ["string", "null"]},
    }


def _record(kind: str) -> Json:
    listed = _mapping(
        {
            **_head(kind),
            "data": {**_ADDRESS, "description": "The file that says of which moment the register's data is."},
            "listed": {"const": True},
            "record": reference(kind.title()),
            "related": reference("Related"),
            "links": reference("Links"),
        }
    )
    return {"anyOf": [listed, _tombstone(kind)]} if kind in WITH_TOMBSTONES else listed


def _tombstone(kind: str) -> Json:
    return _mapping(
        {
            **_head(kind),
            "data": _ADDRESS,
            "listed": {"const": False},
            "last_listed": {**_DAY, "description": "The day of the last export that listed it, as the record says."},
            "unlisted": {**_DAY, "description": "The day of the first export without it."},
            "record": reference("Unlisted" + kind.title()),
            "related": reference("Related"),
            "links": reference("Links"),
        }
    )


_REMEMBERED = {
    "certificate": ("number", "system", "product", "holder", "unit", "valid_from", "valid_until", "status_events"),
    "datasheet": (
        *("code", "certificates", "trade_name", "product", "holder", "unit"),
        *("valid_from", "valid_until", "status_events"),
    ),
    "product": ("id", "name"),
    "document": ("id", "kind", "number", "title", "replaced_by"),
}


def _unlisted(kind: str, made: dict[str, Json]) -> Json:
    """Return the schema of what is remembered of a record: some of its fields, and of a datasheet its holder."""
    whole = made[kind.title()]
    fields = {"holder": made["Certificate"]["properties"]["holder"], **whole["properties"]}
    properties = {name: fields[name] for name in _REMEMBERED[kind]}
    always = {*whole["required"], *({"holder"} if "holder" in properties else ())}
    return {
        "description": "What the last export that listed it knew.",
        **_mapping(properties, required=tuple(name for name in properties if name in always)),
    }


def _file(kind: str) -> Json:
    one = SINGULAR[kind]
    record = reference(one.title())
    parts: Json = {"record": record}
    if one in RECORD_SCHEMAS:
        parts["links"] = _mapping({"json": _ADDRESS}, {"permalink": _ADDRESS})
    if one in DATED:
        parts["on_export_day"] = reference("OnExportDay")
    return _whole(kind, {kind: _list(_mapping(parts))})


def _whole(kind: str, parts: Json) -> Json:
    moment: Json = {"type": "string", "format": "date-time"}
    return _mapping({**_head(kind), "exported_at": moment, "export_day": _DAY, **parts})
