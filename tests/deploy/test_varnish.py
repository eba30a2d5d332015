"""Varnish in front of nginx by ``deploy/varnish.vcl``: what is kept, for whom, and how a release is public at once."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from keur.site.compress import compressed
from keur.site.mtimes import tell_apart
from tests.deploy.programs import HOST, ask, need

Served = tuple[int, Path]
NOTE = Path(__file__).parents[2] / "docs" / "cdn.md"


def _release(site: Path, name: str, text: str) -> None:
    page, staged = site / name, site / "staged"
    page.parent.mkdir(parents=True, exist_ok=True)
    staged.write_text(text)
    tell_apart(staged, page)
    staged.replace(page)


def test_a_page_is_kept_until_it_is_purged(varnish_port: Served) -> None:
    port, site = varnish_port
    assert ask(port, "/nl/").headers["x-cache"] == "miss"
    _release(site, "nl/index.html", "expired")
    held = ask(port, "/nl/")
    assert (held.headers["x-cache"], held.body) == ("hit", b"valid  ")
    assert ask(port, "/nl/", method="PURGE").status == 200
    assert ask(port, "/nl/").body == b"expired"


def test_a_new_page_is_there_once_its_address_is_purged(varnish_port: Served) -> None:
    port, site = varnish_port
    assert ask(port, "/nl/new/").status == 404
    _release(site, "nl/new/index.html", "new")
    assert ask(port, "/nl/new/").status == 404
    ask(port, "/nl/new/", method="PURGE")
    assert ask(port, "/nl/new/").body == b"new"


def test_a_purge_takes_every_form_of_a_page(varnish_port: Served) -> None:
    port, site = varnish_port
    for text in ("valid     " * 100, "withdrawn " * 100):
        _release(site, "nl/index.html", text)
        for suffix, content in compressed("nl/index.html", text.encode()).items():
            if suffix == ".gz":
                (site / "nl" / "index.html.gz").write_bytes(content)
                expected = content
        ask(port, "/nl/", method="PURGE")
        for _ in range(2):
            assert ask(port, "/nl/", Accept_Encoding="gzip").body == expected
            assert ask(port, "/nl/").body == text.encode()
    assert ask(port, "/nl/", Accept_Encoding="gzip, deflate, br").headers["x-cache"] == "miss"


def test_the_purge_list_is_worked_through_by_the_command_of_the_note(varnish_port: Served, tmp_path: Path) -> None:
    need("curl", "curl")
    port, site = varnish_port
    names = [f"c/{number}/index.html" for number in range(30)]
    for name in names:
        _release(site, name, "valid  ")
        ask(port, f"/{name.removesuffix('index.html')}")
    for name in names:
        _release(site, name, "expired")
    (tmp_path / "purge.txt").write_text(
        "".join(f"https://register.example/{name.removesuffix('index.html')}\n" for name in names)
    )
    match = re.search(r"```sh\n(.*PURGE.*?)```", NOTE.read_text(encoding="utf-8"), re.DOTALL)
    assert match, "docs/cdn.md has no command that purges"
    command = match[1].replace("http://127.0.0.1:6081", f"http://{HOST}:{port}")
    subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=tmp_path, check=True, capture_output=True)
    bodies = {ask(port, f"/{name.removesuffix('index.html')}").body for name in names}
    assert bodies == {b"expired"}


def test_the_query_of_a_search_keeps_no_page_twice(varnish_port: Served) -> None:
    port, _ = varnish_port
    ask(port, "/nl/?q=29/0107")
    assert ask(port, "/nl/?q=another&system=benor").headers["x-cache"] == "hit"


def test_nobody_is_sent_on_with_the_query_of_another(varnish_port: Served) -> None:
    port, _ = varnish_port
    for query in ("q=29/0107", "q=90012345"):
        assert ask(port, f"/nl?{query}").headers["location"] == f"/nl/?{query}"


def test_headers_come_through(varnish_port: Served) -> None:
    port, _ = varnish_port
    for _ in range(2):
        answer = ask(port, "/nl/", Cookie="a=b")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "public, max-age=0, s-maxage=60, must-revalidate"
        assert ask(port, "/nl/", If_None_Match=answer.headers["etag"]).status == 304


def test_a_stopped_backend_does_not_keep_a_status_alive(varnish_port: Served) -> None:
    port, site = varnish_port
    ask(port, "/nl/")
    (site / "nl" / "index.html").unlink()
    ask(port, "/nl/", method="PURGE")
    assert ask(port, "/nl/").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_written_through_it(varnish_port: Served, method: str) -> None:
    port, _ = varnish_port
    assert ask(port, "/nl/", method=method).status == 405
