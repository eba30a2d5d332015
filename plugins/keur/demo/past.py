"""The earlier exports of the demonstration register, and the ledger that recording them one after another gives.

Each record of the export has versions: it is listed from its day of issue, its events come one by one, some records
were not listed for a time or said something else before. The last version is what the export's files hold, so that
recording the export itself once more adds nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from keur.demo.departed import EXPORT_DAYS, PRESENT, Departed, Stay, place_of
from keur.demo.draws import Draws
from keur.demo.histories import DAY
from keur.ledger import FILE, record
from keur.model import (
    REGISTER_ZONE,
    Certificate,
    CertificateKey,
    CertificateReference,
    Counts,
    Datasheet,
    Entries,
    Entry,
    Holder,
    Status,
    Unit,
)

EXTENDED_SHARE = 0.08
"""So many certificates that were valid from the first export on had an earlier end, which was put off."""

REVISED_SHARE = 0.06
"""So many datasheets had an earlier version."""

RENAMED_SHARE = 0.002
"""So many bore another trade name."""

ABSENT_CERTIFICATES = 3
"""So many certificates, with their datasheets, were not listed for a time."""

ABSENT_SHARE = 0.002
"""So many datasheets were not listed for a time on their own."""

ModelT = TypeVar("ModelT", Certificate, Datasheet)
Versions = list[Any]
"""What each export had of a record, in the order of the exports; None where it did not list it."""


def record_past(folder: Path, seed: int, entries: Entries, departed: Departed) -> None:
    """Record all exports, the earlier ones and the present, in a new ledger of a folder."""
    (folder / FILE).unlink(missing_ok=True)
    for export in earlier_exports(seed, entries, departed):
        record(folder, export, departed.reassigned)
    record(folder, entries, departed.reassigned)


def earlier_exports(seed: int, entries: Entries, departed: Departed) -> Iterator[Entries]:
    """Yield the exports before the present one, oldest first."""
    if entries.export is None:
        raise ValueError("a demonstration register has an export")
    past = _Past(seed, entries, departed)
    for place, day in enumerate(EXPORT_DAYS[:-1]):
        moment = dt.datetime.combine(day, dt.time(6), REGISTER_ZONE)
        exported_at = moment.replace(tzinfo=dt.timezone(moment.utcoffset() or dt.timedelta()))
        export = entries.export.model_copy(update={"exported_at": exported_at, "counts": Counts()})
        yield replace(
            entries,
            export=export,
            holders=past.listed("holders", place),
            units=past.listed("units", place),
            certificates=past.listed("certificates", place),
            datasheets=past.listed("datasheets", place),
        )


class _Past:
    """The versions of all records that were not always what they are."""

    def __init__(self, seed: int, entries: Entries, departed: Departed) -> None:
        self._draws = Draws(seed, "past")
        self._place = entries.export_place
        self._departed = departed
        present = [entry.record for entry in entries.certificates]
        self._successors = {
            certificate.replaces.key: _first_place(certificate) for certificate in present if certificate.replaces
        }
        self._absent = self._not_listed_for_a_time(present)
        self._predecessors = {
            CertificateKey(key.system, key.number): Certificate.model_validate(_as_read(before.record))
            for key, before in departed.succeeded.items()
        }
        certificates = [self._certificate(certificate) for certificate in present]
        certificates += self._stays(departed.certificates, Certificate)
        listed = _by_key(certificates)
        datasheets = [self._datasheet(entry.record, listed) for entry in entries.datasheets]
        datasheets += [_carried(versions, listed) for versions in self._stays(departed.datasheets, Datasheet)]
        first: dict[str, int] = {}
        for versions in certificates:
            for place, version in enumerate(versions):
                if version:
                    for id_ in (version.holder, *version.units):
                        first[id_] = min(first.get(id_, place), place)
        self._versions: Mapping[str, Sequence[Versions]] = {
            "certificates": certificates,
            "datasheets": datasheets,
            "holders": [
                *(_renamed(_since(entry.record, first.get(entry.record.id, 0))) for entry in entries.holders),
                *(_during(stay, Holder.model_validate(_as_read(stay.record))) for stay in departed.holders),
            ],
            "units": [
                *(_since(entry.record, first.get(entry.record.id, 0)) for entry in entries.units),
                *(_during(stay, Unit.model_validate(_as_read(stay.record))) for stay in departed.units),
            ],
        }

    def listed(self, kind: str, place: int) -> tuple[Entry[Any], ...]:
        """Return the entries of a kind in an export."""
        return tuple(Entry(versions[place], self._place) for versions in self._versions[kind] if versions[place])

    # --- certificates -----------------------------------------------------------------------------------------------

    def _not_listed_for_a_time(self, certificates: Sequence[Certificate]) -> Mapping[CertificateKey, range]:
        able = [
            certificate.key
            for certificate in certificates
            if not certificate.status_events and certificate.replaces is None and _first_place(certificate) < 6
        ]
        return {key: self._gap(6) for key in self._draws.shuffled(able)[:ABSENT_CERTIFICATES]}

    def _gap(self, earliest: int) -> range:
        begin = self._draws.between(earliest + 1, PRESENT - 3)
        return range(begin, begin + self._draws.between(1, 3))

    def _certificate(self, certificate: Certificate) -> Versions:
        first = _first_place(certificate)
        versions = self._over_time(certificate, first)
        for place in self._absent.get(certificate.key, ()):
            versions[place] = None
        drawn = self._draws.chance(EXTENDED_SHARE)
        if drawn and first == 0 and certificate.valid_until and not certificate.status_events:
            until = self._draws.between(3, PRESENT - 1)
            end = EXPORT_DAYS[until] + self._draws.between(5, 40) * DAY
            if certificate.valid_from < end < certificate.valid_until:
                earlier = certificate.model_copy(update={"valid_until": end})
                versions[:until] = [earlier if version else None for version in versions[:until]]
        return versions

    def _over_time(self, record: ModelT, first: int) -> Versions:
        """Return what each export from ``first`` on had of a record whose events came one by one."""
        turns = {event.date for event in record.status_events}
        replaced_by = getattr(record, "replaced_by", None)
        if not replaced_by and not any(turn > EXPORT_DAYS[first] for turn in turns):
            return _since(record, first)
        versions: Versions = [None] * first
        for place in range(first, PRESENT + 1):
            version = _as_of(record, EXPORT_DAYS[place])
            if replaced_by and place < self._successors_place(record.key, replaced_by.key):
                version = version.model_copy(update={"replaced_by": None})
            same = bool(versions) and versions[-1] == version
            versions.append(versions[-1] if same else version)
        return versions

    def _successors_place(self, key: Any, successor: CertificateKey) -> int:
        """Return the place of the first export that listed what took a record's place."""
        if key in self._successors:
            return self._successors[key]
        stays = (stay for stay in self._departed.certificates if stay.record["number"] == successor.number)
        return next((stay.first for stay in stays), PRESENT)

    def _stays(self, stays: Iterable[Stay], model: type[ModelT]) -> Iterator[Versions]:
        for stay in stays:
            versions = self._over_time(model.model_validate(_as_read(stay.record)), stay.first)
            versions[stay.until :] = [None] * (PRESENT + 1 - stay.until)
            yield versions

    # --- datasheets -------------------------------------------------------------------------------------------------

    def _datasheet(self, sheet: Datasheet, certificates: Mapping[CertificateKey, Versions]) -> Versions:
        keys = [reference.key for reference in sheet.certificates]
        first = max(place_of(sheet.date or sheet.valid_from), *(_begin(certificates[key]) for key in keys))
        versions = self._over_time(sheet, first)
        if first < PRESENT - 4:
            self._change(versions, sheet, first)
        before = self._predecessors.get(keys[0])
        if before and self._draws.chance(0.5):
            carrier = certificates[keys[0]]
            _put_before(versions, _begin(carrier), _dated(sheet, carrier[PRESENT]))
            _put_before(versions, 0, _dated(sheet, before))
        return _carried(versions, certificates)

    def _change(self, versions: Versions, sheet: Datasheet, first: int) -> None:
        """Let a few sheets have said something else before, or have been away for a time."""
        if self._draws.chance(REVISED_SHARE) and sheet.version and sheet.version > "1":
            version = str(int(sheet.version) - 1)
            _rewrite(versions, self._draws.between(first + 1, PRESENT), {"version": version})
        if self._draws.chance(RENAMED_SHARE):
            name = {"trade_name": f"{sheet.trade_name} N"}
            _rewrite(versions, self._draws.between(first + 1, PRESENT), name)
        if self._draws.chance(ABSENT_SHARE):
            for place in self._gap(first):
                versions[place] = None


def _first_place(certificate: Certificate) -> int:
    """Return the place of the first export that listed a certificate: in trial, or issued."""
    trial = [event.date for event in certificate.status_events[:1] if event.status == Status.TRIAL]
    return place_of(min([certificate.issued or certificate.valid_from, *trial]))


def _as_of(record: ModelT, day: dt.date) -> ModelT:
    """Return a record as it was known on a day; in its trial it had no other dates than the trial's."""
    events = tuple(event for event in record.status_events if event.date <= day)
    update: dict[str, Any] = {"status_events": events}
    if len(events) == 1 and events[0].status == Status.TRIAL and record.valid_from > day:
        update |= {"valid_from": events[0].date, "valid_until": None}
        if isinstance(record, Certificate):
            update["issued"] = events[0].date
    return record.model_copy(update=update)


def _as_read(value: Any) -> Any:
    """Return a value as it is read from an export: every scalar is text."""
    if isinstance(value, Mapping):
        return {name: _as_read(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_as_read(part) for part in value]
    return str(value)


def _since(record: Any, first: int) -> Versions:
    return [None] * first + [record] * (PRESENT + 1 - first)


def _during(stay: Stay, record: Any) -> Versions:
    return [record if stay.first <= place < stay.until else None for place in range(PRESENT + 1)]


def _begin(versions: Versions) -> int:
    """Return the place of the first export that listed a record."""
    return next((place for place, version in enumerate(versions) if version), PRESENT)


def _by_key(all_versions: Iterable[Versions]) -> Mapping[CertificateKey, Versions]:
    """Return versions of certificates by key; a number that two holders had, one after the other, has both's."""
    by_key: dict[CertificateKey, Versions] = {}
    for versions in all_versions:
        key = next(version.key for version in versions if version)
        by_key[key] = [one or other for one, other in zip(by_key.get(key, versions), versions, strict=True)]
    return by_key


def _carried(versions: Versions, certificates: Mapping[CertificateKey, Versions]) -> Versions:
    """Return the versions of a datasheet where its certificates are listed; nothing where they are not."""
    return [
        version if version and all(certificates[part.key][place] for part in version.certificates) else None
        for place, version in enumerate(versions)
    ]


def _dated(sheet: Datasheet, certificate: Certificate) -> Datasheet:
    """Return a datasheet as it was under a certificate that it hung on before."""
    update = {
        "certificates": (CertificateReference(system=certificate.system, number=certificate.number),),
        "date": certificate.valid_from,
        "valid_from": certificate.valid_from,
        "valid_until": None,
        "status_events": (),
    }
    return sheet.model_copy(update=update)


def _put_before(versions: Versions, place: int, earlier: Datasheet) -> None:
    """Let the exports from a place, or from the earlier record's day, up to the first listing have had that record."""
    begin = max(place, place_of(earlier.valid_from))
    versions[begin : _begin(versions)] = [earlier] * (_begin(versions) - begin)


def _rewrite(versions: Versions, until: int, update: Mapping[str, Any]) -> None:
    """Let the exports before a place have had other values."""
    versions[:until] = [version and version.model_copy(update=update) for version in versions[:until]]


def _renamed(versions: Versions) -> Versions:
    """Let a holder have borne its former name in the exports up to the last day of that."""
    holder: Holder = versions[-1]
    for former in holder.former_names[-1:]:
        before = holder.model_copy(update={"name": former.name, "former_names": ()})
        until = place_of(former.until + DAY)
        versions[:until] = [version and before for version in versions[:until]]
    return versions
