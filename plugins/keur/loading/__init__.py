"""Reading an export: the only reader of YAML. Files in, typed entries and every fault of form out.

Rules between records are not kept here but in ``checks``; they run on what could be read, so that one run names
everything that is wrong.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from keur.loading.faults import record_faults, unknown_key
from keur.loading.files import MANY_FILES, DataFile, decode, find_files, read_bytes, read_file, unread
from keur.loading.pieces import Pieces, cut
from keur.loading.readings import FileReading, ForgottenError, packed, unpacked
from keur.loading.tree import Marks, Tree, read_marks, read_tree
from keur.model import RECORD_KINDS, CertificateKey, Entries, Entry, Export
from keur.problems import FieldPath, KeurError, Place, Problem, Spot, described

_REQUIRED = ("register", "systems", "products", "certificates")


class DataFolderError(KeurError):
    """The folder of the export is not there, or cannot be listed; its text says which."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a folder. ``problems`` have their lines already; ``files`` are those that were read.

    ``parts`` are the readings of the single files in reading order.
    """

    entries: Entries
    problems: tuple[Problem, ...]
    files: Mapping[str, DataFile]
    parts: tuple[FileReading, ...] = field(default=(), repr=False)

    def locate(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Give problems that name a field their line and column; each file that has any is read once more."""
        problems = list(problems)
        wanted: defaultdict[str, list[FieldPath]] = defaultdict(list)
        for problem in problems:
            places = [] if problem.line else [problem.place]
            if problem.other:
                places.append(problem.other.place)
            for place in places:
                if place.file in self.files:
                    wanted[place.file].append(place.path)
        marks = {file: read_marks(read_file(self.files[file]).text, paths) for file, paths in wanted.items()}
        for problem in problems:
            yield _located(problem, marks)


def _located(problem: Problem, marks: Mapping[str, Marks]) -> Problem:
    other = problem.other
    if other and other.place.file in marks:
        other = Spot(other.place, *marks[other.place.file].find(other.place.path))
    line, column = problem.line, problem.column
    if not line and problem.place.file in marks:
        line, column = marks[problem.place.file].find(problem.place.path)
    return Problem(problem.place, problem.message, problem.severity, line, column, other)


def read_export(
    folder: Path,
    shown: str | None = None,
    kept: dict[str, bytes] | None = None,
    workers: int = 1,
    at_hand: dict[str, FileReading] | None = None,
) -> Reading:
    """Read an export's folder; ``shown`` is the folder's path as problems show it.

    ``kept`` holds readings of files by their key, packed. A file that has one there is not parsed again; afterwards
    it holds those of this run, and no others. ``workers`` is how many processes read. ``at_hand`` holds such readings
    as they are, and is brought up to date likewise. Raises ``DataFolderError`` where there is no such folder. Every
    other fault is a problem of the reading.
    """
    shown = folder.as_posix() if shown is None else shown.rstrip("/")
    if not folder.is_dir():
        raise DataFolderError(f"there is no folder {shown}")
    try:
        files = list(find_files(folder, shown))
    except OSError as error:
        raise DataFolderError(f"the folder {shown} cannot be read: {error.strerror}") from error
    parts = tuple(_read_parts(files, kept, workers, {} if at_hand is None else at_hand))
    problems = tuple(problem for part in parts for problem in part.problems)
    reading = Reading(
        _gathered(shown, parts), problems, {file.shown: file for file in files if file.fault is None}, parts
    )
    return replace(reading, problems=(*problems, *reading.locate(_missing_kinds(shown, parts))))


def _read_parts(
    files: Sequence[DataFile], kept: dict[str, bytes] | None, workers: int, at_hand: dict[str, FileReading]
) -> Iterator[FileReading]:
    if kept is None:
        yield from map(_read_part, files)
        return
    contents = {file.shown: read_bytes(file) for file in files if not file.fault}
    keys = {file.shown: _key(file, contents.get(file.shown, b"")) for file in files}
    before, ready = dict(kept), dict(at_hand)
    kept.clear()
    at_hand.clear()
    for key in keys.values():
        if key in before:
            kept[key] = before[key]
    fresh = []
    for file in files:
        if keys[file.shown] not in kept:
            again = _read_again(file, contents.get(file.shown), before, ready)
            if again:
                kept[again.key], ready[again.key] = packed(again), again
            else:
                fresh.append(file)
    for file, reading in zip(fresh, _packed_parts(fresh, contents, workers), strict=True):
        kept[keys[file.shown]] = reading
    for file in files:
        key = keys[file.shown]
        part = ready.get(key)
        if part is None:
            try:
                part = unpacked(kept[key])
            except ForgottenError:
                part = _read_part(file, contents.get(file.shown))
                kept[key] = packed(part)
        at_hand[key] = part
        yield part


def _read_again(
    file: DataFile, content: bytes | OSError | None, kept: Mapping[str, bytes], at_hand: Mapping[str, FileReading]
) -> FileReading | None:
    """Read a file of which something is kept: only those of its records that are new; None where that cannot be."""
    place = _place_in_key(file)
    key = next((key for key in (*at_hand, *kept) if key[_DIGEST_LENGTH:] == place), None)
    if key is None or not isinstance(content, bytes):
        return None
    try:
        before = at_hand.get(key) or unpacked(kept[key])
    except ForgottenError:
        return None
    return _FileReader(file, content).read_again(before) if before.pieces else None


_DIGEST_LENGTH = 64
"""Characters of the SHA-256 in the key of a file."""

_WORTH_FORKING = 1 << 20
"""Bytes to parse from which a second process saves more than it costs."""


def _packed_parts(files: Sequence[DataFile], contents: Mapping[str, bytes | OSError], workers: int) -> Iterator[bytes]:
    sizes = sum(len(content) for file in files if isinstance(content := contents.get(file.shown), bytes))
    if workers < 2 or sizes < _WORTH_FORKING or not hasattr(os, "fork"):
        for file in files:
            yield packed(_read_part(file, contents.get(file.shown)))
        return
    import multiprocessing  # noqa: PLC0415  # a small change has no use for it

    with multiprocessing.get_context("fork").Pool(workers) as pool:
        # The largest first would be better balanced, but files are many and order keeps this simple.
        yield from pool.imap(_pack_in_worker, [(file, contents.get(file.shown)) for file in files])


def _pack_in_worker(job: tuple[DataFile, bytes | OSError | None]) -> bytes:
    return packed(_read_part(*job))


def _key(file: DataFile, content: bytes | OSError) -> str:
    head = f"{file.kind}\0{file.shown}\0{file.fault}\0{file.severity}\0"
    digest = hashlib.sha256(head.encode("utf-8", "surrogatepass"))
    digest.update(content if isinstance(content, bytes) else repr(content).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:_DIGEST_LENGTH] + _place_in_key(file)


def _place_in_key(file: DataFile) -> str:
    """Return the end of a file's keys, which tells what was read of the same file before."""
    return f" {file.kind} {file.shown}"


def _gathered(shown: str, parts: Sequence[FileReading]) -> Entries:
    entries: dict[str, list[Entry[Any]]] = {kind: [] for kind in RECORD_KINDS}
    held = dict.fromkeys(RECORD_KINDS, 0)
    unread_keys: dict[str, set[str | CertificateKey]] = {kind: set() for kind in RECORD_KINDS}
    for part in parts:
        if part.kind in entries:
            entries[part.kind] += part.entries
            held[part.kind] += part.held
            unread_keys[part.kind] |= part.unread_keys
    incomplete = {part.kind for part in parts if part.incomplete}
    incomplete |= set(_REQUIRED) - {part.kind for part in parts}
    return Entries(
        next((part.export for part in parts if part.export), None),
        Place(f"{shown}/register.yaml"),
        **{kind: tuple(records) for kind, records in entries.items()},
        held=held,
        unread_keys={kind: frozenset(keys) for kind, keys in unread_keys.items()},
        incomplete=frozenset(incomplete),
    )


def _missing_kinds(shown: str, parts: Sequence[FileReading]) -> Iterator[Problem]:
    found = {part.kind for part in parts}
    filled = {part.kind for part in parts if part.held or part.incomplete}
    for kind in _REQUIRED:
        place = Place(f"{shown}/{kind}/" if kind in MANY_FILES else f"{shown}/{kind}.yaml")
        if kind not in found:
            yield Problem(place, "must be there; it is missing")
        elif kind != "register" and kind not in filled:
            yield Problem(place, "must hold at least one record")


def _read_part(file: DataFile, content: bytes | OSError | None = None) -> FileReading:
    """Read one file; ``content`` are its bytes, or why they could not be read, where they were read already."""
    return _FileReader(file, read_bytes(file) if content is None and not file.fault else content or b"").read()


class _FileReader:
    """Gathers records and problems of one file."""

    def __init__(self, file: DataFile, content: bytes | OSError) -> None:
        self.file = file
        self.content = content
        self.export: Export | None = None
        self.entries: list[Entry[Any]] = []
        self.held = 0
        self.unread_keys: set[str | CertificateKey] = set()
        self.incomplete = False
        self.problems: list[Problem] = []
        self.pieces: Pieces | None = None
        self.added = 0
        self.text = ""

    def read(self) -> FileReading:
        """Return what the file holds."""
        file = self.file
        if file.fault:
            self.problems.append(Problem(Place(file.shown), file.fault, file.severity))
            self._skip()
        else:
            self._read_content()
        return self._reading()

    def _reading(self) -> FileReading:
        file = self.file
        return FileReading(
            file.kind,
            file.shown,
            _key(file, self.content),
            self.export,
            tuple(self.entries),
            self.held,
            frozenset(self.unread_keys),
            self.incomplete,
            tuple(self._located()),
            self.pieces,
            self.added,
        )

    def read_again(self, before: FileReading) -> FileReading | None:
        """Read only the records that are new since; None where the file has to be read as a whole."""
        decoded = decode(self.content) if isinstance(self.content, bytes) else None
        now = cut(decoded.text) if decoded and not decoded.fault else None
        if now is None or before.pieces is None:
            return None
        digests = now.digests
        known = dict(zip(before.pieces.own, before.entries, strict=True))
        fresh = [number for number, digest in enumerate(digests.own) if digest not in known]
        if digests.head != before.pieces.head or not digests.own:
            return None
        some = now.some(fresh)
        tree = read_tree(some.text)
        values = tree.value.get(self.file.kind) if isinstance(tree.value, dict) else None
        if tree.broken or tree.faults or not some.begin_at(tree.begins) or not isinstance(values, list):
            return None
        if list(self._type_each(values[: len(fresh)])):
            return None
        made = iter(self.entries)
        self.entries = [
            Entry(entry.record, Place(self.file.shown, (self.file.kind, number)), entry.digest)
            for number, digest in enumerate(digests.own)
            for entry in (known[digest] if digest in known else next(made),)
        ]
        self.held, self.pieces = len(digests.own), digests
        self.added = before.added + len(fresh)
        return self._reading()

    def _located(self) -> Iterator[Problem]:
        paths = [problem.place.path for problem in self.problems if not problem.line]
        marks = {self.file.shown: read_marks(self.text, paths)} if paths and not self.file.fault else {}
        for problem in self.problems:
            yield _located(problem, marks)

    def _read_content(self) -> None:
        file = self.file
        decoded = decode(self.content) if isinstance(self.content, bytes) else unread(self.content)
        self.text = decoded.text
        if decoded.fault:
            place = Place(file.shown)
            self.problems.append(Problem(place, decoded.fault, line=decoded.line, column=decoded.column))
            if not decoded.text:
                self._skip()
                return
        tree = read_tree(decoded.text)
        self._type_tree(tree)
        if not self.problems and len(self.entries) == self.held > 0:
            parts = cut(self.text)
            self.pieces = parts.digests if parts and parts.begin_at(tree.begins) else None

    def _skip(self) -> None:
        self.incomplete = bool(self.file.kind)

    def _type_tree(self, tree: Tree) -> None:
        file = self.file
        if tree.broken:
            self._skip()
        typed = list(self._type_register(tree) if file.kind == "register" else self._type_records(tree))
        spoiled = {fault.path for fault in tree.faults if fault.severity == "error" and fault.spoils}
        faulty = {path for path, _ in typed} | spoiled
        for path, message in typed:
            # What a model says of a value that is not what the file meant is no news.
            if not _within(path, spoiled):
                self.problems.append(Problem(Place(file.shown, path), message))
        for fault in tree.faults:
            if fault.severity == "error" or fault.path not in faulty:
                place = Place(file.shown, fault.path)
                self.problems.append(Problem(place, fault.message, fault.severity, fault.line, fault.column))

    def _type_register(self, tree: Tree) -> Iterator[tuple[FieldPath, str]]:
        if tree.broken:
            return
        if not isinstance(tree.value, dict):
            yield (), f"must be a mapping of keys to values; found {described(tree.value)}"
            return
        try:
            self.export = Export.model_validate(tree.value)
        except ValidationError as error:
            yield from record_faults(error, Export)

    def _type_records(self, tree: Tree) -> Iterator[tuple[FieldPath, str]]:
        kind = self.file.kind
        value = tree.value
        if not isinstance(value, dict):
            if not tree.broken:
                yield (), f'must be a mapping with the key "{kind}"; found {described(value)}'
            self._skip()
            return
        for key in value:
            if key != kind:
                yield (key,), unknown_key(key, (kind,))
        records = value.get(kind)
        if isinstance(records, list):
            # Where the file breaks off, its last record is not whole.
            yield from self._type_each(records[:-1] if tree.broken else records)
        elif not tree.broken:
            if kind not in value:
                yield (), f'must have the key "{kind}"'
                self._skip()
            elif records is not None:
                yield (kind,), f"must be a list of records; found {described(records)}"
                self._skip()

    def _type_each(self, records: list[Any]) -> Iterator[tuple[FieldPath, str]]:
        kind = self.file.kind
        model: type[BaseModel] = RECORD_KINDS[kind]
        self.held += len(records)
        for index, value in enumerate(records):
            try:
                record = model.model_validate(value)
            except ValidationError as error:
                for path, message in record_faults(error, model):
                    yield (kind, index, *path), message
                self._remember_key(value)
                continue
            self.entries.append(Entry(record, Place(self.file.shown, (kind, index)), _digest(value)))

    def _remember_key(self, value: Any) -> None:
        """Keep the key of a record that is at fault, so that references to it are not called dangling as well."""
        if not isinstance(value, dict):
            return
        kind = self.file.kind
        name = {"certificates": "number", "datasheets": "code"}.get(kind, "id")
        key, system = value.get(name), value.get("system")
        if kind == "certificates":
            if isinstance(key, str) and isinstance(system, str):
                self.unread_keys.add(CertificateKey(system, key))
        elif isinstance(key, str):
            self.unread_keys.add(key)


def _digest(value: object) -> bytes:
    """Return what tells records apart: equal for records that say the same in the same order."""
    return hashlib.blake2b(json.dumps(value).encode(), digest_size=16).digest()


def _within(path: FieldPath, spoiled: set[FieldPath]) -> bool:
    return any(path[:length] in spoiled for length in range(len(path) + 1)) if spoiled else False
