"""Who builds: the digest of all code that has a say in the bytes of a site, with the versions of what it stands on."""

from __future__ import annotations

import functools
import hashlib
import sys
import sysconfig
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_CODE = (".py", ".csv", ".toml", ".json")


@functools.cache
def generator_digest() -> bytes:
    """Return the digest of the generator that this process runs, as it was when it was first asked for."""
    return read_generator_digest()


def read_generator_digest() -> bytes:
    """Return the digest of the generator's own files, and of what is installed beside it, as they are now."""
    hashed = hashlib.sha256(sys.version.encode())
    for path in sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _CODE):
        content = path.read_bytes()
        hashed.update(f"{path.relative_to(_PACKAGE).as_posix()}\0{len(content)}\0".encode())
        hashed.update(content)
    libraries = Path(sysconfig.get_paths()["purelib"])
    for name in sorted(path.name for path in libraries.glob("*.dist-info")):
        hashed.update(name.encode())
    return hashed.digest()
