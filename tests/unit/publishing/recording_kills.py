"""Publishers that are killed with -9 before, while and after they record.

``python -m tests.unit.publishing.recording_kills 200`` kills 200. A process of its
own, without threads, so that it may fork. Prints what it found as JSON; ``broken`` must be 0.
"""

import json
import os
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from keur.ledger import FILE, record
from keur.site.reading import read_entries
from tests.unit.publishing import releases
from tests.unit.publishing.kills import kill_at_random, time_of
from tests.unit.publishing.registers import PublishedRegister


def kill(runs: int, work: Path) -> Counter[str]:
    """Kill publishers of a series of exports; the ledger must hold those that were public, each once and no other.

    After a kill either the same export is published again or, as often, the next one: then nobody looks at the one that
    was cut short again. ``replayed`` is the ledger of the exports that were seen to be public, recorded in peace.
    """
    os.sync = lambda: None
    chance = random.Random(20261127)
    register = PublishedRegister(work / "killed")
    replayed = work / "replayed"
    replayed.mkdir()
    # What publishers say is of no use here, and would stand between the findings.
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for as long as the process lives
    register.export(0)
    register.publish()
    _replay(register, replayed)
    register.export(1, suspended=1)
    seconds = time_of(register.publish)
    _replay(register, replayed)
    counts: Counter[str] = Counter(runs=runs)
    day = 1
    for number in range(runs):
        if register.public_day == day or chance.random() < 0.5:
            day += 1
            register.export(day, suspended=1 + day % 7)
        counts["killed"] += kill_at_random(register.publish, seconds * 1.2, chance)
        was_public = register.public_day == day
        if was_public:
            _replay(register, replayed)
            counts["public_not_recorded"] += register.ledger.read_bytes() != (replayed / FILE).read_bytes()
        counts["broken"] += not (replayed / FILE).read_bytes().startswith(register.ledger.read_bytes())
        counts["broken"] += bool(releases.faults_of(register.www))
        if number % 5 == 4:
            register.publish()
            if not was_public:
                _replay(register, replayed)
            expected = (replayed / FILE).read_bytes()
            counts["broken"] += not register.ledger.read_bytes() == register.public_ledger == expected
    return counts


def _replay(register: PublishedRegister, folder: Path) -> None:
    entries, _ = read_entries(register.data, ("nl", "en"))
    record(folder, entries)


if __name__ == "__main__":
    stdout = sys.stdout
    with tempfile.TemporaryDirectory() as folder:
        found = kill(int(sys.argv[1]), Path(folder))
    stdout.write(json.dumps(found) + "\n")
