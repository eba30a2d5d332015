"""Pages looked at after the day they were made: none says that something holds when it cannot know."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SAMPLE_DAY, Visitor

pytestmark = pytest.mark.browser

LATE = "2027-01-15T10:00:00+01:00"
"""More than the 30 days after the export that its data may be trusted."""

TOLD = re.compile("^The data of this register are of 21 November 2026: too old")


@pytest.mark.parametrize("path", ["/en/", "/en/datasheets/", "/en/search/?q=29", "/en/which-mark/"])
def test_a_page_about_more_than_a_record_says_that_its_data_are_too_old(
    visitor: Visitor, sample: str, path: str
) -> None:
    page = visitor.page(LATE)
    page.goto(sample + path)
    expect(page.locator("main > :first-child")).to_have_text(TOLD)


@pytest.mark.parametrize(
    ("path", "now"),
    [("/en/datasheets/90012345/", LATE), ("/d/90012345/", LATE), ("/en/", SAMPLE_DAY), ("/en/search/", SAMPLE_DAY)],
)
def test_a_record_and_fresh_data_need_no_notice(visitor: Visitor, sample: str, path: str, now: str) -> None:
    page = visitor.page(now)
    page.goto(sample + path)
    page.wait_for_load_state("networkidle")
    expect(page.locator("main .stale")).to_have_count(0)


def _statuses(page: Page) -> list[str]:
    expect(page.locator("[data-facet=status] .facet__value").first).to_be_visible()
    return page.locator("[data-facet=status] [data-slot=label]").all_inner_texts()


def test_the_filter_by_status_says_of_which_day_it_knows(visitor: Visitor, sample: str) -> None:
    page = visitor.page(SAMPLE_DAY)
    page.goto(f"{sample}/en/search/")
    assert "valid" in _statuses(page)

    page = visitor.page(LATE)
    page.goto(f"{sample}/en/search/?status=valid")
    labels = _statuses(page)
    assert "valid on 21 November 2026, not verified since" in labels
    assert not {"valid", "trial period", "suspended"} & set(labels)
    assert "withdrawn" in labels, "what has ended stays ended"
    expect(page.get_by_role("button", name=re.compile("^Remove the filter valid on 21 November"))).to_be_visible()


@pytest.mark.parametrize(("covered", "tone"), [("2026-11-20", "unknown"), ("2026-11-21", "valid")])
def test_a_row_greys_out_when_no_certificate_covers_it_any_more(
    visitor: Visitor, sample: str, covered: str, tone: str
) -> None:
    def fulfil(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r'(covered":")[\d-]{10}', rf"\g<1>{covered}", answer.text()))

    page = visitor.page(SAMPLE_DAY)
    page.route("**/en/datasheets/", fulfil)
    page.goto(f"{sample}/en/datasheets/")
    row = page.locator("[data-timeline*=covered]").first
    expect(row).to_have_class(re.compile(rf"\bstatus--{tone}\b"))
    if tone == "unknown":
        expect(row).to_have_text("Does not cover a delivery: no certificate it hangs on is valid.")
    else:
        expect(row).to_have_text(re.compile("^Valid since"))
