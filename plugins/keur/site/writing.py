"""The site as files: what to write, rendered by every core, and put in place in one go.

Only families of pages that show something new are rendered: the memory of the last build says what each showed, and
which files it has. A build without memory renders all of them, to the same bytes.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from keur import urls
from keur.exports.data_package import DataFile
from keur.model import Register
from keur.site.assets import read_assets
from keur.site.beside import Beside
from keur.site.catalogues import catalogue_bytes, compiled_catalogue, opened_catalogue
from keur.site.compiling import TemplateCode
from keur.site.digests import KeptDigests
from keur.site.families import Families, SiteMemory
from keur.site.first import First
from keur.site.memory import Memory
from keur.site.output import OutputFolder, StagedFile
from keur.site.plan import ALL_LANGUAGES, NO_TEMPLATE, Plan
from keur.site.release import release_css
from keur.site.render import make_renderers, read_components
from keur.site.settings import Progress, SiteSettings
from keur.site.shown import digest
from keur.site.templates import template_digests
from keur.site.whole import WholeRegister
from keur.urls import Urls
from keur.views.language import Language
from keur.views.pages import ContentSource, SearchedWith, SiteViews
from keur.views.script_words import words_of_scripts

_LOADING_SECONDS = 0.1
"""How long a browser is left alone with the pages that were shown first: nobody waits for the rest, which takes all
cores."""


class Built(NamedTuple):
    """What a build did: files the site has, files written because they changed, files taken away.

    ``sums`` is the SHA-256 of the list of sums that it left.
    """

    files: int
    written: int
    removed: int
    sums: bytes


def site_languages(settings: SiteSettings, memory: Memory | None = None) -> tuple[Language, ...]:
    """Return the site's languages in their order, each with its catalogue. ``memory`` keeps them compiled."""
    translations = settings.theme / "translations"
    at_hand = memory.at_hand["catalogues"] if memory else {}
    known = (memory.recall("catalogues") if memory else None) or {}
    kept: dict[str, tuple[bytes, bytes]] = {}
    languages = []
    for tag in settings.languages:
        digest = hashlib.sha256(catalogue_bytes(translations, tag)).digest()
        kept[tag] = known.get(tag, (b"", b""))
        if kept[tag][0] != digest:
            kept[tag] = (digest, compiled_catalogue(translations, tag))
        opened_from, catalogue = at_hand.get(tag, (b"", None))
        if catalogue is None or opened_from != digest:
            catalogue = opened_catalogue(kept[tag][1])
            at_hand[tag] = (digest, catalogue)
        languages.append(Language(tag, catalogue, settings.languages))
    if memory and kept != known:
        memory.keep("catalogues", kept)
    return tuple(languages)


def build_site(
    register: Register,
    settings: SiteSettings,
    content: Sequence[ContentSource],
    progress: Progress,
    memory: Memory | None = None,
    output: OutputFolder | None = None,
    first: First | None = None,
) -> Built:
    """Write the site of a register. Nothing in the output folder changes before every page is made.

    ``memory`` is what the last build of this folder left; it is brought up to date. ``output`` is the folder, where it
    is open already. ``first`` are pages to show before that.
    """
    if output is None:
        with open_output(settings, memory) as output:
            return build_site(register, settings, content, progress, memory, output, first)
    languages = site_languages(settings, memory)
    site_urls = Urls(settings.site_url)
    words = words_of_scripts(languages)
    assets = read_assets(settings.theme / "static", settings.node_modules, words, memory)
    templates = settings.theme / "templates"
    components = read_components(templates)

    def search_data() -> tuple[str, str, list[StagedFile]]:
        """Stage the search data; return the path of their folder, what their page holds, and what became of each."""
        from keur.search import CERTIFICATES, search_release  # noqa: PLC0415  # by the process that makes them, beside this one
        from keur.site.searching import search_files  # noqa: PLC0415

        files = search_files(register, settings.languages, content, memory)
        path = urls.search_payload(search_release(files))
        staged = [output.stage(urls.file_of(path + name), file) for name, file in files.items()]
        return path, files[CERTIFICATES].decode("utf-8"), list(chain.from_iterable(staged))

    plan = Plan(register, languages, site_urls, content, components, settings.fingerprints, KeptDigests(memory))
    # Made here once, for more than one process asks for it.
    _ = register.digests, register.datasheet_slugs, register.certificate_slugs
    # Who looks at a page is not to wait for another process.
    search = Beside(search_data, forked=settings.workers > 1, let_go=output.let_go, waits=first is not None)
    views = {tag: SiteViews(frame, content) for tag, frame in plan.frames.items()}
    now = SiteMemory(
        speech=speech_digests(register, settings, views),
        # A file without a template changes with what it shows, its words, or the generator, on which all memory hangs.
        templates={NO_TEMPLATE: b"", **template_digests(templates, assets.release)},
    )
    with search:
        before = SiteMemory.of(memory.recall("site") if memory else None, output.sums_before)
        for path, asset in assets.output().items():
            output.write(urls.file_of(path), asset)
        output.write(urls.file_of(urls.release_css()), release_css(register, languages, settings.stale_after_days))
        code = TemplateCode(templates)
        code.recall(memory.recall("code") if memory else None, now.templates)
        renderers = make_renderers(code, languages, assets, site_urls)
        families = Families(renderers, views, output, before, now)
        if first:
            if families.show_first(plan, first):
                time.sleep(_LOADING_SECONDS)
            if settings.workers > 1:
                output.look_over()
            search.begin()
        _ = plan.shown.datasheet_rows, register.datasheets_by_system
        whole = WholeRegister(plan, memory)
        with families.written_beside(chain(plan.of_changes(), whole), forked=settings.workers > 1):
            families.write(plan.of_records(), settings.workers, progress)
        named = [(name, urls.file_of(urls.data_file(name))) for name in whole.names]
        families.write(whole.descriptions([DataFile(name, *output.digest_and_size(file)) for name, file in named]), 1)
        payload_path, certificates, staged = search.made
        for file in staged:
            output.take(file)
        payload_href = site_urls.href(payload_path)
        searched = SearchedWith(
            payload_href=payload_href,
            scripts_href=site_urls.href(urls.asset(assets.release, "js/")),
            lunr_href=site_urls.href(assets.path("js/lunr.js")),
            certificates=certificates,
            first_script=assets.first_script,
        )
        families.write([plan.search_family(searched), plan.check_family(payload_href)], 1)
        families.finish()
        if memory:
            # A commit that is interrupted leaves files of two builds, of which the memory would know but one.
            memory.forget("site")
        sums = hashlib.sha256(output.commit()).digest()
        if memory:
            memory.keep("site", now.kept(sums))
            if code.has_grown:
                memory.keep("code", code.kept(now.templates))
        return Built(output.count, output.written, output.removed, sums)


def open_output(settings: SiteSettings, memory: Memory | None) -> OutputFolder:
    """Return the output folder of a site, to be used in a ``with`` block."""
    at_hand = memory.at_hand["sums"] if memory else None
    return OutputFolder(settings.output, precompress=settings.precompress, at_hand=at_hand)


def speech_digests(register: Register, settings: SiteSettings, views: Mapping[str, SiteViews]) -> dict[str, bytes]:
    """Return for each language the digest of what all its pages share: its words, and what they say of the register."""
    export = register.export
    about = repr((export.title, export.publisher, export.demonstration, export.accreditations, export.licence))
    catalogues = settings.theme / "translations"
    digests = {
        tag: digest(
            settings.site_url,
            settings.precompress,
            repr(settings.languages),
            about,
            catalogue_bytes(catalogues, tag),
            repr(view),
        )
        for tag, view in views.items()
    }
    return digests | {ALL_LANGUAGES: digest(*digests.values())}
