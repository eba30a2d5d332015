"""What came of reading one file of an export, and how it is kept from one build to the next.

A kept reading is a pickle that may hold nothing but the domain's own types: whatever else stands in it is refused,
never run. Whether its bytes are those that were written is for the keeper to tell.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass
from typing import TypeVar

from keur.model import AnyRecord, CertificateKey, Entry, Export
from keur.problems import KeurError, Problem

_MODULES = ("keur.model.", "keur.loading.readings", "keur.problems", "datetime", "zoneinfo", "pydantic_core")
_BUILTINS = frozenset({"frozenset", "set"})


class ForgottenError(KeurError):
    """What was kept cannot be used; the file has to be read again."""


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file: its records with their places, and its problems with their lines.

    ``key`` is the SHA-256 of the file's kind, shown path and bytes: the same key, the same reading. ``held`` counts its
    records, those at fault included; ``unread_keys`` are the keys of the latter. ``incomplete`` says that records of
    this kind may be missing, because the file could not be read to its end.
    """

    kind: str
    shown: str
    key: str
    export: Export | None = None
    entries: tuple[Entry[AnyRecord], ...] = ()
    held: int = 0
    unread_keys: frozenset[str | CertificateKey] = frozenset()
    incomplete: bool = False
    problems: tuple[Problem, ...] = ()


KeptT = TypeVar("KeptT", FileReading, tuple[Problem, ...])


def packed(kept: FileReading | tuple[Problem, ...]) -> bytes:
    """Return a reading, or problems, as bytes to keep."""
    return pickle.dumps(kept, pickle.HIGHEST_PROTOCOL)


def unpacked(kept: bytes, kind: type[KeptT]) -> KeptT:
    """Return what was kept. Raises ``ForgottenError`` where the bytes are none, or not of this kind."""
    try:
        found = _Unpickler(io.BytesIO(kept)).load()
    # A pickle that was cut or made elsewhere can raise nearly anything.
    except Exception as error:
        raise ForgottenError(f"what was kept cannot be used: {error}") from error
    if not isinstance(found, kind):
        raise ForgottenError(f"what was kept is no {kind.__name__}")
    return found


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if module.startswith(_MODULES) or (module == "builtins" and name in _BUILTINS):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no type of the register")
