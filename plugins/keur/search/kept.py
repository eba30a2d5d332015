"""Files of search data, kept from one build to the next: none that is made of the same is made again.

Who asks for a file says all that it is made of, so a kept one cannot be another. What a build does not ask for is
forgotten.
"""

from __future__ import annotations

import hashlib
import json
import marshal
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from keur.search.entries import Entry

Json: TypeAlias = Mapping[str, object]

# Values that are equal have the same bytes: later versions of the format tell whether values are held elsewhere too.
_FORMAT = 2


class Part(NamedTuple):
    """A file of things in order: the first and the last of them, what the file is made of, and how."""

    first: str
    last: str
    made_of: Any
    make: Callable[[], Json]


def encoded(content: Json) -> bytes:
    """Return what a file says as its bytes."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


class KeptFiles:
    """Files of the last build, and those of this one in ``now``; both are plain values, which ``marshal`` can store.

    They are of one ``Indexing.key``.
    """

    def __init__(
        self,
        before: Mapping[str, Any] | None = None,
        entries_before: Mapping[bytes, Entry] | None = None,
        digests: Sequence[bytes] = (),
    ) -> None:
        """``digests`` tell the entries of datasheets, in their order, from all that they said before.

        ``entries_before`` are entries that were kept, by such digests; there may be others among them.
        """
        self._before: Mapping[str, Any] = before or {}
        self._entries_before = entries_before or {}
        self._digests = digests
        self._changed = False
        self.now: dict[str, Any] = {}

    @property
    def changed(self) -> bool:
        """Whether this build leaves something else than the last one."""
        return self._changed or len(self.now) != len(self._before)

    def value(self, name: str, made_of: Any, make: Callable[[], Any]) -> Any:
        """Return the plain value that ``make`` makes of plain values and of nothing else. No two have the same name."""
        digest = hashlib.sha256(marshal.dumps(made_of, _FORMAT)).digest()
        kept = self._before.get(name)
        if kept is None or kept[0] != digest:
            self._changed = True
            kept = (digest, make())
        self.now[name] = kept
        return kept[1]

    def file(self, name: str, made_of: Any, make: Callable[[], Json]) -> bytes:
        """Return the file of a name that ``make`` makes of plain values and of nothing else."""
        made: bytes = self.value(name, made_of, lambda: encoded(make()))
        return made

    def digests_of(self, codes: Sequence[str]) -> dict[str, bytes]:
        """Return the digests of all datasheets by code; without any, what tells them apart in this build."""
        return dict(zip(codes, self._digests or [code.encode() for code in codes], strict=True))

    def entry_before(self, digest: bytes) -> Entry | None:
        """Return the entry of a datasheet as it was kept, None where it was not."""
        return self._entries_before.get(digest)

    def state(self, name: str) -> Any:
        """Return what the last build left under a name, None where it left nothing."""
        return self._before.get(name)

    def leave(self, name: str, state: Any, *, changed: bool) -> None:
        """Leave plain values to the next build; ``changed`` where they are others than those that were found."""
        self.now[name] = state
        self._changed = self._changed or changed
