"""What a command costs as a whole process: seconds, seconds on all cores, and memory of it and all it starts."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_SECONDS = 0.2

_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Python keeps modules compiled unless it is told not to: without them each process would compile all of Keur."""


@dataclass(frozen=True)
class Run:
    """One run of a command: seconds on the clock and on all cores, bytes of its largest process and of all together.

    All together is the proportional set: memory that forked processes share counts once. It is looked at five times a
    second, so of a run shorter than that it says nothing.
    """

    seconds: float
    cpu_seconds: float
    largest: int
    together: int


def run(command: Sequence[str], folder: Path) -> Run:
    """Run a command in processes of its own and measure it. Ends the benchmark where it fails."""
    with tempfile.TemporaryFile() as log:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, start_new_session=True, env=_ENVIRONMENT
        )
        memory = _Memory(process.pid)
        memory.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        memory.stop()
        if process.returncode:
            log.seek(0)
            sys.exit(f"bench: {command[0]} ended with {process.returncode}\n{log.read().decode(errors='replace')}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, memory.most)


class _Memory(threading.Thread):
    """Looks at the memory of a session's processes while they run, and keeps the most that it saw."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = session
        self._ended = threading.Event()
        self.most = 0

    def run(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self.most = max(self.most, sum(_proportional_set(process) for process in self._processes()))

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def _processes(self) -> list[Path]:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                # After the name in parentheses, which may hold anything: state, parent, group, session.
                if int((process / "stat").read_text().rpartition(")")[2].split()[3]) == self._session:
                    found.append(process)
            except OSError:
                continue
        return found


def _proportional_set(process: Path) -> int:
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
