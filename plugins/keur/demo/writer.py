"""Writing records as the YAML of the export format, the same bytes on each platform.

Strings stand plain only where no YAML reader can take them for something else than the same text or a number or date
(the contract reads every scalar as text); all others stand in double quotes with JSON's escapes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

WIDTH = 118
"""What fits on a line stands on one line."""

Record = Mapping[str, object]

_PLAIN = re.compile(
    r"https://[\w./-]+"
    r"|[\w.]+@[\w.]+"
    r"|\d{4}-\d\d-\d\dT[\d:]+\+[\d:]+"
    r"|[^\W_](?:[\w ./()+°²³&'×·-]*[\w.)°²³])?"
)
_TRUTHS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def write_mapping(path: Path, schema: str, mapping: Record) -> None:
    """Write a file that is one mapping (``register.yaml``)."""
    _write(path, schema, "".join(f"{line}\n" for key, value in mapping.items() for line in _entry(key, value, 0)))


def write_records(path: Path, schema: str, kind: str, records: Iterable[Record]) -> None:
    """Write a file of records under the key named for their kind."""
    lines = [line for record in records for line in _item(record, 2)]
    _write(path, schema, f"{kind}:\n" + "\n".join(lines) + "\n" if lines else f"{kind}: []\n")


def _write(path: Path, schema: str, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f"# yaml-language-server: $schema={schema}\n{body}"
    path.write_text(text, encoding="utf-8", newline="\n")


def _entry(key: str, value: object, indent: int) -> list[str]:
    """Return the lines of one key: on one line where it fits, else as a block below the key."""
    line = f"{' ' * indent}{key}: {_flow(value)}"
    if len(line) <= WIDTH or not isinstance(value, Mapping | list | tuple):
        return [line]
    lines = [f"{' ' * indent}{key}:"]
    if isinstance(value, Mapping):
        for name, part in value.items():
            lines += _entry(name, part, indent + 2)
    else:
        for part in value:
            lines += _item(part, indent + 2)
    return lines


def _item(value: object, indent: int) -> list[str]:
    """Return the lines of one item of a block list; a record at the top always stands as a block."""
    line = f"{' ' * indent}- {_flow(value)}"
    if not isinstance(value, Mapping) or (indent > 2 and len(line) <= WIDTH):
        return [line]
    lines = [line for name, part in value.items() for line in _entry(name, part, indent + 2)]
    lines[0] = f"{' ' * indent}- {lines[0].lstrip()}"
    return lines


def _flow(value: object) -> str:
    if isinstance(value, str):
        return _scalar(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)


@lru_cache(maxsize=65536)
def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _TRUTHS:
        return text
    return json.dumps(text, ensure_ascii=False)
