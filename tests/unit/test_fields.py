"""Single fields take text and nothing is guessed; a refusal says what must hold and what was found."""

import contextlib
import datetime as dt
import decimal
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from keur.model import fields
from keur.model.fields import (
    read_count,
    read_country,
    read_date,
    read_date_time,
    read_decimal,
    read_email,
    read_gtin,
    read_id,
    read_language,
    read_line,
    read_number,
    read_pattern,
    read_phone,
    read_text,
    read_truth,
    read_url,
    read_words,
)

Read = Callable[[object], Any]

READERS: list[Read] = [
    read_count,
    read_country,
    read_date,
    read_date_time,
    read_decimal,
    read_email,
    read_gtin,
    read_id,
    read_language,
    read_line,
    read_number,
    read_pattern,
    read_phone,
    read_text,
    read_truth,
    read_url,
]

GOOD: list[tuple[Read, str, object]] = [
    (read_line, "NO", "NO"),
    (read_line, "<br> &NDASH; </p>", "<br> &NDASH; </p>"),
    (read_line, "Kunst\u00adstof\u200b buis", "Kunststof buis"),
    (read_id, "0-b", "0-b"),
    (read_id, "a" * 63, "a" * 63),
    (read_number, "0123", "0123"),
    (read_number, "ANSSI-CC-2019/43-R01", "ANSSI-CC-2019/43-R01"),
    (read_number, "มอก. ๕๖๖-๒๕๖๓", "มอก. ๕๖๖-๒๕๖๓"),
    (read_number, "N°12 (a);b:c#&*'+_\\,.", "N°12 (a);b:c#&*'+_\\,."),
    (read_number, "x" * 120, "x" * 120),
    (read_date, "2024-02-29", dt.date(2024, 2, 29)),
    (read_date, "1908-01-01", dt.date(1908, 1, 1)),
    (read_date, "9999-12-31", dt.date(9999, 12, 31)),
    (read_date_time, "2026-11-21T05:00:00Z", dt.datetime(2026, 11, 21, 5, tzinfo=dt.UTC)),
    (read_date_time, "2026-11-21 06:00+0100", dt.datetime(2026, 11, 21, 5, tzinfo=dt.UTC)),
    (read_decimal, "20.0", "20.0"),
    (read_decimal, "-0.5", "-0.5"),
    (read_count, "0480", 480),
    (read_truth, "true", True),
    (read_truth, "false", False),
    (read_url, "HTTPS://Example.org:8080/a?b=c#d", "https://Example.org:8080/a?b=c#d"),
    (read_url, "https://bücher.example/ö b%20c", "https://xn--bcher-kva.example/%C3%B6%20b%20c"),
    (read_url, 'https://example.org/"><script>', "https://example.org/%22%3E%3Cscript%3E"),
    (read_url, "http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
    (read_email, "a.b+c@sub.example.org", "a.b+c@sub.example.org"),
    (read_phone, "+32 (0)2 555.01-00", "+32 (0)2 555.01-00"),
    (read_country, "BE", "BE"),
    (read_country, "ZZ", "ZZ"),
    (read_language, "NL-be", "nl-BE"),
    (read_gtin, "5412345000013", "5412345000013"),
    (read_pattern, r"\d{2}/\d{4}", r"\d{2}/\d{4}"),
]

BAD: list[tuple[Read, object, str]] = [
    (read_line, None, "must not be empty"),
    (read_line, "", "must not be empty"),
    (read_line, "\u200b", "must not be empty"),
    (read_line, ["x"], "must be text; found a list"),
    (read_line, {"nl": "x"}, "must be text; found a mapping"),
    (
        read_id,
        "Benor",
        "must be an id: small letters a-z, digits and hyphens, 63 at most, beginning with a letter or digit",
    ),
    (read_id, "-a", 'beginning with a letter or digit; found "-a"'),
    (read_id, "a" * 64, "63 at most"),
    (read_id, "be\u00adnor", 'an id must hold no invisible character; found U+00AD in "be<U+00AD>nor"'),
    (read_number, "29/0107\u200b", "a number must hold no invisible character; found U+200B"),
    (read_number, "29\ufe0f", "a number must hold no invisible character; found U+FE0F"),
    (read_number, "a\u3164", "a number must hold no invisible character; found U+3164"),
    (read_number, "x" * 121, "must be 1 to 120 letters"),
    (
        read_number,
        "29@1",
        'must be 1 to 120 letters, digits, blanks and . , / \\ - _ + ( ) : ; # & * \' °; found "29@1"',
    ),
    (read_number, "<b>", "must be 1 to 120 letters"),
    (read_date, "31/02/2027", 'must be a date like 2027-02-28; found "31/02/2027"'),
    (read_date, "2027-02-29", 'must be a date like 2027-02-28; found "2027-02-29"'),
    (read_date, "0000-00-00", "must be a date"),
    (read_date, "2027-2-8", "must be a date"),
    (read_date, "２０２７-02-08", "must be a date"),
    (read_date, "2027-02-08\n", "must be a date"),
    (read_date, None, "must not be empty"),
    (read_date_time, "2026-11-21T06:00:00", "with its offset"),
    (read_date_time, "2026-11-21T25:00:00Z", "with its offset"),
    (read_date_time, "0001-01-01T00:00:00+14:00", "with its offset"),
    (read_date_time, "9999-12-31T23:59:59-12:00", "with its offset"),
    (read_decimal, "1e5", 'must be a plain number like 20 or 12.5; found "1e5"'),
    (read_decimal, "12,5", "must be a plain number"),
    (read_decimal, "0x10", "must be a plain number"),
    (read_decimal, "1_000", "must be a plain number"),
    (read_decimal, ".5", "must be a plain number"),
    (read_decimal, "inf", "must be a plain number"),
    (read_decimal, "9" * 19, "must be a plain number"),
    (read_count, "-1", "must be a whole number like 480"),
    (read_count, "9" * 100_000, "must be a whole number like 480"),
    (read_truth, "yes", 'must be true or false; found "yes"'),
    (read_truth, "True", "must be true or false"),
    (read_url, "javascript:alert(1)", "must be a web address like https://example.org/page"),
    (read_url, "ftp://example.org", "must be a web address"),
    (read_url, "example.org", "must be a web address"),
    (read_url, "//example.org", "must be a web address"),
    (read_url, "https://", "must be a web address"),
    (read_url, "https://user@example.org/", "must be a web address"),
    (read_url, "https://user:word@example.org/", "must be a web address"),
    (read_url, "https://example.org\\@evil.example", "must be a web address"),
    (read_url, "https://exa mple.org", "must be a web address"),
    (read_url, "https://a..b/", "must be a web address"),
    (read_url, "https://[::1", "must be a web address"),
    (read_url, "https://example.org:99999/", "must be a web address"),
    (read_url, f"https://{'é' * 70}.example/", "must be a web address"),
    (read_url, "https://exa\u200bmple.org", "a web address must hold no invisible character"),
    (read_email, "nobody", "must be an e-mail address like info@example.org"),
    (read_email, "a@b", "must be an e-mail address"),
    (read_email, "a@b..example", "must be an e-mail address"),
    (read_email, "a@" + "b" * 260 + ".example", "must be an e-mail address"),
    (read_email, "a b@example.org", "must be an e-mail address"),
    (read_phone, "call us", "must be a telephone number like +32 2 555 01 00"),
    (read_country, "Belgium", "must be a country code of two capitals like BE"),
    (read_country, "be", "must be a country code"),
    (read_country, "XX", "must be a country code"),
    (read_language, "dutch", "must be a language code like nl"),
    (read_gtin, "123", "must be a GTIN of 8, 12, 13 or 14 digits"),
    (read_pattern, "(", "must be a regular expression that Python and JavaScript read alike: it ends too early"),
    (read_pattern, "(a+)+", "must be a regular expression that Python and JavaScript read alike: a repeated group"),
    (read_pattern, "a" * 301, "must be a regular expression of at most 300 characters"),
    (read_text, [], "must be text, or a mapping of language codes to text; found a list"),
    (read_text, {}, "must not be empty"),
    (read_text, {"nl": None}, "must not be empty"),
    (read_text, {"dutch": "x"}, 'must be a language code like nl; found "dutch"'),
    (read_text, {"nl": "x", "NL": "y"}, 'this language is given as "nl" already'),
    (read_text, {"nl": ["x"]}, "must be text; found a list"),
    (read_words, {"nl": [{"fr": "x"}]}, "must be text; found a mapping"),
    (read_words, [None], "must not be empty"),
]


@pytest.mark.parametrize(("read", "text", "expected"), GOOD)
def test_a_good_field_is_read_as_it_is(read: Read, text: str, expected: object) -> None:
    assert expected == read(text)


@pytest.mark.parametrize(("read", "found", "message"), BAD)
def test_a_bad_field_says_what_must_hold_and_what_was_found(read: Read, found: object, message: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        read(found)
    assert message in refused.value.message()


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@given(value=st.one_of(st.none(), st.text(), st.lists(st.text()), st.dictionaries(st.text(), st.none() | st.text())))
def test_nothing_but_a_refusal_comes_of_any_value(read: Read, value: object) -> None:
    with contextlib.suppress(PydanticCustomError):
        read(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**15), max_value=10**15))
def test_decimals_keep_their_spelling(number: decimal.Decimal) -> None:
    assert read_decimal(f"{number:f}") == f"{number:f}"


def test_a_text_is_plain_or_has_a_translation_a_language() -> None:
    assert fields.Text.plain("BENOR") == read_text("BENOR")
    assert fields.Text((("nl", "Beton"), ("fr", "Béton"))) == read_text({"NL": "Beton", "fr": "Béton", "de": None})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ("doek", [[("", "doek")]]),
        (["doek", {"fr": "voile"}], [[("", "doek")], [("fr", "voile")]]),
        (
            {"nl": ["doek", "vlies"], "fr": "voile", "de": None},
            [[("nl", "doek")], [("nl", "vlies")], [("fr", "voile")]],
        ),
        ({"nl": "doek", "fr": "voile"}, [[("nl", "doek"), ("fr", "voile")]]),
    ],
)
def test_words_may_be_written_in_several_ways(value: object, expected: list[list[tuple[str, str]]]) -> None:
    assert expected == [list(word) for word in read_words(value)]


def test_a_coordinate_lies_on_the_globe() -> None:
    read = fields._read_coordinate(90)
    assert read("50.9") == 50.9
    with pytest.raises(PydanticCustomError, match="must be degrees between -90 and 90"):
        read("90.1")
