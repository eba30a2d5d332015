"""Whole sites for tests: built in a subprocess, once a session, shared by the workers of a parallel run.

Signals are global in Pelican, so a build in the test process would leak into the next.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from keur.demo import write_demonstration
from tests import builders

ROOT = Path(__file__).resolve().parent.parent
GOLDEN_REGISTER = ROOT / "tests" / "fixtures" / "golden-register"
LANGUAGES = ("nl", "fr", "de", "en")

_BUILD_TIMEOUT = 300
_RELEASE_FOLDER = re.compile(rb"/(assets|search)/[0-9a-f]{8,64}/")
_FIRST_SCRIPT = re.compile(rb"<script>\(\(\)=>.*?</script>", re.DOTALL)
_RELEASE_PATH = re.compile(r"^(assets|search)/[0-9a-f]{8,64}/")


def run_keur(
    *arguments: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of Keur as a person does, with the project's settings, and return how it ended."""
    command = [sys.executable, "-m", "keur.cli", "--conf", ROOT / "pelicanconf.py", *arguments]
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=_BUILD_TIMEOUT,
        check=False,
    )


def build(data: Path, output: Path, *arguments: str | Path, env: Mapping[str, str] | None = None) -> str:
    """Build a site that must succeed, and return what the build printed."""
    done = run_keur("build", "--data", data, "--output", output, *arguments, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def settings_file(folder: Path, *lines: str) -> Path:
    """Write settings that take the project's and change some."""
    conf = folder / "conf.py"
    theirs = ROOT / "pelicanconf.py"
    conf.write_text(
        "\n".join(
            [
                "import runpy",
                f"globals().update({{k: v for k, v in runpy.run_path({str(theirs)!r}).items() if k.isupper()}})",
                *lines,
                "",
            ]
        ),
        encoding="utf-8",
    )
    return conf


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its name there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def without_releases(content: bytes) -> bytes:
    """Return a page with the hashes in addresses of scripts, styles and search data left out, and the first script.

    They change with every change of the theme, which is no change of the page.
    """
    return _FIRST_SCRIPT.sub(b"<script>-</script>", _RELEASE_FOLDER.sub(rb"/\1/-/", content))


@dataclass(frozen=True)
class BuiltPage:
    """A page of a built site: its public path, its text, and the document that a browser makes of it."""

    path: str
    html: str

    @cached_property
    def document(self) -> Element:
        """The page as a tree without namespaces, parsed by the rules that browsers follow."""
        return html5lib.parse(self.html, treebuilder="etree", namespaceHTMLElements=False)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """The ids of its elements."""
        return frozenset(element.get("id") for element in self.elements() if element.get("id"))

    @property
    def text(self) -> str:
        """What a browser would show as text."""
        unseen = ("script", "style", "template")
        return " ".join(
            part
            for element in self.elements()
            if element.tag not in unseen
            for part in (element.text, element.tail)
            if part
        )

    @property
    def linked_data(self) -> Any:
        """Its schema.org data."""
        (block,) = (e for e in self.elements("script") if e.get("type") == "application/ld+json")
        return json.loads(block.text)

    @property
    def lang(self) -> str | None:
        """The language in the page's path, None for a page that belongs to none."""
        first = self.path.split("/")[1]
        return first if first in LANGUAGES else None

    def elements(self, *tags: str) -> Iterator[Element]:
        """Yield the elements of these names, all where none is given; what templates hold is no part of a page."""
        waiting = [self.document]
        while waiting:
            element = waiting.pop()
            if isinstance(element.tag, str) and (not tags or element.tag in tags):
                yield element
            if element.tag != "template":
                waiting.extend(reversed(element))


@dataclass(frozen=True)
class BuiltSite:
    """A built site: its folder, and the path in front of every page."""

    folder: Path
    base: str = ""
    _pages: dict[str, BuiltPage] = field(default_factory=dict, repr=False)

    @property
    def pages(self) -> dict[str, BuiltPage]:
        """Every page by its public path, in order."""
        if not self._pages:
            for path in sorted(self.folder.rglob("*.html")):
                name = "/" + path.relative_to(self.folder).as_posix().removesuffix("index.html")
                self._pages[name] = BuiltPage(name, path.read_text(encoding="utf-8"))
        return self._pages

    def asset(self, name: str) -> Path:
        """Return a file of the theme by its name in the theme."""
        (found,) = (self.folder / "assets").glob(f"*/{name}")
        return found


def _once(tmp_path_factory: pytest.TempPathFactory, worker: str, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that one worker of the session makes while the others wait for it."""
    shared = tmp_path_factory.getbasetemp()
    if worker != "master":
        shared = shared.parent
    folder, failed, lock = shared / name, shared / f"{name}.failed", shared / f"{name}.lock"
    try:
        lock.touch(exist_ok=False)
    except FileExistsError:
        end = time.monotonic() + _BUILD_TIMEOUT
        while not folder.exists() and not failed.exists() and time.monotonic() < end:
            time.sleep(0.1)
        assert folder.exists(), f"another worker could not make {name}"
        return folder
    try:
        making = shared / f"{name}.making"
        make(making)
        making.rename(folder)
    except BaseException:
        failed.touch()
        raise
    return folder


@pytest.fixture(scope="session")
def golden_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> BuiltSite:
    """Return the site of the golden register, to be read only."""
    return BuiltSite(_once(tmp_path_factory, worker_id, "golden-site", _build_golden))


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> BuiltSite:
    """Return the site of a demonstration register with few datasheets, to be read only: its lists have many pages."""

    def make(output: Path) -> None:
        data = output.with_name("sample-register")
        write_demonstration(data, sheets=150)
        build(data, output)

    return BuiltSite(_once(tmp_path_factory, worker_id, "sample-site", make))


CITED_URL = "https://register.example"
"""The address that the site of the cited register knows as its own."""


@pytest.fixture(scope="session")
def cited_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> BuiltSite:
    """Return the site of a register that knows its own address: 60 certificates, three of them not listed any more.

    Certificate 29/0001 was withdrawn, 29/0002 expired, 29/0003 is suspended; datasheet 90010001 hangs on the first.
    Datasheet 90010010 is that of 29/0010, and names documents with their editions.
    """

    def make(output: Path) -> None:
        data = output.with_name("cited-register")
        write_cited_register(data)
        build(data, output, "--site-url", CITED_URL)

    return BuiltSite(_once(tmp_path_factory, worker_id, "cited-site", make))


def write_cited_register(data: Path) -> None:
    """Write the register of ``cited_site``, with a ledger that remembers an export before."""
    titles = {"nl": "Klein register", "fr": "Petit registre", "de": "Kleines Register", "en": "Small register"}
    publisher = {
        "name": "Tiny Certification",
        "url": "https://tiny.example",
        "address": {"city": "Ieper", "country": "BE"},
    }
    names = {"nl": "Geotextiel", "fr": "Géotextile", "de": "Geotextil", "en": "Geotextile"}
    ended = {
        "29/0001": {"status_events": [{"date": "2026-03-03", "status": "withdrawn"}]},
        "29/0002": {"valid_until": "2026-06-30"},
        "29/0003": {"status_events": [{"date": "2026-02-10", "status": "suspended"}]},
    }
    editions = {"documents": [{"id": "ptv-829", "edition": "3.0"}]}
    numbers = [f"29/{number:04d}" for number in range(1, 61)]
    certificates = [
        builders.certificate(number=number, **{"valid_until": "2028-02-28", **editions, **ended.get(number, {})})
        for number in numbers
    ]
    sheets = [
        builders.datasheet(code=f"9001{number[3:]}", certificates=[{"system": "benor", "number": number}])
        for number in numbers[:20]
    ]
    kinds = {
        "products": [builders.product(name=names)],
        "units": [builders.unit(name="Plant <1> & Co", address={"city": "Namur", "postcode": "5000", "country": "BE"})],
        "datasheets": sheets,
    }
    for moment, listed in (("2026-11-01", certificates), ("2026-11-21", certificates[:57])):
        export = builders.export(
            title=titles, publisher=publisher, exported_at=f"{moment}T06:00:00+01:00", demonstration="true"
        )
        builders.write_export(data, register=export, certificates=listed, **kinds)
        assert run_keur("record", "--data", data).returncode == 0


def _build_golden(output: Path) -> None:
    build(GOLDEN_REGISTER, output)
