"""``python -m tests.benchmarks.ledger``: how long the ledger of a large register takes to record, read and remember.

The records are made in memory, so reading YAML is not in these figures. Each figure is the best of three, in seconds.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from keur.ledger import FILE, read_ledger, record, remember
from keur.model import Entries, Register
from tests.builders import certificate, datasheet, entries, export


def register(sheets: int, day: int, *, changed: int = 0) -> Entries:
    """Return a register of a tenth as many certificates; the last ``changed`` datasheets are gone since day 1."""
    numbers = [f"{number // 10_000 + 10:02d}/{number % 10_000:04d}" for number in range(max(1, sheets // 10))]
    hang_on = [[{"system": "benor", "number": number}] for number in numbers]
    return entries(
        register=export(exported_at=f"2026-01-{day:02d}T06:00:00+01:00"),
        certificates=[certificate(number=number) for number in numbers],
        datasheets=[
            datasheet(code=f"{90_000_000 + code}", certificates=hang_on[code % len(hang_on)])
            for code in range(sheets - changed)
        ],
    )


def best(measured: Callable[[], object]) -> float:
    """Return the shortest of three runs."""
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        measured()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    """Print the figures of one register."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=100_000)
    sheets = parser.parse_args().sheets
    first, second = register(sheets, 1), register(sheets, 2, changed=10)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        recorded = record(folder, first)
        whole = time.perf_counter() - begun
        begun = time.perf_counter()
        record(folder, second)
        few = time.perf_counter() - begun
        size = (folder / FILE).stat().st_size
        ledger = read_ledger(folder / FILE)
        rows = [
            (f"record {recorded.lines} lines", whole),
            ("record an export that lists 10 records less", few),
            ("read, its chain checked", best(lambda: read_ledger(folder / FILE))),
            ("remember beside an export", best(lambda: remember(read_ledger(folder / FILE), second))),
            ("slugs of a register", best(lambda: Register(second, remember(ledger, second)).datasheet_slugs)),
        ]
    for label, seconds in rows:
        print(f"{label:<50}{seconds:8.3f} s")
    print(f"{'the file':<50}{size / 1_000_000:8.1f} MB")


if __name__ == "__main__":
    main()
