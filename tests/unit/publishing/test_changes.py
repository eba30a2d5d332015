"""What changes for readers, in which order it goes up, and what a CDN is to forget."""

import pytest

from keur.publishing import changes_between, purge_list
from keur.publishing.changes import upload_stage
from keur.urls import Urls

NAMES = (
    "index.html",
    "404.html",
    "release.css",
    "nl/index.html",
    "c/benor-29-0107/index.html",
    "c/atg-αδ/index.html",
    "c/benor-29-0107/index.html.br",
    "assets/0123456789ab/css/site.css",
    "search/0123456789ab/records.json",
)


def test_files_are_compared_by_their_digests() -> None:
    old = "assets/0123456789ab/a.js"
    changes = changes_between(
        {"a": "1", "b": "2", "c": None, "d": "4", old: "5"}, {"a": "1", "b": "3", "c": "3", "e": "5"}
    )
    assert (changes.added, changes.changed, changes.removed) == (("e",), ("b", "c"), ("d",))
    assert str(changes) == "1 new, 2 changed, 1 removed"
    assert list(changes.lines()) == ["+ e", "~ b", "~ c", "- d"]


def test_the_purge_list_has_addresses_as_readers_ask_for_them() -> None:
    assert purge_list(NAMES, Urls("https://register.example/certified")).splitlines() == [
        "https://register.example/certified/",
        "https://register.example/certified/404.html",
        "https://register.example/certified/c/atg-%CE%B1%CE%B4/",
        "https://register.example/certified/c/benor-29-0107/",
        "https://register.example/certified/nl/",
        "https://register.example/certified/release.css",
    ]


def test_where_the_address_is_not_known_the_purge_list_has_paths() -> None:
    assert purge_list(["nl/index.html", "index.html"], Urls()) == "/\n/nl/\n"


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("assets/0123456789ab/js/search.js", 0),
        ("search/0123456789ab/words.json", 0),
        ("nl/certificates/benor-29-0107/index.html", 1),
        ("d/12345678/index.html", 1),
        ("r/ptv-829/index.html", 1),
        ("nl/certificates/index.html", 2),
        ("nl/certificates/page/2/index.html", 2),
        ("nl/products/geotextile/datasheets/index.html", 2),
        ("nl/search/index.html", 2),
        ("index.html", 2),
        ("schema/1/certificate.json", 0),
        ("d/12345678/index.json", 1),
        ("data/holders/vlierbeke.json", 1),
        ("nl/data/index.html", 2),
        ("nl/opensearch.xml", 2),
        ("data/certificates.csv", 3),
        ("data/datapackage.json", 3),
        ("sitemap.xml", 3),
        ("sitemap/datasheets-1.xml", 3),
        ("release.css", 3),
        ("SHA256SUMS", 3),
    ],
)
def test_what_a_page_needs_goes_up_before_it(name: str, stage: int) -> None:
    assert upload_stage(name) == stage
