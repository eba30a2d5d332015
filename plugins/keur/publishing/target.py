"""What publishing needs of a place that a register is published to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from keur.publishing.release import Facts, FinishedSite
from keur.site.settings import Progress

RELEASES_KEPT = 3
"""How many releases a place keeps, the public one among them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at a place. ``id`` and ``facts`` are those of the last release that was finished, None before any.

    ``files`` gives the digests of what readers get, None where an interrupted run left it unknown; ``last_changes``
    names what the last release changed for them, ``unfinished`` what an interrupted run was about to change.
    """

    id: str | None = None
    facts: Facts | None = None
    files: Mapping[str, str | None] = field(default_factory=dict)
    last_changes: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()


class Target(Protocol):
    """A place to publish to. Its methods raise ``PublishError`` and leave readers a whole release when they do."""

    def standing(self) -> Standing:
        """Return what stands there now, changing nothing."""

    def held(self) -> AbstractContextManager[Standing]:
        """Keep other publishers out, or see to it that ``put`` notices them, and give what stands there."""

    def read(self, name: str) -> bytes:
        """Return a file of what is public. Raises ``PublishError`` where there is none."""

    def put(self, site: FinishedSite, facts: Facts, progress: Progress) -> None:
        """Make a site public, within ``held``. Also finishes what an interrupted run of the same site left undone."""
