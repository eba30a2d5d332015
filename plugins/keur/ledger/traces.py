"""What tells without decoding whether the ledger knows something new of a certificate or datasheet, listed or not."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias, TypeVar

from keur.ledger.chain import Key, Ledger
from keur.ledger.states import shown_parts, unshown_parts
from keur.model import Certificate, CertificateKey, Datasheet, Showing, Trace

Present: TypeAlias = Mapping[CertificateKey | str, Certificate | Datasheet]
"""The certificates and datasheets of the present export."""

_GONE = b"gone"
"""What stands for the digest of a record that the present export does not list."""

ValueT_co = TypeVar("ValueT_co", covariant=True)


class OfRecords(Mapping[CertificateKey | str, ValueT_co]):
    """Something about each certificate and datasheet, listed or not, made when it is asked for.

    ``reused`` are the keys that the present export lists for another holder: their past is not this record's.
    """

    def __init__(self, ledger: Ledger, day: dt.date, present: Present, reused: Set[Key]) -> None:
        self.ledger = ledger
        self.day = day
        self.present = present
        self.reused = reused

    def _keys(self) -> set[CertificateKey | str]:
        return {*self.present, *self.ledger.histories["certificates"], *self.ledger.histories["datasheets"]}

    def __iter__(self) -> Iterator[CertificateKey | str]:
        return iter(sorted(self._keys(), key=lambda key: (isinstance(key, str), key)))

    def __len__(self) -> int:
        return len(self._keys())

    def __bool__(self) -> bool:
        # Asked for at every record, for which counting them all takes too long.
        histories = self.ledger.histories
        return bool(self.present or histories["certificates"] or histories["datasheets"])

    def __getitem__(self, key: CertificateKey | str) -> ValueT_co:
        kind = "datasheets" if isinstance(key, str) else "certificates"
        lines = self.ledger.histories[kind].get(key, ())
        if not lines and key not in self.present:
            raise KeyError(key)
        return self._of(key, lines)

    def _of(self, key: CertificateKey | str, lines: Sequence[int]) -> ValueT_co:
        raise NotImplementedError


class AtHand(NamedTuple):
    """What this process made of a ledger on a day: traces, and all that they hang on.

    ``unlisted`` are records that are no longer listed, by kind and key; they hang on ledger and day alone.
    """

    ledger: Ledger
    day: dt.date
    reused: Set[Key]
    own: Mapping[CertificateKey | str, bytes]
    made: Mapping[CertificateKey | str, Trace]
    as_recorded: Mapping[CertificateKey | str, bool]
    unlisted: Mapping[tuple[str, Key], Any] = MappingProxyType({})


@dataclass(slots=True)
class KeptTraces:
    """Traces for the next build, as plain values: those of records that are as ``lines`` of a ledger recorded them.

    ``head`` is the hash that vouches for these lines. ``of_records`` has by key the digest of the record, then what its
    trace holds. ``grown`` tells that there is something new to keep. ``at_hand`` is for the process that made it.
    """

    lines: int = 0
    head: str = ""
    of_records: dict[Any, tuple[Any, ...]] = field(default_factory=dict)
    grown: bool = False
    at_hand: AtHand | None = None

    def of(self, ledger: Ledger, day: dt.date) -> AtHand | None:
        """Return what is at hand of a ledger on a day."""
        last = self.at_hand
        return last if last and last.ledger is ledger and last.day == day else None


class Traces(OfRecords[Trace]):
    """Traces out of the bytes of lines: little is decoded, for every build asks for all of them."""

    def __init__(
        self,
        ledger: Ledger,
        day: dt.date,
        present: Present,
        reused: Set[Key],
        showings: Mapping[CertificateKey | str, Sequence[Showing]],
    ) -> None:
        super().__init__(ledger, day, present, reused)
        self.showings = showings
        self._made: dict[CertificateKey | str, Trace] = {}
        self._as_recorded: dict[CertificateKey | str, bool] = {}

    def make_all(self, own: Mapping[CertificateKey | str, bytes], kept: KeptTraces) -> None:
        """Make the traces of all records; ``own`` are digests of the present ones, ``kept`` is brought up to date."""
        ledger, known = self.ledger, {}
        if kept.lines <= len(ledger) and kept.head == ledger.hash_after(kept.lines):
            known = kept.of_records
        of_records: dict[Any, tuple[Any, ...]] = {}
        histories = {**ledger.histories["certificates"], **ledger.histories["datasheets"]}
        keys: Iterable[CertificateKey | str] = {**histories, **self.present}
        last = kept.of(ledger, self.day)
        if last and last.reused == self.reused and all(own.values()):
            # Of the same ledger and day a trace hangs on its record alone.
            fresh = {key for key, _ in own.items() ^ last.own.items()}
            of_records = {key: found for key, found in known.items() if key not in fresh}
            self._made = {key: trace for key, trace in last.made.items() if key not in fresh}
            self._as_recorded = {key: same for key, same in last.as_recorded.items() if key not in fresh}
            keys = [key for key in fresh if key in self.present or key in histories]
        for key in keys:
            lines, digest = histories.get(key, ()), own.get(key, _GONE)
            found = known.get(key)
            if found is not None and found[0] == digest and lines[-1] < kept.lines and key not in self.reused:
                _, traced, changed, first, hung_on = found
                self._as_recorded[key] = True
                self._made[key] = Trace(
                    traced, changed, dt.date.fromordinal(first), tuple(CertificateKey(*pair) for pair in hung_on)
                )
                of_records[_plain(key)] = found
                continue
            trace = self._made[key] = self._of(key, lines)
            if lines and digest and self.is_as_recorded(key, lines[-1]) and key not in self.reused:
                kept.grown = True
                hung_on = tuple(map(_plain, trace.hung_on))
                of_records[_plain(key)] = (digest, trace.digest, trace.changed, trace.first.toordinal(), hung_on)
        kept.grown = kept.grown or len(of_records) != len(known)
        kept.lines, kept.head, kept.of_records = len(ledger), ledger.hash_after(len(ledger)), of_records
        kept.at_hand = AtHand(ledger, self.day, self.reused, own, dict(self._made), dict(self._as_recorded))

    def __getitem__(self, key: CertificateKey | str) -> Trace:
        made = self._made.get(key)
        return super().__getitem__(key) if made is None else made

    def _of(self, key: CertificateKey | str, lines: Sequence[int]) -> Trace:
        ledger, days = self.ledger, self._days
        parts = [part for line in lines for part in (ledger.line(line), days[ledger.group_of(line)])]
        as_recorded = bool(lines) and self.is_as_recorded(key, lines[-1])
        if not as_recorded:
            # What the present export shows anew begins with its day and ends what the last one showed.
            parts.append(f"{ledger.exports[-1].day if ledger.exports else ''} {self.day}".encode())
        digest = hashlib.blake2b(b"\n".join(parts), digest_size=16).digest()
        changed = len(lines) > 1 or not as_recorded or key in self.reused
        hung_on: tuple[CertificateKey, ...] = ()
        if changed and isinstance(key, str):
            hung_on = tuple(dict.fromkeys(other for shown in self.showings[key] for other in shown.certificates))
        return Trace(digest, changed, ledger.export_of(lines[0]).day if lines else self.day, hung_on)

    @cached_property
    def _days(self) -> Sequence[bytes]:
        """Each export's own day and that of the one before it."""
        days = [export.day for export in self.ledger.exports]
        return [f"{before} {day}".encode() for before, day in zip([*days[:1], *days], days, strict=False)]

    def is_as_recorded(self, key: CertificateKey | str, line: int) -> bool:
        """Tell whether a line shows what the present export does, as far as showings tell."""
        known = self._as_recorded.get(key)
        if known is None:
            known = self._as_recorded[key] = self._compared(key, line)
        return known

    def _compared(self, key: CertificateKey | str, line: int) -> bool:
        record = self.present.get(key)
        if record is None or self.ledger.event(line) == "unlisted":
            return record is None and self.ledger.event(line) == "unlisted"
        written = self.ledger.line(line)
        return all(part in written for part in shown_parts(record)) and not any(
            name in written for name in unshown_parts(record)
        )


def _plain(key: CertificateKey | str) -> tuple[str, ...] | str:
    """Return a key as a plain value, which is equal to it."""
    return key if isinstance(key, str) else tuple(key)
