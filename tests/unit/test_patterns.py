"""Number patterns agree with Python's own engine, and no pattern and no number keeps them busy."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keur.model.patterns import NumberPattern, PatternError, number_pattern

LITERALS = st.sampled_from(
    ["a", "b", "1", "/", "-", ".", "[ab]", "[^a]", "[0-9]", "[a-b-]", r"\d", r"\D", r"\w", r"\/"]
)
REPEATS = st.sampled_from(["", "?", "*", "+", "{2}", "{1,2}", "{0,3}", "{2,}", "*?", "+?"])


def _grown(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(children, children).map("".join),
        st.tuples(children, children).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(children, REPEATS).map(lambda two: f"({two[0]}){two[1]}"),
    )


PATTERNS = st.recursive(st.tuples(LITERALS, REPEATS).map("".join), _grown, max_leaves=6)


@given(PATTERNS, st.lists(st.text("ab1/-.", max_size=8), min_size=5, max_size=5))
def test_a_pattern_means_what_it_means_to_python(pattern: str, numbers: list[str]) -> None:
    try:
        own = NumberPattern(pattern)
    except PatternError:
        # Hypothesis writes repeats that split a text in many ways; those have their own test.
        return
    theirs = re.compile(pattern, re.ASCII)
    assert [bool(theirs.fullmatch(number)) for number in numbers] == [own.matches(number) for number in numbers]


@given(st.text(r"ab\d()[]{}*+?|^$.,1-:=!<P>xu", max_size=30), st.text("ab1d", max_size=6))
def test_any_text_is_a_pattern_or_refused(text: str, number: str) -> None:
    """What is taken is a pattern to Python as well, and to Python it means the same."""
    try:
        own = NumberPattern(text)
    except PatternError:
        return
    assert bool(re.compile(text, re.ASCII).fullmatch(number)) == own.matches(number)


@pytest.mark.parametrize(
    ("pattern", "number", "expected"),
    [
        (r"\d{2}/\d{4}", "29/0107", True),
        (r"\d{2}/\d{4}", "29/01077", False),
        (r"^\d{2}/\d{4}$", "29/0107", True),
        (r"ANSSI-CC-\d{4}/\d{2,3}(-R\d{2})?", "ANSSI-CC-2019/43-R01", True),
        (r"(?:BENOR )?(?:NR\. )?\d+", "BENOR NR. 29", True),
        (r"(?!00)\d{2}/\d{4}", "00/0107", False),
        (r"(?!N/A$).+", "N/A", False),
        (r"(?!N/A$).+", "N/A 1", True),
        (r"(?=.*1)\d+", "222", False),
        (r"[\u0e00-\u0e7f]+\x2f\d", "\u0e01\u0e02/1", True),
        (r"\d", "\u0663", False),
        (r"\d+|", "", True),
        (r"(?:[A-Z]+-)*\d+", "AB-CD-7", True),
    ],
)
def test_a_number_matches_as_a_whole(pattern: str, number: str, *, expected: bool) -> None:
    assert expected is number_pattern(pattern).matches(number)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a*)*b",
        "(a|a)*b",
        "(a|ab)*c",
        r"(\d{1,3}-?)+",
        "(a?){50}a{50}",
        "((a*b)*c*)*",
        "(.*.*)+x",
    ],
)
def test_repeats_that_split_a_text_in_many_ways_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match="several ways"):
        NumberPattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "a)",
        "(a",
        "[",
        "[a",
        "[]",
        "[^]",
        "[b-a]",
        r"[a-\d]",
        "[[:alpha:]]",
        "[a&&b]",
        "*",
        "a**",
        "a*+",
        "a{2,1}",
        "a{,2}",
        "{",
        "a{",
        "}",
        "]",
        "\\",
        r"\1",
        r"\b",
        r"\A",
        r"\Z",
        r"\p{L}",
        r"\x4",
        r"\u12",
        "a^",
        "$a",
        "(^a)",
        "(a$)",
        "(?i)a",
        "(?<=a)b",
        "a(?=b)",
        "(?P<n>a)",
        "(?P=n)",
        "(?#c)",
        "(?>a)",
        "a{501}",
        "(a{30}){30}",
        "(" * 21 + "a" + ")" * 21,
        "((((){999}){999}){999}){999}",
    ],
)
def test_what_the_two_languages_do_not_read_alike_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        NumberPattern(pattern)


@pytest.mark.parametrize(
    "pattern", [".*" * 140 + "x", "a?" * 140 + "a" * 10, r"(?:\d|[0-9a]){3}" * 15, "[ab]*a[ab]{200}"]
)
def test_no_pattern_keeps_the_reader_busy(pattern: str) -> None:
    """A backtracking engine would not come to an end in these."""
    begun = time.process_time()
    NumberPattern(pattern).matches("a" * 60 + "b" * 59 + "!")
    assert time.process_time() - begun < 1


def test_remembered_steps_are_limited() -> None:
    pattern = NumberPattern(".+")
    for code in range(0x4E00, 0x4E00 + 20_100):
        pattern.matches(f"a{chr(code)}")
    assert len(pattern._walk._steps) <= 20_000
