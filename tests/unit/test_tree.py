"""YAML is read as text only, and whatever the export format refuses has its line and column."""

import json
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keur.loading.tree import MAX_SCALAR, Fault, read_marks, read_tree


def _faults(text: str) -> list[str]:
    return [_line(fault) for fault in read_tree(text).faults]


def _line(fault: Fault) -> str:
    path = ".".join(map(str, fault.path))
    mark = "! " if fault.severity == "warning" else ""
    return f"{mark}{fault.line}:{fault.column} {path}: {fault.message}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 0123", {"a": "0123"}),
        ("a: NO\nb: yes\nc: off", {"a": "NO", "b": "yes", "c": "off"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 1e5\nb: 0x1F\nc: 1_000\nd: .inf", {"a": "1e5", "b": "0x1F", "c": "1_000", "d": ".inf"}),
        ("a: 2018-09-11", {"a": "2018-09-11"}),
        ("a: true", {"a": "true"}),
        ("a: null\nb: ~\nc:\nd: NULL", {"a": None, "b": None, "c": None, "d": None}),
        ("a: 'null'\nb: \"~\"\nc: ''", {"a": "null", "b": "~", "c": ""}),
        ("a: [x, [y], {z: 1}]", {"a": ["x", ["y"], {"z": "1"}]}),
        ("a: |\n  two\n  lines\n", {"a": "two lines"}),
        ("a: >\n  two\n  lines\n", {"a": "two lines"}),
        ("a: 'x\ty\u00a0z'", {"a": "x y z"}),
        ("a: x\u2028y", {"a": "x y"}),
        ("a: x\u0085y # c\u2028d", {"a": "x y"}),
        ("\ufeffa: 1", {"a": "1"}),
        ("a: 1\r\nb: 2\r\n", {"a": "1", "b": "2"}),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": "1"}),
        ("1: x\nnull: y", {"1": "x", "null": "y"}),
        ("", None),
        ("# nothing\n", None),
        ("text", "text"),
        ("- a\n- b", ["a", "b"]),
    ],
)
def test_every_scalar_is_text(text: str, expected: object) -> None:
    tree = read_tree(text)
    assert tree.value == expected
    assert tree.faults == []


@pytest.mark.parametrize(
    ("text", "value", "faults"),
    [
        ("a: 1\na: 2", {"a": "1"}, ["2:1 a: this key stands twice; the first one is kept"]),
        ("a: {b: 1}\na: {c: 2}", {"a": {"b": "1"}}, ["2:1 a: this key stands twice; the first one is kept"]),
        (
            "a: !!python/object:os.system x",
            {"a": "x"},
            ['1:4 a: must not have a tag; found "tag:yaml.org,2002:python/object:os.system"'],
        ),
        ("a: !!str 5", {"a": "5"}, ['1:4 a: must not have a tag; found "tag:yaml.org,2002:str"']),
        ("a: ! x", {"a": "x"}, ['1:4 a: must not have a tag; found "!"']),
        ("!!map\na: 1", {"a": "1"}, ['1:1 : must not have a tag; found "tag:yaml.org,2002:map"']),
        (
            "a: &x 1\nb: *x",
            {"a": "1", "b": None},
            [
                '1:4 a: must not have an anchor ("&x"); write the value out where needed',
                '2:4 b: must not be an alias ("*x"); write the value out',
            ],
        ),
        (
            "a: &x {k: 1}\nb:\n  <<: *x\n  c: 1",
            {"a": {"k": "1"}, "b": {"<<": None, "c": "1"}},
            [
                '1:4 a: must not have an anchor ("&x"); write the value out where needed',
                "3:3 b.<<: must not be a merge key (<<); write the values out",
                '3:7 b.<<: must not be an alias ("*x"); write the value out',
            ],
        ),
        ("a: 1\n---\nb: 2", {"a": "1"}, ["2:1 : a file must hold one document; a second one begins here (---)"]),
        ("? [x, y]\n: v\nb: 1", {"<key 1>": "v", "b": "1"}, ["1:3 <key 1>: a key must be text"]),
        ("a: 1\n? {x: 1}\n: {y: 2}\n", {"a": "1", "<key 2>": {"y": "2"}}, ["2:3 <key 2>: a key must be text"]),
        (
            "a: &k 1\n*k : 2\nb: 3",
            {"a": "1", "<key 2>": "2", "b": "3"},
            [
                '1:4 a: must not have an anchor ("&k"); write the value out where needed',
                "2:1 <key 2>: a key must be text",
            ],
        ),
        ("a:\tb", {"a": "b"}, ["1:4 a: a tab stands where YAML wants a blank"]),
        (
            "a\u00a0: b",
            {"a\u00a0": "b"},
            ['1:1 a\u00a0: a no-break blank stands where YAML wants a blank; found "a<U+00A0>"'],
        ),
        (
            "a: x\x00y\nb: \x1bz",
            {"a": "x y", "b": "z"},
            [
                "1:5 : must hold no control characters; found U+0000",
                "2:4 : must hold no control characters; found U+001B",
            ],
        ),
        ('a: "x\\0y"', {"a": "xy"}, ["1:4 a: must hold no control characters; found U+0000"]),
        ("a: x\u202ey", {"a": "xy"}, ["1:4 a: must hold no direction-changing characters; found U+202E"]),
        ("- a\n- 'x\u202e'\n", ["a", "x"], ["2:3 1: must hold no direction-changing characters; found U+202E"]),
        (
            "a: Beton #1 fijn",
            {"a": "Beton"},
            ['! 1:4 a: the text may be cut: "#1 fijn" is read as a comment; put the value in quotes'],
        ),
        ("a: Kunst\u00adstof", {"a": "Kunst\u00adstof"}, ["! 1:4 a: an invisible character is taken out: U+00AD"]),
        (
            "a: BÃ©ton",
            {"a": "BÃ©ton"},
            ["! 1:4 a: looks like text that was saved in one encoding and read in another (mojibake)"],
        ),
    ],
)
def test_what_the_format_refuses_is_named_with_its_spot(text: str, value: object, faults: list[str]) -> None:
    assert _faults(text) == faults
    assert read_tree(text).value == value
    assert not read_tree(text).broken


@pytest.mark.parametrize("text", ["a: Beton # a comment", "a: 'x #1'", "a: x#1", "# a #b\na: x"])
def test_comments_that_cut_nothing_are_no_warning(text: str) -> None:
    assert _faults(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a: [1\nb: 2",
            (
                "2:2 : is not YAML from here on: did not find expected ',' or ']'"
                " (while parsing a flow sequence that begins in line 1)"
            ),
        ),
        (
            "- b: 1\n\u00a0\u00a0c: 2",
            "; a no-break blank stands on this line or the one before, where YAML wants a blank",
        ),
        ("a:\n\tb: 1", "; a tab stands on this line or the one before, where YAML wants blanks"),
        ('a: "x', "is not YAML from here on: found unexpected end of stream"),
        ('a: "\\uD800"', "found invalid Unicode character escape code"),
        ("a: @x", "found character that cannot start any token"),
    ],
)
def test_broken_yaml_says_where_and_why(text: str, expected: str) -> None:
    tree = read_tree(text)
    assert tree.broken
    assert expected in _line(tree.faults[-1])


def test_what_stands_before_a_break_is_kept() -> None:
    assert read_tree("a:\n- 1\n- 2\nb: [").value == {"a": ["1", "2"], "b": []}


def test_twenty_levels_are_read_and_one_more_is_not() -> None:
    assert not read_tree("[" * 20 + "]" * 20).broken
    tree = read_tree("[" * 21 + "]" * 21)
    assert tree.broken
    assert tree.faults[0].message == "must not be nested deeper than 20 levels"


def test_a_scalar_may_be_long_but_not_longer() -> None:
    assert read_tree("a: " + "x" * MAX_SCALAR).faults == []
    assert _faults("a: " + "x" * 100_001) == ["1:4 a: must not be longer than 100000 characters; found 100001"]


def test_a_key_may_be_long_but_not_longer() -> None:
    text = f'? "{"k" * 100_001}"\n: x'
    assert read_tree(text).faults[0].message == "a key must not be longer than 100000 characters; found 100001"


BOMB = "a: &a [x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
)
HOSTILE = {
    "brackets": "[" * 50_000,
    "braces": "{a: " * 50_000,
    "dashes": "- " * 50_000,
    "questions": "? " * 50_000,
    "bomb": BOMB,
    "long key": "k" * 100_000 + ": 1",
    "anchors": "- &a x\n" * 5_000,
    "tabs": "\t" * 100_000,
    "quotes": "'" * 99_999,
    "comments": "a: b #c\n" + "- #d\n" * 20_000,
    "documents": "--- x\n" * 20_000,
    "control characters": "a: \x01\x02\n" * 10_000,
    "duplicate keys": "a: 1\n" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_take_little_time(text: str) -> None:
    begun = time.process_time()
    tree = read_tree(text)
    assert tree.faults or tree.broken
    assert time.process_time() - begun < 2


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_a_tree_with_faults(text: str) -> None:
    assert all(fault.line > 0 and fault.column > 0 for fault in read_tree(text).faults)


@given(st.text("ab:-[]{}?!&*'\"\n\t #|>%@\u00a0<,", max_size=60))
def test_any_yaml_is_a_tree_with_faults(text: str) -> None:
    assert all(fault.line > 0 and fault.column > 0 for fault in read_tree(text).faults)


WORDS = st.text(st.characters(categories=["L", "Nd"]), min_size=1)
TREES = st.recursive(WORDS | st.none(), lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner), max_leaves=20)


@given(TREES)
def test_json_is_read_back_as_it_was(value: Any) -> None:
    """What an exporter writes as JSON arrives; names that composition changes aside."""
    normal = json.loads(json.dumps(value))
    tree = read_tree(json.dumps(value))
    if not tree.faults and not tree.broken and json.dumps(value).isascii():
        assert _composed(tree.value) == _composed(normal)


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_composed(part) for part in value]
    return {k: _composed(v) for k, v in value.items()} if isinstance(value, dict) else value


def test_marks_tell_where_a_field_stands() -> None:
    text = "a:\n- name: x\n  list: [1, 2]\n- name:\n"
    wanted: list[tuple[str | int, ...]] = [
        ("a", 0, "name"),
        ("a", 0, "list", 1),
        ("a", 1, "name"),
        ("a", 1, "gone", 3),
        ("b",),
        (),
    ]
    marks = read_marks(text, wanted)
    assert [marks.find(path) for path in wanted] == [(2, 9), (3, 13), (4, 8), (4, 3), (1, 1), (1, 1)]


def test_marks_of_a_broken_file_reach_as_far_as_it_does() -> None:
    marks = read_marks("a: 1\nb: [", [("a",), ("b", 0)])
    assert [marks.find(("a",)), marks.find(("b", 0))] == [(1, 4), (2, 4)]


def test_marks_are_those_of_the_first_of_two_keys() -> None:
    assert read_marks("a: 1\na: 2", [("a",)]).find(("a",)) == (1, 4)
