"""Measure ``keur serve``: ``python -m tests.benchmarks.serving``.

Milliseconds from the moment at which a datasheet was edited until an open page shows it, in Chromium, without a hand on
the page, and until the whole site is in place; and the same edit built by ``keur build`` as a process of its own. The
median of several edits, and the ratio.
"""

import argparse
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from playwright.sync_api import sync_playwright

from keur.demo import write_demonstration

ROOT = Path(__file__).resolve().parents[2]
_TRADE_NAME = re.compile(r"(trade_name: )(\S.*)")
_CODE = re.compile(r"code: \"?([^\s\"]+)")


class Sheet:
    """A datasheet of an export, whose trade name is edited."""

    def __init__(self, data: Path) -> None:
        files = sorted((data / "datasheets").rglob("*.yaml"))
        self.file = files[len(files) // 2]
        self.text = self.file.read_text(encoding="utf-8")
        found = _CODE.search(self.text)
        if found is None:
            sys.exit(f"bench: {self.file} holds no datasheet")
        self.code = found[1]

    def edit(self, name: str) -> None:
        """Give it another trade name."""
        self.file.write_text(_TRADE_NAME.sub(rf"\g<1>{name}", self.text, count=1), encoding="utf-8")


@contextmanager
def served(command: list[str]) -> Iterator[tuple[str, TextIO]]:
    """Serve the site; give its address, and what is printed behind it."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if process.stdout is None:
        sys.exit("bench: keur serve says nothing")
    told = next(line for line in process.stdout if line.startswith("the site is at "))
    try:
        yield told.split()[4].rstrip("/"), process.stdout
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def edits_in_browser(
    address: str, printed: TextIO, sheet: Sheet, runs: int, chromium: str | None
) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each edit until the open page shows it, and until the whole site is in place."""
    times, whole = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        with page.expect_request("**/__keur/changes?*"):
            page.goto(f"{address}/nl/datasheets/{sheet.code.lower()}/")
        for run in range(runs + 1):
            time.sleep(1)
            begun = time.perf_counter()
            sheet.edit(f"Served{run}")
            page.get_by_text(f"Served{run}").first.wait_for(timeout=60_000)
            times.append(1000 * (time.perf_counter() - begun))
            next(line for line in printed if " files in " in line)
            whole.append(1000 * (time.perf_counter() - begun))
        browser.close()
    return times[1:], whole[1:]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.serving", description=__doc__)
    parser.add_argument("--sheets", type=int, default=8000, help="datasheets of the register (default: 8000)")
    parser.add_argument("--runs", type=int, default=5, help="edits to measure (default: 5)")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser's program")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="keur-bench-") as folder:
        data, output = Path(folder) / "data", Path(folder) / "output"
        write_demonstration(data, sheets=options.sheets)
        keur = [sys.executable, "-m", "keur.cli"]
        site = ["--data", str(data), "--output", str(output)]
        sheet = Sheet(data)
        with served([*keur, "serve", *site, "--port", "0"]) as (address, printed):
            browser, whole = map(
                statistics.median, edits_in_browser(address, printed, sheet, options.runs, options.chromium)
            )
        builds = []
        for run in range(options.runs):
            sheet.edit(f"Built{run}")
            begun = time.perf_counter()
            subprocess.run([*keur, "build", *site], cwd=ROOT, check=True, capture_output=True)
            builds.append(1000 * (time.perf_counter() - begun))
        build = statistics.median(builds)
    print(f"edit to reloaded page, {options.sheets:,} datasheets, median of {options.runs}: {browser:.0f} ms")
    print(f"edit to the whole site in place: {whole:.0f} ms")
    print(f"the same edit by keur build, whole process: {build:.0f} ms, {build / browser:.1f} times as long")


if __name__ == "__main__":
    main()
