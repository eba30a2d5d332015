"""Scalars are cleaned as reading rule 4 of the export format says, and nothing else is changed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keur.loading.scalars import clean, is_clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Weg \t\n beton ", "Weg beton"),
        ("a\u00a0\u2009b\u2028c\x85d", "a b c d"),
        ("e\u0301", "\u00e9"),
        ("<br> </p> &NDASH;", "<br> </p> &NDASH;"),
        ("ﬁ ½ ２", "ﬁ ½ ２"),
        ("Å", "Å"),
    ],
)
def test_white_space_and_composition_are_made_one(text: str, expected: str) -> None:
    assert clean(text, None).text == expected
    assert clean(text, None).errors == ()
    assert clean(text, None).warnings == ()


@pytest.mark.parametrize(
    ("text", "message", "left"),
    [
        ("a\x00b", "must hold no control characters; found U+0000", "ab"),
        ("a\x1bb", "must hold no control characters; found U+001B", "ab"),
        ("a\x9fb", "must hold no control characters; found U+009F", "ab"),
        ("a\u202eb", "must hold no direction-changing characters; found U+202E", "ab"),
        ("a\u2066b", "must hold no direction-changing characters; found U+2066", "ab"),
        ("a\u200fb", "must hold no direction-changing characters; found U+200F", "ab"),
    ],
)
def test_control_and_direction_characters_are_refused(text: str, message: str, left: str) -> None:
    assert clean(text, None).errors == (message,)
    assert clean(text, None).text == left


@pytest.mark.parametrize("character", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\ufe0f", "\u3164"])
def test_invisible_characters_are_warned_about(character: str) -> None:
    """The field decides: a name goes without them, a number is refused."""
    found = clean(f"a{character}b", None)
    assert found.warnings == (f"an invisible character is taken out: U+{ord(character):04X}",)
    assert found.errors == ()


@pytest.mark.parametrize("text", ["BÃ©ton", "Ã\u2013sterreich", "5 Â°C", "â€œquotedâ€\u009d", "B\ufffdton"])
def test_mojibake_is_warned_about(text: str) -> None:
    assert any("mojibake" in warning for warning in clean(text, None).warnings)


@pytest.mark.parametrize("text", ["Béton", "São Paulo", "ÂME", "SÃO PAULO", "crâne", "Österreich", "Ђ", "مصنع"])
def test_good_words_are_no_mojibake(text: str) -> None:
    assert clean(text, None).warnings == ()


def test_blanks_in_a_web_address_are_warned_about() -> None:
    assert clean("https://example.org/a b", "url").warnings
    assert clean("https://example.org/é", "website").warnings
    assert not clean("https://example.org/é", "name").warnings


@given(st.text())
def test_what_is_clean_at_a_glance_stays_as_it_is(text: str) -> None:
    found = clean(text, None)
    if is_clean(text):
        assert found.text == text
        assert not found.errors
        assert not found.warnings
    assert found.text == " ".join(unicodedata.normalize("NFC", found.text).split())
