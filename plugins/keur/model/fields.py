"""Types of single fields: each takes the text an export holds and says, in plain words, what must hold.

The reader hands over every scalar as text (contract, reading rule 1), so nothing is guessed here: a date is a date only
because its field says so. A fault's message ends in what was found; ``loading`` puts the place in front. The JSON
Schema of a field takes what an editor makes of the same text, where ``29`` is a number and ``true`` no text.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from pydantic import BeforeValidator, GetPydanticSchema, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from keur.model.patterns import PatternError, number_pattern
from keur.model.texts import LANGUAGE_TAG, Text, canonical_tag
from keur.problems import FieldPath, described, quoted

NUMBER_SIGNS = " .,/\\-_+():;#&*'°"
"""What a number may hold beside letters and digits of any script (contract, "certificates")."""

INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Soft hyphens, zero-width characters and others that leave no ink: taken out of names with a warning, refused in
numbers, ids and codes."""

DECIMAL = re.compile(r"[+-]?\d{1,18}(\.\d{1,12})?", re.ASCII)
"""A plain decimal number: no exponent, no comma, no thousands."""

MAX_PATTERN = 300

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DATE_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)(Z|[+-]\d{2}:?\d{2})", re.ASCII)
_INTEGER = re.compile(r"\d{1,12}", re.ASCII)
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"[+0-9][0-9 ()./-]{3,40}")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]\\<>\"']+)(:\d{1,5})?")
_GTIN = re.compile(r"\d{8}|\d{12,14}", re.ASCII)

# ISO 3166-1 alpha-2 as of 2026, and ZZ, which the contract gives to a country that is not known.
COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
    CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
    GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH
    KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
    MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
    SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY
    UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW ZZ
    """.split()
)


def fault(kind: str, must: str, found: object) -> PydanticCustomError:
    """Make the error of a field: what must hold, then what was found."""
    if found is None:
        return _error("empty", "must not be empty")
    return _error(kind, f"{must}; found {described(found)}")


def _error(kind: str, message: str, inside: FieldPath = ()) -> PydanticCustomError:
    # The message travels in the context: pydantic would fill its {braces}, and it asks for a literal in its place.
    # ``inside`` leads to the fault within the field's own value.
    return PydanticCustomError(kind, "{message}", {"message": message, "inside": inside})


def _inside(error: PydanticCustomError, *steps: str | int) -> PydanticCustomError:
    context = error.context or {}
    return _error(error.type, context["message"], (*steps, *context["inside"]))


def _scalar(value: object, must: str) -> str:
    """Return a scalar that is not empty, or say what must stand there."""
    if value is None or value == "":
        raise _error("empty", "must not be empty")
    if not isinstance(value, str):
        raise fault("scalar", must, value)
    return value


def _visible(value: str, what: str) -> str:
    if value.isascii() and value.isprintable():
        return value
    for character in value:
        if not character.isprintable() or INVISIBLE.match(character):
            name = f"U+{ord(character):04X}"
            raise _error("invisible", f"{what} must hold no invisible character; found {name} in {quoted(value)}")
    return value


def read_line(value: object) -> str:
    """Read one line of text: invisible characters go (the reader has warned of them)."""
    text = _scalar(value, "must be text")
    if text.isascii():
        return text
    line = " ".join(INVISIBLE.sub("", text).split())
    if not line:
        raise _error("empty", "must not be empty")
    return line


def read_id(value: object) -> str:
    """Read an identifier: a-z, 0-9 and hyphens, at most 63 characters."""
    must = "must be an id: small letters a-z, digits and hyphens, 63 at most, beginning with a letter or digit"
    text = _visible(_scalar(value, must), "an id")
    if not _ID.fullmatch(text):
        raise fault("id", must, text)
    return text


def read_number(value: object) -> str:
    """Read a certificate number, datasheet code or document number, exactly as printed."""
    must = "must be 1 to 120 letters, digits, blanks and . , / \\ - _ + ( ) : ; # & * ' °"
    text = _visible(_scalar(value, must), "a number")
    if len(text) > 120 or not (text.isalnum() or all(map(_may_stand_in_number, text))):
        raise fault("number", must, text)
    return text


def _may_stand_in_number(character: str) -> bool:
    # Marks are part of letters in scripts such as Thai, Arabic and Devanagari.
    return character.isalnum() or character in NUMBER_SIGNS or unicodedata.category(character)[0] == "M"


def read_date(value: object) -> dt.date:
    """Read a calendar day written YYYY-MM-DD."""
    must = "must be a date like 2027-02-28"
    text = _scalar(value, must)
    match = _DATE.fullmatch(text)
    if not match:
        raise fault("date", must, text)
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise fault("date", must, text) from None


def read_date_time(value: object) -> dt.datetime:
    """Read a moment with its offset from UTC."""
    must = "must be a date and time with its offset like 2026-11-21T06:00:00+01:00"
    text = _scalar(value, must)
    if not _DATE_TIME.fullmatch(text):
        raise fault("date_time", must, text)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise fault("date_time", must, text) from None
    if not 1900 <= moment.year < dt.MAXYEAR:
        # The first and the last days of the calendar have no name in every zone.
        raise fault("date_time", must, text)
    return moment


def read_decimal(value: object) -> str:
    """Read a plain decimal number and keep its spelling (``20.0`` says more than ``20``)."""
    must = "must be a plain number like 20 or 12.5"
    text = _scalar(value, must)
    if not DECIMAL.fullmatch(text):
        raise fault("decimal", must, text)
    return text


def _read_coordinate(limit: int) -> Callable[[object], float]:
    def read(value: object) -> float:
        number = float(read_decimal(value))
        if abs(number) > limit:
            raise fault("coordinate", f"must be degrees between -{limit} and {limit}", value)
        return number

    return read


def read_count(value: object) -> int:
    """Read a count of records."""
    must = "must be a whole number like 480"
    text = _scalar(value, must)
    if not _INTEGER.fullmatch(text):
        raise fault("count", must, text)
    return int(text)


def read_truth(value: object) -> bool:
    """Read true or false; nothing else is taken for either."""
    must = "must be true or false"
    text = _scalar(value, must)
    if text not in ("true", "false"):
        raise fault("truth", must, text)
    return text == "true"


def read_url(value: object) -> str:
    """Read a web address: https or http, with a host and no user part; blanks and other letters become %-escapes."""
    must = "must be a web address like https://example.org/page"
    text = _visible(_scalar(value, must), "a web address")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise fault("url", must, text) from None
    if (
        parts.scheme.lower() not in ("https", "http")
        or not _HOST.fullmatch(parts.netloc)
        or not parts.hostname
        or ".." in parts.hostname
        or (port is not None and port > 65535)
        or "\\" in text
    ):
        raise fault("url", must, text)
    try:
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    except UnicodeError:
        raise fault("url", must, text) from None
    rest = text.split("//", 1)[1][len(parts.netloc) :]
    return f"{parts.scheme.lower()}://{host}" + quote(rest, safe="/?#[]@!$&'()*+,;=:%~._-")


def read_email(value: object) -> str:
    """Read an e-mail address."""
    must = "must be an e-mail address like info@example.org"
    text = _visible(_scalar(value, must), "an e-mail address")
    if len(text) > 254 or not _EMAIL.fullmatch(text) or ".." in text:
        raise fault("email", must, text)
    return text


def read_phone(value: object) -> str:
    """Read a telephone number."""
    must = "must be a telephone number like +32 2 555 01 00"
    text = _visible(_scalar(value, must), "a telephone number")
    if not _PHONE.fullmatch(text):
        raise fault("phone", must, text)
    return text


def read_country(value: object) -> str:
    """Read an ISO 3166-1 alpha-2 country code, or ZZ where the country is not known."""
    must = "must be a country code of two capitals like BE, or ZZ where it is not known"
    text = _scalar(value, must)
    if text not in COUNTRIES:
        raise fault("country", must, text)
    return text


def read_language(value: object) -> str:
    """Read a language tag."""
    must = "must be a language code like nl"
    text = _scalar(value, must)
    if not LANGUAGE_TAG.fullmatch(text):
        raise fault("language", must, text)
    return canonical_tag(text)


def read_gtin(value: object) -> str:
    """Read a GTIN: 8, 12, 13 or 14 digits."""
    must = "must be a GTIN of 8, 12, 13 or 14 digits"
    text = _visible(_scalar(value, must), "a GTIN")
    if not _GTIN.fullmatch(text):
        raise fault("gtin", must, text)
    return text


def read_pattern(value: object) -> str:
    """Read a regular expression that Python and JavaScript read alike, and that no number can keep busy."""
    must = "must be a regular expression that Python and JavaScript read alike"
    text = _scalar(value, must)
    if len(text) > MAX_PATTERN:
        raise fault("pattern", f"must be a regular expression of at most {MAX_PATTERN} characters", text)
    try:
        number_pattern(text)
    except PatternError as error:
        raise fault("pattern", f"{must}: {error}", text) from None
    return text


def read_text(value: object) -> Text:
    """Read a translatable text: a string, or a mapping of language codes to strings.

    A language without a value counts as missing, as if it were not given.
    """
    if isinstance(value, str):
        return Text.plain(read_line(value))
    if not isinstance(value, dict):
        raise fault("text", "must be text, or a mapping of language codes to text", value)
    translations: dict[str, str] = {}
    for key, text in value.items():
        tag = _tag(key)
        if tag in translations:
            raise _error("language", f"stands twice: this language is given as {quoted(tag)} already", (key,))
        if text is None:
            continue
        try:
            translations[tag] = read_line(text)
        except PydanticCustomError as error:
            raise _inside(error, key) from None
    if not translations:
        raise _error("empty", "must not be empty")
    return Text(tuple(translations.items()))


def _tag(key: str) -> str:
    if not LANGUAGE_TAG.fullmatch(key):
        raise _error("language", f"must be a language code like nl; found {quoted(key)}", (key,))
    return canonical_tag(key)


def read_words(value: object) -> tuple[Text, ...]:
    """Read a translatable list of words: a list of texts, or a mapping of language codes to words or lists of them."""
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(_each(value))
    if isinstance(value, dict) and any(isinstance(words, list) for words in value.values()):
        return tuple(word for key, words in value.items() for word in _words_of(key, words))
    return (read_text(value),)


def _words_of(key: str, words: object) -> Iterable[Text]:
    tag = _tag(key)
    if words is None:
        return
    try:
        for word in _each(words) if isinstance(words, list) else [Text.plain(read_line(words))]:
            if not word.is_plain:
                raise _error("text", "must be text; found a mapping")
            yield Text(((tag, word.translations[0][1]),))
    except PydanticCustomError as error:
        raise _inside(error, key) from None


def _each(words: list[object]) -> Iterable[Text]:
    for index, word in enumerate(words):
        try:
            yield read_text(word)
        except PydanticCustomError as error:
            raise _inside(error, index) from None


# YAML writes numbers and truths without quotes and editors take them for such; the reader takes any scalar as text.
_WORD: dict[str, Any] = {"type": ["string", "number", "boolean"], "minLength": 1}
_NUMERIC = ["string", "number"]
_TAG = f"^{LANGUAGE_TAG.pattern}$"

_TEXT: dict[str, Any] = {
    "anyOf": [
        _WORD,
        {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": _TAG},
            "additionalProperties": {"type": ["string", "number", "boolean", "null"], "minLength": 1},
        },
    ]
}
_WORDS: dict[str, Any] = {
    "anyOf": [
        _WORD,
        {"type": "array", "items": _TEXT},
        {
            "type": "object",
            "propertyNames": {"pattern": _TAG},
            "additionalProperties": {"anyOf": [_WORD, {"type": "array", "items": _WORD}, {"type": "null"}]},
        },
    ]
}


def _plain(read: Callable[[object], Any]) -> GetPydanticSchema:
    """Make the field's reader its whole validation: it returns the final value."""
    return GetPydanticSchema(lambda _source, _handler: core_schema.no_info_plain_validator_function(read))


def _json(title: str, **schema: Any) -> WithJsonSchema:
    """Describe the field to editors; the title is the name of its type in the reference of the format."""
    return WithJsonSchema({"title": title, **schema})


Line = Annotated[str, _plain(read_line), _json("text", **_WORD)]
Id = Annotated[str, _plain(read_id), _json("id", type=_NUMERIC, pattern=f"^{_ID.pattern}$")]
Number = Annotated[str, _plain(read_number), _json("number as printed", type=_NUMERIC, minLength=1, maxLength=120)]
Date = Annotated[dt.date, _plain(read_date), _json("date", type="string", format="date", pattern=f"^{_DATE.pattern}$")]
DateTime = Annotated[dt.datetime, _plain(read_date_time), _json("date and time", type="string", format="date-time")]
DecimalNumber = Annotated[
    str, _plain(read_decimal), _json("decimal number", type=_NUMERIC, pattern=f"^{DECIMAL.pattern}$")
]
Latitude = Annotated[
    float,
    _plain(_read_coordinate(90)),
    _json("degrees north", type=_NUMERIC, minimum=-90, maximum=90, pattern=f"^{DECIMAL.pattern}$"),
]
Longitude = Annotated[
    float,
    _plain(_read_coordinate(180)),
    _json("degrees east", type=_NUMERIC, minimum=-180, maximum=180, pattern=f"^{DECIMAL.pattern}$"),
]
Count = Annotated[
    int,
    _plain(read_count),
    _json("whole number", type=["integer", "string"], minimum=0, pattern=f"^{_INTEGER.pattern}$"),
]
Truth = Annotated[bool, _plain(read_truth), _json("true or false", enum=[True, False, "true", "false"])]
Url = Annotated[str, _plain(read_url), _json("web address", type="string", pattern="^[hH][tT][tT][pP][sS]?://")]
Email = Annotated[str, _plain(read_email), _json("e-mail address", type="string", pattern=f"^{_EMAIL.pattern}$")]
Phone = Annotated[str, _plain(read_phone), _json("telephone number", type=_NUMERIC, pattern=f"^{_PHONE.pattern}$")]
Country = Annotated[str, _plain(read_country), _json("country code", type="string", enum=sorted(COUNTRIES))]
LanguageTag = Annotated[str, _plain(read_language), _json("language code", type="string", pattern=_TAG)]
Gtin = Annotated[str, _plain(read_gtin), _json("GTIN", type=_NUMERIC, pattern=f"^({_GTIN.pattern})$")]
Pattern = Annotated[str, _plain(read_pattern), _json("regular expression", type=_NUMERIC, maxLength=MAX_PATTERN)]
Translatable = Annotated[Text, _plain(read_text), _json("translatable text", **_TEXT)]
Words = Annotated[tuple[Text, ...], _plain(read_words), _json("translatable words", **_WORDS)]


def absent_as(default: object) -> BeforeValidator:
    """Take a field that is given without a value (``null``) for one that is not given."""
    return BeforeValidator(lambda value: default if value is None else value)


EmptyAsAbsent = absent_as(())
