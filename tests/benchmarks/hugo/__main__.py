"""Keur against Hugo: whole processes into new folders, in turns, the same pages from the same YAML.

``python -m tests.benchmarks.hugo [--data DIR] [--runs N]``. Hugo's site is written before and not timed. Both build
from a copy of the export without its ledger: Hugo has no memory, so neither tells of records that are no longer listed
or of what exports changed.

Keur is timed doing more work than Hugo. It alone makes the search data, the badges, the JSON, CSV, SVG and Atom files
and the pages that ``comparing`` names; it checks the export by all its rules and writes SHA256SUMS. What it writes
alone is printed with the figures.

Needs the package ``hugo`` (group ``bench``), or a Hugo of your own named by ``--hugo``.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

from keur.ledger.chain import FILE as LEDGER
from tests.benchmarks.hugo.building import ROOT, write_site
from tests.benchmarks.hugo.comparing import Kind, compare, only_keur
from tests.benchmarks.processes import Run, run


def table(
    keur: Sequence[Run], hugo: Sequence[Run], kinds: Sequence[Kind], beside: tuple[int, int], version: str
) -> str:
    """Return the figures as Markdown: medians, and Keur's part of Hugo's.

    ``beside`` is how many files Keur writes beside the pages of both, and their bytes.
    """
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    lines = [
        f"| median of {len(keur)} ({machine}) | Keur | {version} | Keur / Hugo |",
        "|---|---:|---:|---:|",
        *(
            _row(label, [getattr(run, field) for run in keur], [getattr(run, field) for run in hugo], unit, scale)
            for label, field, unit, scale in (
                ("time of the whole process", "seconds", "s", 1),
                ("time on all cores together", "cpu_seconds", "s", 1),
                ("peak memory of the largest process", "largest", "MiB", 2**20),
                ("peak memory of all processes", "together", "MiB", 2**20),
            )
        ),
        "",
        "| pages of both | number | bytes by Keur | bytes by Hugo | to the letter the same |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {kind.name} | {kind.pages:,} | {kind.keur_bytes:,} | {kind.hugo_bytes / kind.keur_bytes:.3f} of it"
            f" | {kind.same:,} |"
            for kind in kinds
        ),
        "",
        _beside(*beside),
        "",
    ]
    return "\n".join(lines)


def _beside(files: int, size: int) -> str:
    return (
        f"In the same time Keur writes {files:,} more files, {size:,} bytes, that Hugo does not: search data, badges,"
        " JSON, CSV, feeds, and the pages that need these. Both build without the ledger."
    )


def _row(label: str, keur: Sequence[float], hugo: Sequence[float], unit: str, scale: int) -> str:
    ours, theirs = (statistics.median(values) / scale for values in (keur, hugo))
    return f"| {label} | {ours:.1f} {unit} | {theirs:.1f} {unit} | {ours / theirs:.2f} |"


def _hugo_version(hugo: Path) -> str:
    said = subprocess.run([hugo, "version"], capture_output=True, text=True, check=True).stdout.split()
    return f"Hugo {next(word for word in said if word.startswith('v')).lstrip('v').partition('-')[0]}"


def _packaged_hugo() -> Path | None:
    """Return the program that the package brings, without its Python starter, which would cost Hugo time."""
    program = Path(sysconfig.get_path("purelib"), "hugo", "binaries", "hugo")
    return program if program.is_file() else None


def main() -> None:
    """Build with both in turns, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.hugo", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "registry_data", help="an export (default: the project's)")
    parser.add_argument("--runs", type=int, default=3, help="builds by each (default: 3)")
    parser.add_argument("--hugo", type=Path, default=_packaged_hugo(), help="Hugo's program (default: the package's)")
    options = parser.parse_args()
    if options.hugo is None:
        sys.exit("bench: there is no Hugo here; install the group bench, or name its program with --hugo")
    hugo = options.hugo.resolve()
    with tempfile.TemporaryDirectory(prefix="keur-hugo-") as name:
        folder = Path(name)
        data = shutil.copytree(options.data, folder / "data", ignore=shutil.ignore_patterns(LEDGER))
        write_site(data, folder / "site")
        keur_runs, hugo_runs = [], []
        for number in range(options.runs):
            outputs = [folder / f"{generator}-{number}" for generator in ("keur", "hugo")]
            build = ["-m", "keur.cli", "build", "--data", str(data), "--output", str(outputs[0])]
            keur_runs.append(run([sys.executable, *build], ROOT))
            hugo_runs.append(run([str(hugo), "--destination", str(outputs[1]), "--noBuildLock"], folder / "site"))
        print(table(keur_runs, hugo_runs, compare(*outputs), only_keur(*outputs), _hugo_version(hugo)))


if __name__ == "__main__":
    main()
