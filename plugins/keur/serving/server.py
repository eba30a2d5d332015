"""The server of a site on this machine: as a strict host would answer, for the loopback address alone.

Pages may reload themselves when they change: each then loads ``reload.js``, which is no file of the site.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from keur.publishing.headers import headers_for, security_for
from keur.urls import file_of, not_found, release_css

HOST = "127.0.0.1"

RELOAD_SCRIPT = "/__keur/reload.js"
CHANGES = "/__keur/changes"
_SCRIPT = Path(__file__).with_name("reload.js")
_MOST_LOOKED_AT = 8
"""Pages that are made first: making many of them would keep each waiting."""
_BREATH_SECONDS = 10
"""How often a page that waits for changes is sent a line, which fails where its reader has left."""


def site_server(output: Path, port: int = 0, base: str = "", *, reloading: bool = False) -> SiteServer:
    """Return a server of a site's folder that listens already; port 0 takes a free one.

    ``base`` is the path in front of every page ("" or "/somewhere"). Where ``reloading``, pages reload themselves when
    ``tell_changes`` is called and they have changed.
    """
    return SiteServer((HOST, port), output.resolve(), base.rstrip("/"), reloading=reloading)


def address(server: SiteServer) -> str:
    """Return the address at which a server's site is read."""
    return f"http://{HOST}:{server.server_port}{server.base}/"


class SiteServer(ThreadingHTTPServer):
    """A server of a site's folder. At its end no thread of it is left, nor a connection."""

    # Elsewhere this lets a restarted server have its port back at once; on Windows it would let two servers share one.
    allow_reuse_address = os.name != "nt"
    daemon_threads = False

    def __init__(self, listens_at: tuple[str, int], folder: Path, base: str, *, reloading: bool) -> None:
        self.folder = folder
        self.base = base
        self.reloading = reloading
        self.is_closing = False
        self.changed = threading.Condition()
        self._shown_first: Mapping[str, bytes] = {}
        self._looked_at: list[str] = []
        self._connections: set[socket.socket] = set()
        # Last: it closes the server where the port cannot be had.
        super().__init__(listens_at, _Request)

    def tell_changes(self) -> None:
        """Let each open page look whether it has changed."""
        with self.changed:
            self.changed.notify_all()

    def show_first(self, files: Mapping[str, bytes]) -> None:
        """Show files in place of those in the folder, which a build is about to put there."""
        self._shown_first = {**self._shown_first, **files}
        self.tell_changes()

    def show_folder(self) -> None:
        """Show the folder as it is."""
        self._shown_first = {}
        self.tell_changes()

    def content(self, name: str) -> bytes:
        """Return the bytes of a file by its name in the folder. Raises ``OSError`` where there is none."""
        first = self._shown_first.get(name)
        return (self.folder / name).read_bytes() if first is None else first

    def has(self, name: str) -> bool:
        """Tell whether there is a file of a name, in the folder or to be put there."""
        return name in self._shown_first or (self.folder / name).is_file()

    @contextlib.contextmanager
    def looked_at(self, name: str) -> Iterator[None]:
        """Count a page's file among those looked at."""
        self._looked_at.append(name)
        try:
            yield
        finally:
            self._looked_at.remove(name)

    def files_looked_at(self) -> Sequence[str]:
        """Return the files of pages that somebody looks at, the latest first; of very many only some."""
        return list(dict.fromkeys(reversed(self._looked_at)))[:_MOST_LOOKED_AT]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread of its own."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """End every connection, and wait for its thread: a browser may keep one open for as long as it likes."""
        self.is_closing = True
        self.tell_changes()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing where a browser hung up, as it does when its reader leaves a page that still loads."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Request(BaseHTTPRequestHandler):
    """Answers from a folder of files, and from nothing outside it."""

    server: SiteServer
    protocol_version = "HTTP/1.1"
    # Head and body of an answer go out together; apart, the second would wait for the first to be acknowledged.
    wbufsize = -1
    server_version = "keur"
    sys_version = ""
    _shown = ""
    """The name of the file that answers, relative to the folder."""

    def do_GET(self) -> None:
        """Answer with a file."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer with a file's headers."""
        self._answer()

    def end_headers(self) -> None:
        """Add what every answer says, faults included."""
        self.send_header("Cache-Control", "no-cache")
        for name, value in security_for(self._shown).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the name is the base class's
        """Print nothing: what is worth reading here are the problems of builds."""

    def _answer(self) -> None:
        self._shown = ""
        target = urlsplit(f"//host{self.path}" if self.path.startswith("/") else "")
        try:
            path = unquote(target.path, errors="strict")
        except UnicodeDecodeError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        query = f"?{target.query}" if target.query else ""
        if self.server.reloading and path == RELOAD_SCRIPT:
            self._send(HTTPStatus.OK, _SCRIPT.name, _SCRIPT.read_bytes())
            return
        if self.server.reloading and path == CHANGES:
            self._tell_changes(parse_qs(target.query))
            return
        if path == "/" and self.server.base:
            self._redirect(f"{self.server.base}/{query}")
            return
        file = self._file(path)
        if file is None:
            self._send_file(HTTPStatus.NOT_FOUND, self._not_found, path)
        elif file.is_dir():
            # Made of clean parts: a path such as //host/ must not become an address of another host.
            parts = [part for part in path.split("/") if part]
            self._redirect(quote("/" + "/".join(parts) + "/") + query)
        else:
            self._send_file(HTTPStatus.OK, file, path)

    @property
    def _not_found(self) -> Path:
        return self.server.folder / file_of(not_found())

    def _file(self, path: str) -> Path | None:
        """Return the file that answers for a path, or the folder if the path lacks the slash at its end."""
        if not path.startswith(f"{self.server.base}/") or "\0" in path or "\\" in path:
            return None
        name = path.removeprefix(self.server.base).lstrip("/")
        found = self.server.folder / file_of(f"/{name}")
        try:
            if not found.resolve().is_relative_to(self.server.folder):
                return None
            if found.is_dir():
                return found if (found / "index.html").is_file() else None
            return found if self.server.has(self._name(found)) else None
        except OSError:
            # A name that this file system cannot hold, too long for instance.
            return None

    def _name(self, file: Path) -> str:
        return file.relative_to(self.server.folder).as_posix()

    def _redirect(self, location: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_file(self, status: HTTPStatus, file: Path, path: str) -> None:
        name = self._name(file)
        try:
            content = self.server.content(name)
        except OSError:
            # No page of its own for what is not there, or a build took the file away this moment.
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        if self.server.reloading and file.suffix == ".html":
            query = urlencode({"page": path, "version": self._version(content)})
            script = f'<script type="module" src="{RELOAD_SCRIPT}?{escape(query)}"></script>'.encode()
            content = content.replace(b"</head>", script + b"</head>", 1)
        self._shown = name
        self._send(status, file.name, content)

    def _send(self, status: HTTPStatus, name: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", headers_for(name)["Content-Type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    # --- pages that reload themselves --------------------------------------------------------------------------------

    def _version(self, content: bytes) -> str:
        """Return what changes with a page: its bytes hold the addresses of all else it loads, but for one."""
        hashed = hashlib.sha256(content)
        with contextlib.suppress(OSError):
            hashed.update(self.server.content(file_of(release_css())))
        return hashed.hexdigest()[:16]

    def _version_now(self, page: str) -> str | None:
        """Return the version of the page that answers for a path now; None where there is none."""
        found = self._file(page)
        try:
            return self._version(self.server.content(self._name(self._not_found if found is None else found)))
        except OSError:
            return None

    def _tell_changes(self, query: dict[str, list[str]]) -> None:
        """Answer with one event as soon as a page is no longer the version that its reader has."""
        page, version = query.get("page", [""])[0], query.get("version", [""])[0]
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        server, file = self.server, self._file(page)
        with server.looked_at(self._name(file)) if file else contextlib.nullcontext():
            # After the server was gone for a while, the page is to know soon.
            self._say("retry: 500\n\n")
            with server.changed:
                while not server.is_closing:
                    now = self._version_now(page)
                    if now is not None and now != version:
                        break
                    if not server.changed.wait(_BREATH_SECONDS):
                        self._say(":\n\n")
        if not server.is_closing:
            self._say("event: changed\ndata:\n\n")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()
