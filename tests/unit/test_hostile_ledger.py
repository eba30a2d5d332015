"""A made-up ledger whose chain is whole: a fault that is named, or remembered; never a crash or a stray file."""

import json
from pathlib import Path
from typing import Any

import pytest

from keur.ledger import FILE, LedgerError, numbers_used_again, read_ledger, record, remember
from keur.ledger.chain import chained
from keur.model import Entries, Register
from keur.problems import KeurError
from tests.builders import certificate, datasheet, document, entries, export, product

Line = dict[str, Any]


def exported(day: str, **changes: Any) -> Entries:
    return entries(register=export(exported_at=f"{day}T06:00:00+01:00"), **changes)


FULL = exported(
    "2026-01-05",
    certificates=[certificate(), certificate(number="29/0108")],
    datasheets=[datasheet(), datasheet(code="90012346")],
    documents=[document(), document(id="ptv-830", number="PTV 830")],
    products=[product(), product(id="old-kind", name="Old kind")],
)
PRESENT = exported("2026-03-05")


def forged(folder: Path, where: dict[str, Any], **changes: Any) -> Path:
    """Record two exports, change every line that says what ``where`` does, and make the chain whole again.

    A change of ``state`` changes what is in it; None takes a key away.
    """
    record(folder, FULL)
    record(folder, exported("2026-02-05"))
    lines = [json.loads(line) for line in (folder / FILE).read_bytes().splitlines()]
    for line in lines:
        if all(line.get(key) == value for key, value in where.items()):
            of_state = changes.get("state")
            merged = {**line, **changes}
            if isinstance(of_state, dict):
                merged["state"] = {**line.get("state", {}), **of_state}
            line.clear()
            line.update({key: value for key, value in merged.items() if value is not None})
    write(folder, lines)
    return folder


def write(folder: Path, lines: list[Line]) -> None:
    parts = []
    for line in lines:
        head = {key: value for key, value in line.items() if key not in ("after", "state")}
        state = json.dumps(line["state"], sort_keys=True, separators=(",", ":")).encode() if "state" in line else None
        parts.append((head, state))
    (folder / FILE).write_bytes(b"".join(line + b"\n" for line in chained("0" * 64, parts)))


def use(folder: Path, present: Entries = PRESENT) -> Register:
    """Ask a register with this ledger everything that a build and a recording ask."""
    ledger = read_ledger(folder / FILE)
    list(numbers_used_again(ledger, present))
    register = Register(present, remember(ledger, present))
    memory = register.memory
    assert len(memory.changes) >= 0
    for key in memory.showings:
        assert memory.showings[key]
        assert memory.traces[key]
    for gone in (*memory.certificates.values(), *memory.datasheets.values()):
        register.answer_on(gone, gone.unlisted)
    return register


GONE = {"kind": "certificates", "key": ["benor", "29/0108"]}
GONE_SHEET = {"kind": "datasheets", "key": "90012346"}


@pytest.mark.parametrize(
    ("where", "changes"),
    [
        ({"event": "export"}, {"changes": -1}),
        ({"event": "export"}, {"changes": -5}),
        ({"event": "export"}, {"changes": True}),
        ({"event": "export"}, {"changes": 3}),
        ({"event": "export"}, {"changes": 1.5}),
        ({"event": "export"}, {"exported_at": "9999-12-31T23:59:59-12:00"}),
        ({"event": "export"}, {"exported_at": "0001-01-01T00:00:00+12:00"}),
        ({"event": "export"}, {"schema": 2}),
        (GONE, {"slug": "../../../tmp/stray"}),
        (GONE, {"slug": ".."}),
        (GONE, {"slug": ""}),
        (GONE, {"slug": "a/b"}),
        (GONE, {"slug": "a\\b"}),
        (GONE, {"slug": "A" * 300}),
        (GONE, {"slug": 7}),
        (GONE, {"slug": None}),
        (GONE, {"slug": "benor-29-0107"}),
        (GONE, {"state": None}),
        (GONE, {"state": []}),
        (GONE, {"state": "text"}),
        (GONE, {"state": {"holder": 7}}),
        (GONE, {"state": {"unit": "nowhere"}}),
        (GONE, {"state": {"valid_from": "soon"}}),
        (GONE, {"state": {"valid_from": 20260105}}),
        (GONE, {"state": {"status_events": {"date": "2026-01-01"}}}),
        (GONE, {"state": {"status_events": [{"date": "2026-01-01", "status": "excellent"}]}}),
        (GONE, {"state": {"replaced_by": "29/0107"}}),
        (GONE, {"state": {"replaced_by": ["benor", 7]}}),
        (GONE, {"event": "unlisted"}),
        (GONE_SHEET, {"state": {"trade_name": ["a"]}}),
        (GONE_SHEET, {"state": {"trade_name": "\ud800"}}),
        (GONE_SHEET, {"state": {"certificates": [["benor"]]}}),
        ({"kind": "products", "key": "old-kind"}, {"key": "../../stray"}),
        ({"kind": "documents", "key": "ptv-830"}, {"key": "a/b"}),
        ({"kind": "documents", "key": "ptv-830"}, {"state": {"kind": "spell"}}),
        ({"kind": "units"}, {"state": {"city": None}}),
    ],
    ids=str,
)
def test_a_forged_line_is_refused(tmp_path: Path, where: dict[str, Any], changes: dict[str, Any]) -> None:
    with pytest.raises(KeurError):
        use(forged(tmp_path, where, **changes))


@pytest.mark.parametrize(
    ("where", "changes"),
    [
        (GONE, {"state": {"valid_from": "0001-01-01", "valid_until": "9999-12-31"}}),
        (GONE, {"state": {"status_events": [{"date": "0001-01-01", "status": "suspended", "precision": "month"}]}}),
        (GONE, {"state": {"status_events": [{"date": "9999-12-31", "status": "valid", "precision": "year"}]}}),
        (GONE, {"state": {"replaced_by": ["benor", "29/0108"]}}),
        (GONE, {"state": {"replaces": ["nobody", "<script>"]}}),
        (GONE_SHEET, {"state": {"trade_name": "<script>alert(1)</script>\u0000"}}),
        (GONE_SHEET, {"state": {"trade_name": "C:\\udine"}}),
    ],
    ids=str,
)
def test_what_is_odd_and_could_be_true_is_remembered(
    tmp_path: Path, where: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert len(use(forged(tmp_path, where, **changes)).memory.certificates) == 1


def test_a_line_nested_too_deeply_is_named(tmp_path: Path) -> None:
    record(tmp_path, FULL)
    deep = b"[" * 200_000
    ledger = tmp_path / FILE
    last = read_ledger(ledger).head
    group = b'{"after":"%s","changes":%s' % (last.encode(), deep)
    ledger.write_bytes(ledger.read_bytes() + group + b"\n")
    with pytest.raises(KeurError, match="must be a line as `keur record` writes it"):
        read_ledger(ledger)


def test_exports_out_of_order_are_refused(tmp_path: Path) -> None:
    """Days would run backwards, and a record would seem to have left before it came."""
    record(tmp_path, FULL)
    record(tmp_path, exported("2026-02-05"))
    lines = [json.loads(line) for line in (tmp_path / FILE).read_bytes().splitlines()]
    for line in lines[1:]:
        if line["event"] == "export":
            line["exported_at"] = "2025-12-05T06:00:00+01:00"
    write(tmp_path, lines)
    with pytest.raises(KeurError):
        read_ledger(tmp_path / FILE)


def test_a_ledger_of_another_register_is_no_crash(tmp_path: Path) -> None:
    """Keur cannot tell whose it is; its records are remembered as no longer listed, none as certified."""
    others = exported("2026-01-05", certificates=[certificate(number="99/9999")], datasheets=[])
    record(tmp_path, others)
    register = use(tmp_path)
    assert [gone.number for gone in register.memory.certificates.values()] == ["99/9999"]


def test_errors_are_of_keur(tmp_path: Path) -> None:
    """What the command line prints as a line is a ``LedgerError`` or a problem, see ``keur.cli``."""
    assert issubclass(LedgerError, KeurError)
    assert read_ledger(tmp_path / FILE).head == "0" * 64
