"""Checking a site that is public, or a folder of one: every file, who vouches for it, and what the ledger remembers.

Nothing is believed because the site says so, but by way of hashes: from the key to the manifest's signature, from the
manifest to ``SHA256SUMS`` and the ledger's last line, from those to every file and every line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from keur.keys import PublicKey
from keur.ledger import first_difference
from keur.problems import KeurError
from keur.publishing import PublishError
from keur.publishing.release import MANIFEST, read_sums
from keur.site.output import SUMS
from keur.site.settings import Progress
from keur.verifying.files import Sample, check_files
from keur.verifying.memory import check_history, check_ledger, read_published
from keur.verifying.places import FolderPlace, Place, ReadError, WebPlace
from keur.verifying.report import Report
from keur.verifying.vouching import (
    Trust,
    Vouched,
    check_earlier,
    check_signatures,
    check_sums,
    read_earlier,
    read_keys,
    read_manifest,
)

_MOST_SUMS = 256 * 1024 * 1024
"""Bytes beyond which ``SHA256SUMS`` is not read: those of two million files."""


class NoSiteError(KeurError):
    """There is no site to check."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to check a site by. ``keys`` are those that the person who checks relies on, ``earlier`` the manifests that
    were kept, ``ledger`` is a ledger's bytes with their name; ``sample`` is None where every file is to be read.
    """

    keys: tuple[PublicKey, ...] = ()
    earlier: tuple[Vouched, ...] = ()
    ledger: tuple[str, bytes] | None = None
    sample: Sample | None = None


def open_place(target: str) -> Place:
    """Return the site that a person named: an address, or a folder. Raises ``NoSiteError``."""
    if target.startswith(("http://", "https://")):
        try:
            parts = urlsplit(target)
            whole = parts.hostname and parts.port != 0 and not (parts.query or parts.fragment or parts.username)
        except ValueError:
            whole = False
        if not whole:
            raise NoSiteError(f"{target} must be the whole address of a site, like https://register.example")
        return WebPlace(target)
    found = FolderPlace.find(Path(target))
    if found is None:
        raise NoSiteError(f"there is no site in {target}: neither it nor a folder current in it has a file {SUMS}")
    return found


def verify(place: Place, request: Request, progress: Progress) -> Report:
    """Check a site. Raises ``NoSiteError`` where there is none, and ``ReadError`` where it cannot be reached."""
    report = Report()
    vouched = read_manifest(place, report)
    manifest = vouched.manifest if vouched else None
    sums = place.read(SUMS, _MOST_SUMS)
    if sums is None:
        raise NoSiteError(f"there is no {SUMS}: Keur did not publish this site, or somebody took the file away")
    try:
        files = read_sums(sums)
    except PublishError as error:
        report.faults.append(str(error))
        return report
    if vouched:
        trust = Trust(request.keys, read_keys(place, report), request.earlier)
        check_signatures(vouched, trust, report)
        check_sums(sums, files, vouched.manifest, report)
        check_earlier(vouched.manifest, request.earlier, report)
    elif request.keys or request.earlier:
        report.faults.append(f"there is no {MANIFEST}, so nothing that was signed vouches for this site")
    elif not report.faults:
        report.warnings.append(
            f"there is no {MANIFEST}: {SUMS} alone was looked at, which whoever changes a file can change too"
        )
    _check_ledgers(place, files, request, vouched, report)
    check_files(place, files, request.sample, report, progress)
    if report.faults and vouched and _is_another(place, vouched):
        report.faults[:] = ["the site was published anew while it was being checked; run this again"]
    elif isinstance(place, WebPlace) and manifest and manifest.site and manifest.site != place.address.rstrip("/"):
        report.warnings.append(f"the manifest is that of {manifest.site}: what you checked is a copy of that site")
    return report


def _check_ledgers(
    place: Place, files: dict[str, str], request: Request, vouched: Vouched | None, report: Report
) -> None:
    manifest = vouched.manifest if vouched else None
    published = read_published(place, files, report)
    given = [("the published ledger", published, True)] if published is not None else []
    if request.ledger:
        given.append((*request.ledger, False))
    if not given and request.earlier:
        report.faults.append(
            "the site publishes no ledger to compare with manifests that were kept; name one by --ledger"
        )
    ledgers = []
    for shown, data, whole in given:
        ledger = check_ledger(data, shown, manifest, report, whole=whole)
        if ledger is not None:
            ledgers.append(ledger)
            check_history(ledger, shown, request.earlier, report)
    line = first_difference(*ledgers) if len(ledgers) == 2 else None
    if line is not None:
        report.faults.append(f"line {line:,} of {given[1][0]} is not that of {given[0][0]}")


def _is_another(place: Place, vouched: Vouched) -> bool:
    """Tell whether a site has another manifest than it had."""
    try:
        found = read_manifest(place, Report())
    except ReadError:
        return False
    return found is not None and found.content != vouched.content


__all__ = [
    "FolderPlace",
    "NoSiteError",
    "Place",
    "ReadError",
    "Report",
    "Request",
    "Sample",
    "Vouched",
    "WebPlace",
    "open_place",
    "read_earlier",
    "verify",
]
