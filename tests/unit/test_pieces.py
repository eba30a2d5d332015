"""Pieces of files of the whole register: only those of datasheets that changed are made again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from keur.exports.pieces import Piece, Pieces
from keur.exports.record_json import RecordJson
from keur.exports.register_json import RegisterJson
from keur.exports.tables import Table, table_shapes
from keur.model import Register
from keur.site.memory import Memory
from keur.site.pieces import KeptPieces
from keur.site.reading import read_register
from keur.site.shown import Shown
from keur.urls import Urls
from tests.builders import Raw, certificate, datasheet, export, write_export

LANGUAGES = ("nl", "fr", "de", "en")
SITE = "https://register.example"
SHEETS = ("90012345", "90012346", "90012347")


class Building:
    """Builds of one site, in which it is counted what is made of each datasheet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.memory = Memory(folder / "memory", b"generator")
        self.made: list[tuple[str, Any]] = []

    def build(self, site_url: str = SITE, **changes: Any) -> list[Any]:
        """Ensure that kept pieces make the files that pieces made anew do, and return what was made of whom."""
        write_export(self.folder / "data", **changes)
        register, _ = read_register(self.folder / "data", LANGUAGES)
        source = KeptPieces(Shown(register), site_url, self.memory)
        self.made = []

        def counted(pieces: Pieces) -> Iterable[Piece]:
            def make(key: Any, record: Any) -> Piece:
                self.made.append((pieces.file, key))
                return pieces.make(key, record)

            return source(pieces._replace(make=make) if pieces.kind == "datasheets" else pieces)

        for kept, anew in zip(_files(register, site_url, counted), _files(register, site_url), strict=True):
            assert kept == anew
        return sorted({key for _, key in self.made})


def _files(register: Register, site_url: str, *source: Any) -> Iterable[bytes]:
    urls = Urls(site_url)
    whole = RegisterJson(register, urls, RecordJson(register, urls, LANGUAGES))
    yield from (whole.file(kind, *source) for kind in ("certificates", "datasheets"))
    yield from (Table(shape, register, urls, LANGUAGES).csv(*source) for shape in table_shapes())


@pytest.fixture
def building(tmp_path: Path) -> Building:
    """A site that was built once."""
    site = Building(tmp_path)
    assert site.build(datasheets=sheets()) == [*SHEETS]
    return site


def sheets(**changes: Raw) -> list[Raw]:
    """Return datasheets; a change is of one of them, by its code."""
    return [datasheet(code=code, **changes.get(f"sheet_{code}", {})) for code in SHEETS]


def test_nothing_is_made_again_of_what_is_the_same(building: Building) -> None:
    assert building.build(datasheets=sheets()) == []


def test_an_export_of_another_day_on_which_nothing_turns_makes_nothing_again(building: Building) -> None:
    assert building.build(register=export(exported_at="2026-11-23T06:00:00+01:00"), datasheets=sheets()) == []


def test_a_datasheet_that_changed_is_made_again_and_no_other(building: Building) -> None:
    assert building.build(datasheets=sheets(sheet_90012346={"trade_name": "=1+1"})) == ["90012346"]
    assert building.build(datasheets=sheets()[:2]) == ["90012346"]
    assert building.build(datasheets=sheets()[:2]) == []


def test_what_turns_on_a_day_is_made_again(building: Building) -> None:
    ending = sheets(sheet_90012347={"valid_until": "2026-12-31"})
    building.build(datasheets=ending)
    assert building.build(register=export(exported_at="2026-12-31T06:00:00+01:00"), datasheets=ending) == []
    assert building.build(register=export(exported_at="2027-01-01T06:00:00+01:00"), datasheets=ending) == ["90012347"]


def test_the_status_of_a_certificate_is_told_by_its_datasheets(building: Building) -> None:
    suspended = certificate(status_events=[{"date": "2026-01-05", "status": "suspended"}])
    assert building.build(certificates=[suspended], datasheets=sheets()) == [*SHEETS]


def test_another_address_makes_all_anew(building: Building) -> None:
    assert building.build("https://elsewhere.example", datasheets=sheets()) == [*SHEETS]


def test_another_column_makes_the_rows_of_its_table_anew(building: Building) -> None:
    reason = {"date": "2026-01-05", "status": "suspended", "reason": {"nl": "niet", "pl": "nie"}}
    changed = sheets(sheet_90012345={"status_events": [reason]})
    building.build(datasheets=changed)
    of_events = [key for file, key in building.made if file == "datasheets_status_events.csv"]
    assert of_events == [*SHEETS]
    assert [key for file, key in building.made if file == "datasheets.json"] == ["90012345"]


def test_a_damaged_memory_makes_all_anew(building: Building) -> None:
    for kept in (building.folder / "memory").iterdir():
        kept.write_bytes(kept.read_bytes()[:-1])
    assert building.build(datasheets=sheets()) == [*SHEETS]
