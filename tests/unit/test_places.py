"""Places: a town by all its names, wherever its address says enough, and the region it lies in."""

import pytest

from keur.model import Address
from keur.search.places import Places

PLACES = Places()


def _address(city: str, postcode: str | None = None, country: str = "BE", region: str | None = None) -> Address:
    return Address.model_validate({"city": city, "postcode": postcode, "country": country, "region": region})


@pytest.mark.parametrize(
    ("address", "names"),
    [
        (_address("Liège", "4020"), ("Liège", "Luik", "Lüttich")),
        (_address("LUIK"), ("LUIK", "Luik", "Liège", "Lüttich")),
        (_address("Bruxelles", "1000"), ("Bruxelles", "Brussel", "Brüssel")),
        (_address("Zwijnaarde", "9052"), ("Zwijnaarde", "Gent", "Gand")),
        (_address("Saint-Nicolas", "4420"), ("Saint-Nicolas",)),
        (_address("Nergens", "0000"), ("Nergens",)),
        (_address("Luik", country="NL"), ("Luik",)),
        (_address("AACHEN", country="DE"), ("AACHEN", "Aachen", "Aken", "Aix-la-Chapelle")),
    ],
    ids=lambda value: value.city if isinstance(value, Address) else "",
)
def test_names(address: Address, names: tuple[str, ...]) -> None:
    """The address's own name comes first; a name that two towns bear is told apart by the postal code."""
    assert PLACES.other_names(address) == names


@pytest.mark.parametrize(
    ("address", "region"),
    [
        (_address("Liège", "4020"), "be-wlg"),
        (_address("Nergens", region="Provincie Oost-Vlaanderen"), "be-vov"),
        (_address("Nergens"), "be"),
        (_address("Aachen", country="DE", region="Nordrhein-Westfalen"), "de"),
        (_address("Lille", country="FR", region="Hauts-de-France"), "fr-hauts-de-france"),
        (_address("?", country="ZZ"), None),
    ],
    ids=lambda value: value.city if isinstance(value, Address) else str(value),
)
def test_region(address: Address, region: str | None) -> None:
    """A Belgian address lies in a province, one at home in the region it names, any other in its country."""
    found = PLACES.region(address, home="FR")

    assert (found and found.id) == region


def test_a_name_in_several_languages_is_given_in_the_first() -> None:
    """A region's name comes with its language; a country has none, for browsers know it."""
    liege = PLACES.region(_address("Liège", "4020"), "BE")
    germany = PLACES.region(_address("Aachen", country="DE"), "BE")

    assert liege is not None
    assert germany is not None
    assert liege.name(("it", "fr", "nl")) == ("Province de Liège", "fr")
    assert germany.name(("fr",)) is None
