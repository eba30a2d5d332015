"""Chromium on the built sites. A page that logs an error, throws, breaks the strict policy or misses a file fails."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, expect, sync_playwright

from keur.serving import HOST, site_server
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

_MOST_FREE = 3
"""How many contexts are kept for later tests."""


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
    """The one Chromium of a worker. Pages of one context share a process."""
    quiet = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    shared = "--renderer-process-limit=1"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-sync", shared, *quiet]
        )
        yield launched
        launched.close()


def open_search(page: Page, address: str) -> None:
    """Open a search page and wait until its list stands with all that goes with it: filters come after results."""
    page.add_init_script("addEventListener('listed', () => (document.documentElement.dataset.listed = ''), true)")
    page.goto(address)
    expect(page.locator("html[data-listed]")).to_be_attached()


class _Empty(BaseHTTPRequestHandler):
    """Answers with a page of nothing."""

    def do_GET(self) -> None:
        body = b'<!doctype html><title>Empty</title><link rel="icon" href="data:,">'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


Options = dict[str, Any]
"""Options of a browser context."""


class SharedContexts:
    """Contexts that tests have one after another: half of what a page costs is a new process for it.

    An empty page keeps the process of each; ``empty`` is its address.
    """

    def __init__(self, browser: Browser, empty: str) -> None:
        self._browser = browser
        self._empty = empty
        self._free: dict[str, BrowserContext] = {}

    def take(self, options: Options) -> BrowserContext:
        """Return the context that a test gave back, else a new one."""
        free = self._free.pop(str(options), None)
        if free is None:
            free = self._browser.new_context(**options)
            free.new_page().goto(self._empty)
        return free

    def give_back(self, options: Options, context: BrowserContext) -> None:
        """Take a context back, without what its test opened or allowed."""
        for page in context.pages[1:]:
            page.close()
        context.clear_permissions()
        context.clear_cookies()
        self._free[str(options)] = context
        if len(self._free) > _MOST_FREE:
            self._free.pop(next(iter(self._free))).close()


@pytest.fixture(scope="session")
def shared_contexts(browser: Browser) -> Iterator[SharedContexts]:
    """The contexts of a worker that its tests have one after another."""
    with serving(ThreadingHTTPServer((HOST, 0), _Empty)) as empty:
        yield SharedContexts(browser, empty)


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
    shared: SharedContexts
    servers: ExitStack
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    contexts: list[tuple[BrowserContext, Options | None]] = field(default_factory=list)
    """Those that have pages of this reader, with their options where another test may have them after this one."""

    def page(self, now: str | None = GOLDEN_DAY, *, alone: bool = False, **options: object) -> Page:
        """Open a page; ``now`` is the moment its clock stands at, ``options`` are those of its context.

        No other page of this reader is in its context, but pages of tests before may have been. Where ``alone`` it is
        as new as a profile, and gone with the test: for what listens to a whole context or changes it. So it is where
        the page has a clock of its own, or options that few tests have.
        """
        chosen: Options = {"viewport": DESKTOP, "locale": "en-GB"} | options
        is_shared = now is not None and not alone and options.keys() <= {"viewport"}
        context = self.shared.take(chosen) if is_shared else self.browser.new_context(**chosen)
        self.contexts.append((context, chosen if is_shared else None))
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
def visitor(
    browser: Browser, shared_contexts: SharedContexts, servers: ExitStack, request: pytest.FixtureRequest
) -> Iterator[Visitor]:
    """A reader whose pages must run without a fault; ``expected`` takes parts of faults that belong to the test.

    It asks for ``servers`` so that these stand before it comes, and are there until it has left.
    """
    reader = Visitor(browser, shared_contexts, servers)
    failed_before = request.session.testsfailed
    yield reader
    for context, options in reader.contexts:
        for page in context.pages:
            # What a route still fetches is nobody's any more, and would fail in the next test.
            page.unroute_all(behavior="ignoreErrors")
        if options is None or reader.faults or request.session.testsfailed > failed_before:
            context.close()
        else:
            shared_contexts.give_back(options, context)
    assert reader.faults == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, to be evaluated in a page."""
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
