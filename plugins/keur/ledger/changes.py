"""Recent changes out of the ledger and the present export, states compared one by one.

As everywhere, the present export counts as if it were recorded. What the first export of a ledger listed is where the
memory begins, and no change.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import overload

from keur.ledger.chain import Key, Ledger, unusable
from keur.ledger.kept_changes import KeptChanges, Settled
from keur.ledger.states import read_dates, read_key
from keur.ledger.traces import Present
from keur.model import Certificate, Datasheet, Dates
from keur.model.changes import Change, ChangeKind, Exported, Shown, changed, listed, unlisted

WINDOW = dt.timedelta(days=366)
"""Exports up to so long before the present one are looked at."""

_ORDER = {kind: place for place, kind in enumerate(ChangeKind)}


class RecentChanges(Sequence[Change]):
    """The changes that exports of the last year showed: newest export first, certificates before datasheets.

    They are made when somebody asks for them. ``is_as_recorded`` tells whether a line shows what the present export
    does of a record, as far as its dates and certificates go; ``reused`` are the keys that the present export lists for
    another holder, which is not recorded yet. ``kept`` has those of the last build, for which
    ``own`` has the digests of the present records.
    """

    def __init__(
        self,
        ledger: Ledger,
        now: Exported,
        present: Present,
        is_as_recorded: Callable[[Key, int], bool],
        reused: Set[Key],
        own: Mapping[Key, bytes] | None = None,
        kept: KeptChanges | None = None,
    ) -> None:
        self._own = own or {}
        self._kept = kept
        self._ledger = ledger
        self._now = now
        self._present = present
        self._is_as_recorded = is_as_recorded
        self._reused = reused

    @overload
    def __getitem__(self, index: int) -> Change: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Change]: ...
    def __getitem__(self, index: int | slice) -> Change | Sequence[Change]:
        return self._changes[index]

    def __len__(self) -> int:
        return len(self._changes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]  # as of any sequence that is compared by what it holds

    @cached_property
    def _changes(self) -> Sequence[Change]:
        if not self._ledger.exports:
            return ()
        return sorted(self._all(), key=_order)

    @cached_property
    def _exports(self) -> Sequence[Exported]:
        """The recorded exports, and the present one behind them."""
        recorded = [Exported(export.moment, export.day) for export in self._ledger.exports]
        return [*recorded, self._now]

    @cached_property
    def _first(self) -> int:
        """The place of the first export whose changes are told."""
        moments = [export.moment for export in self._exports]
        return max(1, bisect_left(moments, self._now.moment - WINDOW))

    def _all(self) -> Iterator[Change]:
        ledger, exports, first = self._ledger, self._exports, self._first
        begins = ledger.exports[first].index if first < len(ledger.exports) else len(ledger)
        known_from = exports[first - 1].day
        histories = {**ledger.histories["certificates"], **ledger.histories["datasheets"]}
        settled = Settled(ledger, first, self._now.day, self._own, self._kept) if self._kept else None
        for key in {**histories, **self._present}:
            lines, record = histories.get(key, ()), self._present.get(key)
            found = self._found_again(settled, key, lines, record) if settled else None
            if found is None:
                found = (
                    ()
                    if self._is_old(key, lines, record, begins, known_from)
                    else [*self._of(key, lines, record, begins)]
                )
                if settled and self._is_settled(key, lines, record, found):
                    settled.add(key, found, is_listed=record is not None)
            yield from found
        if settled:
            settled.keep()

    def _found_again(
        self, settled: Settled, key: Key, lines: Sequence[int], record: Certificate | Datasheet | None
    ) -> Sequence[Change] | None:
        """Return the changes of a record as they were kept, where nothing became of it since."""
        if not lines or key in self._reused:
            return None
        day, seen_on = self._now.day, settled.seen_on
        if record is not None and day != seen_on and _turns(record, seen_on, day):
            return None
        return settled.of(key, lines)

    def _is_settled(
        self, key: Key, lines: Sequence[int], record: Certificate | Datasheet | None, changes: Sequence[Change]
    ) -> bool:
        """Tell whether a record is as its last line says, and nothing became of it with the present export."""
        if not lines or key in self._reused or any(change.moment == self._now.moment for change in changes):
            return False
        return self._is_gone(lines[-1]) if record is None else self._is_shown_by(key, record, lines[-1])

    def _is_gone(self, line: int) -> bool:
        return self._ledger.event(line) == "unlisted"

    def _is_old(
        self,
        key: Key,
        lines: Sequence[int],
        record: Certificate | Datasheet | None,
        begins: int,
        known_from: dt.date,
    ) -> bool:
        """Tell whether all that became of a record is older than what is told; ``begins`` is the first line of that."""
        if not lines or lines[-1] >= begins:
            return False
        if record is None:
            return self._is_gone(lines[-1])
        return not _turns(record, known_from, self._now.day) and self._is_shown_by(key, record, lines[-1])

    def _is_shown_by(self, key: Key, record: Certificate | Datasheet, line: int) -> bool:
        if not self._is_as_recorded(key, line):
            return False
        if isinstance(record, Datasheet):
            return True
        successor = record.replaced_by.key if record.replaced_by else None
        return successor is None or successor == read_key(self._ledger.state(line).get("replaced_by"))

    def _of(
        self, key: Key, lines: Sequence[int], record: Certificate | Datasheet | None, begins: int
    ) -> Iterator[Change]:
        """Yield the changes of one record, export by export."""
        ledger, exports = self._ledger, self._exports
        before, last = bisect_left(lines, begins), len(exports) - 1
        by_export = {ledger.group_of(line): line for line in lines[before:]}
        seen = before > 0
        shown = self._shown(key, lines[before - 1], record, is_last=before == len(lines)) if before else None
        known_from = exports[self._first - 1].day
        is_quiet = before > 0 and self._is_quiet(key, shown, known_from, lines[before - 1], lines, record)
        for place in range(self._first, last + 1):
            line = by_export.get(place)
            if line is None and (is_quiet or (shown is None and place < last)):
                continue
            at, past = exports[place], exports[place - 1]
            after = shown
            if place == last:
                after = _shown_of(record)
            elif line is not None:
                after = self._shown(key, line, record, is_last=line == lines[-1])
            if after is None:
                if shown is not None:
                    yield unlisted(key, shown, past, at)
            elif (line is not None and ledger.event(line) == "reused") or (place == last and key in self._reused):
                yield listed(key, after, at, ChangeKind.REUSED)
            elif shown is None:
                yield listed(key, after, at, ChangeKind.LISTED_AGAIN if seen else ChangeKind.LISTED)
            else:
                yield from changed(key, shown, past, after, at)
            if line is not None:
                is_quiet = self._is_quiet(key, after, at.day, line, lines, record)
            shown = after
            seen = seen or shown is not None

    def _is_quiet(
        self,
        key: Key,
        shown: Shown | None,
        day: dt.date,
        line: int,
        lines: Sequence[int],
        record: Certificate | Datasheet | None,
    ) -> bool:
        """Tell whether nothing becomes of a record after a day until its next line, or for good if there is none."""
        if shown is None or _turns(shown.dates, day, self._now.day):
            return False
        return line != lines[-1] or (record is not None and self._is_shown_by(key, record, line))

    def _shown(self, key: Key, line: int, record: Certificate | Datasheet | None, *, is_last: bool) -> Shown | None:
        """Return what a line shows; None where it says that the record is not listed.

        Most lines are the last of a record that is still what they say: these need no decoding.
        """
        if self._ledger.event(line) == "unlisted":
            return None
        if is_last and record is not None and self._is_shown_by(key, record, line):
            return _shown_of(record)
        state = self._ledger.state(line)
        try:
            return Shown(read_dates(state), read_key(state.get("replaced_by")))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise unusable(line) from error


def _shown_of(record: Certificate | Datasheet | None) -> Shown | None:
    if record is None:
        return None
    if isinstance(record, Datasheet):
        return Shown(Dates.of(record))
    return Shown(Dates.of(record), record.replaced_by.key if record.replaced_by else None)


def _turns(dates: Dates | Certificate | Datasheet, before: dt.date, day: dt.date) -> bool:
    """Tell whether dates may change a status between two days."""
    last = dates.valid_until
    if before < dates.valid_from <= day or (last is not None and before <= last < day):
        return True
    return any(before < event.date <= day for event in dates.status_events)


def _order(change: Change) -> tuple[float, bool, int, tuple[str, str]]:
    is_sheet = isinstance(change.key, str)
    key = ("", change.key) if isinstance(change.key, str) else (change.key.system, change.key.number)
    return (-change.moment.timestamp(), is_sheet, _ORDER[change.kind], key)
