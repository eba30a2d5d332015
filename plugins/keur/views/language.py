"""A language of the site: its words, dates and numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Protocol

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import format_decimal

from keur.model import Precision, StatusEvent, Text
from keur.views.contexts import Phrase


class Catalogue(Protocol):
    """Where a language's words come from; gettext's translations fit."""

    def gettext(self, message: str) -> str:
        """Return the translation of a message."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation of the form that fits a count."""


class Language:
    """One language of the site. ``order`` are its fallbacks: itself first, then the site's others."""

    def __init__(self, tag: str, catalogue: Catalogue, site_languages: Sequence[str]) -> None:
        self.tag = tag
        self.catalogue = catalogue
        self.order = (tag, *(other for other in site_languages if other != tag))
        self.locale = Locale.parse(tag, sep="-")
        self._day = lru_cache(maxsize=None)(self._day_in_words)
        self._messages: dict[str, str] = {}
        self._filled: dict[str, str] = {}
        self._numbers: dict[int, str] = {}

    @cached_property
    def name(self) -> str:
        """The language's own name, as a switch shows it ("Nederlands")."""
        name = self.locale.get_language_name(self.tag) or self.tag
        return name[0].upper() + name[1:]

    def message(self, message: str) -> str:
        """Return a message in this language with its {placeholders} as they are, for a script to fill."""
        text = self._messages.get(message)
        if text is None:
            text = self._messages[message] = self.catalogue.gettext(message)
        return text

    def t(self, message: str, **values: object) -> str:
        """Return a message in this language with its {placeholders} filled."""
        if values:
            return self.message(message).format(**values)
        text = self._filled.get(message)
        if text is None:
            text = self._filled[message] = self.message(message).format()
        return text

    def tn(self, one: str, many: str, n: int, **values: object) -> str:
        """Return the form of a message that fits ``n``, which fills {n} as a number of the language."""
        return self.catalogue.ngettext(one, many, n).format(n=self.number(n), **values)

    def number(self, value: int) -> str:
        """Return a whole number with the language's groups."""
        text = self._numbers.get(value)
        if text is None:
            text = self._numbers[value] = format_decimal(value, locale=self.locale)
        return text

    def date(self, day: dt.date) -> str:
        """Return a day in words: "28 februari 2027"."""
        return self._day(day)

    def _day_in_words(self, day: dt.date) -> str:
        number = f"{day.day}." if self.tag == "de" else "1er" if self.tag == "fr" and day.day == 1 else str(day.day)
        return f"{number} {self.months[day.month]} {day.year}"

    @cached_property
    def months(self) -> Mapping[int, str]:
        """The names of the months as they stand in a day, by number."""
        return get_month_names("wide", "format", self.locale)

    def since(self, day: dt.date) -> str:
        """Return a day as it follows the word "since": French puts an article before it."""
        return self.t("{date}", date=self.date(day))

    def event_date(self, event: StatusEvent) -> str:
        """Return an event's date as exactly as it is known, as it follows the word "since"."""
        match event.precision:
            case Precision.MONTH:
                return f"{get_month_names('wide', 'stand-alone', self.locale)[event.date.month]} {event.date.year}"
            case Precision.YEAR:
                return str(event.date.year)
            case Precision.ON_OR_BEFORE:
                return self.t("{date} or earlier", date=self.since(event.date))
            case _:
                return self.since(event.date)

    def phrase(self, text: Text) -> Phrase:
        """Return a translatable text in this language or its nearest fallback, which then names its language."""
        words, lang = text.in_languages(self.order)
        own = lang is None or lang.split("-")[0] == self.tag.split("-")[0]
        return Phrase(words, None if own else lang)

    def country(self, code: str) -> str:
        """Return a country's name; "ZZ" is a country that is not known."""
        if code == "ZZ":
            return self.t("country not known")
        return str(self.locale.territories.get(code, code))
