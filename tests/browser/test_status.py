"""What a page says of a status holds on the day it is read, wherever the reader's clock stands, script or not."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import GOLDEN_DAY, Visitor

pytestmark = pytest.mark.browser

# Valid until 3 March 2026; the export is of the day before.
LAST_DAY = "2026-03-03"
PAGES = {"certificate": "/en/certificates/atg-0042/", "card": "/c/atg-0042/"}


def _lead(page: Page) -> tuple[str, str]:
    """Return the tone of a record's own status and its words."""
    status = page.locator(".status--lead")
    (tone,) = re.findall(r"\bstatus--(valid|trial|suspended|ended|unknown)\b", status.get_attribute("class") or "")
    return tone, status.locator("[data-status-sentence]").last.inner_text()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("zone", ["Europe/Brussels", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Tokyo"])
def test_the_last_day_ends_at_midnight_in_brussels(visitor: Visitor, golden: str, path: str, zone: str) -> None:
    on_the_last_evening = visitor.page(f"{LAST_DAY}T23:59:30+01:00", timezone_id=zone)
    on_the_last_evening.goto(golden + path)
    assert _lead(on_the_last_evening) == ("valid", "Valid until 3 March 2026")
    after = visitor.page("2026-03-04T00:00:30+01:00", timezone_id=zone)
    after.goto(golden + path)
    expect(after.locator(".status--lead")).to_contain_text("Expired")
    assert _lead(after) == ("ended", "Expired after 3 March 2026")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_left_open_learns_that_its_record_expired(visitor: Visitor, golden: str, path: str) -> None:
    page = visitor.page(f"{LAST_DAY}T23:00:00+01:00")
    page.goto(golden + path)
    assert _lead(page)[0] == "valid"
    page.clock.set_fixed_time("2026-03-04T08:00:00+01:00")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".status--lead")).to_contain_text("Expired")


@pytest.mark.parametrize("lang", ["nl", "fr", "de", "en"])
def test_an_expired_record_says_so_in_the_language_of_its_page(visitor: Visitor, golden: str, lang: str) -> None:
    words = {"nl": "3 maart 2026", "fr": "3 mars 2026", "de": "3. März 2026", "en": "3 March 2026"}
    page = visitor.page("2026-03-10T09:00:00+01:00")
    page.goto(f"{golden}/{lang}/certificates/atg-0042/")
    expect(page.locator(".status--lead.status--ended")).to_contain_text(words[lang])


@pytest.mark.parametrize(
    "path", ["/en/certificates/benor-29-0107/", "/c/benor-29-0107/", "/en/datasheets/90012345/", "/d/90012345/"]
)
def test_old_data_is_too_old_to_tell_and_never_called_valid(visitor: Visitor, golden: str, path: str) -> None:
    page = visitor.page("2026-06-01T09:00:00+02:00")
    page.goto(golden + path)
    expect(page.locator(".status--lead.status--unknown")).to_be_visible()
    assert page.locator("[data-module=status].status--valid").count() == 0
    expect(page.locator(".status--lead")).to_contain_text("2 March 2026")


def test_old_data_still_tells_what_cannot_come_back(visitor: Visitor, golden: str) -> None:
    page = visitor.page("2026-06-01T09:00:00+02:00")
    page.goto(f"{golden}/en/certificates/benor-29-0109/")
    assert _lead(page) == ("ended", "Withdrawn since November 2025")


def test_a_record_that_was_to_begin_has_begun(visitor: Visitor, golden: str) -> None:
    page = visitor.page("2026-04-01T00:01:00+02:00", timezone_id="America/New_York")
    page.goto(f"{golden}/en/certificates/atg-3157/")
    expect(page.locator(".status--lead.status--valid")).to_have_text(re.compile("Valid until 31 March 2031"))


def test_a_sheet_loses_its_green_when_its_certificate_expires(visitor: Visitor, golden: str) -> None:
    """A datasheet covers a delivery only while both are valid: on the phone of the one who checks, too."""
    for path in ("/en/datasheets/90012347/", "/d/90012347/"):
        page = visitor.page(GOLDEN_DAY)
        page.goto(golden + path)
        expect(page.locator(".status--suspended")).to_be_visible()
        green = page.locator(".status--lead").evaluate("e => getComputedStyle(e).color")
        covered = visitor.page(GOLDEN_DAY)
        covered.goto(golden + path.replace("90012347", "90012345"))
        assert green != covered.locator(".status--lead").evaluate("e => getComputedStyle(e).color")


@pytest.mark.parametrize("path", ["/en/certificates/atg-0042/", "/c/atg-0042/", "/en/datasheets/90012345/"])
def test_without_script_the_dates_and_the_day_of_the_data_stand(visitor: Visitor, golden: str, path: str) -> None:
    page = visitor.page("2026-03-10T09:00:00+01:00", java_script_enabled=False)
    page.goto(golden + path)
    expect(page.locator(".status--lead")).to_contain_text(re.compile("3 March 2026|29 February 2028"))


def test_lists_are_brought_up_to_date_as_well(visitor: Visitor, golden: str) -> None:
    page = visitor.page("2026-03-10T09:00:00+01:00")
    page.goto(f"{golden}/en/certificates/")
    row = page.locator("tr", has_text="0042")
    expect(row.locator(".status--ended")).to_have_text("Expired after 3 March 2026")


@pytest.mark.parametrize("path", ["/en/certificates/benor-29-0109/", "/c/benor-29-0109/", "/en/search/?q=29/0109"])
def test_a_clock_that_goes_behind_the_data_revives_nothing(visitor: Visitor, golden: str, path: str) -> None:
    """By a clock of years ago what was withdrawn since would still be valid."""
    page = visitor.page("2023-09-01T09:00:00+02:00")
    page.goto(golden + path)
    page.wait_for_load_state("networkidle")
    expect(page.locator("main .status[data-timeline], main [data-results] .status").first).to_have_class(
        re.compile(r"\bstatus--ended\b")
    )
