"""One build: an export read and checked, its site written, and what was learned kept for the next build.

Pelican brings settings and the Markdown of ``content/``. Where neither has changed since the last build it is not asked
again, and where nothing at all has changed there is nothing to do.
"""

from __future__ import annotations

import gc
import hashlib
import os
import runpy
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from keur.model import Register
from keur.problems import KeurError, RegisterError
from keur.site import SiteSettings, build_site, default_workers
from keur.site.generator import generator_digest
from keur.site.memory import Memory
from keur.site.output import SUMS, OutputError, is_as_left
from keur.site.reading import Kept, find_problems, read_register, record_export
from keur.terminal import print_problems, progress, say, say_error
from keur.views.pages import ContentSource


class UseError(Exception):
    """A command was called in a way that cannot work; its text says how it can."""


_PLUGINS = ["keur.pelican_plugin"]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a site is made from: folders of data and of Markdown, and how it is made.

    ``settings`` is the digest of all settings, of Pelican's own too; empty where they are not known, for one cannot
    tell then whether Pelican would read the same.
    """

    data: Path
    content: Path
    site: SiteSettings
    settings: bytes = b""

    @property
    def shown(self) -> str:
        """The data's folder as problems show it."""
        return shown_path(self.data)

    def content_digest(self) -> bytes | None:
        """Return the digest of all that the Markdown pages come from, None where that is not known."""
        if not self.settings:
            return None
        return hashlib.sha256(self.settings + generator_digest() + _tree_digest(self.content)).digest()

    def digest(self) -> bytes:
        """Return the digest of every byte that the site is made from."""
        hashed = hashlib.sha256(self.settings + generator_digest() + repr((self.shown, self.site)).encode())
        for folder in (self.data, self.content, self.site.theme):
            hashed.update(_tree_digest(folder))
        for package in ("lunr", "esbuild"):
            version = self.site.node_modules / package / "package.json"
            hashed.update(version.read_bytes() if version.is_file() else b"")
        return hashed.digest()


def overriding(
    data: Path | None, output: Path | None, site_url: str | None, *, precompress: bool = False
) -> dict[str, Any]:
    """Return the settings that go before those of the file; None leaves one as it is there."""
    override: dict[str, Any] = {}
    if data is not None:
        override["KEUR_DATA"] = str(data.resolve())
    if output is not None:
        override["OUTPUT_PATH"] = str(output.resolve())
    if site_url is not None:
        override["SITEURL"] = site_url.rstrip("/")
    if precompress:
        override["KEUR_PRECOMPRESS"] = True
    return override


def sources_of(settings: Mapping[str, Any]) -> Sources:
    """Return what a site is made from by settings in Pelican's form."""
    return Sources(
        data=Path(settings["KEUR_DATA"]),
        content=Path(settings["PATH"]),
        site=SiteSettings(
            output=Path(settings["OUTPUT_PATH"]),
            theme=Path(settings["THEME"]),
            node_modules=Path(settings["KEUR_NODE_MODULES"]),
            languages=site_language_tags(settings),
            site_url=settings["SITEURL"].rstrip("/"),
            stale_after_days=settings["KEUR_STALE_AFTER_DAYS"],
            workers=settings.get("KEUR_WORKERS") or default_workers(),
            precompress=bool(settings.get("KEUR_PRECOMPRESS")),
        ),
        settings=settings.get("KEUR_SETTINGS", b""),
    )


def site_language_tags(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the site's languages, the default first."""
    return tuple(dict.fromkeys((settings["DEFAULT_LANG"], *settings["LANGUAGES"])))


def plain_settings(conf: Path, override: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return settings as the file and the command line have them, without Pelican; None where it has more to say."""
    try:
        settings = {name: value for name, value in runpy.run_path(str(conf)).items() if name.isupper()}
        settings.update(override)
        settings["KEUR_SETTINGS"] = hashlib.sha256(repr(sorted(settings.items())).encode()).digest()
        paths = [Path(settings[name]) for name in ("PATH", "OUTPUT_PATH", "THEME", "KEUR_DATA")]
        sources_of(settings)
    # A file of settings is a program: what it does wrong is for Pelican to tell.
    except Exception:  # noqa: BLE001  # whatever it raises
        return None
    return settings if settings["PLUGINS"] == _PLUGINS and all(path.is_absolute() for path in paths) else None


def _tree_digest(folder: Path) -> bytes:
    hashed = hashlib.sha256()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            try:
                content = path.read_bytes() if path.is_file() else b""
                about = f"{path.relative_to(folder).as_posix()}\0{path.is_symlink()}\0{len(content)}\0"
            except OSError as error:
                content, about = b"", f"{name}\0{error.errno}\0"
            hashed.update(about.encode("utf-8", "surrogateescape"))
            hashed.update(content)
    return hashed.digest()


def shown_path(path: Path) -> str:
    """Return a path as people know it: relative to where they stand, if it is below."""
    try:
        return path.relative_to(Path.cwd()).as_posix() or "."
    except ValueError:
        return path.as_posix()


class Build:
    """A build in its two steps: everything is read and checked before anything is written."""

    register: Register

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        if not sources.site.output.name:
            raise OutputError(f"{sources.site.output} is no folder for a site; name one below it")
        self.memory = Memory.beside(sources.site.output, generator_digest())
        self.inputs = sources.digest()
        self.warnings: list[str] = []
        # What a register is made of lives as long as the build: looking through it for garbage would only take time.
        gc.disable()

    def read(self) -> None:
        """Read and check the export; print its warnings. Raises ``RegisterError`` with all problems."""
        sources, memory = self.sources, self.memory
        kept = Kept(memory.recall("readings") or {}, memory.recall("problems") or {})
        known = set(kept.readings), set(kept.problems)
        self.register, warnings = read_register(
            sources.data, sources.site.languages, sources.shown, kept, sources.site.workers
        )
        if known != (set(kept.readings), set(kept.problems)):
            memory.keep("readings", kept.readings)
            memory.keep("problems", kept.problems)
        print_problems(warnings)
        self.warnings = [str(warning) for warning in warnings]

    def write(self, content: Sequence[ContentSource]) -> None:
        """Write the site, and keep what tells that nothing has changed the next time."""
        site, memory = self.sources.site, self.memory
        memory.keep("content", (self.sources.content_digest(), [astuple(source) for source in content]))
        memory.forget("inputs")
        with progress("families of pages") as tell:
            built = build_site(self.register, site, content, tell, memory)
        summary = f"{built.files} files in {shown_path(site.output)}"
        sums = hashlib.sha256((site.output / SUMS).read_bytes()).digest()
        memory.keep("inputs", (self.inputs, sums, summary, self.warnings))
        say(f"{summary}: {built.written} written, {built.removed} removed")

    def is_up_to_date(self) -> bool:
        """Tell whether the site is what this build would make, and say so."""
        kept = self.memory.recall("inputs")
        if kept is None:
            return False
        inputs, sums, summary, warnings = kept
        if inputs != self.inputs:
            return False
        found = is_as_left(self.sources.site.output)
        if found is None or sums != hashlib.sha256(found).digest():
            return False
        for warning in warnings:
            say_error(warning)
        say(f"{summary}: nothing has changed")
        return True

    def known_content(self) -> list[ContentSource] | None:
        """Return the pages of ``content/`` as Pelican read them the last time, None if it has to read them again."""
        kept = self.memory.recall("content")
        if kept is None or kept[0] is None or kept[0] != self.sources.content_digest():
            return None
        return [ContentSource(*source) for source in kept[1]]


def tell_fault(error: KeurError) -> None:
    """Print a fault that Keur names, with all problems of an export."""
    if isinstance(error, RegisterError):
        print_problems(error.problems)
    else:
        say_error(f"keur: {error}")


def build_without_pelican(settings: Mapping[str, Any]) -> int | None:
    """Build a site of which Pelican has nothing new to tell; return the exit code, None where it has to be asked."""
    try:
        build = Build(sources_of(settings))
        if build.is_up_to_date():
            return 0
        content = build.known_content()
        if content is None:
            return None
        build.read()
        build.write(content)
    except KeurError as error:
        tell_fault(error)
        return 1
    return 0


def check_data(settings: Mapping[str, Any], *, strict: bool) -> int:
    """Print every problem of the export; return 0 where there is none, else 1."""
    folder = Path(settings["KEUR_DATA"])
    _, problems = find_problems(folder, site_language_tags(settings), shown_path(folder))
    errors, warnings = print_problems(problems)
    if errors or (strict and warnings):
        return 1
    return 0


def record_data(settings: Mapping[str, Any], confirmed: Sequence[str]) -> int:
    """Record the export in its ledger and say what changed; return 0, or 1 on a fault.

    ``confirmed`` are numbers and codes that may be used again by another holder.
    """
    folder = Path(settings["KEUR_DATA"])
    try:
        recorded, warnings = record_export(folder, site_language_tags(settings), shown_path(folder), confirmed)
    except KeurError as error:
        tell_fault(error)
        return 1
    print_problems(warnings)
    if recorded.mended:
        say("a recording before was cut short; what it left was taken off")
    counts = ", ".join(f"{count} {event}" for event, count in sorted(recorded.changes.items()))
    say(f"recorded: {counts or 'nothing changed'}" if recorded.lines else "this export was recorded before")
    return 0


def load_register(settings: Mapping[str, Any]) -> Register:
    """Return the register that a site of these settings shows. Raises ``RegisterError`` or ``DataFolderError``."""
    folder = Path(settings["KEUR_DATA"])
    register, _ = read_register(folder, site_language_tags(settings), shown_path(folder))
    return register
