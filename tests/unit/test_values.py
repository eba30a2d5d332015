"""What a product's datasheets declare, as filters take it: strict where a number is asked for."""

from collections.abc import Mapping
from typing import Any

import pytest

from keur.model import Datasheet, Product
from keur.search.columns import packed
from keur.search.values import declared_values, product_values

LANGUAGES = ("nl", "fr")


def _product(*characteristics: Mapping[str, Any]) -> Product:
    record = {"id": "p", "name": "P", "group": "G", "systems": ["s"], "characteristics": list(characteristics)}
    return Product.model_validate(record)


def _sheet(*declared: Mapping[str, Any]) -> Datasheet:
    record = {
        "code": "1",
        "certificates": [{"system": "s", "number": "1"}],
        "trade_name": "T",
        "product": "p",
        "unit": "u",
        "valid_from": "2026-01-01",
        "characteristics": list(declared),
    }
    return Datasheet.model_validate(record)


STRENGTH = {"id": "strength", "name": {"nl": "Sterkte"}, "unit": "N/mm²", "kind": "number", "filterable": "true"}
CLASS = {"id": "class", "name": "Class", "unit": "mm", "kind": "choice", "filterable": "true"}


def _values(characteristic: Mapping[str, Any], *sheets: Datasheet) -> Any:
    product = _product(characteristic)
    values = ((place, declared_values(product, sheet)) for place, sheet in enumerate(sheets))
    (told,) = product_values(product, values, LANGUAGES)["characteristics"]  # type: ignore[misc]  # JSON
    return told


@pytest.mark.parametrize(
    ("declared", "spans"),
    [
        ([{"value": "20"}], [(20.0, 20.0)]),
        ([{"value": "20.0", "tolerance": "± 2"}], [(20.0, 20.0)]),
        ([{"min": "20"}], [(20.0, None)]),
        ([{"max": "40"}], [(None, 40.0)]),
        ([{"min": "-5", "max": "40.5"}], [(-5.0, 40.5)]),
        ([{"value": "NPD"}], []),
        ([{"value": "20", "unit": "N / mm2"}], [(20.0, 20.0)]),
        ([{"value": "20", "unit": "kN/mm²"}], []),
        ([{"value": "20", "unit": "MPa"}], []),
        ([{"value": "20"}, {"min": "10", "max": "15"}], [(10.0, 20.0)]),
        ([{"value": "20"}, {"min": "10"}], [(10.0, None)]),
        ([{"value": "20"}, {"value": "NPD"}], []),
    ],
)
def test_a_number_is_a_span_only_where_it_can_be_compared(declared: list[dict[str, str]], spans: list[Any]) -> None:
    """An open end stays open, a unit spelt otherwise is the same, another one is not converted."""
    told = _values(STRENGTH, _sheet(*({"id": "strength", **value} for value in declared)))

    assert told["spans"] == spans
    assert told["declared"] == packed([1] if spans else []), "it is left out where nothing else is declared"


def test_a_choice_is_what_is_printed() -> None:
    """With its unit where that is another than the product's."""
    printed = [{"value": "D400"}, {"min": "4", "max": "8"}, {"value": "8", "unit": "cm"}, {"value": "8", "unit": "mm"}]
    told = _values(CLASS, *(_sheet({"id": "class", **value}) for value in printed))

    assert told["choices"] == [("D400",), ("4 – 8",), ("8 cm",), ("8",)]


def test_equal_values_are_one_and_a_sheet_may_have_several() -> None:
    """The order of a sheet's own values does not matter."""
    both = [{"id": "class", "value": "B"}, {"id": "class", "value": "A"}]
    told = _values(CLASS, _sheet(*both), _sheet(both[0]), _sheet(*reversed(both)))

    assert told["choices"] == [("A", "B"), ("B",)]
    assert told["declared"] == packed([1, 2, 1])


def test_only_what_is_filterable_is_told() -> None:
    """A product without such a characteristic has an empty file; a datasheet that declares none of it is left out."""
    plain = {**STRENGTH, "filterable": "false"}
    sheets = {3: _sheet({"id": "class", "value": "A"}), 4: _sheet(), 9: _sheet({"id": "class", "value": "B"})}

    def told(product: Product) -> Mapping[str, Any]:
        values = [(place, declared_values(product, sheet)) for place, sheet in sheets.items()]
        return product_values(product, values, LANGUAGES)

    assert told(_product(plain)) == {"sheets": "", "characteristics": []}
    assert told(_product(plain, CLASS))["sheets"] == packed([3, 6])


def test_a_name_falls_back_with_its_language() -> None:
    """Each language of the site has a name, its own or the next one's."""
    assert _values(STRENGTH)["names"] == {"nl": "Sterkte", "fr": ["Sterkte", "nl"]}
