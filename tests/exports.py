"""Exports read back as somebody else's program would: into records as an export of YAML holds them.

CSV files are read by what ``datapackage.json`` says of them; where parts of a record stand is told by the format's
models alone.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from keur.exports.shapes import Many, Part, Scalar, Words, part_of
from keur.model import RECORD_KINDS, AnyRecord

Files = Mapping[str, bytes]
"""Data files by their names below ``/data/``."""


def as_given(value: Any) -> Any:
    """Return a value of JSON as an export spells it: scalars as text, a text for all languages as itself."""
    if isinstance(value, dict):
        return value["@none"] if set(value) == {"@none"} else {name: as_given(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_given(part) for part in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return str(value)


def records_of_json(files: Files, kind: str) -> list[AnyRecord]:
    """Return the records of a kind out of its JSON file, typed."""
    rows = json.loads(files[f"{kind}.json"])[kind]
    return [RECORD_KINDS[kind].model_validate(as_given(row["record"])) for row in rows]


Row = dict[str, Any]


class Tables:
    """The CSV files of a register, by what its data package says."""

    def __init__(self, files: Files) -> None:
        self.package = json.loads(files["datapackage.json"])
        self.undo = re.compile(self.package["defused"]["undo"])
        self.free = set(self.package["defused"]["types"])
        self.resources = {r["name"]: r for r in self.package["resources"] if r["format"] == "csv"}
        self.rows = {name: self._read(r, files[r["path"]]) for name, r in self.resources.items()}

    def _read(self, resource: Mapping[str, Any], content: bytes) -> list[Row]:
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        head, *rows = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)
        assert head == list(fields)
        return [
            {name: self._cell(fields[name], cell) for name, cell in zip(head, row, strict=True) if cell != ""}
            for row in rows
        ]

    def _cell(self, field: Mapping[str, Any], cell: str) -> Any:
        text = self.undo.sub(r"\1", cell) if field["type"] in self.free else cell
        return text.split(field["delimiter"]) if field["type"] == "list" else text

    def records(self, kind: str) -> list[AnyRecord]:
        """Return the records of a kind, typed."""
        part = part_of(RECORD_KINDS[kind])
        parts: dict[str, dict[tuple[str, ...], list[Any]]] = {}
        for each in part.fields:
            name = f"{kind}_{each.name}"
            if name in self.rows:
                assert isinstance(each.shape, Many)
                own = parts[each.name] = {}
                keys = self.resources[name]["schema"]["primaryKey"][:-1]
                for row in self.rows[name]:
                    rows = own.setdefault(tuple(row[key] for key in keys), [])
                    assert row["position"] == str(len(rows) + 1)
                    inner = each.shape.of
                    rows.append(
                        self._part(inner, row, name) if isinstance(inner, Part) else self._text(row, "text", name)
                    )
        key = self.resources[kind]["schema"]["primaryKey"]
        records = []
        for row in self.rows[kind]:
            raw = self._part(part, row, kind)
            for name, by_key in parts.items():
                raw[name] = by_key.get(tuple(row[column] for column in key), [])
            records.append(RECORD_KINDS[kind].model_validate(raw))
        return records

    def _part(self, part: Part, row: Row, table: str, prefix: str = "") -> Row:
        raw: Row = {}
        for each in part.fields:
            name = prefix + each.name
            value: Any = None
            match each.shape:
                case Scalar():
                    value = row.get(name)
                case Words():
                    value = self._text(row, name, table)
                case Part():
                    value = self._part(each.shape, row, table, f"{name}_") or None
                case Many():
                    value = row.get(name)
            if value is not None:
                raw[each.name] = value
        return raw

    def _text(self, row: Row, name: str, table: str) -> Any:
        if name in row:
            return row[name]
        fields = self.resources[table]["schema"]["fields"]
        columns = {
            f["language"]: f["name"] for f in fields if "language" in f and f["name"] == f"{name}_{f['language']}"
        }
        said = {tag: row[column] for tag, column in columns.items() if column in row}
        order = row.get(f"{name}_languages", list(said))
        return {tag: said[tag] for tag in order} or None
