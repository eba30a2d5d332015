"""One register in which everything is wrong: every fault is named, in one run, in these words."""

from collections.abc import Callable
from pathlib import Path

from keur.checks import RULES, check
from keur.checks.index import Index
from keur.loading import read_export
from keur.problems import in_reading_order

FOLDER = Path(__file__).parents[1] / "fixtures" / "bad-register"
LANGUAGES = ("nl", "fr", "de", "en")


def test_every_fault_of_the_bad_register_is_named(golden: Callable[[Path, str], None]) -> None:
    reading = read_export(FOLDER / "data", "data")
    problems = in_reading_order([*reading.problems, *reading.locate(check(reading.entries, LANGUAGES))])
    golden(FOLDER / "expected-problems.txt", "".join(f"{problem}\n" for problem in problems))


def test_every_rule_is_broken_in_the_bad_register() -> None:
    index = Index(read_export(FOLDER / "data", "data").entries, LANGUAGES)
    assert [rule.__name__ for rule in RULES if not any(rule(index))] == []


def test_every_problem_of_a_file_has_its_line() -> None:
    """Only what is said of a whole file or folder has none."""
    reading = read_export(FOLDER / "data", "data")
    problems = [*reading.problems, *reading.locate(check(reading.entries, LANGUAGES))]
    assert [str(problem) for problem in problems if problem.place.path and not problem.line] == []
