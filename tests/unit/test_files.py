"""Which files are read, in which order, and what is said of those that are not."""

import codecs
import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keur.loading import files
from keur.loading.files import DataFile, decode, find_files, read_file


def _write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x: 1\n", encoding="utf-8")
    return folder


def _found(folder: Path) -> list[str]:
    return [f"{file.shown} {file.fault or file.kind}" for file in find_files(folder, "data")]


def test_files_are_read_in_sorted_order(tmp_path: Path) -> None:
    folder = _write(
        tmp_path,
        "datasheets/z.yaml",
        "certificates/b/2.yaml",
        "certificates/b/1.yaml",
        "certificates/a.yaml",
        "certificates/B.yaml",
        "systems.yaml",
        "register.yaml",
    )
    assert _found(folder) == [
        "data/register.yaml register",
        "data/systems.yaml systems",
        "data/certificates/B.yaml certificates",
        "data/certificates/a.yaml certificates",
        "data/certificates/b/1.yaml certificates",
        "data/certificates/b/2.yaml certificates",
        "data/datasheets/z.yaml datasheets",
    ]


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    folder = _write(
        tmp_path, "README.md", "schema/units.schema.json", "ledger.jsonl", "certificates/notes.txt", ".git/a.yaml"
    )
    assert _found(folder) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("holder.yaml", 'data/holder.yaml is not a file of the export format; did you mean "holders.yaml"?'),
        ("Units.yml", 'data/Units.yml is not a file of the export format; did you mean "units.yaml"?'),
        ("certificate/a.yaml", 'data/certificate is not a folder of the export format; did you mean "certificates/"?'),
        ("certificates/a.yml", "data/certificates/a.yml is not read under this name; name it .yaml"),
        ("certificates/a.YAML", "data/certificates/a.YAML is not read under this name; name it .yaml"),
        ("certificates/.a.yaml", "data/certificates/.a.yaml is not read, because its name begins with a dot"),
    ],
)
def test_a_record_is_never_lost_by_the_name_of_its_file(tmp_path: Path, name: str, expected: str) -> None:
    assert _found(_write(tmp_path, name)) == [expected]


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holders.yaml").mkdir()
    (tmp_path / "certificates" / "a.yaml").mkdir(parents=True)
    assert _found(tmp_path) == [
        "data/holders.yaml must be a file, not a folder or pipe",
        "data/certificates/a.yaml must be a file, not a folder or pipe",
    ]


def test_a_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "certificates").write_text("certificates: []", encoding="utf-8")
    assert _found(tmp_path) == ["data/certificates must be a folder"]


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
def test_symbolic_links_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, "elsewhere/a.yaml.txt", "certificates/a.yaml")
    (tmp_path / "units.yaml").symlink_to("elsewhere/a.yaml.txt")
    (tmp_path / "holders.yaml").symlink_to("gone")
    (tmp_path / "datasheets").symlink_to("elsewhere")
    (tmp_path / "certificates" / "b.yaml").symlink_to("a.yaml")
    (tmp_path / "certificates" / "more").symlink_to("..")
    assert _found(tmp_path) == [
        "data/holders.yaml must be a file, not a symbolic link",
        "data/units.yaml must be a file, not a symbolic link",
        "data/certificates/a.yaml certificates",
        "data/certificates/b.yaml must be a file, not a symbolic link",
        "data/certificates/more must not be a symbolic link",
        "data/datasheets must be a folder, not a symbolic link",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "units.yaml")
    assert _found(tmp_path) == ["data/units.yaml must be a file, not a folder or pipe"]


def test_a_file_may_be_large_but_not_larger(tmp_path: Path) -> None:
    with (tmp_path / "units.yaml").open("wb") as file:
        file.truncate(files.MAX_BYTES)
    assert _found(tmp_path) == ["data/units.yaml units"]
    with (tmp_path / "units.yaml").open("wb") as file:
        file.truncate(files.MAX_BYTES + 1)
    assert _found(tmp_path) == ["data/units.yaml must not be larger than 64 MiB; found 64 MiB"]


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert read_file(DataFile("units", tmp_path, "units.yaml")).fault in (
        "cannot be read: Is a directory",
        "cannot be read: Permission denied",
    )
    assert read_file(DataFile("units", tmp_path / "gone", "units.yaml")).fault == (
        "cannot be read: No such file or directory"
    )


def test_a_folder_that_cannot_be_listed_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path, "certificates/closed/a.yaml", "certificates/open/b.yaml")
    listed = Path.iterdir

    def refuse(folder: Path) -> object:
        if folder.name == "closed":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert _found(tmp_path) == [
        "data/certificates/closed cannot be read: Permission denied",
        "data/certificates/open/b.yaml certificates",
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("a: é".encode(), "a: é"),
        (codecs.BOM_UTF8 + "a: é".encode(), "a: é"),
        (b"a: \0\0bcdefgh", "a: \0\0bcdefgh"),
    ],
)
def test_utf_8_is_read(data: bytes, text: str) -> None:
    assert decode(data).text == text
    assert decode(data).fault is None


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("a: 1".encode("utf-16"), "must be saved as UTF-8; found UTF-16"),
        (codecs.BOM_UTF16_BE + "a: 1".encode("utf-16-be"), "must be saved as UTF-8; found UTF-16"),
        ("a: 1".encode("utf-32"), "must be saved as UTF-8; found UTF-32"),
        ("a: 1".encode("utf-16-le"), "must be saved as UTF-8; found what looks like UTF-16 or UTF-32"),
        ("a: 1".encode("utf-16-be"), "must be saved as UTF-8; found what looks like UTF-16 or UTF-32"),
        ("a: 1".encode("utf-32-be"), "must be saved as UTF-8; found what looks like UTF-16 or UTF-32"),
    ],
)
def test_other_encodings_are_named(data: bytes, fault: str) -> None:
    assert decode(data).fault == fault
    assert decode(data).text == ""


def test_windows_bytes_are_named_and_the_rest_is_read() -> None:
    found = decode(
        "é: 1\nb: ok\nc: Béton\nd: déjà – \u201cvu\u201d\n".encode("cp1252").replace(b"\xe9:", "é:".encode())
    )
    assert found.text == "é: 1\nb: ok\nc: Béton\nd: déjà – \u201cvu\u201d\n"
    assert (
        found.fault
        == 'must be saved as UTF-8; found the byte 0xE9, which looks like Windows-1252 for "é" (and 5 more such bytes)'
    )
    assert (found.line, found.column) == (3, 5)


def test_bytes_that_no_encoding_has_are_named() -> None:
    found = decode(b"a: \x81")
    assert found.fault == "must be saved as UTF-8; found the byte 0x81"
    assert (found.line, found.column) == (1, 4)


@given(st.binary(max_size=400))
def test_any_bytes_become_text(data: bytes) -> None:
    found = decode(data)
    assert found.line > 0
    assert found.column > 0
    assert not any("\ud800" <= character <= "\udfff" for character in found.text)


def test_a_large_file_of_wrong_bytes_takes_little_time() -> None:
    begun = time.process_time()
    assert decode(b"\xe9\n" * 500_000).fault
    assert time.process_time() - begun < 2
