"""The builder of a server: a process that stands by, replaced where it ended or its code has changed."""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, cast

from keur.site.generator import read_generator_digest
from keur.standby import ANSWER, ASK_PELICAN, SHOWN, order, shown_files
from keur.terminal import say, say_error

STAND_BY = "--stand-by"

Show = Callable[[Mapping[str, bytes]], None]
"""Shows files of the site, by name, in place of those in its folder."""

_END_SECONDS = 10
"""How long a builder that has nothing to do may take to write down what it knows."""


class Builder:
    """Builds with a command: in a process of it that stands by (``keur.standby``), or in a new one for Pelican.

    ``conf`` is the file of settings, a program too: what it imported is read again only by a new process. Use it in a
    ``with`` block; at its end no process is left.
    """

    def __init__(self, command: Sequence[str], conf: Path) -> None:
        self._command = list(command)
        self._conf = conf
        self._code = b""
        self._process: subprocess.Popen[str] | None = None
        self._is_building = False

    def __enter__(self) -> Builder:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def build(self, files: Sequence[str] = (), show: Show | None = None) -> bool:
        """Build; print what the build prints, and tell whether it did well.

        ``files`` are those of pages that somebody looks at. What changed of them, with what they need, is shown before
        all is made: if then the build does not do well, they are not to be.
        """
        answer = self._ask(files, show)
        if answer == ASK_PELICAN:
            answer = str(subprocess.run(self._command, check=False).returncode)
        if answer == "0":
            return True
        say_error("keur: the site stays as it was; it is built again after the next change")
        return False

    def _ask(self, files: Sequence[str], show: Show | None) -> str:
        """Let the process that stands by build; return its answer, nothing where it ended instead."""
        if self._process and self._process.poll() is not None:
            self._end()
        was_there = self._process is not None
        if was_there:
            # It builds while its code is compared: nobody waits for that, and nothing of what it says is heard before.
            self._order(files)
        code = self._code_digest()
        if code != self._code:
            self._end()
            was_there = False
        if self._process is None:
            self._code = code
            self._process = subprocess.Popen(
                [*self._command, STAND_BY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, errors="replace"
            )
        if not was_there:
            self._order(files)
        for line in cast("IO[str]", self._process.stdout):
            if line.startswith(ANSWER):
                self._is_building = False
                return line.removeprefix(ANSWER).rstrip()
            if not line.startswith(SHOWN):
                say(line.removesuffix("\n"))
            elif show:
                show(shown_files(line))
        self._end()
        return ""

    def _order(self, files: Sequence[str]) -> None:
        if self._process is None:
            return
        orders = cast("IO[str]", self._process.stdin)
        self._is_building = True
        # It may end before it is asked, or instead of answering.
        with contextlib.suppress(BrokenPipeError):
            orders.write(order(files))
            orders.flush()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if self._is_building:
            process.terminate()
        self._is_building = False
        # Also closes its input, which is the end of one that stands by.
        try:
            process.communicate(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def _code_digest(self) -> bytes:
        conf = self._conf.read_bytes() if self._conf.is_file() else b""
        return hashlib.sha256(read_generator_digest() + conf).digest()
