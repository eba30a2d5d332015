"""A certificate's number in the address is answered before the search itself has come, and never with a guess."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import SAMPLE_DAY, Visitor

LATE = "2027-01-20T10:00:00+01:00"
"""A moment at which the demonstration register's data are too old to tell."""

REST = re.compile(r"/core\.json|/search-rest\.(css|js)|/words/search\.")
NEEDED = re.compile(r"/core\.json|/search-rest\.js|/words/search\.")
"""What the rest of the search cannot do without."""
STYLES = re.compile(r"/search-rest\.css")


class HeldBack:
    """Keeps files from a page until they are let go: those of the rest of the search, or others."""

    def __init__(self, page: Page, files: re.Pattern[str] = NEEDED) -> None:
        self._held: list[Route] | None = []
        page.route(files, self._answer)

    def _answer(self, route: Route) -> None:
        if self._held is None:
            route.continue_()
        else:
            self._held.append(route)

    def let_go(self) -> None:
        held, self._held = self._held or [], None
        for route in held:
            route.continue_()


def _held_back(visitor: Visitor, now: str = SAMPLE_DAY) -> tuple[Page, HeldBack]:
    """Return a page for which the rest of the search does not come before it is let go."""
    page = visitor.page(now)
    return page, HeldBack(page)


@pytest.mark.parametrize("spelling", ["29/0107", "BENOR 29-0107", "290107"])
def test_a_number_is_answered_by_the_page_alone(visitor: Visitor, sample: str, spelling: str) -> None:
    page, rest = _held_back(visitor)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    styles = HeldBack(page, re.compile(r"/search\.css|/search-late\.js"))
    page.goto(f"{sample}/en/search/?q={spelling}", wait_until="commit")
    first = page.locator("[data-results] > li").first
    first.wait_for(state="attached")
    own = [url for url in asked if not REST.search(url)]
    assert len(own) == 4, "the page, two stylesheets, and a script that does nothing where the page's own has run"
    styles.let_go()
    expect(first.locator("[data-slot=number]")).to_have_text("29/0107")
    expect(first.locator("[data-slot=mark]")).to_have_text("BENOR")
    expect(first.locator("a").first).to_have_attribute("href", re.compile("/en/certificates/benor-29-0107/$"))
    expect(first.locator("[data-status-sentence]")).to_have_text(re.compile(r"20\d\d"))
    expect(first.locator("[data-slot=product]")).to_have_text("")
    told = first.locator("[data-status-sentence]").inner_text()

    rest.let_go()
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"^\d"))
    expect(first.locator("[data-slot=number]")).to_have_text("29/0107")
    expect(first.locator("[data-slot=product]")).not_to_have_text("")
    expect(first.locator("[data-slot=holder]")).not_to_have_text("")
    assert first.locator("[data-status-sentence]").inner_text() == told
    assert not [url for url in asked if url.endswith("/search-page.js")]


@pytest.mark.parametrize(
    "query", ["", "?q=geotextile", "?q=90012345", "?q=betonbuis+DN+600", "?system=benor", "?q=1&sort=date"]
)
def test_what_needs_all_of_the_search_asks_for_it_before_any_script_has_come(
    visitor: Visitor, sample: str, query: str
) -> None:
    page = visitor.page(SAMPLE_DAY)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    held = HeldBack(page, re.compile(r"/release\.css|/search\.css"))
    with page.expect_request(re.compile(r"/search\.nl\.json")):
        page.goto(f"{sample}/nl/search/{query}", wait_until="commit")
    assert len([url for url in asked if REST.search(url)]) == 4
    held.let_go()
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"^\d"))
    rest = [url for url in asked if REST.search(url)]
    assert len(rest) == len(set(rest)) == 4, "each of them once"


@pytest.mark.parametrize("query", ["29/0107", "BENOR 29-0107", "290107"])
def test_a_number_asks_for_nothing_more_before_its_answer_stands(visitor: Visitor, sample: str, query: str) -> None:
    page = visitor.page(SAMPLE_DAY)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    release = HeldBack(page, re.compile(r"/release\.css"))
    page.goto(f"{sample}/nl/search/?q={query}", wait_until="commit")
    page.locator("nav.browse").wait_for(state="attached")
    assert [url for url in asked if REST.search(url)] == []
    release.let_go()
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"^\d"))


def test_no_date_is_told_before_the_day_of_the_data_is_known(visitor: Visitor, sample: str) -> None:
    page = visitor.page(SAMPLE_DAY)
    release = HeldBack(page, re.compile(r"/release\.css"))
    page.goto(f"{sample}/nl/search/?q=29/0107", wait_until="commit")
    page.locator("nav.browse").wait_for(state="attached")
    assert page.locator("[data-results] > li").count() == 0
    release.let_go()
    expect(page.locator("[data-results] [data-status-sentence]").first).to_have_text(re.compile(r"20\d\d"))


@pytest.mark.parametrize("query", ["?q=29/0107", "?q=geotextile"])
def test_a_host_with_another_policy_has_the_same_search(visitor: Visitor, sample: str, query: str) -> None:
    visitor.expected.append("Content Security Policy")
    page = visitor.page(SAMPLE_DAY)

    def without_hashes(route: Route) -> None:
        answer = route.fetch()
        policy = re.sub(r" 'sha256-[^']+'", "", answer.headers["content-security-policy"])
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    page.route(re.compile(r"/en/search/"), without_hashes)
    with page.expect_request(re.compile(r"/search-page\.js")):
        page.goto(f"{sample}/en/search/{query}")
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"^\d"))
    expect(page.locator("[data-results] [data-status-sentence]").first).to_have_text(re.compile(r"20\d\d"))


def test_old_data_vouch_for_nothing_in_the_first_answer_either(visitor: Visitor, sample: str) -> None:
    page, _ = _held_back(visitor, LATE)
    page.goto(f"{sample}/en/search/?q=29/0107")
    status = page.locator("[data-results] [data-slot=status]").first
    expect(status).to_have_class(re.compile("status--unknown"))
    expect(status).to_contain_text("too old to tell")


@pytest.mark.parametrize("query", ["q=90012345", "q=geotextile", "q=29/0107&system=copro", "q=PTV 829"])
def test_what_certificates_do_not_settle_waits_for_the_search(visitor: Visitor, sample: str, query: str) -> None:
    page, rest = _held_back(visitor)
    page.goto(f"{sample}/en/search/?{query}")
    expect(page.locator("[data-count]")).to_have_text(re.compile("Loading"))
    expect(page.locator("[data-results] > li")).to_have_count(0)
    rest.let_go()
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"^\d"))


def test_what_is_typed_meanwhile_is_asked(visitor: Visitor, sample: str) -> None:
    page, rest = _held_back(visitor)
    page.goto(f"{sample}/en/search/?q=29/0107")
    expect(page.locator("[data-results] > li").first).to_be_visible()
    page.locator("main input[name=q]").fill("geotextile")
    rest.let_go()
    expect(page.locator("[data-results] [data-slot=product]").first).to_have_text("Geotextile")
    expect(page).to_have_url(re.compile("q=geotextile$"))


@pytest.mark.parametrize("rest", [r"/core\.json", r"/search-rest\.js", r"/words/search\."])
def test_without_the_rest_the_answer_stays_and_the_lists_lead_on(visitor: Visitor, sample: str, rest: str) -> None:
    visitor.expected += ["Failed to load", "net::ERR", "could not be read", "could not start", "imported module"]
    page = visitor.page(SAMPLE_DAY)
    page.route(re.compile(rest), lambda route: route.abort())
    page.goto(f"{sample}/en/search/?q=29/0107")
    expect(page.locator("[data-message]")).to_contain_text("could not be read")
    expect(page.locator("[data-results] [data-slot=number]").first).to_have_text("29/0107")
    expect(page.locator("main a[href='/en/certificates/']")).to_be_visible()
    expect(page.locator("[data-count]")).to_have_text("")


def _is_styled(page: Page) -> bool:
    border = page.locator("form.filters .facet").first.evaluate("facet => getComputedStyle(facet).borderTopStyle")
    return bool(border == "none")


@pytest.mark.parametrize("query", ["q=29/0107", "q=geotextile", "system=benor"])
def test_the_styles_of_the_rest_come_before_it_shows_anything(visitor: Visitor, sample: str, query: str) -> None:
    page = visitor.page(SAMPLE_DAY)
    styles = HeldBack(page, STYLES)
    with page.expect_request(STYLES):
        page.goto(f"{sample}/en/search/?{query}", wait_until="commit")
    page.locator("nav.browse").wait_for()
    expect(page.locator("[data-results] > li")).to_have_count(1 if query == "q=29/0107" else 0)
    expect(page.locator("fieldset[data-facet]")).to_have_count(0)
    styles.let_go()
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"^\d"))
    expect(page.locator("fieldset[data-facet=kind]")).to_be_visible()
    assert _is_styled(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_without_the_styles_of_the_rest_all_can_be_used(visitor: Visitor, sample: str, width: int) -> None:
    visitor.expected.append("ERR_FAILED")
    page = visitor.page(SAMPLE_DAY)
    page.set_viewport_size({"width": width, "height": 900})
    page.route(STYLES, lambda route: route.abort())
    page.goto(f"{sample}/en/search/?q=geotextile")
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"^\d"))
    toggle = page.locator("[data-filters-toggle]")
    if width < 1000:
        toggle.click()
    page.locator("fieldset[data-facet=kind] input[value=certificate]").check()
    if width < 1000:
        page.locator("[data-filters-done]").click()
    expect(page.locator("[data-results] [data-slot=kind]").first).to_have_text("Certificate")
    expect(page.locator(".chip").first).to_be_visible()
    page.locator("main input[name=q]").fill("geot")
    expect(page.locator(".suggestion").first).to_be_visible()
    assert not _is_styled(page)
