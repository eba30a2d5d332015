"""YAML to a plain tree of mappings, lists and text, through PyYAML's C event stream.

Events rather than PyYAML's constructors, because those guess types (``NO`` becomes False, ``0123`` becomes 83), keep
the last of two equal keys without a word, follow aliases and tags, and die on deep nesting. Here every scalar stays
text, an unquoted ``null``, ``~`` or nothing becomes None, and whatever the contract refuses is a fault with its spot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from keur.loading.scalars import clean, is_clean
from keur.problems import FieldPath, Severity, quoted

MAX_DEPTH = 20
MAX_SCALAR = 100_000
_DEPTH_OF_RECORDS = 2

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_COMMENT = re.compile(r"[ \t]#\S")
_CUT_BY_COMMENT = re.compile(r"[ \t]+#\S")
_LINE_BREAK = re.compile(r"\r\n|[\n\r]")
# What libyaml refuses to read at all, the rest of the file included.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Line breaks to libyaml and white space to everyone else: left alone they would end a text in the middle of a line.
_ODD_BREAKS = re.compile("[\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the file's form; ``line`` and ``column`` count from 1.

    ``spoils`` says that the value is not what the file meant: what its field says of it is no news.
    """

    path: FieldPath
    line: int
    column: int
    message: str
    severity: Severity = "error"
    spoils: bool = True


@dataclass(slots=True)
class Tree:
    """A file's content: None where the file is empty. ``broken`` says that it could not be read to its end.

    ``begins`` are the lines, from 0, on which the records begin: mappings and lists two levels deep.
    """

    value: Any = None
    faults: list[Fault] = field(default_factory=list)
    broken: bool = False
    begins: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Marks:
    """Where the wanted fields of a file stand, and all around them: line and column from 1."""

    wanted: frozenset[FieldPath]
    values: dict[FieldPath, tuple[int, int]] = field(default_factory=dict)
    keys: dict[FieldPath, tuple[int, int]] = field(default_factory=dict)

    def find(self, path: FieldPath) -> tuple[int, int]:
        """Return the spot of a field: its value, else its key, else the nearest part around it that stands there."""
        while path not in self.values:
            if path in self.keys:
                return self.keys[path]
            if not path:
                return (1, 1)
            path = path[:-1]
        return self.values[path]


class _Frame:
    """A mapping or list that is being read; ``key`` is the next value's place in a mapping, None where a key is due."""

    __slots__ = ("container", "key", "path")

    def __init__(self, container: dict[str, Any] | list[Any], path: FieldPath) -> None:
        self.container = container
        self.path = path
        self.key: str | None = None

    @property
    def key_is_due(self) -> bool:
        return self.key is None and isinstance(self.container, dict)

    def next_path(self) -> FieldPath:
        """The path of the value that comes next; where a key is due, of the mapping."""
        if isinstance(self.container, list):
            return (*self.path, len(self.container))
        return self.path if self.key is None else (*self.path, self.key)


class _TooDeepError(Exception):
    """Nesting is past the limit; reading on would cost quadratic time."""


def read_tree(text: str) -> Tree:
    """Read a YAML document into a tree, with every fault of its form."""
    tree = Tree()
    reader = _Reader(text, tree)
    try:
        reader.run()
    except _TooDeepError:
        tree.broken = True
    except yaml.YAMLError as error:
        tree.broken = True
        tree.faults.append(_syntax_fault(error, reader.lines))
    return tree


def read_marks(text: str, paths: Iterable[FieldPath]) -> Marks:
    """Read where these fields of a document stand; of a document that cannot be read, as far as it goes."""
    marks = Marks(frozenset(path[:length] for path in paths for length in range(len(path) + 1)))
    try:
        _Reader(text, Tree(), marks).run()
    except (_TooDeepError, yaml.YAMLError):
        return marks
    return marks


class _Reader:
    """One pass over the events of a document. ``marks`` are noted only when asked for, because that takes time."""

    def __init__(self, text: str, tree: Tree, marks: Marks | None = None) -> None:
        self.tree = tree
        self.marks = marks
        self.frames: list[_Frame] = []
        self.text = self._readable(text)
        # The two slow looks at the text around a scalar are taken only in files where they can find something.
        self.watch_comments = bool(_COMMENT.search(text))
        self.watch_blanks = "\t" in text or "\u00a0" in text
        self._lines: list[str] | None = None

    @property
    def lines(self) -> list[str]:
        if self._lines is None:
            self._lines = _LINE_BREAK.split(self.text)
        return self._lines

    def _readable(self, text: str) -> str:
        """Put blanks in place of what would end the reading; control characters are faults."""
        text = text if text.isascii() else _ODD_BREAKS.sub(" ", text)
        if not _UNREADABLE.search(text):
            return text
        lines = 1
        begin = 0
        end = 0
        for found in _UNREADABLE.finditer(text):
            for line_break in _LINE_BREAK.finditer(text, end, found.start()):
                lines += 1
                begin = line_break.end()
            end = found.start()
            message = f"must hold no control characters; found U+{ord(found[0]):04X}"
            self.tree.faults.append(Fault((), lines, end - begin + 1, message, spoils=False))
        return _UNREADABLE.sub(" ", text)

    def run(self) -> None:
        documents = 0
        for event in self._events():
            kind = event.__class__
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent:
                self._open(event, {})
            elif kind is yaml.SequenceStartEvent:
                self._open(event, [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self.frames.pop()
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents == 2:
                    self._fault(event, "a file must hold one document; a second one begins here (---)", spoils=False)
                    return

    def _events(self) -> Iterator[Any]:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        events: Iterator[Any] = yaml.parse(self.text, Loader=loader)
        return events

    def _fault(self, event: Any, message: str, severity: Severity = "error", *, spoils: bool = True) -> None:
        path = self.frames[-1].next_path() if self.frames else ()
        mark = event.start_mark
        self.tree.faults.append(Fault(path, mark.line + 1, mark.column + 1, message, severity, spoils))

    def _open(self, event: Any, container: dict[str, Any] | list[Any]) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_marks_of_yaml(event)
        frame = self.frames[-1] if self.frames else None
        if len(self.frames) >= MAX_DEPTH:
            self._fault(event, f"must not be nested deeper than {MAX_DEPTH} levels")
            raise _TooDeepError
        if len(self.frames) == _DEPTH_OF_RECORDS:
            self.tree.begins.append(event.start_mark.line)
        path = frame.next_path() if frame else ()
        if frame and frame.key_is_due:
            self._refuse_key(event, frame)
        else:
            self._place(container, event)
        self.frames.append(_Frame(container, path))

    def _refuse_key(self, event: Any, frame: _Frame) -> None:
        """Name a key that is no text; its value is read under a name that no field has."""
        frame.key = f"<key {len(frame.container) + 1}>"
        self._fault(event, "a key must be text")

    def _refuse_marks_of_yaml(self, event: Any) -> None:
        if event.anchor is not None:
            anchor = quoted(f"&{event.anchor}")
            self._fault(event, f"must not have an anchor ({anchor}); write the value out where needed", spoils=False)
        if event.tag is not None:
            self._fault(event, f"must not have a tag; found {quoted(event.tag)}", spoils=False)

    def _alias(self, event: Any) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame and frame.key_is_due:
            self._refuse_key(event, frame)
            return
        self._fault(event, f"must not be an alias ({quoted(f'*{event.anchor}')}); write the value out")
        self._place(None, event)

    def _scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_marks_of_yaml(event)
        if self.frames and self.frames[-1].key_is_due:
            self._key(event, self.frames[-1])
            return
        value: str | None = event.value
        if value is not None and len(value) > MAX_SCALAR:
            self._fault(event, f"must not be longer than {MAX_SCALAR} characters; found {len(value)}")
            value = None
        elif event.implicit[0]:
            if self.watch_comments and value:
                self._warn_of_cut(event)
            if value in _NULLS:
                value = None
        if value is not None and not is_clean(value):
            value = self._clean(event, value)
        if self.watch_blanks and event.start_mark.column:
            before = self.lines[event.start_mark.line][event.start_mark.column - 1]
            if before == "\t":
                self._fault(event, "a tab stands where YAML wants a blank", spoils=False)
        self._place(value, event)

    def _key(self, event: Any, frame: _Frame) -> None:
        key: str = event.value
        frame.key = key
        if len(key) > MAX_SCALAR:
            self._fault(event, f"a key must not be longer than {MAX_SCALAR} characters; found {len(key)}")
        elif key == "<<" and event.implicit[0]:
            self._fault(event, "must not be a merge key (<<); write the values out")
        elif self.watch_blanks and "\u00a0" in key:
            self._fault(event, f"a no-break blank stands where YAML wants a blank; found {quoted(key)}")
        if key in frame.container:
            self._fault(event, "this key stands twice; the first one is kept", spoils=False)
        if self.marks is not None:
            path = frame.next_path()
            if path in self.marks.wanted:
                mark = event.start_mark
                self.marks.keys.setdefault(path, (mark.line + 1, mark.column + 1))

    def _clean(self, event: Any, value: str) -> str | None:
        frame = self.frames[-1] if self.frames else None
        cleaned = clean(value, frame.key if frame else None)
        for message in cleaned.errors:
            self._fault(event, message)
        for message in cleaned.warnings:
            self._fault(event, message, "warning")
        return cleaned.text or None

    def _warn_of_cut(self, event: Any) -> None:
        end = event.end_mark
        rest = self.lines[end.line][end.column :] if end.line < len(self.lines) else ""
        if _CUT_BY_COMMENT.match(rest):
            found = quoted(rest.strip(), 30)
            message = f"the text may be cut: {found} is read as a comment; put the value in quotes"
            self._fault(event, message, "warning")

    def _place(self, value: Any, event: Any) -> None:
        if not self.frames:
            self.tree.value = value
            path: FieldPath = ()
        else:
            frame = self.frames[-1]
            container = frame.container
            path = frame.next_path() if self.marks is not None else ()
            if isinstance(container, list):
                container.append(value)
            elif frame.key is not None:
                container.setdefault(frame.key, value)
                frame.key = None
        if self.marks is not None and path in self.marks.wanted:
            mark = event.start_mark
            self.marks.values.setdefault(path, (mark.line + 1, mark.column + 1))


def _syntax_fault(error: Any, lines: list[str]) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    message = f"is not YAML from here on: {said}"
    if getattr(error, "context", None):
        begun = error.context_mark.line + 1 if error.context_mark else line
        message += f" ({error.context}{f' that begins in line {begun}' if begun != line else ''})"
    around = lines[max(0, line - 2) : line]
    if any("\u00a0" in part for part in around):
        message += "; a no-break blank stands on this line or the one before, where YAML wants a blank"
    elif any("\t" in part for part in around):
        message += "; a tab stands on this line or the one before, where YAML wants blanks"
    return Fault((), line, column, message, spoils=False)
