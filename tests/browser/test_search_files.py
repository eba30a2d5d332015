"""Search data that are missing, damaged or of two releases: that is said, the lists lead on, and no record is wrong."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SAMPLE_DAY, Visitor

EMPTY = re.compile(r"^\s*$")
EXPECTED = [
    "could not be read",
    "is damaged",
    "another release",
    "is not there",
    "Failed to load",
    "net::ERR",
    "answer: 404",
    "could not start",
]


def _abort(route: Route) -> None:
    route.abort()


def _miss(route: Route) -> None:
    route.fulfill(status=404, body="not here")


def _cut(route: Route) -> None:
    route.fulfill(body='{"release":')


def _empty(route: Route) -> None:
    route.fulfill(body="{}")


def _of_another_release(route: Route) -> None:
    route.fulfill(body='{"release":"00000000"}')


FAULTS = (_abort, _miss, _cut, _empty, _of_another_release)


def _page(visitor: Visitor, sample: str, files: str, fault: Callable[[Route], None], query: str) -> Page:
    visitor.expected += EXPECTED
    page = visitor.page(SAMPLE_DAY)
    _open(page, sample, files, fault, query)
    return page


def _open(page: Page, sample: str, files: str, fault: Callable[[Route], None], query: str) -> None:
    page.route(re.compile(rf"/search/[0-9a-f]+/{files}"), fault)
    page.goto(f"{sample}/en/search/?q={query}")


def _pages(visitor: Visitor, sample: str, files: str, query: str) -> Iterator[Page]:
    """Open the search with each fault of some files, one after another; what stands printed tells which it was."""
    visitor.expected += EXPECTED
    page = visitor.page(SAMPLE_DAY)
    for fault in FAULTS:
        print(fault.__name__)
        _open(page, sample, files, fault, query)
        yield page
        page.unroute_all(behavior="wait")


def _leads_to_the_lists(page: Page) -> None:
    expect(page.locator("[data-message]")).not_to_have_text(EMPTY)
    expect(page.locator("main a[href='/en/certificates/']")).to_be_visible()


def test_without_the_core_the_page_leads_to_the_lists(visitor: Visitor, sample: str) -> None:
    for page in _pages(visitor, sample, "core", "90012345"):
        _leads_to_the_lists(page)
        expect(page.locator("[data-results] > li")).to_have_count(0)


@pytest.mark.parametrize("query", ["29/0107", "90012345"])
@pytest.mark.parametrize("damaged", ["", '{"release":', "{}", '{"release":"00000000"}'])
def test_certificates_that_are_damaged_in_the_page_lead_to_the_lists(
    visitor: Visitor, sample: str, damaged: str, query: str
) -> None:
    visitor.expected += EXPECTED
    page = visitor.page(SAMPLE_DAY)

    def damage(route: Route) -> None:
        answer = route.fetch()
        html = re.sub(r"(<script[^>]* data-certificates>)[^<]*", lambda found: found[1] + damaged, answer.text())
        route.fulfill(response=answer, body=html)

    page.route(re.compile(r"/en/search/"), damage)
    page.goto(f"{sample}/en/search/?q={query}")
    _leads_to_the_lists(page)
    expect(page.locator("[data-results] > li")).to_have_count(0)


@pytest.mark.parametrize(
    ("files", "query"),
    [("codes/", "90012345"), ("sheets/", "90012345"), ("terms/", "20 kN/m"), ("gtins/", "9520900123454")],
)
def test_a_part_that_cannot_be_read_is_said(visitor: Visitor, sample: str, files: str, query: str) -> None:
    for page in _pages(visitor, sample, files, query):
        _leads_to_the_lists(page)
        for status in page.locator("[data-results] [data-status-sentence]").all():
            expect(status).to_have_text(EMPTY)


@pytest.mark.parametrize("files", ["codes/", "sheets/", "terms/", "validity"])
def test_certificates_are_found_whatever_else_is_broken(visitor: Visitor, sample: str, files: str) -> None:
    for page in _pages(visitor, sample, files, "BENOR 29/0107"):
        expect(page.locator("[data-results] [data-slot=number]").first).to_have_text("29/0107")
        expect(page.locator("[data-results] [data-status-sentence]").first).not_to_have_text(EMPTY)


def test_what_could_not_be_read_is_tried_again_with_the_next_query(visitor: Visitor, sample: str) -> None:
    page = _page(visitor, sample, "codes/", _abort, "90012345")
    _leads_to_the_lists(page)
    page.unroute_all()
    page.locator("main input[name=q]").fill("9001234")
    page.locator("main input[name=q]").fill("90012345")
    expect(page.locator("[data-results] [data-slot=number]").first).to_have_text("90012345")
    expect(page.locator("[data-message]")).to_have_text(EMPTY)


def test_without_lunr_words_are_found_all_the_same(visitor: Visitor, sample: str) -> None:
    visitor.expected += EXPECTED
    page = visitor.page(SAMPLE_DAY)
    page.route(re.compile(r"/lunr\.js"), _abort)
    page.goto(f"{sample}/en/search/?q=20 kN/m")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    expect(page.locator("[data-message]")).to_have_text(EMPTY)
