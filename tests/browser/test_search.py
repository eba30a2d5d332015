"""Search in a real browser, on a register with certificates enough for filters to matter."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SAMPLE_DAY, Visitor, open_search

pytestmark = pytest.mark.browser

EMPTY = re.compile(r"^\s*$")
COUNTED = re.compile(r"^\d")


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """A page of a reader on the day of the export."""
    return visitor.page(SAMPLE_DAY)


def _open(page: Page, sample: str, query: str = "", lang: str = "en") -> None:
    open_search(page, f"{sample}/{lang}/search/{query}")
    # It says that it loads before it says how many.
    expect(page.locator("[data-count]")).to_have_text(COUNTED)


def _listed(page: Page, act: Callable[[], object]) -> None:
    """Do what asks for another list, which has another address, and wait until that list stands whole."""
    page.evaluate(
        """() => {
            const before = location.href;
            window.isListed = false;
            addEventListener("listed", () => { window.isListed = location.href !== before; }, true);
        }"""
    )
    act()
    page.wait_for_function("() => window.isListed")


def _type(page: Page, text: str) -> None:
    page.locator("main input[name=q]").fill(text)


def _results(page: Page) -> list[str]:
    """Return the numbers of the first page of results, once all of it is there: its files come one after another."""
    page.wait_for_function(
        """() => {
            const count = document.querySelector("[data-count]").textContent.trim().split(" ")[0].replace(/\\D/g, "");
            return document.querySelectorAll("[data-results] > li").length === Math.min(Number(count), 50);
        }"""
    )
    return page.locator("[data-results] > li [data-slot=number]").all_inner_texts()


def _count(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator("[data-count]").inner_text().split(" ")[0]) or 0)


def _values(page: Page, facet: str) -> dict[str, int]:
    """Return a facet's values with the counts beside them."""
    return {
        row.locator("[data-slot=label]").inner_text(): int(
            re.sub(r"\D", "", row.locator("[data-slot=count]").inner_text())
        )
        for row in page.locator(f"[data-facet={facet}] .facet__value").all()
        if row.is_visible()
    }


def _choose(page: Page, facet: str, label: str) -> None:
    values = page.locator(f"[data-facet={facet}] .facet__value")
    values.filter(has=page.get_by_text(label, exact=True)).click()


def _forget(page: Page) -> None:
    """Let nothing be found, so that what is found next was asked for."""
    _type(page, "xyzzyqwerty")
    expect(page.locator("[data-results] > li")).to_have_count(0)


def test_a_datasheets_code_in_any_spelling_brings_it_first(page: Page, sample: str) -> None:
    _open(page, sample)
    for spelling in ("90012345", "9001 2345", "9001-2345", " 90012345 ", "nr. 90012345", "９００１２３４５"):
        _forget(page)
        _type(page, spelling)
        first = page.locator("[data-results] > li").first
        expect(first.locator("[data-slot=number]"), spelling).to_have_text("90012345")
        expect(first.locator("a").first, spelling).to_have_attribute("href", re.compile("/en/datasheets/90012345/$"))


def test_a_certificates_number_in_any_spelling_brings_it_first(page: Page, sample: str) -> None:
    spellings = ["29/0107", "BENOR 29/0107", "benor 29-0107", "29 0107", "290107"]
    _open(page, sample)
    for spelling in (*spellings, "BENOR nr. 29/0107", "benor n° 29.0107"):
        _forget(page)
        _type(page, spelling)
        first = page.locator("[data-results] > li").first
        expect(first.locator("[data-slot=number]"), spelling).to_have_text("29/0107")
        expect(first, spelling).to_contain_text("BENOR")
        link = re.compile("/en/certificates/benor-29-0107/$")
        expect(first.locator("a").first, spelling).to_have_attribute("href", link)


def test_the_start_of_a_number_lists_every_record_that_has_it(page: Page, sample: str) -> None:
    _open(page, sample)
    _type(page, "29/01")
    expect(page.locator("[data-results] > li").first).to_contain_text("29/01")
    assert len(_results(page)) > 1
    assert all("2901" in re.sub(r"\W", "", number) for number in _results(page))


def test_a_products_name_in_any_language_finds_its_records(page: Page, sample: str) -> None:
    _open(page, sample)
    everything = _count(page)
    for word in ("geotextiel", "géotextile", "Geotextil", "geotextile", "geotextil"):
        _forget(page)
        _type(page, word)
        expect(page.locator("[data-results] > li [data-slot=product]").first, word).to_have_text("Geotextile")
        expect(page.locator("[data-count]"), word).to_have_text(re.compile("^[1-9]"))
        assert _count(page) < everything, word


@pytest.mark.parametrize("label", ["BENOR", "COPRO", "ATG"])
def test_a_filter_narrows_the_list_and_every_count(page: Page, sample: str, label: str) -> None:
    _open(page, sample)
    # Statuses need files of their own and come last.
    expect(page.locator("[data-facet=status] .facet__value").first).to_be_visible()
    everything, systems = _count(page), _values(page, "system")
    _listed(page, lambda: _choose(page, "system", label))
    expect(page).to_have_url(re.compile(rf"[?&]system={label.lower()}\b"))
    expect(page.locator("[data-count]")).to_contain_text(re.compile(rf"\b{systems[label]:,}\b|\b{systems[label]}\b"))
    assert _count(page) == systems[label] < everything
    assert sum(_values(page, "status").values()) == systems[label]
    assert _values(page, "system") == systems, "a facet's own counts are those of the other facets' choice"
    assert {mark.split("\n")[0] for mark in page.locator("[data-results] .mark").all_inner_texts()} == {label}


def test_two_filters_narrow_together_and_two_values_of_one_widen(page: Page, sample: str) -> None:
    _open(page, sample)
    systems = _values(page, "system")
    _listed(page, lambda: _choose(page, "system", "ATG"))
    _listed(page, lambda: _choose(page, "system", "BENOR"))
    expect(page).to_have_url(re.compile("system=.*system="))
    assert _count(page) == systems["ATG"] + systems["BENOR"]
    both = _values(page, "kind")
    kind, count = min(both.items(), key=lambda item: item[1])
    _listed(page, lambda: _choose(page, "kind", kind))
    expect(page).to_have_url(re.compile("kind="))
    assert _count(page) == count


def test_back_and_forward_restore_each_step(page: Page, sample: str) -> None:
    _open(page, sample)
    expect(page.locator("[data-results] [data-status-sentence]").first).not_to_have_text(EMPTY)
    steps = [(_count(page), _results(page))]
    _listed(page, lambda: _choose(page, "system", "BENOR"))
    expect(page).to_have_url(re.compile("system=benor"))
    steps.append((_count(page), _results(page)))
    _listed(page, lambda: _choose(page, "status", "suspended"))
    expect(page).to_have_url(re.compile("status=suspended"))
    steps.append((_count(page), _results(page)))
    assert len({count for count, _ in steps}) == 3
    for expected in (steps[1], steps[0]):
        _listed(page, page.go_back)
        assert (_count(page), _results(page)) == expected
    _listed(page, page.go_forward)
    expect(page.locator("[data-facet=system] input:checked")).to_have_count(1)
    assert (_count(page), _results(page)) == steps[1]


def test_a_copied_address_shows_the_same_list(page: Page, sample: str, visitor: Visitor) -> None:
    _open(page, sample)
    _type(page, "geotextile")
    expect(page.locator("[data-results] > li [data-slot=product]").first).to_have_text("Geotextile")
    _choose(page, "system", "BENOR")
    expect(page).to_have_url(re.compile("system=benor"))
    expect(page).to_have_url(re.compile("q=geotextile"))
    other = visitor.page(SAMPLE_DAY)
    other.goto(page.url)
    expect(other.locator("[data-count]")).to_have_text(page.locator("[data-count]").inner_text())
    assert _results(other) == _results(page)
    assert other.locator("main input[name=q]").input_value() == "geotextile"
    assert [box.get_attribute("value") for box in other.locator("[data-facet=system] input:checked").all()] == ["benor"]


def test_a_link_from_a_tender_document_chooses_its_filters(page: Page, sample: str) -> None:
    _open(page, sample, "?system=benor&product=geotextile&status=valid", lang="nl")
    # Results stand before the filters do.
    boxes = page.locator("[data-facet] input:checked")
    expect(boxes).to_have_count(3)
    checked = {
        (box.locator("xpath=ancestor::fieldset").get_attribute("data-facet"), box.get_attribute("value"))
        for box in boxes.all()
    }
    assert checked == {("system", "benor"), ("product", "geotextile"), ("status", "valid")}
    assert _results(page)
    expect(page.locator("[data-results] > li [data-slot=product]").first).to_have_text("Geotextiel")


def test_choices_can_be_taken_back_one_by_one(page: Page, sample: str) -> None:
    _open(page, sample, "?system=benor&status=valid")
    narrowed = _count(page)
    chips = page.locator("[data-chips] button.chip")
    _listed(page, chips.filter(has_text="BENOR").click)
    expect(page).not_to_have_url(re.compile("system="))
    assert _count(page) > narrowed
    assert parse_qs(urlsplit(page.url).query)["status"] == ["valid"]


def test_everything_can_be_done_with_the_keyboard(page: Page, sample: str) -> None:
    _open(page, sample)
    page.locator("body").press("/")
    expect(page.locator("main input[name=q]")).to_be_focused()
    page.keyboard.type("geotextile", delay=5)
    expect(page.locator("[data-results] > li [data-slot=product]").first).to_have_text("Geotextile")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[data-facet=system]') !== null"):
            break
    before = _count(page)
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("system="))
    assert _count(page) <= before
    expect(page.locator("[data-facet=system] input:focus")).to_have_count(1)
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('[data-results]') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/(certificates|datasheets)/"))


def test_enter_on_a_whole_number_opens_its_page(page: Page, sample: str) -> None:
    _open(page, sample)
    _type(page, "90012345")
    expect(page.locator("[data-results] > li").first).to_contain_text("90012345")
    page.locator("main input[name=q]").press("Enter")
    expect(page).to_have_url(f"{sample}/en/datasheets/90012345/")


def test_changing_the_language_keeps_the_search(page: Page, sample: str) -> None:
    _open(page, sample, "?q=geotextile&system=benor")
    count = _count(page)
    page.locator("header a[hreflang=fr]").click()
    expect(page).to_have_url(re.compile(r"/fr/search/\?.*system=benor"))
    expect(page.locator("[data-count]")).to_contain_text(str(count))
    assert page.locator("main input[name=q]").input_value() == "geotextile"


@pytest.mark.parametrize("query", ["12/3456789", "xyzzyqwerty"])
def test_nothing_found_says_why_and_what_else_can_be_done(page: Page, sample: str, query: str) -> None:
    _open(page, sample)
    _type(page, query)
    expect(page.locator("[data-results] > li")).to_have_count(0)
    expect(page.locator("[data-message]")).not_to_have_text(EMPTY)
    expect(page.locator("main a[href='/en/certificates/']")).to_be_visible()


HOSTILE = [
    "*",
    "~",
    "aaaaaaaaaaaaaaaaaaaa~6",
    "PTV 829: 2",
    "title:x^10 +a -b",
    "\\",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "__proto__ constructor toString",
    "a" * 5000,
    "\u202e\u0000\ufeff",
    "'; drop table--",
    "%",
    "١٢٣",
    "🙂" * 60,
]


def test_a_hostile_address_does_no_harm(page: Page, sample: str) -> None:
    """No fault, no markup, and the next query is answered. What is typed is in ``test_search_hostile.py``."""
    for query in HOSTILE:
        parameters = {"q": query, "system": query, "page": query, "kind": "__proto__"}
        _open(page, sample, "?" + urlencode(parameters))
        assert page.locator("main img, main svg[onload], [data-results] script").count() == 0, query
    _open(page, sample)
    _type(page, "90012345")
    expect(page.locator("[data-results] [data-slot=number]").first).to_have_text("90012345")


def test_without_its_data_the_search_page_leads_to_the_lists(visitor: Visitor, sample: str) -> None:
    visitor.expected += ["/search/", "could not", "Failed to load", "net::ERR"]
    page = visitor.page(SAMPLE_DAY)
    page.route(re.compile(r"/search/[0-9a-f]+/"), lambda route: route.abort())
    page.goto(f"{sample}/en/search/?q=90012345")
    expect(page.locator("[data-message]")).not_to_have_text(EMPTY)
    expect(page.locator("main a[href='/en/certificates/']")).to_be_visible()


def test_damaged_data_leads_to_the_lists(visitor: Visitor, sample: str) -> None:
    visitor.expected += ["search could not", "could not", "JSON", "fault"]
    page = visitor.page(SAMPLE_DAY)
    page.route(re.compile(r"/search/[0-9a-f]+/"), lambda route: route.fulfill(body='{"cut":'))
    page.goto(f"{sample}/en/search/?q=90012345")
    expect(page.locator("[data-message]")).not_to_have_text(EMPTY)


def test_on_a_phone_filters_open_in_a_sheet_and_say_how_many_results_there_are(visitor: Visitor, sample: str) -> None:
    page = visitor.page(SAMPLE_DAY, viewport=PHONE, has_touch=True)
    _open(page, sample)
    everything = _count(page)
    expect(page.locator("[data-facet=system]")).not_to_be_visible()
    page.locator("[data-filters-toggle]").click()
    expect(page.locator("[data-facet=system]")).to_be_visible()
    _choose(page, "system", "ATG")
    expect(page).to_have_url(re.compile("system=atg"))
    done = page.locator("[data-filters-done]")
    expect(done).to_contain_text(re.compile(r"\d"))
    done.click()
    expect(page.locator("[data-facet=system]")).not_to_be_visible()
    assert 0 < _count(page) < everything


def test_more_results_come_on_demand(page: Page, sample: str) -> None:
    _open(page, sample)
    shown = len(_results(page))
    assert 0 < shown < _count(page)
    page.locator("[data-more]").click()
    expect(page.locator("[data-results] > li").nth(shown)).to_be_visible()


def test_the_search_box_of_any_page_leads_here(page: Page, sample: str) -> None:
    page.goto(f"{sample}/en/")
    page.locator("main input[name=q]").first.fill("BENOR 29/0107")
    page.locator("main input[name=q]").first.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search/\?q=BENOR"))
    expect(page.locator("[data-results] [data-slot=number]").first).to_have_text("29/0107")
