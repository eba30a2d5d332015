"""Every public path has its one form, and links stand behind the site's base path."""

import pytest

from keur import urls
from keur.urls import Urls

HERE = Urls("https://register.example/some/where")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (urls.root(), "/"),
        (urls.home("nl"), "/nl/"),
        (urls.search("fr"), "/fr/search/"),
        (urls.team("de"), "/de/team/"),
        (urls.content("en", "legal-notice"), "/en/legal-notice/"),
        (urls.listing("nl", "certificates"), "/nl/certificates/"),
        (urls.listing("nl", "certificates", 2), "/nl/certificates/page/2/"),
        (urls.record("nl", "certificates", "benor-29-0107"), "/nl/certificates/benor-29-0107/"),
        (urls.part_listing("nl", "products", "geotextile", "certificates"), "/nl/products/geotextile/certificates/"),
        (urls.part_listing("nl", "systems", "atg", "datasheets", 3), "/nl/systems/atg/datasheets/page/3/"),
        (urls.permalink("certificates", "benor-29-0107"), "/c/benor-29-0107/"),
        (urls.permalink("datasheets", "90012345"), "/d/90012345/"),
        (urls.permalink("products", "geotextile"), "/p/geotextile/"),
        (urls.permalink("documents", "ptv-829"), "/r/ptv-829/"),
    ],
)
def test_paths_have_the_form_that_was_promised(path: str, expected: str) -> None:
    assert expected == path


@pytest.mark.parametrize(
    ("path", "file"),
    [("/", "index.html"), ("/nl/", "nl/index.html"), ("/404.html", "404.html"), ("/release.css", "release.css")],
)
def test_a_path_is_answered_by_a_file(path: str, file: str) -> None:
    assert file == urls.file_of(path)


@pytest.mark.parametrize(
    ("site_url", "base"),
    [
        ("", ""),
        ("https://register.example", ""),
        ("https://register.example/", ""),
        ("https://register.example/some/where", "/some/where"),
    ],
)
def test_the_base_is_the_path_of_the_sites_address(site_url: str, base: str) -> None:
    assert base == Urls(site_url).base


def test_links_stand_behind_the_base_and_escape_letters_beyond_ascii() -> None:
    path = urls.permalink("certificates", "atg-αδ-1")
    assert Urls().href(path) == "/c/atg-%CE%B1%CE%B4-1/"
    assert HERE.href(path) == "/some/where/c/atg-%CE%B1%CE%B4-1/"
    assert HERE.href("/nl/holders/a/", urls.unit_anchor("a-1")) == "/some/where/nl/holders/a/#unit-a-1"


def test_the_whole_address_is_given_where_the_sites_is_known() -> None:
    assert HERE.canonical("/c/a/") == "https://register.example/some/where/c/a/"
    assert HERE.address("/c/a/") == "https://register.example/some/where/c/a/"
    assert Urls().canonical("/c/a/") is None
    assert Urls().address("/c/a/") == "/c/a/"


def test_filters_are_escaped() -> None:
    assert HERE.filtered("nl", q="29/0107 & <b>", system="benor") == (
        "/some/where/nl/search/?q=29%2F0107+%26+%3Cb%3E&system=benor"
    )
