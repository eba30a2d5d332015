"""The published ledger: its chain, and that it is still the one that manifests vouched for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keur import urls
from keur.ledger import Ledger, decode, head_of, holds
from keur.problems import RegisterError
from keur.publishing import Manifest
from keur.publishing.release import MANIFEST
from keur.site.compress import SUFFIXES
from keur.verifying.places import Place
from keur.verifying.report import Report
from keur.verifying.vouching import Vouched


def read_published(place: Place, sums: Mapping[str, str], report: Report) -> bytes | None:
    """Return the ledger that a site publishes, None where it publishes none; a fault is noted where it is not whole."""
    folder = urls.LEDGER.lstrip("/")
    names = sorted(name for name in sums if name.startswith(folder) and not name.endswith(SUFFIXES))
    whole = []
    for name, part in place.read_each(names):
        if not isinstance(part, bytes):
            report.faults.append(f"the published ledger cannot be checked: {name} {part or 'is missing'}")
            return None
        whole.append(part)
    return b"".join(whole) if whole else None


def check_ledger(data: bytes, shown: str, manifest: Manifest | None, report: Report, *, whole: bool) -> Ledger | None:
    """Check a ledger's chain, and that the manifest is of it; return the ledger where its chain holds.

    ``whole`` tells that it must end where the manifest says; a ledger from elsewhere may have grown since.
    """
    try:
        ledger = decode(data, shown)
    except RegisterError as error:
        report.faults += [str(problem) for problem in error.problems]
        return None
    if ledger.torn:
        report.faults.append(
            f"{shown} ends in the middle of an export: a recording was cut short, or its end was taken away"
        )
    elif manifest and not (head_of(ledger) == manifest.ledger if whole else holds(ledger, manifest.ledger)):
        report.faults.append(
            f"{shown} has {len(ledger):,} lines and is not the ledger of {manifest.ledger.lines:,} lines"
            f" that {MANIFEST} vouches for"
        )
    else:
        report.good.append(
            f"{shown}: {len(ledger):,} lines, each bound to the one before it, of {len(ledger.exports)} exports"
        )
    return ledger


def check_history(ledger: Ledger, shown: str, earlier: Sequence[Vouched], report: Report) -> None:
    """Ensure that a ledger has grown from what earlier manifests vouch for; name the lines among which one differs.

    A line that is rewritten with all hashes after it leaves a chain that holds: only who kept a hash can tell.
    """
    same = 0
    for kept in sorted(earlier, key=lambda kept: kept.manifest.ledger.lines):
        head = kept.manifest.ledger
        if holds(ledger, head):
            same = head.lines
            report.good.append(
                f"{shown} still has the {head.lines:,} lines that {kept.shown} of {kept.day} vouches for"
            )
        elif head.lines > len(ledger):
            report.faults.append(
                f"{shown} ends at line {len(ledger):,}; {kept.shown} of {kept.day} vouches for {head.lines:,}:"
                " lines were taken away"
            )
        else:
            report.faults.append(
                f"{shown} was rewritten: line {head.lines:,} is not what {kept.shown} of {kept.day} vouches for,"
                f" so a line from {same + 1:,} to {head.lines:,} was changed, put in or taken away"
            )
            return
