"""One build: an export read and checked, its site written, and what was learned kept for the next build.

Pelican brings settings and the Markdown of ``content/``. Where neither has changed since the last build it is not asked
again, and where nothing at all has changed there is nothing to do.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from keur.ledger import KeptChanges, KeptLedger, KeptTraces, Recorded
from keur.model import Entries, Register
from keur.problems import KeurError, RegisterError
from keur.site.first import First
from keur.site.memory import Memory
from keur.site.output import OutputFolder
from keur.site.reading import Kept, find_problems, read_entries, read_register, record_export
from keur.site.writing import build_site, open_output
from keur.sources import Sources, confirmed_reuse, shown_path, site_language_tags
from keur.terminal import print_problems, progress, say, say_error
from keur.views.pages import ContentSource


class Build:
    """A build in its two steps: everything is read and checked before anything is written."""

    register: Register

    def __init__(self, sources: Sources, memory: Memory | None = None, inputs: bytes | None = None) -> None:
        """Begin a build. ``memory`` is that of the process where it builds again and again.

        ``inputs`` is the digest of the sources, where it was just made.
        """
        self.sources = sources
        self.memory = memory or sources.memory()
        # Made before anything is read: what changes meanwhile is found by the next build.
        self.inputs = inputs or sources.digest()
        self.warnings: list[str] = []
        # What a register is made of lives as long as the build: looking through it for garbage would only take time.
        gc.disable()

    def read(self) -> None:
        """Read and check the export; print its warnings. Raises ``RegisterError`` with all problems."""
        sources, memory = self.sources, self.memory
        readings, (in_files, between) = memory.recall("readings") or {}, memory.recall("problems") or ({}, {})
        at_hand = memory.at_hand["ledger"]
        ledger = at_hand.get("ledger") or KeptLedger(*(memory.recall("ledger") or ()))
        traces = at_hand.get("traces") or KeptTraces(*(memory.recall("traces") or ()))
        changes = KeptChanges(partial(memory.recall, "changes"), partial(memory.keep, "changes"))
        kept = Kept(dict(readings), dict(in_files), dict(between), ledger, traces, changes, memory.at_hand["readings"])
        self.register, warnings = read_register(
            sources.data, sources.site.languages, sources.shown, kept, sources.site.workers, sources.confirmed
        )
        if kept.readings != readings:
            memory.keep("readings", kept.readings)
        if (kept.in_files, kept.between) != (in_files, between):
            memory.keep("problems", (kept.in_files, kept.between))
        at_hand.update(ledger=ledger, traces=traces)
        if ledger.grown:
            memory.keep("ledger", (ledger.digest, ledger.heads, ledger.length))
        if traces.grown:
            memory.keep("traces", (traces.lines, traces.head, traces.of_records))
        ledger.grown = traces.grown = False
        print_problems(warnings)
        self.warnings = [str(warning) for warning in warnings]

    def read_and_write(self, content: Sequence[ContentSource], first: First | None = None) -> None:
        """Read, check and write; ``first`` are pages to show meanwhile, while the files in place are looked over."""
        site = self.sources.site
        with open_output(site, self.memory) as output:
            # Who looks at a page is not to wait for another process.
            if site.workers > 1 and first is None:
                output.look_over()
            self.read()
            self.write(content, output, first)

    def write(
        self, content: Sequence[ContentSource], output: OutputFolder | None = None, first: First | None = None
    ) -> None:
        """Write the site, and keep what tells that nothing has changed the next time."""
        site, memory = self.sources.site, self.memory
        memory.keep("content", (self.sources.content_digest(), [tuple(source) for source in content]))
        memory.forget("inputs")
        with progress("families of pages") as tell:
            built = build_site(self.register, site, content, tell, memory, output, first)
        summary = f"{built.files} files in {shown_path(site.output)}"
        memory.keep("inputs", (self.inputs, built.sums, summary, self.warnings))
        say(f"{summary}: {built.written} written, {built.removed} removed")

    def known_content(self) -> list[ContentSource] | None:
        """Return the pages of ``content/`` as Pelican read them the last time, None if it has to read them again."""
        kept = self.memory.recall("content")
        if kept is None or kept[0] is None or kept[0] != self.sources.content_digest():
            return None
        return [ContentSource(*source) for source in kept[1]]


def tell_fault(error: KeurError) -> None:
    """Print a fault that Keur names, with all problems of an export."""
    if isinstance(error, RegisterError):
        print_problems(error.problems)
    else:
        say_error(f"keur: {error}")


def build_without_pelican(
    sources: Sources,
    memory: Memory | None = None,
    inputs: bytes | None = None,
    first: First | None = None,
    left: list[object] | None = None,
) -> int | None:
    """Build a site of which Pelican has nothing new to tell; return the exit code, None where it has to be asked.

    ``memory`` is that of the process where it builds again and again, ``inputs`` the digest of the sources, where it
    was just made; ``first`` are pages to show before all is made. To ``left`` is added what was made on the way, which
    else is taken apart here.
    """
    try:
        build = Build(sources, memory, inputs)
        if left is not None:
            left.append(build)
        content = build.known_content()
        if content is None:
            return None
        build.read_and_write(content, first)
    except KeurError as error:
        tell_fault(error)
        return 1
    return 0


def check_data(settings: Mapping[str, Any], *, strict: bool) -> int:
    """Print every problem of the export; return 0 where there is none, else 1."""
    folder = Path(settings["KEUR_DATA"])
    _, problems = find_problems(folder, site_language_tags(settings), shown_path(folder))
    errors, warnings = print_problems(problems)
    if errors or (strict and warnings):
        return 1
    return 0


def record_data(settings: Mapping[str, Any]) -> int:
    """Record the export in its ledger and say what changed; return 0, or 1 on a fault."""
    folder = Path(settings["KEUR_DATA"])
    languages, confirmed = site_language_tags(settings), confirmed_reuse(settings)
    try:
        recorded, warnings = record_export(folder, languages, shown_path(folder), confirmed)
    except KeurError as error:
        tell_fault(error)
        return 1
    print_problems(warnings)
    tell_recorded(recorded)
    return 0


def tell_recorded(recorded: Recorded) -> None:
    """Say what a recording did."""
    if recorded.mended:
        say("a recording before was cut short; what it left was taken off")
    counts = ", ".join(f"{count} {event}" for event, count in sorted(recorded.changes.items()))
    say(f"recorded: {counts or 'nothing changed'}" if recorded.lines else "this export was recorded before")


def load_entries(settings: Mapping[str, Any]) -> Entries:
    """Return the export that a site of these settings shows. Raises ``RegisterError`` or ``DataFolderError``."""
    folder = Path(settings["KEUR_DATA"])
    entries, _ = read_entries(folder, site_language_tags(settings), shown_path(folder), confirmed_reuse(settings))
    return entries
