"""Servers of the tests: each answers in a thread until the context is left."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer

from keur.serving import HOST


@contextmanager
def serving(server: HTTPServer) -> Iterator[str]:
    """Let a server answer; yields its address, without the slash at its end.

    Leave it after its readers: in a browser test by ``servers``, which ends after ``visitor``.
    """
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
