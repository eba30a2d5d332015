"""A builder that stands by: a process that has read everything already and builds when it is told to.

``keur serve`` starts it as ``keur build --stand-by``. Each line on its standard input asks for a build: an ``order``,
which names the pages that somebody looks at. What changed of those comes first, on lines of standard output that begin
with ``SHOWN``. It answers each order, behind what the build prints, with a line that begins with ``ANSWER``: the exit
code of the build, or ``ASK_PELICAN`` where the build is not one for it. The end of its input ends it.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from keur.problems import KeurError
from keur.site.first import First
from keur.site.generator import generator_digest
from keur.site.memory import Memory, WarmMemory
from keur.sources import plain_settings, sources_of
from keur.terminal import say, say_error

ANSWER = "\0"
SHOWN = "\1"
ASK_PELICAN = "pelican"


def stand_by(conf: Path, override: Mapping[str, Any]) -> int:
    """Build at each line of standard input until it ends; return 0."""
    # Ctrl-C is for the server, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Of the code that is about to be imported: were it taken later, memory might be trusted that other code wrote.
    generator_digest()
    from keur.building import build_without_pelican  # noqa: PLC0415  # now: no build is to wait for it

    memory: WarmMemory | None = None
    for line in sys.stdin:
        settings = plain_settings(conf, override)
        code: int | None = None
        if settings is not None:
            sources = sources_of(settings)
            try:
                memory = _warm(sources.memory(), memory)
                code = build_without_pelican(sources, memory, first=_first(line))
            except KeurError as error:
                say_error(f"keur: {error}")
                code = 1
        say(f"{ANSWER}{ASK_PELICAN if code is None else code}")
        if memory:
            memory.settle()
        # Builds leave their garbage where it is.
        gc.collect()
    return 0


def order(files: Sequence[str]) -> str:
    """Return the line that asks for a build and first for the pages in some files, by their names in the site."""
    return json.dumps(list(files)) + "\n"


def shown_files(line: str) -> dict[str, bytes]:
    """Return the files on a line that begins with ``SHOWN``, by their names in the site."""
    return {name: b64decode(content) for name, content in json.loads(line.removeprefix(SHOWN)).items()}


def _first(line: str) -> First | None:
    files = frozenset(json.loads(line))
    return First(files, _show) if files else None


def _show(files: Mapping[str, bytes]) -> None:
    say(SHOWN + json.dumps({name: b64encode(content).decode() for name, content in files.items()}))


def _warm(found: Memory, warm: WarmMemory | None) -> WarmMemory:
    """Return the memory of this process; a new one where that of the site is in another folder."""
    if warm is None or warm.folder != found.folder:
        return WarmMemory(found.folder, found.generator)
    return warm
