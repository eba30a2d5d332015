"""The benchmark's questions: the same for a seed, each with answers that the register really gives."""

import random

import pytest

from keur.demo import write_demonstration
from keur.site.reading import read_register
from tests.benchmarks.search.browser import answer_of
from tests.benchmarks.search.queries import LANGUAGES, Facts, bare, distance, make_queries, slipped, slips_of, words_of


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """What a small demonstration register says."""
    folder = tmp_path_factory.mktemp("register")
    write_demonstration(folder, sheets=150)
    return Facts(read_register(folder, LANGUAGES)[0])


def test_a_seed_always_asks_the_same(facts: Facts) -> None:
    """Two runs of one seed are one; another seed asks something else; no class is left out."""
    queries = make_queries(facts, 1, 3)
    assert make_queries(facts, 1, 3) == queries
    assert make_queries(facts, 2, 3) != queries
    assert len({query.kind for query in queries}) == 33


def test_answers_are_pages_of_the_register(facts: Facts) -> None:
    """Only queries for what is not there have no answer, and every answer is a page."""
    pages = {
        *map(facts.page, facts.records),
        *(f"products/{id_}" for id_ in facts.register.products),
        *(f"holders/{id_}" for id_ in facts.register.holders),
        *(f"documents/{id_}" for id_ in facts.register.documents),
    }
    for query in make_queries(facts, 1, 3):
        assert bool(query.answers) != query.kind.startswith("nothing"), query
        assert query.answers <= pages, query


def test_a_well_typed_number_has_its_own_page(facts: Facts) -> None:
    """A number typed as printed is answered by the record that bears it."""
    for query in make_queries(facts, 1, 5):
        if query.kind == "datasheet code, exact":
            assert f"datasheets/{facts.register.datasheet_slugs[query.text]}" in query.answers


@pytest.mark.parametrize(("a", "b", "far"), [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xbz", 2)])
def test_distance(a: str, b: str, far: int) -> None:
    assert distance(a, b) == distance(b, a) == far


def test_slips() -> None:
    """What is one slip away is at a distance of one, and every slip that is made is among it."""
    near = slips_of("29107", "0123456789")
    assert {distance("29107", word) for word in near} == {1}
    rng = random.Random(0)
    assert {slipped("29107", "0123456789", rng, range(5)) for _ in range(500)} <= near | {"29107"}


def test_words_and_numbers_are_bared() -> None:
    assert words_of("Gröſse, l'Œuvre DN-600") == ("grosse", "l", "oeuvre", "dn", "600")
    assert bare("benor 29/0107") == "BENOR290107"


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        ("http://127.0.0.1:1/nl/certificates/benor-29-0107/", "certificates/benor-29-0107"),
        ("/en/products/geotextile/?q=x", "products/geotextile"),
        ("/d/90012345/", "datasheets/90012345"),
        ("/nl/datasheets/%C3%A9-1/", "datasheets/é-1"),
        ("", ""),
    ],
)
def test_answer_of(link: str, answer: str) -> None:
    """A result is known by its path, whatever the language of the page and the form of the link."""
    assert answer_of(link) == answer
