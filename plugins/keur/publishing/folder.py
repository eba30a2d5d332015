"""Publishing to a folder that a web server reads: built aside, checked, then one ``rename(2)`` of a link.

::

    current -> releases/0007-3f9c1a2b4d5e/site      what the web server serves
    releases/0007-3f9c1a2b4d5e/site/                the site, with its SHA256SUMS
    releases/0007-3f9c1a2b4d5e/release.json         its facts, and the release it followed

A release gets its name when it is whole, and loses it before it is taken away, so whatever bears such a name is whole.
Files that did not change are hard links into the release before. Files of the output folder are copied, never linked: a
program that wrote into one in place would write into what is public. The oldest release is not deleted but set aside,
and becomes the next: to make and delete the folders of tens of thousands of pages would take longer than all the rest.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from keur.publishing.changes import changes_between
from keur.publishing.mtimes import tell_apart
from keur.publishing.release import BESIDE_SUMS, MANIFEST, Facts, FinishedSite, PublishError, read_sums
from keur.publishing.target import RELEASES_KEPT, Standing
from keur.site.output import SUMS
from keur.site.settings import Progress
from keur.urls import is_hashed

if sys.platform != "win32":
    import fcntl

_NAME = re.compile(r"(\d{4,})-[0-9a-f]{12}")
_SITE = "site"
_FACTS = "release.json"
_BUILDING = ".building"
_SPARE = ".spare"
_DELETING = ".deleting"
_LINK = "current"
_NEW_LINK = ".current.new"


@dataclass(frozen=True)
class _Release:
    """A whole release on disk."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def number(self) -> int:
        return int(self.name.split("-")[0])

    @property
    def site(self) -> Path:
        return self.folder / _SITE

    @cached_property
    def sums(self) -> bytes:
        return (self.site / SUMS).read_bytes()

    @cached_property
    def files(self) -> dict[str, str]:
        return read_sums(self.sums) | {SUMS: hashlib.sha256(self.sums).hexdigest()} | self._beside_sums

    @cached_property
    def _beside_sums(self) -> dict[str, str]:
        present = [self.site / name for name in BESIDE_SUMS if (self.site / name).is_file()]
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in present}

    @cached_property
    def id(self) -> str:
        return self._beside_sums.get(MANIFEST) or hashlib.sha256(self.sums).hexdigest()

    @cached_property
    def _record(self) -> tuple[Facts, str | None]:
        try:
            raw = json.loads((self.folder / _FACTS).read_text(encoding="utf-8"))
            return Facts.from_json(raw), raw["follows"]
        except (KeyError, TypeError, ValueError) as error:
            raise PublishError(f"{self.folder / _FACTS} cannot be used: {error}") from error

    @property
    def facts(self) -> Facts:
        return self._record[0]

    @property
    def follows(self) -> str | None:
        return self._record[1]


class FolderTarget:
    """A folder with releases and the link to the public one. ``keep`` is how many releases stay, the public one too."""

    def __init__(self, folder: Path, keep: int = RELEASES_KEPT) -> None:
        if sys.platform == "win32":
            raise PublishError("publishing to a folder needs a rename that Windows lacks: Linux and macOS have it")
        self.folder = folder
        self.releases = folder / "releases"
        self.keep = keep

    def __str__(self) -> str:
        return str(self.folder)

    def standing(self) -> Standing:
        """Return what ``current`` leads to."""
        with self._naming_faults():
            current = self._current()
            if current is None:
                return Standing()
            before = self._followed(current)
            changes = changes_between(before.files if before else {}, current.files)
            return Standing(current.id, current.facts, current.files, changes.names)

    @contextmanager
    def held(self) -> Iterator[Standing]:
        """Lock the folder for this process; the system lets go of the lock when the process ends, however it ends."""
        with self._naming_faults():
            if (self.folder / SUMS).exists():
                raise PublishError(f"{self.folder} holds a site itself; name a folder for its releases")
            self.releases.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.releases, os.O_RDONLY)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise PublishError(f"another publish to {self.folder} is at work; wait for it to end") from None
            yield self.standing()
        finally:
            os.close(lock)

    def put(self, site: FinishedSite, facts: Facts, progress: Progress) -> None:
        """Build the release aside, swap ``current`` to it, then take away the releases that are not kept."""
        with self._naming_faults():
            self._clear()
            current = self._current()
            if current is None or current.id != site.id:
                current = self._build(site, facts, current, progress)
                self._point(current)
            self._prune(current)

    def read(self, name: str) -> bytes:
        """Return a file of the public release."""
        with self._naming_faults():
            current = self._current()
            if current is None:
                raise PublishError(f"{self.folder} holds no public release")
            return (current.site / name).read_bytes()

    def roll_back(self, progress: Progress) -> tuple[str, ...]:
        """Make the release before the public one public again; return the names of files that changes for readers."""
        with self.held(), self._naming_faults():
            self._clear()
            current = self._current()
            before = self._followed(current) if current else None
            if current is None or before is None:
                raise PublishError(f"{self.folder} holds no release before the public one")
            for done, (name, digest) in enumerate(before.files.items()):
                if _read(f"{before.site}/{name}", digest) is None:
                    raise PublishError(f"{before.site / name} is not what its {SUMS} says; {_LINK} stays as it is")
                progress(done + 1, len(before.files))
            carried = {name for name, _ in self._hashed() if (before.site / name).exists()}
            self._carry(_Placing(before.site, carried), before.files)
            os.sync()
            self._point(before)
            return changes_between(current.files, before.files).names

    # --- what stands there ------------------------------------------------------------------------------------------

    def _current(self) -> _Release | None:
        link = self.folder / _LINK
        if not os.path.lexists(link):
            return None
        target = link.readlink() if link.is_symlink() else Path()
        release = _Release(self.folder / target.parent)
        if target != Path(self.releases.name, target.parent.name, _SITE) or not _NAME.fullmatch(release.name):
            raise PublishError(f"{link} is not a link that Keur made; name another folder")
        if not release.site.is_dir():
            raise PublishError(f"{link} leads to {target}, which is gone; delete the link to publish anew")
        return release

    def _whole(self) -> Iterator[_Release]:
        """Yield every release on disk, the newest first."""
        folders = [folder for folder in self.releases.iterdir() if _NAME.fullmatch(folder.name)]
        yield from sorted(map(_Release, folders), key=lambda release: release.number, reverse=True)

    def _followed(self, release: _Release) -> _Release | None:
        """Return the release that was public before one, None where it is not kept any more."""
        if release.follows is None or not _NAME.fullmatch(release.follows):
            return None
        before = _Release(self.releases / release.follows)
        return before if before.folder.is_dir() else None

    # --- building ---------------------------------------------------------------------------------------------------

    def _build(self, site: FinishedSite, facts: Facts, current: _Release | None, progress: Progress) -> _Release:
        building = self.releases / _BUILDING
        if not building.exists() and (self.releases / _SPARE).exists():
            (self.releases / _SPARE).rename(building)
        (building / _SITE).mkdir(parents=True, exist_ok=True)
        wanted = {name for name, _ in self._hashed()} | site.files.keys()
        place = _Placing(building / _SITE, _tidy(building / _SITE, wanted))
        known = current.files if current else {}
        kept = list(self._whole())
        for done, (name, digest) in enumerate(site.files.items()):
            source = current.site if current and known.get(name) == digest else None
            if not place.put(name, digest, source):
                place.write(name, site.read(name), *(release.site / name for release in kept))
            progress(done + 1, len(site.files))
        self._carry(place, site.files)
        record = facts.as_json() | {"id": site.id, "follows": current.name if current else None}
        (building / _FACTS).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        number = max((release.number for release in self._whole()), default=0) + 1
        release = _Release(self.releases / f"{number:04}-{site.id[:12]}")
        # One call for all files and folders: asked for one by one, tens of thousands would take minutes.
        os.sync()
        building.rename(release.folder)
        return release

    def _hashed(self) -> Iterator[tuple[str, _Release]]:
        """Yield what pages of any release on disk fetch by its hash: a reader may hold one of them open."""
        for release in self._whole():
            yield from ((name, release) for name in release.files if is_hashed(name))

    def _carry(self, place: _Placing, own: Mapping[str, str]) -> None:
        """Bring along what pages of other releases fetch."""
        for name, release in self._hashed():
            if name not in own:
                place.put(name, release.files[name], release.site)

    def _point(self, release: _Release) -> None:
        """Let ``current`` lead to a release: in one step, and on disk before anything is taken away."""
        _flush(self.releases)
        new = self.folder / _NEW_LINK
        new.unlink(missing_ok=True)
        new.symlink_to(Path(self.releases.name, release.name, _SITE))
        new.replace(self.folder / _LINK)
        _flush(self.folder)

    # --- taking away ------------------------------------------------------------------------------------------------

    def _prune(self, current: _Release) -> None:
        """Take away all but the public release and those it followed, as many as are kept."""
        kept = {current.name}
        release = self._followed(current)
        while release is not None and len(kept) < self.keep:
            kept.add(release.name)
            release = self._followed(release)
        for release in list(self._whole()):
            if release.name not in kept:
                # Its name goes first: a release that is half gone must not be rolled back to.
                spare = self.releases / _SPARE
                release.folder.rename(self.releases / _DELETING if spare.exists() else spare)
                self._clear()

    def _clear(self) -> None:
        """Take away what is on its way out, also from a run that was cut short."""
        if (self.releases / _DELETING).exists():
            shutil.rmtree(self.releases / _DELETING)

    @contextmanager
    def _naming_faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            where = error.filename or self.folder
            raise PublishError(f"cannot publish to {self.folder}: {error.strerror or error} ({where})") from error


class _Placing:
    """Puts files into the folder of a release. Paths are text here: a register has tens of thousands of files."""

    def __init__(self, site: Path, present: Set[str]) -> None:
        self.site = str(site)
        self._present = present
        self._folders: set[str] = set()

    def put(self, name: str, digest: str, source: Path | None) -> bool:
        """Leave a file that is right, or link it from another release; False where neither has what the digest says.

        Where links cannot be it is copied: a file system without them, or a file that has as many as it may.
        """
        if name in self._present and _read(f"{self.site}/{name}", digest) is not None:
            return True
        content = _read(f"{source}/{name}", digest) if source else None
        if content is None:
            return False
        if name in self._present or not self._link(name, f"{source}/{name}"):
            self.write(name, content)
        return True

    def _link(self, name: str, existing: str) -> bool:
        target = self._target(name)
        try:
            os.link(existing, target)
        except OSError:
            return False
        return True

    def write(self, name: str, content: bytes, *before: Path) -> None:
        """Write a file; whoever reads its folder meanwhile sees all of it or nothing.

        It is dated later than those that readers got ``before``, by which web servers know that it is another.
        """
        target = self._target(name)
        folder, _, last = target.rpartition("/")
        staged = f"{folder}/.{last}.new"
        Path(staged).write_bytes(content)
        tell_apart(Path(staged), *before)
        os.replace(staged, target)  # noqa: PTH105  # text, not a Path

    def _target(self, name: str) -> str:
        target = f"{self.site}/{name}"
        folder = target.rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103  # text, not a Path
            self._folders.add(folder)
        return target


def _tidy(folder: Path, wanted: Set[str]) -> frozenset[str]:
    """Take away what is not wanted below a folder, and return the names of the files that stay."""

    def fail(error: OSError) -> None:
        raise error

    stay: set[str] = set()
    for parent, _, names in os.walk(folder, topdown=False, onerror=fail):
        within = f"{Path(parent).relative_to(folder).as_posix()}/" if parent != str(folder) else ""
        gone = [name for name in names if f"{within}{name}" not in wanted]
        for name in gone:
            os.unlink(f"{parent}/{name}")  # noqa: PTH108  # text, not a Path
        stay.update(f"{within}{name}" for name in names if f"{within}{name}" in wanted)
        if len(gone) == len(names) and within:
            with contextlib.suppress(OSError):  # it has folders that stay
                os.rmdir(parent)  # noqa: PTH106  # text, not a Path
    return frozenset(stay)


def _read(file: str, digest: str) -> bytes | None:
    """Return a file that has a digest, else None."""
    try:
        with open(file, "rb") as opened:  # noqa: PTH123  # text, not a Path
            content = opened.read()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None


def _flush(folder: Path) -> None:
    """See to it that renames in a folder outlast a power cut."""
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
