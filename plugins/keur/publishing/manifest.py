"""``manifest.json``: the few lines that vouch for a release, and so the thing that is signed.

It says of which register and export a release is, the SHA-256 of ``SHA256SUMS`` and through that every file, how far
the ledger reaches and through its last hash every line, and which keys may sign. Whoever keeps an old manifest can
prove later what the register said then.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any

from keur.ledger import Head
from keur.publishing.release import PublishError

SCHEMA = 1
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release says of itself. ``files`` counts those that ``SHA256SUMS`` names, ``sums`` is its SHA-256.

    ``site`` is the site's own address, empty where it was not known; ``signed_by`` is the fingerprint of the key that
    signs the manifest, None where none does; ``keys`` are all that readers may rely on, former and coming ones too.
    """

    publisher: str
    site: str
    demonstration: bool
    exported_at: dt.datetime
    files: int
    sums: str
    sums_bytes: int
    ledger: Head
    signed_by: str | None = None
    keys: tuple[str, ...] = ()

    def as_bytes(self) -> bytes:
        """Return the file; the same manifest gives the same bytes."""
        raw = {
            "schema": SCHEMA,
            "publisher": self.publisher,
            "site": self.site,
            "demonstration": self.demonstration,
            "exported_at": self.exported_at.isoformat(),
            "sums": {"files": self.files, "bytes": self.sums_bytes, "sha256": self.sums},
            "ledger": {"lines": self.ledger.lines, "hash": self.ledger.hash},
            "signed_by": self.signed_by,
            "keys": list(self.keys),
        }
        return (json.dumps(raw, ensure_ascii=False, indent=1) + "\n").encode("utf-8")

    @classmethod
    def from_bytes(cls, content: bytes, shown: str) -> Manifest:
        """Read the file; ``shown`` is its name in messages. Raises ``PublishError`` where it is no manifest."""
        try:
            raw = json.loads(content)
            if raw["schema"] != SCHEMA:
                raise PublishError(f"{shown} has the form {raw['schema']!r}, which this Keur does not know")
            sums, ledger = raw["sums"], raw["ledger"]
            return cls(
                publisher=_text(raw["publisher"]),
                site=_text(raw["site"]),
                demonstration=bool(raw["demonstration"]),
                exported_at=_moment(raw["exported_at"]),
                files=_count(sums["files"]),
                sums=_digest(sums["sha256"]),
                sums_bytes=_count(sums["bytes"]),
                ledger=Head(_count(ledger["lines"]), _digest(ledger["hash"])),
                signed_by=None if raw["signed_by"] is None else _digest(raw["signed_by"]),
                keys=tuple(_digest(key) for key in raw["keys"]),
            )
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise PublishError(f"{shown} is no manifest that Keur wrote") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(value)
    return value


def _digest(value: Any) -> str:
    if not _HASH.fullmatch(_text(value)):
        raise ValueError(value)
    return str(value)


def _moment(value: Any) -> dt.datetime:
    moment = dt.datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment
