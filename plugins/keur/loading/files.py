"""Which files of a folder are read, and their bytes as text."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keur.model import RECORD_KINDS
from keur.problems import Severity, suggestion

MAX_BYTES = 64 * 1024 * 1024
MANY_FILES = ("certificates", "datasheets")
"""Kinds whose records may be spread over any number of files in any folders."""

_ROOT_FILES = {"register.yaml": "register"} | {f"{kind}.yaml": kind for kind in RECORD_KINDS if kind not in MANY_FILES}
_KNOWN = (*_ROOT_FILES, *(f"{kind}/" for kind in MANY_FILES))
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of the export; ``shown`` is its path as people gave it, ``fault`` why it is not read.

    ``kind`` is empty for what is no file of the export format.
    """

    kind: str
    path: Path
    shown: str
    fault: str | None = None
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, and the fault of its bytes if it has one, with line and column from 1."""

    text: str
    fault: str | None = None
    line: int = 1
    column: int = 1


def find_files(folder: Path, shown: str) -> Iterator[DataFile]:
    """Yield the files of an export in reading order, and those that stand there but are not read, with the reason."""
    for name, kind in _ROOT_FILES.items():
        if os.path.lexists(folder / name):
            yield DataFile(kind, folder / name, f"{shown}/{name}", _unreadable(folder / name))
    yield from _strangers(folder, shown)
    for kind in MANY_FILES:
        root = folder / kind
        if root.is_symlink():
            yield DataFile(kind, root, f"{shown}/{kind}", "must be a folder, not a symbolic link")
        elif root.is_dir():
            yield from _walk(root, kind, f"{shown}/{kind}")
        elif os.path.lexists(root):
            yield DataFile(kind, root, f"{shown}/{kind}", "must be a folder")


def read_bytes(file: DataFile) -> bytes | OSError:
    """Read a file's bytes, or return why they cannot be had."""
    try:
        return file.path.read_bytes()
    except OSError as error:
        return error


def unread(error: OSError) -> Decoded:
    """Return what stands for the text of a file that cannot be read."""
    return Decoded("", f"cannot be read: {error.strerror}")


def read_file(file: DataFile) -> Decoded:
    """Read a file's text; a file that cannot be read has no text and says why."""
    content = read_bytes(file)
    return decode(content) if isinstance(content, bytes) else unread(content)


def decode(data: bytes) -> Decoded:
    """Turn a file's bytes into text. Bytes that are not UTF-8 are named and read as Windows-1252, to find the rest."""
    for mark, name in (
        (codecs.BOM_UTF32_LE, "UTF-32"),
        (codecs.BOM_UTF32_BE, "UTF-32"),
        (codecs.BOM_UTF16_LE, "UTF-16"),
        (codecs.BOM_UTF16_BE, "UTF-16"),
    ):
        if data.startswith(mark):
            return Decoded("", f"must be saved as UTF-8; found {name}")
    if b"\0" in data[:4] and data.count(b"\0") * 3 >= len(data):
        return Decoded("", "must be saved as UTF-8; found what looks like UTF-16 or UTF-32")
    try:
        return Decoded(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        byte = data[error.start]
        before = data[: error.start].decode("utf-8-sig", "replace")
        text, count = _read_as_windows(data)
        more = f" (and {count - 1} more such bytes)" if count > 1 else ""
        return Decoded(
            text,
            f"must be saved as UTF-8; found the byte 0x{byte:02X}{_windows_sign(byte)}{more}",
            line=before.count("\n") + 1,
            column=len(before) - before.rfind("\n"),
        )


def _windows_sign(byte: int) -> str:
    sign = bytes([byte]).decode("cp1252", "replace")
    return "" if sign == "\ufffd" or not sign.isprintable() else f', which looks like Windows-1252 for "{sign}"'


def _read_as_windows(data: bytes) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as Windows-1252, and count them."""
    # Bytes that are no UTF-8 come out as lone surrogates, which UTF-8 itself never holds.
    text = data.decode("utf-8-sig", "surrogateescape")
    signs = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
    return text.translate(signs), sum("\udc80" <= character <= "\udcff" for character in text)


def _walk(folder: Path, kind: str, shown: str) -> Iterator[DataFile]:
    try:
        paths = _in_order(folder)
    except OSError as error:
        yield DataFile(kind, folder, shown, f"cannot be read: {error.strerror}")
        return
    for path in paths:
        name = f"{shown}/{path.name}"
        suffix = path.suffix.lower()
        if path.name.startswith("."):
            if suffix in _YAML:
                yield DataFile("", path, name, "is not read, because its name begins with a dot", "warning")
        elif suffix in _YAML:
            fault = _unreadable(path) if path.suffix == ".yaml" else "is not read under this name; name it .yaml"
            yield DataFile(kind, path, name, fault)
        elif path.is_symlink():
            yield DataFile(kind, path, name, "must not be a symbolic link")
        elif path.is_dir():
            yield from _walk(path, kind, name)


def _strangers(folder: Path, shown: str) -> Iterator[DataFile]:
    """Yield what no rule of the format reads: a record kept in such a file or folder would be lost silently."""
    for path in _in_order(folder):
        if path.name.startswith(".") or path.name in _ROOT_FILES or path.name in MANY_FILES:
            continue
        if path.suffix.lower() in _YAML:
            hint = suggestion(path.name, _KNOWN) or f"; known are {', '.join(_KNOWN)}"
            yield DataFile("", path, f"{shown}/{path.name}", "is not a file of the export format" + hint)
        elif not path.is_symlink() and path.is_dir() and _holds_yaml(path):
            hint = suggestion(f"{path.name}/", _KNOWN) or f"; known are {', '.join(_KNOWN)}"
            yield DataFile("", path, f"{shown}/{path.name}", "is not a folder of the export format" + hint)


def _holds_yaml(folder: Path) -> bool:
    return any(name.lower().endswith(_YAML) for _, _, names in os.walk(folder) for name in names)


def _in_order(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda path: path.name)


def _unreadable(path: Path) -> str | None:
    try:
        state = path.lstat()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if stat.S_ISLNK(state.st_mode):
        return "must be a file, not a symbolic link"
    if not stat.S_ISREG(state.st_mode):
        return "must be a file, not a folder or pipe"
    if state.st_size > MAX_BYTES:
        return f"must not be larger than {MAX_BYTES // 1024 // 1024} MiB; found {state.st_size / 1024 / 1024:.0f} MiB"
    return None
