"""Publishers that are killed with -9 at random moments: ``python -m tests.unit.publishing.kills folder 200``.

A process of its own, without threads, so that it may fork: a publisher that starts in a millisecond can be killed at
any of its steps. Prints what it found as JSON; ``broken`` must be 0.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from keur.publishing import FolderTarget, publish
from keur.publishing.bucket import BucketTarget, s3_client
from keur.urls import is_hashed
from tests.unit.publishing import releases


def kill_at_random(publisher: Callable[[], object], seconds: float, chance: random.Random) -> bool:
    """Run a publisher in a process of its own and kill it; tell whether it was still at work."""
    child = os.fork()
    if child == 0:
        try:
            publisher()
        finally:
            os._exit(0)
    time.sleep(chance.uniform(0, seconds))
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def time_of(run: Callable[[], object]) -> float:
    """Return how long a run takes, in seconds."""
    start = time.monotonic()
    run()
    return time.monotonic() - start


def kill_folder(runs: int, work: Path) -> Counter[str]:
    """Kill publishers to a folder; after each, what is public must be whole, and now and then a run must end well."""
    # Flushing is for power cuts. What it costs depends on whatever else the machine writes.
    os.sync = lambda: None
    chance = random.Random(20261122)
    sites = releases.make_sites(work, count=5)
    target = FolderTarget(work / "www")

    def run(number: int) -> None:
        publish(sites[number % 5], releases.facts(0), target, releases.nothing, releases.nothing)

    run(0)
    seconds = time_of(lambda: run(1))
    counts: Counter[str] = Counter(runs=runs)
    public = 1
    for number in range(2, runs + 2):
        before, wanted = sites[public % 5], sites[number % 5]
        counts["killed"] += kill_at_random(lambda number=number: run(number), seconds * 2, chance)
        found = target.standing().id
        counts["swapped"] += found == wanted.id
        faults = releases.faults_of(work / "www")
        if found == wanted.id:
            public = number
            faults += [n for n in before.files if is_hashed(n) and not (work / "www" / "current" / n).is_file()]
        elif found != before.id:
            faults.append(f"release {found} is public")
        if number % 5 == 0:
            run(number)
            public = number
            faults += releases.faults_of(work / "www")
            if target.standing().id != wanted.id or len(list((work / "www" / "releases").glob("0*"))) > 3:
                faults.append("the run after did not finish the job")
        counts["broken"] += bool(faults)
    return counts


def kill_bucket(runs: int, work: Path, endpoint: str) -> Counter[str]:
    """Kill publishers to a bucket whose readers are watched by whoever called; each job is finished in the end."""
    chance = random.Random(20261122)
    sites = releases.make_sites(work, count=5)
    client = s3_client(endpoint)

    def run(number: int) -> None:
        target = BucketTarget(client, "register", "site", patience=0.0)
        publish(sites[number % 5], releases.facts(0), target, releases.nothing, releases.nothing)

    seconds = min(time_in_child(lambda number=number: run(number)) for number in range(3))
    counts: Counter[str] = Counter(runs=runs)
    for number in range(3, runs + 3):
        counts["killed"] += kill_at_random(lambda number=number: run(number), seconds * 2, chance)
    time_in_child(lambda: run(runs + 3))
    counts["last"] = (runs + 3) % 5
    return counts


def time_in_child(run: Callable[[], object]) -> float:
    """Return how long a run takes in a process of its own: at the next fork there must be no threads of a client."""

    def waited() -> None:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                run()
                code = 0
            finally:
                os._exit(code)
        if os.waitpid(child, 0)[1] != 0:
            raise RuntimeError("a publisher that was left alone failed")

    return time_of(waited)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1] == "folder":
            found = kill_folder(int(sys.argv[2]), Path(folder))
        else:
            found = kill_bucket(int(sys.argv[2]), Path(folder), sys.argv[3])
    sys.stdout.write(json.dumps(found) + "\n")
