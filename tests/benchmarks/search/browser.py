"""Chromium at the search page, as a person with a phone: what an engine answers, how fast, and what it fetches."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

import tasks
from tests.benchmarks.search.queries import Query
from tests.benchmarks.search.server import Host

PHONE: ViewportSize = {"width": 390, "height": 844}
CPU_RATE = 4
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
_LONGEST_WAIT = 30_000
_PERMALINKS = {"c": "certificates", "d": "datasheets", "p": "products", "r": "documents"}
_QUIET = ("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update")


@dataclass(frozen=True, slots=True)
class Engine:
    """A search page: its name, its path, a query that empties its list, and whether it lists everything without one."""

    name: str
    path: str
    nothing: str
    lists_all: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """A page opened on slow 4G: milliseconds until the first result was painted, and what had arrived by then."""

    first_ms: float
    size: int
    requests: int


@dataclass
class Session:
    """What one engine answered in a warm page: results by query, milliseconds at CPU ÷ 4, megabytes of heap."""

    results: dict[str, list[str]] = field(default_factory=dict)
    times: dict[str, float] = field(default_factory=dict)
    heap_mb: float = 0.0
    errors: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium that the tests drive."""
    found = tasks.find_chromium()
    if found is None:
        raise RuntimeError("no Chromium: run python3 tasks.py setup, or name one in KEUR_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-sync", *_QUIET]
        )
        yield browser
        browser.close()


@contextmanager
def _visit(browser: Browser, errors: list[str]) -> Iterator[tuple[Page, CDPSession]]:
    """Open a page with nothing in its cache."""
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script(path=Path(__file__).parent / "probe.js")
        yield page, context.new_cdp_session(page)


def ask_all(browser: Browser, address: str, engine: Engine, queries: Sequence[Query]) -> Session:
    """Type every query into a warm page: first for its answers, then, slowed down, for its time."""
    session = Session()
    with _visit(browser, session.errors) as (page, devtools):
        page.goto(address + engine.path, wait_until="networkidle")
        for query in queries:
            session.results[query.text] = _ask(page, engine, query.text, settle=True)["links"]
        devtools.send("HeapProfiler.collectGarbage")
        usage = devtools.send("Runtime.getHeapUsage")
        session.heap_mb = (usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_RATE})
        for query in queries:
            if session.results[query.text]:
                taken = _ask(page, engine, query.text, settle=False)["time"]
                if taken is not None:
                    session.times[query.text] = taken
    return session


def _ask(page: Page, engine: Engine, text: str, *, settle: bool) -> dict[str, Any]:
    if not page.evaluate("nothing => searchProbe.clear(nothing)", engine.nothing):
        raise RuntimeError(f"{engine.name}: the list of results does not empty for {engine.nothing!r}")
    answer: dict[str, Any] = page.evaluate("([text, settle]) => searchProbe.ask(text, settle)", [text, settle])
    answer["links"] = [answer_of(link) for link in answer["links"]]
    return answer


def open_cold(browser: Browser, host: Host, address: str, engine: Engine, text: str, runs: int) -> Opening | None:
    """Open the page with a query, on slow 4G and CPU ÷ 4; return the run in the middle, None if there is no result.

    Without a text the page is opened without a query: an engine may list everything then.
    """
    query = f"?{urlencode({'q': text})}" if text else ""
    openings = [_open(browser, host, f"{address}{engine.path}{query}", "first") for _ in range(runs)]
    return _middle(opening for opening in openings if opening is not None)


def open_bare(browser: Browser, host: Host, address: str, path: str, runs: int) -> Opening:
    """Open a page without an engine until it is painted: what any engine's page takes at least."""
    openings = [_open(browser, host, address + path, "page") for _ in range(runs)]
    opening = _middle(opening for opening in openings if opening is not None)
    if opening is None:
        raise RuntimeError(f"{path} was not painted")
    return opening


def _open(browser: Browser, host: Host, url: str, moment: str) -> Opening | None:
    with _visit(browser, []) as (page, devtools):
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", SLOW_4G)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_RATE})
        begin = len(host.log)
        page.goto(url, wait_until="load", timeout=_LONGEST_WAIT)
        told = page.evaluate(
            """async ([moment, longest]) => {
                const until = performance.now() + longest;
                while (!searchProbe[moment] && performance.now() < until) {
                    await new Promise((done) => setTimeout(done, 50));
                }
                const by = searchProbe.listed || searchProbe[moment];
                const isAsked = ({ name, responseEnd }) => responseEnd && !name.endsWith("/favicon.svg");
                const files = performance.getEntriesByType("resource").filter(isAsked);
                // What is listed before the stylesheets have come is not painted without them.
                const arrived = files.filter(({ name, startTime, responseEnd }) =>
                    responseEnd <= by || (startTime < by && name.endsWith(".css")));
                return { at: searchProbe[moment], arrived: arrived.map(({ name }) => name) };
            }""",
            [moment, _LONGEST_WAIT / 3],
        )
        if not told["at"]:
            return None
        sizes = {answer.path: answer.size for answer in host.log[begin:]}
        paths = {unquote(urlsplit(address).path) for address in (url, *told["arrived"])}
        return Opening(told["at"], sum(sizes[path] for path in paths), len(paths))


def _middle(openings: Iterable[Opening]) -> Opening | None:
    ordered = sorted(openings, key=lambda opening: opening.first_ms)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def answer_of(link: str) -> str:
    """Return the answer that a link leads to: its path without the language, permalinks as what they stand for."""
    parts = [part for part in unquote(urlsplit(link).path).split("/") if part]
    if len(parts) > 2 or (parts and parts[0] in ("nl", "fr", "de", "en")):
        parts = parts[1:]
    if parts and parts[0] in _PERMALINKS:
        parts[0] = _PERMALINKS[parts[0]]
    return "/".join(parts)


def percentile(values: Iterable[float], percent: int) -> float:
    """Return a percentile of some values; 0 where there are none."""
    ordered = sorted(values)
    if len(ordered) < 2:
        return ordered[0] if ordered else 0.0
    return statistics.quantiles(ordered, n=100, method="inclusive")[percent - 1]
