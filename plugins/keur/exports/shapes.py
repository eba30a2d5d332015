"""How records look outside of Keur: the shape of each kind, read off the models once.

JSON, its published schema and the CSV tables all follow these shapes, so a field that the format gains is in all three.
A field that is not given is left out. A translatable text is a mapping of language tags to text, and one that is the
same in every language stands under ``@none``, as JSON-LD has it: no language tag can look like that.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, WithJsonSchema

from keur.model import Text

NO_LANGUAGE = "@none"
"""The key of a text that the export gives once for all languages."""

Json = dict[str, Any]


class Scalar(NamedTuple):
    """A single value. ``schema`` is its JSON Schema, ``encode`` makes it JSON, None where it is so already."""

    schema: Json
    encode: Callable[[Any], Any] | None = None


class Words(NamedTuple):
    """A translatable text."""


class Many(NamedTuple):
    """Any number of one shape, in the export's order."""

    of: Scalar | Words | Part


class Part(NamedTuple):
    """A mapping of fields; ``name`` is that of its model, as published schemas call it."""

    name: str
    description: str
    fields: tuple[FieldShape, ...]


Shape = Scalar | Words | Many | Part


class FieldShape(NamedTuple):
    """A field by its name in the format; ``always`` tells whether every record has it."""

    name: str
    attribute: str
    shape: Shape
    description: str
    always: bool


@cache
def part_of(model: type[BaseModel]) -> Part:
    """Return the shape of a model; what a record has of its own comes before what it shares."""
    inherited = {name for base in model.__bases__ if issubclass(base, BaseModel) for name in base.model_fields}
    fields = sorted(model.model_fields.items(), key=lambda item: item[0] in inherited)
    return Part(
        model.__name__,
        " ".join((model.__doc__ or "").split()),
        tuple(
            FieldShape(
                info.alias or name,
                name,
                _shape(info.annotation, tuple(info.metadata)),
                info.description or "",
                always=info.is_required() or not (info.default is None or info.default == ()),
            )
            for name, info in fields
        ),
    )


def _shape(annotation: Any, metadata: tuple[Any, ...]) -> Shape:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return _shape(inner, (*metadata, *more))
    if origin in (Union, types.UnionType):
        (inner,) = (arg for arg in get_args(annotation) if arg is not type(None))
        return _shape(inner, metadata)
    if origin is tuple:
        item = _shape(get_args(annotation)[0], ())
        if isinstance(item, Many):
            raise TypeError(f"{annotation} is a list of lists")
        return Many(item)
    if origin is Literal:
        return Scalar({"enum": list(get_args(annotation))})
    if annotation is Text:
        return Words()
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return part_of(annotation)
    return _scalar(annotation, metadata)


def _scalar(annotation: Any, metadata: tuple[Any, ...]) -> Scalar:
    # What the format takes in YAML is looser in its types, and as strict in what may stand there.
    stated: Json = next((dict(m.json_schema or {}) for m in metadata if isinstance(m, WithJsonSchema)), {})
    kept: Json = {
        name: stated[name] for name in ("enum", "minLength", "maxLength", "pattern", "format") if name in stated
    }
    limits: Json = {name: stated[name] for name in ("minimum", "maximum") if name in stated}
    if annotation is str:
        return Scalar({"type": "string", **kept})
    if annotation is dt.date:
        return Scalar({"type": "string", "format": "date"}, dt.date.isoformat)
    if annotation is dt.datetime:
        return Scalar({"type": "string", "format": "date-time"}, dt.datetime.isoformat)
    if annotation is bool:
        return Scalar({"type": "boolean"})
    if annotation is float:
        return Scalar({"type": "number", **limits})
    if annotation is int:
        return Scalar({"type": "integer", **limits})
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        values = kept.get("enum") or [member.value for member in annotation]
        return Scalar({"type": "string", "enum": values}, _value)
    raise TypeError(f"{annotation} has no shape outside")


def _value(member: StrEnum) -> str:
    return str(member.value)


# --- JSON -------------------------------------------------------------------------------------------------------------


def encode_text(text: Text) -> dict[str, str]:
    """Return a translatable text as a mapping, in the export's order."""
    return {tag or NO_LANGUAGE: said for tag, said in text.translations}


def encode(record: BaseModel) -> Json:
    """Return a record or part as JSON holds it."""
    return _encoder(type(record))(record)


@cache
def _encoder(model: type[BaseModel]) -> Callable[[BaseModel], Json]:
    fields = [(field.name, field.attribute, _encode(field.shape)) for field in part_of(model).fields]

    def encode_record(record: BaseModel) -> Json:
        # A model keeps its fields there, and asking each by name takes three times as long.
        values = record.__dict__
        encoded: Json = {}
        for name, attribute, encode_value in fields:
            value = values[attribute]
            if value is None or value == ():
                continue
            encoded[name] = encode_value(value) if encode_value else value
        return encoded

    return encode_record


def _encode(shape: Shape) -> Callable[[Any], Any] | None:
    match shape:
        case Scalar():
            return shape.encode
        case Words():
            return encode_text
        case Part():
            return encode
        case Many(of):
            inner = _encode(of)
            return (lambda values: [inner(value) for value in values]) if inner else list


# --- text, for cells --------------------------------------------------------------------------------------------------


def spelt(value: Any) -> str:
    """Return a scalar as text, as an export would spell it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # No exponent: the format takes plain numbers alone.
        return format(Decimal(repr(value)), "f")
    return str(value)


# --- schema -----------------------------------------------------------------------------------------------------------


def schema_of(part: Part, definitions: dict[str, Json]) -> Json:
    """Return the JSON Schema of a part; those of the parts in it are added to ``definitions``, by name."""
    properties = {}
    for field in part.fields:
        about = {"description": field.description} if field.description else {}
        properties[field.name] = {**about, **_schema(field.shape, definitions)}
    return {
        "description": part.description,
        "type": "object",
        "properties": properties,
        "required": [field.name for field in part.fields if field.always],
        "additionalProperties": False,
    }


def _schema(shape: Shape, definitions: dict[str, Json]) -> Json:
    match shape:
        case Scalar():
            return dict(shape.schema)
        case Words():
            return reference("Text")
        case Many(of):
            return {"type": "array", "minItems": 1, "items": _schema(of, definitions)}
        case Part():
            if shape.name not in definitions:
                definitions[shape.name] = schema_of(shape, definitions)
            return reference(shape.name)


def reference(name: str) -> Json:
    """Return what leads to a definition of a schema."""
    return {"$ref": f"#/$defs/{name}"}
