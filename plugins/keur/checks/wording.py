"""Warnings about how records are written: they are shown, but people may not find or understand them."""

from __future__ import annotations

import functools
import typing
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from keur.checks.index import NOUNS, Index
from keur.model import CharacteristicKind, Entry, Holder, Text, group_id
from keur.numbers import allocate_slugs, compact, slug
from keur.problems import FieldPath, Place, Problem, Spot, quoted

# What people type where a system insists on a number; compared without signs, blanks and case.
_PLACEHOLDERS = frozenset(
    """
    NA NVT SO TBD TBA TBC TODO XXX XXXX NONE NULL NIL UNKNOWN PENDING ONBEKEND GEEN INCONNU AUCUN UNBEKANNT KEINE KEIN
    """.split()
)


def numbers_are_no_placeholders(index: Index) -> Iterator[Problem]:
    """Ensure that a number is one, and no ``N/A``, ``-`` or ``?`` (a warning)."""
    for kind, field in (
        ("certificates", "number"),
        ("datasheets", "code"),
        ("documents", "number"),
        ("units", "number"),
    ):
        for entry in index.entries.of_kind(kind):
            number: str | None = getattr(entry.record, field)
            if number is not None and (not (bare := compact(number)) or bare in _PLACEHOLDERS):
                message = f"looks like a placeholder, not like a number; found {quoted(number)}"
                yield Problem(entry.place.at(field), message, "warning")


def numbers_have_addresses_of_their_own(index: Index) -> Iterator[Problem]:
    """Ensure that no two certificates and no two datasheets differ in signs only (a warning)."""
    certificates = {entry.record.key: entry.place for entry in index.entries.certificates}
    datasheets = {entry.record.code: entry.place for entry in index.entries.datasheets}
    yield from _told_apart([(key, key.number, key.system) for key in certificates], certificates, "number")
    yield from _told_apart([(code, code, "") for code in datasheets], datasheets, "code")


def _told_apart(records: Sequence[tuple[Any, str, str]], places: dict[Any, Place], field: str) -> Iterator[Problem]:
    if len({slug(number, prefix).casefold() for _, number, prefix in records}) == len(records):
        return  # as nearly always
    owners = {slug_: key for key, slug_ in allocate_slugs(records).items()}
    given = {key: slug_ for slug_, key in owners.items()}
    for key, number, prefix in records:
        natural = slug(number, prefix)
        if given[key] != natural:
            message = f"is written like another number; its address is told apart as {quoted(given[key])}"
            owner = owners.get(natural)
            other = Spot(places[owner].at(field)) if owner is not None else None
            more = ", the other is at" if other else ""
            yield Problem(places[key].at(field), message + more, "warning", other=other)


def texts_are_in_every_language(index: Index) -> Iterator[Problem]:
    """Ensure that translatable texts have each language of the site (one warning for the like in a file)."""
    first: dict[tuple[str, str, tuple[str, ...]], Place] = {}
    counts: dict[tuple[str, str, tuple[str, ...]], int] = {}
    for place, record in _all_records(index):
        for path, texts in _texts(record):
            missing = _missing(texts, index.languages)
            if missing:
                like = (place.file, ".".join(step for step in path if isinstance(step, str)), missing)
                first.setdefault(like, place.at(*path))
                counts[like] = counts.get(like, 0) + 1
    for like, place in first.items():
        more = f", like {counts[like] - 1} more in this file" if counts[like] > 1 else ""
        yield Problem(place, f"has no translation in {', '.join(like[2])}{more}", "warning")


def _all_records(index: Index) -> Iterator[tuple[Place, BaseModel]]:
    if index.entries.export:
        yield index.entries.export_place, index.entries.export
    for kind in NOUNS:
        for entry in index.entries.of_kind(kind):
            yield entry.place, entry.record


def _missing(texts: Sequence[Text], languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(language for language in languages if all(language in text.missing((language,)) for text in texts))


def _texts(part: BaseModel) -> Iterator[tuple[FieldPath, Sequence[Text]]]:
    """Yield the way to each translatable text of a record; words of one list count together."""
    for name, key, is_text in _translatable_fields(type(part)):
        value = getattr(part, name)
        if not value:
            continue
        if is_text:
            yield (key,), (value,) if isinstance(value, Text) else value
        elif isinstance(value, Sequence):
            for step, inner in enumerate(value):
                for path, texts in _texts(inner):
                    yield (key, step, *path), texts
        else:
            for path, texts in _texts(value):
                yield (key, *path), texts


@functools.cache
def _translatable_fields(model: type[BaseModel]) -> tuple[tuple[str, str, bool], ...]:
    """Return name and key of the fields that hold texts, or parts that do, and whether they are texts themselves."""
    fields = []
    for name, field in model.model_fields.items():
        kinds = set(_kinds(field.annotation))
        parts = (kind for kind in kinds if issubclass(kind, BaseModel))
        if Text in kinds or any(_translatable_fields(part) for part in parts):
            fields.append((name, field.alias or name, Text in kinds))
    return tuple(fields)


def _kinds(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _kinds(argument)


def groups_are_written_alike(index: Index) -> Iterator[Problem]:
    """Ensure that the group of several products is written the same in each language (a warning)."""
    first: dict[str, tuple[Text, Place]] = {}
    for entry in index.entries.products:
        group, place = first.setdefault(group_id(entry.record), (entry.record.group, entry.place.at("group")))
        if group != entry.record.group:
            message = f"is one group with {quoted(group)} but written otherwise; the first is shown, from"
            yield Problem(entry.place.at("group"), message, "warning", other=Spot(place))


def holders_stand_once(index: Index) -> Iterator[Problem]:
    """Ensure that a firm is no holder twice: one name in one country, whatever its case and signs (a warning)."""
    yield from _alike(
        index.entries.holders,
        lambda holder: f"{holder.country} {_folded(holder.name)}",
        "name",
        "is the name of another holder too; one firm should have one id; see",
    )


def enterprise_numbers_stand_once(index: Index) -> Iterator[Problem]:
    """Ensure that an enterprise number belongs to one holder (a warning)."""
    yield from _alike(
        index.entries.holders,
        lambda holder: compact(holder.enterprise_number or "").removeprefix(holder.country),
        "enterprise_number",
        "is the number of another holder too; one firm should have one id; see",
    )


def _alike(
    holders: Sequence[Entry[Holder]], sign: Callable[[Holder], str], field: str, message: str
) -> Iterator[Problem]:
    first: dict[str, Entry[Holder]] = {}
    for entry in holders:
        signed = sign(entry.record)
        if not signed:
            continue
        other = first.setdefault(signed, entry)
        if other.record.id != entry.record.id:
            yield Problem(entry.place.at(field), message, "warning", other=Spot(other.place))


def _folded(name: str) -> str:
    letters = (c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return "".join(c for c in letters if c.isalnum()) or name


def filters_have_few_values(index: Index) -> Iterator[Problem]:
    """Ensure that a filterable characteristic is a number or a choice, not free text (a warning)."""
    for entry in index.entries.products:
        for step, characteristic in enumerate(entry.record.characteristics):
            if characteristic.filterable and characteristic.kind is CharacteristicKind.TEXT:
                message = "is text, in which a filter finds no order; a filterable one should be number or choice"
                yield Problem(entry.place.at("characteristics", step, "kind"), message, "warning")


def gtins_have_their_check_digit(index: Index) -> Iterator[Problem]:
    """Ensure that the last digit of a GTIN is the one that the others ask for (a warning)."""
    for entry in index.entries.datasheets:
        gtin = entry.record.gtin
        if gtin is not None and _check_digit(gtin[:-1]) != gtin[-1]:
            message = f"has the wrong check digit, it should be {_check_digit(gtin[:-1])}; found {quoted(gtin)}"
            yield Problem(entry.place.at("gtin"), message, "warning")


def _check_digit(digits: str) -> str:
    weighted = sum(int(digit) * (3, 1)[step % 2] for step, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def coordinates_come_in_pairs(index: Index) -> Iterator[Problem]:
    """Ensure that a production unit has both latitude and longitude, or neither (a warning)."""
    for entry in index.entries.units:
        given = {"latitude": entry.record.latitude, "longitude": entry.record.longitude}
        lone = [name for name, degrees in given.items() if degrees is not None]
        if len(lone) == 1:
            yield Problem(entry.place.at(lone[0]), "stands alone; a place needs latitude and longitude", "warning")
