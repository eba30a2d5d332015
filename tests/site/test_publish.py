"""``keur publish`` from an export to a public folder, as an operator runs it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keur.publishing import FolderTarget
from tests import builders
from tests.sites import files_of, run_keur
from tests.unit.publishing.releases import faults_of, rewritten

pytestmark = pytest.mark.site

SHEETS = [builders.datasheet(code=str(code)) for code in range(90012345, 90012375)]


class Place:
    """An export, its site, and the folder that it is published to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.www = folder / "www"
        self.export("2026-11-21", SHEETS)

    def export(self, day: str, sheets: list[builders.Raw]) -> None:
        """Write an export of a day."""
        export = builders.export(exported_at=f"{day}T06:00:00+01:00")
        builders.write_export(self.folder / "data", register=export, datasheets=sheets)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Publish."""
        options = ("--data", self.folder / "data", "--output", self.folder / "site", "--to", self.www)
        return run_keur("publish", *options, "--site-url", "https://register.example", *arguments, cwd=self.folder)

    @property
    def public(self) -> str | None:
        """The id of the release that readers see."""
        return FolderTarget(self.www).standing().id


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An export that was never published."""
    return Place(tmp_path)


def test_a_suspension_is_published_in_one_command_and_taken_back_in_one(place: Place) -> None:
    first = place.run()
    assert (first.returncode, first.stderr) == (0, "")
    assert " is public: " in first.stdout
    before = place.public
    events = [{"date": "2026-11-22", "status": "suspended"}]
    place.export("2026-11-22", [builders.datasheet(code="90012345", status_events=events), *SHEETS[1:]])
    second = place.run("--purge-list", "purge.txt", "--json", "changes.json")
    assert second.returncode == 0, second.stderr
    assert faults_of(place.www) == []
    page = "nl/datasheets/90012345/index.html"
    assert "geschorst" in (place.www / "current" / page).read_text(encoding="utf-8").lower()
    purge = (place.folder / "purge.txt").read_text().splitlines()
    assert {"https://register.example/d/90012345/", "https://register.example/release.css"} <= set(purge)
    assert "https://register.example/d/90012346/" not in purge
    changes = json.loads((place.folder / "changes.json").read_text())
    assert page in changes["changed"]
    assert changes["release"] == place.public
    back = place.run("--roll-back", "--purge-list", "purge.txt")
    assert back.returncode == 0, back.stderr
    assert place.public == before
    assert "https://register.example/d/90012345/" in (place.folder / "purge.txt").read_text().splitlines()


def test_a_loss_is_refused_until_its_number_is_confirmed(place: Place) -> None:
    assert place.run().returncode == 0
    before = place.public
    place.export("2026-11-22", SHEETS[2:])
    dry = place.run("--dry-run")
    assert "~ d/90012345/index.html" in dry.stdout.splitlines(), "what is no longer listed keeps its address"
    for refused in (dry, place.run("--no-build"), place.run("--no-build", "--confirm-drop", "3")):
        assert refused.returncode == 1
        assert "2 of 30 valid datasheets would go (6.7 %, more than 5 %)" in refused.stderr
        assert refused.stderr.endswith("nothing was published. If that is right: --confirm-drop 2\n")
        assert place.public == before
    assert place.run("--no-build", "--confirm-drop", "2").returncode == 0
    assert place.public != before


def test_a_dry_run_writes_nothing(place: Place) -> None:
    done = place.run("--dry-run")
    assert done.returncode == 0
    assert "+ d/90012345/index.html" in done.stdout.splitlines()
    assert not place.www.exists()


def test_bad_data_leaves_what_is_public(place: Place) -> None:
    assert place.run().returncode == 0
    before = place.public
    place.export("2026-11-22", [builders.datasheet(valid_from="31/02/2027")])
    for refused in (place.run(), place.run("--no-build")):
        assert refused.returncode == 1
        assert "31/02/2027" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert place.public == before


def test_a_site_of_another_export_is_not_published(place: Place) -> None:
    assert place.run().returncode == 0
    place.export("2026-11-22", SHEETS)
    refused = place.run("--no-build")
    assert refused.returncode == 1
    assert "was not built from the export of 2026-11-22" in refused.stderr


def test_what_cannot_work_is_said_before_the_build(place: Place) -> None:
    for arguments, code, words in (
        (("--host", "geocities"), 2, "--host knows cloudflare-pages"),
        (("--roll-back", "--to", "s3://register"), 2, "--roll-back is for folders"),
        (("--roll-back",), 1, "holds no release before the public one"),
    ):
        done = place.run(*arguments)
        assert (done.returncode, words in done.stderr) == (code, True), done.stderr
    assert not (place.folder / "site").exists()


def _signing_key(folder: Path) -> tuple[Path, Path]:
    """Write a key pair as openssl does; return the private file and the public one."""
    private, public = folder / "key.pem", folder / "key.pub.pem"
    key = Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32)
    private.touch(mode=0o600)
    pem = serialization.Encoding.PEM
    private.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    return private, public


def test_a_changed_byte_and_a_rewritten_line_are_found_by_verify(place: Place) -> None:
    private, public = _signing_key(place.folder)
    assert place.run("--sign", private).returncode == 0
    for name in ("manifest.json", "manifest.json.sig"):
        shutil.copy(place.www / "current" / name, place.folder / f"kept-{name}")

    def verify() -> "subprocess.CompletedProcess[str]":
        kept = place.folder / "kept-manifest.json"
        return run_keur("verify", place.www, "--key", public, "--against", kept, cwd=place.folder)

    found = verify()
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.endswith(": nothing was found changed\n")

    page = place.www / "current" / "nl" / "datasheets" / "90012345" / "index.html"
    content = page.read_bytes()
    page.write_bytes(content.replace(b"geldig", b"geldIg", 1))
    found = verify()
    assert (found.returncode, found.stderr) == (
        1,
        "keur: nl/datasheets/90012345/index.html was changed: it is not what SHA256SUMS says\n",
    )
    page.write_bytes(content)

    ledger = place.folder / "data" / "ledger.jsonl"
    ledger.write_bytes(rewritten(ledger.read_bytes(), line=9))
    place.export("2026-11-22", SHEETS)
    refused = place.run("--sign", private)
    assert (refused.returncode, "line 9 of " in refused.stderr) == (1, True)
    confirmed = refused.stderr.split()[-1]
    assert place.run("--sign", private, "--confirm-ledger", confirmed).returncode == 0
    found = verify()
    assert found.returncode == 1
    assert "the published ledger was rewritten: line 37 is not what kept-manifest.json of 2026-11-21" in found.stderr
    assert "so a line from 1 to 37 was changed, put in or taken away" in found.stderr


def test_a_site_with_a_number_used_again_is_the_same_before_and_after_the_recording(place: Place) -> None:
    assert place.run().returncode == 0
    place.export("2026-11-22", SHEETS[1:])
    assert place.run().returncode == 0
    other = {
        "holders": [builders.holder(), builders.holder(id="other", name="Geotex Brabant")],
        "units": [builders.unit(), builders.unit(id="other-1", holder="other", name="Hall 3")],
        "certificates": [
            builders.certificate(),
            builders.certificate(number="29/0200", holder="other", unit="other-1"),
        ],
    }
    hung = [{"system": "benor", "number": "29/0200"}]
    taken = builders.datasheet(code="90012345", unit="other-1", certificates=hung)
    export = builders.export(exported_at="2026-11-23T06:00:00+01:00")
    builders.write_export(place.folder / "data", register=export, datasheets=[taken, *SHEETS[1:]], **other)
    refused = place.run()
    assert (refused.returncode, "must not be a number of another holder" in refused.stderr) == (1, True)
    done = place.run("--confirm-reuse", "90012345")
    assert done.returncode == 0, done.stderr
    assert "1 reused" in done.stdout
    before = files_of(place.folder / "site")
    after = run_keur(
        "build",
        "--data",
        place.folder / "data",
        "--output",
        place.folder / "after",
        "--site-url",
        "https://register.example",
    )
    assert after.returncode == 0, after.stderr
    assert files_of(place.folder / "after") == before
