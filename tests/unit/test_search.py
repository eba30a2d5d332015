"""The search data of a release: the same words, weights and columns wherever and however often they are made."""

import datetime as dt
import itertools
import json
import marshal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keur.search import build_payload, search_release
from keur.search.entries import Indexing, indexed_records
from keur.search.payload import merge
from keur.search.words import Units, index_terms, terms
from tests.unit import search_register

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "words.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"])
def test_terms(vector: dict[str, Any]) -> None:
    """A text becomes its words, folded, the same in the browser."""
    units = Units(vector.get("units", ()))

    assert units.folded == vector.get("units", [])
    assert terms(vector["text"], units) == vector["terms"]


@given(text=st.text(max_size=60))
def test_terms_are_settled(text: str) -> None:
    """A word that was folded once is not changed by folding it again, and signs never reach the index."""
    for term in terms(text):
        assert terms(term) == [term]
        assert term.isalnum()


def test_the_number_of_a_joined_word_is_indexed() -> None:
    """``DN 600`` is found as ``dn600``, and by its number alone; ``20 kN/m`` is one word, whose beginning is enough."""
    assert index_terms("Buis DN 600") == ["buis", "dn600", "600"]
    assert index_terms("Buis DN600 C 5") == ["buis", "dn600", "c5"]
    assert index_terms("Net 20,0 kN/m", Units(["kN/m"])) == ["net", "20 kn/m"]


def test_payload_is_the_browser_tests_payload() -> None:
    """The committed search data of the small register are what is built today, byte for byte."""
    built = search_register.payload()
    folder = search_register.FOLDER
    committed = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]

    assert sorted(committed) == sorted(built)
    for name, content in built.items():
        assert (folder / name).read_bytes() == content, (
            "written anew by: .venv/bin/python -m tests.unit.search_register"
        )


def test_release_follows_the_bytes() -> None:
    """The release's name is the same for the same files in any order, another for another byte."""
    files = build_payload(search_register.register(), ["nl"])
    changed = {**files, "core.json": files["core.json"] + b" "}

    assert search_release(dict(reversed(files.items()))) == search_release(files)
    assert search_release(changed) != search_release(files)


def test_entries_can_be_kept() -> None:
    """Entries are plain tuples, which ``marshal`` gives back as they were; merged again, they give the same bytes."""
    indexing = Indexing(search_register.register(), ["nl", "fr"])
    entries = [indexing.entry(record) for record in indexed_records(indexing.register)]
    kept = marshal.loads(marshal.dumps(entries))  # noqa: S302  # what was just made

    assert kept == entries
    assert merge(indexing, kept) == build_payload(indexing.register, ["nl", "fr"])


def test_an_entry_depends_on_its_record_and_its_product_alone() -> None:
    """Another holder, another certificate, another datasheet: the entry of a datasheet is the same."""
    before, after = search_register.register(), search_register.register()
    holders = {id_: holder.model_copy(update={"name": "Changed"}) for id_, holder in after.holders.items()}
    after.holders = holders
    code = "90012345"
    after.datasheets = {code: after.datasheets[code]}

    assert Indexing(before, ["nl"]).entry(before.datasheets[code]) == Indexing(after, ["nl"]).entry(
        after.datasheets[code]
    )


def test_the_order_of_the_export_does_not_matter() -> None:
    """Records that stand in another order in their files give the same search data."""
    assert build_payload(search_register.register(turned=True), ["nl"]) == build_payload(
        search_register.register(), ["nl"]
    )


def test_files_of_codes_are_told_by_their_beginnings() -> None:
    """The first form of a file is cut where that tells it from the last of the file before, and no earlier."""
    files = search_register.payload()
    codes = json.loads(files["core.json"])["codes"]
    forms = [_forms(json.loads(files[f"codes/{number}.json"])) for number in range(len(codes["starts"]))]

    assert codes["starts"][0] == forms[0][0]
    assert codes["last"] == forms[-1][-1]
    for before, start, own in zip(forms, codes["starts"][1:], forms[1:], strict=False):
        assert before[-1] < start <= own[0]
        assert before[-1].startswith(start[:-1])


def _forms(file: dict[str, Any]) -> list[str]:
    if file["digits"] is None:
        return list(file["forms"])
    return [str(form).zfill(file["digits"]) for form in itertools.accumulate(search_register.unpacked(file["forms"]))]


def test_datasheets_that_have_ended_come_last_in_their_series() -> None:
    """Of equals the browser shows those first that held on the day of the export."""
    register = search_register.register()
    sheets = dict(register.datasheets)
    sheets["90012345"] = sheets["90012345"].model_copy(update={"valid_until": dt.date(2026, 1, 1)})
    other = sheets["90012345"].model_copy(update={"code": "90012399", "valid_until": None, "trade_name": "Z"})
    register.datasheets = dict(sorted({**sheets, other.code: other}.items()))
    files = build_payload(register, ["nl"])
    codes = json.loads(files["sheets/0.json"])["codes"]

    assert codes.index("90012399") + 1 == codes.index("90012345")
    assert 1 in json.loads(files["core.json"])["series"]["holding"]
