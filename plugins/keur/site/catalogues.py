"""The theme's catalogues: gettext ``.po`` files, read at build time, so no compiled file can be out of date."""

from __future__ import annotations

import gettext
import io
import string
from pathlib import Path
from typing import TYPE_CHECKING

from keur.problems import KeurError

if TYPE_CHECKING:
    from babel.messages.catalog import Message

SOURCE_LANGUAGE = "en"
"""The language of the messages themselves: it needs no catalogue."""

_FORMATTER = string.Formatter()


class CatalogueError(KeurError):
    """A language of the site has no catalogue, or one that cannot be read."""


def catalogue_bytes(folder: Path, language: str) -> bytes:
    """Return the file of a language's catalogue as it is; nothing where there is none."""
    path = _catalogue(folder, language)
    return path.read_bytes() if path.is_file() else b""


def read_catalogue(folder: Path, language: str) -> gettext.NullTranslations:
    """Read the catalogue of a language from the theme's ``translations`` folder."""
    return opened_catalogue(compiled_catalogue(folder, language))


def opened_catalogue(compiled: bytes) -> gettext.NullTranslations:
    """Return a compiled catalogue ready for use; that of the messages' own language may be empty."""
    return gettext.GNUTranslations(io.BytesIO(compiled)) if compiled else gettext.NullTranslations()


def compiled_catalogue(folder: Path, language: str) -> bytes:
    """Read the catalogue of a language; return it compiled (``.mo``), empty where the language needs none."""
    path = _catalogue(folder, language)
    if not path.is_file():
        if language == SOURCE_LANGUAGE:
            return b""
        raise CatalogueError(
            f"there is no catalogue for the language {language}: {path.name} is missing in {path.parent}"
        )
    from babel.messages.mofile import write_mo  # noqa: PLC0415  # most builds have their catalogues compiled
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language.replace("-", "_"), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise CatalogueError(f"the catalogue {path} cannot be read: {error}") from error
    for message in catalogue:
        _check_placeholders(path, message)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def _catalogue(folder: Path, language: str) -> Path:
    return folder / language / "LC_MESSAGES" / "messages.po"


def _check_placeholders(path: Path, message: Message) -> None:
    """Ensure that a translation fills in nothing that its message does not have: it would fail only on some pages."""
    texts, forms = ((part,) if isinstance(part, str) else tuple(part or ()) for part in (message.id, message.string))
    try:
        known = {field for text in texts for _, field, _, _ in _FORMATTER.parse(text)}
        for form in forms:
            for _, field, _, _ in _FORMATTER.parse(form):
                if field not in known and field is not None:
                    raise CatalogueError(f"the catalogue {path}: {texts[0]!r} has no {{{field}}}, its translation has")
    except ValueError as error:
        raise CatalogueError(f"the catalogue {path}: the translation of {texts[0]!r} has a stray brace") from error
