"""Records as bytes to keep, and back: plain values in the order of their fields, which ``marshal`` reads in no time.

What was packed was checked before, so nothing is checked again: whether bytes are those that were written is for the
keeper to tell. The parts that most records are never asked for, the characteristics of a datasheet, are made when they
are looked at, and again when they are looked at again: a register of 100,000 datasheets has 700,000 of them.
"""

from __future__ import annotations

import datetime as dt
import functools
import typing
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any, NamedTuple, TypeVar, overload

from pydantic import BaseModel

from keur.model import CertificateReference, Datasheet, Text

PartT_co = TypeVar("PartT_co", bound=BaseModel, covariant=True)

_LATER = {(Datasheet, "characteristics")}
"""Fields whose parts are made when they are asked for."""

_SHARED = {CertificateReference}
"""Parts of which the same stand in many records: each is made once."""

_NOT_TOLD: set[str] = set()
"""Which fields a part was given, where nobody asks: one for all parts, which are never changed."""

_new = object.__new__
_set_fields_set, _set_extra, _set_private = (
    getattr(BaseModel, f"__pydantic_{name}__").__set__ for name in ("fields_set", "extra", "private")
)


class _Way(NamedTuple):
    """How a value that is not plain is packed and unpacked."""

    pack: Callable[[Any], Any]
    unpack: Callable[[Any], Any]


class _Codec:
    """Packs the parts of one class."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model
        self.names = tuple(model.model_fields)
        self._shared: dict[tuple[Any, ...], Any] = {}
        self.ways = [
            (step, name, way)
            for step, (name, field) in enumerate(model.model_fields.items())
            if (way := _way(field.annotation, later=(model, name) in _LATER))
        ]

    def pack(self, part: BaseModel) -> tuple[Any, ...]:
        """Return the values of a part."""
        own = part.__dict__
        values = [own[name] for name in self.names]
        for step, _, way in self.ways:
            if values[step] is not None:
                values[step] = way.pack(values[step])
        return tuple(values)

    def unpack_shared(self, values: tuple[Any, ...]) -> Any:
        """Return a part with these values, the same each time."""
        part = self._shared.get(values)
        if part is None:
            part = self._shared[values] = self.unpack(values)
        return part

    def unpack(self, values: tuple[Any, ...]) -> Any:
        """Return a part with these values."""
        part = _new(self.model)
        own = part.__dict__
        own.update(zip(self.names, values, strict=True))
        for step, name, way in self.ways:
            if values[step] is not None:
                own[name] = way.unpack(values[step])
        _set_fields_set(part, _NOT_TOLD)
        _set_extra(part, None)
        _set_private(part, None)
        return part


codec = functools.cache(_Codec)


def pack_part(part: BaseModel) -> tuple[Any, ...]:
    """Return a record or part as plain values."""
    return codec(type(part)).pack(part)


def unpack_part(model: type[PartT_co], values: tuple[Any, ...]) -> PartT_co:
    """Return the record or part that plain values are of."""
    part: PartT_co = codec(model).unpack(values)
    return part


class PartsLater(Sequence[PartT_co]):
    """Parts that are made of their plain values when they are asked for. As good as the tuple of them.

    Those asked for last are at hand: the pages of a record are made one after another.
    """

    __slots__ = ("model", "values")

    def __init__(self, model: type[PartT_co], values: tuple[tuple[Any, ...], ...]) -> None:
        self.model = model
        self.values = values

    @property
    def made(self) -> tuple[PartT_co, ...]:
        """The parts."""
        global _last_made  # noqa: PLW0603  # one for all: each of its own would hold every part of a register
        last, parts = _last_made
        if last is not self:
            parts = tuple(map(codec(self.model).unpack, self.values))
            _last_made = self, parts
        return parts

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, index: int) -> PartT_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[PartT_co, ...]: ...
    def __getitem__(self, index: int | slice) -> PartT_co | tuple[PartT_co, ...]:
        """Return a part, or some."""
        return self.made[index]

    def __iter__(self) -> Iterator[PartT_co]:
        return iter(self.made)

    def __eq__(self, other: object) -> bool:
        return self.made == (other.made if isinstance(other, PartsLater) else other)

    def __hash__(self) -> int:
        return hash(self.made)

    def __repr__(self) -> str:
        return repr(self.made)


_last_made: tuple[PartsLater[Any] | None, tuple[Any, ...]] = (None, ())


def _way(annotation: Any, *, later: bool = False) -> _Way | None:
    """Return how values of a type are packed; None where they are plain."""
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is tuple:
        return _way_of_tuple(arguments[0], later=later)
    if arguments:  # a union with None, or an annotated type
        return next(filter(None, map(_way, arguments)), None)
    if not isinstance(annotation, type):
        return None
    if issubclass(annotation, BaseModel):
        own = codec(annotation)
        return _Way(own.pack, own.unpack_shared if annotation in _SHARED else own.unpack)
    if issubclass(annotation, Enum):
        return _Way(lambda value: value.value, annotation)
    if annotation is dt.date:
        return _Way(dt.date.toordinal, dt.date.fromordinal)
    if annotation is dt.datetime:
        return _Way(dt.datetime.isoformat, dt.datetime.fromisoformat)
    if annotation is Text:
        return _Way(lambda text: text.translations, Text)
    return None


def _way_of_tuple(member: Any, *, later: bool) -> _Way | None:
    way = _way(member)
    if way is None:
        return None
    pack, unpack = way
    if later:
        return _Way(
            lambda parts: parts.values if isinstance(parts, PartsLater) else tuple(map(pack, parts)),
            lambda values: PartsLater(member, values) if values else (),
        )
    return _Way(lambda parts: tuple(map(pack, parts)), lambda values: tuple(map(unpack, values)))
