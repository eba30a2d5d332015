"""nginx serves a site by ``deploy/nginx.conf``: the table's headers, compressed files, redirects, faults, versions."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from urllib.parse import quote

import pytest

from keur.publishing.headers import SECURITY, STRICT_TRANSPORT_SECURITY, headers_for
from keur.publishing.mtimes import tell_apart
from keur.site.compress import SUFFIXES
from tests.deploy.programs import Answer, ask, brotli_module, nginx

_EVERY = "br;q=1.0, gzip;q=0.8, *;q=0.1"


def _path(name: str) -> str:
    return "/" + quote(name.removesuffix("index.html"))


def _names(site: Path) -> list[str]:
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    return [name for name in names if not name.endswith(SUFFIXES)]


def test_every_file_has_the_headers_of_the_table(published: Path, nginx_port: int) -> None:
    names = _names(published)
    assert {Path(name).suffix for name in names} >= {".html", ".css", ".js", ".json", ".svg", ""}
    for name in names:
        answer = ask(nginx_port, _path(name))
        assert answer.status == 200, name
        assert answer.body == (published / name).read_bytes(), name
        expected = {header.lower(): value for header, value in headers_for(name).items()}
        assert {header: answer.headers.get(header) for header in expected} == expected, name
        assert ("access-control-allow-origin" in answer.headers) == ("access-control-allow-origin" in expected), name
        assert ("x-robots-tag" in answer.headers) == ("x-robots-tag" in expected), name
        assert "etag" in answer.headers, name


@pytest.mark.parametrize("encodings", ["", "gzip", _EVERY])
def test_compressed_files_are_sent_to_whoever_takes_them(published: Path, nginx_port: int, encodings: str) -> None:
    best = {"": "", "gzip": ".gz", _EVERY: ".br" if brotli_module() else ".gz"}[encodings]
    for name in _names(published):
        twin = published / f"{name}{best}"
        if best == ".br" and not twin.is_file():
            twin = published / f"{name}.gz"
        answer = ask(nginx_port, _path(name), **({"Accept_Encoding": encodings} if encodings else {}))
        coding = {".br": "br", ".gz": "gzip"}.get(twin.suffix) if twin.is_file() else None
        assert answer.headers.get("content-encoding") == coding, name
        assert answer.body == (twin if coding else published / name).read_bytes(), name
        assert answer.headers["content-type"] == headers_for(name)["Content-Type"], name
        if any((published / f"{name}{suffix}").is_file() for suffix in SUFFIXES):
            assert answer.headers.get("vary") == "Accept-Encoding", f"{name}: a cache would mix the forms up"


def test_a_compressed_page_is_that_page(published: Path, nginx_port: int) -> None:
    answer = ask(nginx_port, "/nl/", Accept_Encoding="gzip")
    assert gzip.decompress(answer.body) == (published / "nl" / "index.html").read_bytes()
    assert len(answer.body) < len(gzip.decompress(answer.body)) / 2


@pytest.mark.parametrize(
    "path", ["/nl", "/nl/certificates/benor-29-0107", "/c/benor-29-0107?on=2025-03-14", "/" + quote("c/atg-αδ-١٢٣")]
)
def test_a_folder_without_its_slash_is_sent_on_to_it(nginx_port: int, path: str) -> None:
    answer = ask(nginx_port, path)
    folder, _, query = path.partition("?")
    assert answer.status == 301
    assert answer.headers["location"] == f"{folder}/" + (f"?{query}" if query else "")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ask(nginx_port, answer.headers["location"]).status == 200


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("//elsewhere.example/nl", "register.example"),
        ("//nl", "register.example"),
        ("///nl", "register.example"),
        ("/%2fnl", "register.example"),
        ("/%5celsewhere.example/%2e%2e/nl", "register.example"),
        ("/.//elsewhere.example/../nl", "register.example"),
        ("/nl", "elsewhere.example"),
        ("http://elsewhere.example/nl", "register.example"),
    ],
)
def test_no_redirect_leads_to_another_host(nginx_port: int, path: str, host: str) -> None:
    location = ask(nginx_port, path, Host=host).headers.get("location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "elsewhere" not in location


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/nl/nothing/",
        "/assets/",
        "/c/",
        "/assets/0123456789ab/js/gone.js",
        "/search/0123456789ab/gone.json",
    ],
)
def test_what_is_not_there_is_answered_with_the_page_that_helps(published: Path, nginx_port: int, path: str) -> None:
    answer = ask(nginx_port, path)
    assert answer.status == 404
    assert answer.body == (published / "404.html").read_bytes()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    # Never for ever, also where a script of a coming release is asked for before it is there.
    assert answer.headers["cache-control"] == headers_for("404.html")["Cache-Control"]
    assert {name: answer.headers[name.lower()] for name in SECURITY} == SECURITY


def test_a_hidden_server_says_little_of_itself(nginx_port: int) -> None:
    assert ask(nginx_port, "/nl/").headers["server"] == "nginx"


def test_nothing_outside_the_site_is_served(nginx_port: int) -> None:
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/nl/..%2f..%2f..%2f..%2fetc/passwd"):
        assert ask(nginx_port, path).status in (400, 404), path


def test_head_says_what_get_says(nginx_port: int) -> None:
    for path in ("/nl/", "/nothing", "/release.css", "/nl"):
        head, get = (ask(nginx_port, path, method=method) for method in ("HEAD", "GET"))
        assert head.body == b""
        assert head.status == get.status
        assert _but_date(head) == _but_date(get)


def _but_date(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "date"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PURGE"])
def test_nothing_can_be_written(nginx_port: int, method: str) -> None:
    assert ask(nginx_port, "/nl/", method=method).status == 405


def test_who_holds_the_page_is_told_so_with_its_headers(nginx_port: int) -> None:
    first = ask(nginx_port, "/nl/", Accept_Encoding="gzip")
    again = ask(nginx_port, "/nl/", Accept_Encoding="gzip", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    plain = ask(nginx_port, "/nl/", If_None_Match=first.headers["etag"])
    assert plain.status == 200, "another form of the page is another entity"


def _replace(page: Path, text: str, *, second: int | None = None) -> Path:
    """Put a page in place as builds do, by rename; return where the one before is kept."""
    before, staged = page.with_name("before"), page.with_name("staged")
    before.unlink(missing_ok=True)
    before.hardlink_to(page)
    staged.write_text(text)
    if second is not None:
        os.utime(staged, (second, second))
    else:
        tell_apart(staged, before)
    staged.replace(page)
    return before


def test_a_change_of_equal_length_within_a_second_is_seen(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    page = site / "index.html"
    page.write_text("valid    ")
    with nginx(site, tmp_path / "nginx") as port:
        held = ask(port, "/")
        second = int(page.stat().st_mtime)

        # Without care nginx cannot know: length and second are all it looks at.
        _replace(page, "withdrawn", second=second)
        assert ask(port, "/", If_None_Match=held.headers["etag"]).status == 304, "nginx has learnt: drop mtimes.py"

        _replace(page, "valid    ", second=second)
        for text in ("withdrawn", "suspended", "withdrawn"):
            _replace(page, text)
            seen = ask(port, "/", If_None_Match=held.headers["etag"])
            assert (seen.status, seen.body) == (200, text.encode())
            since = ask(port, "/", If_Modified_Since=held.headers["last-modified"])
            assert since.status == 200
            held = seen


def test_https_alone_is_an_option(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("root")
    with nginx(site, tmp_path / "nginx", hsts=True) as port:
        answer = ask(port, "/")
        assert answer.headers["strict-transport-security"] == STRICT_TRANSPORT_SECURITY
        assert answer.headers["x-content-type-options"] == "nosniff"
