"""The JSON Schemas: committed as generated, and in agreement with what the reader accepts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel, ValidationError

from keur.loading.files import find_files, read_file
from keur.loading.schema import schemas
from keur.loading.tree import read_tree
from keur.model import RECORD_KINDS, Export
from tests import builders

DATA = Path(__file__).parents[2] / "registry_data"
SCHEMAS = {name.partition(".")[0]: json.loads(text) for name, text in schemas().items()}
NOUNS = {kind: kind.removesuffix("s") for kind in RECORD_KINDS}


def _as_an_editor_sees_it(value: Any) -> Any:
    """Type the scalars as YAML 1.2 does where no quotes stand."""
    if isinstance(value, dict):
        return {key: _as_an_editor_sees_it(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_an_editor_sees_it(inner) for inner in value]
    if value in ("true", "false"):
        return value == "true"
    if isinstance(value, str) and re.fullmatch(r"[-+]?[0-9]+", value):
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", value):
        return float(value)
    return value


def _errors(kind: str, value: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMAS[kind]).iter_errors(value)]


def test_the_committed_schemas_are_those_of_the_models() -> None:
    """After a change of a record: run ``keur schema``, read the diff, commit it."""
    committed = {path.name: path.read_bytes().replace(b"\r\n", b"\n") for path in (DATA / "schema").iterdir()}
    assert committed == schemas()


def test_schemas_are_the_same_bytes_each_time() -> None:
    assert schemas() == schemas()


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_one(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[kind])


def _described(schema: Any, name: str = "") -> Iterator[tuple[str, bool]]:
    if isinstance(schema, dict):
        for key, field in schema.get("properties", {}).items():
            # A part that is a record of its own is described there.
            yield f"{name}.{key}", "description" in field or "$ref" in field or "items" in field
        for key, inner in schema.items():
            yield from _described(inner, f"{name}.{key}")
    elif isinstance(schema, list):
        for inner in schema:
            yield from _described(inner, name)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_an_editor_has_help_for_every_field(kind: str) -> None:
    assert [name for name, described in _described(SCHEMAS[kind]) if not described] == []


def test_the_demonstration_register_is_valid_by_its_schemas() -> None:
    read = set()
    for file in find_files(DATA, "registry_data"):
        # The first records of each file: the validator is slow, and the reader reads them all.
        tree = read_tree(read_file(file).text).value
        value = tree if file.kind == "register" else {file.kind: tree[file.kind][:4]}
        assert _errors(file.kind, value) == []
        assert _errors(file.kind, _as_an_editor_sees_it(value)) == []
        read.add(file.kind)
    assert read == set(SCHEMAS)


def test_the_demonstration_files_name_their_schema() -> None:
    for file in find_files(DATA, "registry_data"):
        first = read_file(file).text.partition("\n")[0]
        path = first.removeprefix("# yaml-language-server: $schema=")
        assert (file.path.parent / path).resolve() == (DATA / "schema" / f"{file.kind}.schema.json").resolve()


def test_the_tiny_register_is_valid_by_its_schemas() -> None:
    for kind, records in builders.files().items():
        value = records if kind == "register" else {kind: records}
        assert _errors(kind, value) == []
        assert _errors(kind, _as_an_editor_sees_it(value)) == []


VALUES: list[Any] = [
    None,
    "",
    "x",
    "benor",
    "UPPER CASE",
    "12",
    "12.50",
    "-3",
    "1e5",
    "true",
    "2024-02-29",
    "2024-2-29",
    "2026-11-21T06:00:00+01:00",
    "https://example.org/a",
    "ftp://example.org",
    "info@example.org",
    "+32 2 555 01 00",
    "BE",
    "nl",
    "5412345000013",
    "valid",
    "fixed",
    [],
    ["x"],
    ["benor", "12"],
    [{}],
    {},
    {"nl": "x"},
    {"nl": "x", "fr": None},
    {"dutch": "x"},
    {"nl": ["x", "y"]},
    {"id": "benor"},
    {"id": "benor", "edition": "1"},
    {"system": "benor", "number": "1"},
    {"city": "Gent", "country": "BE"},
]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_takes_what_the_reader_takes(kind: str) -> None:
    """Value after value in field after field: what a schema refuses, the reader refuses too."""
    model: type[BaseModel] = Export if kind == "register" else RECORD_KINDS[kind]
    good = getattr(builders, {"register": "export"}.get(kind, NOUNS.get(kind, kind)))()
    for name, field in model.model_fields.items():
        for value in VALUES:
            raw = {**good, field.alias or name: value}
            file = raw if kind == "register" else {kind: [raw]}
            try:
                model.model_validate(raw)
            except ValidationError:
                continue
            assert _errors(kind, file) == [], (name, value)
            # A number or an id that is "true" wants quotes: an editor may say so.
            if value != "true" or name == "demonstration":
                assert _errors(kind, _as_an_editor_sees_it(file)) == [], (name, value)


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        ("systems", builders.system(kind="mark")),
        ("systems", builders.system(nmae="x")),
        ("systems", builders.system(owner=builders.without)),
        ("holders", builders.holder(id="Weverij")),
        ("holders", builders.holder(country="XX")),
        ("products", builders.product(systems=[])),
        ("products", builders.product(name={"dutch": "x"})),
        ("certificates", builders.certificate(valid_from="12/05/2023")),
        ("certificates", builders.certificate(url="example.org")),
        ("certificates", builders.certificate(status_events=[{"date": "2024-01-01", "status": "not-yet-valid"}])),
        ("datasheets", builders.datasheet(certificates=[{"system": "benor"}])),
    ],
)
def test_a_schema_refuses_what_an_editor_should_mark(kind: str, record: Any) -> None:
    assert _errors(kind, {kind: [record]})
