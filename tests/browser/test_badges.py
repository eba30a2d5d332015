"""Badges on another site: they follow the register, and say "unknown" rather than "valid" in any doubt."""

import http.server
import re
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.browser.conftest import Visitor
from tests.serving import serving
from tests.sites import LANGUAGES, BuiltSite

pytestmark = pytest.mark.browser

NOW = "2026-11-27T10:00:00+01:00"
LATE = "2027-01-15T10:00:00+01:00"
VALID = ("Geldig", "Valable", "Gültig", "Valid")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def other_site(tmp_path: Path, servers: ExitStack) -> str:
    """The address of a site of somebody else, whose page shows what the test puts there."""
    handler = partial(_Quiet, directory=str(tmp_path))
    return servers.enter_context(serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)))


def _framed(page: Page, tmp_path: Path, other_site: str, address: str) -> FrameLocator:
    head = '<!doctype html><title>Shop</title><link rel="icon" href="data:,">'
    (tmp_path / "index.html").write_text(f'{head}<iframe src="{address}" title="badge"></iframe>')
    page.goto(f"{other_site}/index.html")
    return page.frame_locator("iframe")


def test_a_badge_in_a_frame_of_another_site_says_what_the_register_says(
    visitor: Visitor, cited: str, other_site: str, tmp_path: Path
) -> None:
    frame = _framed(visitor.page(NOW), tmp_path, other_site, f"{cited}/badge/benor-29-0010/#en")
    expect(frame.locator("#en [data-status-sentence]")).to_have_text(
        "Valid until 28 February 2028, by register data of 21 November 2026"
    )
    expect(frame.locator("#en .status")).to_have_class("status status--valid")
    expect(frame.locator("#fr")).to_be_hidden()
    link = frame.locator("a")
    assert link.get_attribute("href") == "https://register.example/c/benor-29-0010/"
    expect(frame.locator("h1")).to_have_text("BENOR 29/0010")
    expect(frame.locator("#en")).to_contain_text("Demonstration data.")
    expect(frame.locator("#en")).to_contain_text("Only a technical datasheet shows that a product is certified.")


def test_no_other_page_is_shown_in_a_frame(visitor: Visitor, cited: str, other_site: str, tmp_path: Path) -> None:
    visitor.expected += ["frame-ancestors", "ERR_BLOCKED_BY_RESPONSE", "csp", "Framing"]
    page = visitor.page(NOW)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/c/benor-29-0010/")):
        frame = _framed(page, tmp_path, other_site, f"{cited}/c/benor-29-0010/")
    assert frame.locator(".card").count() == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_badge_from_old_data_is_unknown_and_never_valid(visitor: Visitor, cited: str, lang: str) -> None:
    page = visitor.page(LATE)
    page.goto(f"{cited}/badge/benor-29-0010/#{lang}")
    # It has the tone of the unknown before script has looked, so it is waited for the words.
    expect(page.locator(f"#{lang} [data-status-sentence]")).to_have_text(
        re.compile(r"^(Onbekend|Inconnu|Unbekannt|Unknown)\s?:")
    )
    expect(page.locator(f"#{lang} .status")).to_have_class("status status--unknown")
    text = page.locator("main").inner_text()
    assert not any(word in text for word in VALID)


def test_a_badge_whose_day_of_data_cannot_be_read_is_unknown(visitor: Visitor, cited: str) -> None:
    visitor.expected.append("release.css")
    visitor.expected.append("Failed to load resource")
    page = visitor.page(NOW)
    page.route("**/release.css", lambda route: route.fulfill(status=404, body=""))
    page.goto(f"{cited}/badge/benor-29-0010/#en")
    expect(page.locator("#en [data-status-sentence]")).to_have_text(
        "Unknown: the data of this register could not be read"
    )
    expect(page.locator("#en .status")).to_have_class("status status--unknown")


def _without_words(route: Route) -> None:
    route.fulfill(status=503, body="")


def test_a_badge_without_its_words_stays_unchecked(visitor: Visitor, cited: str) -> None:
    visitor.expected += ["words", "Failed to load resource"]
    page = visitor.page(NOW)
    page.route("**/words/**", _without_words)
    page.goto(f"{cited}/badge/benor-29-0010/#en")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#en [data-status-sentence]")).to_have_text(
        "Not checked. In the register from 12 May 2023 until 28 February 2028"
    )
    expect(page.locator("#en .status")).to_have_class("status status--unknown")


@pytest.mark.parametrize(
    ("slug", "now", "said", "tone"),
    [
        ("benor-29-0001", NOW, "Withdrawn since 3 March 2026, by register data of 21 November 2026", "ended"),
        ("benor-29-0001", LATE, "Withdrawn since 3 March 2026, by register data of 21 November 2026", "ended"),
        ("benor-29-0002", NOW, "Expired after 30 June 2026, by register data of 21 November 2026", "ended"),
        ("benor-29-0003", NOW, "Suspended since 10 February 2026, by register data of 21 November 2026", "suspended"),
        (
            "benor-29-0060",
            NOW,
            "Not certified any more, as far as this register knows: no longer listed since 21 November 2026",
            "ended",
        ),
    ],
)
def test_a_badge_says_of_what_does_not_hold_that_it_does_not(
    visitor: Visitor, cited: str, slug: str, now: str, said: str, tone: str
) -> None:
    page = visitor.page(now)
    page.goto(f"{cited}/badge/{slug}/#en")
    expect(page.locator("#en [data-status-sentence]")).to_have_text(said)
    expect(page.locator("#en .status")).to_have_class(f"status status--{tone}")


def test_a_badge_that_stays_open_notices_that_its_data_grow_old(visitor: Visitor, cited: str) -> None:
    page = visitor.page(None)
    page.clock.install(time=NOW)
    page.goto(f"{cited}/badge/benor-29-0010/#en")
    expect(page.locator("#en .status")).to_have_class("status status--valid")
    page.clock.fast_forward(1_000 * 3_600_000)
    expect(page.locator("#en .status")).to_have_class("status status--unknown")


def test_without_script_a_badge_is_not_checked(visitor: Visitor, cited: str) -> None:
    page = visitor.page(None, java_script_enabled=False)
    page.goto(f"{cited}/badge/benor-29-0010/")
    text = page.locator("main").inner_text()
    for said in ("Niet gecontroleerd", "Non vérifié", "Nicht geprüft", "Not checked"):
        assert said in text
    assert not any(word in text for word in VALID)
    assert page.locator(".status--valid").count() == 0


def test_a_badge_as_an_image_never_says_valid(cited_site: BuiltSite) -> None:
    words = ("valid", "geldig", "valable", "gültig", "#14532d")
    images = sorted(cited_site.folder.glob("badge/*/badge.svg"))
    assert len(images) == 60, "records that are no longer listed keep theirs"
    for image in images:
        text = image.read_text(encoding="utf-8")
        assert not any(word in text.lower() for word in words), image
        assert f"register.example/c/{image.parent.name}/" in text
        assert "2026-11-21" not in text, "no badge holds the day of the export"
    withdrawn = (cited_site.folder / "badge/benor-29-0001/badge.svg").read_text(encoding="utf-8")
    assert "2026-03-03: ingetrokken · retiré" in withdrawn
    gone = (cited_site.folder / "badge/benor-29-0060/badge.svg").read_text(encoding="utf-8")
    assert "not certified any more" in gone
    assert "BENOR" not in gone, "a mark is not shown of what is not certified"


def test_the_page_about_badges_gives_the_code_of_a_certificate(visitor: Visitor, cited: str) -> None:
    page = visitor.page(NOW)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{cited}/c/benor-29-0010/#fr")
    page.get_by_role("link", name="Badge pour votre site web").click()
    frame = page.locator("[data-snippet=frame]")
    expect(frame).to_have_text(
        '<iframe src="https://register.example/badge/benor-29-0010/#fr" title="BENOR 29/0010" width="340" height="300" '
        'loading="lazy"></iframe>'
    )
    expect(page.locator("[data-snippet=image]")).to_have_text(
        '<a href="https://register.example/c/benor-29-0010/">'
        '<img src="https://register.example/badge/benor-29-0010/badge.svg" alt="BENOR 29/0010"></a>'
    )
    expect(page.locator("[data-badges-image] img")).to_have_js_property("complete", True)
    page.get_by_role("button", name="Copier").first.click()
    expect(page.get_by_role("status").first).to_have_text("Copié")
    assert page.evaluate("navigator.clipboard.readText()") == frame.inner_text()


@pytest.mark.parametrize("slug", ["nothing-here", '"><script>alert(1)</script>', "../../nl"])
def test_the_page_about_badges_gives_no_code_of_what_is_none(visitor: Visitor, cited: str, slug: str) -> None:
    visitor.expected += ["404", "Failed to load resource"]
    page = visitor.page(NOW)
    page.goto(f"{cited}/en/badges/")
    before = page.locator("[data-snippet=frame]").inner_text()
    page.goto(f"{cited}/en/badges/?c={page.evaluate('encodeURIComponent', slug)}")
    expect(page.locator("[data-badges-chosen]")).to_contain_text("There is no certificate")
    expect(page.locator("[data-badges-chosen]")).to_contain_text(slug)
    assert page.locator("[data-snippet=frame]").inner_text() == before
