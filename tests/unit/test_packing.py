"""What is kept of reading is what was read; of a changed file only the new records are parsed, to the same reading."""

import gc
import re
import shutil
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keur import loading
from keur.loading import Reading, read_export
from keur.loading.packing import PartsLater
from keur.loading.readings import FileReading, ForgottenError, packed, unpacked
from keur.loading.tree import Tree, read_tree
from keur.model import Datasheet
from tests.sites import GOLDEN_REGISTER

_SHEETS = "datasheets/geotextile/second.yaml"


@pytest.fixture(scope="module")
def golden() -> Reading:
    """The golden register, read without anything that is kept."""
    return read_export(GOLDEN_REGISTER, "data")


def test_a_reading_comes_back_as_it_was(golden: Reading) -> None:
    assert sum(len(part.entries) for part in golden.parts) > 40
    for part in golden.parts:
        again = unpacked(packed(part))
        assert again == part
        assert repr(again) == repr(part)


def test_problems_of_a_reading_come_back(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[1] / "fixtures" / "bad-register" / "data", tmp_path / "data")
    parts = read_export(tmp_path / "data", "data").parts
    assert sum(len(part.problems) for part in parts) > 20
    assert [unpacked(packed(part)) for part in parts] == list(parts)


def test_parts_that_are_made_later_are_as_good_as_the_tuple(golden: Reading) -> None:
    sheets = [entry.record for entry in golden.entries.datasheets if len(entry.record.characteristics) > 1]
    assert sheets
    for sheet in sheets:
        (entry,) = unpacked(packed(FileReading("datasheets", "x", "y", entries=(_entry_of(golden, sheet),)))).entries
        again = entry.record
        assert isinstance(again, Datasheet)
        later, parts = again.characteristics, sheet.characteristics
        assert isinstance(later, PartsLater)
        assert (len(later), later[0], later[-1], later[1:], list(later)) == (
            len(parts),
            parts[0],
            parts[-1],
            parts[1:],
            list(parts),
        )
        assert (later == parts, parts == later, hash(later), repr(later)) == (True, True, hash(parts), repr(parts))
        assert again == sheet
        assert again.model_dump() == sheet.model_dump()
        assert again.model_dump_json(exclude_defaults=True) == sheet.model_dump_json(exclude_defaults=True)


def _entry_of(reading: Reading, sheet: Datasheet) -> loading.Entry[Datasheet]:
    return next(entry for entry in reading.entries.datasheets if entry.record is sheet)


def test_the_same_text_is_one_object_in_a_file_that_was_kept(golden: Reading) -> None:
    sheets = [entry.record for entry in golden.entries.datasheets]
    entries = tuple(_entry_of(golden, sheet) for sheet in sheets)
    again = [entry.record for entry in unpacked(packed(FileReading("datasheets", "x", "y", entries=entries))).entries]
    assert again == sheets
    for field in ("product", "unit"):
        told = [getattr(sheet, field) for sheet in again]
        assert len(told) > len(set(told)), "no two datasheets say the same"
        assert len(set(map(id, told))) == len(set(told))


@pytest.mark.parametrize(("added", "as_one"), [(0, True), (1, False), (2, True)])
def test_texts_are_made_one_when_many_records_were_read_alone(golden: Reading, added: int, *, as_one: bool) -> None:
    """Of a file of which one record in eight or fewer was read since, the others' texts are one already."""
    entries = tuple(_entry_of(golden, entry.record) for entry in golden.entries.datasheets)
    assert 8 <= len(entries) < 16
    reading = FileReading("datasheets", "x", "y", entries=entries, held=len(entries), added=added)
    again = unpacked(packed(reading))
    told = [entry.record.product for entry in again.entries]
    assert (len(set(map(id, told))) == len(set(told))) is as_one
    assert again.added == (0 if as_one else added)
    assert [entry.record for entry in again.entries] == [entry.record for entry in entries]


def test_parts_made_later_are_not_kept(golden: Reading) -> None:
    sheets = [entry.record for entry in golden.entries.datasheets if entry.record.characteristics][:2]
    entries = tuple(_entry_of(golden, sheet) for sheet in sheets)
    one, other = (e.record for e in unpacked(packed(FileReading("datasheets", "x", "y", entries=entries))).entries)
    assert isinstance(one, Datasheet)
    assert isinstance(other, Datasheet)
    part = weakref.ref(one.characteristics[0])
    assert one.characteristics[0] is part()
    assert other.characteristics[0] is not None
    gc.collect()
    assert part() is None


@pytest.mark.parametrize("kept", [b"", b"x", b"\xe9", b"i\x01\x00\x00\x00"])
def test_bytes_that_are_no_reading_are_refused(kept: bytes) -> None:
    with pytest.raises(ForgottenError):
        unpacked(kept)


# --- only new records are parsed --------------------------------------------------------------------------------------


class Export:
    """A copy of the golden register that is edited, and what is kept of reading it."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(shutil.copytree(GOLDEN_REGISTER, folder / "data"))
        self.sheets = self.folder / _SHEETS
        self.kept: dict[str, bytes] = {}
        self.parsed = ""
        read_export(self.folder, "data", self.kept)

    def read(self, monkeypatch: pytest.MonkeyPatch) -> Reading:
        """Read it with what is kept, and note what is parsed."""
        parsed: list[str] = []

        def noted(text: str) -> Tree:
            parsed.append(text)
            return read_tree(text)

        monkeypatch.setattr(loading, "read_tree", noted)
        reading = read_export(self.folder, "data", self.kept)
        monkeypatch.undo()
        self.parsed = "\n".join(parsed)
        return reading

    def plain(self) -> Reading:
        """Read it anew."""
        return read_export(self.folder, "data")


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """An export that was read once."""
    return Export(tmp_path)


def _records(text: str) -> tuple[str, list[str]]:
    head, *records = re.split(r"^(?=  - )", text, flags=re.MULTILINE)
    return head, records


def _edit(head: str, records: list[str]) -> str:
    return head + "".join([records[0], records[1].replace("trade_name: ", "trade_name: New "), *records[2:]])


def _reverse(head: str, records: list[str]) -> str:
    return head + "".join(reversed(records))


def _remove_the_last(head: str, records: list[str]) -> str:
    return head + "".join(records[:-1])


def _add_one(head: str, records: list[str]) -> str:
    return head + "".join([*records, re.sub(r"code: .*", 'code: "555"', records[0])])


def _add_lines(head: str, records: list[str]) -> str:
    return head + "\n# a remark\n".join(records)


@pytest.mark.parametrize("edit", [_edit, _reverse, _remove_the_last, _add_one, _add_lines])
def test_a_changed_file_is_read_as_if_it_were_new(
    export: Export, monkeypatch: pytest.MonkeyPatch, edit: Callable[[str, list[str]], str]
) -> None:
    head, records = _records(export.sheets.read_text(encoding="utf-8"))
    assert len(records) > 2
    export.sheets.write_text(edit(head, records), encoding="utf-8")
    reading = export.read(monkeypatch)
    assert reading.parts == export.plain().parts
    assert reading.problems == ()


def test_of_a_changed_file_only_the_new_records_are_parsed(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    head, records = _records(export.sheets.read_text(encoding="utf-8"))
    export.sheets.write_text(_edit(head, records), encoding="utf-8")
    export.read(monkeypatch)
    assert export.parsed.count("code:") == 1
    assert "New " in export.parsed


# What may stand in the place of a record, or around one: nothing here may be taken for what it is not.
_ODD = [
    '  - x: "\n  - code: y\n    "\n',
    "  - code: [\n  - y\n",
    "  - {code: z}\n",
    "  -\n    code: z\n",
    "  - # remark\n    code: z\n",
    "  - |\n    text\n  - code: y\n",
    "...\n",
    "---\n",
    "other: 1\n",
    "  # - code: z\n",
    "  - &a code: z\n",
    "  - code: 'z\n",
    "    remark: >\n      long\n",
    "\r",
    "\u2028",
    "\u00a0",
    "\t",
    "\x0c",
    "%TAG ! x\n",
    "  - - a\n",
    "  - ? a\n    : b\n",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_put_into_a_file_the_reading_is_that_of_the_whole(export: Export, data: st.DataObject) -> None:
    """Pieces are moved, doubled, cut and mixed with what breaks the rules; each step is read upon the one before."""
    text = (GOLDEN_REGISTER / _SHEETS).read_text(encoding="utf-8")
    for _ in range(3):
        head, records = _records(text)
        for _ in range(data.draw(st.integers(1, 3))):
            place = data.draw(st.integers(0, len(records)))
            if records and data.draw(st.booleans()):
                records.pop(min(place, len(records) - 1))
            else:
                records.insert(place, data.draw(st.sampled_from([*records, *_ODD])))
        text = head + "".join(records)
        if data.draw(st.integers(0, 5)) == 0:
            text = text[: data.draw(st.integers(0, len(text)))]
        export.sheets.write_bytes(text.encode())
        reading = read_export(export.folder, "data", export.kept)
        assert reading.parts == export.plain().parts
        assert reading.problems == export.plain().problems
