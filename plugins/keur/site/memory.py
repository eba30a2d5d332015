"""What a build leaves for the next one: it makes the next one faster, and never different.

Each part is a file with the SHA-256 of its content, bound to the generator that wrote it. A part that is missing, cut,
altered or another generator's counts as not there. A build that cannot write its memory says nothing: the site is made.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
from pathlib import Path
from typing import Any

_MAGIC = b"keur memory 1\n"
_HASH_BYTES = 32


class Memory:
    """The memory of an output folder, in a folder beside it; ``generator`` is the digest of all code that builds."""

    def __init__(self, folder: Path, generator: bytes) -> None:
        self.folder = folder
        self.generator = generator

    @classmethod
    def beside(cls, output: Path, generator: bytes) -> Memory:
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
