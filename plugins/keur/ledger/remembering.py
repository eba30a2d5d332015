"""From lines to a memory: what the ledger and the present export together know of earlier exports.

A build writes nothing to the ledger. So the present export counts here as if it were recorded already: what it no
longer holds is unlisted as of its day, and a site that is built before the recording is the same as one built after.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from typing import Any

from keur.ledger.chain import Key, Ledger, unusable
from keur.ledger.changes import RecentChanges
from keur.ledger.kept_changes import KeptChanges
from keur.ledger.recording import keys_used_again, published_slugs
from keur.ledger.states import (
    State,
    digest_part,
    read_certificates,
    read_dates,
    read_key,
    read_string,
    read_text,
)
from keur.ledger.traces import KeptTraces, OfRecords, Traces
from keur.model import (
    Certificate,
    CertificateKey,
    Datasheet,
    Dates,
    DocumentKind,
    Entries,
    Memory,
    Provenance,
    Showing,
    Text,
    UnlistedCertificate,
    UnlistedDatasheet,
    UnlistedDocument,
    UnlistedProduct,
)
from keur.model.changes import Exported


def remember(
    ledger: Ledger, entries: Entries, kept: KeptTraces | None = None, kept_changes: KeptChanges | None = None
) -> Memory:
    """Return what is remembered beside an export without faults, which is not older than the last recorded one.

    ``kept`` are the traces of the last build, with which those of this one are made at once; without it they are made
    when they are asked for. ``kept_changes`` has the recent changes of the last build.
    """
    if entries.export is None:
        raise ValueError("a memory is made beside an export that could be read")
    day = entries.export.day
    last = kept.of(ledger, day) if kept else None
    unlisted = _Unlisted(ledger, day, last.unlisted if last else {})
    present: dict[CertificateKey | str, Certificate | Datasheet] = {}
    for certificate in entries.certificates:
        present[certificate.record.key] = certificate.record
    for sheet in entries.datasheets:
        present[sheet.record.key] = sheet.record
    certificate_slugs, datasheet_slugs = published_slugs(ledger)
    reused = keys_used_again(ledger, entries)
    showings = _Showings(ledger, day, present, reused)
    traces = Traces(ledger, day, present, reused, showings)
    own: dict[CertificateKey | str, bytes] = {}
    if kept is not None or kept_changes is not None:
        own.update((entry.record.key, entry.digest) for entry in entries.certificates)
        own.update((entry.record.code, entry.digest) for entry in entries.datasheets)
    if kept is not None:
        traces.make_all(own, kept)
    now = Exported(entries.export.exported_at, day)
    gone = {
        "certificates": unlisted.of("certificates", unlisted.certificate, present),
        "datasheets": unlisted.of("datasheets", unlisted.datasheet, present),
        "products": unlisted.of("products", unlisted.product, _keys(entries, "products")),
        "documents": unlisted.of("documents", unlisted.document, _keys(entries, "documents")),
    }
    if kept and kept.at_hand:
        kept.at_hand = kept.at_hand._replace(unlisted=unlisted.made)
    return Memory(
        certificate_slugs,
        datasheet_slugs,
        **gone,
        changed=_Changed(ledger, day, present, reused),
        showings=showings,
        traces=traces,
        changes=RecentChanges(ledger, now, present, traces.is_as_recorded, reused, own, kept_changes),
    )


def _keys(entries: Entries, kind: str) -> dict[Any, object]:
    return {entry.record.key: entry.record for entry in entries.of_kind(kind)}


class _Unlisted:
    """Makes the records that are no longer listed out of the last line that each has a state in.

    ``known`` are those that were made already, by kind and key; ``made`` are all of them.
    """

    def __init__(self, ledger: Ledger, day: dt.date, known: Mapping[tuple[str, Key], Any]) -> None:
        self.ledger = ledger
        self.day = day
        self._known = known
        self.made: dict[tuple[str, Key], Any] = {}

    def of(self, kind: str, make: Callable[[Any], Any], present: Mapping[Any, object]) -> dict[Any, Any]:
        """Return the records of a kind that are no longer listed, by key in its order."""
        found = {}
        for key in sorted(self.ledger.histories[kind].keys() - present.keys()):
            found[key] = self.made[kind, key] = self._known.get((kind, key)) or make(key)
        return found

    def certificate(self, key: CertificateKey) -> UnlistedCertificate:
        line, state, last_listed, unlisted = self._last("certificates", key)
        try:
            return UnlistedCertificate(
                key=key,
                slug=self.ledger.slug("certificates", key),
                system_name=self._text(line, "systems", key.system),
                provenance=self._provenance(line, state),
                dates=read_dates(state),
                replaces=read_key(state.get("replaces")),
                replaced_by=read_key(state.get("replaced_by")),
                last_listed=last_listed,
                unlisted=unlisted,
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise unusable(line) from error

    def datasheet(self, code: str) -> UnlistedDatasheet:
        line, state, last_listed, unlisted = self._last("datasheets", code)
        try:
            return UnlistedDatasheet(
                code=code,
                slug=self.ledger.slug("datasheets", code),
                trade_name=read_string(state["trade_name"]),
                provenance=self._provenance(line, state),
                certificates=read_certificates(state),
                dates=read_dates(state),
                last_listed=last_listed,
                unlisted=unlisted,
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise unusable(line) from error

    def product(self, key: str) -> UnlistedProduct:
        line, state, last_listed, unlisted = self._last("products", key)
        try:
            return UnlistedProduct(key, read_text(state["name"]), last_listed, unlisted)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise unusable(line) from error

    def document(self, key: str) -> UnlistedDocument:
        line, state, last_listed, unlisted = self._last("documents", key)
        try:
            return UnlistedDocument(
                id=key,
                kind=DocumentKind(state["kind"]),
                number=read_string(state["number"]),
                title=read_text(state["title"]),
                replaced_by=state.get("replaced_by"),
                last_listed=last_listed,
                unlisted=unlisted,
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise unusable(line) from error

    def _last(self, kind: str, key: Key) -> tuple[int, State, dt.date, dt.date]:
        """Return the line and state by which a record is remembered, its last day and the first day without it."""
        ledger = self.ledger
        last = ledger.histories[kind][key][-1]
        line = ledger.last_state_line(kind, key)
        if line is None:
            raise unusable(last)
        if ledger.event(last) == "unlisted":
            return line, ledger.state(line), ledger.export_before(last).day, ledger.export_of(last).day
        return line, ledger.state(line), ledger.exports[-1].day, self.day

    def _provenance(self, line: int, state: State) -> Provenance:
        unit = self._named(line, "units", state["unit"])
        return Provenance(
            product=state["product"],
            product_name=self._text(line, "products", state["product"]),
            holder=state["holder"],
            holder_name=read_string(self._named(line, "holders", state["holder"])["name"]),
            unit=state["unit"],
            unit_name=read_string(unit["name"]),
            city=read_string(unit["city"]),
            country=read_string(unit["country"]),
        )

    def _text(self, line: int, kind: str, key: str) -> Text:
        return read_text(self._named(line, kind, key)["name"])

    def _named(self, line: int, kind: str, key: str) -> State:
        """Return what a record named in a line was called in that export, or in those before."""
        last = self.ledger.last_state_line(kind, key, before=line)
        if last is None:
            raise unusable(line)
        return self.ledger.state(last)


class _Changed(OfRecords[dt.date]):
    """The day of the export that first showed each record as it is now."""

    def _of(self, key: CertificateKey | str, lines: Sequence[int]) -> dt.date:
        ledger, record = self.ledger, self.present.get(key)
        if not lines:
            return self.day
        unlisted = ledger.event(lines[-1]) == "unlisted"
        same = unlisted if record is None else not unlisted and digest_part(record) in ledger.line(lines[-1])
        return ledger.export_of(lines[-1]).day if same else self.day


_KEPT = 10_000
"""Showings that are kept; as many as this would be half of a large register's pages."""


class _Showings(OfRecords[tuple[Showing, ...]]):
    """What exports showed of each record; a page asks for one or for few, its other languages for the same."""

    def __getitem__(self, key: CertificateKey | str) -> tuple[Showing, ...]:
        shown = self._kept.get(key)
        if shown is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            shown = self._kept[key] = super().__getitem__(key)
        return shown

    @cached_property
    def _kept(self) -> dict[CertificateKey | str, tuple[Showing, ...]]:
        return {}

    def _of(self, key: CertificateKey | str, lines: Sequence[int]) -> tuple[Showing, ...]:
        shown = [*self._recorded(() if key in self.reused else lines), self._present(key)]
        if len(shown) > 1 and not _same(shown[-2], shown[-1]):
            shown[-2] = shown[-2]._replace(last=self.ledger.exports[-1].day)
        return _merged(shown)

    def _recorded(self, lines: Sequence[int]) -> Iterator[Showing]:
        """Yield what each line shows; a number that another holder took over begins anew."""
        ledger = self.ledger
        for line in reversed(lines):
            if ledger.event(line) == "reused":
                lines = lines[lines.index(line) :]
                break
        for line, following in zip_longest(lines, lines[1:]):
            last = ledger.export_before(following).day if following is not None else None
            first = ledger.export_of(line).day
            if ledger.event(line) == "unlisted":
                yield Showing(first, last, None)
                continue
            state = ledger.state(line)
            try:
                yield Showing(first, last, read_dates(state), read_certificates(state))
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                raise unusable(line) from error

    def _present(self, key: CertificateKey | str) -> Showing:
        """Return what the present export shows."""
        record = self.present.get(key)
        if record is None:
            return Showing(self.day, None, None)
        certificates = record.certificates if isinstance(record, Datasheet) else ()
        return Showing(self.day, None, Dates.of(record), tuple(reference.key for reference in certificates))


def _same(one: Showing, other: Showing) -> bool:
    return (one.dates, one.certificates) == (other.dates, other.certificates)


def _merged(showings: Sequence[Showing]) -> tuple[Showing, ...]:
    """Join neighbours that show the same."""
    merged = [showings[0]]
    for showing in showings[1:]:
        if _same(merged[-1], showing):
            merged[-1] = merged[-1]._replace(last=showing.last)
        else:
            merged.append(showing)
    return tuple(merged)
