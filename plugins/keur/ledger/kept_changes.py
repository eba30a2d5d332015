"""Recent changes kept for the next build: those of records of which neither ledger nor export knows anything new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from keur.ledger.chain import Key, Ledger
from keur.model import CertificateKey
from keur.model.changes import Change, ChangeKind
from keur.model.memory import bare_event
from keur.model.records import StatusEvent
from keur.model.status import Status

_KINDS = {kind.value: kind for kind in ChangeKind}
_STATUSES = {status.value: status for status in Status}

OfRecord = tuple[bytes, tuple[tuple[Any, ...], ...]]
"""The digest of a record, and its changes as plain values."""


class KeptChanges(NamedTuple):
    """Where changes are kept as plain values: they are found when somebody asks, and then asked for and kept."""

    recall: Callable[[], Any]
    keep: Callable[[Any], None]


class Settled:
    """The changes of records that have none with the present export, by key, as far as the last build kept them.

    They hold as long as the record is the same and no line behind the kept ones is about it: the hash of the last kept
    line vouches for those before. What turns between the day of the last build and this one is the caller's to see.
    """

    def __init__(self, ledger: Ledger, first: int, day: dt.date, own: Mapping[Key, bytes], kept: KeptChanges) -> None:
        """``first`` is the place of the first export whose changes are told, ``day`` that of the present export.

        ``own`` has the digests of the present records by key.
        """
        self._ledger = ledger
        self._own = own
        self._keep = kept.keep
        count = len(ledger)
        self._about = (count, ledger.hash_after(count), first, day.toordinal())
        self._known: Mapping[Any, OfRecord] = {}
        self._lines = 0
        self.seen_on = day
        """The day of the export beside which they were kept."""
        self._now: dict[Any, OfRecord] = {}
        self._places = {export.moment: place for place, export in enumerate(ledger.exports)}
        before = kept.recall()
        self._is_grown = before is None or before[0] != self._about
        if before is not None:
            (lines, head, first_before, ordinal), known = before
            seen_on = dt.date.fromordinal(ordinal)
            is_same = lines <= count and head == ledger.hash_after(lines)
            if is_same and first == first_before and seen_on <= day:
                self._known, self._lines, self.seen_on = known, lines, seen_on

    def of(self, key: Key, lines: Sequence[int]) -> Sequence[Change] | None:
        """Return the changes of a record, listed or not, that the lines are about; None where they are not known."""
        found = self._known.get(key)
        if found is None or found[0] != self._own.get(key, b"") or lines[-1] >= self._lines:
            return None
        self._now[_plain(key)] = found
        return [self._change(key, values) for values in found[1]]

    def add(self, key: Key, changes: Sequence[Change], *, is_listed: bool) -> None:
        """Add those of a record, listed or not, for the next build."""
        own = self._own.get(key, b"")
        if bool(own) == is_listed:
            self._is_grown = True
            self._now[_plain(key)] = (own, tuple(map(self._packed, changes)))

    def keep(self) -> None:
        """Keep them, once all were found or added."""
        if self._is_grown or len(self._now) != len(self._known):
            self._keep((self._about, self._now))

    def _packed(self, change: Change) -> tuple[Any, ...]:
        event, until = change.event, change.until
        return (
            self._places[change.moment],
            change.kind.value,
            change.status.value,
            event and (event.date.isoformat(), event.status.value, event.precision.value),
            until and until.toordinal(),
            change.successor and tuple(change.successor),
        )

    def _change(self, key: Key, values: tuple[Any, ...]) -> Change:
        place, kind, status, event, until, successor = values
        return Change(
            self._ledger.exports[place].moment,
            _KINDS[kind],
            key,
            _STATUSES[status],
            event and _event(*event),
            until and dt.date.fromordinal(until),
            successor and CertificateKey(*successor),
        )


@lru_cache(maxsize=1 << 12)
def _event(date: str, status: str, precision: str) -> StatusEvent:
    return bare_event(date, status, precision)


def _plain(key: Key) -> Any:
    """Return a key as a plain value, which is equal to it."""
    return key if isinstance(key, str) else tuple(key)
