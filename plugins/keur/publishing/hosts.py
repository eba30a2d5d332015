"""Limits of hosts that take a whole site: told before anything is sent, not by a refusal halfway."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from keur.publishing.release import FinishedSite, PublishError

_MIB = 1024 * 1024
_NEAR = 0.9


@dataclass(frozen=True, slots=True)
class Limits:
    """What a host takes; None where it names no limit. ``folders_count`` where a folder counts as a file."""

    files: int | None = None
    file_bytes: int | None = None
    site_bytes: int | None = None
    folders_count: bool = False


HOSTS = {
    "cloudflare-pages": Limits(files=20_000, file_bytes=25 * _MIB),
    "cloudflare-pages-paid": Limits(files=100_000, file_bytes=25 * _MIB),
    "github-pages": Limits(site_bytes=1_000_000_000),
    "gitlab-pages": Limits(files=200_000, site_bytes=1_000_000_000, folders_count=True),
}
"""As the hosts document them in 2026."""


def check_host(site: FinishedSite, host: str) -> tuple[str, ...]:
    """Return a warning for each limit that a site comes near. Raises ``PublishError`` with those it goes beyond."""
    limits = HOSTS[host]
    sizes = {name: _size(site, name) for name in site.files}
    largest = max(sizes, key=lambda name: (sizes[name], name))
    count = len(sizes)
    if limits.folders_count:
        count += len({parent for name in sizes for parent in PurePosixPath(name).parents}) - 1
    measured = (
        (limits.files, count, _files, ""),
        (limits.file_bytes, sizes[largest], _mib, f" in {largest}"),
        (limits.site_bytes, sum(sizes.values()), _mb, " together"),
    )
    beyond: list[str] = []
    near: list[str] = []
    for most, size, unit, where in measured:
        if most and size > most * _NEAR:
            (beyond if size > most else near).append(f"{unit(size)}{where}, of at most {unit(most)}")
    if beyond:
        raise PublishError(f"{host} does not take this site: {'; '.join(beyond)}")
    return tuple(f"{host} takes little more: {found}" for found in near)


def _files(count: int) -> str:
    return f"{count:,} files"


def _mib(size: int) -> str:
    return f"{size / _MIB:,.1f} MiB"


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _size(site: FinishedSite, name: str) -> int:
    try:
        return site.size(name)
    except OSError as error:
        raise PublishError(f"cannot read {site.folder / name}: {error.strerror}; build the site again") from error
