"""Nobody is kept out: what axe finds, and what it cannot find, on phone and desktop, in light and in dark."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, TEMPLATES, Visitor

pytestmark = pytest.mark.browser


def _open(page: Page, golden: str, name: str) -> None:
    """Open a page, and wait for what its script puts there."""
    page.goto(golden + TEMPLATES[name])
    if name == "search":
        expect(page.locator("[data-results] > li").first).to_be_visible()


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_page_has_a_barrier_that_axe_finds(visitor: Visitor, golden: str, axe: str, name: str) -> None:
    page = visitor.page(viewport=PHONE)
    _open(page, golden, name)
    assert _barriers_of_screens(page, axe) == []


def test_no_component_has_a_barrier_that_axe_finds(visitor: Visitor, golden: str, axe: str) -> None:
    page = visitor.page(viewport=PHONE)
    page.goto(f"{golden}/en/patterns/")
    # The page shows each component more than once: ids, headings and landmarks repeat.
    repeated = ["landmark-unique", "landmark-no-duplicate-banner", "page-has-heading-one", "heading-order"]
    assert _barriers_of_screens(page, axe, *repeated) == []


def test_recent_changes_have_no_barrier_that_axe_finds(visitor: Visitor, sample: str, axe: str) -> None:
    page = visitor.page(viewport=PHONE)
    page.goto(f"{sample}/en/changes/")
    assert _barriers_of_screens(page, axe) == []


def _barriers_of_screens(page: Page, axe: str, *ignored: str) -> list[str]:
    """Return what axe finds on a phone and on a desktop, as of a window that is made wider."""
    barriers = []
    for screen, name in ((PHONE, "phone"), (DESKTOP, "desktop")):
        page.set_viewport_size(screen)  # type: ignore[arg-type]  # width and height
        barriers += [f"{name}: {barrier}" for barrier in _barriers(page, axe, *ignored)]
    return barriers


def _barriers(page: Page, axe: str, *ignored: str) -> list[str]:
    """Return what axe finds in light and in dark; rules that are ignored are named."""
    page.evaluate(axe)
    barriers = []
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        found = page.evaluate(
            """async (ignored) => (await axe.run(document, {
                runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
                rules: Object.fromEntries(ignored.map((rule) => [rule, {enabled: false}])),
                resultTypes: ["violations"],
            })).violations""",
            list(ignored),
        )
        barriers += [
            f"{colours}: {rule['id']}: {node['target']}: {node['html'][:120]}"
            for rule in found
            for node in rule["nodes"][:3]
        ]
    return barriers


def _focusable(page: Page) -> Iterator[str]:
    """Press Tab through a page; yield what is focused and cannot be seen to be."""
    seen = set()
    for _ in range(150):
        page.keyboard.press("Tab")
        element = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (element === document.body) return null;
                // A row that is a link all over shows the focus of the link in it.
                const looks = [element, element.closest("li")].filter(Boolean).map((shown) => getComputedStyle(shown));
                const seen = looks.some((look) => look.boxShadow !== "none"
                    || (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2));
                element.dataset.visited = element.dataset.visited ?? `${Math.random()}`;
                return [element.dataset.visited, element.outerHTML.slice(0, 100), seen];
            }"""
        )
        if element is None or element[0] in seen:
            return
        seen.add(element[0])
        if not element[2]:
            yield element[1]


@pytest.mark.parametrize("name", ["home", "certificate", "list", "search", "card"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_focus_can_be_seen_everywhere(visitor: Visitor, golden: str, name: str, colours: str) -> None:
    page = visitor.page(color_scheme=colours)
    _open(page, golden, name)
    assert list(_focusable(page)) == []


def test_the_first_tab_leads_past_the_header(visitor: Visitor, golden: str) -> None:
    page = visitor.page()
    page.goto(golden + TEMPLATES["certificate"])
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("name", ["home", "search", "certificate", "list"])
def test_what_is_touched_on_a_phone_is_large_enough(visitor: Visitor, golden: str, name: str) -> None:
    """24 px at least; the search box of the pages that people search on 48."""
    page = visitor.page(viewport=PHONE, has_touch=True)
    _open(page, golden, name)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, nav a, .button")]
            .filter((element) => element.checkVisibility({visibilityProperty: true}))
            .map((element) => [element.outerHTML.slice(0, 80), element.closest("label") ?? element])
            .map(([html, element]) => [html, element.getBoundingClientRect()])
            .filter(([, box]) => box.width > 1 && (box.height < 24 || box.width < 24))
            .map(([html, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${html}`)"""
    )
    assert small == []
    if name in ("home", "search"):
        box = page.locator("main input[name=q]").first.bounding_box()
        assert box
        assert box["height"] >= 48


def test_forced_colours_keep_every_status_apart_by_words(visitor: Visitor, golden: str) -> None:
    page = visitor.page(forced_colors="active")
    page.goto(f"{golden}/en/certificates/")
    sentences = page.locator("main .status").all_inner_texts()
    assert len(sentences) == 11
    assert all(re.search(r"\d{4}", sentence) for sentence in sentences)
