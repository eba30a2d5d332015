"""Recent changes narrow to one kind, which stands in the address; without script every change is shown."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, Visitor
from tests.browser.test_question import NOW, remembering

__all__ = ["remembering"]

pytestmark = pytest.mark.browser

ROWS = ".changes-list li"


def test_a_kind_is_chosen_and_stands_in_the_address(visitor: Visitor, sample: str) -> None:
    page = visitor.page(viewport=DESKTOP)
    page.goto(f"{sample}/nl/changes/")
    every = page.locator(ROWS).count()
    page.get_by_label("Soort wijziging").select_option("suspended")
    expect(page).to_have_url(f"{sample}/nl/changes/?change=suspended")
    shown = page.locator(f"{ROWS}:visible")
    assert 0 < shown.count() < every
    assert {row.get_attribute("data-change") for row in shown.all()} == {"suspended"}
    assert page.locator("main section:visible").count() <= shown.count()
    page.go_back()
    expect(page.locator(f"{ROWS}:visible")).to_have_count(every)


def test_an_address_with_a_kind_opens_narrowed_and_one_with_nonsense_whole(visitor: Visitor, sample: str) -> None:
    page = visitor.page(viewport=DESKTOP)
    page.goto(f"{sample}/de/changes/?change=unlisted")
    expect(page.get_by_label("Art der Änderung")).to_have_value("unlisted")
    assert {row.get_attribute("data-change") for row in page.locator(f"{ROWS}:visible").all()} == {"unlisted"}
    page.goto(f"{sample}/de/changes/?change=%3Cscript%3E")
    assert page.locator(f"{ROWS}:visible").count() == page.locator(ROWS).count()


def test_without_script_every_change_is_shown_and_systems_and_products_have_pages(
    visitor: Visitor, sample: str
) -> None:
    page = visitor.page(now=None, viewport=DESKTOP, java_script_enabled=False)
    page.goto(f"{sample}/en/changes/")
    assert page.locator(f"{ROWS}:visible").count() == page.locator(ROWS).count() > 50
    expect(page.locator(".changes__filter")).to_be_hidden()
    page.get_by_role("link", name="COPRO", exact=True).first.click()
    expect(page).to_have_url(f"{sample}/en/changes/systems/copro/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recent changes")


def test_the_search_tells_of_a_number_that_is_no_longer_listed(visitor: Visitor, remembering: str) -> None:
    page = visitor.page(NOW, viewport=DESKTOP)
    withdrawn = "Not certified any more. Withdrawn since 1 March 2026"
    for typed, said in (
        ("29/0107", withdrawn),
        ("benor nr. 29-0107", withdrawn),
        ("90012346", "no longer listed since 5 February 2026"),
    ):
        page.goto(f"{remembering}/en/search/?q={typed}")
        gone = page.locator("[data-message] .notice", has_text=said)
        expect(gone).to_have_count(1)
        assert gone.locator("a").get_attribute("href") in (
            "/en/certificates/benor-29-0107/",
            "/en/datasheets/90012346/",
        )
        expect(page.locator("[data-message]")).not_to_contain_text("not listed in this register")
        expect(page.locator("[data-results] > *")).to_have_count(0)
