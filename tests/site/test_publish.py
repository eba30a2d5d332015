"""``keur publish`` from an export to a public folder, as an operator runs it."""

import json
import subprocess
from pathlib import Path

import pytest

from keur.publishing import FolderTarget
from tests import builders
from tests.sites import run_keur
from tests.unit.publishing.releases import faults_of

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
    assert "- d/90012345/index.html" in dry.stdout.splitlines()
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
