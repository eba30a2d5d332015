"""Recording an export: what it changed since the last recorded one, as lines; the same series gives the same bytes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keur.ledger.chain import FILE, KINDS, SCHEMA, Key, Ledger, appending, chained, read_ledger, unusable
from keur.ledger.parts import Head, RewrittenError, first_difference, holds, parts, published
from keur.ledger.states import encode_state, read_string
from keur.model import CertificateKey, Entries, Memory, Register
from keur.numbers import compact
from keur.problems import Place, Problem, RegisterError, quoted

Change = tuple[Mapping[str, Any], bytes | None]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recording did: lines it wrote, none where the export was recorded before, and changes by their event.

    ``mended`` tells that a recording before was cut short, and that what it left was taken off.
    """

    lines: int
    changes: Mapping[str, int]
    mended: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """What an export adds to a ledger, before it is written: ``lines``, none where the export was recorded before."""

    ledger: Ledger
    lines: Sequence[bytes]

    @property
    def head(self) -> Head:
        """How far the ledger reaches with the lines."""
        last = hashlib.sha256(self.lines[-1]).hexdigest() if self.lines else self.ledger.head
        return Head(len(self.ledger) + len(self.lines), last)

    def parts(self) -> Iterator[bytes]:
        """Yield the parts that the ledger with the lines is published in."""
        return parts([*self.ledger.lines, *self.lines])

    @property
    def recorded(self) -> Recorded:
        """What it does once it is written."""
        changes = Counter(str(json.loads(line)["event"]) for line in self.lines[1:])
        return Recorded(len(self.lines), changes, self.ledger.torn)


@contextmanager
def recording(
    folder: Path, entries: Entries, confirmed: Sequence[str] = (), shown: str | None = None
) -> Iterator[tuple[Recording, Callable[[], Recorded]]]:
    """Keep others from the ledger of a folder; give what its export adds, and a function that writes that.

    Nothing is written unless the function is called. ``shown`` is the folder's path as problems show it, ``confirmed``
    are numbers and codes that may be used again by another holder. Raises ``RegisterError`` where the ledger's chain
    is broken, the export is older than the last recorded one, or a number is used again. Raises ``LedgerError`` where
    the file cannot be written.
    """
    shown = folder.as_posix() if shown is None else shown
    with appending(folder / FILE, f"{shown}/{FILE}") as (ledger, append):
        planned = Recording(ledger, new_lines(ledger, entries, confirmed))

        def write() -> Recorded:
            if planned.lines or ledger.torn:
                append(planned.lines)
            return planned.recorded

        yield planned, write


def record(folder: Path, entries: Entries, confirmed: Sequence[str] = (), shown: str | None = None) -> Recorded:
    """Append to the ledger of a folder what its export changed; nothing where it raises, as ``recording`` does."""
    with recording(folder, entries, confirmed, shown) as (_, write):
        return write()


def plan_recording(
    folder: Path, entries: Entries, confirmed: Sequence[str] = (), shown: str | None = None
) -> Recording:
    """Return what ``record`` would write, without keeping anybody from the ledger. Raises as ``recording`` does."""
    shown = folder.as_posix() if shown is None else shown
    ledger = read_ledger(folder / FILE, f"{shown}/{FILE}")
    return Recording(ledger, new_lines(ledger, entries, confirmed))


def catch_up(
    folder: Path, head: Head, read: Callable[[], bytes], shown: str | None = None, *, dry: bool = False
) -> int:
    """Append what a public release recorded and the ledger lacks, since its publish was cut short before that.

    ``head`` is how far the release's ledger reaches, ``read`` gives its bytes. Returns how many lines were lacking;
    ``dry`` writes none. Raises ``RewrittenError`` where the ledger is not one that the public one continues.
    """
    shown = f"{folder.as_posix() if shown is None else shown}/{FILE}"
    known = read_ledger(folder / FILE, shown)
    if holds(known, head):
        return 0
    public = published(read(), head, "the published ledger")
    _refuse_other(known, public, shown)
    if dry:
        return len(public) - len(known)
    with appending(folder / FILE, shown) as (ledger, append):
        _refuse_other(ledger, public, shown)
        lacking = public.lines[len(ledger) :]
        append(lacking)
        return len(lacking)


def _refuse_other(ledger: Ledger, public: Ledger, shown: str) -> None:
    line = first_difference(ledger, public)
    if line is not None:
        raise RewrittenError(line, f"line {line} of {shown} is not the one that was published")


def new_lines(ledger: Ledger, entries: Entries, confirmed: Sequence[str] = ()) -> list[bytes]:
    """Return the lines that an export adds to a ledger, none where it is the last recorded one."""
    problems = [*older_exports(ledger, entries), *numbers_used_again(ledger, entries, confirmed)]
    if problems:
        raise RegisterError(problems)
    register = Register(entries, Memory(*published_slugs(ledger)))
    reused = keys_used_again(ledger, entries)
    changes = [change for kind in KINDS for change in _changes(ledger, register, kind, reused)]
    moment = register.export.exported_at
    if not changes and ledger.exports and ledger.exports[-1].moment == moment:
        return []
    group = {"changes": len(changes), "event": "export", "exported_at": moment.isoformat(), "schema": SCHEMA}
    return list(chained(ledger.head, [(group, None), *changes]))


def _changes(ledger: Ledger, register: Register, kind: str, reused: Set[Key]) -> Iterator[Change]:
    records: Mapping[Any, Any] = getattr(register, kind)
    slugs: Mapping[Any, str] = {}
    if kind in ("certificates", "datasheets"):
        slugs = register.certificate_slugs if kind == "certificates" else register.datasheet_slugs
    listed = (key for key in ledger.histories[kind] if ledger.is_listed(kind, key))
    for key in sorted({*records, *listed}):
        if key not in records:
            yield {"event": "unlisted", "key": key, "kind": kind}, None
            continue
        state = encode_state(register, kind, records[key])
        line = ledger.last_state_line(kind, key)
        if line is None:
            slug = {"slug": slugs[key]} if key in slugs else {}
            yield {"event": "listed", "key": key, "kind": kind, **slug}, state
        elif key in reused:
            yield {"event": "reused", "key": key, "kind": kind}, state
        elif not ledger.is_listed(kind, key):
            yield {"event": "listed", "key": key, "kind": kind}, state
        elif state != ledger.state_bytes(line):
            yield {"event": "changed", "key": key, "kind": kind}, state


def published_slugs(ledger: Ledger) -> tuple[Mapping[CertificateKey, str], Mapping[str, str]]:
    """Return every slug that was ever published: those of certificates, and those of datasheets."""
    return ledger.slugs["certificates"], ledger.slugs["datasheets"]


# --- what is refused ------------------------------------------------------------------------------------------------


def older_exports(ledger: Ledger, entries: Entries) -> Iterator[Problem]:
    """Ensure that the export is not older than the last recorded one: it would call newer records unlisted."""
    export = entries.export
    last = ledger.exports[-1].moment if ledger.exports else None
    if export and last and export.exported_at < last:
        found = export.exported_at.isoformat()
        message = f"must not be before the last export of the ledger, {last.isoformat()}; found {found}"
        yield Problem(entries.export_place.at("exported_at"), message)


def numbers_used_again(ledger: Ledger, entries: Entries, confirmed: Sequence[str] = ()) -> Iterator[Problem]:
    """Ensure that a number that left the register comes back with its own holder, or is confirmed.

    Holders are told apart by id and by name: a database that numbers its holders anew changes no holder. A record
    that goes to another holder while it is listed has changed hands; that is a change like others.
    """
    for use in _used_again(ledger, entries):
        if use.number not in confirmed:
            message = (
                f"must not be a number of another holder: until {use.last_listed.isoformat()} it was "
                f"{quoted(use.former_holder)}'s; if it is really given again, record it with "
                f"`keur record --confirm-reuse {quoted(use.number)}`"
            )
            yield Problem(use.place, message)


def keys_used_again(ledger: Ledger, entries: Entries) -> frozenset[Key]:
    """Return the keys of what an export lists again for another holder."""
    return frozenset(use.key for use in _used_again(ledger, entries))


@dataclass(frozen=True, slots=True)
class _Use:
    """A number that left the register and comes back with another holder."""

    key: Key
    number: str
    place: Place
    former_holder: str
    last_listed: dt.date


def _used_again(ledger: Ledger, entries: Entries) -> Iterator[_Use]:
    """Yield what is used again; a holder who is not in the export is not asked about, other rules name that."""
    names = {entry.record.id: entry.record.name for entry in entries.holders}
    gone = ledger.unlisted
    certificates, sheets = gone.get("certificates", ()), gone.get("datasheets", ())
    holders = {entry.record.key: entry.record.holder for entry in entries.certificates}
    for certificate in entries.certificates:
        key, number = certificate.record.key, certificate.record.number
        former = _former_holder(ledger, "certificates", key, names, holders[key]) if key in certificates else None
        if former:
            yield _Use(key, number, certificate.place.at("number"), *former)
    for sheet in [entry for entry in entries.datasheets if entry.record.code in sheets]:
        code, holder = sheet.record.code, holders.get(sheet.record.certificates[0].key, "")
        former = _former_holder(ledger, "datasheets", code, names, holder)
        if former:
            yield _Use(code, code, sheet.place.at("code"), *former)


def _former_holder(
    ledger: Ledger, kind: str, key: Key, names: Mapping[str, str], holder: str
) -> tuple[str, dt.date] | None:
    """Return the holder who had a record that is unlisted, if another, and the day of the last export with it."""
    line = ledger.last_state_line(kind, key)
    if line is None or holder not in names:
        return None
    try:
        former = read_string(ledger.state(line)["holder"])
        known = ledger.last_state_line("holders", former, before=line)
        name = read_string(ledger.state(known)["name"]) if known is not None else former
    except (KeyError, TypeError) as error:
        raise unusable(line) from error
    if former == holder or compact(name) == compact(names[holder]):
        return None
    return name, ledger.export_before(ledger.histories[kind][key][-1]).day
