"""Chromium on the built sites. A page that logs an error, throws, breaks the strict policy or misses a file fails."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, expect, sync_playwright

from keur.serving import site_server
from tests.serving import serving
from tests.sites import ROOT, BuiltSite, cited_site, golden_site, sample_site

__all__ = ["cited_site", "golden_site", "sample_site"]

# What is waited for comes in milliseconds; on a machine that does much else, it may take its time.
expect.set_options(timeout=30_000)

GOLDEN_DAY = "2026-03-02T10:00:00+01:00"
"""A moment on the day of the golden register's export."""
SAMPLE_DAY = "2026-11-21T10:00:00+01:00"
"""A moment on the day of the demonstration register's export."""

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


TEMPLATES = {
    "home": "/nl/",
    "root": "/",
    "certificate": "/nl/certificates/benor-29-0107/",
    "suspended": "/fr/certificates/benor-29-0108/",
    "withdrawn": "/de/certificates/benor-29-0109/",
    "datasheet": "/nl/datasheets/90012345/",
    "card": "/c/benor-29-0107/",
    "sheet-card": "/d/90012346/",
    "neutral": "/p/geotextile/",
    "system": "/nl/systems/benor/",
    "product": "/fr/products/geotextile/",
    "holder": "/de/holders/vlierbeke/",
    "document": "/nl/documents/ptv-829/",
    "list": "/en/datasheets/",
    "team": "/nl/team/",
    "content": "/fr/which-mark/",
    "data": "/de/data/",
    "search": "/en/search/?q=29",
    "check": "/en/check/",
    "not-found": "/404.html",
    "badge": "/badge/benor-29-0107/",
    "badges": "/nl/badges/?c=benor-29-0107",
}
"""A page of the golden site for each template, and for each look that one has."""


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """The one Chromium of a worker; each test has a context of its own, as new as a profile."""
    quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-sync", *quiet]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def golden(golden_site: BuiltSite) -> Iterator[str]:
    """The address at which the site of the golden register is served."""
    with serving(site_server(golden_site.folder)) as address:
        yield address


@pytest.fixture(scope="session")
def sample(sample_site: BuiltSite) -> Iterator[str]:
    """The address at which the site of a small demonstration register is served."""
    with serving(site_server(sample_site.folder)) as address:
        yield address


@pytest.fixture(scope="session")
def cited(cited_site: BuiltSite) -> Iterator[str]:
    """The address at which the site that knows another address as its own is served."""
    with serving(site_server(cited_site.folder)) as address:
        yield address


@dataclass
class Visitor:
    """Opens pages as a reader with a screen, a clock and a choice of colours, and notes what goes wrong."""

    browser: Browser
    servers: ExitStack
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, now: str | None = GOLDEN_DAY, **options: object) -> Page:
        """Open a page in a new context; ``options`` are the context's, ``now`` is the moment its clock stands at."""
        context = self.browser.new_context(**{"viewport": DESKTOP, "locale": "en-GB"} | options)  # type: ignore[arg-type]  # options of a context
        self.contexts.append(context)
        page = context.new_page()
        if now:
            page.clock.set_fixed_time(now)
        page.on("console", lambda message: self._note(message.type == "error", f"console: {message.text}"))
        page.on("pageerror", lambda error: self._note(True, f"script: {error}"))
        page.on("dialog", lambda dialog: (self._note(True, f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        return page

    def _failed(self, request: Request) -> None:
        # A reader who leaves a page ends what it was still loading.
        self._note(request.failure != "net::ERR_ABORTED", f"request: {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        self._note(response.status >= 400, f"answer: {response.status} {response.url}")

    def _note(self, wrong: bool, fault: str) -> None:
        if wrong and not any(part in fault for part in self.expected):
            self.faults.append(fault)


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    """Servers of one test, which end after its ``visitor`` has left: a page asks for files until it is closed."""
    with ExitStack() as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, servers: ExitStack) -> Iterator[Visitor]:
    """A reader whose pages must run without a fault; ``expected`` takes parts of faults that belong to the test.

    It asks for ``servers`` so that these stand before it comes, and are there until it has left.
    """
    reader = Visitor(browser, servers)
    yield reader
    for context in reader.contexts:
        for page in context.pages:
            # What a route still fetches is nobody's any more, and would fail in the next test.
            page.unroute_all(behavior="ignoreErrors")
        context.close()
    assert reader.faults == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, to be evaluated in a page."""
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
