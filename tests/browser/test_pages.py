"""Every page in a real browser: nothing runs that should not; nothing is lost without script, on paper, on a phone."""

import gzip
import re
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from playwright.sync_api import Response, expect

from keur.serving import site_server
from tests.browser.conftest import TEMPLATES, Visitor
from tests.serving import serving
from tests.sites import BuiltSite

pytestmark = pytest.mark.browser

CARD_BYTES = 14_000


@pytest.fixture
def own_server(golden_site: BuiltSite, servers: ExitStack) -> str:
    """The address of a server for this test alone."""
    return servers.enter_context(serving(site_server(golden_site.folder)))


def test_a_server_is_there_until_its_readers_have_left(visitor: Visitor, own_server: str) -> None:
    """A browser asks for files after a test, as for the icon; a server that had ended would be this test's fault."""
    page = visitor.page()
    page.goto(f"{own_server}/en/")
    page.evaluate("() => void setInterval(() => fetch('/release.css').catch(() => {}), 5)")


def test_a_script_that_a_text_brought_in_would_be_seen(visitor: Visitor, golden: str) -> None:
    """The watch itself: the policy stops the script and says so, and a file that is missing is noted too."""
    page = visitor.page()
    page.goto(f"{golden}/nl/")
    with (
        page.expect_response("**/x"),
        page.expect_console_message(lambda told: "Content Security Policy" in told.text),
        page.expect_console_message(lambda told: "404" in told.text),
    ):
        page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "alert(1)";
                document.body.append(script);
                const image = document.createElement("img");
                image.src = "/x";
                document.body.append(image);
            }"""
        )
    found, visitor.faults = visitor.faults, []
    assert any("Content Security Policy" in fault for fault in found)
    assert any(fault.startswith("answer: 404") for fault in found)
    assert not any(fault.startswith("dialog") for fault in found)


@pytest.mark.parametrize("lang", ["nl", "fr", "de", "en", ""])
def test_no_page_runs_a_hostile_text_or_scrolls_sideways(
    visitor: Visitor, golden: str, golden_site: BuiltSite, lang: str
) -> None:
    """Every page on the narrowest phone; a script that a text brought in would open a dialog or break the policy."""
    page = visitor.page(viewport={"width": 320, "height": 640})
    wide = []
    for path in golden_site.pages:
        if path.startswith(f"/{lang}/") if lang else not re.match(r"/..?/(?<!/[cdpr]/)", path):
            page.goto(golden + quote(path))
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                wide.append(path)
    assert wide == []


# What badges and the check of a list say without script is another thing on purpose: see test_badges and test_check.
@pytest.mark.parametrize("name", [name for name in TEMPLATES if not name.startswith(("badge", "check"))])
def test_without_script_a_page_is_whole(visitor: Visitor, golden: str, name: str) -> None:
    """The same text, apart from what only script can do: search results, copying, answers for a day."""
    texts = []
    for enabled in (True, False):
        page = visitor.page(java_script_enabled=enabled)
        page.goto(golden + TEMPLATES[name])
        page.evaluate("document.querySelector('.question')?.remove()")
        texts.append(re.sub(r"\s+", " ", page.locator("main").inner_text()))
        headings = page.locator("h1").count()
        assert headings == 1
    with_script, without = texts
    if name == "search":
        expect(page.locator("main a[href='/en/certificates/']")).to_be_visible()
        assert "works without" in without or "work without" in without
    else:
        assert re.sub(r" ?\b(Kopiëren|Copier|Kopieren|Copy)\b", "", with_script) == without


def test_lists_lead_to_records_without_script(visitor: Visitor, sample: str) -> None:
    page = visitor.page(now=None, java_script_enabled=False)
    page.goto(f"{sample}/fr/")
    page.locator("main a[href='/fr/certificates/']").first.click()
    page.locator("a[href='/fr/certificates/page/2/']").first.click()
    page.locator("main table a[href*='/fr/certificates/']").first.click()
    expect(page.locator(".status--lead")).to_be_visible()
    page.locator("main a[href^='/c/']").first.click()
    expect(page.locator(".status--lead")).to_be_visible()


def test_a_search_without_script_arrives_at_the_ways_on(visitor: Visitor, golden: str) -> None:
    page = visitor.page(java_script_enabled=False)
    page.goto(f"{golden}/nl/")
    page.locator("main input[name=q]").first.fill("29/0107")
    page.locator("main input[name=q]").first.press("Enter")
    expect(page).to_have_url(re.compile(r"/nl/search/\?q=29"))
    expect(page.locator("main a[href='/nl/certificates/']")).to_be_visible()


@pytest.mark.parametrize("path", ["/c/benor-29-0107/", "/d/90012345/", "/d/90012346/", "/c/copro-900/"])
def test_a_card_arrives_in_one_round(visitor: Visitor, golden: str, path: str) -> None:
    """All that a card asks for, as a server sends it, even when it has to print today's status itself."""
    page = visitor.page("2026-03-02T10:00:00+01:00")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # Playwright takes no built-in method
    page.goto(golden + path, wait_until="networkidle")
    sent = {answer.url: len(gzip.compress(answer.body(), 6)) for answer in answers}
    assert len(sent) > 3
    assert sum(sent.values()) < CARD_BYTES, sent


@pytest.mark.parametrize("path", ["/nl/certificates/benor-29-0107/", "/nl/datasheets/90012345/", "/c/benor-29-0107/"])
def test_a_record_is_printed_on_one_sheet(visitor: Visitor, golden: str, path: str) -> None:
    page = visitor.page()
    page.goto(golden + path)
    document = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", document)) == 1


def test_a_number_is_copied_without_the_gaps_it_is_shown_with(visitor: Visitor, golden: str) -> None:
    page = visitor.page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{golden}/en/datasheets/90012345/")
    text = page.evaluate(
        """() => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector("h1 .number"));
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return getSelection().toString();
        }"""
    )
    assert text.strip() == "90012345"
    page.locator("h1 + .copy-button").click()
    expect(page.locator("h1 + .copy-button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "90012345"


def test_the_language_switch_leads_to_the_same_page(visitor: Visitor, golden: str) -> None:
    page = visitor.page()
    page.goto(f"{golden}/nl/certificates/benor-29-0107/#main")
    page.locator("header a[hreflang=de]").click()
    expect(page).to_have_url(re.compile(r"/de/certificates/benor-29-0107/"))
    expect(page.locator("html")).to_have_attribute("lang", "de")
