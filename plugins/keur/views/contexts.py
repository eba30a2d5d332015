"""What each template is given: typed, frozen, ready to print.

A template loops over these, branches on ready booleans and prints. Every text here is in the page's language (a
``Phrase`` says where it is not), every date is formatted, every address of a page is complete with the base path.
Nothing here is HTML, except fields whose name ends in ``_html``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar, dataclass_transform

ContextT = TypeVar("ContextT")


@dataclass_transform(frozen_default=True)
def context(cls: type[ContextT]) -> type[ContextT]:
    """Make a class one that a template is given.

    It is frozen as mypy sees it. A dataclass that is frozen when it runs takes four times as long to define, at the
    start of each build, and three times as long to fill; and no template can set an attribute. Its ``repr`` says all of
    it, which tests compare with digests.
    """
    return dataclass(slots=True, eq=False)(cls)


Tone = Literal["valid", "trial", "suspended", "ended", "unknown"]
"""The five looks of a status; ``ended`` serves withdrawn, ended, expired and superseded."""


class Phrase(NamedTuple):
    """A text of the export. ``lang`` is set only where it is not the page's language (a fallback)."""

    text: str
    lang: str | None = None


class Link(NamedTuple):
    """A text that leads to a page; ``href`` is None where there is none to lead to."""

    phrase: Phrase
    href: str | None = None
    note: Phrase | None = None


class LanguageLink(NamedTuple):
    """The same page in another language. ``name`` is the language's own name ("Nederlands").

    ``href`` is for people, ``address`` for machines: the whole address where the site's own is known.
    """

    lang: str
    name: str
    href: str
    address: str
    current: bool = False


class NavItem(NamedTuple):
    """An entry of the navigation."""

    label: str
    href: str
    current: bool = False


class PublisherView(NamedTuple):
    """Who publishes the register; ``address`` is one line a string."""

    name: str
    url: str
    email: str | None
    phone: str | None
    address: tuple[str, ...]


class SiteView(NamedTuple):
    """What every page of one language shares; ``tools`` are in the foot of pages that are not about one record."""

    lang: str
    title: Phrase
    publisher: PublisherView
    demonstration: bool
    home_href: str
    search_href: str
    tools: tuple[NavItem, ...]
    nav: tuple[NavItem, ...]
    foot: tuple[NavItem, ...]
    accreditations: tuple[Link, ...]
    release_css_href: str
    opensearch_href: str | None = None


class StatusView(NamedTuple):
    """A status in words with its dates; never a bare "valid".

    ``timeline`` is compact JSON for the script that checks dates against today, see ``status.js``:
    ``{"from": "2023-05-12", "until": "2027-02-28" | null, "events": [["2024-01-01", "suspended"], …]}``, without
    ``events`` where there are none. In a list, that of a datasheet may add ``"covered": "2026-12-31"``, the last day on
    which a certificate is valid.
    """

    status: str
    tone: Tone
    sentence: str
    detail: str | None
    timeline: str


class MarkView(NamedTuple):
    """A neutral label of a certification system (never its protected logo)."""

    id: str
    name: Phrase
    href: str


class FactValue(NamedTuple):
    """One value of a fact. ``kind`` chooses the look; ``machine`` is the ISO date or the bare number."""

    phrase: Phrase
    kind: Literal["text", "number", "date", "address", "link"] = "text"
    href: str | None = None
    machine: str | None = None
    note: Phrase | None = None


class Fact(NamedTuple):
    """A labelled fact with one value or more."""

    label: str
    values: tuple[FactValue, ...]


class HistoryRow(NamedTuple):
    """One status event, or the start or end of validity."""

    date: str
    machine: str
    word: str
    tone: Tone
    until: str | None
    reason: Phrase | None


class Bars(NamedTuple):
    """All stretches of one status on a timeline, as a path of boxes in the timeline's own units."""

    status: str
    path: str


class TimelineView(NamedTuple):
    """A drawn history: 360 units wide, from the start of the first year to the end of the last.

    ``years`` is a path of strokes, one where a year begins.
    """

    first: str
    last: str
    years: str
    bars: tuple[Bars, ...]


class CharacteristicRow(NamedTuple):
    """A declared characteristic; ``value`` has its range or tolerance in it, without the unit."""

    name: Phrase
    value: str
    unit: str | None
    tolerance: str | None
    performance_class: str | None
    standard: str | None


class PermalinkView(NamedTuple):
    """The address to cite. ``text`` is whole where the site's own is known; only then there is a QR code of it.

    ``cite_href`` leads to the record's citation in the page's language.
    """

    text: str
    href: str
    cite_href: str | None = None
    qr_href: str | None = None


class CertificateRow(NamedTuple):
    """A certificate in a list."""

    href: str
    number: str
    mark: MarkView
    status: StatusView
    product: Link
    holder: Link
    unit: Link
    place: str


class DatasheetRow(NamedTuple):
    """A datasheet in a list. ``groups`` are the pieces of its code for reading ("9001", "2345")."""

    href: str
    code: str
    groups: tuple[str, ...]
    trade_name: Phrase
    status: StatusView
    product: Link
    holder: Link
    unit: Link
    place: str


class DocumentRow(NamedTuple):
    """A reference document in a list; ``edition`` is the edition in force, ready to print."""

    href: str
    kind: str
    number: str
    title: Phrase
    edition: str | None


class HolderRow(NamedTuple):
    """A certificate holder in a list."""

    href: str
    name: Phrase
    place: str
    certificates: int
    units: int


class ProductRow(NamedTuple):
    """A product in a list."""

    href: str
    name: Phrase
    group: Phrase
    marks: tuple[MarkView, ...]
    documents: tuple[Link, ...]
    certificates: int
    datasheets: int


class SystemRow(NamedTuple):
    """A certification system with its counts of records."""

    mark: MarkView
    kind: str
    certificates: int
    datasheets: int
    search_href: str


class UnitRow(NamedTuple):
    """A production unit of a holder, with the certificates that name it."""

    anchor: str
    name: Phrase
    kind: str | None
    number: str | None
    address: tuple[str, ...]
    certificates: tuple[Link, ...]


class EditionRow(NamedTuple):
    """An edition of a reference document."""

    edition: str
    date: str | None
    valid_from: str | None
    valid_until: str | None
    languages: str | None
    href: str | None


class ContactRow(NamedTuple):
    """A contact point with the products it answers for."""

    anchor: str
    role: Phrase
    name: str | None
    email: str
    phone: str | None
    phone_href: str | None
    products: tuple[Link, ...]


class PagerItem(NamedTuple):
    """A page of a list; ``href`` is None for a gap ("…")."""

    label: str
    href: str | None
    current: bool


class Pager(NamedTuple):
    """The way through a list cut into pages; empty ``items`` where there is one page."""

    previous: str | None
    next: str | None
    items: tuple[PagerItem, ...]


@context
class Table:
    """Rows of one kind under a heading, perhaps the first of many, and where the rest is.

    ``count`` says how many there are in all ("12 datasheets"); ``more`` leads to the whole list.
    """

    kind: Literal["certificates", "datasheets", "documents", "holders", "products", "systems"]
    count: str
    rows: tuple[CertificateRow | DatasheetRow | DocumentRow | HolderRow | ProductRow | SystemRow, ...]
    more: Link | None = None
    search_href: str | None = None


@context
class Page:
    """What the skeleton needs of every page. ``json_ld`` is printed through ``|tojson``.

    ``json_href`` leads to the same matter for machines, where there is a file of it.
    """

    title: str
    description: str
    path: str
    canonical: str | None
    noindex: bool
    breadcrumbs: tuple[NavItem, ...]
    alternates: tuple[LanguageLink, ...]
    json_ld: Mapping[str, object] | None
    json_href: str | None


class ChangeRow(NamedTuple):
    """What became of a record. ``kind`` is that of the change; the link's note is its product, or the export's day."""

    kind: str
    link: Link
    said: str


class ChangeGroup(NamedTuple):
    """The changes that one export showed; ``minor`` says how many more are told elsewhere."""

    heading: str
    rows: tuple[ChangeRow, ...]
    minor: str | None


class ChangeOption(NamedTuple):
    """A kind of change in the filter, with how many of them the page tells."""

    kind: str
    label: str
    number: str


@context
class ChangesPage(Page):
    """The recent changes of the register, a system or a product.

    ``name`` and ``record_href`` are those of the system or product; ``cut`` is how many changes the page tells of
    where there are more. ``systems`` and ``products`` lead to their own changes.
    """

    name: Phrase | None
    record_href: str | None
    groups: tuple[ChangeGroup, ...]
    kinds: tuple[ChangeOption, ...]
    cut: str | None
    systems: tuple[NavItem, ...]
    products: tuple[NavItem, ...]
    feed_href: str


@context
class HomePage(Page):
    """``/<lang>/``: search first, the systems with their counts, how to verify in three steps."""

    systems: tuple[SystemRow, ...]
    certificates: str
    datasheets: str
    products: str
    examples: tuple[Link, ...]
    check_href: str
    changes: tuple[ChangeRow, ...]
    changes_href: str
    feed_href: str
    lists: tuple[NavItem, ...]
    guides: tuple[Link, ...]


@context
class RootPage(Page):
    """``/``: the way into each language, with a search box that needs no script to arrive somewhere."""

    titles: tuple[Phrase, ...]
    languages: tuple[LanguageLink, ...]
    search_action: str
    search_labels: tuple[Phrase, ...]


@context
class CertificatePage(Page):
    """A certificate (or technical approval), status first, then facts, then its datasheets.

    ``question`` is what script needs to answer for a day, see ``questions.py``.
    """

    mark: MarkView
    kind_label: str
    number: str
    name: Phrase | None
    status: StatusView
    facts: tuple[Fact, ...]
    history: tuple[HistoryRow, ...]
    drawn: TimelineView | None
    question: Mapping[str, object]
    replaces: tuple[Link, ...]
    replaced_by: tuple[Link, ...]
    datasheets: Table
    permalink: PermalinkView
    links: tuple[Link, ...]
    remarks: Phrase | None


class CertificateStatus(NamedTuple):
    """A certificate that a datasheet hangs on, with the certificate's own status.

    ``sentences`` say the status in every language; only a card needs them.
    """

    number: str
    mark: MarkView
    href: str
    status: StatusView
    sentences: tuple[Phrase, ...] = ()


@context
class DatasheetPage(Page):
    """A technical datasheet: its own status and that of its certificates, then what it declares.

    ``covered`` tells whether a certificate it hangs on is valid on the day of the export. ``question`` is what script
    needs to answer for a day, its certificates' answers included.
    """

    code: str
    groups: tuple[str, ...]
    trade_name: Phrase
    marks: tuple[MarkView, ...]
    status: StatusView
    certificates: tuple[CertificateStatus, ...]
    covered: bool
    facts: tuple[Fact, ...]
    characteristics: tuple[CharacteristicRow, ...]
    history: tuple[HistoryRow, ...]
    drawn: TimelineView | None
    question: Mapping[str, object]
    permalink: PermalinkView


class CardLine(NamedTuple):
    """A line of a verification card: its label in every language, its value in every language it has."""

    labels: tuple[Phrase, ...]
    values: tuple[Phrase, ...]
    machine: str | None = None


class CitationView(NamedTuple):
    """A record cited in one language, in the order in which it is printed: ``text``, ``status``, ``source``, address.

    ``status`` claims nothing that may change: script says there whether the record holds, and of which day the data
    are. ``consulted`` has the day left open. ``address`` is whole where the site's own is known, else it is ``href``.
    """

    lang: str
    language: str
    text: str
    status: str
    source: str
    address: str
    href: str
    consulted: str


@context
class CardPage(Page):
    """``/c/<slug>/`` and ``/d/<slug>/``: the language-neutral verification card.

    ``status`` holds the tone and timeline; ``sentences`` say it in every language of the site.
    ``truths`` are the fixed sentences in every language. ``not_covered`` says that no certificate of a datasheet is
    valid; whether it is shown follows the certificates' statuses, ``covered`` is that of the day of the export.
    ``badges`` lead, in each language, to how a certificate's badge is shown on another site.
    """

    kind_labels: tuple[Phrase, ...]
    marks: tuple[str, ...]
    number: str
    groups: tuple[str, ...]
    status: StatusView
    sentences: tuple[Phrase, ...]
    demonstration: tuple[Phrase, ...]
    from_labels: tuple[Phrase, ...]
    until_labels: tuple[Phrase, ...]
    valid_from: str
    valid_until: str | None
    lines: tuple[CardLine, ...]
    certificates: tuple[CertificateStatus, ...]
    covered: bool
    not_covered: tuple[Phrase, ...]
    truths: tuple[Phrase, ...]
    register_title: str
    publisher: str
    cite_labels: tuple[Phrase, ...]
    citations: tuple[CitationView, ...]
    qr_href: str | None
    badges: tuple[Link, ...]
    languages: tuple[LanguageLink, ...]


class BadgeSaying(NamedTuple):
    """What a badge says in one language: that data are invented, the status, what a certificate shows, who says so."""

    lang: str
    demonstration: str
    sentence: str
    truth: str
    register: str


@context
class BadgePage(Page):
    """``/badge/<slug>/``: what another site shows of a certificate in a frame, in every language.

    ``sayings`` claim nothing that may change; ``timeline`` (see ``StatusView``) lets script say more, None where
    there is nothing to check. ``image_lines`` are what the badge says as an image, below the number.
    """

    mark: str | None
    number: str
    tone: Tone
    timeline: str | None
    sayings: tuple[BadgeSaying, ...]
    address: str
    image_lines: tuple[str, ...]


@context
class BadgesPage(Page):
    """``/<lang>/badges/``: how a badge is shown on another site. The addresses end before a certificate's name."""

    badge_address: str
    permalink_address: str


@context
class FilteredListPage(Page):
    """``/l/``: where links to filtered lists arrive. Script leads on to the search; the lists stand there without it.

    ``searches`` are the search page in each language, ``lists`` the whole lists in each.
    """

    headings: tuple[Phrase, ...]
    messages: tuple[Phrase, ...]
    searches: tuple[LanguageLink, ...]
    lists: tuple[tuple[LanguageLink, tuple[NavItem, ...]], ...]


@context
class TombstonePage(Page):
    """A record that is no longer listed: that it is not certified any more, what was known, what took its place.

    ``listed`` heads the facts: they are those of the last export that listed the record. ``drawn`` is its history, up
    to that export; ``question`` is what script needs to answer for a day; None where nothing was certified.
    """

    kind_label: str
    number: str
    groups: tuple[str, ...]
    name: Phrase | None
    status: StatusView
    replaced_by: tuple[Link, ...]
    replaces: tuple[Link, ...]
    listed: str
    facts: tuple[Fact, ...]
    drawn: TimelineView | None
    question: Mapping[str, object] | None
    permalink: PermalinkView


@context
class TombstoneCardPage(Page):
    """The permalink of a record that is no longer listed, in every language of the site.

    ``sentences`` say it; ``lines`` are what the last export that listed the record knew.
    """

    kind_labels: tuple[Phrase, ...]
    number: str
    groups: tuple[str, ...]
    sentences: tuple[Phrase, ...]
    demonstration: tuple[Phrase, ...]
    replaced_by_labels: tuple[Phrase, ...]
    replaced_by: tuple[Link, ...]
    lines: tuple[CardLine, ...]
    truths: tuple[Phrase, ...]
    register_title: str
    publisher: str
    cite_labels: tuple[Phrase, ...]
    citations: tuple[CitationView, ...]
    qr_href: str | None
    languages: tuple[LanguageLink, ...]


@context
class NeutralPage(Page):
    """``/p/<id>/`` and ``/r/<id>/``: a product or reference document named in every language.

    Only products have ``citations``.
    """

    kind_labels: tuple[Phrase, ...]
    names: tuple[Phrase, ...]
    cite_labels: tuple[Phrase, ...]
    citations: tuple[CitationView, ...]
    qr_href: str | None
    languages: tuple[LanguageLink, ...]


@context
class SystemPage(Page):
    """A certification system with its products and certificates."""

    mark: MarkView
    facts: tuple[Fact, ...]
    description_text: Phrase | None
    products: Table
    certificates: Table
    changes_href: str
    feed_href: str


@context
class ProductPage(Page):
    """A kind of product: which mark and which PTV apply, who supplies it."""

    name: Phrase
    marks: tuple[MarkView, ...]
    facts: tuple[Fact, ...]
    description_text: Phrase | None
    characteristics: tuple[CharacteristicRow, ...]
    certificates: Table
    datasheets: Table
    changes_href: str
    feed_href: str
    permalink: PermalinkView


@context
class HolderPage(Page):
    """A certificate holder with its production units."""

    name: Phrase
    facts: tuple[Fact, ...]
    units: tuple[UnitRow, ...]
    certificates: Table
    datasheets: Table


@context
class DocumentPage(Page):
    """A reference document with its editions and what it applies to."""

    kind_label: str
    number: str
    name: Phrase
    facts: tuple[Fact, ...]
    editions: tuple[EditionRow, ...]
    replaced_by: Link | None
    products: Table
    certificates: Table
    permalink: PermalinkView


@context
class ListPage(Page):
    """A list of records that works without script, cut into pages; ``parents`` lead one level up."""

    heading: str
    intro: str | None
    groups: tuple[NavItem, ...]
    table: Table
    pager: Pager


@context
class TeamPage(Page):
    """Contacts per product."""

    contacts: tuple[ContactRow, ...]


@context
class ContentPage(Page):
    """A page written in Markdown under ``content/``; ``body_html`` is trusted, it is the body's own text."""

    body_html: str


@context
class DownloadRow:
    """Records of a kind as files; ``count`` is how many there are, ``tables`` are the CSV files of their parts."""

    label: str
    count: str
    json: Link
    csv: Link
    tables: tuple[Link, ...]


@context
class DataPage(Page):
    """The register's data for machines: files to download, the JSON of a record, schemas, licence.

    ``examples`` are JSON files of records of this register; ``licence`` is None where the export names none.
    """

    downloads: tuple[DownloadRow, ...]
    descriptions: tuple[Link, ...]
    changes: tuple[Link, ...]
    proof: tuple[Link, ...]
    examples: tuple[Link, ...]
    schemas: tuple[Link, ...]
    licence: Link | None
    publisher: Link


class Command(NamedTuple):
    """A command that a person may run, and what it is for."""

    purpose: str
    line: str


@context
class VerifyPage(Page):
    """The page that checks the site itself. ``base`` is the path in front of every file, ``example`` a page's address.

    ``fingerprints`` are those of the keys that sign, the present one first; ``words`` is what script prints.
    """

    fingerprints: tuple[str, ...]
    commands: tuple[Command, ...]
    base: str
    example: str
    words: Mapping[str, str]


@context
class SearchPage(Page):
    """The search page. ``payload_href`` leads to this release's search data, ``scripts_href`` to the folder of scripts;
    ``words`` are what script prints.

    ``early_script_html`` is script that stands inside the page, before its stylesheets, ``first_script_html`` another,
    empty where it is fetched instead. ``certificates`` is the search data's file of them.
    ``content_pages`` is how many of them the language has. ``lists`` are the ways on without script. ``site_address``
    is the site's own, where it is known, ``register_titles`` its title by language as JSON.
    """

    early_script_html: str
    first_script_html: str
    certificates: Mapping[str, Any]
    payload_href: str
    scripts_href: str
    lunr_href: str
    check_href: str
    content_pages: int
    words: Mapping[str, str]
    lists: tuple[NavItem, ...]
    site_address: str
    register_titles: str


@context
class CheckPage(Page):
    """The page that checks a list. ``payload_href`` leads to this release's search data.

    ``words`` are what script prints, ``lists`` are the ways on without script.
    """

    payload_href: str
    words: Mapping[str, str]
    lists: tuple[NavItem, ...]


@context
class NotFoundPage(Page):
    """``/404.html``: what happened in every language, with a number search."""

    languages: tuple[LanguageLink, ...]
    messages: tuple[Phrase, ...]
    search_action: str
    search_labels: tuple[Phrase, ...]


class ComponentExample(NamedTuple):
    """One state of a component on the pattern page; ``arguments`` are the macro's keyword arguments."""

    name: str
    arguments: Mapping[str, object]


class ComponentView(NamedTuple):
    """A component (a macro file under ``components/``) with an example of each state."""

    name: str
    template: str
    examples: tuple[ComponentExample, ...]


@context
class PatternsPage(Page):
    """Every component in every state: what accessibility and screenshot tests walk through."""

    components: tuple[ComponentView, ...]
