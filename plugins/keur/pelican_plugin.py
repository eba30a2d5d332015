"""The Pelican plugin: reads ``content/`` with Pelican's own readers, hands register and pages to ``site``.

It decides nothing. Pelican brings settings, Markdown and its command line; pages are planned and written by ``site``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pelican
import pelican.log
import pelican.settings
from pelican import signals
from pelican.contents import Page
from pelican.generators import Generator
from pelican.readers import Readers

from keur.building import Build, tell_fault
from keur.problems import KeurError
from keur.sources import sources_of
from keur.terminal import say_error
from keur.urls import Urls
from keur.views.pages import ContentSource

_ROOT_LINK = re.compile(r'(href|src)="/(?!/)')


class ContentError(KeurError):
    """A page of ``content/`` cannot be used."""


class RegisterGenerator(Generator):
    """Writes the register's site as one of Pelican's generators."""

    build: Build
    content: tuple[ContentSource, ...]

    def generate_context(self) -> None:
        """Read and check everything, before anything is written."""
        with _ending_on_fault():
            self.build = Build(sources_of({**self.settings, "OUTPUT_PATH": self.output_path}))
            self.build.read()
            self.content = tuple(self._read_content())

    def generate_output(self, writer: object) -> None:
        """Write the site. Pelican's own writer is not used: it writes file by file, in place."""
        del writer
        with _ending_on_fault():
            self.build.write(self.content)

    def _read_content(self) -> Iterator[ContentSource]:
        readers = Readers(self.settings)
        folder = Path(self.path)
        pages = []
        for path in sorted(folder.glob("*/*.md")):
            name = path.relative_to(folder).as_posix()
            try:
                page = readers.read_file(base_path=str(folder), path=name, content_class=Page, context=self.context)
            except (OSError, ValueError) as error:
                raise ContentError(f"content/{name}: cannot be read: {error}") from error
            self.add_source_path(page)
            pages.append((path, page))
        for path, page in pages:
            yield self._content_source(path, page)

    def _content_source(self, path: Path, page: Any) -> ContentSource:
        shown = f"{path.parent.name}/{path.name}"
        metadata = page.metadata
        missing = [key for key in ("title", "lang", "order", "menu") if key not in metadata]
        if missing:
            raise ContentError(f"content/{shown}: must begin with {', '.join(key.title() + ':' for key in missing)}")
        if metadata["lang"] != path.parent.name:
            raise ContentError(f"content/{shown}: Lang: must be {path.parent.name}, the folder it stands in")
        if metadata["menu"] not in ("main", "foot", "none") or not str(metadata["order"]).isdecimal():
            raise ContentError(f"content/{shown}: Menu: must be main, foot or none, and Order: a whole number")
        base = Urls(self.settings["SITEURL"]).base
        return ContentSource(
            name=path.stem,
            lang=page.lang,
            title=str(metadata["title"]),
            label=str(metadata.get("label", metadata["title"])),
            summary=re.sub(r"<[^>]+>", "", str(metadata.get("summary", ""))),
            order=int(metadata["order"]),
            menu=metadata["menu"],
            body_html=_focusable(_ROOT_LINK.sub(rf'\1="{base}/', page.get_content(""))),
        )


def _focusable(html: str) -> str:
    """Let the keyboard reach tables: on a phone they scroll sideways within themselves."""
    return html.replace("<table>", '<table tabindex="0">')


class _ending_on_fault:  # noqa: N801  # reads as the statement it is
    """Ends the run on a fault that Keur names: its words on standard error, exit code 1, no traceback."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeurError):
            tell_fault(error)
            raise SystemExit(1)


def read_settings(conf: Path, override: dict[str, Any]) -> Any:
    """Read Pelican's settings, with what the command line says instead."""
    return pelican.settings.read_settings(path=str(conf.resolve()), override=override)


def build(settings: Any) -> int:
    """Run Pelican in this process; return 0, or raise ``SystemExit`` with 1 on a fault."""
    # To standard error, as every other fault: Pelican's own handler prints through the console that is quiet below.
    pelican.log.init(level=logging.WARNING, fatal="errors", handler=logging.StreamHandler())
    # Pelican sums up articles at the end, of which a register has none.
    pelican.log.console.quiet = True
    try:
        pelican.Pelican(settings).run()
    except RuntimeError as error:
        # Pelican's "fatal" log raises this after it has printed what went wrong, such as a plugin that fails to load.
        say_error(f"keur: {error}")
        return 1
    return 0


def _get_generators(sender: object) -> type[RegisterGenerator]:
    del sender
    return RegisterGenerator


def register() -> None:
    """Connect to Pelican. Receivers are weak references, so they are functions of the module."""
    signals.get_generators.connect(_get_generators)
