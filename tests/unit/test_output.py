"""The output folder changes in one go, by renames, and only where something differs."""

import os
from pathlib import Path

import pytest

from keur.site import output
from keur.site.output import SIGN, SUMS, OutputError, OutputFolder

FIRST = {"index.html": b"home", "nl/index.html": b"begin", SIGN: b":root {}"}


def _written(folder: Path, files: dict[str, bytes]) -> OutputFolder:
    with OutputFolder(folder) as site:
        for name, content in files.items():
            site.write(name, content)
        site.commit()
    return site


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != SUMS
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small site."""
    _written(tmp_path / "site", FIRST)
    return tmp_path / "site"


def test_files_are_written_with_their_sums(folder: Path) -> None:
    assert _files(folder) == FIRST
    assert [line[66:] for line in (folder / SUMS).read_text().splitlines()] == sorted(FIRST)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["site"]


def test_what_did_not_change_is_not_touched(folder: Path) -> None:
    before = {name: (folder / name).stat() for name in (*FIRST, SUMS)}
    site = _written(folder, FIRST)
    assert (site.count, site.written, site.removed) == (3, 0, 0)
    after = {name: (folder / name).stat() for name in (*FIRST, SUMS)}
    assert [(s.st_ino, s.st_mtime_ns) for s in before.values()] == [(s.st_ino, s.st_mtime_ns) for s in after.values()]


def test_changed_and_new_files_are_written_and_removed_ones_taken_away(folder: Path) -> None:
    second = {"index.html": b"changed", "fr/a/b/index.html": b"new", SIGN: FIRST[SIGN]}
    site = _written(folder, second)
    assert (site.count, site.written, site.removed) == (3, 2, 1)
    assert _files(folder) == second
    assert not (folder / "nl").exists()


def test_a_folder_that_is_left_empty_goes_and_one_with_files_stays(folder: Path) -> None:
    _written(folder, FIRST | {"nl/a/index.html": b"a", "nl/b/index.html": b"b"})
    _written(folder, FIRST | {"nl/b/index.html": b"b"})
    assert not (folder / "nl" / "a").exists()
    assert (folder / "nl" / "b").is_dir()


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"by hand"), lambda path: path.unlink()])
def test_what_was_spoilt_by_hand_is_written_again(folder: Path, spoil: object) -> None:
    spoil(folder / "index.html")  # type: ignore[operator]  # one of the two above
    assert _written(folder, FIRST).written == 1
    assert _files(folder) == FIRST


def test_nothing_changes_before_the_commit(folder: Path) -> None:
    with OutputFolder(folder) as site:
        site.write("index.html", b"changed")
        assert _files(folder) == FIRST
    assert _files(folder) == FIRST
    assert sorted(path.name for path in folder.parent.iterdir()) == ["site"]


def test_an_error_on_the_way_leaves_the_folder_alone(folder: Path) -> None:
    class FaultError(Exception):
        """What goes wrong between two pages."""

    def fail() -> None:
        with OutputFolder(folder) as site:
            site.write("index.html", b"changed")
            raise FaultError

    with pytest.raises(FaultError):
        fail()
    assert _files(folder) == FIRST


def test_two_pages_of_one_name_are_a_fault(folder: Path) -> None:
    with OutputFolder(folder) as site:
        site.write("index.html", b"one")
        with pytest.raises(OutputError, match=r"two pages would be written to index\.html"):
            site.write("index.html", b"two")


@pytest.mark.parametrize("stop_at", range(1, 7))
def test_a_commit_that_was_cut_short_is_finished_by_the_next_build(
    folder: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    """Wherever it stops, no file of either build is left behind that the sums do not name."""
    second = {"index.html": b"changed", "fr/index.html": b"new", SIGN: b"changed too"}
    second |= {f"{folder}/{name}.json": b"{}" for folder in ("search/0123456789", "assets/0123456789") for name in "ab"}
    renames = 0
    replace = Path.replace

    class CutError(BaseException):
        """The process ends here."""

    def cut(path: Path, target: Path) -> Path:
        nonlocal renames
        renames += 1
        if renames == stop_at:
            raise CutError
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(CutError):
        _written(folder, second)
    monkeypatch.undo()
    third = {"de/index.html": b"third", SIGN: b"third"}
    _written(folder, third)
    assert _files(folder) == third


def test_a_folder_named_by_its_content_moves_as_a_whole_where_there_is_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One rename for all its files; where one of its files was lost, the others stay."""
    before = {f"search/00000000/{name}.json": b"before" for name in "abc"}
    after = {f"search/11111111/{name}.json": b"after" for name in "abc"}
    _written(folder, FIRST | before)
    moved: list[str] = []
    replace = Path.replace

    def noted(path: Path, target: Path) -> Path:
        moved.append(target.relative_to(folder).as_posix())
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", noted)
    _written(folder, FIRST | after)
    assert _files(folder) == FIRST | after
    assert [name for name in moved if name != SUMS] == ["search/11111111"]

    (folder / "search" / "11111111" / "b.json").unlink()
    moved.clear()
    _written(folder, FIRST | after)
    assert _files(folder) == FIRST | after
    assert [name for name in moved if name != SUMS] == ["search/11111111/b.json"]


@pytest.mark.parametrize("sums", [None, b"", b"\xff\xfe", b"0  index.html\n", b"0  ../release.css\n"])
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, sums: bytes | None) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("theirs")
    if sums is not None:
        (tmp_path / "site" / SUMS).write_bytes(sums)
    with pytest.raises(OutputError, match="files that Keur did not write"):
        OutputFolder(tmp_path / "site")


def test_sums_that_name_files_outside_take_nothing_away(folder: Path) -> None:
    outside = folder.parent / "precious"
    outside.write_text("theirs")
    with (folder / SUMS).open("a") as sums:
        sums.write(f"0  ../precious\n0  {outside}\n0  nl/../../precious\n")
    _written(folder, FIRST)
    assert outside.read_text() == "theirs"


def test_sums_that_were_cut_short_leave_no_stray_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit that is interrupted then has sums put together of what was there and what is new."""
    _written(folder, FIRST | {"zz/index.html": b"last"})
    sums = folder / SUMS
    sums.write_bytes(sums.read_bytes().removesuffix(b"\n"))
    moved = 0
    replace = Path.replace

    def cut(path: Path, target: Path) -> Path:
        nonlocal moved
        moved += 1
        if moved == 2:
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(KeyboardInterrupt):
        _written(folder, FIRST | {"aa/index.html": b"new"})
    monkeypatch.undo()
    _written(folder, FIRST)
    assert _files(folder) == FIRST


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert _written(tmp_path / "site", FIRST).written == 3


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to(path.parent)])
def test_what_is_no_folder_is_refused(tmp_path: Path, make: object) -> None:
    make(tmp_path / "site")  # type: ignore[operator]  # one of the two above
    with pytest.raises(OutputError, match="is not a folder"):
        OutputFolder(tmp_path / "site")


def test_a_second_build_into_the_same_folder_waits_its_turn(folder: Path) -> None:
    with OutputFolder(folder) as site:
        site.write("index.html", b"first build")
        with pytest.raises(OutputError, match="another build is writing"):
            OutputFolder(folder).__enter__()
        for name in ("nl/index.html", SIGN):
            site.write(name, b"first build")
        site.commit()
    assert _files(folder)["index.html"] == b"first build"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="a disk that is full looks the same on every system")
def test_a_full_disk_is_one_clear_message(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: int, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output.os, "write", full)
    with (
        pytest.raises(OutputError, match=r"cannot write index\.html: No space left on device"),
        OutputFolder(folder) as site,
    ):
        site.write("index.html", b"changed")
    assert _files(folder) == FIRST
