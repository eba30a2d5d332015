"""Files compressed at build time: which, into what, and always into the same bytes."""

import gzip
import importlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keur.site import compress
from keur.site.compress import compressed

PAGE = ("<p>Valid until 28 February 2027</p>\n" * 40).encode()


@pytest.fixture
def without_brotli(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that lacks the package."""
    monkeypatch.setitem(sys.modules, "brotli", None)
    compress._brotli.cache_clear()
    yield
    compress._brotli.cache_clear()


@pytest.mark.parametrize(
    "name",
    ["nl/index.html", "release.css", "assets/0123456789ab/js/main.js", "search/0123456789ab/words.json", "SHA256SUMS"],
)
def test_text_is_compressed_and_comes_back_as_it_was(name: str) -> None:
    forms = compressed(name, PAGE)
    assert gzip.decompress(forms[".gz"]) == PAGE
    if compress.can_brotli():
        assert importlib.import_module("brotli").decompress(forms[".br"]) == PAGE
        assert len(forms[".br"]) < len(forms[".gz"])
        assert list(forms) == [".br", ".gz"]


@pytest.mark.parametrize("name", ["x/photo.png", "x/signed.pdf", "x/favicon.ico", "x/odd.bin"])
def test_what_is_no_text_is_left_alone(name: str) -> None:
    assert compressed(name, PAGE) == {}


def test_what_gains_nothing_is_left_alone() -> None:
    assert compressed("nl/index.html", b"<p>short</p>") == {}
    assert compressed("data.csv", os.urandom(5000)) == {}


def test_the_same_content_gives_the_same_bytes_whatever_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = compressed("nl/index.html", PAGE)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert compressed("nl/index.html", PAGE) == first
    # No name, no time, no system.
    assert first[".gz"][:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def test_gzip_tells_the_length_of_an_empty_and_a_long_content() -> None:
    for content in (b"", b"a" * 70_000):
        assert gzip.decompress(compress._gzip(content)) == content


def test_without_brotli_there_is_gzip(without_brotli: None) -> None:
    assert list(compressed("nl/index.html", PAGE)) == [".gz"]


def test_hashed_files_are_compressed_harder_than_pages() -> None:
    content = (Path(__file__).parents[2] / "theme" / "static" / "js" / "search.js").read_bytes()
    page, hashed = (compressed(name, content)[".br"] for name in ("nl/x.js", "assets/0123456789ab/js/x.js"))
    assert len(hashed) < len(page) * 0.95
