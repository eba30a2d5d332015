"""Declared values as filters: one small file a product, fetched when that product is chosen.

``values/<product>.json`` holds what the product's datasheets declare of its filterable characteristics, and stands
by itself: a datasheet is named by its place among all datasheets, in the order of rows. ``theme/static/js/values.js``
reads it.

A characteristic of kind ``number`` becomes *spans*: a value 20 is the span 20 to 20, ``min`` 20 alone is 20 and up.
What cannot be compared for certain has none, so that no number finds it: NPD, and a value in another unit than the
product's. A unit is the same where only its spelling differs (``N/mm2``, ``N / mm²``); nothing is converted. Any other
characteristic becomes *choices*, as they are printed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from keur.model import Characteristic, CharacteristicKind, Datasheet, DeclaredCharacteristic, Product
from keur.model.fields import DECIMAL
from keur.search.columns import packed
from keur.search.names import named

Json = Mapping[str, object]
Span: TypeAlias = tuple[float | None, float | None]
Choices: TypeAlias = tuple[str, ...]
Declared = Sequence[DeclaredCharacteristic]

_NOT_DECLARED = 0


def declared_values(product: Product, sheet: Datasheet) -> tuple[Span | Choices | None, ...]:
    """Return what a datasheet declares of each filterable characteristic of its product; nothing where of none."""
    found = tuple(
        (_span if characteristic.kind is CharacteristicKind.NUMBER else _choices)(
            characteristic, [value for value in sheet.characteristics if value.id == characteristic.id]
        )
        for characteristic in filterable(product)
    )
    return found if any(value is not None for value in found) else ()


def filterable(product: Product) -> list[Characteristic]:
    """Return the characteristics of a product by which its datasheets are filtered."""
    return [characteristic for characteristic in product.characteristics if characteristic.filterable]


def product_values(
    product: Product, sheets: Iterable[tuple[int, tuple[Span | Choices | None, ...]]], languages: Sequence[str]
) -> Json:
    """Return what a product's datasheets declare; ``sheets`` are their places, in ascending order, and values.

    Datasheets that declare nothing filterable are left out. ``sheets`` in the answer are steps from place to place.
    """
    declaring = [(place, values) for place, values in sheets if values]
    places = [place for place, _ in declaring]
    return {
        "sheets": packed(place - before for before, place in zip([0, *places], places, strict=False)),
        "characteristics": [
            _characteristic(characteristic, [values[number] for _, values in declaring], languages)
            for number, characteristic in enumerate(filterable(product))
        ],
    }


def _characteristic(
    characteristic: Characteristic, declared: Iterable[Span | Choices | None], languages: Sequence[str]
) -> Json:
    """Return a characteristic with its distinct values, and which of them each datasheet declares, from 1 on.

    A datasheet that declares none has 0.
    """
    values: dict[Span | Choices, int] = {}
    numbers = [_NOT_DECLARED if value is None else values.setdefault(value, len(values) + 1) for value in declared]
    return {
        "id": characteristic.id,
        "names": {
            language: named(characteristic.name, (language, *(other for other in languages if other != language)))
            for language in languages
        },
        "unit": characteristic.unit,
        "spans" if characteristic.kind is CharacteristicKind.NUMBER else "choices": list(values),
        "declared": packed(numbers),
    }


def _span(characteristic: Characteristic, declared: Declared) -> Span | None:
    """Return the ends of all that a datasheet declares of a characteristic, None where one cannot be compared."""
    ends: list[Span] = []
    for value in declared:
        low, high = (value.value, value.value) if value.value is not None else (value.min, value.max)
        numbers = [end for end in (low, high) if end is not None]
        if not _same_unit(value.unit, characteristic.unit) or not all(map(DECIMAL.fullmatch, numbers)):
            return None
        ends.append((None if low is None else _number(low), None if high is None else _number(high)))
    if not ends:
        return None
    lows, highs = [low for low, _ in ends if low is not None], [high for _, high in ends if high is not None]
    return (min(lows) if len(lows) == len(ends) else None, max(highs) if len(highs) == len(ends) else None)


def _number(text: str) -> float:
    """Return a decimal number; there is one zero, for equal spans are kept once."""
    return float(text) + 0.0


def _same_unit(own: str | None, usual: str | None) -> bool:
    """Tell whether a value's own unit is the product's, perhaps spelt otherwise; capitals matter: mN is no MN."""
    return own is None or _spelling(own) == _spelling(usual or "")


def _spelling(unit: str) -> str:
    return "".join(unicodedata.normalize("NFKC", unit).split())


def _choices(characteristic: Characteristic, declared: Declared) -> Choices | None:
    """Return what a datasheet declares of a characteristic in words, with its unit where that is not the product's."""
    words = {
        value.printed if _same_unit(value.unit, characteristic.unit) else f"{value.printed} {value.unit}"
        for value in declared
    }
    return tuple(sorted(words)) or None
