"""Writing the site: nothing a reader sees changes before every page is made, and what did not change is not touched.

Changed files are staged beside the output folder, on the same file system. ``commit`` moves them in one by one, renames
only, and takes away what this build no longer has; ``SHA256SUMS`` then lists every file (``sha256sum -c`` checks it). A
build that fails before leaves the output as it was. A commit that is interrupted is finished by the next build.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from keur.problems import KeurError
from keur.site.beside import Beside
from keur.site.compress import SUFFIXES, compressed
from keur.urls import is_hashed

if sys.platform != "win32":
    import fcntl

_BINARY = getattr(os, "O_BINARY", 0)
"""Windows would write other line ends without it."""

SUMS = "SHA256SUMS"
SIGN = "release.css"
"""Every site of Keur has this file, so a folder whose sums name it is one that Keur made."""


_NAMED = "named"
"""Where in the staging folder those folders stand that are named by their content."""

_NAME_AT = 66
"""Where the name of a file begins in a line of sums, after the SHA-256 and two blanks."""


class OutputError(KeurError):
    """The output folder cannot be written, or is not one that Keur made."""


class StagedFile(NamedTuple):
    """A file of the site: its SHA-256, and whether it differs from what is in place and so was staged."""

    name: str
    digest: str
    changed: bool


class OutputFolder:
    """An output folder that is being rebuilt; use it in a ``with`` block and ``commit`` at its end."""

    def __init__(
        self, folder: Path, *, precompress: bool = False, at_hand: dict[bytes, dict[str, str]] | None = None
    ) -> None:
        """``at_hand`` holds sums that a build of this process wrote, as they stood in the file and read."""
        self.folder = folder
        self._at_hand = {} if at_hand is None else at_hand
        self.precompress = precompress
        # Files by name, each with its line of the sums: nearly all go from the old sums into the new ones as they are.
        self._before: Mapping[str, str] = {}
        self.sums_before = b""
        """``SHA256SUMS`` as the last build left it; nothing where there was none."""
        self._read_sums()
        self.staging = folder.with_name(f".{folder.name}.keur-staging")
        self._taken: dict[str, str] = {}
        self._left: dict[str, str] = {}
        self._staged: list[str] = []
        self._lock: int | None = None
        self._spoilt: Beside[frozenset[str]] | None = None
        # Where a site is staged as it will stand, as long as none is in place.
        self._tree: Path | None = None
        self._made = {str(self.staging)}
        self.written = 0
        self.removed = 0

    def __enter__(self) -> OutputFolder:
        try:
            self.staging.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(self.staging)
            if self._lock is None:
                raise OutputError(f"another build is writing {self.folder}; wait for it to end")
            _empty(self.staging)
            # Again, under the lock: another build may have ended since.
            self._read_sums()
            self._tree = None if self._before else self.staging / "site"
        except OSError as error:
            raise OutputError(f"cannot write beside {self.folder}: {error.strerror}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._spoilt:
            self._spoilt.__exit__(kind, error, trace)
            self._spoilt = None
        shutil.rmtree(self.staging, ignore_errors=True)
        if self._lock:
            os.close(self._lock)
            self._lock = None

    def _read_sums(self) -> None:
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            raise OutputError(f"{self.folder} is not a folder")
        if not self.folder.is_dir() or not any(self.folder.iterdir()):
            self.sums_before, self._before = b"", {}
            return
        sums = self.folder / SUMS
        content = sums.read_bytes() if sums.is_file() else b""
        if content == self.sums_before and self._before:
            return
        self.sums_before = content
        self._before = self._at_hand.get(content) or _read_lines(content)
        if SIGN not in self._before:
            # Somebody else's files, and perhaps their sums: what a build does not have it would take away.
            raise OutputError(
                f"{self.folder} holds files that Keur did not write (no {SUMS} names {SIGN} in it); name an empty one"
            )

    @property
    def count(self) -> int:
        """How many files the site has, the sums aside."""
        return len(self._taken) + len(self._left)

    @property
    def taken(self) -> Iterable[str]:
        """The names of the files that this build made, changed or not."""
        return self._taken.keys()

    def write(self, name: str, content: bytes) -> None:
        """Stage a file and take it; ``name`` is relative to the folder, with ``/`` between its parts."""
        for file in self.stage(name, content):
            self.take(file)

    def stage(self, name: str, content: bytes) -> tuple[StagedFile, ...]:
        """Put a file into the staging folder where it is not what is in place, and its compressed forms with it.

        Workers call this in parallel.
        """
        plain = self._stage(name, content)
        if not self.precompress:
            return (plain,)
        kept = [name + suffix for suffix in SUFFIXES if name + suffix in self._before]
        if not plain.changed and kept:
            return (plain, *(StagedFile(form, _digest(self._before[form]), changed=False) for form in kept))
        forms = compressed(name, content)
        return (plain, *(self._stage(name + suffix, form) for suffix, form in forms.items()))

    def left(self, name: str) -> tuple[StagedFile, ...]:
        """Return a file that the last build left, with its compressed forms, as one that is staged without change."""
        forms = (name, *(name + suffix for suffix in SUFFIXES))
        return tuple(
            StagedFile(form, _digest(self._before[form]), changed=False) for form in forms if form in self._before
        )

    def _stage(self, name: str, content: bytes) -> StagedFile:
        digest = hashlib.sha256(content).hexdigest()
        try:
            os.fsencode(name)
        except UnicodeEncodeError:
            raise OutputError(f"the file names of this system cannot hold {name!a}; set LC_ALL=C.UTF-8") from None
        if self._before.get(name) == _line(name, digest) and self._in_place(name, content):
            return StagedFile(name, digest, changed=False)
        try:
            self._write_staged(self._staged_path(name), content)
        except OSError as error:
            raise OutputError(f"cannot write {name}: {error.strerror}") from error
        return StagedFile(name, digest, changed=True)

    def _write_staged(self, path: str, content: bytes) -> None:
        """Write a file, whose folder may not be there yet. A sixth of a clean build's time: nothing is done twice."""
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            _make_folder(folder)
            self._made.add(folder)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o666)
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(file, left) :]
        finally:
            os.close(file)

    def _staged_path(self, name: str) -> str:
        if self._tree:
            return f"{self._tree}/{name}"
        if is_hashed(name):
            return f"{self.staging}/{_NAMED}/{name}"
        # Flat, under the hash of the name: folders for a few pages that move one by one would only be in the way.
        return f"{self.staging}/{hashlib.sha256(name.encode()).hexdigest()}"

    def take(self, file: StagedFile) -> None:
        """Count a staged file among the site's. Raises ``OutputError`` where it has one of that name already."""
        if file.name in self._taken:
            raise OutputError(f"two pages would be written to {file.name}")
        self._taken[file.name] = _line(file.name, file.digest)
        if file.changed:
            self._staged.append(file.name)

    @property
    def changed(self) -> Iterable[str]:
        """The names of the files that were taken and differ from what is in place."""
        return self._staged

    def staged_content(self, name: str) -> bytes:
        """Return the bytes of a file that was staged."""
        return Path(self._staged_path(name)).read_bytes()

    def digest_and_size(self, name: str) -> tuple[str, int]:
        """Return the SHA-256 and the size in bytes of a file that was taken, or that this build is going to leave."""
        path = Path(self._staged_path(name))
        # A staged file is not in place yet, and one that is in place was not staged.
        size = (path if path.is_file() else self.folder / name).stat().st_size
        return _digest(self._taken.get(name) or self._before[name]), size

    def look_over(self) -> None:
        """Begin to look for spoilt files in a process beside this one, which has time for something else."""
        self._spoilt = Beside(self._find_spoilt, forked=True, let_go=self.let_go)

    def spoilt(self) -> frozenset[str]:
        """Return the files that the last build left and that are gone, or were written since by somebody else."""
        return self._spoilt.made if self._spoilt else self._find_spoilt()

    def _find_spoilt(self) -> frozenset[str]:
        return frozenset(_spoilt(self.folder, self._before))

    def let_go(self) -> None:
        """Let go of the folder in a forked process that writes nothing: it must not outlive the build as its owner."""
        if self._lock:
            os.close(self._lock)
            self._lock = None

    def leave_all_but(self, names: Iterable[str]) -> None:
        """Count every file that the last build left among the site's, as it is, but these; others may be made anew."""
        self._left = dict(self._before)
        for name in names:
            self._left.pop(name, None)
        twice = [name for name in self._taken if name in self._left]
        if twice:
            raise OutputError(f"two pages would be written to {min(twice)}")

    def _in_place(self, name: str, content: bytes) -> bool:
        """Tell whether the file on disk is what this build would write, whatever the sums say."""
        try:
            return (self.folder / name).read_bytes() == content
        except OSError:
            return False

    def commit(self) -> bytes:
        """Put the staged files in place, take away those that this build does not have; write and return the sums."""
        files = {**self._left, **self._taken}
        # Those that were left stand in order already, so little is left to sort.
        sums = {name: files[name] for name in sorted(files)}
        content = _written(sums.values())
        try:
            self._commit(sums, content)
        except OSError as error:
            raise OutputError(f"cannot put {error.filename or 'the site'} in place: {error.strerror}") from error
        self._at_hand.clear()
        self._at_hand[content] = sums
        return content

    def _commit(self, sums: Mapping[str, str], content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        # The sums in place must name every file that may be there, or an interrupted commit would leave strays behind.
        new = [line for name, line in self._taken.items() if name not in self._before]
        if new:
            cut_short = self.sums_before and not self.sums_before.endswith(b"\n")
            self._replace_sums(self.sums_before + (b"\n" if cut_short else b"") + _written(new))
        if self._tree:
            # Nothing is there yet: whole folders move, and their making was shared by all who staged.
            for path in sorted(self._tree.iterdir()):
                path.replace(self.folder / path.name)
        else:
            self._move_each()
        self.written = len(self._staged)
        self._take_away([name for name in self._before if name not in sums])
        if self.written or self.removed or not self._in_place(SUMS, content):
            # Even to the same bytes: that they are younger than every file says that none was written by hand.
            self._replace_sums(content)

    def _take_away(self, names: Iterable[str]) -> None:
        folders = set()
        for name in names:
            path = self.folder / name
            path.unlink(missing_ok=True)
            folders.add(path.parent)
            self.removed += 1
        for folder in sorted(folders, reverse=True):
            self._drop_empty_folders(folder)

    def _move_each(self) -> None:
        """Move what was staged; a folder that is named by its content moves as a whole where there is none yet."""
        named = {"/".join(name.split("/", 2)[:2]) for name in self._staged if is_hashed(name)}
        moved = tuple(f"{folder}/" for folder in sorted(named) if self._moved(folder))
        folders: set[Path] = set()
        for name in self._staged:
            if name.startswith(moved):
                continue
            target = self.folder / name
            if target.parent not in folders:
                target.parent.mkdir(parents=True, exist_ok=True)
                folders.add(target.parent)
            Path(self._staged_path(name)).replace(target)

    def _moved(self, folder: str) -> bool:
        """Move a folder that is named by its content, unless there is one of its name; tell whether it was moved."""
        target = self.folder / folder
        if target.exists():
            return False
        target.parent.mkdir(exist_ok=True)
        (self.staging / _NAMED / folder).replace(target)
        return True

    def _replace_sums(self, sums: bytes) -> None:
        staged = self.staging / SUMS
        staged.write_bytes(sums)
        staged.replace(self.folder / SUMS)

    def _drop_empty_folders(self, folder: Path) -> None:
        while folder != self.folder and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def _make_folder(folder: str) -> None:
    try:
        # As a rule the folder above is there, and a Path would cost as much again.
        os.mkdir(folder)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        _make_folder(folder.rpartition("/")[0])
        _make_folder(folder)


def is_as_left(folder: Path, *, forked: bool = False) -> bytes | None:
    """Return the sums of a folder in which every file is as the last build left it; None if one is not.

    ``forked`` asks for a process that looks at half of the files.
    """
    try:
        content = (folder / SUMS).read_bytes()
    except OSError:
        return None
    names = list(_read_lines(content))
    half = len(names) // 2 if forked else 0
    with Beside(lambda: any(_spoilt(folder, names[:half])), forked=forked) as rest:
        spoilt = any(_spoilt(folder, names[half:])) or rest.made
    return None if spoilt else content


def _spoilt(folder: Path, names: Iterable[str]) -> Iterator[str]:
    try:
        last = (folder / SUMS).stat().st_mtime_ns
    except OSError:
        yield from names
        return
    root = str(folder)
    for name in names:
        # Looking at the dates of every file takes a tenth of a second; reading them all would take as long as writing.
        try:
            if os.stat(f"{root}/{name}").st_mtime_ns > last:  # noqa: PTH116  # a Path each would cost more than the look
                yield name
        except OSError:
            yield name


def _read_lines(content: bytes) -> dict[str, str]:
    """Return the lines of sums by the names of their files."""
    lines = content.decode("utf-8", errors="replace").split("\n")
    if not lines.pop() and {line[_NAME_AT - 2 : _NAME_AT] for line in lines} == {"  "}:
        sums = {line[_NAME_AT:]: line for line in lines}
    else:
        # Not as Keur writes them.
        parts = [line.partition("  ") for line in content.decode("utf-8", errors="replace").splitlines()]
        sums = {name: _line(name, digest) for digest, _, name in parts}
    if b".." in content or b"  /" in content or "" in sums:
        return {name: line for name, line in sums.items() if name and name[0] != "/" and ".." not in name.split("/")}
    return sums


def _line(name: str, digest: str) -> str:
    return f"{digest}  {name}"


def _digest(line: str) -> str:
    return line.partition("  ")[0]


def _written(lines: Iterable[str]) -> bytes:
    return "\n".join([*lines, ""]).encode("utf-8")


def sums_of(files: Mapping[str, str]) -> bytes:
    """Return the lines of ``SHA256SUMS`` for files, by name with their SHA-256, in their order."""
    return _written(_line(name, digest) for name, digest in files.items())


def _lock(folder: Path) -> int | None:
    """Lock a folder for this process and return what holds the lock; None where another process has it.

    The kernel lets go of the lock when the process ends, however it ends.
    """
    if sys.platform == "win32":  # no flock there: two builds into one folder are not kept apart
        return os.open(os.devnull, os.O_RDONLY)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    return held


def _empty(folder: Path) -> None:
    """Take away what an interrupted build left in its staging folder."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
