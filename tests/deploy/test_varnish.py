"""Varnish in front of nginx by ``deploy/varnish.vcl``: what is kept, for whom, and how a release is public at once."""

from __future__ import annotations

import re
import subprocess
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from keur.site.compress import compressed
from tests.deploy.conftest import Served
from tests.deploy.programs import HOST, ask, need, varnish
from tests.serving import serving

NOTE = Path(__file__).parents[2] / "docs" / "cdn.md"


def test_a_page_is_kept_until_it_is_purged(served: Served) -> None:
    assert ask(served.port, served.path).headers["x-cache"] == "miss"
    served.release("expired")
    held = ask(served.port, served.path)
    assert (held.headers["x-cache"], held.body) == ("hit", b"valid  ")
    assert ask(served.port, served.path, method="PURGE").status == 200
    assert ask(served.port, served.path).body == b"expired"


def test_a_new_page_is_there_once_its_address_is_purged(served: Served) -> None:
    path = f"{served.path}new/"
    assert ask(served.port, path).status == 404
    served.release("new", f"{served.page}/new")
    assert ask(served.port, path).status == 404
    ask(served.port, path, method="PURGE")
    assert ask(served.port, path).body == b"new"


def test_a_page_that_is_gone_is_gone_once_its_address_is_purged(served: Served) -> None:
    assert ask(served.port, served.path).status == 200
    (served.site / served.page / "index.html").unlink()
    ask(served.port, served.path, method="PURGE")
    assert ask(served.port, served.path).status == 404


def test_a_purge_takes_every_form_of_a_page(served: Served) -> None:
    for text in ("valid     " * 100, "withdrawn " * 100):
        served.release(text)
        packed = compressed("index.html", text.encode())[".gz"]
        (served.site / served.page / "index.html.gz").write_bytes(packed)
        ask(served.port, served.path, method="PURGE")
        for _ in range(2):
            assert ask(served.port, served.path, Accept_Encoding="gzip").body == packed
            assert ask(served.port, served.path).body == text.encode()
    # Browsers name these in many orders; there are three forms all the same.
    assert ask(served.port, served.path, Accept_Encoding="deflate, gzip;q=0.9").headers["x-cache"] == "hit"
    assert ask(served.port, served.path, Accept_Encoding="gzip, deflate, br").headers["x-cache"] == "miss"


def test_the_purge_list_is_worked_through_by_the_command_of_the_note(served: Served, tmp_path: Path) -> None:
    need("curl", "curl")
    pages = [f"{served.page}/{number}" for number in range(30)]
    for text in ("valid  ", "expired"):
        for page in pages:
            served.release(text, page)
            assert ask(served.port, f"/{page}/").body == b"valid  "
    (tmp_path / "changed.txt").write_text("".join(f"https://register.example/{page}/\n" for page in pages))
    match = re.search(r"```sh\n(.*PURGE.*?)```", NOTE.read_text(encoding="utf-8"), re.DOTALL)
    assert match, "docs/cdn.md has no command that purges"
    command = match[1].replace("http://127.0.0.1:6081", f"http://{HOST}:{served.port}")
    subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=tmp_path, check=True, capture_output=True)
    assert {ask(served.port, f"/{page}/").body for page in pages} == {b"expired"}


def test_the_query_of_a_search_keeps_no_page_twice(served: Served) -> None:
    ask(served.port, f"{served.path}?q=29/0107")
    assert ask(served.port, f"{served.path}?q=another&system=benor").headers["x-cache"] == "hit"


def test_nobody_is_sent_on_with_the_query_of_another(served: Served) -> None:
    for query in ("q=29/0107", "q=90012345"):
        assert ask(served.port, f"/{served.page}?{query}").headers["location"] == f"{served.path}?{query}"


def test_headers_come_through(served: Served) -> None:
    for kept in ("miss", "hit"):
        answer = ask(served.port, served.path, Cookie="a=b")
        assert answer.headers["x-cache"] == kept
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "public, max-age=0, s-maxage=60, must-revalidate"
        assert ask(served.port, served.path, If_None_Match=answer.headers["etag"]).status == 304


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_written_through_it(served: Served, method: str) -> None:
    assert ask(served.port, served.path, method=method).status == 405


class _Changing(BaseHTTPRequestHandler):
    """Answers with another text each time, to be kept for a second; hangs up instead while it is ``broken``."""

    broken = False
    answers = 0

    def do_GET(self) -> None:
        if self.broken:
            return
        type(self).answers += 1
        body = f"answer {self.answers}".encode()
        self.send_response(200)
        self.send_header("Cache-Control", "public, max-age=0, s-maxage=1, must-revalidate")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the name is the base class's
        """Keep the test's output clean."""


def test_nothing_is_shown_after_its_time_before_the_server_was_asked(tmp_path: Path) -> None:
    handler = type("_Handler", (_Changing,), {})
    backend = ThreadingHTTPServer((HOST, 0), handler)
    with serving(backend), varnish(backend.server_port, tmp_path) as port:
        assert ask(port, "/").body == b"answer 1"
        time.sleep(1.5)
        # By default Varnish would show the old answer once more, and for as long as the server is down.
        assert ask(port, "/").body == b"answer 2"
        handler.broken = True
        time.sleep(1.5)
        assert ask(port, "/").status == 503
