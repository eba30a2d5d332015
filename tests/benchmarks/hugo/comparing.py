"""Whether both sites hold the same: pages by name, bytes by kind of page, and the words and links of each."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.__main__ import KINDS

# Pages that Hugo's templates do not make: Keur is timed doing more work than Hugo. Those of records that are no longer
# listed are left out by leaving out the ledger, see the module that starts both.
_ONLY_KEUR = re.compile(
    r"badge/.*"  # a badge each certificate, to be framed by other sites, with its SVG files
    r"|l/index\.html"  # where lasting links to filtered lists arrive: script of the search
    r"|[a-z-]+/(badges|check|verify)/index\.html"  # frames of tools that are script, on the data of the search
    r"|[a-z-]+/changes/.*"  # what exports changed, by the ledger: Hugo remembers none
    r"|[a-z-]+/data/index\.html"  # downloads of files that Keur writes: JSON, CSV
    r"|[a-z-]+/patterns/index\.html"  # for those who work on the theme: its components
)
# Search data are in a folder named by their content; Hugo has none, and its search pages name one of as many letters.
_SEARCH_DATA = re.compile(r"/search/[0-9a-f]{16}/")
_SCRIPT = re.compile(rb"<script.*?</script>", re.DOTALL)
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Kind:
    """A kind of page: how many there are, the bytes of all by Keur and by Hugo, and how many say exactly the same."""

    name: str
    pages: int
    keur_bytes: int
    hugo_bytes: int
    same: int


def compare(keur: Path, hugo: Path) -> tuple[Kind, ...]:
    """Compare two output folders page by page, but for what only Keur makes.

    Raises ``ValueError`` where they have not the same pages.
    """
    keur_pages, hugo_pages = (_pages(folder) for folder in (keur, hugo))
    if keur_pages != hugo_pages:
        strays = sorted(keur_pages ^ hugo_pages)
        raise ValueError(f"{len(strays)} pages are in one site only, such as {', '.join(strays[:3])}")
    pages: Counter[str] = Counter()
    keur_bytes: Counter[str] = Counter()
    hugo_bytes: Counter[str] = Counter()
    same: Counter[str] = Counter()
    for name in keur_pages:
        kind = next(kind for kind, pattern in KINDS if pattern.match(name))
        contents = [(folder / name).read_bytes() for folder in (keur, hugo)]
        pages[kind] += 1
        keur_bytes[kind] += len(contents[0])
        hugo_bytes[kind] += len(contents[1])
        same[kind] += _said(contents[0]) == _said(contents[1])
    return tuple(
        Kind(kind, pages[kind], keur_bytes[kind], hugo_bytes[kind], same[kind]) for kind, _ in KINDS if pages[kind]
    )


def only_keur(keur: Path, hugo: Path) -> tuple[int, int]:
    """Return how many files Keur writes at addresses where Hugo has none, and their bytes."""
    files = (path for path in keur.rglob("*") if path.is_file())
    sizes = [path.stat().st_size for path in files if not (hugo / path.relative_to(keur)).exists()]
    return len(sizes), sum(sizes)


def _pages(folder: Path) -> set[str]:
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    return {name for name in names if not _ONLY_KEUR.fullmatch(name)}


def _said(page: bytes) -> str:
    """Return a page's HTML without blanks, escapes, scripts and the folder of search data: what both must share."""
    return _SEARCH_DATA.sub("/search/", _BLANKS.sub("", html.unescape(_SCRIPT.sub(b"", page).decode("utf-8"))))
