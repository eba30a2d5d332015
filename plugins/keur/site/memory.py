"""What a build leaves for the next one: it makes the next one faster, and never different.

Each part is a file with the SHA-256 of its content, bound to the generator that wrote it. A part that is missing, cut,
altered or another generator's counts as not there. A build that cannot write its memory says nothing: the site is made.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
from collections import defaultdict
from pathlib import Path
from typing import Any, Self

_MAGIC = b"keur memory 1\n"
_HASH_BYTES = 32


class Memory:
    """The memory of an output folder, in a folder beside it; ``generator`` is the digest of all code that builds."""

    def __init__(self, folder: Path, generator: bytes) -> None:
        self.folder = folder
        self.generator = generator
        self.at_hand: defaultdict[str, dict[Any, Any]] = defaultdict(dict)
        """What a build leaves, by name and key, to the next of the same process: things ready for use."""

    @classmethod
    def beside(cls, output: Path, generator: bytes) -> Self:
        """Return the memory of an output folder."""
        return cls(output.with_name(f".{output.name}.keur-memory"), generator)

    def recall(self, name: str) -> Any:
        """Return a part, None where there is none that can be trusted."""
        try:
            kept = (self.folder / name).read_bytes()
        except OSError:
            return None
        start = len(_MAGIC) + _HASH_BYTES
        content = memoryview(kept)[start:]
        if kept[: len(_MAGIC)] != _MAGIC or kept[len(_MAGIC) : start] != self._seal(content):
            return None
        # Only what this generator wrote gets here: marshal takes no care of itself.
        return marshal.loads(content)  # noqa: S302  # the seal was checked

    def keep(self, name: str, part: Any) -> None:
        """Keep a part: numbers, texts, bytes, and tuples, lists and mappings of these."""
        content = marshal.dumps(part)
        # In its place only when whole: a build may be stopped at any moment.
        staged = self.folder / f"{name}.{os.getpid()}"
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            staged.write_bytes(_MAGIC + self._seal(content) + content)
            staged.replace(self.folder / name)

    def forget(self, name: str) -> None:
        """Take a part away."""
        with contextlib.suppress(OSError):
            (self.folder / name).unlink()

    def _seal(self, content: bytes | memoryview) -> bytes:
        seal = hashlib.sha256(self.generator)
        seal.update(content)
        return seal.digest()


class WarmMemory(Memory):
    """The memory of a process that builds again and again: its parts stay here, and are written when there is time.

    A part that another process wrote since is read anew, as any build would.
    """

    def __init__(self, folder: Path, generator: bytes) -> None:
        super().__init__(folder, generator)
        self._process = os.getpid()
        self._parts: dict[str, tuple[_FileState | None, Any]] = {}
        self._unwritten: set[str] = set()

    def recall(self, name: str) -> Any:
        """Return a part, None where there is none that can be trusted. It is shared, so it must not be changed."""
        held = self._parts.get(name)
        if name not in self._unwritten:
            state = self._state(name)
            if held is None or held[0] != state:
                held = self._parts[name] = (state, super().recall(name))
        return held[1] if held else None

    def keep(self, name: str, part: Any) -> None:
        """Keep a part; on disk from the next ``settle`` on."""
        if os.getpid() != self._process:
            # What a forked process holds ends with it.
            super().keep(name, part)
            return
        self._parts[name] = (None, part)
        self._unwritten.add(name)

    def forget(self, name: str) -> None:
        """Take a part away."""
        super().forget(name)
        self._parts.pop(name, None)
        self._unwritten.discard(name)

    def settle(self) -> None:
        """Write what was kept, and read what other processes wrote: the next build then waits for neither."""
        for name in sorted(self._unwritten):
            part = self._parts[name][1]
            super().keep(name, part)
            self._parts[name] = (self._state(name), part)
        self._unwritten.clear()
        for name in list(self._parts):
            self.recall(name)

    def _state(self, name: str) -> _FileState | None:
        """Return what changes with the file of a part; None where there is none."""
        try:
            found = (self.folder / name).stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns


_FileState = tuple[int, int, int]
