"""Making a finished site public, all of it or nothing, and only when it does not take away too much unasked.

The only package that talks to a network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from keur.publishing.attesting import Keys, attested, vouched_by
from keur.publishing.bucket import BucketTarget, s3_client
from keur.publishing.changes import Changes, changes_between, purge_list
from keur.publishing.folder import FolderTarget
from keur.publishing.guard import DROP_PERCENT, DropError, check_drop
from keur.publishing.hosts import HOSTS, check_host
from keur.publishing.manifest import Manifest
from keur.publishing.release import Facts, FinishedSite, PublishError, facts_of, read_site
from keur.publishing.signing import NoCryptographyError, is_signed, load_signer
from keur.publishing.target import RELEASES_KEPT, Standing, Target
from keur.site.settings import Progress

_S3 = "s3://"


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing a site would do. ``purge`` names the files whose addresses caches are to forget."""

    changes: Changes
    purge: tuple[str, ...]
    published_already: bool


def names_bucket(to: str) -> bool:
    """Tell whether a place that a person named is storage, not a folder."""
    return to.startswith(_S3)


def open_target(to: str, endpoint: str | None, keep: int, say: Callable[[str], None]) -> Target:
    """Return the place that a person named: ``s3://bucket/prefix``, else a folder."""
    if not names_bucket(to):
        return FolderTarget(Path(to), keep)
    bucket, _, prefix = to.removeprefix(_S3).partition("/")
    if not bucket:
        raise PublishError(f"{to} names no bucket: write s3://bucket or s3://bucket/prefix")
    return BucketTarget(s3_client(endpoint), bucket, prefix, keep, say)


def plan(standing: Standing, site: FinishedSite) -> Plan:
    """Return what publishing a site to a place would do.

    Where that very release is public already, the purge list is the one it had: the run that made it public may have
    been cut short before anybody used it.
    """
    changes = changes_between(standing.files, site.files)
    if standing.id == site.id:
        return Plan(changes, standing.last_changes, published_already=True)
    return Plan(changes, tuple(sorted({*changes.names, *standing.unfinished})), published_already=False)


def publish(
    site: FinishedSite, facts: Facts, target: Target, check: Callable[[Standing, Plan], None], progress: Progress
) -> Plan:
    """Make a site public and return what that changed.

    ``check`` sees what stands there and what would change while other publishers are kept out, and raises to stop.
    """
    with target.held() as standing:
        planned = plan(standing, site)
        check(standing, planned)
        target.put(site, facts, progress)
    return planned


__all__ = [
    "DROP_PERCENT",
    "HOSTS",
    "RELEASES_KEPT",
    "BucketTarget",
    "DropError",
    "Facts",
    "FinishedSite",
    "FolderTarget",
    "Keys",
    "Manifest",
    "NoCryptographyError",
    "Plan",
    "PublishError",
    "Standing",
    "Target",
    "attested",
    "check_drop",
    "check_host",
    "facts_of",
    "is_signed",
    "load_signer",
    "names_bucket",
    "open_target",
    "plan",
    "publish",
    "purge_list",
    "read_site",
    "vouched_by",
]
