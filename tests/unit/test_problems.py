"""Problems are values: sorted, printed on one line each, with every character that matters visible."""

import pytest

from keur.problems import Place, Problem, RegisterError, Spot, described, in_reading_order, quoted, suggestion

PLACE = Place("data/certificates/benor.yaml", ("certificates", 3, "valid_until"))


def test_a_problem_reads_as_the_contract_says() -> None:
    problem = Problem(PLACE, 'must be a date like 2027-02-28; found "31/02/2027"', line=41, column=14)
    expected = (
        "data/certificates/benor.yaml:41:14: certificates[3].valid_until: "
        'must be a date like 2027-02-28; found "31/02/2027"'
    )
    assert expected == str(problem)


def test_a_warning_says_so() -> None:
    assert str(Problem(Place("a.yaml"), "looks odd", "warning", 1, 2)) == "a.yaml:1:2: warning: looks odd"


def test_a_problem_without_a_spot_names_its_file_only() -> None:
    assert str(Problem(Place("a.yaml"), "must be there")) == "a.yaml: must be there"


def test_the_second_place_closes_the_message() -> None:
    problem = Problem(Place("a.yaml", ("id",)), "stands already at", other=Spot(Place("b.yaml", ("units", 0)), 7, 3))
    assert str(problem) == "a.yaml: id: stands already at b.yaml:7:3: units[0]"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), ""),
        (("units", 0, "name"), "units[0].name"),
        (("a b",), '"a b"'),
        (("x", "a\u200bb\n"), 'x."a<U+200B>b<U+000A>"'),
        (("k" * 1000,), '"' + "k" * 59 + '…"'),
    ],
)
def test_a_field_is_shown_so_that_it_can_be_found(path: tuple[str | int, ...], expected: str) -> None:
    assert expected == Place("a.yaml", path).field


def test_nothing_in_a_problem_can_break_its_line() -> None:
    """One problem is one line, whatever the file is called."""
    problem = Problem(Place("a\nb\u202e.yaml", ("x\r",)), "must be text")
    assert str(problem) == 'a<U+000A>b<U+202E>.yaml: "x<U+000D>": must be text'


def test_problems_are_sorted_by_place_and_kept_once() -> None:
    first = Problem(Place("a.yaml"), "m", line=2, column=9)
    second = Problem(Place("a.yaml"), "m", line=10, column=1)
    third = Problem(Place("b.yaml"), "m", line=1, column=1)
    assert (first, second, third) == in_reading_order([third, second, first, second])


def test_the_error_shows_all_problems() -> None:
    error = RegisterError([Problem(Place("b.yaml"), "two"), Problem(Place("a.yaml"), "one")])
    assert str(error) == "a.yaml: one\nb.yaml: two"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("x\u00a0y\u00ad", '"x<U+00A0>y<U+00AD>"'),
        ("a" * 90, '"' + "a" * 79 + '…"'),
        ("مصنع", '"مصنع"'),
    ],
)
def test_what_was_found_is_quoted_visibly(found: str, expected: str) -> None:
    assert expected == quoted(found)


@pytest.mark.parametrize(
    ("found", "expected"), [(None, "nothing"), ({}, "a mapping"), ([], "a list"), ((), "a list"), ("x", '"x"')]
)
def test_what_stands_in_a_field_is_described(found: object, expected: str) -> None:
    assert expected == described(found)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("holdr", '; did you mean "holder"?'),
        ("HOLDER", '; did you mean "holder"?'),
        ("zzz", ""),
        ("", ""),
        ("holder" * 50_000, ""),
    ],
)
def test_the_nearest_known_word_is_suggested(word: str, expected: str) -> None:
    assert expected == suggestion(word, ["system", "holder", "unit"])
