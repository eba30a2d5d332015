"""The JSON Schema of each file of an export, made from the models: editors complete by it, exporters test with it.

A schema takes what YAML 1.2 or JSON make of a file, where ``29`` is a number, and it takes the same as text; the reader
knows text only. What no schema can say (two records with one key, a reference that leads nowhere) it leaves to ``keur
check``.
"""

from __future__ import annotations

import ast
import functools
import inspect
import itertools
import json
import sys
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from keur.model import RECORD_KINDS, Export

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, bytes]:
    """Return the schema of each kind of file by its file name, the same bytes each time."""
    made = {"register.schema.json": {"title": "register", **schema_of(Export)}}
    for kind, model in RECORD_KINDS.items():
        record = schema_of(model)
        parts = record.pop("$defs", {})
        made[f"{kind}.schema.json"] = {
            "title": kind,
            "type": "object",
            "properties": {kind: {"type": ["array", "null"], "items": record}},
            "required": [kind],
            "additionalProperties": False,
            "$defs": parts,
        }
    return {name: _bytes({"$schema": _DIALECT, **schema}) for name, schema in made.items()}


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of a record or part, its optional fields open to ``null``."""
    _describe(model)
    schema = model.model_json_schema(schema_generator=_Generator)
    # What a record has of its own comes before what it shares: its number before its dates.
    inherited = {
        field.alias or name
        for base in model.__bases__
        if issubclass(base, BaseModel)
        for name, field in base.model_fields.items()
    }
    schema["properties"] = dict(sorted(schema["properties"].items(), key=lambda item: item[0] in inherited))
    schema["required"] = sorted(schema["required"], key=lambda name: name in inherited)
    for part in (schema, *schema.get("$defs", {}).values()):
        # The names of classes are no words of the format.
        part.pop("title", None)
        if "description" in part:
            part["description"] = " ".join(inspect.cleandoc(part["description"]).split())
        required = part.get("required", ())
        for name, field in part.get("properties", {}).items():
            if name not in required:
                part["properties"][name] = _or_nothing(field)
    return schema


@functools.cache
def _describe(model: type[BaseModel]) -> None:
    """Give the fields of a model and of its parts the docstrings below them, which no build has a use for."""
    for kind in model.__mro__:
        if issubclass(kind, BaseModel) and kind is not BaseModel:
            for name, text in _docstrings(kind).items():
                model.model_fields[name].description = text
    for field in model.model_fields.values():
        for part in _parts(field.annotation):
            _describe(part)
    model.model_rebuild(force=True)


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Return the texts that stand below the fields of a class, by field."""
    body = _classes(model.__module__).get(model.__name__, [])
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in itertools.pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


@functools.cache
def _classes(module: str) -> dict[str, list[ast.stmt]]:
    """Return the statements of each class of a module."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node.body for node in tree.body if isinstance(node, ast.ClassDef)}


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _parts(argument)


class _Generator(GenerateJsonSchema):
    """Leaves out titles made from names, and defaults, which the reader sets."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic's signature
        return False

    def default_schema(self, schema: Any) -> dict[str, Any]:
        return self.generate_inner(schema["schema"])


def _or_nothing(field: dict[str, Any]) -> dict[str, Any]:
    """Let a field be ``null`` as well."""
    about: dict[str, Any] = {name: field[name] for name in ("title", "description") if name in field}
    value = {name: part for name, part in field.items() if name not in about}
    options = value["anyOf"] if set(value) == {"anyOf"} else [value]
    if {"type": "null"} not in options:
        options = [*options, {"type": "null"}]
    return {**about, "anyOf": options}


def _bytes(schema: dict[str, Any]) -> bytes:
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()
