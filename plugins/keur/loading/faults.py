"""What pydantic finds wrong with a record, said to a person who edits data and knows no Python."""

from __future__ import annotations

import functools
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from keur.problems import FieldPath, described, suggestion


def record_faults(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[FieldPath, str]]:
    """Yield the path inside the record and the message of each fault."""
    for fault in error.errors(include_url=False):
        if fault["type"] == "too_short" and fault["input"]:
            # There are some, all of them at fault; each is named itself.
            continue
        path = (*fault["loc"], *fault.get("ctx", {}).get("inside", ()))
        yield path, _message(fault, path, model)


@functools.lru_cache(maxsize=4096)
def unknown_key(key: str, known: tuple[str, ...]) -> str:
    """Say that a key is not known, with the nearest that is."""
    return "is not a known key" + (suggestion(key, known) or f"; known here: {', '.join(sorted(known))}")


def _message(fault: Mapping[str, Any], path: FieldPath, model: type[BaseModel]) -> str:
    found = fault.get("input")
    match fault["type"]:
        case "missing":
            return "must be given"
        case "extra_forbidden":
            part = _part_at(model, path[:-1])
            return unknown_key(str(path[-1]), _keys(part) if part else ())
        case "enum":
            if found is None:
                return "must not be empty"
            expected = str(fault["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
            return f"must be one of {expected}; found {described(found)}"
        case "model_type":
            return f"must be a mapping of keys to values; found {described(found)}"
        case "tuple_type":
            return f"must be a list; found {described(found)}"
        case "too_short":
            return "must hold at least one"
        case _:
            return str(fault.get("ctx", {}).get("message") or fault["msg"])


@functools.cache
def _keys(part: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in part.model_fields.items())


def _part_at(model: type[BaseModel], path: FieldPath) -> type[BaseModel] | None:
    """Return the class of the part of a record that a path leads to."""
    part: type[BaseModel] | None = model
    for step in path:
        if isinstance(step, int):
            continue
        if part is None:
            return None
        by_key = {field.alias or name: field for name, field in part.model_fields.items()}
        part = _model_in(by_key[step].annotation) if step in by_key else None
    return part


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, typing.get_args(annotation))), None)
