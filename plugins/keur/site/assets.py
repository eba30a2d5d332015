"""The theme's files, in one folder whose name is the hash of all that is in it.

They move together: a change of any file gives all a new address, and each may be kept for ever by whoever fetched it.
Stylesheets are put together from numbered parts; scripts are put together by esbuild, one file a kind of page, so that
no page waits for one module to name the next.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from keur import urls
from keur.problems import KeurError
from keur.site.memory import Memory

_BUNDLES = {
    "css/site.css": ("css/shared", "css/site"),
    "css/card.css": ("css/shared", "css/card"),
    "css/badge.css": ("css/shared", "css/badge"),
}
_SCRIPTS = (
    *("badge.js", "badges.js", "card.js", "check-page.js", "check-worker.js", "cite.js", "filtered-list.js"),
    *("list-tools.js", "lunr.mjs", "main.js", "search-page.js", "verify-page.js"),
)
"""Modules of ``static/js`` that pages and workers load, or that others fetch when they are needed, as ``.js``; the rest
are part of these.

lunr is no module. How it is taken for one depends on the nearest ``package.json``, unless the importer ends in ``mjs``.
"""

_TARGET = "es2022"


class ThemeError(KeurError):
    """The theme lacks a file, or a template cannot be used."""


@dataclass(frozen=True, slots=True)
class Assets:
    """The files of a theme by name, and the release they are addressed by."""

    files: dict[str, bytes]
    release: str

    def path(self, name: str) -> str:
        """Return the public path of a file; a name that is not there is a fault of the theme."""
        if name not in self.files:
            raise ThemeError(f"the theme has no file static/{name}")
        return urls.asset(self.release, name)

    def output(self) -> dict[str, bytes]:
        """Return every file by its public path."""
        return {urls.asset(self.release, name): content for name, content in self.files.items()}


def read_assets(
    static: Path, node_modules: Path, words: Mapping[str, Mapping[str, str]], memory: Memory | None = None
) -> Assets:
    """Read the theme's files, its scripts put together, and add the words that scripts print by language.

    ``memory`` keeps the scripts for as long as none of their modules changes.
    """
    files: dict[str, bytes] = {}
    for path in sorted(static.rglob("*")):
        name = path.relative_to(static).as_posix()
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(static).parts):
            files[name] = path.read_bytes()
    for bundle, folders in _BUNDLES.items():
        files[bundle] = b"".join(_take_parts(files, folders))
    for name in [name for name in files if name.startswith(("css/shared/", "css/site/", "css/card/", "css/badge/"))]:
        del files[name]
    for name in [name for name in files if name.startswith("js/")]:
        del files[name]
    files |= _bundled_once(static / "js", node_modules, memory)
    for language, printed in words.items():
        text = json.dumps(printed, ensure_ascii=False, separators=(",", ":"))
        files[f"js/words/{language}.json"] = text.encode("utf-8")
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return Assets(files, digest.hexdigest()[:12])


def _take_parts(files: dict[str, bytes], folders: tuple[str, ...]) -> list[bytes]:
    """Return the parts of a stylesheet in the order of their numbers, whichever folder they come from."""
    parts = [name for name in files if name.rsplit("/", 1)[0] in folders and name.endswith(".css")]
    if not parts:
        raise ThemeError(f"the theme has no stylesheet in static/{' or static/'.join(folders)}")
    return [files[name] for name in sorted(parts, key=lambda name: name.rsplit("/", 1)[1])]


def _bundled_once(scripts: Path, node_modules: Path, memory: Memory | None) -> dict[str, bytes]:
    if memory is None:
        return _bundled(scripts, node_modules)
    made_of = hashlib.sha256()
    packages = [node_modules / package / "package.json" for package in ("lunr", "fflate", "esbuild")]
    for path in (*sorted(scripts.rglob("*.*js")), *packages):
        content = path.read_bytes() if path.is_file() else b""
        made_of.update(f"{path.name}\0{len(content)}\0".encode() + content)
    kept = memory.recall("scripts")
    if kept is None or kept[0] != made_of.digest():
        kept = (made_of.digest(), _bundled(scripts, node_modules))
        memory.keep("scripts", kept)
    bundles: dict[str, bytes] = kept[1]
    return bundles


def _bundled(scripts: Path, node_modules: Path) -> dict[str, bytes]:
    """Return each script of a page with all that it imports, lunr and fflate among it, without comments and blanks."""
    programs = [*node_modules.glob("@esbuild/*/bin/esbuild"), *node_modules.glob("@esbuild/*/esbuild.exe")]
    if not programs or not all((node_modules / package).is_dir() for package in ("lunr", "fflate")):
        raise ThemeError(
            f"lunr, fflate and esbuild are not in {node_modules}: run `make setup`, which brings them from npm"
        )
    with tempfile.TemporaryDirectory(prefix="keur-scripts-") as folder:
        command = [str(programs[0]), *(str(scripts / name) for name in _SCRIPTS), f"--outdir={folder}"]
        options = ["--bundle", "--minify", "--format=esm", f"--target={_TARGET}", "--log-level=error", "--color=false"]
        environment = {**os.environ, "NODE_PATH": str(node_modules)}
        done = subprocess.run([*command, *options], env=environment, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            told = " ".join(done.stderr.split())
            raise ThemeError(f"the scripts of the theme cannot be put together: {told}")
        return {f"js/{script.name}": script.read_bytes() for script in sorted(Path(folder).iterdir())}
