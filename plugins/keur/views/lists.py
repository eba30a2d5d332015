"""Lists of records that work without script: whole ones cut into pages, and the first rows of one on another page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from keur import urls
from keur.model import Certificate, Datasheet, Document, Holder, Product, System
from keur.views.contexts import Link, ListPage, NavItem, Pager, PagerItem, Phrase, Table
from keur.views.frame import Frame, page_fields
from keur.views.viewer import Viewer

PAGE_SIZE = 100
"""Records on a page of a list."""
FIRST_ROWS = 25
"""Records of a list that a page about something else shows before it leads to the whole list."""
CERTIFICATE_ROWS = 5
"""The same for a certificate's page: a record's page stays under 12 kB."""

Kind = Literal["certificates", "datasheets", "documents", "holders", "products", "systems"]
AnyListed = Certificate | Datasheet | Document | Holder | Product | System


def table(viewer: Viewer, kind: Kind, records: Sequence[AnyListed], total: int, **ways: Any) -> Table:
    """Return records as a table; ``total`` counts those on other pages too."""
    row: Any = {
        "certificates": viewer.certificate_row,
        "datasheets": viewer.datasheet_row,
        "documents": viewer.document_row,
        "holders": viewer.holder_row,
        "products": viewer.product_row,
        "systems": viewer.system_row,
    }[kind]
    return Table(kind, count(viewer, kind, total), tuple(row(record) for record in records), **ways)


def first_rows(
    viewer: Viewer, kind: Kind, records: Sequence[AnyListed], of: tuple[str, str] | None, **filters: str
) -> Table:
    """Return the first rows of a list that belongs to the record ``of`` (kind, name), with the way to the rest.

    ``filters`` choose the same records on the search page. Without ``of`` the list has no page of its own and every
    row stands.
    """
    total = len(records)
    more = None
    rows = rows_shown(of[0]) if of else total
    if of and total > rows:
        href = viewer.urls.href(urls.part_listing(viewer.lang, *of, kind))
        more = Link(Phrase(viewer.language.t("Whole list: {count}", count=count(viewer, kind, total))), href)
    search = None
    if filters and total:
        record_kind = {"kind": kind.removesuffix("s")} if kind in ("certificates", "datasheets") else {}
        search = viewer.urls.filtered(viewer.lang, **filters, **record_kind)
    return table(viewer, kind, records[:rows], total, more=more, search_href=search)


def rows_shown(owner: str) -> int:
    """Return how many rows of a list stand on the page of the record that it belongs to."""
    return CERTIFICATE_ROWS if owner == "certificates" else FIRST_ROWS


def needs_own_list(owner: str, total: int) -> bool:
    """Tell whether a record's list has pages of its own: where it is too long for the record's page.

    A system always has them: the whole lists lead to them, as filters that work without script.
    """
    return total > rows_shown(owner) or (owner == "systems" and total > 0)


def count(viewer: Viewer, kind: Kind, total: int) -> str:
    """Return how many there are, in words."""
    tn = viewer.language.tn
    match kind:
        case "certificates":
            return tn("{n} certificate", "{n} certificates", total)
        case "datasheets":
            return tn("{n} technical datasheet", "{n} technical datasheets", total)
        case "documents":
            return tn("{n} reference document", "{n} reference documents", total)
        case "holders":
            return tn("{n} certificate holder", "{n} certificate holders", total)
        case "products":
            return tn("{n} product", "{n} products", total)
        case "systems":
            return tn("{n} certification system", "{n} certification systems", total)


def heading(viewer: Viewer, kind: Kind) -> str:
    """Return what a list of a kind is called."""
    t = viewer.language.t
    return {
        "certificates": t("Certificates"),
        "datasheets": t("Technical datasheets"),
        "documents": t("Reference documents"),
        "holders": t("Certificate holders"),
        "products": t("Products"),
        "systems": t("Certification systems"),
    }[kind]


def whole_list(viewer: Viewer, kind: Kind) -> Sequence[Any]:
    """Return every record of a kind in the order of its list."""
    register = viewer.register
    match kind:
        case "certificates":
            return viewer.sorted_certificates(register.certificates.values())
        case "datasheets":
            return register.datasheets_in_order
        case "documents":
            return viewer.sorted_documents(register.documents.values())
        case "holders":
            return viewer.sorted_holders()
        case "products":
            return viewer.sorted_products(register.products.values())
        case "systems":
            return viewer.sorted_systems()


def page_count(total: int) -> int:
    """Return how many pages a list has; an empty one has one that says so."""
    return max(1, -(-total // PAGE_SIZE))


def list_page(frame: Frame, kind: Kind, records: Sequence[AnyListed], number: int) -> ListPage:
    """Return a page (from 1) of the list of every record of a kind."""
    viewer = frame.viewer
    return _page(
        frame,
        kind,
        records,
        number,
        path_of=lambda lang, page: urls.listing(lang, kind, page),
        title=heading(viewer, kind),
        trail=(),
        groups=tuple(_ways_in(viewer, kind)),
        search_href=viewer.urls.href(urls.search(viewer.lang)),
    )


def part_list_page(
    frame: Frame, owner: str, name: str, owner_title: str, kind: Kind, records: Sequence[AnyListed], number: int
) -> ListPage:
    """Return a page (from 1) of the list of a record's certificates or datasheets."""
    viewer = frame.viewer
    owner_kind: Any = owner
    trail = (
        NavItem(heading(viewer, owner_kind), viewer.urls.href(urls.listing(viewer.lang, owner))),
        NavItem(owner_title, viewer.record_href(owner, name)),
    )
    return _page(
        frame,
        kind,
        records,
        number,
        path_of=lambda lang, page: urls.part_listing(lang, owner, name, kind, page),
        title=f"{owner_title}: {heading(viewer, kind)}",
        trail=trail,
        groups=(),
        search_href=None,
    )


def _page(
    frame: Frame,
    kind: Kind,
    records: Sequence[AnyListed],
    number: int,
    *,
    path_of: Any,
    title: str,
    trail: tuple[NavItem, ...],
    groups: tuple[NavItem, ...],
    search_href: str | None,
) -> ListPage:
    viewer = frame.viewer
    t = viewer.language.t
    pages = page_count(len(records))

    def on_page(text: str) -> str:
        """Say which page of a long list this is."""
        return t("{title} · page {number} of {total}", title=text, number=number, total=pages) if pages > 1 else text

    shown = records[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return ListPage(
        **page_fields(
            frame,
            path_of=lambda lang: path_of(lang, number),
            title=on_page(title),
            description=on_page(f"{title}: {count(viewer, kind, len(records))}"),
            trail=trail,
            crumb=on_page(heading(viewer, kind)),
        ),
        heading=title,
        intro=_intro(viewer, kind),
        groups=groups,
        table=table(viewer, kind, shown, len(records), search_href=search_href),
        pager=_pager(viewer, pages, number, lambda page: viewer.urls.href(path_of(viewer.lang, page))),
    )


def _intro(viewer: Viewer, kind: Kind) -> str | None:
    t = viewer.language.t
    if kind == "certificates":
        return t(
            "A certificate shows trust in the holder's self-monitoring at one production unit. "
            "Only a technical datasheet shows that a product is certified."
        )
    if kind == "datasheets":
        return t("A datasheet covers a delivery only while both it and its certificate are valid.")
    return None


def _ways_in(viewer: Viewer, kind: Kind) -> Iterator[NavItem]:
    """Yield the lists of one system that narrow a long list without script."""
    if kind not in ("certificates", "datasheets"):
        return
    register = viewer.register
    held = register.certificates_by_system if kind == "certificates" else register.datasheets_by_system
    for system in viewer.sorted_systems():
        total = len(held.get(system.id, ()))
        if total:
            href = viewer.urls.href(urls.part_listing(viewer.lang, "systems", system.id, kind))
            yield NavItem(f"{viewer.marks[system.id].name.text} ({viewer.language.number(total)})", href)


def _pager(viewer: Viewer, pages: int, number: int, href: Any) -> Pager:
    if pages == 1:
        return Pager(None, None, ())
    near = {1, pages, *range(number - 2, number + 3)}
    items = []
    before = 0
    for page in sorted(page for page in near if 1 <= page <= pages):
        if page > before + 1:
            items.append(PagerItem("…", None, current=False))
        items.append(PagerItem(viewer.language.number(page), href(page), current=page == number))
        before = page
    return Pager(href(number - 1) if number > 1 else None, href(number + 1) if number < pages else None, tuple(items))
