"""Publishing to a folder: whatever happens, readers see one whole release, and the next run finishes the job."""

import errno
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from keur.publishing import FinishedSite, FolderTarget, Plan, PublishError, publish, read_site
from keur.site.output import SUMS
from keur.urls import is_hashed
from tests.unit.publishing import releases

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("KEUR_KILLS", "25"))


@pytest.fixture(autouse=True)
def unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushing is for power cuts; it takes as long as all that the machine is writing."""
    monkeypatch.setattr(os, "sync", releases.nothing)


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """The folder that is published to."""
    return tmp_path / "www"


@pytest.fixture
def sites(tmp_path: Path) -> list[FinishedSite]:
    """Four releases."""
    return releases.make_sites(tmp_path)


def _publish(site: FinishedSite, www: Path, keep: int = 3) -> Plan:
    target = FolderTarget(www, keep)
    return publish(site, releases.facts(0), target, releases.nothing, releases.nothing)


def _names(www: Path) -> list[str]:
    return sorted(path.name[:4] for path in (www / "releases").iterdir() if path.name != ".spare")


def _public(www: Path) -> str | None:
    return FolderTarget(www).standing().id


def test_the_link_leads_to_a_whole_release(sites: list[FinishedSite], www: Path) -> None:
    planned = _publish(sites[0], www)
    assert releases.faults_of(www) == []
    assert (www / "current").readlink() == Path("releases", f"0001-{sites[0].id[:12]}", "site")
    assert len(planned.changes.added) == len(sites[0].files)
    assert not planned.published_already


def test_a_release_is_on_disk_before_it_is_public(
    sites: list[FinishedSite], www: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _publish(sites[0], www)
    seen = []
    monkeypatch.setattr(os, "sync", lambda: seen.append((_names(www), _public(www))))
    _publish(sites[1], www)
    FolderTarget(www).roll_back(releases.nothing)
    assert seen == [([".bui", "0001"], sites[0].id), (["0001", "0002"], sites[1].id)]


def test_what_did_not_change_is_linked_to_the_release_before(sites: list[FinishedSite], www: Path) -> None:
    _publish(sites[0], www)
    before = (www / "current").resolve()
    _publish(sites[1], www)
    now = (www / "current").resolve()
    for name, digest in sites[1].files.items():
        if sites[0].files.get(name) == digest:
            assert (now / name).samefile(before / name)
    assert releases.faults_of(www) == []


def test_a_file_of_the_output_that_is_written_in_place_is_not_public(sites: list[FinishedSite], www: Path) -> None:
    """A build replaces files, an editor may not: nothing public is a link into the output folder."""
    for site in sites[:2]:
        _publish(site, www)
        for name in site.files:
            with (site.folder / name).open("r+b") as file:
                file.write(b"scribble")
        assert releases.faults_of(www) == []


def test_a_file_system_without_hard_links_gets_copies(
    sites: list[FinishedSite], www: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(existing: str, new: str) -> None:
        raise OSError(errno.EPERM, "Operation not permitted", existing)

    _publish(sites[0], www)
    monkeypatch.setattr(os, "link", refused)
    _publish(sites[1], www)
    assert (_public(www), releases.faults_of(www)) == (sites[1].id, [])
    assert all((www / "current" / name).is_file() for name in sites[0].files if is_hashed(name))


def test_a_file_that_is_not_what_the_sums_say_stops_it(sites: list[FinishedSite], www: Path) -> None:
    _publish(sites[0], www)
    (sites[1].folder / "nl/datasheets/0/index.html").write_bytes(b"damaged")
    with pytest.raises(PublishError, match=r"nl/datasheets/0/index\.html is not what SHA256SUMS says; build"):
        _publish(sites[1], www)
    assert (_public(www), releases.faults_of(www)) == (sites[0].id, [])


def test_a_file_damaged_in_the_release_before_is_taken_from_the_output(sites: list[FinishedSite], www: Path) -> None:
    _publish(sites[0], www)
    (www / "current" / "index.html").write_bytes(b"damaged")
    _publish(sites[1], www)
    assert releases.faults_of(www) == []


def test_what_open_pages_of_kept_releases_fetch_is_carried_along(sites: list[FinishedSite], www: Path) -> None:
    for site in sites[:3]:
        _publish(site, www)
    fetch = releases.fetch_from(www / "current")
    for site in sites[:3]:
        for name in site.files:
            assert list(releases.broken_references(site.read(name), fetch)) == []
    assert fetch("nl/datasheets/only-0/index.html") is None


def test_three_releases_are_kept(sites: list[FinishedSite], www: Path) -> None:
    for site in sites:
        _publish(site, www)
    assert _names(www) == ["0002", "0003", "0004"]


def test_as_many_releases_are_kept_as_wanted(sites: list[FinishedSite], www: Path) -> None:
    for site in sites:
        _publish(site, www, keep=1)
    assert _names(www) == ["0004"]
    assert releases.faults_of(www) == []


def test_a_release_that_is_public_already_is_left_alone(sites: list[FinishedSite], www: Path) -> None:
    """Its purge list is that of the run that made it public: that one may have been cut short."""
    _publish(sites[0], www)
    first = _publish(sites[1], www)
    again = _publish(sites[1], www)
    assert again.published_already
    assert again.changes.names == ()
    assert again.purge == first.purge == first.changes.names
    assert _names(www) == ["0001", "0002"]


def test_a_release_may_come_back(sites: list[FinishedSite], www: Path) -> None:
    for number in (0, 1, 0):
        _publish(sites[number], www)
    assert _public(www) == sites[0].id
    assert FolderTarget(www).roll_back(releases.nothing)
    assert _public(www) == sites[1].id


def test_rolling_back_goes_to_the_release_before_and_says_what_differs(sites: list[FinishedSite], www: Path) -> None:
    for site in sites[:3]:
        _publish(site, www)
    names = FolderTarget(www).roll_back(releases.nothing)
    assert (_public(www), releases.faults_of(www)) == (sites[1].id, [])
    assert "nl/datasheets/only-2/index.html" in names
    assert "nl/datasheets/only-1/index.html" in names
    assert "nl/datasheets/1/index.html" not in names or sites[1].files != sites[2].files
    fetch = releases.fetch_from(www / "current")
    assert all(fetch(name) == sites[2].read(name) for name in sites[2].files if is_hashed(name))


def test_a_release_that_was_rolled_back_from_is_not_gone_back_to(sites: list[FinishedSite], www: Path) -> None:
    for site in sites[:3]:
        _publish(site, www)
    FolderTarget(www).roll_back(releases.nothing)
    _publish(sites[3], www)
    assert _names(www) == ["0001", "0002", "0004"]
    FolderTarget(www).roll_back(releases.nothing)
    assert _public(www) == sites[1].id


def test_there_is_an_end_to_rolling_back(sites: list[FinishedSite], www: Path) -> None:
    with pytest.raises(PublishError, match="holds no release before the public one"):
        FolderTarget(www).roll_back(releases.nothing)
    for site in sites:
        _publish(site, www)
    for _ in range(2):
        FolderTarget(www).roll_back(releases.nothing)
    with pytest.raises(PublishError, match="holds no release before the public one"):
        FolderTarget(www).roll_back(releases.nothing)
    assert _public(www) == sites[1].id


def test_a_damaged_release_is_not_rolled_back_to(sites: list[FinishedSite], www: Path) -> None:
    _publish(sites[0], www)
    damaged = (www / "current").resolve()
    _publish(sites[1], www)
    (damaged / "release.css").unlink()
    with pytest.raises(PublishError, match=r"release\.css is not what its SHA256SUMS says; current stays"):
        FolderTarget(www).roll_back(releases.nothing)
    assert (_public(www), releases.faults_of(www)) == (sites[1].id, [])


def test_the_oldest_release_becomes_the_next(sites: list[FinishedSite], www: Path) -> None:
    """Nothing of it stays but what is right, whatever happened to it."""
    for site in sites:
        _publish(site, www)
    spare = www / "releases" / ".spare" / "site"
    kept = (spare / "nl" / "datasheets" / "1" / "index.html").stat().st_ino
    scribbled = spare / "d" / "00000001" / "index.html"
    scribbled.unlink()
    scribbled.write_bytes(b"scribble")
    (spare / "stray" / "deep").mkdir(parents=True)
    (spare / "stray" / "deep" / "index.html").write_bytes(b"stray")
    _publish(sites[0], www)
    assert (www / "current" / "nl" / "datasheets" / "1" / "index.html").stat().st_ino == kept
    assert releases.faults_of(www) == []
    assert not (www / "current" / "stray").exists()
    FolderTarget(www).roll_back(releases.nothing)
    assert releases.faults_of(www) == []


def test_two_publishers_are_kept_apart(sites: list[FinishedSite], www: Path) -> None:
    with FolderTarget(www).held():
        with pytest.raises(PublishError, match=r"another publish to .* is at work"):
            _publish(sites[0], www)
        with pytest.raises(PublishError, match=r"another publish to .* is at work"):
            FolderTarget(www).roll_back(releases.nothing)
    _publish(sites[0], www)
    assert _public(www) == sites[0].id


@pytest.mark.parametrize("kind", ["folder", "file", "elsewhere", "gone"])
def test_a_link_that_is_not_keurs_is_not_touched(sites: list[FinishedSite], www: Path, kind: str) -> None:
    www.mkdir()
    link = www / "current"
    if kind == "folder":
        link.mkdir()
    elif kind == "file":
        link.write_text("theirs")
    else:
        link.symlink_to("/srv/theirs" if kind == "elsewhere" else "releases/0001-0123456789ab/site")
    before = os.lstat(link)
    with pytest.raises(PublishError, match="not a link that Keur made" if kind != "gone" else "which is gone"):
        _publish(sites[0], www)
    assert os.lstat(link).st_ino == before.st_ino


def test_a_site_is_not_published_into_a_site(sites: list[FinishedSite]) -> None:
    with pytest.raises(PublishError, match="holds a site itself"):
        _publish(sites[0], sites[1].folder)


@pytest.mark.parametrize(
    "line", ["0  index.html", "{}  ../index.html", "{}  /etc/passwd", "{}  a//b", "{}  a\\b", "{}"]
)
def test_sums_that_name_files_elsewhere_are_refused(sites: list[FinishedSite], line: str) -> None:
    with (sites[0].folder / SUMS).open("a") as sums:
        sums.write(line.format("0" * 64) + "\n")
    with pytest.raises(PublishError, match="has a line that is not Keur's"):
        read_site(sites[0].folder)


def test_a_folder_without_a_site_or_with_half_of_one_is_refused(sites: list[FinishedSite], tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="there is no site in"):
        read_site(tmp_path / "nowhere")
    site = sites[0].folder
    site.with_name(f".{site.name}.keur-staging").mkdir()
    with pytest.raises(PublishError, match=r"a build is writing .*, or was interrupted"):
        read_site(site)


class _Faults:
    """Lets the n-th step that touches a file fail. Hooks cannot be taken out again, so there is one, switched off."""

    events = frozenset(
        {"open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.scandir"}
    )

    def __init__(self) -> None:
        self.thread = 0
        self.steps = self.fails_at = 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.thread == threading.get_ident() and event in self.events:
            self.steps += 1
            if self.steps == self.fails_at:
                raise OSError(errno.ENOSPC, "No space left on device", str(arguments[0]))


_faults = _Faults()
sys.addaudithook(_faults)


@pytest.fixture
def faults() -> Iterator[_Faults]:
    """What makes steps fail, switched off in the end."""
    yield _faults
    _faults.thread = 0


def test_a_fault_at_any_step_leaves_a_whole_release(tmp_path: Path, www: Path, faults: _Faults) -> None:
    """And the next run finishes the job, whatever the one that failed left."""
    sites = [
        releases.write_site(tmp_path / f"small-{number}", releases.files(number, records=2)) for number in range(4)
    ]
    _publish(sites[0], www)
    messages: list[str] = []
    number = 1
    while True:
        before, wanted = sites[(number - 1) % 4].id, sites[number % 4].id
        faults.steps, faults.fails_at = 0, number
        faults.thread = threading.get_ident()
        try:
            _publish(sites[number % 4], www)
        except PublishError as error:
            messages.append(str(error))
        finally:
            faults.thread = 0
        assert releases.faults_of(www) == []
        assert _public(www) in (before, wanted)
        _publish(sites[number % 4], www)
        assert (_public(www), releases.faults_of(www)) == (wanted, [])
        assert len(_names(www)) <= 3
        if faults.steps < number:
            break
        number += 1
    assert len(messages) > 15
    assert all("No space left on device" in message for message in messages)


@pytest.mark.parametrize("limit", [0, 10, 200, 1000])
def test_a_disk_that_is_full_in_the_middle_of_a_file(sites: list[FinishedSite], www: Path, limit: int) -> None:
    """The system writes part of the file and then refuses, as it does at the end of a disk."""
    _publish(sites[0], www)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        with pytest.raises(PublishError, match="File too large"):
            _publish(sites[1], www)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert (_public(www), releases.faults_of(www)) == (sites[0].id, [])
    _publish(sites[1], www)
    assert (_public(www), releases.faults_of(www)) == (sites[1].id, [])


def test_publishers_killed_at_random_moments_break_nothing() -> None:
    """``KEUR_KILLS=200`` runs it longer."""
    command = [sys.executable, "-m", "tests.unit.publishing.kills", "folder", str(KILLS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    found = json.loads(done.stdout)
    assert found["runs"] == KILLS
    assert found["broken"] == 0, found
    assert found["killed"], "the publishers ended before they were killed"
