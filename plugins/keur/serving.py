"""``keur serve``: the site on this machine as a strict host would serve it, built again on each change of its sources.

A build runs in a process of its own, so that changed code counts; one that fails prints its problems and leaves the
last good site as it was. Nothing here is for the public: it listens on the loopback address alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlsplit

from watchfiles import Change, DefaultFilter, watch

from keur.publishing.headers import SECURITY, headers_for
from keur.terminal import say, say_error
from keur.urls import file_of, not_found

HOST = "127.0.0.1"

_DEBOUNCE_MS = 400
"""Editors and exporters write in bursts: this long after the last change of one, the site is built."""
_IDLE_MS = 250
"""How often it is looked whether a watched folder came or went."""


def serve(output: Path, build_command: Sequence[str], watched: Sequence[Path], port: int, base: str = "") -> int:
    """Build the site, serve ``output``, build again when something below ``watched`` changes, until Ctrl-C.

    ``base`` is the path in front of every page ("" or "/somewhere"). Returns 0 at the end, 2 where the port cannot
    be had.
    """
    try:
        server = site_server(output, port, base)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "there is no such port"
        say_error(f"keur: cannot listen on {HOST}:{port}: {reason}; name another port with --port")
        return 2
    with server:
        thread = threading.Thread(target=server.serve_forever, name="keur-serve", daemon=True)
        thread.start()
        try:
            for changed in _changes(watched, output):
                if changed:
                    say(f"changed: {changed}")
                _build(build_command)
                if not changed:
                    say(f"the site is at {address(server)} (Ctrl-C ends)")
        except KeyboardInterrupt:
            say("")
        finally:
            server.shutdown()
    return 0


def site_server(output: Path, port: int = 0, base: str = "") -> ThreadingHTTPServer:
    """Return a server of a site's folder that listens already; port 0 takes a free one."""
    handler = type("_SiteRequest", (_Request,), {"folder": output.resolve(), "base": base.rstrip("/")})
    return _Server((HOST, port), handler)


def address(server: ThreadingHTTPServer) -> str:
    """Return the address at which a server's site is read."""
    handler: type[_Request] = server.RequestHandlerClass  # type: ignore[assignment]  # site_server made it
    return f"http://{HOST}:{server.server_port}{handler.base}/"


class _Server(ThreadingHTTPServer):
    # Elsewhere this lets a restarted server have its port back at once; on Windows it would let two servers share one.
    allow_reuse_address = os.name != "nt"
    # A browser that keeps its connection open must not keep the command from ending.
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing where a browser hung up, as it does when its reader leaves a page that still loads."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Request(BaseHTTPRequestHandler):
    """Answers from a folder of files, and from nothing outside it."""

    folder: ClassVar[Path]
    base: ClassVar[str]
    protocol_version = "HTTP/1.1"
    # Head and body of an answer go out together; apart, the second would wait for the first to be acknowledged.
    wbufsize = -1
    server_version = "keur"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with a file."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer with a file's headers."""
        self._answer()

    def end_headers(self) -> None:
        """Add what every answer says, faults included."""
        self.send_header("Cache-Control", "no-cache")
        for name, value in SECURITY.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the name is the base class's
        """Print nothing: what is worth reading here are the problems of builds."""

    def _answer(self) -> None:
        target = urlsplit(f"//host{self.path}" if self.path.startswith("/") else "")
        try:
            path = unquote(target.path, errors="strict")
        except UnicodeDecodeError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        query = f"?{target.query}" if target.query else ""
        if path == "/" and self.base:
            self._redirect(f"{self.base}/{query}")
            return
        file = self._file(path)
        if file is None:
            self._send(HTTPStatus.NOT_FOUND, self.folder / file_of(not_found()))
        elif file.is_dir():
            # Made of clean parts: a path such as //host/ must not become an address of another host.
            parts = [part for part in path.split("/") if part]
            self._redirect(quote("/" + "/".join(parts) + "/") + query)
        else:
            self._send(HTTPStatus.OK, file)

    def _file(self, path: str) -> Path | None:
        """Return the file that answers for a path, or the folder if the path lacks the slash at its end."""
        if not path.startswith(f"{self.base}/") or "\0" in path or "\\" in path:
            return None
        name = path.removeprefix(self.base).lstrip("/")
        found = self.folder / file_of(f"/{name}")
        try:
            if not found.resolve().is_relative_to(self.folder):
                return None
            if found.is_dir():
                return found if (found / "index.html").is_file() else None
            return found if found.is_file() else None
        except OSError:
            # A name that this file system cannot hold, too long for instance.
            return None

    def _redirect(self, location: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, file: Path) -> None:
        try:
            content = file.read_bytes()
        except OSError:
            # No page of its own for what is not there, or a build took the file away this moment.
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(status)
        self.send_header("Content-Type", headers_for(file.name)["Content-Type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _build(command: Sequence[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        say_error("keur: the site stays as it was; it is built again after the next change")


class _Sources(DefaultFilter):
    """Lets through changes of sources: not what editors and Python leave behind, and not the site itself."""

    def __init__(self, output: Path) -> None:
        super().__init__()
        self._output = output.resolve()

    def __call__(self, change: Change, path: str) -> bool:
        """Tell whether a change counts. The staging folder beside the output begins with its name and a dot."""
        changed = Path(path)
        staging = f".{self._output.name}."
        return (
            super().__call__(change, path)
            and not changed.is_relative_to(self._output)
            and not any(part.startswith(staging) for part in changed.parts)
        )


def _changes(watched: Sequence[Path], output: Path) -> Iterator[str]:
    """Yield a changed path for each burst of changes, for ever; first "", as soon as no change goes unseen."""
    sources = sorted({path.resolve() for path in watched})
    pending: str | None = ""
    while True:
        present = {source for source in sources if source.exists()}
        for changes in watch(
            *present,
            watch_filter=_Sources(output),
            debounce=_DEBOUNCE_MS,
            rust_timeout=_IDLE_MS,
            yield_on_timeout=True,
        ):
            paths = sorted(path for _, path in changes)
            come_or_gone = present ^ {source for source in sources if source.exists()}
            if paths or come_or_gone:
                pending = paths[0] if paths else str(min(come_or_gone))
            if come_or_gone or any(Path(path) in sources for path in paths):
                # A file or folder that was replaced as a whole is no longer the one that is watched: watch anew first.
                break
            if pending is not None:
                yield pending
                pending = None
