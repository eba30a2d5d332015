"""``openapi.json``: the static paths of the data as an OpenAPI 3.1 description, for programs that make clients of one.

Every path is a file, so there is nothing to send but the path itself. The schemas are the published ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from keur import urls
from keur.exports.data_package import DESCRIPTION, licence
from keur.exports.json_schemas import FILE_SCHEMAS, RECORD_SCHEMAS, SINGULAR, definitions, schema_name
from keur.exports.shapes import Json
from keur.model import Register
from keur.urls import SCHEMA_VERSION, Urls

_PLURAL = {one: kind for kind, one in SINGULAR.items()}
_DEFINITIONS = '"#/$defs/'
_COMPONENTS = '"#/components/schemas/'


def openapi(register: Register, site_urls: Urls, csv_names: Sequence[str]) -> bytes:
    """Return the description; ``csv_names`` are the names of the CSV files."""
    export = register.export
    info: Json = {
        "title": export.title.in_languages(("en",))[0],
        "description": ("Demonstration data: records are invented. " if export.demonstration else "") + DESCRIPTION,
        "version": str(SCHEMA_VERSION),
        "contact": {"name": export.publisher.name, "url": export.publisher.url},
    }
    if export.licence:
        stated = licence(export.licence)
        info["license"] = {"name": stated.get("title") or stated.get("name") or stated["path"]} | (
            {"url": stated["path"]} if "path" in stated else {}
        )
    paths = {_template(one): _record(register, one) for one in RECORD_SCHEMAS}
    for name in FILE_SCHEMAS:
        summary = f"Every record of {name}" if name not in ("register", "unlisted") else _SUMMARIES[name]
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema_name(name)}"}}}
        paths[urls.data_file(f"{name}.json")] = _get(f"get_{name}_file", summary, content)
    for name in csv_names:
        content = {"text/csv": {"schema": {"type": "string"}}}
        paths[urls.data_file(f"{name}.csv")] = _get(f"get_{name}_csv", f"The table {name}", content)
    for name in ("datapackage.json", "catalog.jsonld"):
        media = "application/json" if name.endswith(".json") else "application/ld+json"
        operation = f"get_{name.partition('.')[0]}"
        paths[urls.data_file(name)] = _get(operation, _SUMMARIES[name], {media: {"schema": {"type": "object"}}})
    document = {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": site_urls.site_url.rstrip("/") or site_urls.base or "/"}],
        "paths": paths,
        "components": {"schemas": definitions()},
    }
    text = json.dumps(document, ensure_ascii=False, indent=1).replace(_DEFINITIONS, _COMPONENTS)
    return (text + "\n").encode()


_SUMMARIES = {
    "register": "Of which moment the data is, and whose",
    "unlisted": "Records that are no longer listed",
    "datapackage.json": "What the files hold, with hashes and columns",
    "catalog.jsonld": "The data for open-data portals (DCAT-AP)",
}


def _template(one: str) -> str:
    # The rule of ``urls`` with the parameter in the name's place.
    return urls.record_json(_PLURAL[one], "{name}")


def _record(register: Register, one: str) -> Json:
    kind = _PLURAL[one]
    tombstones = kind in urls.PERMALINK_KINDS
    parameter: Json = {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "The record's name in addresses: its id, or of a certificate or datasheet its slug.",
        "schema": {"type": "string", "minLength": 1},
    }
    first = _first_name(register, kind)
    if first:
        parameter["example"] = first
    summary = f"A {one}" + (", listed or no longer listed" if tombstones else "")
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema_name(one)}"}}}
    return {**_get(f"get_{one}", summary, content, missing=True), "parameters": [parameter]}


def _first_name(register: Register, kind: str) -> str | None:
    key = next(iter(getattr(register, kind)), None)
    return None if key is None else register.name_in_addresses(kind, key)


def _get(operation: str, summary: str, content: Json, *, missing: bool = False) -> Json:
    responses: Json = {"200": {"description": summary, "content": content}}
    if missing:
        page = {"text/html": {"schema": {"type": "string"}}}
        responses["404"] = {"description": "There never was such a record here.", "content": page}
    return {"get": {"operationId": operation, "summary": summary, "responses": responses}}
