"""Measure the search against Pagefind and print the figures as Markdown.

Without options it makes the demonstration register, builds its site and measures both engines in one run. ``--quick``
asks the site's own engine only, for its answers and times: what one wants while changing it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser

from keur.search.checking import CHECK_FILE
from keur.site.reading import read_register
from tests.benchmarks.search import browser, pagefind, report
from tests.benchmarks.search.browser import Engine
from tests.benchmarks.search.queries import LANGUAGES, Facts, Query, make_queries
from tests.benchmarks.search.report import Figures
from tests.benchmarks.search.server import Host, serving

ROOT = Path(__file__).parents[3]
README = ROOT / "README.md"
HERE = Path(__file__).parent
LARGE = 50_000
"""From this many datasheets on, the goals are those for a large register."""
_BEST = 11
_NOTHING = "qxqxqxqxqxqxqx"


def main() -> None:
    """Run the benchmark."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="keur-search-") as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        data, site = _register_and_site(options, work)
        print(f"reading {options.sheets} datasheets and making queries", file=sys.stderr)
        facts = Facts(read_register(data, LANGUAGES)[0])
        queries = make_queries(facts, options.seed, options.per_class)
        tools = pagefind.Tools.install(work / "pagefind-venv")
        compress = tools.brotli()
        bundle = work / "pagefind"
        html = (site / options.lang / "search" / "index.html").read_text(encoding="utf-8")
        host = Host(
            folders={"/": site, "/pagefind/": bundle},
            pages={
                "/bench/bare/": pagefind.bare_page(html).encode(),
                "/bench/pagefind/": pagefind.pagefind_page(html, "/bench/pagefind-page.js").encode(),
                "/bench/pagefind-page.js": (HERE / "pagefind-page.js").read_bytes(),
            },
            compress=lambda body: compress(body, _BEST),
        )
        own = Engine("Keur", f"/{options.lang}/search/", _NOTHING, lists_all=True)
        other = Engine("Pagefind", "/bench/pagefind/", "")
        with serving(host) as address, browser.chromium() as chromium:
            measure = partial(_measure, chromium, host, address, queries, options)
            engines = [measure(own)]
            if not options.quick:
                print("indexing with Pagefind", file=sys.stderr)
                indexing = tools.index(site, options.lang, _content_pages(options.lang), bundle)
                engines.append(measure(other))
                engines[1].build_seconds, engines[1].build_peak_mb = indexing.seconds, indexing.largest / 1e6
                engines[1].index_size = _size(pagefind.index_files(bundle), host.compress)
                _add_building(engines[0], data, site, host.compress)
                blank = browser.open_bare(chromium, host, address, "/bench/bare/", options.runs)
        print(f"{options.sheets} datasheets, seed {options.seed}, {len(queries)} queries, {tools.version()}\n")
        if not options.quick:
            large = options.sheets >= LARGE
            goals = list(report.goal_table(engines[0], engines[1], queries, blank, large=large))
            _print(goals)
            _print(report.figure_table(engines, queries, blank))
            if options.readme:
                _into_readme(
                    options.sheets, [*report.introduction(options.sheets, len(queries), tools.version()), *goals]
                )
        else:
            times = engines[0].session.times.values()
            p50, p95 = browser.percentile(times, 50), browser.percentile(times, 95)
            print(f"query at CPU ÷ 4: p50 {p50:.1f} ms, p95 {p95:.1f} ms; heap {engines[0].session.heap_mb:.1f} MB\n")
        _print(report.class_table(queries, engines, options.lang))
        missed = list(report.failing(queries, engines[0].session))
        if options.failing:
            options.failing.write_text("\n".join(missed) + "\n", encoding="utf-8")
        else:
            _print(missed)
        for engine in engines:
            for error in sorted(set(engine.session.errors)):
                print(f"{engine.name} threw: {error}")


def _measure(
    chromium: Browser,
    host: Host,
    address: str,
    queries: Sequence[Query],
    options: argparse.Namespace,
    engine: Engine,
) -> Figures:
    print(f"asking {engine.name} {len(queries)} queries", file=sys.stderr)
    figures = Figures(engine.name, browser.ask_all(chromium, address, engine, queries))
    if not options.quick:
        classes = report.by_class(queries)
        figures.openings = {
            kind: browser.open_cold(chromium, host, address, engine, classes[kind][0].text, options.runs)
            for kind in report.OPENED
        }
        if engine.lists_all:
            figures.openings[report.PAGE] = browser.open_cold(chromium, host, address, engine, "", options.runs)
    return figures


def _into_readme(sheets: int, lines: Sequence[str]) -> None:
    """Put a table between its markers, one pair for each size of register."""
    begin, end = f"<!-- search {sheets} -->\n", f"<!-- /search {sheets} -->"
    text = README.read_text(encoding="utf-8")
    if text.count(begin) != 1 or text.count(end) != 1:
        raise SystemExit(f"README.md has no place for the figures of {sheets} datasheets: {begin}{end}")
    before, _, rest = text.partition(begin)
    after = rest.partition(end)[2]
    README.write_text("".join([before, begin, *(f"{line}\n" for line in lines), end, after]), encoding="utf-8")


def _add_building(figures: Figures, data: Path, site: Path, compress: Callable[[bytes], bytes]) -> None:
    # The check of a list has its file there as well, which the search never fetches.
    others = (".br", ".gz")
    files = [
        file
        for file in (site / "search").rglob("*")
        if file.is_file() and file.suffix not in others and file.name != CHECK_FILE
    ]
    figures.index_size = _size(files, compress)
    command: list[str | Path] = [sys.executable, "-m", "tests.benchmarks.search.building", data]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    figures.build_seconds, figures.build_peak_mb = told["seconds"], told["peak_mb"]


def _size(files: Sequence[Path], compress: Callable[[bytes], bytes]) -> int:
    """Return what files take as a CDN keeps them: packed, unless that makes them larger."""
    # Pagefind's own files are gzip already.
    bodies = ((file.read_bytes(), not file.suffix.startswith(".pf_")) for file in files)
    return sum(min(len(body), len(compress(body))) if loose else len(body) for body, loose in bodies)


def _register_and_site(options: argparse.Namespace, work: Path) -> tuple[Path, Path]:
    keur = [sys.executable, "-m", "keur.cli"]
    data = options.data
    if data is None:
        data = work / "data"
        print("making the register", file=sys.stderr)
        _quietly([*keur, "demo", "--data", data, "--sheets", str(options.sheets)])
    site = options.site
    if site is None:
        site = work / "site"
        print("building the site", file=sys.stderr)
        _quietly([*keur, "build", "--data", data, "--output", site])
    return data.resolve(), site.resolve()


def _quietly(command: Sequence[str | Path]) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}")


def _content_pages(lang: str) -> list[str]:
    return sorted(file.stem for file in (ROOT / "content" / lang).glob("*.md"))


def _print(lines: Iterable[str]) -> None:
    print("\n".join(lines) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.search", description=__doc__)
    parser.add_argument("--sheets", type=int, default=8_000, help="datasheets of the register (default: 8000)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the queries; keep 2 for a last look (default: 1)")
    parser.add_argument("--per-class", type=int, default=10, help="queries of each class (default: 10)")
    parser.add_argument("--runs", type=int, default=3, help="times each page is opened cold (default: 3)")
    parser.add_argument("--lang", choices=LANGUAGES, default="nl", help="language of the pages (default: nl)")
    parser.add_argument("--data", type=Path, help="a register that is there already; say its --sheets too")
    parser.add_argument("--site", type=Path, help="its site, built already, for a host of its own")
    parser.add_argument("--work", type=Path, help="folder to keep everything in (default: a temporary one)")
    parser.add_argument("--failing", type=Path, help="write the queries that failed here instead of printing them")
    parser.add_argument(
        "--readme", action="store_true", help="put the table of goals into the README, between its markers"
    )
    parser.add_argument("--quick", action="store_true", help="the site's own engine only, its answers and times")
    return parser.parse_args()


if __name__ == "__main__":
    main()
