"""Reading an export: the only reader of YAML. Files in, typed entries and every fault of form out.

Rules between records are not kept here but in ``checks``; they run on what could be read, so that one run names
everything that is wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from keur.loading.faults import record_faults, unknown_key
from keur.loading.files import MANY_FILES, DataFile, find_files, read_file
from keur.loading.tree import Marks, Tree, read_marks, read_tree
from keur.model import RECORD_KINDS, CertificateKey, Entries, Entry, Export
from keur.problems import FieldPath, KeurError, Place, Problem, Spot, described

_REQUIRED = ("register", "systems", "products", "certificates")


class DataFolderError(KeurError):
    """The folder of the export is not there, or cannot be listed; its text says which."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a folder. ``problems`` have their lines already; ``files`` are those that were read."""

    entries: Entries
    problems: tuple[Problem, ...]
    files: Mapping[str, DataFile]

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


def read_export(folder: Path, shown: str | None = None) -> Reading:
    """Read an export's folder; ``shown`` is the folder's path as problems show it.

    Raises ``DataFolderError`` where there is no such folder. Every other fault is a problem of the reading.
    """
    shown = folder.as_posix() if shown is None else shown.rstrip("/")
    if not folder.is_dir():
        raise DataFolderError(f"there is no folder {shown}")
    try:
        files = list(find_files(folder, shown))
    except OSError as error:
        raise DataFolderError(f"the folder {shown} cannot be read: {error.strerror}") from error
    return _ExportReader(shown).read(files)


class _ExportReader:
    """Gathers entries and problems over all files of one export."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.export: Export | None = None
        self.entries: dict[str, list[Entry[Any]]] = {kind: [] for kind in RECORD_KINDS}
        self.held = dict.fromkeys(RECORD_KINDS, 0)
        self.unread_keys: dict[str, set[str | CertificateKey]] = {kind: set() for kind in RECORD_KINDS}
        self.incomplete: set[str] = set()
        self.problems: list[Problem] = []

    def read(self, files: list[DataFile]) -> Reading:
        for file in files:
            self._read_file(file)
        self._require_kinds({file.kind for file in files})
        entries = Entries(
            self.export,
            Place(f"{self.shown}/register.yaml"),
            systems=tuple(self.entries["systems"]),
            products=tuple(self.entries["products"]),
            documents=tuple(self.entries["documents"]),
            holders=tuple(self.entries["holders"]),
            units=tuple(self.entries["units"]),
            contacts=tuple(self.entries["contacts"]),
            certificates=tuple(self.entries["certificates"]),
            datasheets=tuple(self.entries["datasheets"]),
            held=self.held,
            unread_keys={kind: frozenset(keys) for kind, keys in self.unread_keys.items()},
            incomplete=frozenset(self.incomplete),
        )
        reading = Reading(entries, (), {file.shown: file for file in files if file.fault is None})
        return replace(reading, problems=tuple(reading.locate(self.problems)))

    def _read_file(self, file: DataFile) -> None:
        if file.fault:
            self.problems.append(Problem(Place(file.shown), file.fault, file.severity))
            self._skip(file)
            return
        decoded = read_file(file)
        if decoded.fault:
            place = Place(file.shown)
            self.problems.append(Problem(place, decoded.fault, line=decoded.line, column=decoded.column))
            if not decoded.text:
                self._skip(file)
                return
        self._type_tree(file, read_tree(decoded.text))

    def _skip(self, file: DataFile) -> None:
        if file.kind:
            self.incomplete.add(file.kind)

    def _type_tree(self, file: DataFile, tree: Tree) -> None:
        if tree.broken:
            self._skip(file)
        typed = list(self._type_register(tree) if file.kind == "register" else self._type_records(file, tree))
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

    def _type_records(self, file: DataFile, tree: Tree) -> Iterator[tuple[FieldPath, str]]:
        kind = file.kind
        value = tree.value
        if not isinstance(value, dict):
            if not tree.broken:
                yield (), f'must be a mapping with the key "{kind}"; found {described(value)}'
            self._skip(file)
            return
        for key in value:
            if key != kind:
                yield (key,), unknown_key(key, (kind,))
        records = value.get(kind)
        if isinstance(records, list):
            # Where the file breaks off, its last record is not whole.
            yield from self._type_each(file, records[:-1] if tree.broken else records)
        elif not tree.broken:
            if kind not in value:
                yield (), f'must have the key "{kind}"'
                self._skip(file)
            elif records is not None:
                yield (kind,), f"must be a list of records; found {described(records)}"
                self._skip(file)

    def _type_each(self, file: DataFile, records: list[Any]) -> Iterator[tuple[FieldPath, str]]:
        kind = file.kind
        model: type[BaseModel] = RECORD_KINDS[kind]
        entries = self.entries[kind]
        self.held[kind] += len(records)
        for index, value in enumerate(records):
            try:
                record = model.model_validate(value)
            except ValidationError as error:
                for path, message in record_faults(error, model):
                    yield (kind, index, *path), message
                self._remember_key(kind, value)
                continue
            entries.append(Entry(record, Place(file.shown, (kind, index))))

    def _remember_key(self, kind: str, value: Any) -> None:
        """Keep the key of a record that is at fault, so that references to it are not called dangling as well."""
        if not isinstance(value, dict):
            return
        name = {"certificates": "number", "datasheets": "code"}.get(kind, "id")
        key, system = value.get(name), value.get("system")
        if kind == "certificates":
            if isinstance(key, str) and isinstance(system, str):
                self.unread_keys[kind].add(CertificateKey(system, key))
        elif isinstance(key, str):
            self.unread_keys[kind].add(key)

    def _require_kinds(self, found: set[str]) -> None:
        for kind in _REQUIRED:
            place = Place(f"{self.shown}/{kind}/" if kind in MANY_FILES else f"{self.shown}/{kind}.yaml")
            if kind not in found:
                self.problems.append(Problem(place, "must be there; it is missing"))
                self.incomplete.add(kind)
            elif kind != "register" and not self.held[kind] and kind not in self.incomplete:
                self.problems.append(Problem(place, "must hold at least one record"))


def _within(path: FieldPath, spoiled: set[FieldPath]) -> bool:
    return any(path[:length] in spoiled for length in range(len(path) + 1)) if spoiled else False
