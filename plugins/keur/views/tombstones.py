"""The pages of records that are no longer listed: what was known, since when it is not listed, what took its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from keur import urls
from keur.model import (
    CertificateKey,
    Dates,
    Provenance,
    Text,
    UnlistedCertificate,
    UnlistedDatasheet,
    UnlistedDocument,
    UnlistedProduct,
)
from keur.numbers import search_forms
from keur.views.contexts import Fact, FactValue, Link, NavItem, Phrase, StatusView, TimelineView, TombstonePage
from keur.views.frame import Frame, page_fields
from keur.views.language import Language
from keur.views.questions import Question, certificate_question, datasheet_question
from keur.views.records import date_value, list_crumb
from keur.views.statuses import drawn, event_day, status_view, word
from keur.views.viewer import Viewer, code_groups

Unlisted = UnlistedCertificate | UnlistedDatasheet | UnlistedProduct | UnlistedDocument


def no_longer_listed(language: Language, unlisted: Unlisted) -> str:
    """Return the sentence on a record that is no longer listed: what ended it where that is known, else that it left.

    That it left the register is no proof of when it ceased to hold, so a withdrawal is never told by that date.
    """
    date = language.since(unlisted.unlisted)
    if isinstance(unlisted, UnlistedProduct | UnlistedDocument):
        return language.t("No longer listed since {date}", date=date)
    if ending := _ending(language, unlisted):
        return language.t("Not certified any more. {status}", status=ending)
    return language.t("Not certified any more, as far as this register knows: no longer listed since {date}", date=date)


def _ending(language: Language, unlisted: UnlistedCertificate | UnlistedDatasheet) -> str | None:
    """Return what ended a record before it left the register, None where nothing did."""
    known = status_view(language, unlisted.dates, unlisted.unlisted)
    return known.sentence if known.tone == "ended" else None


def unlisted_numbers(viewer: Viewer) -> Mapping[str, Any]:
    """Return the numbers and codes that are no longer listed as plain JSON values, for the search to ask.

    ``rows`` are the search forms of a number, its title, the path of its page, and what is said of it; ``systems`` are
    the names that may stand before a number. ``unlisted.js`` reads it.
    """
    memory, language = viewer.register.memory, viewer.language
    names = [mark.name.text for mark in viewer.marks.values()]
    rows = []
    for certificate in memory.certificates.values():
        title, href = viewer.certificate_title(certificate.key), viewer.certificate_href(certificate.key)
        rows.append([[*search_forms(certificate.number, names)], title, href, no_longer_listed(language, certificate)])
    for sheet in memory.datasheets.values():
        href = viewer.datasheet_href(sheet.code)
        rows.append([[*search_forms(sheet.code)], sheet.code, href, no_longer_listed(language, sheet)])
    return {"systems": names, "rows": rows}


def certificate_tombstone(frame: Frame, unlisted: UnlistedCertificate) -> TombstonePage:
    """Return the page of a certificate or technical approval that is no longer listed."""
    viewer = frame.viewer
    t = viewer.language.t
    register = viewer.register
    system = register.systems.get(unlisted.key.system)
    facts = (
        *_provenance_facts(viewer, unlisted.provenance),
        Fact(t("Certification system"), (_named(viewer, "systems", unlisted.key.system, unlisted.system_name),)),
        *_date_facts(viewer, unlisted.dates),
    )
    return _tombstone(
        frame,
        unlisted,
        kind="certificates",
        name=unlisted.slug,
        title=viewer.certificate_title(unlisted.key),
        trail=list_crumb(viewer, "certificates", t("Certificates")),
        kind_label=viewer.certificate_kind(system) if system else t("Certificate"),
        number=unlisted.number,
        replaced_by=viewer.certificate_links(register.successors.get(unlisted.key, ())),
        replaces=viewer.certificate_links(register.predecessors.get(unlisted.key, ())),
        question=certificate_question(viewer, unlisted),
        facts=facts,
    )


def datasheet_tombstone(frame: Frame, unlisted: UnlistedDatasheet) -> TombstonePage:
    """Return the page of a technical datasheet that is no longer listed."""
    viewer = frame.viewer
    t = viewer.language.t
    certificates = tuple(_hung_on(viewer, unlisted, key) for key in unlisted.certificates)
    facts = (
        *_provenance_facts(viewer, unlisted.provenance),
        Fact(t("Certificates"), certificates),
        *_date_facts(viewer, unlisted.dates),
    )
    return _tombstone(
        frame,
        unlisted,
        kind="datasheets",
        name=unlisted.slug,
        title=f"{unlisted.code} · {unlisted.trade_name}",
        trail=list_crumb(viewer, "datasheets", t("Technical datasheets")),
        kind_label=t("Technical datasheet"),
        number=unlisted.code,
        groups=code_groups(unlisted.code),
        record_name=Phrase(unlisted.trade_name),
        question=datasheet_question(viewer, unlisted),
        facts=facts,
    )


def _hung_on(viewer: Viewer, unlisted: UnlistedDatasheet, key: CertificateKey) -> FactValue:
    """Return a certificate that a datasheet hung on; its number leads nowhere once another holder was given it."""
    link = viewer.certificate_link(key)
    first = viewer.register.first_listed(key)
    if first is not None and first > unlisted.last_listed:
        return FactValue(link.phrase, note=Phrase(viewer.language.t("number given to another holder")))
    return FactValue(link.phrase, "link", link.href)


def product_tombstone(frame: Frame, unlisted: UnlistedProduct) -> TombstonePage:
    """Return the page of a kind of product that is no longer listed."""
    viewer = frame.viewer
    t = viewer.language.t
    name = viewer.language.phrase(unlisted.name)
    return _tombstone(
        frame,
        unlisted,
        kind="products",
        name=unlisted.id,
        title=name.text,
        trail=list_crumb(viewer, "products", t("Products")),
        kind_label=t("Product"),
        number=name.text,
        facts=(),
    )


def document_tombstone(frame: Frame, unlisted: UnlistedDocument) -> TombstonePage:
    """Return the page of a reference document that is no longer listed."""
    viewer = frame.viewer
    title = viewer.language.phrase(unlisted.title)
    kind = viewer.document_kind(unlisted.kind)
    successor: tuple[Link, ...] = ()
    if unlisted.replaced_by:
        document = viewer.register.documents.get(unlisted.replaced_by)
        gone = viewer.register.memory.documents.get(unlisted.replaced_by)
        named = document or gone
        number = named.number if named else unlisted.replaced_by
        href = viewer.record_href("documents", unlisted.replaced_by) if named else None
        successor = (Link(Phrase(number), href),)
    return _tombstone(
        frame,
        unlisted,
        kind="documents",
        name=unlisted.id,
        title=f"{unlisted.number} · {title.text}",
        trail=list_crumb(viewer, "documents", viewer.language.t("Reference documents")),
        kind_label=kind[0].upper() + kind[1:],
        number=unlisted.number,
        record_name=title,
        replaced_by=successor,
        facts=(),
    )


def _tombstone(
    frame: Frame,
    unlisted: Unlisted,
    *,
    kind: str,
    name: str,
    title: str,
    trail: NavItem,
    kind_label: str,
    number: str,
    facts: tuple[Fact, ...],
    groups: tuple[str, ...] = (),
    record_name: Phrase | None = None,
    replaced_by: tuple[Link, ...] = (),
    replaces: tuple[Link, ...] = (),
    question: Question | None = None,
) -> TombstonePage:
    viewer = frame.viewer
    language = viewer.language
    sentence = no_longer_listed(language, unlisted)
    return TombstonePage(
        **page_fields(
            frame,
            path_of=lambda lang: urls.record(lang, kind, name),
            title=f"{title} · {kind_label}",
            description=f"{title}: {sentence}.",
            trail=(trail,),
            crumb=title,
            json_path=urls.record_json(kind, name),
            noindex=True,
        ),
        kind_label=kind_label,
        number=number,
        groups=groups,
        name=record_name,
        status=StatusView("unlisted", "ended", sentence, _last_known(language, unlisted), ""),
        replaced_by=replaced_by,
        replaces=replaces,
        listed=language.t("As last listed on {date}", date=language.date(unlisted.last_listed)),
        facts=facts,
        drawn=_drawn(unlisted),
        question=question,
        permalink=viewer.permalink(kind, name, cited=kind != "documents"),
    )


def _last_known(language: Language, unlisted: Unlisted) -> str | None:
    """Return what stands below the sentence: when a record that had ended left, or that another was suspended."""
    if isinstance(unlisted, UnlistedProduct | UnlistedDocument):
        return None
    if _ending(language, unlisted):
        return language.t("No longer listed since {date}", date=language.since(unlisted.unlisted))
    known = status_view(language, unlisted.dates, unlisted.unlisted)
    return known.sentence if known.tone == "suspended" else None


def _drawn(unlisted: Unlisted) -> TimelineView | None:
    """Return a record's history as a drawing that ends where it was last listed, whatever its dates promised."""
    if isinstance(unlisted, UnlistedProduct | UnlistedDocument):
        return None
    dates, last = unlisted.dates, unlisted.last_listed
    if last < dates.valid_from:
        return None
    until = min(dates.valid_until, last) if dates.valid_until else last
    return drawn(dates._replace(valid_until=until))


def _provenance_facts(viewer: Viewer, provenance: Provenance) -> Iterable[Fact]:
    t = viewer.language.t
    yield Fact(t("Product"), (_named(viewer, "products", provenance.product, provenance.product_name),))
    link = viewer.holder_links.get(provenance.holder)
    href = link.href if link else None
    yield Fact(t("Certificate holder"), (FactValue(Phrase(provenance.holder_name), "link", href),))
    town = Phrase(viewer.town(provenance.city, provenance.country))
    yield Fact(t("Production unit"), (FactValue(Phrase(provenance.unit_name), note=town),))


def _named(viewer: Viewer, kind: str, key: str, text: Text) -> FactValue:
    """Return the name that a system or product had, leading to its page where it has one."""
    register = viewer.register
    known = register.systems if kind == "systems" else {*register.products, *register.memory.products}
    return FactValue(viewer.language.phrase(text), "link", viewer.record_href(kind, key) if key in known else None)


def _date_facts(viewer: Viewer, dates: Dates) -> Iterable[Fact]:
    language = viewer.language
    yield Fact(language.t("First day of validity"), (date_value(viewer, dates.valid_from),))
    if dates.valid_until:
        yield Fact(language.t("Last day of validity"), (date_value(viewer, dates.valid_until),))
    if dates.status_events:
        told = (
            language.t("{label}: {value}", label=event_day(language, event), value=word(language, event.status))
            for event in dates.history
        )
        yield Fact(language.t("History"), tuple(FactValue(Phrase(line)) for line in told))
