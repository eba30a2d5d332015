"""Search data and the file of a list's check, out of what the last build kept: the bytes of a clean build, always."""

import copy
import hashlib
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keur.ledger import read_ledger, record, remember
from keur.model import RECORD_KINDS, Entries, Register
from keur.search import kept, own_words, payload
from keur.search.checking import KeptRows
from keur.search.payload import FileSizes
from keur.site.memory import Memory, WarmMemory
from keur.site.searching import check_file, search_payload
from tests.builders import (
    Raw,
    certificate,
    characteristic,
    datasheet,
    document,
    entries,
    export,
    holder,
    product,
    system,
    unit,
    without,
)

LANGUAGES = ("nl", "fr", "de", "en")
HELD = [{"system": "benor", "number": f"29/01{number:02}"} for number in range(4)]
NAMES = ("Grid 400", "Grid 40", "Vlies", "Vlies 400 NW", "Ève-Grès", "Grid Grid", "\U0001f600 tex", "\ufb01lter", "Z")
VALUES = ("20", "200", "NPD", "DN 600", "C60BP3", "Grid", "40 × 40")

Export = dict[str, Any]
Edit = Callable[[Export, random.Random], None]


def _small_files(monkeypatch: pytest.MonkeyPatch, terms: int = 120) -> None:
    """Let files hold hardly anything, so that there are many."""
    sizes = lambda *given: FileSizes(*given) if given else FileSizes(4, terms)  # noqa: E731  # in place of the class
    monkeypatch.setattr(payload, "FileSizes", sizes)


def _first_export() -> Export:
    chance = random.Random(7)
    return {
        "register": export(exported_at="2026-01-05T06:00:00+01:00"),
        "systems": [system(), system(id="copro", name="COPRO")],
        "documents": [document(), document(id="ptv-900", number="PTV 900")],
        "holders": [holder(), holder(id="other", name="Other")],
        "units": [unit(), unit(id="far", holder="other", name="Far away")],
        "products": [
            product(characteristics=[characteristic(filterable="true"), characteristic(id="class", kind="text")]),
            product(id="pipe", name={"nl": "Buis"}, documents=["ptv-900"]),
        ],
        "certificates": [certificate(**one, valid_until="2029-12-31") for one in HELD],
        "datasheets": [_new_sheet(f"9001{number:04}", chance) for number in range(60)],
    }


def _new_sheet(code: str, chance: random.Random) -> Raw:
    return datasheet(
        code=code,
        trade_name=chance.choice(NAMES),
        certificates=[chance.choice(HELD)],
        characteristics=[{"id": "tensile", "value": chance.choice(VALUES)}],
        # The last day of their certificate, as most have it; another, or none.
        valid_until=chance.choice(("2029-12-31", "2029-12-31", "2028-12-31", without)),
    )


def _a_sheet(given: Export, chance: random.Random) -> Raw:
    sheet: Raw = chance.choice(given["datasheets"])
    return sheet


def _rename(given: Export, chance: random.Random) -> None:
    _a_sheet(given, chance)["trade_name"] = chance.choice((*NAMES, f"New {chance.randrange(1000)}"))


def _declare(given: Export, chance: random.Random) -> None:
    value = {"id": "tensile", "value": chance.choice(VALUES)}
    if chance.random() < 0.2:
        value["unit"] = chance.choice(("kN/m", "kPa", "furlong"))
    _a_sheet(given, chance)["characteristics"] = [value]


def _suspend(given: Export, chance: random.Random) -> None:
    status = chance.choice(("suspended", "withdrawn"))
    _a_sheet(given, chance)["status_events"] = [{"date": "2026-01-02", "status": status}]


def _end(given: Export, chance: random.Random) -> None:
    _a_sheet(given, chance)["valid_until"] = chance.choice(("2026-01-01", "2026-02-01", "2029-12-31"))


def _move(given: Export, chance: random.Random) -> None:
    _a_sheet(given, chance)["certificates"] = chance.sample(HELD, chance.randint(1, 2))


def _conform(given: Export, chance: random.Random) -> None:
    _a_sheet(given, chance)["conforms_to"] = chance.choice(([], ["ptv-900"]))


def _mark(given: Export, chance: random.Random) -> None:
    _a_sheet(given, chance)["gtin"] = chance.choice(("5412345000013", "96385074"))


def _add(given: Export, chance: random.Random) -> None:
    given["datasheets"].append(_new_sheet(f"{chance.choice(('8', '9002', 'A-'))}{chance.randrange(10**6):06}", chance))


def _remove(given: Export, chance: random.Random) -> None:
    given["datasheets"].remove(_a_sheet(given, chance))


def _edit_product(given: Export, chance: random.Random) -> None:
    given["products"][0]["characteristics"][0]["unit"] = chance.choice(("kN/m", "kPa", "m"))


def _edit_certificate(given: Export, chance: random.Random) -> None:
    chance.choice(given["certificates"])["valid_until"] = chance.choice(("2028-12-31", "2029-12-31"))


def _edit_names(given: Export, chance: random.Random) -> None:
    chance.choice(given["holders"])["name"] = f"Holder {chance.randrange(100)}"
    chance.choice(given["systems"])["name"] = f"SYSTEM {chance.randrange(100)}"


def _another_day(given: Export, chance: random.Random) -> None:
    _, month, day = given["register"]["exported_at"][:10].split("-")
    given["register"]["exported_at"] = f"2026-{int(month):02}-{min(28, int(day) + 1):02}T06:00:00+01:00"


SHEET_EDITS: tuple[Edit, ...] = (_rename, _declare, _suspend, _end, _move, _conform, _mark)
EDITS: tuple[Edit, ...] = (*SHEET_EDITS, _add, _remove, _edit_product, _edit_certificate, _edit_names, _another_day)


def _typed(given: Export) -> Entries:
    """Return an export as it is read from files, with the digests of records."""
    typed = entries(**given)
    kinds = {
        kind: tuple(
            replace(entry, digest=hashlib.sha256(repr(entry.record).encode()).digest()) for entry in typed.of_kind(kind)
        )
        for kind in RECORD_KINDS
    }
    return replace(typed, **kinds)


def _check(register: Register, memory: Memory, told: object) -> None:
    assert search_payload(register, LANGUAGES, memory) == search_payload(register, LANGUAGES, None), told
    assert check_file(register, memory) == check_file(register, None), told


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("warm", [False, True])
def test_after_any_edits_kept_parts_give_the_bytes_of_a_clean_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, warm: bool
) -> None:
    """One edit a build, or many, of datasheets and of all that they hang on; exports are recorded now and then."""
    _small_files(monkeypatch)
    chance = random.Random(seed)
    memory = (WarmMemory if warm else Memory)(tmp_path / "memory", b"generator")
    given = _first_export()
    record(tmp_path, _typed(given))
    for _ in range(25):
        done = [chance.choice(EDITS if chance.random() < 0.5 else SHEET_EDITS) for _ in range(chance.choice((1, 1, 4)))]
        for edit in done:
            edit(given, chance)
        typed = _typed(given)
        register = Register(typed, remember(read_ledger(tmp_path / "ledger.jsonl"), typed))
        _check(register, memory, done)
        if chance.random() < 0.3:
            record(tmp_path, typed)


def test_a_code_that_another_holder_takes_over_has_another_past(tmp_path: Path) -> None:
    """Nothing changes in the datasheet nor in what is recorded of it: only its certificate has another holder now."""
    memory = Memory(tmp_path / "memory", b"generator")
    given = _first_export()
    given["datasheets"][5]["certificates"] = [HELD[0]]
    record(tmp_path, _typed(given))
    without_it = copy.deepcopy(given)
    del without_it["datasheets"][5]
    without_it["register"]["exported_at"] = "2026-01-06T06:00:00+01:00"
    record(tmp_path, _typed(without_it))
    given["register"]["exported_at"] = "2026-01-07T06:00:00+01:00"
    told = []
    for holder_id in ("weverij", "other"):
        given["certificates"][0]["holder"] = holder_id
        typed = _typed(given)
        register = Register(typed, remember(read_ledger(tmp_path / "ledger.jsonl"), typed))
        told.append(register.showings(given["datasheets"][5]["code"]))
        _check(register, memory, holder_id)
    assert told[0] != told[1]


@pytest.mark.parametrize("lost", ["search", "search-files", "check"])
def test_a_part_of_the_memory_may_be_another_builds(tmp_path: Path, lost: str) -> None:
    """Parts are kept one by one: a build that is killed leaves some of its own and some of the one before."""
    memory = Memory(tmp_path / "memory", b"generator")
    before = _first_export()
    after = copy.deepcopy(before)
    _rename(after, random.Random(1))
    _check(Register(_typed(before)), memory, lost)
    older = (memory.folder / lost).read_bytes()
    _check(Register(_typed(after)), memory, lost)
    (memory.folder / lost).write_bytes(older)
    _check(Register(_typed(after)), memory, lost)
    (memory.folder / lost).unlink()
    _check(Register(_typed(after)), memory, lost)


def test_one_datasheet_changed_makes_only_the_files_that_say_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that another datasheet declares: of 30 files three, and only the postings of its words."""
    _small_files(monkeypatch, terms=20_000)
    memory = Memory(tmp_path / "memory", b"generator")
    given = _first_export()
    files = search_payload(Register(_typed(given)), LANGUAGES, memory)
    made: list[bytes] = []
    encoded = kept.encoded
    monkeypatch.setattr(kept, "encoded", lambda content: made.append(encoded(content)) or made[-1])
    monkeypatch.setattr(own_words, "_made_anew", None)

    given["datasheets"][5]["characteristics"] = [{"id": "tensile", "value": "NPD"}]
    changed = search_payload(Register(_typed(given)), LANGUAGES, memory)

    assert changed.keys() == files.keys()
    assert len(files) > 30
    names = [name for name, file in changed.items() if any(file.endswith(one[1:]) for one in made)]
    # The file of its row, the one of all words, and what its product's datasheets declare.
    assert sorted(name.partition("/")[0] for name in names) == ["sheets", "terms", "values"]

    made.clear()
    assert search_payload(Register(_typed(given)), LANGUAGES, memory) == changed
    assert made == []


def test_the_rows_of_a_check_are_made_of_what_changed_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(tmp_path / "memory", b"generator")
    given = _first_export()
    check_file(Register(_typed(given)), memory)
    made: list[str] = []
    keep = KeptRows.keep
    monkeypatch.setattr(KeptRows, "keep", lambda self, digest, row: made.append(row.number) or keep(self, digest, row))

    given["datasheets"][5]["trade_name"] = "Changed"
    check_file(Register(_typed(given)), memory)

    assert made == [given["datasheets"][5]["code"]]
