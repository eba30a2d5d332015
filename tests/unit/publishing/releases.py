"""Small sites that stand for a register's releases, and what a reader of a published one may find broken."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from keur.publishing import Facts, FinishedSite, read_site
from keur.publishing.release import BESIDE_SUMS
from keur.site.output import SUMS
from keur.urls import is_hashed

_REFERENCE = re.compile(rb"/((?:assets|search)/[0-9a-f]+/[a-z.]+)")

Fetch = Callable[[str], bytes | None]
"""Gives the file of a name as a reader gets it, None where there is none."""


def nothing(*_: object) -> None:
    """Show no progress, check nothing."""


def exported_at(number: int) -> dt.datetime:
    """Return when the export of a release was made, a day after the one before."""
    return dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC) + dt.timedelta(days=number)


def facts(number: int, sheets: int = 40) -> Facts:
    """Return the facts of a release's export."""
    return Facts(exported_at(number), {f"/d/{sheet:08}/": "same" for sheet in range(sheets)})


def files(number: int, records: int = 30) -> dict[str, bytes]:
    """Return the files of a release. Every third page differs from that of another release, in equal length."""
    css = f"a {{ order: {number:04} }}".encode()
    search = f"[{number:04}]".encode()
    css_name = f"assets/{hashlib.sha256(css).hexdigest()[:12]}/site.css"
    search_name = f"search/{hashlib.sha256(search).hexdigest()[:12]}/records.json"
    site = {css_name: css, search_name: search, f"nl/datasheets/only-{number}/index.html": f"/{css_name}".encode()}
    for record in range(records):
        text = f"record {record} as of {number if record % 3 == 0 else 0:04}, style /{css_name}"
        site[f"nl/datasheets/{record}/index.html"] = text.encode()
        site[f"d/{record:08}/index.html"] = f"card {record}".encode()
    site["nl/datasheets/index.html"] = f"list of {number:04}, style /{css_name}".encode()
    site["nl/search/index.html"] = f"search of {number:04}, style /{css_name}, data /{search_name}".encode()
    site["index.html"] = b"home"
    site["release.css"] = f':root {{ --exported-at: "{exported_at(number).isoformat()}"; }}'.encode()
    return site


def write_site(folder: Path, content: dict[str, bytes]) -> FinishedSite:
    """Write a finished site as a build leaves it."""
    for name, data in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(content.items()))
    (folder / SUMS).write_text(sums)
    return read_site(folder)


def make_sites(folder: Path, count: int = 4) -> list[FinishedSite]:
    """Write the sites of some releases."""
    return [write_site(folder / f"site-{number}", files(number)) for number in range(count)]


def references(page: bytes) -> set[str]:
    """Return the files that a page cannot do without."""
    return {found.decode() for found in _REFERENCE.findall(page)}


def broken_references(page: bytes, fetch: Fetch) -> Iterator[str]:
    """Yield what a reader of a page misses: files that are not there, or are not what their address says."""
    for name in sorted(references(page)):
        content = fetch(name)
        if content is None or hashlib.sha256(content).hexdigest()[:12] != name.split("/")[1]:
            yield name


def fetch_from(folder: Path) -> Fetch:
    """Return how a reader gets files of a folder."""

    def fetch(name: str) -> bytes | None:
        file = folder / name
        return file.read_bytes() if file.is_file() else None

    return fetch


def faults_of(published: Path) -> list[str]:
    """Return what is wrong with the public release of a folder.

    Each file must be what its sums say, and no other may be there but what earlier releases left for their readers.
    """
    public = published / "current"
    if not public.is_dir():
        return ["current leads nowhere"]
    names = {path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file()}
    faults = []
    for line in (public / SUMS).read_text().splitlines():
        digest, _, name = line.partition("  ")
        content = fetch_from(public)(name)
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            faults.append(name)
        names.discard(name)
    return faults + [f"{name} is a stray" for name in names if name not in (SUMS, *BESIDE_SUMS) and not is_hashed(name)]


def rewritten(ledger: bytes, line: int) -> bytes:
    """Return a ledger with a line changed, counted from 1, and every hash after it made anew: its chain holds."""
    lines = ledger.splitlines()
    head, _, rest = lines[line - 1].partition(b'"state":{')
    lines[line - 1] = head + b'"state":{"added":1,' + rest
    for index in range(line, len(lines)):
        after = hashlib.sha256(lines[index - 1]).hexdigest().encode()
        lines[index] = b'{"after":"' + after + lines[index][10 + 64 :]
    return b"".join(one + b"\n" for one in lines)
