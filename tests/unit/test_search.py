"""The search data of a release: the same words, weights and columns wherever and however often they are made."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keur.search import build_payload, search_release
from keur.search.word_index import WEIGHT_STEP, WEIGHT_UNIT, Texts
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


def test_parts_of_joined_words_are_indexed() -> None:
    """``DN 600`` is found as ``dn600``, and by its number alone."""
    assert index_terms("Buis DN 600") == ["buis", "dn600", "dn", "600"]
    assert index_terms("Buis DN600") == ["buis", "dn600"]


def test_texts_of_the_same_words_are_one() -> None:
    """Texts that differ by case, accents or signs are one document of the index; a text without words is none."""
    texts = Texts()

    assert texts.numbers(["Géotextile", "GEOTEXTILE.", "---"]) == [0]
    assert texts.numbers(["Gent", "geotextile"]) == [0, 1]


def test_weights_are_those_of_lunr() -> None:
    """A term weighs more where it is rare and where its text is short; the quantised weight is within 1.5 %."""
    texts = Texts()
    short, long, other = texts.numbers(["grès", "tuyaux en grès vitrifié", "tuyaux"])
    index = texts.index()
    held = {
        term: {p.text: p.weight for p in postings} for term, postings in zip(index.terms, index.postings, strict=True)
    }

    assert list(index.terms) == sorted(held)
    assert held["gres"][short] > held["gres"][long]
    assert held["vitrifie"][long] > held["tuyaux"][long]
    assert held["tuyaux"].keys() == {long, other}
    # lunr's formula, for a term that two texts of three hold, in a text of one word where the average is two.
    weight = math.log(1 + 1.5 / 2.5) * 2.2 / (1.2 * (0.25 + 0.75 * 1 / 2) + 1)
    assert WEIGHT_UNIT * WEIGHT_STEP ** held["gres"][short] == pytest.approx(weight, rel=0.015)


def test_no_texts_make_an_empty_index() -> None:
    """A register without a word has an index without a term."""
    assert Texts().index().terms == ()


def test_payload_is_the_browser_tests_payload() -> None:
    """The committed search data of the small register are what is built today, byte for byte."""
    built = search_register.payload()

    files = [path for path in search_register.FOLDER.rglob("*") if path.is_file()]
    assert sorted(path.relative_to(search_register.FOLDER).as_posix() for path in files) == sorted(built)
    for name, content in built.items():
        assert (search_register.FOLDER / name).read_bytes() == content, (
            "written anew by: .venv/bin/python -m tests.unit.search_register"
        )


def test_release_follows_the_bytes() -> None:
    """The release's name is the same for the same files in any order, another for another byte."""
    files = build_payload(search_register.register(), ["nl"])
    changed = {**files, "words.json": files["words.json"] + b" "}

    assert search_release(dict(reversed(files.items()))) == search_release(files)
    assert search_release(changed) != search_release(files)


def test_names_fall_back_with_their_language() -> None:
    """A name that a language lacks comes from the next one, and says so."""
    files = build_payload(search_register.register(), ["nl", "fr", "de"])
    names = {lang: json.loads(files[f"names.{lang}.json"])["products"] for lang in ("nl", "fr", "de")}

    assert names["nl"] == ["Gresbuizen", "Geotextiel", ["Béton routier", "fr"]]
    assert names["fr"][2] == "Béton routier"
    assert names["de"][2] == "Straßenbeton"
