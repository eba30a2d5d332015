"""What it costs to build the search data of a register, in a process of its own: prints seconds and megabytes."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from keur.search import build_payload
from keur.site.reading import read_register
from tests.benchmarks.search.queries import LANGUAGES


def main(data: Path) -> None:
    """Build once; memory is the peak of the whole process, with the register in it."""
    register, _ = read_register(data, LANGUAGES)
    begun = time.perf_counter()
    build_payload(register, LANGUAGES)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
