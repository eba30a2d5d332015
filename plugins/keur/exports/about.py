"""What every export says of itself: whether it is a demonstration, whose it is, its licence, and of which moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic_core import to_json

from keur import urls
from keur.exports.shapes import Json
from keur.model import Register
from keur.urls import SCHEMA_VERSION, Urls


class About:
    """Says it of a register's exports."""

    def __init__(self, register: Register, site_urls: Urls) -> None:
        self.register = register
        self.urls = site_urls

    def of_record(self, kind: str) -> Json:
        """Return the head of a single record's JSON: the moment of the export stands in the file ``data`` leads to.

        A record's JSON is to stay the same bytes until its record changes.
        """
        return {**self._head(kind), "data": self.urls.address(urls.data_file("register.json"))}

    def of_whole(self, kind: str) -> Json:
        """Return the head of a file of the whole register, with the moment of the export."""
        export = self.register.export
        return {
            **self._head(kind),
            "exported_at": export.exported_at.isoformat(),
            "export_day": export.day.isoformat(),
        }

    def _head(self, kind: str) -> Json:
        export = self.register.export
        return {
            "$schema": self.urls.address(urls.json_schema(kind)),
            "schema": SCHEMA_VERSION,
            "kind": kind,
            "demonstration": export.demonstration,
            "publisher": {"name": export.publisher.name, "url": export.publisher.url},
            "licence": export.licence,
        }


def json_bytes(value: Any) -> bytes:
    """Return JSON as bytes: UTF-8, no blanks that say nothing, a line break at its end."""
    return json_line(value) + b"\n"


def json_lines(head: Json, name: str, lines: Iterable[bytes]) -> bytes:
    """Return a file with its head and many records, each on a line as ``json_line`` makes it."""
    return b"".join((json_line(head)[:-1], f',"{name}":[\n'.encode(), b",\n".join(lines), b"\n]}\n"))


def json_line(value: Any) -> bytes:
    """Return JSON as the bytes of a line, without its end: UTF-8, no blanks that say nothing."""
    return to_json(value)
