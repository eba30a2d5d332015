"""Which pages the site has: each with its path, its template and how its matter is made, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from keur.exports.json_ld import LinkedData
from keur.model import Register
from keur.urls import Urls
from keur.views import cards, lists, pages, records, tombstones
from keur.views.contexts import ComponentView, Page
from keur.views.frame import Frame
from keur.views.language import Language
from keur.views.lists import Kind
from keur.views.pages import ContentSource
from keur.views.viewer import Viewer


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A page to write. ``lang`` is the language it is rendered in; ``make`` makes what its template prints."""

    lang: str
    template: str
    make: Callable[[], Page]


class Plan:
    """The site of a register: every page of every language, and those that are the same in all."""

    def __init__(
        self,
        register: Register,
        languages: Sequence[Language],
        site_urls: Urls,
        content: Sequence[ContentSource],
        components: tuple[ComponentView, ...],
        search_hrefs: tuple[str, str],
    ) -> None:
        self.register = register
        self.languages = tuple(languages)
        self.urls = site_urls
        self.content = content
        self.components = components
        self.search_hrefs = search_hrefs
        self.viewers = {language.tag: Viewer(register, language, site_urls) for language in languages}
        self.frames = {tag: Frame(viewer, self.languages) for tag, viewer in self.viewers.items()}
        self.linked = {language.tag: LinkedData(register, site_urls, language.order) for language in languages}

    def __iter__(self) -> Iterator[PlannedPage]:
        """Yield the pages: small and shared ones first, records last."""
        yield from self._neutral()
        for lang in self.frames:
            yield from self._shared(lang)
            yield from self._lists(lang)
            yield from self._records(lang)

    def _neutral(self) -> Iterator[PlannedPage]:
        register = self.register
        first = self.languages[0].tag
        maker = cards.CardMaker(self.frames[first], self.viewers)
        linked = self.linked[first]

        yield PlannedPage(first, "root.html", maker.root)
        yield PlannedPage(first, "not_found.html", maker.not_found)
        for product in register.products.values():
            yield PlannedPage(first, "neutral.html", partial(maker.product, product))
        for document in register.documents.values():
            yield PlannedPage(first, "neutral.html", partial(maker.document, document))
        for certificate in register.certificates.values():
            yield PlannedPage(first, "card.html", partial(maker.certificate, certificate, linked))
        for sheet in register.datasheets.values():
            yield PlannedPage(first, "card.html", partial(maker.datasheet, sheet, linked))
        memory = register.memory
        for unlisted_product in memory.products.values():
            yield PlannedPage(first, "tombstone_card.html", partial(maker.unlisted_product, unlisted_product))
        for unlisted_document in memory.documents.values():
            yield PlannedPage(first, "tombstone_card.html", partial(maker.unlisted_document, unlisted_document))
        for unlisted_certificate in memory.certificates.values():
            yield PlannedPage(first, "tombstone_card.html", partial(maker.unlisted_certificate, unlisted_certificate))
        for unlisted_sheet in memory.datasheets.values():
            yield PlannedPage(first, "tombstone_card.html", partial(maker.unlisted_datasheet, unlisted_sheet))

    def _shared(self, lang: str) -> Iterator[PlannedPage]:
        frame = self.frames[lang]
        yield PlannedPage(lang, "home.html", partial(pages.home_page, frame, self.content))
        yield PlannedPage(lang, "search.html", partial(pages.search_page, frame, *self.search_hrefs))
        yield PlannedPage(lang, "team.html", partial(pages.team_page, frame))
        yield PlannedPage(lang, "patterns.html", partial(pages.patterns_page, frame, self.components))
        for source in self.content:
            if source.lang == lang:
                tags = [other.lang for other in self.content if other.name == source.name]
                yield PlannedPage(lang, "content.html", partial(pages.content_page, frame, source, tags))

    def _lists(self, lang: str) -> Iterator[PlannedPage]:
        frame, viewer = self.frames[lang], self.viewers[lang]
        kinds: tuple[Kind, ...] = ("certificates", "datasheets", "products", "holders", "documents", "systems")
        for kind in kinds:
            whole = lists.whole_list(viewer, kind)
            for number in range(1, lists.page_count(len(whole)) + 1):
                yield PlannedPage(lang, "list.html", partial(lists.list_page, frame, kind, whole, number))
        yield from self._part_lists(lang)

    def _part_lists(self, lang: str) -> Iterator[PlannedPage]:
        register, viewer = self.register, self.viewers[lang]
        owners: tuple[tuple[str, Mapping[str, str], Mapping[str, Any], Mapping[str, Any]], ...] = (
            (
                "systems",
                {system: viewer.marks[system].name.text for system in register.systems},
                register.certificates_by_system,
                register.datasheets_by_system,
            ),
            (
                "products",
                {product: viewer.product_links[product].phrase.text for product in register.products},
                register.certificates_by_product,
                register.datasheets_by_product,
            ),
            (
                "holders",
                {holder.id: holder.name for holder in register.holders.values()},
                register.certificates_by_holder,
                register.datasheets_by_holder,
            ),
            (
                "documents",
                {document.id: document.number for document in register.documents.values()},
                register.certificates_by_document,
                {},
            ),
        )
        for owner, titles, certificates, sheets in owners:
            for name, title in titles.items():
                yield from self._part_list(lang, owner, name, title, "certificates", certificates.get(name, ()))
                yield from self._part_list(lang, owner, name, title, "datasheets", sheets.get(name, ()))
        for certificate in register.certificates.values():
            yield from self._part_list(
                lang,
                "certificates",
                register.certificate_slugs[certificate.key],
                viewer.certificate_link(certificate.key).phrase.text,
                "datasheets",
                register.datasheets_by_certificate.get(certificate.key, ()),
            )

    def _part_list(
        self, lang: str, owner: str, name: str, title: str, kind: Kind, held: Sequence[Any]
    ) -> Iterator[PlannedPage]:
        if not lists.needs_own_list(owner, len(held)):
            return
        frame, viewer = self.frames[lang], self.viewers[lang]
        whole = viewer.sorted_certificates(held) if kind == "certificates" else viewer.sorted_datasheets(held)
        for number in range(1, lists.page_count(len(whole)) + 1):
            yield PlannedPage(
                lang,
                "list.html",
                partial(lists.part_list_page, frame, owner, name, title, kind, whole, number),
            )

    def _records(self, lang: str) -> Iterator[PlannedPage]:
        register, frame, linked = self.register, self.frames[lang], self.linked[lang]
        for system in register.systems.values():
            yield PlannedPage(lang, "system.html", partial(records.system_page, frame, system))
        for product in register.products.values():
            yield PlannedPage(lang, "product.html", partial(records.product_page, frame, product))
        for holder in register.holders.values():
            yield PlannedPage(lang, "holder.html", partial(records.holder_page, frame, holder))
        for document in register.documents.values():
            yield PlannedPage(lang, "document.html", partial(records.document_page, frame, document))
        for certificate in register.certificates.values():
            yield PlannedPage(lang, "certificate.html", partial(records.certificate_page, frame, certificate, linked))
        for sheet in register.datasheets.values():
            yield PlannedPage(lang, "datasheet.html", partial(records.datasheet_page, frame, sheet, linked))
        yield from self._tombstones(lang)

    def _tombstones(self, lang: str) -> Iterator[PlannedPage]:
        """Yield the pages of records that are no longer listed: an address that was published answers for ever."""
        memory, frame = self.register.memory, self.frames[lang]
        for product in memory.products.values():
            yield PlannedPage(lang, "tombstone.html", partial(tombstones.product_tombstone, frame, product))
        for document in memory.documents.values():
            yield PlannedPage(lang, "tombstone.html", partial(tombstones.document_tombstone, frame, document))
        for certificate in memory.certificates.values():
            yield PlannedPage(lang, "tombstone.html", partial(tombstones.certificate_tombstone, frame, certificate))
        for sheet in memory.datasheets.values():
            yield PlannedPage(lang, "tombstone.html", partial(tombstones.datasheet_tombstone, frame, sheet))
