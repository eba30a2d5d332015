"""A loopback server that both engines share: the site, Pagefind's bundle beside it, and the pages of the benchmark.

Files are answered with brotli where that makes them smaller, as a CDN would, and may be kept by the browser. What each
request cost on the wire is noted, body and headers.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from keur.serving import HOST
from tests.serving import serving as answering

Compress = Callable[[bytes], bytes]

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it went over the wire: when its request came, by the clock of the wall."""

    at: float
    path: str
    size: int


@dataclass
class Host:
    """What is served: folders by the path they stand under, the longest first, and single pages made in memory."""

    folders: Mapping[str, Path]
    pages: Mapping[str, bytes]
    compress: Compress
    log: list[Sent] = field(default_factory=list)
    _bodies: dict[str, tuple[bytes, bool]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def body(self, path: str) -> tuple[bytes, bool] | None:
        """Return the body for a path and whether it is brotli, None where there is nothing. Asked once, then kept."""
        with self._lock:
            if path not in self._bodies:
                content = self._content(path)
                if content is None:
                    return None
                packed = self.compress(content)
                # As a CDN does: what is packed already, as Pagefind's index is, stays as it is.
                self._bodies[path] = (packed, True) if len(packed) < len(content) else (content, False)
            return self._bodies[path]

    def _content(self, path: str) -> bytes | None:
        if path in self.pages:
            return self.pages[path]
        for beginning in sorted(self.folders, key=len, reverse=True):
            if path.startswith(beginning) and ".." not in path:
                name = path.removeprefix(beginning) + ("index.html" if path.endswith("/") else "")
                file = self.folders[beginning] / name
                return file.read_bytes() if file.is_file() else None
        return None


class _Request(BaseHTTPRequestHandler):
    host: ClassVar[Host]
    protocol_version = "HTTP/1.1"
    # The answer's parts leave in one write: a delayed acknowledgement must not count as an engine's time.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer with a body, or with nothing and 404."""
        at = time.time()
        path = unquote(urlsplit(self.path).path)
        found = self.host.body(path)
        body, packed = found or (b"", False)
        status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
        lines = [f"HTTP/1.1 {status.value} {status.phrase}"]
        name = Path(path if not path.endswith("/") else "index.html")
        lines.append(f"Content-Type: {_TYPES.get(name.suffix, 'application/octet-stream')}")
        lines.append(f"Content-Length: {len(body)}")
        lines.append("Cache-Control: max-age=31536000, immutable")
        if packed:
            lines.append("Content-Encoding: br")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self.host.log.append(Sent(at, path, len(head) + len(body)))
        self.wfile.write(head + body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the name is the base class's
        """Print nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a browser that left; a page opened cold is closed with its connections open."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def serving(host: Host) -> AbstractContextManager[str]:
    """Serve while the context holds; give the address without a slash at its end."""
    return answering(_Server((HOST, 0), type("_HostRequest", (_Request,), {"host": host})))
