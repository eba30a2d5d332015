"""Recent changes in words: the pages that list them, and what the home and the feeds say of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Literal, NamedTuple

from keur import urls
from keur.model import (
    REGISTER_ZONE,
    Certificate,
    Change,
    ChangeKind,
    Datasheet,
    Register,
    Status,
    UnlistedCertificate,
    UnlistedDatasheet,
)
from keur.views.contexts import ChangeGroup, ChangeOption, ChangeRow, ChangesPage, Link, NavItem, Phrase
from keur.views.frame import Frame, page_fields
from keur.views.language import Language
from keur.views.statuses import sentence
from keur.views.viewer import Viewer

MOST = 300
"""A page tells of no more changes than this, the newest."""

FEED_MOST = 200
"""A feed has no more entries."""

ON_HOME = 5

ScopeKind = Literal["", "systems", "products"]
AnyRecord = Certificate | Datasheet | UnlistedCertificate | UnlistedDatasheet


class Scope(NamedTuple):
    """What a page or feed of changes is about: the whole register, or a system or product by its id."""

    kind: ScopeKind = ""
    id: str = ""


WHOLE = Scope()


class Changes:
    """The recent changes of a register by what they are about, newest first.

    Those of a product tell of all its records. Those of a system and of the whole leave out what is minor, of which
    there is so much that the rest would not be seen.
    """

    def __init__(self, register: Register) -> None:
        self.register = register

    @cached_property
    def _by_scope(self) -> Mapping[Scope, Sequence[Change]]:
        by_scope: defaultdict[Scope, list[Change]] = defaultdict(list)
        for change in self.register.memory.changes:
            record = self.record(change)
            by_scope[Scope("products", _product(record))].append(change)
            if not change.is_minor:
                by_scope[WHOLE].append(change)
                for system in _systems(record):
                    by_scope[Scope("systems", system)].append(change)
        return by_scope

    @cached_property
    def scopes(self) -> Sequence[Scope]:
        """Everything that has a page and a feed of changes: products that left the register keep theirs."""
        register = self.register
        products = [*register.products, *register.memory.products]
        return (
            WHOLE,
            *(Scope("systems", system) for system in register.systems),
            *(Scope("products", product) for product in products),
        )

    def of(self, scope: Scope) -> Sequence[Change]:
        """Return the changes that are about something."""
        return self._by_scope.get(scope, ())

    @property
    def on_home(self) -> Sequence[Change]:
        """The newest changes of certificates."""
        return [change for change in self.of(WHOLE) if not isinstance(change.key, str)][:ON_HOME]

    @cached_property
    def minor(self) -> Mapping[dt.datetime, int]:
        """How many minor changes each export showed."""
        return Counter(change.moment for change in self.register.memory.changes if change.is_minor)

    def record(self, change: Change) -> AnyRecord:
        """Return the record that changed, listed or not."""
        register, key = self.register, change.key
        if isinstance(key, str):
            return register.datasheets.get(key) or register.memory.datasheets[key]
        return register.certificates.get(key) or register.memory.certificates[key]


def _product(record: AnyRecord) -> str:
    return record.product if isinstance(record, Certificate | Datasheet) else record.provenance.product


def _systems(record: AnyRecord) -> Sequence[str]:
    if isinstance(record, Certificate):
        return (record.system,)
    if isinstance(record, UnlistedCertificate):
        return (record.key.system,)
    if isinstance(record, UnlistedDatasheet):
        return tuple(dict.fromkeys(key.system for key in record.certificates))
    return tuple(dict.fromkeys(reference.system for reference in record.certificates))


# --- words ----------------------------------------------------------------------------------------------------------


def said(viewer: Viewer, change: Change) -> str:
    """Return what became of a record: "suspended as of 3 March 2026"."""
    language = viewer.language
    t = language.t
    since = language.event_date(change.event) if change.event else None
    until = language.date(change.until) if change.until else None
    match change.kind:
        case ChangeKind.LISTED:
            return _listed(language, t("first listed"), change)
        case ChangeKind.LISTED_AGAIN:
            return _listed(language, t("listed again"), change)
        case ChangeKind.REUSED:
            return _listed(language, t("number given to another holder"), change)
        case ChangeKind.UNLISTED:
            return t("no longer listed")
        case ChangeKind.RENUMBERED if change.successor:
            number = viewer.certificate_title(change.successor)
            return (
                t("replaced by {number} as of {date}", number=number, date=since)
                if since
                else t("replaced by {number}", number=number)
            )
        case ChangeKind.EXPIRED:
            return t("expired after {date}", date=until)
        case ChangeKind.DATES:
            return t("now valid until {date}", date=until) if until else t("now without an end date")
    return _began(language, change.kind, since or "")


def _began(language: Language, kind: ChangeKind, since: str) -> str:
    t = language.t
    return {
        ChangeKind.SUSPENDED: t("suspended as of {date}", date=since),
        ChangeKind.WITHDRAWN: t("withdrawn as of {date}", date=since),
        ChangeKind.ENDED: t("ended at the holder's request as of {date}", date=since),
        ChangeKind.SUPERSEDED: t("superseded as of {date}", date=since),
        ChangeKind.VALID: t("valid again as of {date}", date=since),
        ChangeKind.TRIAL: t("in trial period as of {date}", date=since),
    }[kind]


def _listed(language: Language, words: str, change: Change) -> str:
    """Return that a record was listed, and until when it is valid."""
    if change.status is not Status.VALID or change.until is None:
        return words
    until = sentence(language, Status.VALID, "", language.date(change.until))
    return f"{words} · {until[0].lower()}{until[1:]}"


def kind_label(language: Language, kind: ChangeKind) -> str:
    """Return the words for a kind of change, for the filter."""
    t = language.t
    return {
        ChangeKind.SUSPENDED: t("suspended"),
        ChangeKind.WITHDRAWN: t("withdrawn"),
        ChangeKind.ENDED: t("ended at the holder's request"),
        ChangeKind.RENUMBERED: t("replaced by another number"),
        ChangeKind.SUPERSEDED: t("superseded"),
        ChangeKind.EXPIRED: t("expired"),
        ChangeKind.UNLISTED: t("no longer listed"),
        ChangeKind.REUSED: t("number given to another holder"),
        ChangeKind.LISTED_AGAIN: t("listed again"),
        ChangeKind.VALID: t("valid again"),
        ChangeKind.TRIAL: t("trial period"),
        ChangeKind.DATES: t("another last day of validity"),
        ChangeKind.LISTED: t("first listed"),
    }[kind]


def change_row(viewer: Viewer, changes: Changes, change: Change) -> ChangeRow:
    """Return a change as a row: the record, what became of it, and the product."""
    record = changes.record(change)
    if isinstance(change.key, str):
        name = f"{change.key} · {record.trade_name}" if isinstance(record, Datasheet | UnlistedDatasheet) else ""
        href = viewer.datasheet_href(change.key)
    else:
        name, href = viewer.certificate_title(change.key), viewer.certificate_href(change.key)
    link = viewer.product_links.get(_product(record))
    product = link.phrase if link else None
    if product is None and isinstance(record, UnlistedCertificate | UnlistedDatasheet):
        product = viewer.language.phrase(record.provenance.product_name)
    return ChangeRow(change.kind.value, Link(Phrase(name), href, product), said(viewer, change))


# --- pages ----------------------------------------------------------------------------------------------------------


def scope_name(viewer: Viewer, scope: Scope) -> Phrase | None:
    """Return the name of the system or product that changes are about; None of the whole register."""
    if scope.kind == "systems":
        return viewer.marks[scope.id].name
    if scope.kind == "products":
        link = viewer.product_links.get(scope.id)
        return link.phrase if link else viewer.language.phrase(viewer.register.memory.products[scope.id].name)
    return None


def changes_page(frame: Frame, changes: Changes, scope: Scope) -> ChangesPage:
    """Return the page of the recent changes of the register, a system or a product."""
    viewer = frame.viewer
    t = viewer.language.t
    told = changes.of(scope)[:MOST]
    name = scope_name(viewer, scope)
    title = f"{name.text}: {t('Recent changes')}" if name else t("Recent changes")
    trail: tuple[NavItem, ...] = ()
    if name:
        trail = (NavItem(t("Recent changes"), viewer.urls.href(urls.changes(viewer.lang))),)
    counts = Counter(change.kind for change in told)
    return ChangesPage(
        **page_fields(
            frame,
            path_of=lambda lang: urls.changes(lang, scope.kind, scope.id),
            title=title,
            description=t("What was suspended, withdrawn, listed or no longer listed in the last twelve months."),
            trail=trail,
            crumb=name.text if name else t("Recent changes"),
        ),
        name=name,
        record_href=viewer.record_href(scope.kind, scope.id) if name else None,
        groups=tuple(_groups(viewer, changes, told, scope)),
        kinds=tuple(
            ChangeOption(kind.value, kind_label(viewer.language, kind), viewer.language.number(counts[kind]))
            for kind in ChangeKind
            if counts[kind]
        ),
        cut=viewer.language.number(MOST) if len(changes.of(scope)) > MOST else None,
        systems=tuple(_ways(viewer, scope, "systems", {key: mark.name for key, mark in viewer.marks.items()})),
        products=tuple(
            _ways(viewer, scope, "products", {key: link.phrase for key, link in viewer.product_links.items()})
        ),
        feed_href=viewer.urls.href(urls.feed(viewer.lang, scope.kind, scope.id)),
    )


def _groups(viewer: Viewer, changes: Changes, told: Sequence[Change], scope: Scope) -> Iterable[ChangeGroup]:
    language = viewer.language
    rows = {moment: tuple(of_export) for moment, of_export in groupby(told, key=lambda change: change.moment)}
    minor: Mapping[dt.datetime, int] = {}
    if scope == WHOLE:
        # Where the newest changes alone are told, those of the exports before are not half told.
        oldest = min(rows) if len(told) == MOST else None
        minor = {moment: number for moment, number in changes.minor.items() if oldest is None or moment >= oldest}
    for moment in sorted({*rows, *minor}, reverse=True):
        number = minor.get(moment, 0)
        yield ChangeGroup(
            heading=language.t("Export of {date}", date=language.date(day_of(moment))),
            rows=tuple(change_row(viewer, changes, change) for change in rows.get(moment, ())),
            minor=language.tn(
                "{n} datasheet was first listed or given another end: see its product.",
                "{n} datasheets were first listed or given another end: see their products.",
                number,
            )
            if number
            else None,
        )


def _ways(viewer: Viewer, scope: Scope, kind: ScopeKind, names: Mapping[str, Phrase]) -> Iterable[NavItem]:
    for key, name in sorted(names.items(), key=lambda item: (item[1].text.casefold(), item[0])):
        href = viewer.urls.href(urls.changes(viewer.lang, kind, key))
        yield NavItem(name.text, href, current=scope == Scope(kind, key))


def home_rows(viewer: Viewer, changes: Changes) -> tuple[ChangeRow, ...]:
    """Return the newest changes of certificates, each with the day of its export."""
    language = viewer.language
    rows = []
    for change in changes.on_home:
        row = change_row(viewer, changes, change)
        exported = language.t("Export of {date}", date=language.date(day_of(change.moment)))
        rows.append(ChangeRow(row.kind, Link(row.link.phrase, row.link.href, Phrase(exported)), row.said))
    return tuple(rows)


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day of an export in the register's zone."""
    return moment.astimezone(REGISTER_ZONE).date()
