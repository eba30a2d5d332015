"""A record's page is at most 12,000 bytes, and a number's answer less than 16,000, in a register of the size that the
project promises them for.

Its heaviest pages are those of a few certificates with a long history and many datasheets; a register of fewer records
need not have one. So pages are made of the whole demonstration register, without a site: of every record that in
French, which says the most, and in the other languages those of the records that are the heaviest in French.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import brotli
import pytest

from keur.pelican_plugin import read_settings
from keur.site.assets import read_assets
from keur.site.compiling import TemplateCode
from keur.site.plan import Plan, PlannedPage
from keur.site.reading import read_register
from keur.site.release import release_css
from keur.site.render import make_renderers, read_components
from keur.site.searching import search_payload
from keur.site.writing import site_languages
from keur.sources import sources_of
from keur.urls import Urls
from keur.views.pages import ContentSource, SearchedWith, SiteViews
from keur.views.script_words import words_of_scripts
from tests.sites import ROOT, BuiltSite

RAW, COMPRESSED = 12_000, 3_500
HEAVIEST = 20
LONGEST = "fr"
TEMPLATES = ("certificate.html", "datasheet.html")


class _Pages:
    """Makes the pages of an export's records, as a build would write them."""

    def __init__(self, data: Path) -> None:
        settings = sources_of(read_settings(ROOT / "pelicanconf.py", {})).site
        languages, urls = site_languages(settings), Urls(settings.site_url)
        register, _ = read_register(data, settings.languages)
        assets = read_assets(settings.theme / "static", settings.node_modules, words_of_scripts(languages))
        self.assets, self.register, self.languages = assets, register, languages
        self.release_css = release_css(register, languages, settings.stale_after_days)
        templates = settings.theme / "templates"
        content = tuple(_named_in_menus(ROOT / "content"))
        self._plan = Plan(register, languages, urls, content, read_components(templates))
        self._renderers = make_renderers(TemplateCode(templates), languages, assets, urls)
        self._shared = {lang: SiteViews(frame, content) for lang, frame in self._plan.frames.items()}

    def by_record(self) -> Iterator[dict[str, PlannedPage]]:
        """Yield the pages of each record by language."""
        for family in self._plan:
            pages = [page for page in family.plan() if isinstance(page, PlannedPage) and page.template in TEMPLATES]
            if pages:
                yield {page.lang: page for page in pages}

    def of_search(self) -> dict[str, bytes]:
        """Return the search pages by language, with the files that they wait for by name."""
        payload = search_payload(self.register, [language.tag for language in self.languages], None)
        searched = SearchedWith(
            payload_href="/search/0123456789abcdef/",
            scripts_href=self.assets.path("js/search-rest.js").removesuffix("search-rest.js"),
            lunr_href=self.assets.path("js/lunr.js"),
            certificates=payload["certificates.json"].decode(),
            first_script=self.assets.first_script,
        )
        planned = [page for page in self._plan.search_family(searched).plan() if isinstance(page, PlannedPage)]
        files = {name: self.assets.files[name] for name in ("css/search.css", "js/search-late.js")}
        return {page.lang: self.rendered(page)[1] for page in planned} | files | {"release.css": self.release_css}

    def rendered(self, planned: PlannedPage) -> tuple[str, bytes]:
        """Return a page's address and its bytes."""
        page, renderer = planned.make(), self._renderers[planned.lang]
        html = renderer.render(planned.template, page, self._shared[planned.lang].at(page.path))
        return page.path, html


def _named_in_menus(folder: Path) -> Iterator[ContentSource]:
    """Yield what menus say of the pages of ``content/``, which every page repeats."""
    for path in sorted(folder.glob("*/*.md")):
        lines = path.read_text(encoding="utf-8").partition("\n\n")[0].splitlines()
        head = dict(line.split(": ", 1) for line in lines)
        label = head.get("Label", head["Title"])
        yield ContentSource(path.stem, head["Lang"], head["Title"], label, "", int(head["Order"]), head["Menu"], "")


@pytest.fixture(scope="module")
def search_pages() -> Mapping[str, bytes]:
    """What a certificate's number is answered by, of the demonstration register."""
    return _Pages(ROOT / "registry_data").of_search()


@pytest.fixture(scope="module")
def heaviest() -> Sequence[tuple[str, bytes]]:
    """The pages of the heaviest records of the demonstration register: address and bytes."""
    pages = _Pages(ROOT / "registry_data")
    records = [*pages.by_record()]
    assert len(records) > 8000
    sizes = [len(pages.rendered(in_languages[LONGEST])[1]) for in_languages in records]
    numbers = heapq.nlargest(HEAVIEST, range(len(records)), key=sizes.__getitem__)
    return [pages.rendered(page) for number in numbers for page in records[number].values()]


def test_no_page_of_a_record_is_above_12_000_bytes(heaviest: Sequence[tuple[str, bytes]]) -> None:
    assert {path: len(html) for path, html in heaviest if len(html) > RAW} == {}
    assert max(len(html) for _, html in heaviest) > 0.9 * RAW, "the heaviest are not among them any more"


def test_no_page_of_a_record_takes_more_than_3_500_bytes_of_the_wire(heaviest: Sequence[tuple[str, bytes]]) -> None:
    """As a host compresses that does it on the way; those that ``--precompress`` writes are smaller by a tenth."""
    on_the_wire = {path: len(brotli.compress(html, quality=5)) for path, html in heaviest}
    assert {path: size for path, size in on_the_wire.items() if size > COMPRESSED} == {}


def test_what_is_weighed_is_what_a_build_writes(sample_site: BuiltSite) -> None:
    pages = _Pages(sample_site.folder.with_name("sample-register"))
    weighed = dict(pages.rendered(page) for record in pages.by_record() for page in record.values())
    assert len(weighed) > 600
    assert {path: html for path, html in weighed.items() if html != sample_site.pages[path].html.encode()} == {}


WHOLE, HEADERS = 16_000, 600
"""Bytes of all that a certificate's number needs, and of these the headers of four answers as a host may send them."""


@pytest.mark.parametrize("lang", ["nl", "fr", "de", "en"])
def test_a_number_is_answered_by_less_than_16_000_bytes(search_pages: Mapping[str, bytes], lang: str) -> None:
    """Counted are the search page of the whole demonstration register with its certificates, its two stylesheets, the
    script that looks whether the page's own has run, each as ``--precompress`` writes it, and the headers of all four.
    """
    weights = {name: len(brotli.compress(content, quality=11)) for name, content in search_pages.items()}
    page = weights[lang]
    others = sum(weights[name] for name in ("css/search.css", "js/search-late.js", "release.css"))
    assert page + others + HEADERS <= WHOLE, weights
    assert b"<script>(()=>" in search_pages[lang], "the first script stands inside the page"
    assert page > 0.5 * WHOLE, "the certificates are not in it any more"
