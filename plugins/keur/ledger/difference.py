"""The difference between two exports, record by record and field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keur.model import RECORD_KINDS, AnyRecord, CertificateKey, Entries, Export
from keur.problems import quoted

_LONGEST = 400
"""Longer values are cut in a line; as JSON they are whole."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one record from one export to another.

    ``fields`` are those of the export format that differ, each with its value in the one and in the other, as plain
    JSON values; None where a field is not given. There are none where the record was added or removed. What an
    export says of itself is the kind "register", which has one record without a key.
    """

    kind: str
    key: str | CertificateKey
    change: str
    fields: Mapping[str, tuple[Any, Any]]

    def __str__(self) -> str:
        name = self.key if isinstance(self.key, str) else " ".join(self.key)
        line = f"{self.kind} {quoted(name)} {self.change}" if name else f"{self.kind} {self.change}"
        values = (f"{name}: {_shown(old)} → {_shown(new)}" for name, (old, new) in self.fields.items())
        return "\n".join([line, *(f"  {value}" for value in values)])

    def as_json(self) -> Mapping[str, Any]:
        """Return the difference as plain JSON values."""
        fields = {name: {"from": old, "to": new} for name, (old, new) in self.fields.items()}
        return {"kind": self.kind, "key": self.key, "change": self.change, **({"fields": fields} if fields else {})}


def differences(old: Entries, new: Entries) -> Iterator[Difference]:
    """Yield what differs between two exports without faults: kinds in reading order, records by key."""
    if old.export != new.export and old.export and new.export:
        yield Difference("register", "", "changed", dict(_fields(old.export, new.export)))
    for kind in RECORD_KINDS:
        before = {entry.record.key: entry.record for entry in old.of_kind(kind)}
        after = {entry.record.key: entry.record for entry in new.of_kind(kind)}
        for key in sorted({*before, *after}):
            if key not in after:
                yield Difference(kind, key, "removed", {})
            elif key not in before:
                yield Difference(kind, key, "added", {})
            elif before[key] != after[key]:
                yield Difference(kind, key, "changed", dict(_fields(before[key], after[key])))


def _fields(old: AnyRecord | Export, new: AnyRecord | Export) -> Iterator[tuple[str, tuple[Any, Any]]]:
    before, after = (record.model_dump(mode="json", exclude_none=True, by_alias=True) for record in (old, new))
    for name in type(old).model_fields:
        values = _plain(before.get(name)), _plain(after.get(name))
        if values[0] != values[1]:
            yield name, values


def _plain(value: Any) -> Any:
    """Return a value as the export format writes it: a translatable text is a string, or one a language."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"translations"}:
        texts = dict(value["translations"])
        return texts.get("", texts)
    return {name: _plain(item) for name, item in value.items()}


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, str):
        return quoted(value, _LONGEST)
    # What has parts has quotes of its own.
    return quoted(json.dumps(value, ensure_ascii=False), _LONGEST)[1:-1]
