"""Recent changes on pages and in feeds: told in words, valid by RFC 4287, and the same from export to export."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest

from keur.exports.atom import NAMESPACE, Entry, Feed, feed_bytes
from tests.builders import certificate, datasheet, export, product, write_export
from tests.sites import LANGUAGES, BuiltSite, build, files_of, run_keur

pytestmark = pytest.mark.site

ATOM = f"{{{NAMESPACE}}}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
HOSTILE = '</title><script>alert(1)</script> & "quoted" <![CDATA[ ]]>'
ADDRESS = "https://register.example"
SUSPENDED = {"date": "2026-01-20", "status": "suspended"}
PIPES = product(id="pipe", name="Pipe")
PIPE = certificate(number="29/0200", product="pipe")
SERIES = (
    ("2026-01-05", {"certificates": [certificate(), PIPE], "products": [product(), PIPES]}),
    (
        "2026-02-05",
        {"certificates": [certificate(status_events=[SUSPENDED]), PIPE], "products": [product(), PIPES]},
    ),
    (
        "2026-03-05",
        {
            "certificates": [certificate(status_events=[SUSPENDED]), PIPE],
            "products": [product(), PIPES],
            "datasheets": [datasheet(), datasheet(code="90012346", trade_name=HOSTILE)],
        },
    ),
    ("2026-04-05", {"certificates": [certificate(status_events=[SUSPENDED])], "products": [product(), PIPES]}),
)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[BuiltSite]:
    """The site after each export of a series, each recorded."""
    folder = tmp_path_factory.mktemp("changes")
    built = []
    for day, records in SERIES:
        data = write_export(folder / "data", register=export(exported_at=f"{day}T06:00:00+01:00"), **records)
        done = run_keur("record", "--data", data)
        assert done.returncode == 0, done.stderr
        build(data, folder / day, "--site-url", ADDRESS)
        built.append(BuiltSite(folder / day))
    return built


def feeds(site: BuiltSite) -> Iterator[tuple[str, bytes]]:
    for path in sorted(site.folder.rglob("*.atom")):
        yield "/" + path.relative_to(site.folder).as_posix(), path.read_bytes()


def _parsed(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314  # what Keur wrote itself


def only(parent: ET.Element, tag: str) -> ET.Element:
    (found,) = parent.findall(ATOM + tag)
    return found


def text(parent: ET.Element, tag: str) -> str:
    words = only(parent, tag).text
    assert words
    assert words.strip() == words
    return words


def check_feed(path: str, content: bytes) -> ET.Element:
    """Ensure what RFC 4287 asks of a feed, and of each of its entries."""
    feed = _parsed(content)
    assert feed.tag == ATOM + "feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == path.split("/")[1]
    _check_common(feed)
    assert text(only(feed, "author"), "name")
    links = {link.get("rel"): link for link in feed.findall(ATOM + "link")}
    assert str(links["self"].get("href")).endswith(path)
    assert links["alternate"].get("type") == "text/html"
    entries = feed.findall(ATOM + "entry")
    for entry in entries:
        _check_common(entry)
        (link,) = entry.findall(ATOM + "link")
        assert link.get("rel") == "alternate"
        assert re.search(r"/[cd]/[^/]+/$", str(link.get("href")))
        assert text(entry, "summary")
    ids = [text(entry, "id") for entry in entries]
    assert len(set(ids)) == len(ids)
    moments = [text(entry, "updated") for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert not moments or text(feed, "updated") == moments[0]
    children = {child.tag.removeprefix(ATOM) for entry in entries for child in entry}
    assert children <= {"id", "title", "updated", "link", "category", "summary"}
    return feed


def _check_common(part: ET.Element) -> None:
    assert uuid.UUID(text(part, "id").removeprefix("urn:uuid:")).version == 5
    assert text(part, "title")
    assert MOMENT.fullmatch(text(part, "updated"))


def test_every_feed_is_valid(sites: list[BuiltSite], sample_site: BuiltSite) -> None:
    seen = 0
    for site in (*sites, sample_site):
        for path, content in feeds(site):
            check_feed(path, content)
            parsed = feedparser.parse(content)
            assert parsed.bozo == 0, path
            seen += len(parsed.entries)
    assert seen > 500


def test_every_system_and_product_has_a_feed_and_a_page_in_every_language(sites: list[BuiltSite]) -> None:
    expected = {
        f"/{lang}/feeds/{name}.atom"
        for lang in LANGUAGES
        for name in ("register", "systems/benor", "products/geotextile", "products/pipe")
    }
    assert dict(feeds(sites[-1])).keys() == expected
    for path in expected:
        page = path.replace("/feeds/register.atom", "/changes/").replace("/feeds/", "/changes/").replace(".atom", "/")
        links = [e for e in sites[-1].pages[page].elements("link") if e.get("type") == "application/atom+xml"]
        assert [link.get("href") for link in links] == [path]


def test_pages_of_systems_products_and_the_home_lead_to_their_feeds_and_changes(sites: list[BuiltSite]) -> None:
    pages = sites[-1].pages
    for path, feed, changes in (
        ("/en/", "/en/feeds/register.atom", "/en/changes/"),
        ("/en/systems/benor/", "/en/feeds/systems/benor.atom", "/en/changes/systems/benor/"),
        ("/en/products/pipe/", "/en/feeds/products/pipe.atom", "/en/changes/products/pipe/"),
    ):
        hrefs = [element.get("href") for element in pages[path].elements("link", "a")]
        assert feed in hrefs
        assert changes in hrefs


def test_ids_stay_and_so_does_the_time_of_an_entry(sites: list[BuiltSite]) -> None:
    """Over a series of exports an entry keeps its id, its time and its words; a feed keeps its id."""
    known: dict[str, tuple[str, str]] = {}
    feed_ids: dict[str, str] = {}
    for site in sites:
        for path, content in feeds(site):
            feed = _parsed(content)
            assert feed_ids.setdefault(path, text(feed, "id")) == text(feed, "id")
            for entry in feed.findall(ATOM + "entry"):
                said = (text(entry, "updated"), text(entry, "title"))
                assert known.setdefault(text(entry, "id"), said) == said
    assert len(set(feed_ids.values())) == len(feed_ids)
    assert len(known) == 4 * len(LANGUAGES)


def test_a_feed_is_touched_only_when_its_entries_change(sites: list[BuiltSite]) -> None:
    """What became of a geotextile leaves the feed of pipes as it was, byte for byte."""
    of_pipes = [files_of(site.folder)["en/feeds/products/pipe.atom"] for site in sites]
    assert of_pipes[0] == of_pipes[1] == of_pipes[2] != of_pipes[3]
    of_all = [files_of(site.folder)["en/feeds/register.atom"] for site in sites]
    assert len(set(of_all)) == 3  # the third export had a new datasheet only, which the product's feed tells of
    of_geotextiles = [files_of(site.folder)["en/feeds/products/geotextile.atom"] for site in sites]
    assert len(set(of_geotextiles)) == 4


def test_no_feed_asks_the_clock_or_the_place_of_the_site_for_an_id(tmp_path: Path, sites: list[BuiltSite]) -> None:
    day, records = SERIES[0]
    for day, records in SERIES[:2]:
        data = write_export(tmp_path / "data", register=export(exported_at=f"{day}T06:00:00+01:00"), **records)
        assert run_keur("record", "--data", data).returncode == 0
    build(data, tmp_path / "site")
    here, there = BuiltSite(tmp_path / "site"), sites[1]
    for (path, mine), (_, theirs) in zip(feeds(here), feeds(there), strict=True):
        assert mine == theirs.replace(ADDRESS.encode() + b"/", b"/").replace(b"<uri>/", f"<uri>{ADDRESS}/".encode()), (
            path
        )


def test_changes_are_told_in_words(sites: list[BuiltSite]) -> None:
    shown = {lang: sites[-1].pages[f"/{lang}/changes/"].text for lang in LANGUAGES}
    assert "BENOR 29/0107" in shown["en"]
    for lang, words in (
        ("en", ("suspended as of 20 January 2026", "no longer listed", "Export of 5 April 2026")),
        ("nl", ("geschorst vanaf 20 januari 2026", "niet meer vermeld", "Export van 5 april 2026")),
        ("fr", ("suspendu depuis le 20 janvier 2026", "n'est plus répertorié", "Export du 5 avril 2026")),
        ("de", ("ausgesetzt ab 20. Januar 2026", "nicht mehr aufgeführt", "Export vom 5. April 2026")),
    ):
        assert [part for part in words if part not in shown[lang]] == []


def test_the_page_of_a_product_tells_of_its_datasheets_and_of_no_other_product(sites: list[BuiltSite]) -> None:
    pages = sites[-1].pages
    assert "90012346" in pages["/en/changes/products/geotextile/"].text
    assert "90012346" in pages["/en/changes/"].text  # it left again, which is not minor
    assert "29/0200" not in pages["/en/changes/products/geotextile/"].text
    assert "29/0200" in pages["/en/changes/products/pipe/"].text
    assert "1 datasheet was first listed" in sites[2].pages["/en/changes/"].text


def test_a_register_without_ledger_says_that_it_knows_of_no_change(golden_site: BuiltSite) -> None:
    page = golden_site.pages["/en/changes/"]
    assert "No change is known" in page.text
    assert [e for e in page.elements("form") if "changes__filter" in (e.get("class") or "")] == []


def test_a_page_of_changes_is_not_too_heavy(sample_site: BuiltSite) -> None:
    sizes = {path: len(page.html) for path, page in sample_site.pages.items() if "/changes/" in path}
    assert max(sizes.values()) < 110_000


def test_what_xml_cannot_hold_does_not_break_a_feed() -> None:
    entry = Entry(
        "a", HOSTILE, 'https://x.example/?a=1&b="2"', "2026-01-05T06:00:00+01:00", "\x00\x1f\ud800", "c", HOSTILE
    )
    feed = Feed("b", "nl", HOSTILE, "/a", "/b", "2026-01-05T06:00:00+01:00", HOSTILE, "https://x.example", (entry,))
    parsed = _parsed(feed_bytes(feed))
    assert text(parsed, "title") == HOSTILE
    assert text(only(parsed, "entry"), "title") == HOSTILE
    assert text(only(parsed, "entry"), "summary") == "\ufffd\ufffd\ufffd"
