"""What a release changes for readers, and the list of addresses that a CDN is to forget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from keur import urls
from keur.publishing.release import BESIDE_SUMS
from keur.urls import Urls, file_of, is_hashed

_PRECOMPRESSED = (".br", ".gz")


@dataclass(frozen=True, slots=True)
class Changes:
    """Names of files by what happens to them, each in order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every file that readers see differently afterwards."""
        return tuple(sorted((*self.added, *self.changed, *self.removed)))

    def __str__(self) -> str:
        return f"{len(self.added)} new, {len(self.changed)} changed, {len(self.removed)} removed"

    def lines(self) -> Iterable[str]:
        """Yield a line a file: ``+`` new, ``~`` changed, ``-`` removed."""
        for sign, names in (("+", self.added), ("~", self.changed), ("-", self.removed)):
            yield from (f"{sign} {name}" for name in names)

    def as_json(self) -> dict[str, Any]:
        """Return the changes as JSON holds them."""
        return {"added": list(self.added), "changed": list(self.changed), "removed": list(self.removed)}


def changes_between(before: Mapping[str, str | None], after: Mapping[str, str]) -> Changes:
    """Compare files by their digests; None before means that it is not known what stands there, so it changes.

    Files in folders named by their content are never removed here: readers of a page from before still fetch them.
    """
    return Changes(
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(name for name, digest in after.items() if name in before and before[name] != digest)),
        tuple(sorted(name for name in before.keys() - after.keys() if not is_hashed(name))),
    )


def purge_list(names: Iterable[str], site_urls: Urls) -> str:
    """Return the addresses that caches may hold an old answer for, one a line; a page is its folder.

    Whole addresses where the site's own is known, else paths. A new page is among them: a cache may remember that it
    was not there. Files whose address holds their hash are not, nor are precompressed twins, which have no address.
    """
    paths = set()
    for name in names:
        if not is_hashed(name) and not name.endswith(_PRECOMPRESSED):
            paths.add("/" + (name.removesuffix("index.html") if f"/{name}".endswith("/index.html") else name))
    return "".join(f"{site_urls.address(path)}\n" for path in sorted(paths))


_SCHEMAS = urls.json_schema("x").split("/")[1]
_WHOLE = tuple(path.split("/")[1] for path in (urls.data_file("x"), urls.sitemap_part("x", 1)))
_PERMALINK_FOLDERS = frozenset(urls.permalink(kind, "x").split("/")[1] for kind in urls.PERMALINK_KINDS)


def upload_stage(name: str) -> int:
    """Return when a file goes up where they go one by one: what a page needs, and what a list leads to, comes first.

    0 files in folders named by their content, and schemas that data name, 1 pages and data of records, 2 lists, home
    and other pages, 3 what tells of the release as a whole (its data, its sitemaps), 4 what vouches for that.
    """
    folder, _, rest = name.partition("/")
    if is_hashed(name) or folder == _SCHEMAS:
        return 0
    if name in BESIDE_SUMS:
        return 4
    if folder in _WHOLE:
        return 1 if "/" in rest else 3
    if folder in _PERMALINK_FOLDERS or (rest.count("/") == 2 and rest.split("/")[0] in urls.LIST_KINDS):
        return 1
    return 2 if rest or name == file_of(urls.root()) else 3
