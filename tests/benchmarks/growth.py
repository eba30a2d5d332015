"""How the cost of a clean build grows: ``python -m tests.benchmarks.growth [--sheets 8000 30000 100000]``.

Demonstration registers of each size are written, then built into new folders, one after the other. Growth is the time
of a build to that of the first, beside how many times as many files the site has. ``--work`` keeps them, each in
``<sheets>/data`` and ``<sheets>/output``, for what else is to be measured of a large site.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.__main__ import ROOT, sizes
from tests.benchmarks.processes import Run, run


def grown(sheets: int, folder: Path, *options: str) -> tuple[Run, int, int]:
    """Write a register and build it; return the run, and how many files and bytes the site has."""
    data, output = folder / "data", folder / "output"
    keur = [sys.executable, "-m", "keur.cli"]
    subprocess.run([*keur, "demo", "--sheets", str(sheets), "--data", str(data)], cwd=ROOT, check=True)
    built = run([*keur, "build", "--data", str(data), "--output", str(output), *options], ROOT)
    files, bytes_of = sizes(output)
    return built, files.total(), bytes_of.total()


def main() -> None:
    """Build each size and print the figures as Markdown."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=__doc__)
    parser.add_argument("--sheets", type=int, nargs="+", default=[8_000, 30_000, 100_000], help="sizes to build")
    parser.add_argument("--site-url", default="https://register.example", help="the site's own address")
    parser.add_argument("--work", type=Path, help="folder to keep everything in (default: a temporary one)")
    options = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    print(
        f"| clean build ({machine}) | whole process | growth | all cores together | largest process | all processes "
        "| files | growth | MB |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        flush=True,
    )
    first: tuple[float, int] | None = None
    # All sites stay to the end: for a while after many files were deleted some file systems make new ones slowly.
    with tempfile.TemporaryDirectory(prefix="keur-growth-") as folder:
        work = options.work or Path(folder)
        for sheets in options.sheets:
            built, files, size = grown(sheets, work / str(sheets), "--site-url", options.site_url)
            first = first or (built.seconds, files)
            print(
                f"| {sheets:,} datasheets | {built.seconds:.1f} s | {built.seconds / first[0]:.1f} "
                f"| {built.cpu_seconds:.1f} s | {built.largest / 2**20:.0f} MiB | {built.together / 2**20:.0f} MiB "
                f"| {files:,} | {files / first[1]:.1f} | {size / 1e6:,.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
