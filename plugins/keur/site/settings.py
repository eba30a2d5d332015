"""Where things are and how a site is made, as ``site`` is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[int, int], None]
"""Is told how many families of pages are done, and of how many."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Where things are and how the site is made. ``site_url`` is empty where the site's own address is not known.

    ``precompress`` asks for compressed forms beside each file of text; ``fingerprints`` are those of the keys that the
    site's manifests are signed with, the present one first.
    """

    output: Path
    theme: Path
    node_modules: Path
    languages: tuple[str, ...]
    site_url: str
    stale_after_days: int
    workers: int
    precompress: bool = False
    fingerprints: tuple[str, ...] = ()


def default_workers() -> int:
    """Return how many processes render: one a core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
