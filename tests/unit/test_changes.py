"""What became of records from export to export, out of the ledger: each change once, with the export that showed it."""

import datetime as dt
import hashlib
import itertools
import marshal
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keur.ledger import FILE, KeptChanges, KeptLedger, KeptTraces, read_ledger, record, remember
from keur.ledger.kept_changes import Settled
from keur.model import CertificateKey, Change, ChangeKind, Entries, Entry
from tests.builders import Raw, certificate, datasheet, entries, export, holder, unit

KEY = CertificateKey("benor", "29/0107")
OTHER = {"holder": "other", "unit": "other-1"}


def exported(day: str, **changes: Any) -> Entries:
    """Return the tiny register as it was exported on a day."""
    return entries(register=export(exported_at=f"{day}T06:00:00+01:00"), **changes)


def changes_of(folder: Path, *series: Entries, last_recorded: bool = True) -> list[Change]:
    """Record exports and return the changes that a build beside the last one tells, oldest export first."""
    for one in series if last_recorded else series[:-1]:
        record(folder, one, ["29/0107", "90012345"])
    memory = remember(read_ledger(folder / FILE), series[-1])
    return sorted(memory.changes, key=lambda change: change.moment)


def told(changes: list[Change], key: CertificateKey | str = KEY) -> list[tuple[str, str, str | None]]:
    """Return the day of the export, the kind of change and its date, of one record's changes."""
    return [
        (
            change.moment.date().isoformat(),
            change.kind.value,
            change.event.date.isoformat() if change.event else None,
        )
        for change in changes
        if change.key == key
    ]


def suspended(day: str = "2026-01-20") -> Raw:
    return {"date": day, "status": "suspended"}


def events(*given: Raw) -> list[Raw]:
    """Return the certificate of the tiny register with these status events."""
    return [certificate(status_events=list(given))]


@pytest.mark.parametrize("last_recorded", [True, False])
def test_every_kind_of_change_is_told_with_the_export_that_showed_it(tmp_path: Path, last_recorded: bool) -> None:
    """The same whether the last export is recorded already or not."""
    lifted = {"date": "2026-02-10", "status": "valid"}
    withdrawn = {"date": "2026-03-10", "status": "withdrawn"}
    series = (
        exported("2026-01-05"),
        exported("2026-02-05", certificates=events(suspended())),
        exported("2026-03-05", certificates=events(suspended(), lifted)),
        exported("2026-04-05", certificates=events(suspended(), lifted, withdrawn)),
        exported("2026-05-05", certificates=[certificate(number="29/0108")], datasheets=[]),
        exported("2026-06-05", certificates=events(suspended(), lifted, withdrawn)),
    )
    changes = changes_of(tmp_path, *series, last_recorded=last_recorded)
    assert told(changes) == [
        ("2026-02-05", "suspended", "2026-01-20"),
        ("2026-03-05", "valid", "2026-02-10"),
        ("2026-04-05", "withdrawn", "2026-03-10"),
        ("2026-05-05", "unlisted", None),
        ("2026-06-05", "listed-again", None),
    ]
    assert told(changes, CertificateKey("benor", "29/0108")) == [
        ("2026-05-05", "listed", None),
        ("2026-06-05", "unlisted", None),
    ]
    assert told(changes, "90012345") == [("2026-05-05", "unlisted", None), ("2026-06-05", "listed-again", None)]


def test_what_the_first_export_listed_is_no_change(tmp_path: Path) -> None:
    assert changes_of(tmp_path, exported("2026-01-05")) == []
    assert changes_of(tmp_path, exported("2026-01-05"), exported("2026-02-05")) == []


def test_without_a_ledger_there_is_no_change(tmp_path: Path) -> None:
    assert changes_of(tmp_path, exported("2026-01-05"), last_recorded=False) == []


def test_what_expires_between_two_exports_is_told_by_the_second_although_no_line_says_so(tmp_path: Path) -> None:
    """On its last day a record still holds; the export of that day does not tell of an end."""
    ending = [certificate(valid_until="2026-02-05")]
    series = [exported(day, certificates=ending) for day in ("2026-01-05", "2026-02-05", "2026-02-06", "2026-03-05")]
    assert told(changes_of(tmp_path, *series)) == [("2026-02-06", "expired", None)]


def test_what_expired_and_left_before_the_next_export_is_unlisted(tmp_path: Path) -> None:
    series = (
        exported("2026-01-05", certificates=[certificate(valid_until="2026-01-20")]),
        exported("2026-02-05", certificates=[certificate(number="29/0108")], datasheets=[]),
    )
    assert told(changes_of(tmp_path, *series)) == [("2026-02-05", "unlisted", None)]


def test_an_announced_event_is_told_by_the_export_on_whose_day_it_holds(tmp_path: Path) -> None:
    announced = events(suspended("2026-02-20"))
    series = [exported(day, certificates=announced) for day in ("2026-01-05", "2026-02-05", "2026-03-05")]
    assert told(changes_of(tmp_path, *series)) == [("2026-03-05", "suspended", "2026-02-20")]


def test_a_suspension_that_came_and_went_between_two_exports_is_told(tmp_path: Path) -> None:
    lifted = {"date": "2026-01-25", "status": "valid"}
    series = (exported("2026-01-05"), exported("2026-02-05", certificates=events(suspended(), lifted)))
    assert {change[1] for change in told(changes_of(tmp_path, *series))} == {"suspended", "valid"}


def test_a_suspension_taken_back_is_told(tmp_path: Path) -> None:
    series = (exported("2026-01-25", certificates=events(suspended())), exported("2026-02-05"))
    assert [change[:2] for change in told(changes_of(tmp_path, *series))] == [("2026-02-05", "valid")]


def test_validity_that_begins_was_told_with_the_listing(tmp_path: Path) -> None:
    later = {"number": "29/0109", "valid_from": "2026-03-01", "valid_until": "2031-02-28"}
    both = [certificate(), certificate(**later)]
    series = (exported("2026-01-05"), *(exported(day, certificates=both) for day in ("2026-02-05", "2026-03-05")))
    assert told(changes_of(tmp_path, *series), CertificateKey("benor", "29/0109")) == [("2026-02-05", "listed", None)]


def test_another_end_is_told_with_that_end(tmp_path: Path) -> None:
    series = (
        exported("2026-01-05", certificates=[certificate(valid_until="2027-02-28")]),
        exported("2026-02-05", certificates=[certificate(valid_until="2030-02-28")]),
        exported("2026-03-05", certificates=[certificate(valid_until=None)]),
    )
    changes = changes_of(tmp_path, *series)
    assert told(changes) == [("2026-02-05", "dates", None), ("2026-03-05", "dates", None)]
    assert [change.until for change in changes] == [dt.date(2030, 2, 28), None]


def test_a_successor_is_told_once(tmp_path: Path) -> None:
    """A certificate that is replaced is superseded as well; that says no more."""
    new = certificate(number="29/0108", replaces={"system": "benor", "number": "29/0107"})
    old = certificate(
        replaced_by={"system": "benor", "number": "29/0108"},
        status_events=[{"date": "2026-01-20", "status": "superseded"}],
    )
    changes = changes_of(tmp_path, exported("2026-01-05"), exported("2026-02-05", certificates=[old, new]))
    assert told(changes) == [("2026-02-05", "renumbered", "2026-01-20")]
    (renumbered,) = (change for change in changes if change.key == KEY)
    assert renumbered.successor == CertificateKey("benor", "29/0108")


def test_a_number_that_another_holder_was_given_is_told(tmp_path: Path) -> None:
    others = {
        "holders": [holder(), holder(id="other", name="Geotex Brabant")],
        "units": [unit(), unit(id="other-1", holder="other", name="Hall 3")],
    }
    series = (
        exported("2026-01-05"),
        exported("2026-02-05", certificates=[certificate(number="29/0108")], datasheets=[]),
        exported("2026-03-05", certificates=[certificate(**OTHER)], datasheets=[], **others),
    )
    assert told(changes_of(tmp_path, *series))[-1] == ("2026-03-05", "reused", None)


def test_only_the_last_year_is_told_and_newest_first(tmp_path: Path) -> None:
    series = [
        exported("2024-01-05"),
        exported("2024-06-05", certificates=events(suspended("2024-05-01"))),
        exported("2026-01-05", certificates=[certificate()]),
        exported("2026-02-05", certificates=events(suspended())),
    ]
    for one in series:
        record(tmp_path, one)
    changes = remember(read_ledger(tmp_path / FILE), series[-1]).changes
    assert [(change.moment.date().isoformat(), change.kind) for change in changes] == [
        ("2026-02-05", ChangeKind.SUSPENDED),
        ("2026-01-05", ChangeKind.VALID),
    ]


@pytest.mark.parametrize("seed", range(20))
def test_changes_are_those_that_comparing_every_state_gives(tmp_path: Path, seed: int) -> None:
    """The short ways past records that nothing became of leave nothing out: compared with a look at every export."""
    chance = random.Random(seed)
    day = dt.date(2025, 9, 1)
    series = []
    for _ in range(9):
        day += dt.timedelta(days=chance.randint(1, 60))
        series.append(_random_export(chance, day))
    for last_recorded in (True, False):
        folder = tmp_path / str(last_recorded)
        folder.mkdir()
        changes = changes_of(folder, *series, last_recorded=last_recorded)
        assert sorted(map(_plain, changes)) == sorted(_expected(series))


@pytest.mark.parametrize("seed", range(20))
def test_what_is_kept_from_build_to_build_changes_nothing(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exports are built and recorded as it comes, by one process or several: with and without what a build keeps."""
    chance = random.Random(seed)
    file, day, export_ = tmp_path / FILE, dt.date(2025, 9, 1), None
    kept: Any = None
    kept_now: list[Any] = []
    used: list[Change] = []
    ledger, traces, changes = KeptLedger(), KeptTraces(), KeptChanges(lambda: kept, kept_now.append)
    found_again = Settled.of

    def noted(settled: Settled, key: Any, lines: Any) -> Any:
        used.extend(found_again(settled, key, lines) or ())
        return found_again(settled, key, lines)

    monkeypatch.setattr(Settled, "of", noted)
    for _ in range(25):
        day += dt.timedelta(days=chance.choice([0, 0, 1, 5, 40]))
        if export_ is None or chance.random() < 0.4:
            export_ = _told_apart(_random_export(chance, day))
        # As often the export says the same on another day.
        export_ = replace(export_, export=exported(day.isoformat()).export)
        for _ in range(chance.choice([1, 2])):
            plain = remember(read_ledger(file), export_)
            again = remember(read_ledger(file, kept=ledger), export_, traces, changes)
            assert [*again.changes] == [*plain.changes]
            assert dict(again.traces.items()) == dict(plain.traces.items())
            for name in ("certificate_slugs", "datasheet_slugs", "certificates", "datasheets", "products", "documents"):
                assert getattr(again, name) == getattr(plain, name), name
            if kept_now:
                kept = _copied(kept_now.pop())
            if chance.random() < 0.4:
                # The next build is another process's, which has plain values alone.
                ledger = KeptLedger(*_copied((ledger.digest, ledger.heads, ledger.length)))
                traces = KeptTraces(*_copied((traces.lines, traces.head, traces.of_records)))
            if chance.random() < 0.5:
                record(tmp_path, export_, ["29/0107", "29/0108", "29/0109", "29/0110"])
    assert used


def _copied(values: Any) -> Any:
    return marshal.loads(marshal.dumps(values))  # noqa: S302  # as a build keeps them


def _told_apart(given: Entries) -> Entries:
    """Return entries with what tells each from what it said before, as reading gives it."""

    def told(found: tuple[Entry[Any], ...]) -> tuple[Entry[Any], ...]:
        return tuple(replace(entry, digest=hashlib.sha256(repr(entry.record).encode()).digest()) for entry in found)

    return replace(given, certificates=told(given.certificates), datasheets=told(given.datasheets))


def _random_export(chance: random.Random, day: dt.date) -> Entries:
    certificates = []
    for number in ("29/0107", "29/0108", "29/0109", "29/0110"):
        if chance.random() < 0.25 and number != "29/0110":
            continue
        given = [
            {"date": f"2026-0{month}-10", "status": status}
            for month, status in ((2, "suspended"), (3, "valid"), (5, "withdrawn"))
            if chance.random() < 0.4
        ]
        until = chance.choice(["2025-12-31", "2026-03-31", "2026-06-30", None])
        certificates.append(certificate(number=number, status_events=given, valid_until=until))
    return exported(day.isoformat(), certificates=certificates, datasheets=[])


def _plain(change: Change) -> tuple[str, str, str, str]:
    day = change.event.date.isoformat() if change.event else ""
    return (change.moment.date().isoformat(), str(change.key), change.kind.value, day)


def _expected(series: list[Entries]) -> list[tuple[str, str, str, str]]:
    """Return the changes by comparing what each export says of each record with what the one before said."""
    expected = []
    seen: set[CertificateKey] = set()
    shown: list[tuple[dt.date, dict[CertificateKey, Any]]] = []
    for one in series:
        assert one.export is not None
        shown.append((one.export.day, {entry.record.key: entry.record for entry in one.certificates}))
    seen |= shown[0][1].keys()
    oldest = shown[-1][0] - dt.timedelta(days=366)
    for (before, old), (day, new) in itertools.pairwise(shown):
        for key in {*old, *new}:
            kinds: list[tuple[str, str]] = []
            if key not in new:
                kinds = [("unlisted", "")]
            elif key not in old:
                kinds = [("listed-again" if key in seen else "listed", "")]
            else:
                kinds = _became(old[key], before, new[key], day)
            if day >= oldest:
                expected += [(day.isoformat(), str(key), *kind) for kind in kinds]
        seen |= new.keys()
    return expected


def _became(old: Any, before: dt.date, new: Any, day: dt.date) -> list[tuple[str, str]]:
    was, now = old.status_on(before), new.status_on(day)
    known = {(event.date, event.status) for event in old.status_events if event.date <= before}
    begun = [e for e in new.status_events if e.date <= day and (e.date, e.status) not in known]
    kinds = [(event.status.value, event.date.isoformat()) for event in begun]
    if now == "expired" and was != "expired":
        kinds.append(("expired", ""))
    elif now != was and not {now, was} & {event.status for event in begun}:
        since = new.status_since(day)
        kinds.append((now.value, since.isoformat() if since else ""))
    elif new.valid_until != old.valid_until and now != "expired":
        kinds.append(("dates", ""))
    return kinds


def test_a_datasheet_that_is_new_or_ends_on_another_day_is_minor(tmp_path: Path) -> None:
    series = (
        exported("2026-01-05"),
        exported("2026-02-05", datasheets=[datasheet(valid_until="2027-01-31"), datasheet(code="90012346")]),
        exported("2026-03-05", datasheets=[datasheet(status_events=[suspended("2026-02-20")])]),
    )
    minor = {(change.kind.value, change.is_minor) for change in changes_of(tmp_path, *series)}
    assert minor == {("dates", True), ("listed", True), ("suspended", False), ("unlisted", False)}
