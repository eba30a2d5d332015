"""A folder becomes typed entries and every fault of form, each at its line; reading never stops at the first."""

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keur.loading import DataFolderError, read_export
from keur.model import CertificateKey
from keur.problems import Place, Problem, Spot, in_reading_order
from tests.builders import certificate, holder, write_export


def _problems(folder: Path) -> list[str]:
    return [str(problem) for problem in in_reading_order(read_export(folder, "data").problems)]


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_export(tmp_path)


def test_a_good_export_is_read_whole(folder: Path) -> None:
    reading = read_export(folder, "data")
    assert reading.problems == ()
    assert reading.entries.export is not None
    assert reading.entries.export.publisher.name == "Tiny Certification"
    assert [entry.record.key for entry in reading.entries.certificates] == [CertificateKey("benor", "29/0107")]
    assert reading.entries.certificates[0].place == Place("data/certificates/all.yaml", ("certificates", 0))
    assert reading.entries.held["datasheets"] == 1


def test_records_of_many_files_come_together(folder: Path) -> None:
    _write(folder, "certificates/new/b.yaml", "certificates: []\n")
    _write(folder, "certificates/new/c.yaml", "certificates:\n")
    reading = read_export(folder, "data")
    assert reading.problems == ()
    assert len(reading.entries.certificates) == 1


def test_folders_and_lists_may_be_absent(folder: Path) -> None:
    for name in ("datasheets/all.yaml", "documents.yaml", "contacts.yaml"):
        (folder / name).unlink()
    assert _problems(folder) == []


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match="there is no folder data"):
        read_export(tmp_path / "gone", "data")


def test_an_empty_folder_lacks_what_is_required(tmp_path: Path) -> None:
    assert _problems(tmp_path) == [
        "data/certificates/: must be there; it is missing",
        "data/products.yaml: must be there; it is missing",
        "data/register.yaml: must be there; it is missing",
        "data/systems.yaml: must be there; it is missing",
    ]


def test_required_kinds_hold_a_record(folder: Path) -> None:
    _write(folder, "certificates/all.yaml", "certificates: []\n")
    _write(folder, "systems.yaml", "systems:\n")
    assert _problems(folder) == [
        "data/certificates/: must hold at least one record",
        "data/systems.yaml:1:1: must hold at least one record",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 'data/holders.yaml:1:1: must be a mapping with the key "holders"; found nothing'),
        ("- id: a\n", 'data/holders.yaml:1:1: must be a mapping with the key "holders"; found a list'),
        ("holders: a\n", 'data/holders.yaml:1:10: holders: must be a list of records; found "a"'),
        ("holders: {a: b}\n", "data/holders.yaml:1:10: holders: must be a list of records; found a mapping"),
        (
            "holders:\n- a\n",
            'data/holders.yaml:2:3: holders[0]: must be a mapping of keys to values; found "a"',
        ),
        (
            "holders:\n- id: a\n  name: x\n  country: BE\n  name: y\n",
            "data/holders.yaml:5:3: holders[0].name: this key stands twice; the first one is kept",
        ),
        (
            "holders:\n- {id: a, name: &n x, country: BE}\n",
            'data/holders.yaml:2:17: holders[0].name: must not have an anchor ("&n"); write the value out where needed',
        ),
        (
            "holders: &all\n- {id: a, name: x, country: XX}\n",
            (
                'data/holders.yaml:1:10: holders: must not have an anchor ("&all"); write the value out where needed\n'
                "data/holders.yaml:2:29: holders[0].country: must be a country code of two capitals like BE,"
                ' or ZZ where it is not known; found "XX"'
            ),
        ),
        ("holders: []\nholdres: []\n", 'data/holders.yaml:2:10: holdres: is not a known key; did you mean "holders"?'),
        (
            "holders:\n- id: a\n  name: x\n",
            "data/holders.yaml:2:3: holders[0].country: must be given",
        ),
        (
            'holders:\n- {id: a, name: x, country: "\u202eBE"}\n',
            "data/holders.yaml:2:29: holders[0].country: must hold no direction-changing characters; found U+202E",
        ),
        (
            "holders:\n- {id: a\u200b, name: Kunst\u00adstof, country: BE}\n",
            (
                "data/holders.yaml:2:8: holders[0].id: an id must hold no invisible character; found U+200B in"
                ' "a<U+200B>"\ndata/holders.yaml:2:18: warning: holders[0].name:'
                " an invisible character is taken out: U+00AD"
            ),
        ),
    ],
)
def test_faults_of_a_file_have_their_line(folder: Path, text: str, expected: str) -> None:
    _write(folder, "holders.yaml", text)
    assert _problems(folder) == expected.split("\n")


def test_a_broken_file_is_read_up_to_its_break(folder: Path) -> None:
    """What stands before is checked in the same run; the record in which it breaks off is not."""
    _write(folder, "holders.yaml", "holders:\n- {id: a, name: x, country: XX}\n- id: b\n  name: [\n- id: c\n")
    reading = read_export(folder, "data")
    assert ["holders[0].country" in str(reading.problems[0]), "is not YAML" in str(reading.problems[1])] == [True] * 2
    assert len(reading.problems) == 2
    assert reading.entries.incomplete == {"holders"}


def test_a_broken_register_file_is_one_problem(folder: Path) -> None:
    _write(folder, "register.yaml", "schema: 1\ntitle: [\n")
    reading = read_export(folder, "data")
    assert len(reading.problems) == 1
    assert reading.entries.export is None


def test_windows_bytes_do_not_hide_other_faults(folder: Path) -> None:
    text = "holders:\n- {id: a, name: Béton, country: XX}\n"
    (folder / "holders.yaml").write_bytes(text.encode("cp1252"))
    first, second = _problems(folder)
    assert "2:33: holders[0].country: must be" in first or "2:33: holders[0].country: must be" in second
    assert (
        'data/holders.yaml:2:18: must be saved as UTF-8; found the byte 0xE9, which looks like Windows-1252 for "é"'
        in (
            first,
            second,
        )
    )


def test_keys_of_records_at_fault_are_remembered(tmp_path: Path) -> None:
    folder = write_export(
        tmp_path,
        holders=[holder(country="XX"), {"id": ["x"]}, "x"],
        certificates=[certificate(valid_from="soon"), {"system": {}, "number": "1"}, certificate(number="29/0108")],
    )
    entries = read_export(folder, "data").entries
    assert entries.unread_keys["holders"] == {"weverij"}
    assert entries.unread_keys["certificates"] == {CertificateKey("benor", "29/0107")}
    assert (entries.held["holders"], entries.held["certificates"]) == (3, 3)


def test_problems_of_rules_get_their_lines(folder: Path) -> None:
    reading = read_export(folder, "data")
    place = Place("data/holders.yaml", ("holders", 0, "name"))
    elsewhere = Problem(Place("data/certificates/"), "must be there")
    located = list(reading.locate([Problem(place, "m", other=Spot(place.at("x"))), elsewhere]))
    assert (located[0].line, located[0].column) == (5, 12)
    assert located[0].other == Spot(place.at("x"), 5, 12)
    assert located[1] == elsewhere


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="their file names are always text")
def test_file_names_may_be_any_bytes(folder: Path) -> None:
    with Path(os.fsdecode(os.fsencode(folder / "certificates") + b"/\xff\n.yaml")).open("w", encoding="utf-8") as file:
        file.write("certificates: 1\n")
    (problem,) = read_export(folder, "data").problems
    assert str(problem).isprintable()
    assert "<U+DCFF><U+000A>.yaml:1:15: certificates: must be a list of records" in str(problem)


@given(st.binary(max_size=300))
def test_any_bytes_come_to_problems_and_no_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "any-bytes"
    write_export(folder)
    (folder / "holders.yaml").write_bytes(data)
    assert all(str(problem).isprintable() for problem in read_export(folder, "data").problems)


FIELDS = st.sampled_from(["id", "name", "country", "holders", "address", "former_names", "until", "nl", "<<", ""])
VALUES = st.recursive(
    st.none() | st.text(max_size=8) | st.sampled_from(["BE", "x", "2024-01-01", "0000-00-00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_any_tree_comes_to_problems_and_no_error(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    folder = tmp_path_factory.getbasetemp() / "any-tree"
    write_export(folder, holders=[value], register=value, datasheets=value)
    problems = read_export(folder, "data").problems
    assert all(problem.line for problem in problems if problem.place.file == "data/holders.yaml")


def test_twenty_thousand_faults_in_one_file_take_little_time(folder: Path) -> None:
    _write(folder, "holders.yaml", "holders:\n" + "- {id: A, nmae: x, country: XX}\n" * 20_000)
    begun = time.process_time()
    problems = read_export(folder, "data").problems
    assert len(problems) == 80_000
    assert time.process_time() - begun < 20
