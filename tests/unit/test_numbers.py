"""Numbers: found in any spelling, addressed for ever, the same in Python and in the browser."""

import json
import random
import re
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keur.numbers import (
    SLUG_BYTES,
    SLUG_CHARACTERS,
    allocate_slugs,
    compact,
    plain_slug,
    search_form,
    search_forms,
    slug,
)
from keur.search.words import terms

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "numbers.json").read_text(encoding="utf-8"))
TWIN = Path(__file__).parents[1] / "js" / "twin.js"

SIGNS = " .,/\\-_+():;#&*'°"
NAMES = ("benor", "BENOR", "copro", "COPRO", "COPRO.EXE", "NO", "CE")
# Letters and digits that every Unicode since Python 3.11's knows, a few scripts of each direction.
LETTERS = "".join(
    character
    for start, end in ((0x30, 0x7B), (0xC0, 0x180), (0x370, 0x400), (0x600, 0x6FF), (0xE00, 0xE5B), (0x4E00, 0x4E80))
    for character in map(chr, range(start, end))
    if character.isalnum()
)
numbers = st.text(alphabet=st.sampled_from(LETTERS + SIGNS), min_size=1, max_size=120)


@pytest.mark.parametrize("vector", VECTORS["forms"], ids=lambda vector: vector["text"])
def test_forms(vector: dict[str, list[str]]) -> None:
    """A number has its forms, the exact spelling first."""
    forms = search_forms(vector["text"], vector["system_names"])

    assert list(forms) == vector["forms"]
    assert search_form(vector["text"], vector["system_names"]) == vector["forms"][-1]


@pytest.mark.parametrize("vector", VECTORS["slugs"], ids=lambda vector: vector["number"][:30])
def test_slugs(vector: dict[str, str]) -> None:
    """A number has its slug, plain or not."""
    assert slug(vector["number"], vector["prefix"]) == vector["slug"]
    assert (plain_slug(vector["number"], vector["prefix"]) == vector["slug"]) == vector["plain"]


@pytest.mark.parametrize("vector", VECTORS["allocations"], ids=lambda vector: vector["rule"])
def test_allocations(vector: dict[str, list[list[str]]]) -> None:
    """Records of one slug are kept apart, in whatever order they come."""
    records = [(key, number, prefix) for key, number, prefix in vector["records"]]

    for order in (records, records[::-1]):
        slugs = allocate_slugs(order)
        assert [slugs[key] for key, _, _ in records] == vector["slugs"]


@given(number=numbers, system=st.sampled_from(NAMES))
def test_a_record_is_found_by_its_own_number(number: str, system: str) -> None:
    """A number typed as printed, in small or capital letters, after its system's name, meets its record."""
    record = set(search_forms(number, [system]))

    typed_as = [number, number.lower(), number.upper()]
    if compact(number):
        typed_as += [f"{system} {number}", f"{system} nr. {number}", f" ({system}) {number}."]
    for typed in typed_as:
        assert record & set(search_forms(typed, NAMES)), typed


@given(text=st.text(max_size=40))
def test_compact_is_settled(text: str) -> None:
    """Compacting twice changes nothing, and case does not matter."""
    once = compact(text)

    assert compact(once) == once
    assert compact(text.upper()) == compact(text.lower())


def test_capital_sharp_s_is_a_sharp_s() -> None:
    """The rare capital is the same letter as ß and SS."""
    assert compact("ẞ-1") == compact("ß-1") == compact("SS 1")


@given(text=st.text(max_size=200), prefix=st.sampled_from(["", "benor", "ce", "x" * 63]))
def test_a_slug_is_a_folder_name(text: str, prefix: str) -> None:
    """Whatever the number, its slug is safe on every file system."""
    name = slug(text, prefix)

    assert 1 <= len(name) <= SLUG_CHARACTERS
    assert len(name.encode("utf-8", "surrogatepass")) <= SLUG_BYTES
    assert all(c == "-" or c.isalnum() or unicodedata.category(c)[0] == "M" for c in name)
    assert unicodedata.normalize("NFC", name) == name
    assert not name.startswith("-")
    assert name not in ("con", "nul", "aux", "prn", "com1", "lpt9")


@given(texts=st.lists(st.text(alphabet=st.sampled_from("1-/. aAａıiİß"), min_size=1, max_size=4), unique=True))
def test_no_two_slugs_are_equal(texts: list[str]) -> None:
    """No two records share a slug, not even but for case or width, and the order of records carries no meaning."""
    records = [(text, text, "") for text in texts]

    slugs = allocate_slugs(records)
    folded = {unicodedata.normalize("NFKC", name.casefold()) for name in slugs.values()}

    assert len(folded) == len(texts)
    assert allocate_slugs(records[::-1]) == slugs


@given(text=st.text(alphabet=st.sampled_from("aΣσ1٢-/ \u0301\u20e3\ufe0fकिİ"), max_size=12))
def test_marks_change_nothing_else_in_a_slug(text: str) -> None:
    """Without marks and signs, a slug is its number."""

    def bare(text: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFKD", text.upper()) if c.isalnum())

    assert bare(plain_slug(text)) == bare(text)


def test_browser_knows_every_digit(node: Path) -> None:
    """The JavaScript twin folds each decimal digit that Python knows."""
    digits = [chr(code) for code in range(0x20000) if chr(code).isdecimal()]

    assert compact("".join(digits)) == "0123456789" * (len(digits) // 10)
    assert json.loads(_asked(node, [{"text": "".join(digits), "names": []}])[0])["compact"] == compact("".join(digits))


def _asked(node: Path, questions: list[dict[str, Any]]) -> list[str]:
    """Return the twin's answers, a line each."""
    return subprocess.run(
        [node, TWIN],
        input="".join(json.dumps(question) + "\n" for question in questions),
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=60,
    ).stdout.splitlines()


def test_browser_agrees_on_a_thousand_numbers(node: Path) -> None:
    """The JavaScript twins say the same of 1,000 random texts."""
    draw = random.Random(29_0107)
    texts = ["".join(draw.choices(LETTERS + SIGNS, k=draw.randint(1, 20))) for _ in range(400)]
    texts += [
        draw.choice(["", "BENOR ", "copro nr ", "N° ", "NO", "no. "]) + "".join(draw.choices("0123456789/-. AR", k=8))
        for _ in range(600)
    ]
    asked = [{"text": text, "names": NAMES, "prefix": draw.choice(["", "ce", "benor"])} for text in texts]

    answers = _asked(node, asked)

    assert len(answers) == 1000
    for question, answer in zip(asked, map(json.loads, answers), strict=True):
        text = question["text"]
        assert answer == {
            "compact": compact(text),
            "forms": list(search_forms(text, NAMES)),
            "slug": plain_slug(text, str(question["prefix"])),
            "terms": terms(text),
        }


def test_a_published_slug_stays_with_its_record_and_is_no_others() -> None:
    """The first by key gives way to what was published, and a slug of a record that is gone is not given again."""
    published = {"b": "benor-1-23", "gone": "benor-4"}
    slugs = allocate_slugs([("a", "1/23", "benor"), ("b", "1-23", "benor"), ("c", "4", "benor")], published)
    assert slugs["b"] == "benor-1-23"
    assert re.fullmatch(r"benor-1-23-[0-9a-f]{10}", slugs["a"])
    assert re.fullmatch(r"benor-4-[0-9a-f]{10}", slugs["c"])
