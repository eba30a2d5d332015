"""A tiny register that is published by ``keur publish`` itself; only its site is written without a build."""

import argparse
import datetime as dt
import shutil
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keur import publish_command
from keur.keys import read_public_keys
from keur.publishing import FolderTarget
from tests import builders
from tests.unit.publishing import releases

SHEETS = [str(code) for code in range(90012345, 90012365)]


class Key:
    """A key pair as PEM files. Keys of tests are made from a number, so that runs are alike."""

    def __init__(self, folder: Path, number: int) -> None:
        private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        self.private, self.public = folder / f"{number}.pem", folder / f"{number}.pub.pem"
        self.private.touch(mode=0o600)
        self.private.write_bytes(
            private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        self.public.write_bytes(
            private.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )

    @property
    def fingerprint(self) -> str:
        """What people compare."""
        return read_public_keys(self.public.read_bytes(), "")[0].fingerprint


class PublishedRegister:
    """Its export, its site, and the folder that it is published to."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.data = folder / "data"
        self.site = folder / "site"
        self.www = folder / "www"
        self.ledger = self.data / "ledger.jsonl"
        self.settings = {
            "KEUR_DATA": str(self.data),
            "OUTPUT_PATH": str(self.site),
            "SITEURL": "https://register.example",
            "LANGUAGES": ("nl", "en"),
            "DEFAULT_LANG": "nl",
            # The tests of the drop guard are elsewhere.
            "KEUR_DROP_PERCENT": 100,
            **settings,
        }

    def export(self, day: int, suspended: int = 0, **changes: Any) -> None:
        """Write the export of a day of November 2026, in which as many of the datasheets are suspended."""
        events = [{"date": "2026-11-01", "status": "suspended"}]
        sheets = [
            builders.datasheet(code=code, **({"status_events": events} if number < suspended else {}))
            for number, code in enumerate(SHEETS)
        ]
        export = builders.export(exported_at=f"{self.moment(day).isoformat()}")
        builders.write_export(self.data, **{"register": export, "datasheets": sheets} | changes)
        self.day = day

    @staticmethod
    def moment(day: int) -> dt.datetime:
        """Return when the export of a day was made."""
        return dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC) + dt.timedelta(days=day)

    def build(self) -> int:
        """Write a small site of the export, in the place of a build."""
        shutil.rmtree(self.site, ignore_errors=True)
        pages = {f"d/{code}/index.html": f"card {code}".encode() for code in SHEETS}
        pages["index.html"] = f"home of {self.day}".encode()
        pages["release.css"] = f':root {{ --exported-at: "{self.moment(self.day).isoformat()}"; }}'.encode()
        releases.write_site(self.site, pages)
        return 0

    def publish(self, **options: Any) -> int:
        """Publish the export that is there; ``options`` are those of the command."""
        none = ("endpoint", "host", "confirm_drop", "confirm_ledger", "sign", "purge_list", "json")
        given = dict.fromkeys(none) | {"to": str(self.www), "roll_back": False, "no_build": False, "dry_run": False}
        return publish_command.run(argparse.Namespace(**given | options), self.settings, self.build)

    @property
    def public(self) -> Path:
        """The folder that readers see."""
        return self.www / "current"

    @property
    def public_day(self) -> int | None:
        """The day of the public export, None before any."""
        facts = FolderTarget(self.www).standing().facts
        return None if facts is None else (facts.exported_at - self.moment(0)).days

    @property
    def public_ledger(self) -> bytes:
        """The ledger that readers see."""
        return b"".join(path.read_bytes() for path in sorted((self.public / "ledger").iterdir()))
