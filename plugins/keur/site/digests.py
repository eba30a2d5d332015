"""Digests of thousands of records, kept from one build to the next: only those of records that changed are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from keur.site.memory import Memory


class KeptDigests:
    """Digests by key. Each hangs on something of its own, and all of a name on something in common.

    Without a memory all are made.
    """

    def __init__(self, memory: Memory | None = None) -> None:
        self._memory = memory

    def of(
        self,
        name: str,
        common: bytes,
        own: Mapping[str, bytes],
        make: Callable[[Iterable[str]], Mapping[str, bytes]],
    ) -> Mapping[str, bytes]:
        """Return the digests of keys; ``make`` makes some of them.

        ``common`` and the bytes that ``own`` has by key decide together what ``make`` makes of a key.
        """
        if self._memory is None:
            return make(own)
        kept = self._memory.recall(f"digests-{name}")
        own_before, known = (kept[1], kept[2]) if kept is not None and kept[0] == common else ({}, {})
        # A whole mapping is compared at once: a step for each key would take as long as half of the digests.
        fresh = {key: None for key, _ in own.items() - own_before.items()}
        made = dict(known)
        for key in own_before.keys() - own.keys():
            del made[key]
        made.update(make(fresh))
        if fresh or len(made) != len(known):
            self._memory.keep(f"digests-{name}", (common, dict(own), made))
        return made
