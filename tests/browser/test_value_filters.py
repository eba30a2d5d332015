"""Filters by what datasheets declare, where one product is chosen."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SAMPLE_DAY, Visitor, open_search

pytestmark = pytest.mark.browser

STRENGTH = "value.tensile-strength-md"


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """A page of a reader on the day of the export."""
    return visitor.page(SAMPLE_DAY)


def _open(page: Page, sample: str, query: str) -> None:
    open_search(page, f"{sample}/en/search/{query}")
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"\d"))


def _box(page: Page, label: str) -> Locator:
    return page.get_by_role("group", name=re.compile("^Tensile strength, along")).get_by_label(label)


def _count(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator("[data-count]").inner_text()))


def test_a_range_narrows_to_datasheets_that_declare_it(page: Page, sample: str) -> None:
    _open(page, sample, "?product=geotextile&kind=datasheet")
    everything = _count(page)
    _box(page, "From").fill("20")
    _box(page, "From").press("Enter")
    expect(page).to_have_url(re.compile(rf"{re.escape(STRENGTH)}=20\.\.$"))
    expect(page.get_by_role("button", name="Remove the filter Tensile strength, along ≥ 20 kN/m")).to_be_visible()
    above = _count(page)
    _box(page, "From").fill("")
    _box(page, "To").fill("19,999")
    _box(page, "To").press("Enter")
    expect(page).to_have_url(re.compile(rf"{re.escape(STRENGTH)}=\.\.19\.999$"))
    expect(page.locator("[data-count]")).to_have_text(re.compile(rf"^{everything - above} results?$"))
    assert above > 0
    page.go_back()
    expect(page.locator("[data-count]")).to_have_text(f"{everything} results")


def test_a_shared_range_is_restored_and_cleared_by_its_chip(page: Page, sample: str) -> None:
    _open(page, sample, f"?product=geotextile&{STRENGTH}=20..40")
    assert (_box(page, "From").input_value(), _box(page, "To").input_value()) == ("20", "40")
    chip = page.get_by_role("button", name="Remove the filter Tensile strength, along: 20 – 40 kN/m")
    chip.click()
    expect(page).to_have_url(re.compile(r"\?product=geotextile$"))
    expect(_box(page, "From")).to_have_value("")


def test_what_is_no_number_is_said_and_filters_nothing(page: Page, sample: str) -> None:
    _open(page, sample, "?product=geotextile")
    address = page.url
    _box(page, "From").fill("strong")
    _box(page, "From").press("Tab")
    expect(_box(page, "From")).to_have_attribute("aria-invalid", "true")
    expect(_box(page, "From")).to_have_accessible_description(re.compile("Type a number"))
    expect(page).to_have_url(address)


def test_choices_are_check_boxes_with_counts(page: Page, sample: str) -> None:
    _open(page, sample, "?product=geotextile&kind=datasheet")
    group = page.get_by_role("group", name=re.compile("^Function"))
    value = group.locator(".facet__value").first
    count = int(value.locator("[data-slot=count]").inner_text())
    value.click()
    expect(page).to_have_url(re.compile(r"value\.function="))
    assert _count(page) == count


def test_filters_by_value_go_with_their_product(page: Page, sample: str) -> None:
    _open(page, sample, f"?product=geotextile&{STRENGTH}=20..")
    page.get_by_role("button", name="Remove the filter Geotextile").click()
    expect(page.locator("[data-values]")).to_be_hidden()
    expect(page).not_to_have_url(re.compile(STRENGTH))
    expect(page.locator(".chip")).to_have_count(0)


def test_values_that_cannot_be_read_filter_nothing_and_are_said(visitor: Visitor, sample: str) -> None:
    visitor.expected += ["values/geotextile.json", "Failed to load", "could not be read", "net::ERR"]
    page = visitor.page(SAMPLE_DAY)
    page.route(re.compile(r"/values/geotextile\.json$"), lambda route: route.abort())
    page.goto(f"{sample}/en/search/?product=geotextile&{STRENGTH}=20..")
    expect(page.locator("[data-message]")).to_contain_text("Declared values could not be read")
    expect(page.locator("[data-results] > li")).to_have_count(0)


def test_nothing_bars_the_way_to_filters_by_value(page: Page, sample: str, axe: str) -> None:
    _open(page, sample, f"?product=geotextile&{STRENGTH}=20..")
    expect(_box(page, "From")).to_be_visible()
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run(document)).violations.map((rule) => rule.id)")
    assert found == []
