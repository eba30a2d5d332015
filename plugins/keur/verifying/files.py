"""Every file of a site against ``SHA256SUMS``."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import random
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keur.publishing.release import BESIDE_SUMS
from keur.site.compress import SUFFIXES
from keur.site.output import SUMS
from keur.site.settings import Progress
from keur.urls import is_hashed
from keur.verifying.places import Place, ReadError
from keur.verifying.report import Report

CHANGED = f"was changed: it is not what {SUMS} says"
MISSING = "is missing"
EXTRA = f"is extra: {SUMS} does not name it"


@dataclass(frozen=True, slots=True)
class Sample:
    """How many files to draw, and the seed that draws the same ones again."""

    count: int
    seed: int

    def of(self, names: list[str]) -> list[str]:
        """Return the names that are drawn."""
        if self.count >= len(names):
            return names
        return sorted(random.Random(self.seed).sample(names, self.count))  # noqa: S311  # no secret: it is told


def check_files(
    place: Place, sums: Mapping[str, str], sample: Sample | None, report: Report, progress: Progress
) -> None:
    """Compare each file, or a sample, with its sum; where a place can be listed, name what is there besides."""
    names = sample.of(sorted(sums)) if sample else sorted(sums)
    faults = {}
    for done, (name, content) in enumerate(place.read_each(names), 1):
        if content is None:
            faults[name] = MISSING
        elif isinstance(content, ReadError):
            faults[name] = str(content)
        elif hashlib.sha256(content).hexdigest() != sums[name]:
            faults[name] = CHANGED
        progress(done, len(names))
    try:
        present = place.names()
    except ReadError as error:
        report.faults.append(str(error))
        present = None
    extra = sorted((present or frozenset()) - sums.keys() - {SUMS, *BESIDE_SUMS})
    carried = _carried(place, [name for name in extra if is_hashed(name)])
    faults |= dict.fromkeys((name for name in extra if name not in carried), EXTRA)
    report.blame(faults)
    if faults:
        return
    drawn = f" (of {len(sums):,}, drawn by --seed {sample.seed})" if sample else ""
    report.good.append(
        f"{len(names):,} files{drawn} are what {SUMS} says" + ("" if present is None else ", and no other is there")
    )
    if carried:
        report.good.append(
            f"{len(carried):,} files that earlier releases left for open pages are what their folders are named by"
        )


def _carried(place: Place, names: list[str]) -> frozenset[str]:
    """Return those of the names whose folder is named by the hash of what is in it, and so vouches for itself."""
    folders: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
    for name, content in place.read_each(names):
        head, release, rest = name.split("/", 2)
        if isinstance(content, bytes):
            folders[f"{head}/{release}"][rest] = content
    right = set()
    for folder, files in folders.items():
        plain = {name: content for name, content in files.items() if not name.endswith(tuple(SUFFIXES))}
        hashed = hashlib.sha256()
        for name, content in sorted(plain.items()):
            hashed.update(f"{name}\0{len(content)}\0".encode() + content)
        if not hashed.hexdigest().startswith(folder.split("/")[1]):
            continue
        for name, content in files.items():
            whole, _, suffix = name.rpartition(".")
            if name in plain or _expanded(suffix, content) == plain.get(whole):
                right.add(f"{folder}/{name}")
    return frozenset(right)


def _expanded(suffix: str, content: bytes) -> bytes | None:
    """Return what a compressed file holds, None where that cannot be told."""
    try:
        if suffix == "gz":
            return gzip.decompress(content)
        brotli: Any = importlib.import_module("brotli")
    except (ImportError, OSError, EOFError, zlib.error):
        return None
    try:
        expanded: bytes = brotli.decompress(content)
    except brotli.error:
        return None
    return expanded
