"""The site as files: what to write, rendered by every core, and put in place in one go."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from keur import urls
from keur.model import Register
from keur.problems import KeurError
from keur.search import ContentText, build_payload, content_payload, search_release
from keur.site.assets import ThemeError, read_assets
from keur.site.catalogues import read_catalogue
from keur.site.output import OutputFolder, StagedFile
from keur.site.plan import Plan, PlannedPage
from keur.site.release import release_css
from keur.site.render import Renderer, read_components
from keur.urls import Urls
from keur.views.language import Language
from keur.views.pages import ContentSource, SiteViews
from keur.views.script_words import page_words

Progress = Callable[[int, int], None]
"""Is told how many pages are done, and of how many."""

_CHUNK = 64
"""Pages that a worker renders before it reports: small enough that all cores end together."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Where things are and how the site is made. ``site_url`` is empty where the site's own address is not known."""

    output: Path
    theme: Path
    lunr_js: Path
    languages: tuple[str, ...]
    site_url: str
    stale_after_days: int
    workers: int


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: files the site has, files written because they changed, files taken away."""

    files: int
    written: int
    removed: int


def site_languages(settings: SiteSettings) -> tuple[Language, ...]:
    """Return the site's languages in their order, each with its catalogue."""
    translations = settings.theme / "translations"
    return tuple(Language(tag, read_catalogue(translations, tag), settings.languages) for tag in settings.languages)


def build_site(
    register: Register, settings: SiteSettings, content: Sequence[ContentSource], progress: Progress
) -> Built:
    """Write the site of a register. Nothing in the output folder changes before every page is made."""
    languages = site_languages(settings)
    site_urls = Urls(settings.site_url)
    words = {language.tag: page_words(language) for language in languages}
    assets = read_assets(settings.theme / "static", settings.lunr_js, words)
    templates = settings.theme / "templates"
    payload = {**build_payload(register, settings.languages), **content_payload(_content_texts(content, settings))}
    payload_path = urls.search_payload(search_release(payload))
    plan = Plan(
        register,
        languages,
        site_urls,
        content,
        read_components(templates),
        (site_urls.href(payload_path), site_urls.href(assets.path("js/lunr.js"))),
    )
    with OutputFolder(settings.output) as output:
        for path, file in assets.output().items():
            output.write(urls.file_of(path), file)
        for name, file in payload.items():
            output.write(urls.file_of(payload_path + name), file)
        output.write(urls.file_of(urls.release_css()), release_css(register, languages, settings.stale_after_days))
        renderers = {language.tag: Renderer(templates, language, assets, site_urls) for language in languages}
        shared = {tag: SiteViews(frame, content) for tag, frame in plan.frames.items()}
        _PageWriter(tuple(plan), renderers, shared, output).run(settings.workers, progress)
        output.commit()
        return Built(output.count, output.written, output.removed)


def _content_texts(content: Sequence[ContentSource], settings: SiteSettings) -> dict[str, list[ContentText]]:
    return {
        language: [
            ContentText(source.name, source.title, source.summary, source.body_html)
            for source in sorted(content, key=lambda source: (source.order, source.name))
            if source.lang == language
        ]
        for language in settings.languages
    }


class _PageWriter:
    """Renders planned pages and stages them, in this process or in forked ones that share what was read."""

    def __init__(
        self,
        pages: tuple[PlannedPage, ...],
        renderers: dict[str, Renderer],
        shared: dict[str, SiteViews],
        output: OutputFolder,
    ) -> None:
        self.pages = pages
        self.renderers = renderers
        self.shared = shared
        self.output = output

    def run(self, workers: int, progress: Progress) -> None:
        """Write every page. Raises what the first failing page raised, as one error."""
        starts = range(0, len(self.pages), _CHUNK)
        done = 0
        for staged in self._staged(starts, workers):
            for file in staged:
                self.output.take(file)
            done += len(staged)
            progress(done, len(self.pages))

    def _staged(self, starts: range, workers: int) -> Iterator[list[StagedFile]]:
        if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
            yield from map(self._stage_chunk, starts)
            return
        global _writer  # forked workers find the writer here: it is shared by the fork, not sent  # noqa: PLW0603
        _writer = self
        try:
            with multiprocessing.get_context("fork").Pool(workers) as pool:
                for outcome in pool.imap_unordered(_stage_in_worker, starts):
                    if isinstance(outcome, str):
                        raise ThemeError(outcome)
                    yield outcome
        finally:
            _writer = None

    def _stage_chunk(self, start: int) -> list[StagedFile]:
        staged = []
        for planned in self.pages[start : start + _CHUNK]:
            page = planned.make()
            html = self.renderers[planned.lang].render(planned.template, page, self.shared[planned.lang].at(page.path))
            staged.append(self.output.stage(urls.file_of(page.path), html))
        return staged


_writer: _PageWriter | None = None


def _stage_in_worker(start: int) -> list[StagedFile] | str:
    """Stage a chunk in a forked worker; an error comes back as its text, because not all errors can be sent."""
    if _writer is None:
        return "a worker was started without its pages"
    try:
        return _writer._stage_chunk(start)  # noqa: SLF001  # the worker is the writer, in another process
    except KeurError as error:
        return str(error)


def default_workers() -> int:
    """Return how many processes render: one a core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
