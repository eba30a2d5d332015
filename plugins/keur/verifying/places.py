"""Where a site is read from to be checked: a folder, or an address on the web.

A site that is checked is not trusted: what it sends is cut at a length and at a time, it leads to no other host, and a
page is asked for once, over few connections that stay open.
"""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urljoin, urlsplit

from keur.problems import KeurError
from keur.site.output import SUMS

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes beyond which a file of a site on the web is not read."""

_CONNECTIONS = 4
_TIMEOUT = 30.0
"""Seconds without a byte after which an answer is given up."""
_PATIENCE = 300.0
"""Seconds after which a file is given up however it comes."""
_ATTEMPTS = 3
_PAUSE = 1.0
_REDIRECTS = 3
_CHUNK = 256 * 1024
_BUSY = frozenset({429, 500, 502, 503, 504})
_GONE = frozenset({404, 410})


class ReadError(KeurError):
    """A file cannot be read, for another reason than that it is not there."""


class Place(Protocol):
    """Where a site is read from."""

    def read(self, name: str, most: int = LARGEST_FILE) -> bytes | None:
        """Return a file by its name in the site, None where there is none. Raises ``ReadError``."""

    def read_each(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | ReadError | None]]:
        """Yield each file as ``read`` gives it, in their order; an error is yielded, not raised."""

    def names(self) -> frozenset[str] | None:
        """Return the names of all files, None where a place has no list of them. Raises ``ReadError``."""

    def close(self) -> None:
        """Let go of what reading held open."""


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """A site in a folder."""

    folder: Path

    @classmethod
    def find(cls, folder: Path) -> FolderPlace | None:
        """Return the site that a folder holds, or the public one of a folder that is published to; None for neither."""
        for site in (folder, folder / "current"):
            if (site / SUMS).is_file():
                return cls(site)
        return None

    def read(self, name: str, most: int = LARGEST_FILE) -> bytes | None:
        """Return a file, whatever its length: it is on this machine.

        A link is none: a web server follows it, and what it leads to can change without the site changing.
        """
        del most
        path = self.folder
        for part in name.split("/"):
            path /= part
            if path.is_symlink():
                raise ReadError("is a symbolic link, or stands behind one: Keur publishes none")
        try:
            return path.read_bytes() if path.is_file() else None
        except OSError as error:
            raise ReadError(f"cannot be read: {error.strerror}") from error

    def read_each(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | ReadError | None]]:
        """Yield each file, one after the other."""
        for name in names:
            try:
                yield name, self.read(name)
            except ReadError as error:
                yield name, error

    def names(self) -> frozenset[str]:
        """Return the names of all files, and of links to folders. Raises ``ReadError`` where not all can be listed."""

        def refuse(error: OSError) -> None:
            raise ReadError(f"{error.filename} cannot be listed: {error.strerror}") from error

        found: set[str] = set()
        for parent, folders, names in os.walk(self.folder, onerror=refuse):
            within = Path(parent).relative_to(self.folder)
            links = [name for name in folders if Path(parent, name).is_symlink()]
            found.update((within / name).as_posix() for name in (*names, *links))
        return frozenset(found)

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True, slots=True)
class WebPlace:
    """A site at an address, which may have a path: https://register.example/certified."""

    address: str
    _local: threading.local = field(default_factory=threading.local, repr=False)
    _opened: list[http.client.HTTPConnection] = field(default_factory=list, repr=False)

    def read(self, name: str, most: int = LARGEST_FILE) -> bytes | None:
        """Return a file by the address that readers use, a page by that of its folder."""
        path = name.removesuffix("index.html") if f"/{name}".endswith("/index.html") else name
        url = f"{self.address.rstrip('/')}/{quote(path, safe='/-._~', errors='surrogateescape')}"
        for _ in range(_REDIRECTS + 1):
            status, location, content = self._ask(url, most)
            if status == 200:
                return content
            if status in _GONE:
                return None
            if status not in (301, 302, 303, 307, 308) or not location:
                raise ReadError(f"cannot be read: the answer is {status}")
            try:
                url = urljoin(url, location)
                host = urlsplit(url)[:2]
            except ValueError as error:
                raise ReadError(f"cannot be read: it leads to {location[:100]!a}, which is no address") from error
            if host != urlsplit(self.address)[:2]:
                raise ReadError(f"leads to another host, {host[1]!a}")
        raise ReadError("leads on and on")

    def read_each(self, names: Iterable[str]) -> Iterator[tuple[str, bytes | ReadError | None]]:
        """Yield each file, some at a time."""

        def one(name: str) -> tuple[str, bytes | ReadError | None]:
            try:
                return name, self.read(name)
            except ReadError as error:
                return name, error

        waiting = list(names)
        with ThreadPoolExecutor(_CONNECTIONS) as pool:
            try:
                # In portions: what was read and not looked at yet would fill the memory.
                for start in range(0, len(waiting), 16 * _CONNECTIONS):
                    yield from pool.map(one, waiting[start : start + 16 * _CONNECTIONS])
            finally:
                pool.shutdown(cancel_futures=True)

    def names(self) -> None:
        """A site on the web cannot be listed."""

    def close(self) -> None:
        """Close the connections of all threads, which must have ended their reading."""
        for connection in self._opened:
            connection.close()
        self._opened.clear()

    def _ask(self, url: str, most: int) -> tuple[int, str, bytes]:
        """Return status, ``Location`` and content of an answer; a host that is busy is asked again."""
        fault: Exception | None = None
        status = 0
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE * attempt)
            try:
                status, location, content = self._ask_once(url, most)
            except (OSError, ValueError, http.client.HTTPException) as error:
                # ValueError: an address that a host sent us on to, with letters that no request can have.
                self._hang_up()
                fault = error
                continue
            if status not in _BUSY:
                return status, location, content
            fault = None
        raise ReadError(f"cannot be read: {fault or f'the answer is {status}'}") from fault

    def _ask_once(self, url: str, most: int) -> tuple[int, str, bytes]:
        connection = self._connection()
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        # Bytes as they are: what a cache or a host makes of them on the way is part of what is checked.
        headers = {"Accept-Encoding": "identity", "Cache-Control": "no-cache", "User-Agent": "keur-verify"}
        connection.request("GET", path or "/", headers=headers)
        answer = connection.getresponse()
        content = bytearray()
        end = time.monotonic() + _PATIENCE
        while chunk := answer.read(_CHUNK):
            content += chunk
            if len(content) > most or time.monotonic() > end:
                self._hang_up()
                slow = len(content) <= most
                raise ReadError("takes too long to read" if slow else f"is longer than {most:,} bytes")
        return answer.status, answer.getheader("Location", ""), bytes(content)

    def _connection(self) -> http.client.HTTPConnection:
        """Return this thread's connection, which is kept open between files."""
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            parts = urlsplit(self.address)
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
            self._local.connection = connection
            self._opened.append(connection)
        return connection

    def _hang_up(self) -> None:
        """Close this thread's connection; the next request opens it anew."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
