"""What must hold for every page: of the golden site all, of a larger register's site a sample."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from keur.publishing.headers import CONTENT_SECURITY_POLICY
from tests.sites import LANGUAGES, BuiltPage, BuiltSite

pytestmark = pytest.mark.site

HOSTILE_NAMES = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</script>")
PATTERNS = re.compile(r"^/../patterns/$")
RECORD = re.compile(r"^/(../(certificates|datasheets)|c|d)/[^/]+/$")
LINKS = {"a": "href", "link": "href", "script": "src", "img": "src", "form": "action", "use": "href", "source": "src"}
SCHEMES = ("https", "http", "mailto", "tel")
RECORD_BYTES = 12_000
BARE_WORDS = re.compile(r"\b(valid|geldig|valable|valide|gültig)\b", re.IGNORECASE)
YEAR = re.compile(r"\b(19|20)\d\d\b")

Faults = list[str]


def _sampled(site: BuiltSite) -> list[BuiltPage]:
    """Return every page of a list that has several, and one in forty of the rest."""
    pages = [page for path, page in site.pages.items() if "/page/" in path]
    return pages + list(site.pages.values())[::40]


@pytest.fixture(params=["golden", "sample"])
def pages(request: pytest.FixtureRequest) -> list[BuiltPage]:
    """The pages to look at."""
    if request.param == "golden":
        return list(request.getfixturevalue("golden_site").pages.values())
    return _sampled(request.getfixturevalue("sample_site"))


@pytest.fixture(params=["golden", "sample"])
def site_and_pages(request: pytest.FixtureRequest) -> tuple[BuiltSite, list[BuiltPage]]:
    """A site, and the pages of it to look at."""
    site: BuiltSite = request.getfixturevalue(f"{request.param}_site")
    return site, list(site.pages.values()) if request.param == "golden" else _sampled(site)


def _none(faults: Iterable[str]) -> None:
    found = list(faults)
    assert not found, "\n".join([f"{len(found)} faults:", *found[:20]])


def _links(page: BuiltPage) -> Iterator[tuple[str, str]]:
    """Yield every address of a page with the element that has it."""
    for element in page.elements(*LINKS):
        address = element.get(LINKS[element.tag])
        if address is not None:
            yield element.tag, address


def _file(site: BuiltSite, path: str) -> Path:
    name = unquote(path).removeprefix(site.base)[1:]
    return site.folder / (name + "index.html" if name.endswith("/") or not name else name)


def _broken(site: BuiltSite, page: BuiltPage) -> Iterator[str]:
    """Yield the links of a page that lead nowhere."""
    for tag, address in _links(page):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            if parts.scheme not in SCHEMES:
                yield f"{page.path}: {tag} leads to {address}"
            continue
        if not address.startswith(("/", "#")) or not parts.path.startswith(site.base):
            yield f"{page.path}: {tag} leads to {address}, which is not a path from the root"
            continue
        target = page
        if parts.path:
            file = _file(site, parts.path)
            if not file.is_file():
                yield f"{page.path}: {tag} leads to {address}, where nothing is"
                continue
            if parts.fragment and file.suffix == ".html":
                target = site.pages[unquote(parts.path).removeprefix(site.base)]
        if parts.fragment and target.path.endswith(("/", ".html")) and parts.fragment not in target.anchors:
            yield f"{page.path}: {tag} leads to {address}, which has no such anchor"


def test_every_link_leads_somewhere(site_and_pages: tuple[BuiltSite, list[BuiltPage]]) -> None:
    site, pages = site_and_pages
    _none(fault for page in pages if not PATTERNS.match(page.path) for fault in _broken(site, page))


def test_styles_and_scripts_name_only_what_is_there(golden_site: BuiltSite) -> None:
    patterns = {
        "*.css": re.compile(r"url\(\s*[\"']?(?!data:)([^)\"'#]+)"),
        "js/*.js": re.compile(r"(?:from|import)\s*\(?\s*[\"'](\.[^\"']+)[\"']"),
    }
    _none(
        f"{path.name} names {name}"
        for files, pattern in patterns.items()
        for path in (golden_site.folder / "assets").rglob(files)
        for name in pattern.findall(re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
        if not (path.parent / name).is_file()
    )


def test_languages_of_a_page_name_each_other(golden_site: BuiltSite) -> None:
    alternates = {}
    for page in golden_site.pages.values():
        if page.lang:
            alternates[page.path] = {
                link.get("hreflang"): unquote(link.get("href"))
                for link in page.elements("link")
                if link.get("rel") == "alternate" and link.get("hreflang")
            }
    faults = []
    for path, languages in alternates.items():
        if languages.get(path.split("/")[1]) != path:
            faults.append(f"{path} does not name itself: {languages}")
        faults += [
            f"{path} names {other}, which does not name the same pages"
            for other in languages.values()
            if alternates.get(other) != languages
        ]
    _none(faults)
    assert alternates["/nl/certificates/benor-29-0107/"].keys() == set(LANGUAGES)


def test_nothing_inline_that_a_strict_policy_forbids(pages: list[BuiltPage]) -> None:
    data_blocks = ("application/ld+json", "application/json")
    script_sources = re.findall(r"script-src ([^;]*);", CONTENT_SECURITY_POLICY)[0].split()
    faults = []
    for page in pages:
        for element in page.elements():
            if element.tag == "script" and not element.get("src") and element.get("type") not in data_blocks:
                digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
                if f"'sha256-{digest}'" not in script_sources:
                    faults.append(f"{page.path}: an inline script that the policy does not name")
            if element.tag in ("style", "base", "object", "embed", "iframe"):
                faults.append(f"{page.path}: a {element.tag} element")
            faults += [f"{page.path}: {element.tag} has {a}" for a in element.attrib if a == "style" or a[:2] == "on"]
    _none(faults)


def test_linked_data_can_be_read(pages: list[BuiltPage]) -> None:
    for page in pages:
        blocks = [s for s in page.elements("script") if s.get("type") == "application/ld+json"]
        gone = any(meta.get("name") == "robots" for meta in page.elements("meta"))
        assert len(blocks) == (bool(RECORD.match(page.path)) and not gone), page.path
        for block in blocks:
            assert json.loads(block.text)["@context"] == "https://schema.org"


def test_hostile_names_are_text_in_pages_and_in_linked_data(golden_site: BuiltSite) -> None:
    """Each name stands whole in the text a browser makes of the page, and in its linked data, as a value."""
    holder, trade_name, product = HOSTILE_NAMES
    shown = {
        holder: ["/nl/holders/hostile/", "/nl/holders/", "/nl/certificates/copro-1-23/", "/c/copro-900/"],
        trade_name: ["/nl/datasheets/90012346/", "/fr/datasheets/", "/d/90012346/"],
        product: ["/de/products/closing-tag/", "/de/products/", "/c/copro-900/", "/p/closing-tag/", "/d/00012354/"],
    }
    for name, paths in shown.items():
        for path in paths:
            assert name in golden_site.pages[path].text, path
    sheet = golden_site.pages["/en/datasheets/90012346/"].linked_data
    assert trade_name == sheet["name"]
    certificate = golden_site.pages["/c/copro-900/"].linked_data
    assert holder == certificate["about"]["name"]
    assert product == golden_site.pages["/d/00012354/"].linked_data["category"]


def test_no_name_of_the_export_became_markup(golden_site: BuiltSite) -> None:
    """No page has an element or attribute that only a hostile text could have made."""
    _none(
        f"{page.path}: {element.tag} {element.attrib}"
        for page in golden_site.pages.values()
        for element in page.elements()
        if element.get("src") == "x"
        or element.get("onerror")
        or (element.tag == "script" and (element.text or "").strip() == "alert(1)")
        or "/onload" in element.attrib
    )


def test_each_page_says_its_language(pages: list[BuiltPage]) -> None:
    _none(
        page.path
        for page in pages
        if page.document.get("lang") != (page.lang or LANGUAGES[0])  # neutral pages are led by the first language
    )


def test_a_text_in_another_language_says_so(golden_site: BuiltSite) -> None:
    """A missing translation is shown in the nearest language that there is, with that language's name on it."""
    expected = {
        ("/nl/products/clay-pipe/", "Tuyau en grès"): "fr",
        ("/de/products/clay-pipe/", "Scheiteldruksterkte"): "nl",
        ("/en/team/", "Produits routiers"): "fr",
        ("/fr/products/", "Vijandige proeven"): "nl",
        ("/c/atg-3157/", "Tuyau en grès"): "fr",
    }
    title = re.compile("أنابيب|Σωλήνες")
    for (path, text), lang in expected.items():
        marked = [e.get("lang") for e in golden_site.pages[path].elements() if "".join(e.itertext()).strip() == text]
        assert lang in marked, path
    approval = golden_site.pages["/nl/certificates/atg-αδ-١٢٣/"]
    assert [e.get("lang") for e in approval.elements() if title.fullmatch(e.text or "")][:1] == ["ar"]


def test_each_page_has_one_heading_and_a_title_of_its_own(golden_site: BuiltSite) -> None:
    titles: Counter[tuple[str | None, str]] = Counter()
    faults = []
    for page in golden_site.pages.values():
        headings = list(page.elements("h1"))
        (title,) = [e.text for e in page.elements("title")][:1]
        titles[page.lang, title] += 1
        if len(headings) != 1 and not PATTERNS.match(page.path):
            faults.append(f"{page.path}: {len(headings)} h1")
        if not "".join(headings[0].itertext()).strip() or not title.strip():
            faults.append(f"{page.path}: an empty heading or title")
    faults += [f"{lang}: {count} pages are titled {title}" for (lang, title), count in titles.items() if count > 1]
    _none(faults)


def test_valid_is_never_said_without_a_date(pages: list[BuiltPage]) -> None:
    """Where the word stands by itself, the line, row or entry that it stands in holds a year."""
    faults = []
    for page in pages:
        if PATTERNS.match(page.path):
            continue
        for status in page.elements():
            classes = status.attrib.get("class", "").split()
            sentences = [part for part in status.iter() if "data-status-sentence" in part.attrib]
            if "status" not in classes or not sentences:
                continue
            words = "".join(sentences[0].itertext())
            # One without dates to compare with today says that a datasheet covers nothing, and looks like it.
            denied = "data-timeline" not in status.attrib and "status--unknown" in classes
            if not denied and not YEAR.search(words):
                faults.append(f"{page.path}: {words}")
        for row in page.elements("tr", "li", "dd"):
            text = " ".join("".join(row.itertext()).split())
            if len(text) < 60 and BARE_WORDS.search(text) and not YEAR.search(text) and RECORD.match(page.path):
                faults.append(f"{page.path}: {text}")
    _none(faults)


def test_every_page_can_be_reached_from_home(golden_site: BuiltSite) -> None:
    reached, ways = set(), ["/"]
    while ways:
        path = ways.pop()
        if path in reached or path not in golden_site.pages:
            continue
        reached.add(path)
        for tag, address in _links(golden_site.pages[path]):
            if tag == "a" and address.startswith("/"):
                ways.append(unquote(urlsplit(address).path))
    # Badges are for frames of other sites, and links to filtered lists are made by script.
    not_meant_for_people = {path for path in golden_site.pages if PATTERNS.match(path) or path.startswith("/badge/")}
    not_meant_for_people |= {"/404.html", "/l/"}
    assert reached == golden_site.pages.keys() - not_meant_for_people


@pytest.mark.parametrize("kind", ["datasheets", "certificates"])
def test_a_records_page_is_small(pages: list[BuiltPage], kind: str) -> None:
    _none(
        f"{page.path}: {len(page.html.encode())} bytes"
        for page in pages
        if re.match(rf"^/../{kind}/[^/]+/$", page.path) and len(page.html.encode()) > RECORD_BYTES
    )


def test_every_record_has_its_pages_in_every_language(golden_site: BuiltSite) -> None:
    certificates = {path.split("/")[2] for path in golden_site.pages if path.startswith("/c/")}
    sheets = {path.split("/")[2] for path in golden_site.pages if path.startswith("/d/")}
    assert (len(certificates), len(sheets)) == (11, 12)
    for lang in LANGUAGES:
        assert {f"/{lang}/certificates/{slug}/" for slug in certificates} <= golden_site.pages.keys()
        assert {f"/{lang}/datasheets/{slug}/" for slug in sheets} <= golden_site.pages.keys()


def test_a_record_page_does_not_name_the_day_of_the_export(golden_site: BuiltSite) -> None:
    """The day stands in release.css alone, so that a new export does not change the pages of records."""
    assert b"2026-03-02T06:00:00+01:00" in (golden_site.folder / "release.css").read_bytes()
    day = re.compile(r"2026-03-02T|T06:00:00")
    _none(page.path for page in golden_site.pages.values() if day.search(page.html))
