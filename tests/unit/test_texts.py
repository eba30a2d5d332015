"""Translatable text falls back in the order of the site's languages and says in which one it is."""

import pytest

from keur.model.texts import LANGUAGE_TAG, Text, canonical_tag

DUTCH_FRENCH = Text((("nl", "Wegenbeton"), ("fr", "Béton routier")))


@pytest.mark.parametrize(
    ("text", "languages", "expected"),
    [
        (DUTCH_FRENCH, ("fr", "nl"), ("Béton routier", "fr")),
        (DUTCH_FRENCH, ("de", "nl", "fr"), ("Wegenbeton", "nl")),
        (DUTCH_FRENCH, ("de", "en"), ("Wegenbeton", "nl")),
        (Text.plain("BENOR"), ("de",), ("BENOR", None)),
        (Text((("nl-BE", "Beton"),)), ("fr", "nl"), ("Beton", "nl-BE")),
        (Text((("nl-BE", "Vlaams"), ("nl", "Nederlands"))), ("nl",), ("Nederlands", "nl")),
    ],
)
def test_a_text_is_given_in_the_first_language_it_has(
    text: Text, languages: tuple[str, ...], expected: tuple[str, str | None]
) -> None:
    assert expected == text.in_languages(languages)


def test_missing_languages_are_those_without_a_translation() -> None:
    assert DUTCH_FRENCH.missing(("nl", "fr", "de", "en")) == ("de", "en")
    assert Text.plain("BENOR").missing(("nl", "fr")) == ()
    assert Text((("nl-BE", "Beton"),)).missing(("nl",)) == ()


def test_a_text_gives_its_translations_in_the_order_of_the_export() -> None:
    assert list(DUTCH_FRENCH) == [("nl", "Wegenbeton"), ("fr", "Béton routier")]


def test_a_text_alone_is_english_or_the_first() -> None:
    assert str(Text((("nl", "Beton"), ("en", "Concrete")))) == "Concrete"
    assert str(DUTCH_FRENCH) == "Wegenbeton"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("NL", "nl"),
        ("nl-be", "nl-BE"),
        ("SR-latn-rs", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("de-CH-1996", "de-CH-1996"),
        ("ca-VALENCIA", "ca-valencia"),
    ],
)
def test_a_tag_has_its_usual_letters(tag: str, expected: str) -> None:
    assert LANGUAGE_TAG.fullmatch(tag)
    assert expected == canonical_tag(tag)


@pytest.mark.parametrize("tag", ["", "n", "dutch", "nl_BE", "nl-", "nl-B", "12", "nl\n"])
def test_what_is_no_tag_is_none(tag: str) -> None:
    assert not LANGUAGE_TAG.fullmatch(tag)
