"""The ledger: what is appended, what is refused, and that its chain names what was changed."""

import datetime as dt
import errno
import gettext
import hashlib
import json
import marshal
import multiprocessing
import random
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keur.ledger import KeptTraces, LedgerError, differences, numbers_used_again, read_ledger, record, remember
from keur.ledger.chain import appending
from keur.model import CertificateKey, Entries, Register
from keur.problems import RegisterError
from keur.urls import Urls
from keur.views.contexts import Phrase
from keur.views.frame import Frame
from keur.views.language import Language
from keur.views.tombstones import datasheet_tombstone, unlisted_numbers
from keur.views.viewer import Viewer
from tests.builders import (
    Raw,
    certificate,
    contact,
    datasheet,
    document,
    entries,
    export,
    holder,
    product,
    unit,
    without,
)

OTHER_HOLDER = holder(id="other", name="Geotex Brabant")
OTHER_UNIT = unit(id="other-1", holder="other", name="Hall 3")


def exported(day: str, **changes: Any) -> Entries:
    """Return the tiny register as it was exported on a day."""
    return entries(register=export(exported_at=f"{day}T06:00:00+01:00"), **changes)


def recorded(folder: Path, *series: Entries) -> list[Raw]:
    """Record exports one after the other and return the ledger's lines."""
    for one in series:
        record(folder, one)
    return [json.loads(line) for line in (folder / "ledger.jsonl").read_bytes().splitlines()]


def problems(error: pytest.ExceptionInfo[RegisterError]) -> list[str]:
    return [str(problem) for problem in error.value.problems]


# --- lines ----------------------------------------------------------------------------------------------------------


def test_each_line_holds_the_hash_of_the_line_before(tmp_path: Path) -> None:
    recorded(tmp_path, exported("2026-01-05"))
    after = "0" * 64
    for line in (tmp_path / "ledger.jsonl").read_bytes().splitlines():
        parts = json.loads(line)
        assert parts["after"] == after
        assert line == json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        after = hashlib.sha256(line).hexdigest()
    assert read_ledger(tmp_path / "ledger.jsonl").head == after


def test_an_export_is_a_line_that_says_how_many_changes_follow(tmp_path: Path) -> None:
    head, *changes = recorded(tmp_path, exported("2026-01-05"))
    assert (head["event"], head["exported_at"], head["changes"]) == ("export", "2026-01-05T06:00:00+01:00", 7)
    assert [(line["event"], line["kind"]) for line in changes] == [
        ("listed", kind)
        for kind in ("systems", "products", "documents", "holders", "units", "certificates", "datasheets")
    ]


def test_records_are_listed_changed_unlisted_and_listed_again(tmp_path: Path) -> None:
    lines = recorded(
        tmp_path,
        exported("2026-01-05"),
        exported("2026-01-06", datasheets=[datasheet(valid_until="2027-02-28")]),
        exported("2026-01-07", datasheets=[]),
        exported("2026-01-08"),
    )
    events = [(line["event"], line.get("key")) for line in lines[8:]]
    assert events == [
        ("export", None),
        ("changed", "90012345"),
        ("export", None),
        ("unlisted", "90012345"),
        ("export", None),
        ("listed", "90012345"),
    ]


def test_what_the_ledger_does_not_keep_is_noticed_by_its_hash(tmp_path: Path) -> None:
    """A declared value is kept nowhere, but that it changed is."""
    lines = recorded(
        tmp_path,
        exported("2026-01-05"),
        exported("2026-01-06", datasheets=[datasheet(characteristics=[{"id": "tensile", "value": "21"}])]),
    )
    assert [line["event"] for line in lines[8:]] == ["export", "changed"]
    assert b'"21"' not in (tmp_path / "ledger.jsonl").read_bytes()


def test_recorded_twice_is_no_line_and_a_later_export_of_the_same_is_one(tmp_path: Path) -> None:
    recorded(tmp_path, exported("2026-01-05"))
    before = (tmp_path / "ledger.jsonl").read_bytes()
    assert record(tmp_path, exported("2026-01-05")).lines == 0
    assert (tmp_path / "ledger.jsonl").read_bytes() == before
    assert record(tmp_path, exported("2026-01-06")).lines == 1
    assert (tmp_path / "ledger.jsonl").read_bytes().startswith(before)


def test_nothing_personal_enters_the_ledger(tmp_path: Path) -> None:
    """Contacts, streets, telephone numbers, e-mail addresses and free text stay out; the town of a unit stays in."""
    private = "Private"
    address = {"street": f"{private}straat 1", "postcode": f"{private[:4]} 3000", "city": "Leuven", "country": "BE"}
    person = {"email": "private@tiny.example", "phone": "+32 16 99 88 77"}
    event = {"date": "2024-01-01", "status": "suspended", "reason": f"{private} reason"}
    recorded(
        tmp_path,
        entries(
            register=export(
                publisher={"name": private, "url": "https://private.example", "address": address, **person}
            ),
            contacts=[contact(name=f"{private} Person", **person)],
            holders=[holder(address=address, enterprise_number=f"{private} 0123", website="https://private.example")],
            units=[unit(address=address, latitude="50.87", longitude="4.70")],
            certificates=[certificate(remarks=private, scope=private, status_events=[event])],
        ),
    )
    text = (tmp_path / "ledger.jsonl").read_text(encoding="utf-8").lower()
    assert [word for word in ("priv", "99 88", "50.87", "desk", "@") if word in text] == []
    assert "leuven" in text


def test_a_series_of_exports_replayed_gives_the_same_bytes(tmp_path: Path) -> None:
    def ledger_of(seed: int, folder: str, *, shuffled: bool) -> bytes:
        chance, order = random.Random(seed), random.Random(99)
        (tmp_path / folder).mkdir()
        for day in range(1, 20):
            numbers = chance.sample(range(40), 25)
            records = [certificate(number=f"29/{n:04d}", remarks=str(chance.random())) for n in sorted(numbers)]
            if shuffled:
                order.shuffle(records)
            record(tmp_path / folder, exported(f"2026-01-{day:02d}", certificates=records, datasheets=[]))
        return (tmp_path / folder / "ledger.jsonl").read_bytes()

    assert ledger_of(7, "one", shuffled=False) == ledger_of(7, "two", shuffled=True)


# --- what is refused ------------------------------------------------------------------------------------------------


def test_an_export_older_than_the_last_recorded_is_refused(tmp_path: Path) -> None:
    recorded(tmp_path, exported("2026-01-05"))
    before = (tmp_path / "ledger.jsonl").read_bytes()
    with pytest.raises(RegisterError) as error:
        record(tmp_path, exported("2026-01-04", datasheets=[]))
    (message,) = problems(error)
    assert message == (
        "data/register.yaml: exported_at: must not be before the last export of the ledger, "
        "2026-01-05T06:00:00+01:00; found 2026-01-04T06:00:00+01:00"
    )
    assert (tmp_path / "ledger.jsonl").read_bytes() == before


def _taken_over(day: str) -> Entries:
    return exported(
        day,
        holders=[holder(), OTHER_HOLDER],
        units=[unit(), OTHER_UNIT],
        certificates=[certificate(holder="other", unit="other-1")],
        datasheets=[datasheet(unit="other-1")],
    )


def test_a_number_used_again_by_another_holder_is_refused_until_confirmed(tmp_path: Path) -> None:
    recorded(tmp_path, exported("2026-01-05"), exported("2026-01-06", certificates=[], datasheets=[]))
    with pytest.raises(RegisterError) as error:
        record(tmp_path, _taken_over("2026-01-07"), confirmed=["90012345"])
    (message,) = problems(error)
    assert message == (
        "data/certificates.yaml: certificates[0].number: must not be a number of another holder: until 2026-01-05 it "
        'was "Weverij Vlierbeke"\'s; if it is really given again, record it with '
        '`keur record --confirm-reuse "29/0107"`'
    )
    record(tmp_path, _taken_over("2026-01-07"), confirmed=["90012345", "29/0107"])
    events = [json.loads(line)["event"] for line in (tmp_path / "ledger.jsonl").read_bytes().splitlines()]
    assert events[-3:] == ["listed", "reused", "reused"]
    assert list(numbers_used_again(read_ledger(tmp_path / "ledger.jsonl"), _taken_over("2026-01-08"))) == []


def test_a_number_that_comes_back_with_its_own_holder_under_a_new_id_is_not_refused(tmp_path: Path) -> None:
    renumbered = exported(
        "2026-01-07",
        holders=[holder(id="h-1", name="WEVERIJ Vlierbeke")],
        units=[unit(holder="h-1")],
        certificates=[certificate(holder="h-1")],
    )
    recorded(tmp_path, exported("2026-01-05"), exported("2026-01-06", certificates=[], datasheets=[]))
    changes = record(tmp_path, renumbered).changes
    assert (changes["listed"], changes["reused"]) == (3, 0)


def test_a_certificate_that_changes_hands_while_it_is_listed_is_a_change(tmp_path: Path) -> None:
    recorded(tmp_path, exported("2026-01-05"))
    assert record(tmp_path, _taken_over("2026-01-06")).changes == {"listed": 2, "changed": 2}


# --- the file -------------------------------------------------------------------------------------------------------


def _ledger(folder: Path) -> tuple[Path, list[bytes]]:
    recorded(folder, exported("2026-01-05"), exported("2026-01-06", datasheets=[]), exported("2026-01-07"))
    path = folder / "ledger.jsonl"
    return path, path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("changed", range(11))
def test_a_changed_line_is_named(tmp_path: Path, changed: int) -> None:
    path, lines = _ledger(tmp_path)
    assert len(lines) == 12
    lines[changed] = lines[changed].replace(b'"kind":"', b'"kind":"x').replace(b"06:00", b"07:00")
    path.write_bytes(b"".join(lines))
    with pytest.raises(RegisterError) as error:
        read_ledger(path, "data/ledger.jsonl")
    (message,) = problems(error)
    assert message.startswith(f"data/ledger.jsonl:{changed + 1}:1: must be the line that was recorded")


def test_a_changed_hash_is_named(tmp_path: Path) -> None:
    path, lines = _ledger(tmp_path)
    lines[4] = lines[4].replace(b'"after":"', b'"after":"0')[:75] + lines[4][74:]
    path.write_bytes(b"".join(lines))
    with pytest.raises(RegisterError, match=r"ledger\.jsonl:5:1: must hold the hash of the line before it"):
        read_ledger(path)


@pytest.mark.parametrize("taken", [0, 3, 8, 9])
def test_a_line_that_was_taken_away_is_noticed(tmp_path: Path, taken: int) -> None:
    path, lines = _ledger(tmp_path)
    path.write_bytes(b"".join(lines[:taken] + lines[taken + 1 :]))
    with pytest.raises(RegisterError, match=rf"ledger\.jsonl:{max(taken, 1)}:1: .* taken away"):
        read_ledger(path)


def test_a_group_that_was_cut_short_is_not_read_and_is_mended(tmp_path: Path) -> None:
    """Wherever a crash cuts the last group, recording it again gives the bytes of an undisturbed recording."""
    path, lines = _ledger(tmp_path)
    whole, first = b"".join(lines), len(b"".join(lines[:10]))
    for end in range(first + 1, len(whole)):
        path.write_bytes(whole[:end])
        ledger = read_ledger(path)
        assert (len(ledger), ledger.torn, ledger.length) == (10, True, first)
    for end in (first + 1, len(whole) - 1, len(b"".join(lines[:11]))):
        path.write_bytes(whole[:end])
        assert record(tmp_path, exported("2026-01-07")).mended
        assert path.read_bytes() == whole


def test_nothing_stays_of_a_group_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, lines = _ledger(tmp_path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(LedgerError, match="No space left on device; nothing was recorded"):
        record(tmp_path, exported("2026-01-08"))
    assert path.read_bytes() == b"".join(lines)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (lambda whole: whole.replace(b"\n", b"\r\n"), "ledger.jsonl:1:1: has line ends of Windows (CRLF)"),
        (lambda whole: b"\xef\xbb\xbf" + whole, "ledger.jsonl:1:1: begins with a byte order mark"),
        (lambda whole: whole.decode().encode("utf-16"), "ledger.jsonl:1:1: begins with a byte order mark"),
        (lambda whole: b"\0" * len(whole), "ledger.jsonl:1:1: must be a line of a ledger"),
        (lambda whole: whole + b"<<<<<<< HEAD", "ledger.jsonl:13:1: must be a line of a ledger"),
        (lambda whole: whole[:-1] + b"x" * 100 + b"\n", "ledger.jsonl:12:1: must be a line as `keur record` writes it"),
        (lambda whole: whole[:-3] + b"\n", "ledger.jsonl:12:1: must be a line as `keur record` writes it"),
        (lambda whole: whole[:-1] + b" \n", "ledger.jsonl:12:1: must be a line as `keur record` writes it"),
    ],
    ids=["crlf", "mark", "utf-16", "zeros", "behind", "last-longer", "last-cut", "last-blank"],
)
def test_a_file_that_was_written_over_is_neither_read_nor_mended(
    tmp_path: Path, changed: Callable[[bytes], bytes], message: str
) -> None:
    """Nothing vouches for the last line and for what stands behind it: a recording would make either last for ever."""
    path, lines = _ledger(tmp_path)
    damaged = changed(b"".join(lines))
    path.write_bytes(damaged)
    for use in (lambda: read_ledger(path, "ledger.jsonl"), lambda: record(tmp_path, exported("2026-01-08"), (), ".")):
        with pytest.raises(RegisterError) as error:
            use()
        assert problems(error)[0].removeprefix("./").startswith(message)
    assert path.read_bytes() == damaged


def test_zeros_that_a_power_cut_left_behind_the_last_line_are_taken_off(tmp_path: Path) -> None:
    path, lines = _ledger(tmp_path)
    path.write_bytes(b"".join(lines) + b"\0" * 4096)
    assert record(tmp_path, exported("2026-01-07")).mended
    assert path.read_bytes() == b"".join(lines)


@pytest.mark.parametrize(
    ("known", "later", "message"),
    [
        (b'"schema":1', b'"schema":2', "ledger.jsonl:1:1: is of schema 2, this Keur knows 1: a later Keur wrote it"),
        (b'"kind":"units"', b'"kind":"labs"', 'has the kind "labs", which this Keur does not know'),
        (b'"event":"listed"', b'"event":"named"', 'has the event "named", which this Keur does not know'),
    ],
)
def test_a_ledger_of_a_later_keur_is_told_to_be_one(tmp_path: Path, known: bytes, later: bytes, message: str) -> None:
    path, lines = _ledger(tmp_path)
    after, rewritten = "0" * 64, []
    for line in lines:
        rewritten.append(b'{"after":"%s"' % after.encode() + line.rstrip(b"\n")[75:].replace(known, later))
        after = hashlib.sha256(rewritten[-1]).hexdigest()
    path.write_bytes(b"".join(line + b"\n" for line in rewritten))
    with pytest.raises(RegisterError) as error:
        read_ledger(path, "ledger.jsonl")
    assert message in problems(error)[0]


@pytest.mark.parametrize(("records", "room"), [(1, 0), (1, 10), (1, 300), (300, 9_000)])
def test_nothing_stays_of_a_group_that_a_full_disk_cuts(tmp_path: Path, records: int, room: int) -> None:
    """The system writes part of the group and then refuses, as it does at the end of a disk."""
    path, lines = _ledger(tmp_path)
    more = [certificate(number=f"29/{number}") for number in range(1000, 1000 + records)]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + room, hard))
        with pytest.raises(LedgerError, match="File too large; nothing was recorded"):
            record(tmp_path, exported("2026-01-08", certificates=[certificate(), *more]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == b"".join(lines)


def _hold(path: Path, held: Any, free: Any) -> None:
    with appending(path, "ledger.jsonl"):
        held.set()
        free.wait(30)


def test_two_recordings_at_one_time_are_kept_apart(tmp_path: Path) -> None:
    path, _ = _ledger(tmp_path)
    context = multiprocessing.get_context("fork")
    held, free = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(path, held, free))
    process.start()
    try:
        assert held.wait(30)
        with pytest.raises(LedgerError, match="another recording is writing"):
            record(tmp_path, exported("2026-01-08"))
    finally:
        free.set()
        process.join()
    assert record(tmp_path, exported("2026-01-08")).lines == 1


def test_a_ledger_is_no_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RegisterError, match="must be a file"):
        record(tmp_path, exported("2026-01-05"))
    assert not (tmp_path / "elsewhere").exists()


def test_a_line_that_is_none_of_a_ledger_is_named_although_the_chain_holds(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b'{"after":"' + b"0" * 64 + b'","event":"export"}\n')
    with pytest.raises(RegisterError, match=r"ledger\.jsonl:1:1: must be a line as `keur record` writes it"):
        read_ledger(path)


# --- what is remembered ---------------------------------------------------------------------------------------------


def memory_of(folder: Path, *series: Entries) -> Register:
    """Record all but the last export, and return the register of the last with its memory."""
    recorded(folder, *series[:-1])
    return Register(series[-1], remember(read_ledger(folder / "ledger.jsonl"), series[-1]))


def test_a_slug_stays_with_the_record_that_first_had_it(tmp_path: Path) -> None:
    """`1/23` and `1-23` clash; the one that came first keeps the slug, also when it is gone and the other stays."""
    slash, hyphen = certificate(number="1/23", system="copro"), certificate(number="1-23", system="copro")
    copro: Raw = {"id": "copro", "name": "COPRO", "kind": "quality-mark", "owner": "Owner"}
    common: Raw = {"systems": [copro], "products": [product(systems=["copro"])], "datasheets": []}
    register = memory_of(
        tmp_path,
        exported("2026-01-05", certificates=[slash], **common),
        exported("2026-01-06", certificates=[slash, hyphen], **common),
        exported("2026-01-07", certificates=[hyphen], **common),
    )
    slugs = register.certificate_slugs
    assert slugs[CertificateKey("copro", "1/23")] == "copro-1-23"
    assert slugs[CertificateKey("copro", "1-23")].startswith("copro-1-23-")
    unremembered = Register(exported("2026-01-07", certificates=[hyphen], **common))
    assert unremembered.certificate_slugs[CertificateKey("copro", "1-23")] == "copro-1-23"


def test_an_unlisted_certificate_is_remembered_as_it_was_last_listed(tmp_path: Path) -> None:
    key = CertificateKey("benor", "29/0107")
    event = {"date": "2025-12-01", "status": "suspended", "precision": "month", "reason": "not kept"}
    register = memory_of(
        tmp_path,
        exported("2026-01-05"),
        exported("2026-01-06", certificates=[certificate(status_events=[event])]),
        exported("2026-01-08", certificates=[], datasheets=[], holders=[holder(name="Renamed later")]),
        exported("2026-01-09", certificates=[], datasheets=[]),
    )
    unlisted = register.memory.certificates[key]
    assert (unlisted.last_listed, unlisted.unlisted) == (dt.date(2026, 1, 6), dt.date(2026, 1, 8))
    assert (unlisted.slug, str(unlisted.system_name)) == ("benor-29-0107", "BENOR")
    assert unlisted.provenance.holder_name == "Weverij Vlierbeke"
    assert (unlisted.provenance.unit_name, unlisted.provenance.city) == ("Plant 1", "Leuven")
    assert [(e.status, e.precision, e.reason) for e in unlisted.dates.history] == [("suspended", "month", None)]
    assert set(register.memory.datasheets) == {"90012345"}


def test_a_present_export_counts_as_if_it_were_recorded(tmp_path: Path) -> None:
    """A site that is built before the recording is the same as one built after it."""
    last = exported("2026-01-08", certificates=[], datasheets=[], documents=[], products=[product(documents=without)])
    recorded(
        tmp_path, exported("2026-01-05"), exported("2026-01-06", certificates=[certificate(valid_until="2028-01-01")])
    )
    before = remember(read_ledger(tmp_path / "ledger.jsonl"), last)
    record(tmp_path, last)
    after = remember(read_ledger(tmp_path / "ledger.jsonl"), last)
    assert replace(before, traces={}) == replace(after, traces={})
    assert set(after.documents) == {"ptv-829"}
    assert {key: after.showings[key] for key in after.showings} == {
        key: before.showings[key] for key in before.showings
    }


def with_digests(one: Entries) -> Entries:
    """Return an export as it is read from files, whose records tell themselves from what they said before."""
    kinds = {
        kind: tuple(
            replace(entry, digest=hashlib.sha256(repr(entry.record).encode()).digest()) for entry in one.of_kind(kind)
        )
        for kind in ("certificates", "datasheets")
    }
    return replace(one, **kinds)


def test_kept_traces_are_those_that_a_build_without_memory_makes(tmp_path: Path) -> None:
    """Over exports in which something of each kind happens, recorded and not yet recorded, and over a new ledger."""
    sheet, other = datasheet(), datasheet(code="90012346")
    moved = datasheet(certificates=[{"system": "benor", "number": "29/0108"}])
    certificates = [certificate(), certificate(number="29/0108")]
    series = [
        exported("2026-01-05", certificates=certificates, datasheets=[sheet]),
        exported("2026-01-06", certificates=certificates, datasheets=[sheet]),
        exported("2026-01-07", certificates=certificates, datasheets=[datasheet(trade_name="Other"), other]),
        exported("2026-01-08", certificates=certificates, datasheets=[moved, other]),
        exported("2026-01-09", certificates=certificates[1:], datasheets=[moved]),
        exported("2026-01-10", certificates=certificates, datasheets=[moved, other]),
        exported("2026-01-11", certificates=certificates, datasheets=[moved, other]),
    ]
    kept = KeptTraces()
    for place, one in enumerate(map(with_digests, [*series, *series[:2]])):
        if place == len(series):
            (tmp_path / "ledger.jsonl").unlink()
        for _ in range(2):
            ledger = read_ledger(tmp_path / "ledger.jsonl")
            anew = remember(ledger, one).traces
            kept.grown = False
            again = remember(ledger, one, kept).traces
            marshal.dumps(kept.of_records)
            assert {key: again[key] for key in again} == {key: anew[key] for key in anew}
            record(tmp_path, one)
    assert not kept.grown
    assert len(kept.of_records) == 3


def test_showings_join_exports_that_showed_the_same_and_say_when_they_were(tmp_path: Path) -> None:
    register = memory_of(
        tmp_path,
        exported("2026-01-05", datasheets=[]),
        exported("2026-01-06"),
        exported("2026-01-07", datasheets=[datasheet(trade_name="Other name")]),
        exported("2026-01-08", datasheets=[]),
        exported("2026-01-10", datasheets=[]),
        exported("2026-01-12", datasheets=[datasheet(valid_until="2026-12-31")]),
        exported("2026-01-14", datasheets=[datasheet(valid_until="2026-12-31")]),
    )
    shown = [
        (showing.first.day, showing.last and showing.last.day, showing.dates and showing.dates.valid_until)
        for showing in register.showings("90012345")
    ]
    assert shown == [(6, 7, None), (8, 10, None), (12, None, dt.date(2026, 12, 31))]
    assert [showing.dates is None for showing in register.showings("90012345")] == [False, True, False]
    assert register.first_listed("90012345") == dt.date(2026, 1, 6)


def test_a_record_of_the_present_export_alone_was_shown_since_today(tmp_path: Path) -> None:
    register = memory_of(tmp_path, exported("2026-01-05", datasheets=[]), exported("2026-01-06"))
    (showing,) = register.showings("90012345")
    assert (showing.first, showing.last) == (dt.date(2026, 1, 6), None)


def test_a_trace_changes_when_showings_do(tmp_path: Path) -> None:
    """As long as a record and its trace are the same, so is what is remembered of it, recorded or not."""
    chance = random.Random(31)
    before: dict[Any, Any] = {}
    same = 0
    for day in range(1, 28):
        dates = {n: chance.choice(["2027-02-28", "2028-02-28"]) for n in chance.sample(range(12), 9)}
        events = [[], [{"date": "2025-01-01", "status": "suspended"}]]
        sheets = [
            datasheet(code=str(9_000_000 + n), valid_until=until, status_events=chance.choice(events) if n < 3 else [])
            for n, until in dates.items()
        ]
        present = exported(f"2026-01-{day:02d}", datasheets=sheets)
        memory = remember(read_ledger(tmp_path / "ledger.jsonl"), present)
        records = {entry.record.key: entry.record for entry in present.datasheets}
        now = {key: (memory.traces[key], records.get(key), memory.showings[key]) for key in memory.showings}
        for key in now.keys() & before.keys():
            if now[key][:2] == before[key][:2]:
                same += 1
                assert now[key][2] == before[key][2], (day, key)
        for key, (trace, _, showings) in now.items():
            assert trace.changed or len(showings) == 1, (day, key)
        before = now
        if chance.random() < 0.7:
            record(tmp_path, present)
    assert same > 50


def test_what_another_holder_had_is_not_shown_as_the_new_ones_past(tmp_path: Path) -> None:
    recorded(tmp_path, exported("2026-01-05"), exported("2026-01-06", certificates=[], datasheets=[]))
    record(tmp_path, _taken_over("2026-01-07"), confirmed=["29/0107", "90012345"])
    register = memory_of(tmp_path, _taken_over("2026-01-07"))
    assert register.first_listed(CertificateKey("benor", "29/0107")) == dt.date(2026, 1, 7)


def test_a_datasheet_that_left_does_not_lead_to_the_certificate_of_another_holder(tmp_path: Path) -> None:
    """The number is the same, the firm is not."""
    recorded(tmp_path, exported("2026-01-05"), exported("2026-01-06", certificates=[], datasheets=[]))
    taken_over = replace(_taken_over("2026-01-07"), datasheets=())
    record(tmp_path, taken_over, confirmed=["29/0107"])
    register = memory_of(tmp_path, taken_over)
    sheet = register.memory.datasheets["90012345"]
    language = Language("en", gettext.NullTranslations(), ("en",))
    page = datasheet_tombstone(Frame(Viewer(register, language, Urls()), (language,)), sheet)
    (value,) = next(fact.values for fact in page.facts if fact.label == "Certificates")
    assert (value.href, value.note) == (None, Phrase("number given to another holder"))


def test_the_search_is_told_of_numbers_that_are_no_longer_listed(tmp_path: Path) -> None:
    """By their search forms, with what is said of them; what is listed again is not among them."""
    gone = exported("2026-01-06", certificates=[certificate(number="29/0108")], datasheets=[])
    recorded(tmp_path, exported("2026-01-05"), gone)
    language = Language("en", gettext.NullTranslations(), ("en",))
    told = unlisted_numbers(Viewer(memory_of(tmp_path, gone), language, Urls()))
    sentence = "Not certified any more, as far as this register knows: no longer listed since 6 January 2026"
    assert told == {
        "systems": ["BENOR"],
        "rows": [
            [["290107"], "BENOR 29/0107", "/en/certificates/benor-29-0107/", sentence],
            [["90012345"], "90012345", "/en/datasheets/90012345/", sentence],
        ],
    }
    back = exported("2026-01-07")
    assert [row[1] for row in unlisted_numbers(Viewer(memory_of(tmp_path, back), language, Urls()))["rows"]] == [
        "BENOR 29/0108"
    ]


def test_replaced_numbers_lead_to_each_other_whichever_says_so(tmp_path: Path) -> None:
    newer = certificate(number="29/0108", replaces={"system": "benor", "number": "29/0107"})
    register = memory_of(tmp_path, exported("2026-01-05"), exported("2026-01-06", certificates=[newer], datasheets=[]))
    old, new = CertificateKey("benor", "29/0107"), CertificateKey("benor", "29/0108")
    assert register.successors == {old: (new,)}
    assert register.predecessors == {new: (old,)}


def test_without_a_ledger_nothing_is_remembered() -> None:
    register = Register(entries())
    assert register.showings("90012345") == ()
    assert register.first_listed("90012345") is None


# --- differences ----------------------------------------------------------------------------------------------------


def test_the_difference_between_two_exports_names_records_and_fields() -> None:
    title = {"nl": "Geotextielen", "en": "Geotextiles"}
    new = entries(
        documents=[document(title=title)],
        certificates=[certificate(number="29/0108"), certificate(valid_until="2028-02-28", remarks="Extended.")],
        datasheets=[],
    )
    found = list(differences(entries(), new))
    assert "\n".join(map(str, found)).splitlines() == [
        'documents "ptv-829" changed',
        '  title: "Geotextiles" → {"nl": "Geotextielen", "en": "Geotextiles"}',
        'certificates "benor 29/0107" changed',
        '  valid_until: "2027-02-28" → "2028-02-28"',
        '  remarks: nothing → "Extended."',
        'certificates "benor 29/0108" added',
        'datasheets "90012345" removed',
    ]
    assert found[0].as_json()["fields"] == {"title": {"from": "Geotextiles", "to": title}}
    assert list(differences(entries(), entries())) == []


def test_the_difference_tells_what_an_export_says_of_itself() -> None:
    new = entries(register=export(exported_at="2026-11-22T06:00:00+01:00", licence="CC0"))
    (found,) = differences(entries(), new)
    assert str(found).splitlines()[0] == "register changed"
    assert list(found.fields) == ["exported_at", "licence"]
    assert found.as_json()["key"] == ""


def test_a_value_is_whole_as_json_and_cut_in_a_line() -> None:
    (found,) = differences(entries(), entries(certificates=[certificate(remarks="x" * 3000)]))
    assert len(str(found)) < 600
    assert found.as_json()["fields"]["remarks"]["to"] == "x" * 3000
