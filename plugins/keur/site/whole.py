"""The files of the whole register: data, schemas, sitemaps, and what describes them.

They are families as pages are, apart from a plan's because they are few and long: they are made beside the pages. What
describes the data names hashes and sizes, so it is made when the data stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice
from typing import Any

from keur import urls
from keur.exports.data_package import DataFile, data_package
from keur.exports.dcat import catalogue
from keur.exports.json_schemas import DATED, FILE_SCHEMAS, SINGULAR, json_schemas
from keur.exports.openapi import openapi
from keur.exports.pieces import made_anew
from keur.exports.register_json import RegisterJson
from keur.exports.sitemaps import SitePage, opensearch, pages_a_part, robots, sitemap, sitemap_index
from keur.exports.tables import Table, table_shapes
from keur.site.memory import Memory
from keur.site.pieces import KeptPieces
from keur.site.plan import Family, Plan, PlannedFile
from keur.site.shown import Digest, digest
from keur.urls import Urls
from keur.views.downloads import search_description


class WholeRegister:
    """Plans the files of the register as a whole; iterating yields the families of all but ``descriptions``."""

    def __init__(self, plan: Plan, memory: Memory | None = None) -> None:
        """``memory`` keeps from one build to the next what files of thousands of records say of each."""
        self.register = plan.register
        self.urls: Urls = plan.urls
        self.plan = plan
        self.shown = plan.shown
        self.languages = tuple(plan.frames)
        self.json = RegisterJson(plan.register, plan.urls, plan.json)
        self._pieces = KeptPieces(plan.shown, plan.urls.site_url, memory) if memory else made_anew

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The CSV tables by their names."""
        made = (Table(shape, self.register, self.urls, self.languages) for shape in table_shapes())
        return {table.name: table for table in made}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the data files below ``/data/`` that are described by hash and size, in order."""
        return (*(f"{name}.json" for name in FILE_SCHEMAS), *(f"{name}.csv" for name in self.tables))

    def __iter__(self) -> Iterator[Family]:
        yield from self._data()
        yield Family("schemas", bytes, self._schemas)
        if self.urls.site_url:
            yield from self._sitemaps()
            yield from self._openings()

    def descriptions(self, files: Sequence[DataFile]) -> Iterator[Family]:
        """Yield what describes the data files as they stand."""
        register, site_urls = self.register, self.urls
        stand = repr(files)
        yield _one(
            urls.data_file("datapackage.json"),
            # The columns of tables hang on the records, whose change shows in the hashes.
            partial(self.shown.whole, stand),
            partial(data_package, register, site_urls, self.tables, files),
        )
        yield _one(
            urls.data_file("catalog.jsonld"),
            partial(self.shown.whole, stand),
            partial(catalogue, register, site_urls, self.languages, files),
        )

    def _schemas(self) -> list[PlannedFile]:
        return [PlannedFile(path, partial(bytes, content)) for path, content in json_schemas(self.urls).items()]

    # --- data -------------------------------------------------------------------------------------------------------

    def _data(self) -> Iterator[Family]:
        shown = self.shown
        # The longest first: they end last.
        for table in sorted(self.tables.values(), key=lambda table: table.shape.kind != "datasheets"):
            kind = table.shape.kind
            dated = table.shape.part_field is None and SINGULAR[kind] in DATED
            shows = partial(shown.status_of_every if dated else shown.every, kind)
            yield _one(urls.data_file(f"{table.name}.csv"), shows, partial(table.csv, self._pieces))
        for name in FILE_SCHEMAS:
            make = partial(self.json.file, name, self._pieces)
            yield _one(urls.data_file(f"{name}.json"), partial(self._shown_in, name), make)
        yield _one(
            urls.data_file("openapi.json"),
            lambda: digest(*map(shown.first_of, urls.LIST_KINDS)),
            partial(openapi, self.register, self.urls, tuple(self.tables)),
        )

    def _shown_in(self, name: str) -> Digest:
        shown = self.shown
        if name == "register":
            return digest(repr(self.register.export))
        if name == "unlisted":
            return shown.whole(shown.every_unlisted())
        return shown.status_of_every(name) if SINGULAR[name] in DATED else shown.whole(shown.every(name))

    # --- for search engines and browsers ----------------------------------------------------------------------------

    def _sitemaps(self) -> Iterator[Family]:
        parts: dict[str, Callable[[], Sequence[SitePage]]] = {urls.sitemap_part("pages", 1): self._other_pages}
        written = repr([(source.name, source.lang) for source in self.plan.content])
        shows = [digest(written, repr([*self.register.systems]), repr([*self.register.products]))]
        size = pages_a_part(len(self.languages))
        for kind in urls.LIST_KINDS:
            keys = iter(getattr(self.register, kind))
            number = 0
            while part := tuple(islice(keys, size)):
                number += 1
                parts[urls.sitemap_part(kind, number)] = partial(self._record_pages, kind, part)
                shows.append(self.shown.changes_of(kind, part))
        for (path, pages_of), shown in zip(parts.items(), shows, strict=True):
            yield _one(path, partial(bytes, shown), partial(self._sitemap, pages_of))
        yield _one(urls.sitemap(), partial(digest, *shows), partial(self._index, parts))

    def _sitemap(self, pages_of: Callable[[], Sequence[SitePage]]) -> bytes:
        return sitemap(pages_of(), self.urls, self.languages)

    def _index(self, parts: Mapping[str, Callable[[], Sequence[SitePage]]]) -> bytes:
        changed = {path: [page.changed for page in pages_of() if page.changed] for path, pages_of in parts.items()}
        return sitemap_index({path: max(days, default=None) for path, days in changed.items()}, self.urls)

    def _other_pages(self) -> Sequence[SitePage]:
        """Return the pages that are not about one record, lists by their first page."""
        about_many = (urls.home, urls.search, urls.check, urls.changes, urls.team, urls.data_page)
        pages = [SitePage(path_of) for path_of in (*about_many, urls.verify, urls.badges)]
        pages += [SitePage(partial(_listing, kind)) for kind in urls.LIST_KINDS]
        for kind, keys in (("systems", self.register.systems), ("products", self.register.products)):
            pages += [SitePage(partial(urls.changes, kind=kind, name=key)) for key in keys]
        written: dict[str, list[str]] = {}
        for source in self.plan.content:
            if source.lang in self.languages:
                written.setdefault(source.name, []).append(source.lang)
        for name, tags in sorted(written.items()):
            pages.append(SitePage(partial(_content, name), languages=tuple(t for t in self.languages if t in tags)))
        return pages

    def _record_pages(self, kind: str, keys: Sequence[Any]) -> Sequence[SitePage]:
        name, changed = self.register.name_in_addresses, self.register.memory.changed
        dated = kind in ("certificates", "datasheets")
        return [SitePage(partial(_record, kind, name(kind, key)), changed.get(key) if dated else None) for key in keys]

    def _openings(self) -> Iterator[Family]:
        """Yield what a search engine or browser asks for first."""
        if not self.urls.base:
            # Nobody reads one that is not at the root of its host.
            yield _one(urls.robots(), bytes, partial(robots, self.urls))
        export = self.register.export
        for lang, viewer in self.plan.viewers.items():
            said = search_description(viewer)
            make = partial(
                opensearch, export.title, export.publisher.name, lang, viewer.language.order, self.urls, said
            )
            yield _one(urls.opensearch(lang), bytes, make)


def _one(path: str, shows: Callable[[], Digest], make: Callable[[], bytes]) -> Family:
    """Return the family of a single file, named by its path."""
    return Family(path[1:], shows, lambda: [PlannedFile(path, make)])


def _listing(kind: str, lang: str) -> str:
    return urls.listing(lang, kind)


def _content(name: str, lang: str) -> str:
    return urls.content(lang, name)


def _record(kind: str, name: str, lang: str) -> str:
    return urls.record(lang, kind, name)
