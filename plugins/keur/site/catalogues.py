"""The theme's catalogues: gettext ``.po`` files, read at build time, so no compiled file can be out of date."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from keur.problems import KeurError

SOURCE_LANGUAGE = "en"
"""The language of the messages themselves: it needs no catalogue."""


class CatalogueError(KeurError):
    """A language of the site has no catalogue, or one that cannot be read."""


def read_catalogue(folder: Path, language: str) -> gettext.NullTranslations:
    """Read the catalogue of a language from the theme's ``translations`` folder."""
    path = folder / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        if language == SOURCE_LANGUAGE:
            return gettext.NullTranslations()
        raise CatalogueError(
            f"there is no catalogue for the language {language}: {path.name} is missing in {path.parent}"
        )
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language.replace("-", "_"), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise CatalogueError(f"the catalogue {path} cannot be read: {error}") from error
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
