"""Pages that are not about one record: home, contacts, content, search, patterns; and what all pages share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, NamedTuple

from keur import urls
from keur.early_script import EARLY_SCRIPT
from keur.model import Status, SystemKind
from keur.views.changes import Changes, home_rows
from keur.views.contexts import (
    CheckPage,
    ComponentView,
    ContactRow,
    ContentPage,
    HomePage,
    Link,
    NavItem,
    PatternsPage,
    Phrase,
    PublisherView,
    SearchPage,
    SiteView,
    TeamPage,
)
from keur.views.frame import Frame, page_fields
from keur.views.lists import Kind, count
from keur.views.script_words import check_words, search_words
from keur.views.viewer import Viewer

Menu = Literal["main", "foot", "none"]


class ContentSource(NamedTuple):
    """A page from ``content/``: its file's name without ending, the same in each language, and its matter.

    ``label`` is what menus call it, shorter than its title.
    """

    name: str
    lang: str
    title: str
    label: str
    summary: str
    order: int
    menu: Menu
    body_html: str


class SiteViews:
    """Makes what pages of one language share, with the current entry of the navigation marked."""

    def __init__(self, frame: Frame, content: Sequence[ContentSource]) -> None:
        viewer = frame.viewer
        export = viewer.register.export
        t = viewer.language.t
        publisher = export.publisher
        self._site = SiteView(
            lang=viewer.lang,
            title=viewer.language.phrase(export.title),
            publisher=PublisherView(
                publisher.name,
                publisher.url,
                publisher.email,
                publisher.phone,
                viewer.address_lines(publisher.address) if publisher.address else (),
            ),
            demonstration=export.demonstration,
            home_href=viewer.urls.href(urls.home(viewer.lang)),
            search_href=viewer.urls.href(urls.search(viewer.lang)),
            tools=(
                NavItem(t("Check a list"), viewer.urls.href(urls.check(viewer.lang))),
                NavItem(t("Recent changes"), viewer.urls.href(urls.changes(viewer.lang))),
                NavItem(t("Verify this site"), viewer.urls.href(urls.verify(viewer.lang))),
            ),
            nav=(*list_items(viewer), *_content_items(viewer, content, "main")),
            foot=(
                NavItem(t("Contacts"), viewer.urls.href(urls.team(viewer.lang))),
                NavItem(t("Data"), viewer.urls.href(urls.data_page(viewer.lang))),
                *_content_items(viewer, content, "foot"),
            ),
            accreditations=tuple(
                Link(Phrase(" ".join(part for part in (a.name, a.number) if part)), a.url)
                for a in export.accreditations
            ),
            release_css_href=viewer.urls.href(urls.release_css()),
            # A browser takes whole addresses alone.
            opensearch_href=viewer.urls.href(urls.opensearch(viewer.lang)) if viewer.urls.site_url else None,
        )

        self._base = viewer.urls.href
        self._by_entry: dict[str | None, SiteView] = {None: self._site}

    def __repr__(self) -> str:
        return repr(self._site)

    def at(self, path: str) -> SiteView:
        """Return what the page at a path shares with others, the entry it stands under marked as current."""
        href = self._base(path)
        entry = next((item.href for item in self._site.nav if href.startswith(item.href)), None)
        if entry not in self._by_entry:
            nav = tuple(item._replace(current=item.href == entry) for item in self._site.nav)
            self._by_entry[entry] = self._site._replace(nav=nav)
        return self._by_entry[entry]


def list_items(viewer: Viewer) -> tuple[NavItem, ...]:
    """Return the lists of every kind of record, as menus have them."""
    t = viewer.language.t
    labels: dict[Kind, str] = {
        "certificates": t("Certificates"),
        "datasheets": t("Datasheets"),
        "products": t("Products"),
        "holders": t("Holders"),
        "documents": t("Documents"),
        "systems": t("Systems"),
    }
    return tuple(NavItem(label, viewer.urls.href(urls.listing(viewer.lang, kind))) for kind, label in labels.items())


def _content_items(viewer: Viewer, content: Sequence[ContentSource], menu: Menu) -> tuple[NavItem, ...]:
    own = [source for source in content if source.lang == viewer.lang and source.menu == menu]
    return tuple(
        NavItem(source.label, viewer.urls.href(urls.content(viewer.lang, source.name)))
        for source in sorted(own, key=lambda source: (source.order, source.name))
    )


def home_page(frame: Frame, changes: Changes, content: Sequence[ContentSource]) -> HomePage:
    """Return a language's home: search first, then the systems, then how to verify."""
    viewer = frame.viewer
    register, t = viewer.register, viewer.language.t
    title = viewer.language.phrase(register.export.title).text
    guides = [source for source in content if source.lang == viewer.lang and source.menu != "none"]
    fields = page_fields(
        frame,
        path_of=urls.home,
        title=t("Verify a certificate or datasheet"),
        description=t("{title}: certificates and technical datasheets, with their status and dates.", title=title),
        crumb=t("Home"),
    )
    fields["breadcrumbs"] = ()
    return HomePage(
        **fields,
        systems=tuple(viewer.system_row(system) for system in viewer.sorted_systems()),
        certificates=count(viewer, "certificates", len(register.certificates)),
        datasheets=count(viewer, "datasheets", len(register.datasheets)),
        products=count(viewer, "products", len(register.products)),
        examples=tuple(_examples(viewer)),
        check_href=viewer.urls.href(urls.check(viewer.lang)),
        changes=home_rows(viewer, changes),
        changes_href=viewer.urls.href(urls.changes(viewer.lang)),
        feed_href=viewer.urls.href(urls.feed(viewer.lang)),
        lists=list_items(viewer),
        guides=tuple(
            Link(
                Phrase(source.title),
                viewer.urls.href(urls.content(viewer.lang, source.name)),
                Phrase(source.summary) if source.summary else None,
            )
            for source in sorted(guides, key=lambda source: (source.order, source.name))
        ),
    )


def _examples(viewer: Viewer) -> list[Link]:
    """Return what stands in this register to try: a certificate's number, a datasheet's code, a product."""
    register, search = viewer.register, viewer.urls.filtered
    words = []
    valid = [c for c in register.certificates.values() if register.status_of(c) is Status.VALID]
    marks = [c for c in valid if register.systems[c.system].kind is SystemKind.QUALITY_MARK] or valid
    if marks:
        certificate = viewer.sorted_certificates(marks)[0]
        words.append(viewer.certificate_link(certificate.key).phrase.text)
    sheet = next((s for s in register.datasheets.values() if register.status_of(s) is Status.VALID), None)
    if sheet:
        words.append(sheet.code)
    held = register.datasheets_by_product
    product = max(held, key=lambda name: (len(held[name]), name), default=None)
    if product:
        words.append(viewer.product_links[product].phrase.text)
    return [Link(Phrase(text), search(viewer.lang, q=text)) for text in words]


def team_page(frame: Frame) -> TeamPage:
    """Return the contacts, each with the products it answers for."""
    viewer = frame.viewer
    register, t = viewer.register, viewer.language.t
    return TeamPage(
        **page_fields(
            frame,
            path_of=urls.team,
            title=t("Team: contacts per product"),
            description=t("Whom to ask about which product."),
            crumb=t("Team"),
        ),
        contacts=tuple(
            ContactRow(
                anchor=contact.id,
                role=viewer.language.phrase(contact.role),
                name=contact.name,
                email=contact.email,
                phone=contact.phone,
                phone_href="tel:" + "".join(c for c in contact.phone if c in "+0123456789") if contact.phone else None,
                products=tuple(
                    viewer.product_links[product.id]
                    for product in viewer.sorted_products(register.products_by_contact.get(contact.id, ()))
                ),
            )
            for contact in register.contacts.values()
        ),
    )


def content_page(frame: Frame, source: ContentSource, tags: Sequence[str]) -> ContentPage:
    """Return a page written in Markdown; ``tags`` are the languages that have it."""
    return ContentPage(
        **page_fields(
            frame,
            path_of=lambda lang: urls.content(lang, source.name),
            title=source.title,
            description=source.summary or source.title,
            crumb=source.title,
            tags=tags,
        ),
        body_html=source.body_html,
    )


class SearchedWith(NamedTuple):
    """What search pages search with: the addresses of this release's search data, of the folder of scripts and of
    lunr.js, the file of certificates, and the script that stands inside the page, None where it has to be fetched.
    """

    payload_href: str
    scripts_href: str
    lunr_href: str
    certificates: str
    first_script: str | None


def search_page(frame: Frame, content: Sequence[ContentSource], searched: SearchedWith) -> SearchPage:
    """Return the search page: a frame that script fills, with ways on without it."""
    viewer = frame.viewer
    t = viewer.language.t
    return SearchPage(
        **page_fields(
            frame,
            path_of=urls.search,
            title=t("Search the register"),
            description=t("Find a certificate, a technical datasheet, a product or a holder."),
            crumb=t("Search"),
        ),
        early_script_html=EARLY_SCRIPT,
        first_script_html=searched.first_script or "",
        certificates=json.loads(searched.certificates),
        payload_href=searched.payload_href,
        scripts_href=searched.scripts_href,
        lunr_href=searched.lunr_href,
        check_href=viewer.urls.href(urls.check(viewer.lang)),
        content_pages=sum(source.lang == viewer.lang for source in content),
        words=search_words(viewer.language),
        lists=list_items(viewer),
        site_address=viewer.urls.site_url.rstrip("/"),
        register_titles=json.dumps(
            {other.tag: other.phrase(viewer.register.export.title).text for other in frame.languages},
            ensure_ascii=False,
        ),
    )


def check_page(frame: Frame, payload_href: str) -> CheckPage:
    """Return the page that checks a list: a frame that script fills, with ways on without it."""
    viewer = frame.viewer
    t = viewer.language.t
    return CheckPage(
        **page_fields(
            frame,
            path_of=urls.check,
            title=t("Check a delivery note or a list"),
            description=t(
                "Find every certificate number and datasheet code in a text or a file, with its status on a day."
            ),
            crumb=t("Check a list"),
        ),
        payload_href=payload_href,
        words=check_words(viewer.language),
        lists=list_items(viewer),
    )


def patterns_page(frame: Frame, components: tuple[ComponentView, ...]) -> PatternsPage:
    """Return the page that shows every component in every state."""
    t = frame.viewer.language.t
    return PatternsPage(
        **page_fields(
            frame,
            path_of=urls.patterns,
            title=t("Patterns"),
            description=t("Every component of the theme in every state."),
            crumb=t("Patterns"),
            noindex=True,
        ),
        components=components,
    )
