"""Times of change that let a web server tell the versions of a file apart.

nginx and others know a version by its length and the second of its time of change, and answer "not modified" where both
are equal. Two releases within one second whose page has the same length, one "valid" and one "expired" say, would look
the same: a reader who saw the first would keep it. So a published file that takes another's place is dated later, by a
second at least.
"""

from __future__ import annotations

import os
from pathlib import Path

_SECOND = 1_000_000_000


def tell_apart(new: Path, *before: Path) -> None:
    """Date a file at least a second later than each of the files that had its name before; missing ones are none."""
    latest = max((_second(path) for path in before if path.is_file()), default=0)
    if before and _second(new) <= latest:
        os.utime(new, ns=((latest + 1) * _SECOND, (latest + 1) * _SECOND))


def _second(path: Path) -> int:
    return path.stat().st_mtime_ns // _SECOND
