"""The theme's files, in one folder whose name is the hash of all that is in it.

They move together: a change of any file gives all a new address, and each may be kept for ever by whoever fetched it.
Stylesheets are put together from numbered parts; scripts are put together by esbuild, one file a kind of page, so that
no page waits for one module to name the next. esbuild takes comments and blanks away from both.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from keur import urls
from keur.early_script import FIRST_SCRIPT_HASH, hash_of
from keur.problems import KeurError
from keur.site.memory import Memory

_BUNDLES = {
    "css/badge.css": ("shared", "badge"),
    "css/card.css": ("shared", "record", "citations", "card"),
    "css/lists.css": ("citations", "lists"),
    "css/search.css": ("shared", "page", "search"),
    "css/search-rest.css": ("search-rest",),
    "css/site.css": ("shared", "record", "citations", "lists", "page", "site"),
}
"""Stylesheets, and the folders of ``static/css`` whose parts they are made of."""

_SCRIPTS = (
    *("badge.js", "badges.js", "card.js", "check-page.js", "check-worker.js", "cite.js", "filtered-list.js"),
    *("list-tools.js", "lunr.mjs", "main.js", "search-late.js", "verify-page.js"),
)
"""Modules of ``static/js`` that pages and workers load, or that others fetch when they are needed, as ``.js``; the rest
are part of these.

lunr is no module. How it is taken for one depends on the nearest ``package.json``, unless the importer ends in ``mjs``.
"""

_LUNR_STATEMENT = re.compile(r"^(?:lunr\.(\w+)|  ;\(function)", re.MULTILINE)
_LUNR_LEFT_OUT = frozenset(
    "Builder Pipeline QueryLexer QueryParseError QueryParser Token generateStopWordFilter idf stemmer stopWordFilter "
    "tokenizer trimmer".split()
)
"""What lunr.js builds indexes and reads typed queries with: half of it, and nothing that the search calls."""

_SEARCH = ("search-page.js", "search-rest.js")
"""The script of the search page: what it runs first, inside the page, and the rest, which that one fetches."""

_SHARED = re.compile(r'import\{([^}]*)\}from"\./chunk\.js";')
_EXPORTED = re.compile(r"export\{([^}]*)\};\s*$")

_TARGET = "es2022"


class ThemeError(KeurError):
    """The theme lacks a file, or a template cannot be used."""


class Assets(NamedTuple):
    """The files of a theme by name, and the release they are addressed by."""

    files: dict[str, bytes]
    release: str

    def path(self, name: str) -> str:
        """Return the public path of a file; a name that is not there is a fault of the theme."""
        if name not in self.files:
            raise ThemeError(f"the theme has no file static/{name}")
        return urls.asset(self.release, name)

    @property
    def first_script(self) -> str | None:
        """What stands inside the search page; None where it is not what the policy of headers allows there."""
        script = self.files[f"js/{_SEARCH[0]}"].decode("utf-8")
        return script if hash_of(script) == FIRST_SCRIPT_HASH else None

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
    sheets = {bundle: b"".join(_parts(files, folders)) for bundle, folders in _BUNDLES.items()}
    for name in [name for name in files if name.startswith(("css/", "js/"))]:
        del files[name]
    files |= _bundled_once(static / "js", sheets, node_modules, memory)
    for language, printed in words.items():
        text = json.dumps(printed, ensure_ascii=False, separators=(",", ":"))
        files[f"js/words/{language}.json"] = text.encode("utf-8")
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return Assets(files, digest.hexdigest()[:12])


def _parts(files: Mapping[str, bytes], folders: tuple[str, ...]) -> list[bytes]:
    """Return the parts of a stylesheet in the order of their numbers, whichever folder they come from."""
    parts = [name for name in files if name.startswith(tuple(f"css/{folder}/" for folder in folders))]
    if not parts:
        raise ThemeError(f"the theme has no stylesheet in static/css/{' or static/css/'.join(folders)}")
    return [files[name] for name in sorted(parts, key=lambda name: name.rsplit("/", 1)[1])]


def _bundled_once(
    scripts: Path, sheets: Mapping[str, bytes], node_modules: Path, memory: Memory | None
) -> dict[str, bytes]:
    if memory is None:
        return _bundled(scripts, sheets, node_modules)
    made_of = hashlib.sha256(repr(sorted(sheets.items())).encode())
    packages = [node_modules / package / "package.json" for package in ("lunr", "fflate", "esbuild")]
    for path in (*sorted(scripts.rglob("*.*js")), *packages):
        content = path.read_bytes() if path.is_file() else b""
        made_of.update(f"{path.name}\0{len(content)}\0".encode() + content)
    kept = memory.recall("scripts")
    if kept is None or kept[0] != made_of.digest():
        kept = (made_of.digest(), _bundled(scripts, sheets, node_modules))
        memory.keep("scripts", kept)
    bundles: dict[str, bytes] = kept[1]
    return bundles


def _bundled(scripts: Path, sheets: Mapping[str, bytes], node_modules: Path) -> dict[str, bytes]:
    """Return the scripts, each with all that it imports, and the stylesheets, as esbuild makes them."""
    programs = [*node_modules.glob("@esbuild/*/bin/esbuild"), *node_modules.glob("@esbuild/*/esbuild.exe")]
    if not programs or not all((node_modules / package).is_dir() for package in ("lunr", "fflate")):
        raise ThemeError(
            f"lunr, fflate and esbuild are not in {node_modules}: run `make setup`, which brings them from npm"
        )

    def made(sources: Iterable[Path], *options: str) -> dict[str, bytes]:
        with tempfile.TemporaryDirectory(prefix="keur-theme-") as folder:
            command = [str(programs[0]), *map(str, sources), f"--outdir={folder}", "--minify", *options]
            environment = {**os.environ, "NODE_PATH": str(node_modules)}
            told = ["--log-level=error", "--color=false"]
            done = subprocess.run(
                [*command, *told], env=environment, capture_output=True, encoding="utf-8", check=False
            )
            if done.returncode:
                fault = " ".join(done.stderr.split())
                raise ThemeError(f"the scripts and stylesheets of the theme cannot be put together: {fault}")
            return {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir())}

    module = ("--bundle", "--format=esm", f"--target={_TARGET}")
    with tempfile.TemporaryDirectory(prefix="keur-theme-") as folder:
        lunr = Path(folder, "lunr.js")
        lunr.write_text(_lunr_that_ranks((node_modules / "lunr" / "lunr.js").read_text(encoding="utf-8")), "utf-8")
        files = made((scripts / name for name in _SCRIPTS), *module, f"--alias:lunr={lunr}")
    search = made((scripts / name for name in _SEARCH), *module, "--splitting", "--chunk-names=[name]")
    files |= _search_scripts(search)
    with tempfile.TemporaryDirectory(prefix="keur-theme-") as folder:
        sources = [Path(folder, Path(name).name) for name in sheets]
        for source, content in zip(sources, sheets.values(), strict=True):
            source.write_bytes(content)
        styles = made(sources)
    return {f"{Path(name).suffix[1:]}/{name}": content for name, content in (files | styles).items()}


def _lunr_that_ranks(source: str) -> str:
    """Return lunr.js without what is left out: it is one function, from which esbuild can take nothing away."""
    statements = [*_LUNR_STATEMENT.finditer(source)]
    missing = _LUNR_LEFT_OUT - {statement[1] for statement in statements}
    if missing or statements[-1][1]:
        raise ThemeError(f"lunr.js is not laid out as it was in 2.3.9: {', '.join(sorted(missing)) or 'no export'}")
    ends = [statement.start() for statement in statements[1:]] + [len(source)]
    kept = [
        source[statement.start() : end]
        for statement, end in zip(statements, ends, strict=True)
        if statement[1] not in _LUNR_LEFT_OUT
    ]
    return source[: statements[0].start()] + "".join(kept)


def _search_scripts(made: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the scripts of the search page by their names.

    esbuild puts what both need into a third, which the first does nothing but import: that one takes its place. Nothing
    can be imported from a script that stands inside a page, so it leaves what the rest takes in ``keurSearch``.
    """
    first, rest = (made.get(name, b"").decode("utf-8") for name in _SEARCH)
    shared = made.get("chunk.js", b"").decode("utf-8")
    exported, imported = _EXPORTED.search(shared), _SHARED.match(rest)
    if len(made) != len(_SEARCH) + 1 or first.strip() != 'import"./chunk.js";' or not exported or not imported:
        raise ThemeError(f"static/js/{_SEARCH[0]} does more than import what {_SEARCH[1]} imports too")
    # esbuild itself leaves no </script in a text.
    if "import.meta" in shared or "<!--" in shared:
        raise ThemeError(f"static/js/{_SEARCH[0]} cannot stand inside a page")
    own = _pairs(exported[1], "{1}:{0}")
    taken = _pairs(imported[1], "{0}:{1}")
    return {
        _SEARCH[0]: f'(()=>{{"use strict";{shared[: exported.start()]}globalThis.keurSearch={{{own}}}}})();'.encode(),
        _SEARCH[1]: f"const{{{taken}}}=globalThis.keurSearch;{rest[imported.end() :]}".encode(),
    }


def _pairs(names: str, form: str) -> str:
    """Return the names of an export or import ("a as b,c") as those of an object."""
    pairs = [name.partition(" as ") for name in names.split(",")]
    return ",".join(form.format(name, other or name) for name, _, other in pairs)
