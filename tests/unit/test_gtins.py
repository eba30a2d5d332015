"""GTINs as search data."""

import json

from keur.model import Datasheet
from keur.search.gtins import gtin_payload
from tests import builders


def _sheet(**changes: str) -> Datasheet:
    return Datasheet.model_validate(builders.datasheet(**changes))


def test_a_gtin_of_any_length_stands_under_its_last_digit_with_zeros_in_front() -> None:
    """Two sheets may bear one GTIN; a digit that none ends in has an empty file."""
    gtins = ["9520900123454", "96385074", "09520900123454"]
    sheets = [(place, _sheet(code=str(place), gtin=gtin)) for place, gtin in enumerate(gtins)]
    files = gtin_payload([*sheets, (3, _sheet())])

    assert sorted(files) == [f"gtins/{digit}.json" for digit in "0123456789"]
    assert json.loads(files["gtins/4.json"]) == {
        "gtins": ["00000096385074", "09520900123454", "09520900123454"],
        "sheets": [1, 0, 2],
    }
    assert json.loads(files["gtins/0.json"]) == {"gtins": [], "sheets": []}
