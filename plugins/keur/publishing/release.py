"""A release: a finished site as it goes out, and the facts of its export that the next one is compared with."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keur import urls
from keur.ledger import Head
from keur.model import Register, Status
from keur.problems import KeurError
from keur.site.output import SUMS, OutputFolder
from keur.urls import file_of

_EXPORTED_AT = re.compile(rb'--exported-at: "([^"]+)"')


MANIFEST = file_of(urls.manifest())
SIGNATURE = file_of(urls.manifest_signature())
BESIDE_SUMS = (MANIFEST, SIGNATURE)
"""Files of a release that its sums do not name, because they vouch for the sums."""


class PublishError(KeurError):
    """A release cannot be published; what readers see is a whole release all the same."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is remembered of a published export.

    ``valid`` holds, by permalink, a fingerprint of each record that was valid on the day of the export: equal as long
    as the record says the same. ``ledger`` is how far the ledger reaches with this export, None where it was published
    before Keur published ledgers.
    """

    exported_at: dt.datetime
    valid: Mapping[str, str]
    ledger: Head | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the facts as JSON holds them; counts are for people who look."""
        return {
            "exported_at": self.exported_at.isoformat(),
            "certificates": count_of("certificates", self.valid),
            "datasheets": count_of("datasheets", self.valid),
            "ledger": {"lines": self.ledger.lines, "hash": self.ledger.hash} if self.ledger else None,
            "valid": dict(sorted(self.valid.items())),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Facts:
        """Read facts back. Raises ``KeyError``, ``TypeError`` or ``ValueError`` where they are no facts."""
        valid = {str(permalink): str(fingerprint) for permalink, fingerprint in dict(raw["valid"]).items()}
        ledger = raw.get("ledger")
        head = Head(int(ledger["lines"]), str(ledger["hash"])) if ledger else None
        return cls(dt.datetime.fromisoformat(raw["exported_at"]), valid, head)


def count_of(kind: str, permalinks: Iterable[str]) -> int:
    """Count the permalinks of a kind, "certificates" or "datasheets"."""
    head = urls.permalink(kind, "").rstrip("/") + "/"
    return sum(permalink.startswith(head) for permalink in permalinks)


def facts_of(register: Register) -> Facts:
    """Return the facts of a register. A datasheet counts as valid while a certificate it hangs on is valid too."""
    valid: dict[str, str] = {}
    for key, certificate in register.certificates.items():
        if register.status_of(certificate) is Status.VALID:
            valid[urls.permalink("certificates", register.certificate_slugs[key])] = _fingerprint(certificate)
    for code, sheet in register.datasheets.items():
        if register.status_of(sheet) is Status.VALID and register.is_covered(sheet):
            valid[urls.permalink("datasheets", register.datasheet_slugs[code])] = _fingerprint(sheet)
    return Facts(register.export.exported_at, valid)


def _fingerprint(record: Any) -> str:
    # Without fields that were left out: a field that a later Keur adds changes no record that does not use it.
    return hashlib.sha256(repr(record.model_dump(exclude_defaults=True)).encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FinishedSite:
    """A site in a folder, whole: ``files`` gives the SHA-256 of each by its name, that of ``SHA256SUMS`` included.

    ``made`` holds files that are not in the folder, because they are made when it goes out. ``id`` is the SHA-256 of
    what vouches for all else: the manifest where there is one, else the sums.
    """

    folder: Path
    id: str
    files: Mapping[str, str]
    made: Mapping[str, bytes] = field(default_factory=dict)

    def size(self, name: str) -> int:
        """Return how many bytes a file has. Raises ``OSError``."""
        return len(self.made[name]) if name in self.made else (self.folder / name).stat().st_size

    def read(self, name: str) -> bytes:
        """Return a file that is what the sums say. Raises ``PublishError`` where it is not."""
        if name in self.made:
            return self.made[name]
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            raise PublishError(f"cannot read {self.folder / name}: {error.strerror}; build the site again") from error
        if hashlib.sha256(content).hexdigest() != self.files[name]:
            raise PublishError(f"{self.folder / name} is not what {SUMS} says; build the site again")
        return content

    def check_export(self, facts: Facts) -> None:
        """Raise ``PublishError`` where the site was built from another export than the facts are of."""
        found = _EXPORTED_AT.search(self.read(file_of(urls.release_css())))
        if found is None or found[1].decode("utf-8", "replace") != facts.exported_at.isoformat():
            raise PublishError(f"{self.folder} was not built from the export of {facts.exported_at}; build it again")


def read_site(folder: Path) -> FinishedSite:
    """Read the sums of a finished site. Raises ``PublishError`` or ``OutputError`` where the folder holds none."""
    if not (folder / SUMS).is_file():
        raise PublishError(f"there is no site in {folder}: build it first")
    if OutputFolder(folder).staging.exists():
        raise PublishError(f"a build is writing {folder}, or was interrupted; build it again")
    try:
        sums = (folder / SUMS).read_bytes()
    except OSError as error:
        raise PublishError(f"cannot read {folder / SUMS}: {error.strerror}") from error
    digest = hashlib.sha256(sums).hexdigest()
    return FinishedSite(folder, digest, read_sums(sums) | {SUMS: digest})


def read_sums(sums: bytes) -> dict[str, str]:
    """Return the digest of each file that sums name. Raises ``PublishError`` for a line that is not one of Keur's."""
    files = {}
    for line in sums.decode("utf-8", "surrogateescape").splitlines():
        digest, _, name = line.partition("  ")
        if len(digest) != 64 or any(part in ("", ".", "..") for part in name.split("/")) or "\\" in name:
            raise PublishError(f"{SUMS} has a line that is not Keur's: {line[:100]!r}")
        files[name] = digest
    return files
