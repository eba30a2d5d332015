"""A series of exports, recorded and built as a body does it: what was published answers for ever, and answers truly."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.builders import certificate, datasheet, document, export, product, write_export
from tests.sites import LANGUAGES, BuiltPage, BuiltSite, build, files_of, run_keur

pytestmark = pytest.mark.site

SUSPENDED = {"date": "2026-01-20", "status": "suspended"}
RENAMED = certificate(number="29/0109", replaces={"system": "benor", "number": "29/0108"})
EXPORTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    (
        "2026-01-05",
        {
            "certificates": [certificate(), certificate(number="29/0108")],
            "datasheets": [datasheet(), datasheet(code="90012346")],
            "documents": [document(), document(id="ptv-830", number="PTV 830", replaced_by="ptv-829")],
            "products": [product(), product(id="old-kind", name="Old kind")],
        },
    ),
    ("2026-02-05", {"certificates": [certificate(status_events=[SUSPENDED]), certificate(number="29/0108")]}),
    ("2026-03-05", {"certificates": [RENAMED], "datasheets": []}),
)
GONE = {
    "/c/benor-29-0107/": "certificates/benor-29-0107",
    "/c/benor-29-0108/": "certificates/benor-29-0108",
    "/d/90012345/": "datasheets/90012345",
    "/d/90012346/": "datasheets/90012346",
    "/p/old-kind/": "products/old-kind",
    "/r/ptv-830/": "documents/ptv-830",
}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[BuiltSite]:
    """The site after each export; the last is built before its export is recorded, as a preview is.

    Each is also built over the site before it, at first without a ledger, and comes out as the same bytes.
    """
    folder = tmp_path_factory.mktemp("series")
    built = []
    for day, records in EXPORTS:
        data = write_export(folder / "data", register=export(exported_at=f"{day}T06:00:00+01:00"), **records)
        if day == EXPORTS[0][0]:
            build(data, folder / "kept")
        if day != EXPORTS[-1][0]:
            done = run_keur("record", "--data", data)
            assert done.returncode == 0, done.stderr
        build(data, folder / day)
        built.append(BuiltSite(folder / day))
        build(data, folder / "kept")
        kept, clean = files_of(folder / "kept"), files_of(folder / day)
        assert [name for name in sorted(kept.keys() | clean.keys()) if kept.get(name) != clean.get(name)] == []
    return built


def _tombstones(site: BuiltSite) -> list[BuiltPage]:
    paths = [*GONE, *(f"/{lang}/{name}/" for lang in LANGUAGES for name in GONE.values())]
    return [site.pages[path] for path in paths]


def test_no_published_permalink_dies(sites: list[BuiltSite]) -> None:
    published: set[str] = set()
    for site in sites:
        permalinks = {path for path in site.pages if path.split("/")[1] in ("c", "d", "p", "r")}
        assert published - permalinks == set()
        published |= permalinks
    assert set(GONE) < published


def test_a_tombstone_offers_nothing(sites: list[BuiltSite]) -> None:
    for page in _tombstones(sites[-1]):
        robots = [element.get("content") for element in page.elements("meta") if element.get("name") == "robots"]
        assert robots == ["noindex"], page.path
        assert [e for e in page.elements("script") if e.get("type") == "application/ld+json"] == [], page.path
        classes = {name for element in page.elements() for name in (element.get("class") or "").split()}
        assert classes & {"mark", "status--valid", "status--trial"} == set(), page.path
        assert [element for element in page.elements() if "data-timeline" in element.attrib] == [], page.path


def test_a_tombstone_says_what_was_known_and_since_when_it_is_not_listed(sites: list[BuiltSite]) -> None:
    page = sites[-1].pages["/en/certificates/benor-29-0107/"].text
    gone = "Not certified any more, as far as this register knows: no longer listed since 5 March 2026"
    for said in (
        gone,
        "As last listed on 5 February 2026",
        "Suspended since 20 January 2026",
        "Weverij Vlierbeke",
        "Leuven",
    ):
        assert said in page
    sheet = sites[-1].pages["/en/datasheets/90012346/"].text
    assert "no longer listed since 5 February 2026" in sheet
    assert "As last listed on 5 January 2026" in sheet
    card = sites[-1].pages["/c/benor-29-0107/"].text
    for said in (
        "Niet meer gecertificeerd",
        "N'est plus certifié",
        "Nicht mehr zertifiziert",
        "Not certified any more",
    ):
        assert said in card
    kind = sites[-1].pages["/p/old-kind/"]
    assert "certified" not in kind.text
    (cited,) = (block for block in kind.elements("div") if block.get("id") == "en")
    text = " ".join("".join(cited.itertext()).split())
    assert "Product: Old kind. No longer listed since 5 February 2026." in text
    assert "or equivalent" not in text, "nobody is to ask for it"


def test_what_took_the_place_of_a_record_and_the_record_lead_to_each_other(sites: list[BuiltSite]) -> None:
    def leads(page: str, to: str) -> bool:
        return to in [element.get("href") for element in sites[-1].pages[page].elements("a")]

    assert leads("/nl/certificates/benor-29-0108/", "/nl/certificates/benor-29-0109/")
    assert leads("/nl/certificates/benor-29-0109/", "/nl/certificates/benor-29-0108/")
    assert leads("/c/benor-29-0108/", "/c/benor-29-0109/")
    assert leads("/en/documents/ptv-830/", "/en/documents/ptv-829/")
    assert leads("/fr/datasheets/90012345/", "/fr/certificates/benor-29-0107/")


def test_every_link_of_a_tombstone_leads_somewhere(sites: list[BuiltSite]) -> None:
    site = sites[-1]
    for page in _tombstones(site):
        for element in page.elements("a"):
            address = (element.get("href") or "").partition("#")[0]
            assert not address.startswith("/") or address in site.pages, f"{page.path}: {address}"
