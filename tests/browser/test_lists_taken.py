"""What one does with a filtered list: link to it for good, cite it, take it along as a file."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SAMPLE_DAY, Visitor
from tests.sites import CITED_URL

pytestmark = pytest.mark.browser

NOW = "2026-11-27T10:00:00+01:00"
LATE = "2027-01-15T10:00:00+01:00"


def _opened(page: Page, address: str) -> None:
    """Open a list, and what can be done with it."""
    page.goto(address)
    expect(page.locator("[data-results] > li").first).to_be_visible()
    page.locator("details[data-list-tools] > summary").click()
    expect(page.locator(".list-tools__body .citation").last.get_by_role("button").first).to_be_visible()


def _file(page: Page) -> list[dict[str, str]]:
    """Take the list along, and return its rows by the names of their columns."""
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    content = Path(taken.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets read it as UTF-8"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("locale", "lang"), [("fr-BE", "fr"), ("de-DE", "de"), ("nl", "nl"), ("it-IT", "nl")])
def test_a_lasting_link_opens_in_the_visitors_language(visitor: Visitor, sample: str, locale: str, lang: str) -> None:
    page = visitor.page(SAMPLE_DAY, locale=locale)
    page.goto(f"{sample}/l/?s=benor&p=geotextile&r=BE-VLG")
    page.wait_for_url(f"**/{lang}/search/**")
    provinces = "&".join(f"region={name}" for name in ("be-van", "be-vbr", "be-vli", "be-vov", "be-vwv"))
    expect(page).to_have_url(f"{sample}/{lang}/search/?system=benor&product=geotextile&{provinces}")
    expect(page.locator("[data-results] > li").first).to_be_visible()


def test_the_link_of_a_list_leads_back_to_it(visitor: Visitor, sample: str) -> None:
    page = visitor.page(SAMPLE_DAY)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _opened(page, f"{sample}/en/search/?q=geotextile&system=benor&status=valid&kind=certificate&sort=holder")
    count = page.locator("[data-count]").inner_text()
    page.locator(".list-tools__body").get_by_role("button", name="Copy", exact=True).click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{sample}/l/?q=geotextile&s=benor&t=valid&k=certificate&o=holder"
    page.goto(link)
    page.wait_for_url("**/en/search/**")
    expect(page.locator("[data-count]")).to_have_text(count)
    expect(page).to_have_url(re.compile(r"\?q=geotextile&system=benor&status=valid&kind=certificate&sort=holder$"))


def test_the_link_follows_the_filters_and_names_the_sites_own_address(visitor: Visitor, cited: str) -> None:
    page = visitor.page(NOW)
    _opened(page, f"{cited}/en/search/?system=benor")
    link = page.locator(".list-tools__body > p > a")
    expect(link).to_have_text(f"{CITED_URL}/l/?s=benor")
    page.locator("input[name=q]").first.fill("29/0010")
    expect(link).to_have_text(f"{CITED_URL}/l/?q=29/0010&s=benor")


def test_without_script_a_lasting_link_leads_to_the_whole_lists(visitor: Visitor, cited: str) -> None:
    page = visitor.page(None, java_script_enabled=False)
    page.goto(f"{cited}/l/?s=benor&p=geotextile")
    assert "Without it, these lists hold every record." in page.locator("main").inner_text()
    page.locator("nav[lang=de]").get_by_role("link", name="Zertifikate").click()
    expect(page).to_have_url(f"{cited}/de/certificates/")


@pytest.mark.parametrize("query", ["?s=%3Cscript%3Ealert(1)%3C/script%3E", "?q=%00%ff&p=a&p=b", "?" + "s=x&" * 500])
def test_an_odd_link_still_arrives_at_the_search(visitor: Visitor, cited: str, query: str) -> None:
    page = visitor.page(NOW)
    page.goto(f"{cited}/l/{query}")
    page.wait_for_url("**/search/**")
    expect(page.locator("[data-count]")).to_be_visible()


def test_a_list_is_cited_in_every_language(visitor: Visitor, cited: str) -> None:
    page = visitor.page(NOW)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _opened(page, f"{cited}/en/search/?system=benor&product=geotextile&kind=certificate&status=valid")
    texts = {
        lang: page.locator(f".list-tools .citation[lang={lang}] [data-citation]").inner_text()
        for lang in ("nl", "fr", "de", "en")
    }
    link = f"{CITED_URL}/l/?s=benor&p=geotextile&t=valid&k=certificate"
    assert texts["en"] == (
        "Demonstration data. List from the register (BENOR · Geotextile · valid · Certificates and approvals), or "
        f"equivalent. Records found: 54. Small register, Tiny Certification: {link} "
        "(consulted on 27 November 2026, register data of 21 November 2026)"
    )
    assert "BENOR · Geotextil · gültig" in texts["de"]
    assert "oder gleichwertig" in texts["de"]
    assert "Géotextile" in texts["fr"]
    assert "ou équivalent" in texts["fr"]
    assert "Klein register, Tiny Certification: " in texts["nl"]
    assert "of gelijkwaardig" in texts["nl"]
    page.locator(".list-tools .citation[lang=fr]").get_by_role("button", name="Copier avec le lien").click()
    expect(page.locator(".list-tools .citation[lang=fr] [role=status]")).to_have_text("Copié")
    html = page.evaluate("""async () => (await (await navigator.clipboard.read())[0].getType("text/html")).text()""")
    assert f'<a href="{link.replace("&", "&amp;")}">' in html


def test_the_file_of_a_list_holds_all_of_it(visitor: Visitor, cited: str) -> None:
    page = visitor.page(NOW)
    _opened(page, f"{cited}/nl/search/?system=benor")
    rows = _file(page)
    assert len(rows) == 57 + 20, "not the first fifty alone"
    by_number = {row["number"]: row for row in rows}
    assert by_number["29/0010"] == {
        "kind": "certificate",
        "systems": "BENOR",
        "number": "29/0010",
        "name": "",
        "product": "Geotextiel",
        "holder": "Weverij Vlierbeke",
        "unit_place": "Namur",
        "status": "valid",
        "status_text": "Geldig tot en met 28 februari 2028",
        "valid_from": "2023-05-12",
        "valid_until": "2028-02-28",
        "permalink": f"{CITED_URL}/c/benor-29-0010/",
        "looked_up": "2026-11-27",
        "exported": "2026-11-21",
        "register": "Klein register",
        "publisher": "Tiny Certification",
        "demonstration": "true",
    }
    assert by_number["29/0001"]["status"] == "withdrawn"
    assert by_number["29/0002"]["status"] == "expired"
    assert by_number["90010001"]["status"] == "not-covered"
    assert (by_number["90010010"]["status"], by_number["90010010"]["name"]) == ("valid", "Vliertex 20")
    assert by_number["90010010"]["permalink"] == f"{CITED_URL}/d/90010010/"


def test_the_file_of_a_list_from_old_data_says_valid_nowhere(visitor: Visitor, cited: str) -> None:
    page = visitor.page(LATE)
    _opened(page, f"{cited}/en/search/?system=benor")
    statuses = {row["status"] for row in _file(page)}
    assert statuses == {"unknown", "withdrawn", "expired"}


def test_a_file_that_cannot_be_whole_is_not_made(visitor: Visitor, cited: str) -> None:
    visitor.expected += ["sheets/", "could not be read", "is not there", "Failed to load resource", "503"]
    page = visitor.page(NOW)
    page.route("**/sheets/*.json", lambda route: route.fulfill(status=503, body=""))
    _opened(page, f"{cited}/en/search/?system=benor&kind=certificate")
    page.goto(f"{cited}/en/search/?system=benor&kind=datasheet")
    page.locator("details[data-list-tools] > summary").click()
    page.get_by_role("button", name="CSV").click()
    expect(page.locator(".list-tools__body > [role=status]")).to_contain_text("Try again")


def test_what_is_done_with_a_list_fits_a_phone(visitor: Visitor, cited: str, axe: str) -> None:
    page = visitor.page(NOW, viewport=PHONE, color_scheme="dark")
    _opened(page, f"{cited}/de/search/?system=benor&kind=certificate&product=geotextile")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run('.list-tools')).violations.map(({ id }) => id)")
    assert found == []
