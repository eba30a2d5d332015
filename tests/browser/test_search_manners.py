"""The search box and its results by keyboard, for a screen reader, and on paper."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, SAMPLE_DAY, Visitor, open_search

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """A page of a reader on the day of the export."""
    return visitor.page(SAMPLE_DAY)


def _open(page: Page, sample: str, query: str = "") -> None:
    open_search(page, f"{sample}/en/search/{query}")
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"\d"))


def _count(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator("[data-count]").inner_text()))


def _active(page: Page) -> str:
    """Return what the box says stands out in its list."""
    return str(
        page.evaluate(
            """() => {
                const id = document.querySelector("main input[name=q]").getAttribute("aria-activedescendant");
                const option = id && document.getElementById(id);
                return option?.getAttribute("aria-selected") === "true" ? option.innerText : "";
            }"""
        )
    )


def test_filters_are_suggested_and_chosen_by_keyboard(page: Page, sample: str) -> None:
    _open(page, sample)
    box = page.get_by_role("combobox").first
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("geot")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("Geotextile")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert _active(page) == ""
    box.press("ArrowDown")
    assert "Geotextile" in _active(page)
    box.press("Home")
    assert _active(page) == ""
    box.press("ArrowUp")
    assert _active(page) == options.last.inner_text()
    box.press("ArrowDown")
    assert _active(page) == "", "beyond the last option stands the box"
    box.press("ArrowDown")
    suggested = int(options.first.locator("[data-slot=count]").inner_text())
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"\?product=geotextile$"))
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(page.locator("[data-count]")).to_have_text(re.compile(rf"^{suggested} results?$"))
    page.go_back()
    expect(box).to_have_value("geot")


def test_escape_closes_the_list_first_and_empties_the_box_then(page: Page, sample: str) -> None:
    _open(page, sample)
    box = page.get_by_role("combobox").first
    box.press_sequentially("geot")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("geot")
    box.press("Alt+ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?q=geot$"))


def test_a_suggestion_is_chosen_by_touch(visitor: Visitor, sample: str) -> None:
    page = visitor.page(SAMPLE_DAY, viewport=PHONE, has_touch=True)
    _open(page, sample)
    page.get_by_role("combobox").first.press_sequentially("geot")
    page.get_by_role("option").first.tap()
    expect(page).to_have_url(re.compile(r"\?product=geotextile$"))


def test_enter_without_a_chosen_suggestion_searches_the_words(page: Page, sample: str) -> None:
    _open(page, sample)
    box = page.get_by_role("combobox").first
    box.press_sequentially("geotextile")
    box.press("Enter")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?q=geotextile$"))


def test_arrows_lead_from_the_box_through_the_results_and_back(page: Page, sample: str) -> None:
    _open(page, sample)
    box = page.get_by_role("combobox").first
    box.fill("29/01")
    links = page.locator("[data-results] > li a")
    # What stands before is the list of everything.
    expect(links.first).to_contain_text("29/01")
    expect(links.nth(1)).to_contain_text("29/01")
    box.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()


def test_the_focus_stays_on_a_result_that_comes_again(page: Page, sample: str) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/sheets/\d+\.json"), hold)
    _open(page, sample, "?q=benor")
    box = page.get_by_role("combobox").first
    box.fill("9001")
    second = page.locator("[data-results] > li a").nth(1)
    expect(second).to_contain_text("9001")
    name = page.locator("[data-results] > li").nth(1).locator("[data-slot=title]")
    expect(name).to_have_text("")
    box.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    for route in held:
        route.continue_()
    page.unroute_all()
    expect(name).not_to_have_text("")
    expect(second).to_be_focused()


def test_the_slash_key_leads_to_the_box_unless_someone_writes(page: Page, sample: str) -> None:
    _open(page, sample)
    page.keyboard.press("/")
    box = page.get_by_role("combobox").first
    expect(box).to_be_focused()
    page.keyboard.type("29/01")
    expect(box).to_have_value("29/01")


def test_what_was_found_is_told_once_when_typing_pauses(page: Page, sample: str) -> None:
    # Words are here already, so that each key is answered at once.
    _open(page, sample, "?q=gravel")
    told = page.locator("[data-announced]")
    assert (told.get_attribute("role"), told.get_attribute("aria-live")) == ("status", "polite")
    expect(told).to_have_text(re.compile(r"results?\b"))
    page.evaluate(
        """() => {
            window.told = [];
            const region = document.querySelector("[data-announced]");
            new MutationObserver((changes) => window.told.push(...changes))
                .observe(region, {childList: true, characterData: true, subtree: true});
            const box = document.querySelector("main input[name=q]");
            for (let length = 1; length <= 10; length += 1) {
                box.value = "geotextile".slice(0, length);
                box.dispatchEvent(new InputEvent("input", {bubbles: true}));
            }
        }"""
    )
    expect(told).to_have_text(page.locator("[data-count]").inner_text())
    assert page.evaluate("window.told.length") == 1
    page.get_by_role("combobox").first.fill("xyzzyqwerty")
    expect(told).to_have_text(re.compile("^0 results .*xyzzyqwerty"))


def test_the_last_key_wins_without_a_moment_of_nothing(page: Page, sample: str) -> None:
    """While words are on their way the list stays as it was; an answer that comes late changes nothing."""
    _open(page, sample)
    page.route(re.compile(r"/words[^/]*\.json$"), lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.evaluate(
        """() => {
            window.least = Infinity;
            const list = document.querySelector("[data-results]");
            new MutationObserver(() => { window.least = Math.min(window.least, list.children.length); })
                .observe(list, {childList: true});
        }"""
    )
    page.get_by_role("combobox").first.press_sequentially("geotextile", delay=10)
    page.get_by_role("combobox").first.fill("29/0107")
    expect(page.locator("[data-results] [data-slot=number]").first).to_have_text("29/0107")
    page.wait_for_timeout(600)
    expect(page.locator("[data-results] [data-slot=number]").first).to_have_text("29/0107")
    assert page.evaluate("window.least") > 0


def test_content_pages_are_results_of_a_kind_of_their_own(page: Page, sample: str) -> None:
    _open(page, sample, "?q=which+mark")
    first = page.locator("[data-results] > li").first
    expect(first.get_by_role("link")).to_have_text("Which mark says what")
    expect(first.get_by_role("link")).to_have_attribute("href", re.compile("/en/which-mark/$"))
    expect(first).to_contain_text("Page")
    _open(page, sample, "?kind=page")
    expect(page.locator("[data-results] > li")).to_have_count(6)
    first.get_by_role("link").click()
    expect(page.locator("h1")).to_be_visible()


def test_a_gtin_brings_its_datasheet_and_enter_opens_it(page: Page, sample: str) -> None:
    _open(page, sample, "?kind=datasheet")
    for row in page.locator("[data-results] > li a").all():
        address = str(row.get_attribute("href"))
        found = re.search(r"\b9520[0-9]{9}\b", page.request.get(address).text())
        if found:
            break
    assert found
    _open(page, sample)
    box = page.get_by_role("combobox").first
    box.fill(f"(01)0{found[0]}")
    expect(page.locator("[data-results] > li a")).to_have_count(1)
    expect(page.locator("[data-results] > li a")).to_have_attribute("href", address)
    box.press("Enter")
    expect(page).to_have_url(address)


def test_a_printed_list_says_what_was_asked_and_how_much_it_shows(page: Page, sample: str) -> None:
    _open(page, sample, "?system=benor")
    count = page.locator("[data-count]").inner_text()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = page.locator("[data-printed]")
    expect(printed).to_be_visible()
    expect(printed).to_have_text(
        re.compile(rf"^first 50 of {count.split()[0]} · Looked up on 21 November 2026 · http.*system=benor$")
    )
    expect(page.locator("[data-count]")).to_be_visible()
    for unseen in ("[data-facets]", "[data-more]", "form.search-box", "[data-sort]"):
        expect(page.locator(f"main {unseen}")).to_be_hidden()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, None], ids=["phone", "desktop"])
def test_an_open_list_has_no_barrier_that_axe_finds(
    visitor: Visitor, sample: str, axe: str, screen: dict[str, int] | None, colours: str
) -> None:
    page = visitor.page(SAMPLE_DAY, color_scheme=colours, **({"viewport": screen} if screen else {}))
    _open(page, sample)
    page.get_by_role("combobox").first.press_sequentially("geo")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run(document)).violations.map((rule) => rule.id)")
    assert found == []
