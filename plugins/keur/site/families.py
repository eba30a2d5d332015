"""Families of pages written: those that show something new are rendered, the files of the others are left in place."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from keur import urls
from keur.problems import KeurError
from keur.site.assets import ThemeError
from keur.site.beside import Beside
from keur.site.first import First
from keur.site.output import OutputFolder, StagedFile
from keur.site.plan import NO_TEMPLATE, Family, Plan, PlannedFile, PlannedPage
from keur.site.render import Renderer
from keur.views.pages import SiteViews

Speech = tuple[str, str]
"""What a page was rendered with beside what it shows: its template's name, and the language it speaks.

Of a file that no template prints the first is ``NO_TEMPLATE``."""

_WORTH_FORKING = 60
"""Families from which a second process saves more than it costs."""
_CHUNK = 16
"""Families that a worker renders before it reports: small enough that all cores end together."""


Kept = tuple[bytes, tuple[tuple[str, str, str], ...]]
"""What is kept of a family: what it showed, and for each of its files name, template and language."""


@dataclass(slots=True)
class SiteMemory:
    """What a build knows of the site it made: what each family showed, and which files came of it.

    ``speech`` holds the digests of languages, ``templates`` those of templates with all they include. ``others`` are
    the files that are no family's. The SHA-256 of files stand in the sums to which all of it is bound.
    """

    speech: Mapping[str, bytes] = field(default_factory=dict)
    templates: Mapping[str, bytes] = field(default_factory=dict)
    files: dict[str, Kept] = field(default_factory=dict)
    others: Sequence[str] = ()

    @classmethod
    def of(cls, kept: Any, sums: bytes) -> SiteMemory:
        """Return what was kept; nothing unless it is of the site whose sums these are."""
        if kept is None or not sums or kept[0] != hashlib.sha256(sums).digest():
            return cls()
        return cls(*kept[1:])

    def kept(self, sums: bytes) -> Any:
        """Return the memory as something to keep, bound to the sums of the site by their digest."""
        return (sums, dict(self.speech), dict(self.templates), self.files, tuple(self.others))


@dataclass(frozen=True, slots=True)
class _Job:
    """A family to render; ``only`` are the pages' speeches where not all of them are to be, else None."""

    family: Family
    only: frozenset[Speech] | None


class _SortedOut(NamedTuple):
    """Families by what the last build left of them: the names of those whose files stay, and what is to render.

    Of the latter ``kept`` has, by name, what they show with the files that stay.
    """

    same: list[str]
    kept: dict[str, Kept]
    jobs: list[_Job]


class Families:
    """Writes the families of a plan, in this process or in forked ones that share what was read."""

    def __init__(
        self,
        renderers: Mapping[str, Renderer],
        views: Mapping[str, SiteViews],
        output: OutputFolder,
        before: SiteMemory,
        now: SiteMemory,
    ) -> None:
        self.renderers = renderers
        self.views = views
        self.output = output
        self.before = before
        self.now = now
        self.jobs: list[_Job] = []
        self._left: set[str] = set()
        self._rendered: set[str] = set()
        self._made_first: dict[str, _Written] = {}

    def show_first(self, plan: Plan, first: First) -> bool:
        """Make the families of some pages before all others, and show them; ``write`` takes them as they are then.

        Tells whether there was anything to show.
        """
        names = {
            name
            for name, (_, files) in self.before.files.items()
            if not first.files.isdisjoint([file[0] for file in files])
        }
        shared, shows = list(self.output.changed) if names else [], False
        for family in plan.some(names):
            # What lasts is made too: to tell whether it was left alone, all files would have to be looked over.
            written = self._made_first[family.name] = self._stage(_Job(family, None), lasting=False)
            changed = [file.name for file, _, _ in written if file.changed]
            if changed or shared:
                first.show({name: self.output.staged_content(name) for name in (*shared, *changed)})
                shared, shows = [], True
        return shows

    def write(
        self, families: Iterable[Family], workers: int, progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Stage or leave every file of families. Raises what the first failing page raised, as one error."""
        self._sort(self._sorted_out(families))
        done = 0
        for start, written in self._staged(range(0, len(self.jobs), _CHUNK), workers):
            self._take(self.jobs[start : start + _CHUNK], written)
            done += len(written)
            if progress:
                progress(done, len(self.jobs))

    @contextmanager
    def written_beside(self, families: Iterable[Family], *, forked: bool) -> Iterator[None]:
        """Stage or leave every file of families in a process beside the block, and take them at its end.

        It is for few families that take long, to write or to tell what they show; ``forked`` asks for a process.
        """
        # Asked here: a process tells it to its parent alone.
        _ = self._spoilt
        with Beside(lambda: self._write_apart(families), forked=forked) as apart:
            yield
            sorted_out, written = apart.made
            self._sort(sorted_out)
            self._take(self.jobs, written)

    def _write_apart(self, families: Iterable[Family]) -> tuple[_SortedOut, Sequence[_Written]]:
        """Return what came of families; nothing else here knows of it yet."""
        sorted_out = self._sorted_out(families)
        written = [self._stage(job) for job in sorted_out.jobs]
        # How pages are made cannot be sent, and is not needed any more.
        told = [_Job(job.family._replace(shows=bytes, plan=tuple), job.only) for job in sorted_out.jobs]
        return sorted_out._replace(jobs=told), written

    def _take(self, jobs: Sequence[_Job], written: Sequence[_Written]) -> None:
        """Count what was staged among the site's files, and remember what each family came to."""
        for job, files in zip(jobs, written, strict=True):
            for file, _, _ in files:
                self.output.take(file)
            shows, kept = self.now.files[job.family.name]
            rendered = tuple((file.name, template, lang) for file, template, lang in files)
            self._rendered.update([file[0] for file in rendered])
            self.now.files[job.family.name] = (shows, (*kept, *rendered))

    def finish(self) -> None:
        """Leave the files of families that were not rendered in place, once all families were written."""
        before, now = self.before, self.now
        now.others = [name for name in self.output.taken if name not in self._rendered]
        if not before.files:
            return
        stale = set(before.others)
        for name, kept in before.files.items():
            if now.files.get(name) is not kept:
                stale.update([file[0] for file in kept[1]])
        self.output.leave_all_but(stale - self._left)

    @cached_property
    def _spoilt(self) -> frozenset[str]:
        return self.output.spoilt() if self.before.files else frozenset()

    def _sort(self, found: _SortedOut) -> None:
        """Remember families as they were sorted out; what is to render is ``jobs``."""
        now, before = self.now.files, self.before.files
        for name, kept in chain(((name, before[name]) for name in found.same), found.kept.items()):
            if name in now:
                raise ThemeError(f"two families of pages are called {name}")
            now[name] = kept
        for _, files in found.kept.values():
            self._left.update([file[0] for file in files])
        self.jobs = found.jobs

    def _sorted_out(self, families: Iterable[Family]) -> _SortedOut:
        """Tell of each family which of its files are as they should be."""
        found = _SortedOut([], {}, [])
        before, now = self.before, self.now
        same_speech = {tag for tag, digest in now.speech.items() if before.speech.get(tag) == digest}
        same_templates = {name for name, digest in now.templates.items() if before.templates.get(name) == digest}
        all_same = same_speech == before.speech.keys() and same_templates == before.templates.keys()
        spoilt = self._spoilt
        files: tuple[tuple[str, str, str], ...]
        stale: frozenset[Speech] | None
        for family in families:
            name, shows = family.name, family.shows()
            known = before.files.get(name)
            if known is None or known[0] != shows or (spoilt and not spoilt.isdisjoint([file[0] for file in known[1]])):
                files, stale = (), None
            elif all_same:
                found.same.append(name)
                continue
            else:
                files = tuple(file for file in known[1] if file[1] in same_templates and file[2] in same_speech)
                stale = frozenset((file[1], file[2]) for file in set(known[1]) - set(files))
                if not stale:
                    found.same.append(name)
                    continue
            if name in found.kept:
                raise ThemeError(f"two families of pages are called {name}")
            found.kept[name] = (shows, files)
            found.jobs.append(_Job(family, stale))
        return found

    def _staged(self, starts: range, workers: int) -> Iterator[tuple[int, list[_Written]]]:
        if workers < 2 or len(self.jobs) < _WORTH_FORKING or not hasattr(os, "fork"):
            for start in starts:
                yield start, self._stage_chunk(start)
            return
        import multiprocessing  # noqa: PLC0415  # a small change has no use for it

        global _families  # forked workers find them here: they are shared by the fork, not sent  # noqa: PLW0603
        _families = self
        self._prepare()
        # What was read is not looked through for garbage, which would copy it into every worker.
        gc.freeze()
        try:
            with multiprocessing.get_context("fork").Pool(workers) as pool:
                for outcome in pool.imap_unordered(_stage_in_worker, starts):
                    if isinstance(outcome, str):
                        raise ThemeError(outcome)
                    yield outcome
        finally:
            gc.unfreeze()
            _families = None

    def _prepare(self) -> None:
        """Compile the templates that will be needed: what is made before a fork is made once."""
        # Families of one kind are made by the same templates, and the first part of their names is the kind.
        for family in {job.family.name.partition("/")[0]: job.family for job in self.jobs}.values():
            for planned in family.plan():
                if isinstance(planned, PlannedPage):
                    self.renderers[planned.lang].prepare(planned.template)

    def _stage_chunk(self, start: int) -> list[_Written]:
        return [self._stage(job) for job in self.jobs[start : start + _CHUNK]]

    def _stage(self, job: _Job, *, lasting: bool = True) -> _Written:
        """Stage the files of a family; where ``lasting``, those that last are left as they are."""
        first = self._made_first.get(job.family.name)
        if first is not None:
            return [made for made in first if job.only is None or made[1:] in job.only]
        staged = []
        for planned in job.family.plan():
            template = NO_TEMPLATE if isinstance(planned, PlannedFile) else planned.template
            if job.only is None or (template, planned.speaks) in job.only:
                files = self._lasting(job.family.name, planned) if lasting else ()
                if not files:
                    path, content = self._made(planned)
                    files = self.output.stage(urls.file_of(path), content)
                staged += [(file, template, planned.speaks) for file in files]
        return staged

    def _lasting(self, family: str, planned: PlannedPage | PlannedFile) -> tuple[StagedFile, ...]:
        """Return a file of a family that lasts, as the last build left it; nothing where it has to be made."""
        if not isinstance(planned, PlannedFile) or not planned.lasts or family not in self.before.files:
            return ()
        name, speaks = urls.file_of(planned.path), planned.speaks
        if (name, NO_TEMPLATE, speaks) not in self.before.files[family][1]:
            return ()
        if self.before.speech.get(speaks) != self.now.speech.get(speaks):
            return ()
        files = self.output.left(name)
        return () if any(file.name in self._spoilt for file in files) else files

    def _made(self, planned: PlannedPage | PlannedFile) -> tuple[str, bytes]:
        if isinstance(planned, PlannedFile):
            return planned.path, planned.make()
        page = planned.make()
        site = self.views[planned.lang].at(page.path)
        return page.path, self.renderers[planned.lang].render(planned.template, page, site)


_Written = list[tuple[StagedFile, str, str]]
"""What came of a family: its files, each with its template and language."""

_families: Families | None = None


def _stage_in_worker(start: int) -> tuple[int, list[_Written]] | str:
    """Stage a chunk in a forked worker; an error comes back as its text, because not all errors can be sent."""
    if _families is None:
        return "a worker was started without its pages"
    try:
        return start, _families._stage_chunk(start)  # noqa: SLF001  # the worker is the writer, in another process
    except KeurError as error:
        return str(error)
