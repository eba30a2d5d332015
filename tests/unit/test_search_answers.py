"""The browser's answers are those of the reference: for a list of queries, and for a thousand seeded ones."""

import json
import random
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from keur.demo import write_demonstration
from keur.model import Register
from keur.search.entries import Indexing, indexed_records
from keur.search.payload import FileSizes, merge
from keur.site.reading import read_register
from tests.unit import search_register
from tests.unit.search_reference import Reference

ANSWERS = Path(__file__).parents[1] / "js" / "answers.js"
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "queries.json").read_text(encoding="utf-8"))
LANGUAGES = ("nl", "fr", "de", "en")
SEED = 20261122
COUNT = 1000
SOUGHT = 60


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Register:
    """Return a register of 400 datasheets."""
    folder = tmp_path_factory.mktemp("register")
    write_demonstration(folder, sheets=400)
    return read_register(folder, LANGUAGES)[0]


def _answers(node: Path, files: Mapping[str, bytes], folder: Path, queries: Sequence[str]) -> list[Any]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    lines = "".join(f"{json.dumps(query)}\n" for query in queries)
    command = [node, ANSWERS, folder, "nl", "2026-11-22"]
    done = subprocess.run(command, input=lines, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _compare(reference: Reference, queries: Sequence[str], answers: Sequence[Any]) -> None:
    assert len(answers) == len(queries)
    for query, answer in zip(queries, answers, strict=True):
        if answer["cut"]:
            continue
        expected = reference.find(query)
        found = [tuple(record) for record in answer["rows"]]
        assert len(set(found)) == len(found), query
        assert set(found) == expected.records, query
        assert (answer["single"] and tuple(answer["single"])) == expected.single, query
        assert answer["slipped"] == expected.slipped, query


def test_the_vectors_are_answered_alike(node: Path, tmp_path: Path) -> None:
    """Every trap has its query here, with what it finds said by hand."""
    register = search_register.register()
    queries = [vector["query"] for vector in VECTORS]
    answers = _answers(node, search_register.payload(), tmp_path, queries)

    _compare(Reference(register, "nl", search_register.LANGUAGES), queries, answers)
    for vector, answer in zip(VECTORS, answers, strict=True):
        found = [number for _, number in answer["rows"]]
        assert found[: len(vector["first"])] == vector["first"], vector["query"]
        assert len(found) == vector["count"], vector["query"]


def test_random_queries_are_answered_alike(node: Path, demonstration: Register, tmp_path: Path) -> None:
    """Numbers and words of the register, whole, cut, mistyped and mixed; in files that hold little."""
    indexing = Indexing(demonstration, LANGUAGES)
    entries = map(indexing.entry, indexed_records(demonstration))
    reference = Reference(demonstration, "nl", LANGUAGES)
    queries = list(_queries(reference))
    answers = _answers(node, merge(indexing, entries, FileSizes(sheets=16, terms=600)), tmp_path, queries)

    _compare(reference, queries, answers)
    assert sum(1 for answer in answers if answer["cut"]) < COUNT / 50
    assert sum(1 for answer in answers if answer["rows"]) > COUNT / 2


def test_no_key_takes_away_what_the_next_one_brings_back(node: Path, demonstration: Register, tmp_path: Path) -> None:
    """Names of products and trade names, towns and declared values with their units, letter by letter."""
    indexing = Indexing(demonstration, LANGUAGES)
    entries = map(indexing.entry, indexed_records(demonstration))
    typed = list(_sought(demonstration))
    keys = list(dict.fromkeys(key for query in typed for key in _keys(query)))
    answers = _answers(node, merge(indexing, entries), tmp_path, keys)
    found = {key: len(answer["rows"]) for key, answer in zip(keys, answers, strict=True)}

    assert len(typed) == SOUGHT
    for query in typed:
        counts = [found[key] for key in _keys(query)]
        assert all(counts), f"{query}: {counts}"
    reference = Reference(demonstration, "nl", LANGUAGES)
    some = random.Random(SEED).sample(list(zip(keys, answers, strict=True)), 200)
    _compare(reference, [key for key, _ in some], [answer for _, answer in some])


def _keys(query: str) -> list[str]:
    return [query[:end].strip() for end in range(1, len(query) + 1)]


def _sought(register: Register) -> Iterable[str]:
    """Yield what is typed by who knows a product, and a value that its datasheet declares."""
    draws = random.Random(SEED)
    for _ in range(SOUGHT):
        sheet = draws.choice(list(register.datasheets.values()))
        product = register.products[sheet.product]
        units = {characteristic.id: characteristic.unit for characteristic in product.characteristics}
        ends = [(own.value or own.min or own.max, units[own.id]) for own in sheet.characteristics]
        values = [f"{end} {unit}" for end, unit in ends if unit and str(end)[0].isdigit()]
        name = draws.choice([sheet.trade_name, *(text for _, text in product.name)])
        town = draws.choice(["", f" {register.units[sheet.unit].address.city}"])
        yield f"{name}{town} {draws.choice(values)}" if values else f"{name}{town}"


def _queries(reference: Reference) -> Iterable[str]:
    draws = random.Random(SEED)
    own = sorted(number for _, number in reference.records.values())
    words = sorted(reference.all_core | set(reference.said))
    for _ in range(COUNT):
        kind = draws.random()
        if kind < 0.35:
            yield _typed(draws, draws.choice(own), "0123456789 /-")
        elif kind < 0.4:
            yield f"{draws.choice(('BENOR ', 'copro nr. ', 'atg', 'PTV '))}{draws.choice(own)}"
        else:
            some = draws.choices(words, k=draws.choice((1, 1, 1, 2, 2, 3)))
            yield " ".join(_typed(draws, word, "aeinrst") for word in some)


def _typed(draws: random.Random, text: str, letters: str) -> str:
    """Return a text as someone types it: mostly right, else cut, in other letters, or with one slip."""
    at = draws.randrange(len(text))
    how = draws.random()
    if how < 0.4:
        return text
    if how < 0.6:
        return text[: at + 1]
    if how < 0.7:
        return text.upper()
    if how < 0.8:
        return text[:at] + text[at + 1 :] or text
    if how < 0.9:
        return text[:at] + draws.choice(letters) + text[at + 1 :]
    return text[:at] + text[at:][1:2] + text[at : at + 1] + text[at + 2 :]
