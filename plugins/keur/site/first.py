"""What is shown before a build has ended: the pages that somebody looks at are made before all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple


class First(NamedTuple):
    """Pages that somebody looks at, and how to show them as soon as they are made.

    ``files`` are the names of the pages' files. ``show`` is given the changed files of a family of pages by name; the
    first time those that many pages share as well. They are what the build is going to put in place, if it ends well.
    """

    files: frozenset[str]
    show: Callable[[Mapping[str, bytes]], None]
