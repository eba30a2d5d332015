"""Every word of the site's own is translated into every language, and no translation can break a page."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from keur.site.catalogues import CatalogueError, read_catalogue

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "theme" / "translations"
LANGUAGES = ("nl", "fr", "de")

# What takes a message: ``t`` and ``tn`` of languages and templates, and their relatives of cards and scripts.
KEYWORDS = {"t": None, "tn": (1, 2), "message": None, "_label": None, "_neutral": None}
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@cache
def _used() -> frozenset[str | tuple[str, str]]:
    """Return every message that templates and Python name."""
    found = set()
    for folder, method in (("theme/templates", "jinja2"), ("plugins/keur/views", "python")):
        for _, _, message, _, _ in extract_from_dir(
            ROOT / folder,
            method_map=[("**.html" if method == "jinja2" else "**.py", method)],
            options_map={"**.html": {"trim_blocks": "true", "silent": "false"}},
            keywords=KEYWORDS,
        ):
            found.add(tuple(message) if isinstance(message, (tuple, list)) else message)
    return frozenset(found)


@cache
def _catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _messages(language: str) -> list[Message]:
    return [message for message in _catalogue(language) if message.id]


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_messages_are_found_in_templates_and_in_python() -> None:
    assert {"Skip to the content", "Valid until {date}", ("{n} certificate", "{n} certificates")} <= _used()
    assert len(_used()) > 150


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    translated = {m.id if isinstance(m.id, str) else tuple(m.id) for m in _messages(language) if all(_forms(m))}
    assert _used() - translated == frozenset()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_of_a_message_that_is_gone(language: str) -> None:
    known = {m.id if isinstance(m.id, str) else tuple(m.id) for m in _messages(language)}
    assert known - _used() == set()
    assert not _catalogue(language).obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in _messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_message(language: str) -> None:
    """A wrong placeholder would fail only when its page is rendered; a stray brace as well."""

    def fields(text: str) -> list[str]:
        return sorted(_PLACEHOLDER.findall(text)) + re.findall(r"[{}]", _PLACEHOLDER.sub("", text))

    assert [
        (message.id, form)
        for message in _messages(language)
        for form in _forms(message)
        if fields(form) != fields(message.id if isinstance(message.id, str) else message.id[-1])
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_hold_no_markup(language: str) -> None:
    assert [f for message in _messages(language) for f in _forms(message) if re.search(r"[<>]|&\w+;", f)] == []


def test_a_language_without_a_catalogue_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no catalogue for the language it"):
        read_catalogue(tmp_path, "it")


def test_english_needs_no_catalogue(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path, "en").gettext("Valid until {date}") == "Valid until {date}"


def test_a_broken_catalogue_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "nl" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Home"\n<<<<<<< HEAD\nmsgstr "Begin"\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match="cannot be read"):
        read_catalogue(tmp_path, "nl")
