"""Which pages the site has: each with its path, its template and how its matter is made, in a fixed order.

Pages that show the same of the register are planned together, as a family, so that a build can tell without making
them whether any has changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, partial
from itertools import chain, zip_longest
from typing import Any, NamedTuple

from keur import urls
from keur.exports.badge import badge_svg
from keur.exports.json_ld import LinkedData
from keur.exports.json_schemas import FILE_SCHEMAS, RECORD_SCHEMAS
from keur.exports.qr_code import qr_svg
from keur.exports.record_json import RecordJson
from keur.exports.tables import table_shapes
from keur.model import Certificate, Datasheet, Document, Holder, Product, Register, System, UnlistedCertificate
from keur.model.order import alphabetical
from keur.site.digests import KeptDigests
from keur.site.feeds import feed
from keur.site.shown import Digest, Shown, digest
from keur.urls import Urls
from keur.views import badges, cards, downloads, lists, pages, records, tombstones
from keur.views.at_hand import AtHand
from keur.views.changes import MOST, ON_HOME, WHOLE, Changes, Scope, changes_page
from keur.views.contexts import BadgePage, ComponentView, Page
from keur.views.frame import Frame
from keur.views.language import Language
from keur.views.lists import Kind
from keur.views.pages import ContentSource, SearchedWith
from keur.views.verifying import verify_page
from keur.views.viewer import Viewer

ALL_LANGUAGES = "*"
"""What stands for the language of a page that speaks all of them."""
_KINDS: tuple[Kind, ...] = ("certificates", "datasheets", "products", "holders", "documents", "systems")
NO_TEMPLATE = ""
"""What stands for the template of a file that is printed by none."""


class PlannedPage(NamedTuple):
    """A page to write. ``lang`` is the language it is rendered in; ``make`` makes what its template prints."""

    lang: str
    template: str
    make: Callable[[], Page]
    neutral: bool = False

    @property
    def speaks(self) -> str:
        """The language whose words the page prints, or ``ALL_LANGUAGES``."""
        return ALL_LANGUAGES if self.neutral else self.lang


class PlannedFile(NamedTuple):
    """A file that no template prints, beside the pages of its family.

    ``path`` ends in its name, ``make`` makes its bytes;
    ``speaks`` is the language whose words and settings it says, all of them unless told otherwise. One that ``lasts``
    says nothing of the register: its bytes follow from its path and from what it speaks.
    """

    path: str
    make: Callable[[], bytes]
    speaks: str = ALL_LANGUAGES
    lasts: bool = False


class Family(NamedTuple):
    """Pages and files that show the same of the register, and what tells the digest of that.

    ``name`` is the same in each build. Neither digest nor pages are made before they are asked for.
    """

    name: str
    shows: Callable[[], Digest]
    plan: Callable[[], Iterable[PlannedPage | PlannedFile]]


class _List:
    """The records of a list in their order, and the digests of its pages, made when they are asked for."""

    def __init__(
        self, total: int, make: Callable[[], Sequence[Any]], rows: Callable[[Sequence[Any]], list[Digest]]
    ) -> None:
        """``total`` is how many records ``make`` returns; ``rows`` tells the digests of them as the list shows them."""
        self.total = total
        self._make = make
        self._rows = rows

    @cached_property
    def whole(self) -> Sequence[Any]:
        """The records."""
        return self._make()

    @property
    def pages(self) -> range:
        """The numbers of its pages; an empty list has one."""
        return range(1, lists.page_count(self.total) + 1)

    def shows(self, number: int) -> Digest:
        """Return the digest of a page, and of how many records there are."""
        return self.total.to_bytes(4, "big") + self._shown[number - 1]

    @cached_property
    def _shown(self) -> Sequence[Digest]:
        rows, size = self._rows(self.whole), lists.PAGE_SIZE
        return [digest(b"".join(rows[start : start + size])) for start in range(0, len(rows), size)] or [b""]


class Plan:
    """The site of a register: every page of every language, and those that are the same in all."""

    def __init__(
        self,
        register: Register,
        languages: Sequence[Language],
        site_urls: Urls,
        content: Sequence[ContentSource],
        components: tuple[ComponentView, ...],
        fingerprints: tuple[str, ...] = (),
        kept: KeptDigests | None = None,
    ) -> None:
        """``kept`` has digests from one build to the next."""
        self.register = register
        self.languages = tuple(languages)
        self.urls = site_urls
        self.content = content
        self.components = components
        self.fingerprints = fingerprints
        self.shown = Shown(register, kept)
        alike = AtHand()
        self.viewers = {language.tag: Viewer(register, language, site_urls, alike) for language in languages}
        self.frames = {tag: Frame(viewer, self.languages) for tag, viewer in self.viewers.items()}
        self.linked = {language.tag: LinkedData(register, site_urls, language.order) for language in languages}
        self.first = self.languages[0].tag
        self.changes = Changes(register)
        self.cards = cards.CardMaker(self.frames[self.first], self.viewers)
        self.badges = badges.BadgeMaker(self.frames[self.first], self.viewers)
        # Only a site that knows its address has QR codes: a family gains or loses files with that.
        self._files = b"qr" if site_urls.site_url else b""
        self.json = RecordJson(register, site_urls, tuple(self.frames))

    def __iter__(self) -> Iterator[Family]:
        """Yield the families but those of the search: small and shared ones first, records last."""
        yield from self.of_changes()
        yield from self.of_records()

    def of_changes(self) -> Iterator[Family]:
        """Yield the families that hang on the recent changes, which take a while to be found."""
        yield self._in_languages("home", self._shown_at_home, "home.html", pages.home_page, self.changes, self.content)
        yield from self._recent_changes()

    def _shown_at_home(self) -> Digest:
        newest = self.shown.changes(self.changes.on_home, ON_HOME)
        return digest(self.shown.home(), digest(repr(self.content)), newest)

    def some(self, names: Set[str]) -> Iterator[Family]:
        """Yield the families of these names, as far as there are such, those first that are found without effort."""
        left = set(names)
        parts = (self._records, self._shared, self._tombstones, self._lists, self._part_lists, self.of_changes)
        for family in chain.from_iterable(part() for part in parts):
            if not left:
                return
            if family.name in left:
                left.remove(family.name)
                yield family

    def of_records(self) -> Iterator[Family]:
        """Yield all other families."""
        yield from self._shared()
        yield Family("unlisted", self.shown.unlisted_numbers, self._unlisted_numbers)
        yield from self._lists()
        yield from self._part_lists()
        yield from self._records()
        yield from self._tombstones()

    def pages(self) -> Iterator[PlannedPage]:
        """Yield every page of every family."""
        for family in self:
            for planned in family.plan():
                if isinstance(planned, PlannedPage):
                    yield planned

    def search_family(self, searched: SearchedWith) -> Family:
        """Return the search pages, the only ones that hang on the search data."""
        shows = partial(digest, *map(str, searched), repr(self.content))
        matter = (self.content, searched)
        return self._in_languages("search", shows, "search.html", pages.search_page, *matter)

    def check_family(self, payload_href: str) -> Family:
        """Return the pages that check a list, which fetch a file of the search data."""
        return self._in_languages("check", partial(digest, payload_href), "check.html", pages.check_page, payload_href)

    # --- pages about no record -------------------------------------------------------------------------------------

    def _shared(self) -> Iterator[Family]:
        yield Family("root", bytes, lambda: [self._neutral("root.html", self.cards.root)])
        yield Family("not-found", bytes, lambda: [self._neutral("not_found.html", self.cards.not_found)])
        yield Family("filtered-list", bytes, lambda: [self._neutral("filtered_list.html", self.cards.filtered_list)])
        yield self._in_languages("team", self.shown.contacts, "team.html", pages.team_page)
        yield self._in_languages("badges", bytes, "badges.html", badges.badges_page)
        tables: dict[str, list[str]] = {}
        for shape in table_shapes():
            tables.setdefault(shape.kind, []).append(shape.name)
        schemas = (*RECORD_SCHEMAS, *FILE_SCHEMAS)
        yield self._in_languages("data-page", self.shown.data_page, "data.html", downloads.data_page, tables, schemas)
        keys = self.fingerprints
        yield self._in_languages("verify", partial(digest, repr(keys)), "verify.html", verify_page, keys)
        yield self._in_languages("patterns", bytes, "patterns.html", pages.patterns_page, self.components)
        for source in self.content:
            if source.lang in self.frames:
                tags = [other.lang for other in self.content if other.name == source.name]
                yield Family(
                    f"content/{source.lang}/{source.name}",
                    partial(digest, repr(source), repr(tags)),
                    partial(self._page, source.lang, "content.html", pages.content_page, source, tags),
                )

    def _recent_changes(self) -> Iterator[Family]:
        """Yield the pages and feeds of recent changes: those of the whole register, of each system and product."""
        for scope in self.changes.scopes:
            shows = partial(self._shown_of_changes, scope)
            yield Family(f"changes/{scope.kind}/{scope.id}", shows, partial(self._changes_of, scope))

    def _shown_of_changes(self, scope: Scope) -> Digest:
        shown, changes = self.shown, self.changes
        minor = repr(sorted(changes.minor.items())) if scope == WHOLE else ""
        return digest(shown.ways_to_changes, shown.changes(changes.of(scope), MOST), minor)

    def _unlisted_numbers(self) -> Iterator[PlannedFile]:
        for lang, viewer in self.viewers.items():
            make = partial(_as_json, tombstones.unlisted_numbers, viewer)
            yield PlannedFile(urls.unlisted(lang), make, lang)

    def _changes_of(self, scope: Scope) -> Iterator[PlannedPage | PlannedFile]:
        yield from self._each_language("changes.html", changes_page, self.changes, scope)
        for lang, frame in self.frames.items():
            path = urls.feed(lang, scope.kind, scope.id)
            yield PlannedFile(path, partial(feed, frame, self.changes, scope), lang)

    # --- lists -----------------------------------------------------------------------------------------------------

    def _lists(self) -> Iterator[Family]:
        """Yield the lists of every record of a kind, in every language."""
        register, shown = self.register, self.shown
        rows: Mapping[Kind, Callable[[Sequence[Any]], list[Digest]]] = {
            "products": lambda products: [shown.product_rows[product.id] for product in products],
            "holders": lambda holders: [shown.holder_row(holder.id) for holder in holders],
            "documents": lambda documents: [shown.document_row(document.id) for document in documents],
            "systems": lambda systems: [shown.own("systems", system.id) for system in systems],
        }
        certificates = self._in_each_order(tuple(register.certificates.values()))
        # Datasheets stand in one order in every language.
        sheets = self._list_of_datasheets(len(register.datasheets), lambda: register.datasheets_in_order)
        for kind in _KINDS:
            # Above long lists stand the ways into those of a single system, with their counts.
            has_ways = kind in ("certificates", "datasheets", "systems")
            around = partial(getattr, shown, "systems") if has_ways else bytes
            in_languages = []
            for lang, viewer in self.viewers.items():
                if kind == "datasheets":
                    listed = sheets
                elif kind == "certificates":
                    listed = certificates[lang]
                else:
                    whole = partial(lists.whole_list, viewer, kind)
                    listed = _List(len(getattr(register, kind)), whole, rows[kind])
                view = partial(self._page_of_list, lang, kind)
                in_languages.append(_in_pages(f"list/{lang}/{kind}", around, listed, view))
            yield from _in_turn(in_languages)

    def _page_of_list(self, lang: str, kind: Kind, listed: _List, number: int) -> tuple[PlannedPage]:
        return self._page(lang, "list.html", lists.list_page, kind, listed.whole, number)

    def _list_of_datasheets(self, total: int, make: Callable[[], Sequence[Datasheet]]) -> _List:
        return _List(total, make, self.shown.each_datasheet)

    def _part_lists(self) -> Iterator[Family]:
        """Yield the lists of a record's certificates and datasheets, where they are too long for its page."""
        register = self.register
        held: Mapping[str, tuple[Mapping[Any, Sequence[Certificate]], Mapping[Any, Sequence[Datasheet]]]] = {
            "systems": (register.certificates_by_system, register.datasheets_by_system),
            "products": (register.certificates_by_product, register.datasheets_by_product),
            "holders": (register.certificates_by_holder, register.datasheets_by_holder),
            "documents": (register.certificates_by_document, {}),
            "certificates": ({}, register.datasheets_by_certificate),
        }
        for owner, (certificates, sheets) in held.items():
            for key in getattr(register, owner):
                own = certificates.get(key, ())
                if lists.needs_own_list(owner, len(own)):
                    yield from self._part_list(owner, key, "certificates", self._in_each_order(own))
                own_sheets = sheets.get(key, ())
                if lists.needs_own_list(owner, len(own_sheets)):
                    listed = self._list_of_datasheets(len(own_sheets), partial(tuple, own_sheets))
                    yield from self._part_list(owner, key, "datasheets", dict.fromkeys(self.viewers, listed))

    def _in_each_order(self, certificates: Sequence[Certificate]) -> Mapping[str, _List]:
        """Return certificates in the order of each language."""
        made: dict[tuple[int, ...], _List] = {}
        for lang, order in self._orders.items():
            if order not in made:
                in_order = partial(self.viewers[lang].sorted_certificates, certificates)
                made[order] = _List(len(certificates), in_order, self.shown.each_certificate)
        return {lang: made[order] for lang, order in self._orders.items()}

    @cached_property
    def _orders(self) -> Mapping[str, tuple[int, ...]]:
        """What decides the order of certificates in each language: the places of the systems, by their names."""
        orders = {}
        for lang, viewer in self.viewers.items():
            names = [alphabetical(mark.name.text) for mark in viewer.marks.values()]
            places = {name: place for place, name in enumerate(sorted(set(names)))}
            orders[lang] = tuple(places[name] for name in names)
        return orders

    def _part_list(self, owner: str, key: Any, kind: Kind, in_languages: Mapping[str, _List]) -> Iterator[Family]:
        is_certificate = owner == "certificates"
        name = self.register.certificate_slugs[key] if is_certificate else key
        # What its title is made of.
        around = partial(self.shown.named_certificate, key) if is_certificate else partial(self.shown.own, owner, key)
        parts = []
        for lang, listed in in_languages.items():
            view = partial(self._page_of_part_list, lang, owner, key, name, kind)
            parts.append(_in_pages(f"list/{lang}/{owner}/{name}/{kind}", around, listed, view))
        yield from _in_turn(parts)

    def _page_of_part_list(
        self, lang: str, owner: str, key: Any, name: str, kind: Kind, listed: _List, number: int
    ) -> tuple[PlannedPage]:
        title = self._title(lang, owner, key)
        return self._page(lang, "list.html", lists.part_list_page, owner, name, title, kind, listed.whole, number)

    def _title(self, lang: str, owner: str, key: Any) -> str:
        """Return what the owner of a list is called."""
        viewer, register = self.viewers[lang], self.register
        match owner:
            case "systems":
                return viewer.marks[key].name.text
            case "products":
                return viewer.product_links[key].phrase.text
            case "holders":
                return register.holders[key].name
            case "documents":
                return register.documents[key].number
            case _:
                return viewer.certificate_title(key)

    # --- records ---------------------------------------------------------------------------------------------------

    def _records(self) -> Iterator[Family]:
        register, shown, with_files = self.register, self.shown, self._with_files
        for id_, system in register.systems.items():
            yield Family(f"systems/{id_}", partial(shown.system, id_), partial(self._system, system))
        for id_, product in register.products.items():
            shows = partial(with_files, shown.product, id_)
            yield Family(f"products/{id_}", shows, partial(self._product, product))
        for id_, holder in register.holders.items():
            yield Family(f"holders/{id_}", partial(shown.holder, id_), partial(self._holder, holder))
        for id_, document in register.documents.items():
            yield Family(f"documents/{id_}", partial(shown.document, id_), partial(self._document, document))
        slugs = register.certificate_slugs
        for key, certificate in register.certificates.items():
            shows = partial(with_files, shown.certificate, certificate)
            yield Family(f"certificates/{slugs[key]}", shows, partial(self._certificate, certificate))
        slugs_of_sheets = register.datasheet_slugs
        for code, sheet in register.datasheets.items():
            shows = partial(with_files, shown.datasheet, code)
            yield Family(f"datasheets/{slugs_of_sheets[code]}", shows, partial(self._datasheet, sheet))

    def _with_files(self, shows: Callable[..., Digest], *matter: object) -> Digest:
        """Return what a record shows whose family has a QR code, where there are any."""
        return shows(*matter) + self._files

    def _tombstones(self) -> Iterator[Family]:
        """Yield the pages of records that are no longer listed: an address that was published answers for ever."""
        memory, shown, cards_, json = self.register.memory, self.shown, self.cards, self.json
        for product in memory.products.values():
            pages_of = partial(
                self._tombstone,
                cards_.unlisted_product,
                tombstones.product_tombstone,
                json.unlisted_product,
                product,
                "products",
                product.id,
            )
            yield Family(f"products/{product.id}", partial(self._with_files, shown.unlisted, product), pages_of)
        for document in memory.documents.values():
            pages_of = partial(
                self._tombstone,
                cards_.unlisted_document,
                tombstones.document_tombstone,
                json.unlisted_document,
                document,
                "documents",
                document.id,
            )
            yield Family(f"documents/{document.id}", partial(shown.unlisted, document), pages_of)
        for certificate in memory.certificates.values():
            pages_of = partial(
                self._tombstone,
                cards_.unlisted_certificate,
                tombstones.certificate_tombstone,
                json.unlisted_certificate,
                certificate,
                "certificates",
                certificate.slug,
            )
            shows = partial(self._with_files, shown.unlisted_certificate, certificate)
            yield Family(f"certificates/{certificate.slug}", shows, pages_of)
        for sheet in memory.datasheets.values():
            pages_of = partial(
                self._tombstone,
                cards_.unlisted_datasheet,
                tombstones.datasheet_tombstone,
                json.unlisted_datasheet,
                sheet,
                "datasheets",
                sheet.slug,
            )
            yield Family(
                f"datasheets/{sheet.slug}", partial(self._with_files, shown.unlisted_datasheet, sheet), pages_of
            )

    def _tombstone(
        self,
        card: Callable[[Any], Page],
        view: Callable[..., Page],
        make_json: Callable[[Any], bytes],
        unlisted: tombstones.Unlisted,
        kind: str,
        name: str,
    ) -> Iterator[PlannedPage | PlannedFile]:
        yield self._neutral("tombstone_card.html", partial(card, unlisted))
        yield from self._each_language("tombstone.html", view, unlisted)
        yield PlannedFile(urls.record_json(kind, name), partial(make_json, unlisted))
        if kind != "documents":
            yield from self._qr_code(kind, name)
        if isinstance(unlisted, UnlistedCertificate):
            yield from self._badge(name, partial(self.badges.unlisted, unlisted))

    def _system(self, system: System) -> Iterator[PlannedPage | PlannedFile]:
        yield from self._each_language("system.html", records.system_page, system)
        yield PlannedFile(urls.record_json("systems", system.id), partial(self.json.system, system))

    def _holder(self, holder: Holder) -> Iterator[PlannedPage | PlannedFile]:
        yield from self._each_language("holder.html", records.holder_page, holder)
        yield PlannedFile(urls.record_json("holders", holder.id), partial(self.json.holder, holder))

    def _product(self, product: Product) -> Iterator[PlannedPage | PlannedFile]:
        yield self._neutral("neutral.html", partial(self.cards.product, product))
        yield from self._each_language("product.html", records.product_page, product)
        yield PlannedFile(urls.record_json("products", product.id), partial(self.json.product, product))
        yield from self._qr_code("products", product.id)

    def _document(self, document: Document) -> Iterator[PlannedPage | PlannedFile]:
        yield self._neutral("neutral.html", partial(self.cards.document, document))
        yield from self._each_language("document.html", records.document_page, document)
        yield PlannedFile(urls.record_json("documents", document.id), partial(self.json.document, document))

    def _certificate(self, certificate: Certificate) -> Iterator[PlannedPage | PlannedFile]:
        yield self._neutral("card.html", partial(self.cards.certificate, certificate, self.linked[self.first]))
        for lang, frame in self.frames.items():
            make = partial(records.certificate_page, frame, certificate, self.linked[lang])
            yield PlannedPage(lang, "certificate.html", make)
        slug = self.register.certificate_slugs[certificate.key]
        yield from self._qr_code("certificates", slug)
        yield from self._badge(slug, partial(self.badges.listed, certificate))
        yield PlannedFile(urls.record_json("certificates", slug), partial(self.json.certificate, certificate))

    def _datasheet(self, sheet: Datasheet) -> Iterator[PlannedPage | PlannedFile]:
        yield self._neutral("card.html", partial(self.cards.datasheet, sheet, self.linked[self.first]))
        for lang, frame in self.frames.items():
            make = partial(records.datasheet_page, frame, sheet, self.linked[lang])
            yield PlannedPage(lang, "datasheet.html", make)
        slug = self.register.datasheet_slugs[sheet.code]
        yield PlannedFile(urls.record_json("datasheets", slug), partial(self.json.datasheet, sheet))
        yield from self._qr_code("datasheets", slug)

    def _qr_code(self, kind: str, name: str) -> Iterator[PlannedFile]:
        """Yield the QR code of a permalink, where its whole address is known: a part of one would lead nowhere."""
        address = self.urls.canonical(urls.permalink(kind, name))
        if address:
            yield PlannedFile(urls.qr_code(kind, name), partial(qr_svg, address), lasts=True)

    def _badge(self, slug: str, make: Callable[[], BadgePage]) -> Iterator[PlannedPage | PlannedFile]:
        yield self._neutral("badge.html", make)
        yield PlannedFile(urls.badge_image(slug), partial(_badge_image, make))

    # --- pages from views ------------------------------------------------------------------------------------------

    def _in_languages(
        self, name: str, shows: Callable[[], Digest], template: str, view: Callable[..., Page], *matter: object
    ) -> Family:
        return Family(name, shows, partial(self._each_language, template, view, *matter))

    def _each_language(self, template: str, view: Callable[..., Page], *matter: object) -> Iterator[PlannedPage]:
        for lang in self.frames:
            yield from self._page(lang, template, view, *matter)

    def _page(self, lang: str, template: str, view: Callable[..., Page], *matter: object) -> tuple[PlannedPage]:
        return (PlannedPage(lang, template, partial(view, self.frames[lang], *matter)),)

    def _neutral(self, template: str, make: Callable[[], Page]) -> PlannedPage:
        return PlannedPage(self.first, template, make, neutral=True)


def _badge_image(make: Callable[[], BadgePage]) -> bytes:
    badge = make()
    return badge_svg(badge.mark, badge.number, badge.image_lines, ended=badge.tone in ("ended", "suspended"))


def _as_json(make: Callable[[Viewer], Any], viewer: Viewer) -> bytes:
    return json.dumps(make(viewer), ensure_ascii=False, separators=(",", ":")).encode()


def _in_pages(
    name: str, around: Callable[[], Digest], listed: _List, plan: Callable[[_List, int], Iterable[PlannedPage]]
) -> Iterator[Family]:
    """Yield a family for each page of a list; ``around`` is the digest of what stands around its rows."""
    for number in listed.pages:
        yield Family(f"{name}/{number}", partial(_shown_on, around, listed, number), partial(plan, listed, number))


def _in_turn(lists_of_families: Iterable[Iterator[Family]]) -> Iterator[Family]:
    """Yield the first page of a list in each language, then the second: what they have in common is at hand then."""
    for families in zip_longest(*lists_of_families):
        yield from filter(None, families)


def _shown_on(around: Callable[[], Digest], listed: _List, number: int) -> Digest:
    return around() + listed.shows(number)
