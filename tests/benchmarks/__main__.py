"""``make bench``: whole-process time and peak memory of builds, and what they write, as a table for the README.

Each build runs in a process of its own; the median counts. A clean build has a new output folder; then one datasheet's
trade name is changed before each build, and then nothing is. Memory is the largest resident set of any process of a
build, as the system counts it.
"""

import argparse
import os
import platform
import re
import shutil
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.processes import Run, run

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
BEGIN, END = "<!-- bench -->\n", "<!-- /bench -->"

KINDS = (
    (
        "record pages",
        re.compile(r"[a-z-]+/(certificates|datasheets|products|holders|systems|documents)/[^/]+/index\.html"),
    ),
    ("JSON of records", re.compile(r"([cdpr]/[^/]+/index|data/[a-z]+/[^/]+)\.json")),
    ("data of the whole register", re.compile(r"(data|schema)/")),
    ("sitemaps", re.compile(r"sitemap(/|\.xml)")),
    ("verification cards", re.compile(r"[cd]/")),
    ("permalinks of products and documents", re.compile(r"[pr]/")),
    ("lists", re.compile(r"[a-z-]+/(certificates|datasheets|products|holders|systems|documents)/")),
    ("search data", re.compile(r"search/")),
    ("scripts, styles, images", re.compile(r"assets/")),
    ("other pages and files", re.compile(r"")),
)


def build(data: Path, output: Path) -> Run:
    """Build a site in a process of its own."""
    return run([sys.executable, "-m", "keur.cli", "build", "--data", str(data), "--output", str(output)], ROOT)


def sizes(output: Path) -> tuple[Counter[str], Counter[str]]:
    """Return how many files of each kind a site has, and their bytes."""
    files: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for path in output.rglob("*"):
        if path.is_file():
            name = path.relative_to(output).as_posix()
            kind = next(kind for kind, pattern in KINDS if pattern.match(name))
            files[kind] += 1
            sizes[kind] += path.stat().st_size
    return files, sizes


def change_a_datasheet(data: Path, number: int) -> None:
    """Give the first datasheet of an export another trade name."""
    path = min((data / "datasheets").rglob("*.yaml"))
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"trade_name: .*", f"trade_name: Changed {number}", text, count=1), encoding="utf-8")


def table(runs: dict[str, Sequence[Run]], output: Path) -> str:
    """Return the figures as Markdown."""
    files, bytes_of = sizes(output)
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    clean = _seconds(runs["clean build"])
    lines = [
        f"| build, median ({machine}) | whole process | to a clean build | all cores together | largest process |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {label} | {_seconds(measured):.2f} s | {_ratio(clean, _seconds(measured))} | "
            f"{statistics.median(one.cpu_seconds for one in measured):.2f} s | "
            f"{max(one.largest for one in measured) / 2**20:.0f} MiB |"
            for label, measured in runs.items()
        ),
        "",
        "| files | number | MB |",
        "|---|---:|---:|",
        *(f"| {kind} | {files[kind]:,} | {bytes_of[kind] / 1e6:,.1f} |" for kind, _ in KINDS),
        f"| together | {files.total():,} | {bytes_of.total() / 1e6:,.1f} |",
        "",
    ]
    return "\n".join(lines)


def _seconds(measured: Sequence[Run]) -> float:
    return statistics.median(one.seconds for one in measured)


def _ratio(clean: float, seconds: float) -> str:
    return "1" if seconds == clean else f"1/{clean / seconds:.0f}"


def main() -> None:
    """Measure, print, and put the figures into the README when they are those of the demonstration register."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--data", type=Path, help="another export than the project's; the README stays as it is")
    parser.add_argument("--runs", type=int, default=3, help="clean builds to measure (default: 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="keur-bench-") as folder:
        data = Path(shutil.copytree(options.data or ROOT / "registry_data", Path(folder) / "data"))
        outputs = [Path(folder) / f"output-{number}" for number in range(options.runs)]
        runs = {"clean build": [build(data, output) for output in outputs]}
        # All outputs stay to the end: for a while after many files were deleted some file systems make new ones slowly.
        changed = []
        for number in range(2 * options.runs + 1):
            change_a_datasheet(data, number)
            changed.append(build(data, outputs[-1]))
        # The first one makes what the others keep: the code of templates that a clean build made in its workers.
        runs["one datasheet changed"] = changed[1:]
        runs["nothing changed"] = [build(data, outputs[-1]) for _ in range(2 * options.runs)]
        figures = table(runs, outputs[-1])
    print(figures)
    if options.data is None:
        text = README.read_text(encoding="utf-8")
        before, begin, rest = text.partition(BEGIN)
        _, end, after = rest.partition(END)
        if not (begin and end):
            sys.exit(f"bench: README.md has no place for the figures between {BEGIN.strip()} and {END}")
        README.write_text(before + begin + figures + end + after, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
