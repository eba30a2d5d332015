"""What a site is made from, by its settings; and whether it has changed since the site was built.

This is all that a build in which nothing has changed imports.
"""

from __future__ import annotations

import hashlib
import os
import runpy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keur.keys import KeyFileError, PublicKey, read_public_keys
from keur.site.generator import generator_digest
from keur.site.memory import Memory
from keur.site.output import OutputError, is_as_left
from keur.site.settings import SiteSettings, default_workers
from keur.terminal import say, say_error


class UseError(Exception):
    """A command was called in a way that cannot work; its text says how it can."""


_PLUGINS = ["keur.pelican_plugin"]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a site is made from: folders of data and of Markdown, and how it is made.

    ``settings`` is the digest of all settings, of Pelican's own too; empty where they are not known, for one cannot
    tell then whether Pelican would read the same. ``confirmed`` are numbers and codes that may be used again by
    another holder.
    """

    data: Path
    content: Path
    site: SiteSettings
    settings: bytes = b""
    confirmed: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The data's folder as problems show it."""
        return shown_path(self.data)

    def memory(self) -> Memory:
        """Return what the last build of this site left."""
        if not self.site.output.name:
            raise OutputError(f"{self.site.output} is no folder for a site; name one below it")
        return Memory.beside(self.site.output, generator_digest())

    def content_digest(self) -> bytes | None:
        """Return the digest of all that the Markdown pages come from, None where that is not known."""
        if not self.settings:
            return None
        return hashlib.sha256(self.settings + generator_digest() + _tree_digest(self.content)).digest()

    def digest(self) -> bytes:
        """Return the digest of every byte that the site is made from."""
        hashed = hashlib.sha256(
            self.settings + generator_digest() + repr((self.shown, self.site, self.confirmed)).encode()
        )
        for folder in (self.data, self.content, self.site.theme):
            hashed.update(_tree_digest(folder))
        for package in ("lunr", "esbuild"):
            version = self.site.node_modules / package / "package.json"
            hashed.update(version.read_bytes() if version.is_file() else b"")
        return hashed.digest()


def overriding(
    data: Path | None,
    output: Path | None,
    site_url: str | None,
    *,
    precompress: bool = False,
    confirmed: Sequence[str] = (),
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
    if confirmed:
        override["KEUR_CONFIRMED_REUSE"] = tuple(confirmed)
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
            fingerprints=tuple(key.fingerprint for key in public_keys_of(settings)),
        ),
        settings=settings.get("KEUR_SETTINGS", b""),
        confirmed=confirmed_reuse(settings),
    )


def public_keys_of(settings: Mapping[str, Any]) -> tuple[PublicKey, ...]:
    """Return the public keys that the settings name, in their order. Raises ``KeyFileError``."""
    keys: list[PublicKey] = []
    for name in settings.get("KEUR_PUBLIC_KEYS", ()):
        try:
            keys += read_public_keys(Path(name).read_bytes(), str(name))
        except OSError as error:
            raise KeyFileError(f"cannot read the public key {name}: {error.strerror}") from error
    return tuple(dict.fromkeys(keys))


def confirmed_reuse(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the numbers and codes that may be used again by another holder."""
    return tuple(settings.get("KEUR_CONFIRMED_REUSE", ()))


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


def is_up_to_date(sources: Sources, inputs: bytes) -> bool:
    """Tell whether a site is what a build would make of its sources, whose digest is ``inputs``, and say so."""
    kept = sources.memory().recall("inputs")
    if kept is None:
        return False
    inputs_before, sums, summary, warnings = kept
    if inputs != inputs_before:
        return False
    found = is_as_left(sources.site.output, forked=sources.site.workers > 1)
    if found is None or sums != hashlib.sha256(found).digest():
        return False
    for warning in warnings:
        say_error(warning)
    say(f"{summary}: nothing has changed")
    return True
