"""Citations of records for tender documents: in each language, with "or equivalent" as procurement law words it.

A page is made before it is read, so what depends on the reader's day is left open: whether the record holds, of which
day the data are, when they were consulted. Printed are the dates of validity, and what does not hold says so at once;
script puts in the rest (``citing.js``), without it the day of consulting is left to be filled in by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from keur import urls
from keur.model import (
    Certificate,
    Datasheet,
    Document,
    DocumentKind,
    DocumentReference,
    Product,
    Provenance,
    UnlistedCertificate,
    UnlistedDatasheet,
)
from keur.views.contexts import CitationView
from keur.views.language import Language
from keur.views.statuses import TONES
from keur.views.tombstones import no_longer_listed
from keur.views.viewer import Viewer, edition_in_force

_LEFT_OPEN = "…………"
_WHAT_IS_ASKED: Sequence[frozenset[DocumentKind]] = (
    frozenset({DocumentKind.PTV}),
    frozenset({DocumentKind.STANDARD, DocumentKind.GUIDELINE}),
)
"""The kinds of documents that say what a product must be, the first that there are; not those of procedure."""


def certificate_citation(viewer: Viewer, certificate: Certificate) -> CitationView:
    """Return the citation of a certificate or technical approval."""
    register = viewer.register
    kind = viewer.certificate_kind(register.systems[certificate.system])
    return _citation(
        viewer,
        f"{kind} {viewer.certificate_title(certificate.key)}",
        (
            *_asked(viewer, certificate.product, certificate.documents),
            *_whose(viewer, certificate.holder, certificate.unit),
        ),
        status=_status(viewer, certificate),
        permalink=urls.permalink("certificates", register.certificate_slugs[certificate.key]),
    )


def datasheet_citation(viewer: Viewer, datasheet: Datasheet) -> CitationView:
    """Return the citation of a technical datasheet, with the certificates that it hangs on."""
    register, t = viewer.register, viewer.language.t
    keys = [reference.key for reference in datasheet.certificates]
    under = [reference for key in keys for reference in register.certificates[key].documents]
    editions = {reference.id: reference for reference in under}
    documents = [editions.get(id_, DocumentReference(id=id_)) for id_ in datasheet.conforms_to] or under
    label = t("Certificate") if len(keys) == 1 else t("Certificates")
    return _citation(
        viewer,
        f"{t('Technical datasheet')} {datasheet.code}, {datasheet.trade_name}",
        (
            (label, ", ".join(viewer.certificate_title(key) for key in keys)),
            *_asked(viewer, datasheet.product, documents),
            *_whose(viewer, register.holder_of(datasheet).id, datasheet.unit),
        ),
        status=_status(viewer, datasheet),
        permalink=urls.permalink("datasheets", register.datasheet_slugs[datasheet.code]),
    )


def product_citation(viewer: Viewer, product: Product) -> CitationView:
    """Return the citation of a kind of product: its marks and documents, and where the certified ones are found."""
    documents = viewer.register.documents
    references = []
    for id_ in product.documents:
        edition = edition_in_force(documents[id_], viewer)
        references.append(DocumentReference(id=id_, edition=edition.edition if edition else None))
    marks = " / ".join(viewer.marks[system].name.text for system in product.systems)
    return _citation(
        viewer,
        viewer.language.t("{label}: {value}", label=viewer.product_links[product.id].phrase.text, value=marks),
        _documents(viewer, references),
        status="",
        permalink=urls.permalink("products", product.id),
    )


def unlisted_certificate_citation(viewer: Viewer, unlisted: UnlistedCertificate) -> CitationView:
    """Return the citation of a certificate that is no longer listed: what it was, and that it is none any more."""
    name = f"{viewer.language.t('Certificate')} {viewer.certificate_title(unlisted.key)}"
    return _unlisted(viewer, unlisted, name, urls.permalink("certificates", unlisted.slug))


def unlisted_datasheet_citation(viewer: Viewer, unlisted: UnlistedDatasheet) -> CitationView:
    """Return the citation of a datasheet that is no longer listed."""
    name = f"{viewer.language.t('Technical datasheet')} {unlisted.code}, {unlisted.trade_name}"
    return _unlisted(viewer, unlisted, name, urls.permalink("datasheets", unlisted.slug))


def _unlisted(
    viewer: Viewer, unlisted: UnlistedCertificate | UnlistedDatasheet, name: str, permalink: str
) -> CitationView:
    # Nobody is to ask for what is not certified: no "or equivalent".
    return _citation(
        viewer,
        name,
        _was(viewer, unlisted.provenance),
        status=no_longer_listed(viewer.language, unlisted),
        permalink=permalink,
        may_be_asked_for=False,
    )


def _citation(
    viewer: Viewer,
    name: str,
    facts: Iterable[tuple[str, str]],
    *,
    status: str,
    permalink: str,
    may_be_asked_for: bool = True,
) -> CitationView:
    language, export = viewer.language, viewer.register.export
    t = language.t
    sentences = [
        *((t("Demonstration data."),) if export.demonstration else ()),
        t("{name} or equivalent", name=name) if may_be_asked_for else name,
        *(t("{label}: {value}", label=label, value=value) for label, value in facts),
    ]
    title = language.phrase(export.title).text
    return CitationView(
        lang=viewer.lang,
        language=language.name,
        text=" ".join(map(_sentence, sentences)),
        status=_sentence(status) if status else "",
        source=t("{label}: {value}", label=f"{title}, {export.publisher.name}", value=""),
        address=viewer.urls.address(permalink),
        href=viewer.urls.href(permalink),
        consulted=t("consulted on {date}", date=_LEFT_OPEN),
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "…")) else f"{text}."


def _asked(viewer: Viewer, product: str, documents: Sequence[DocumentReference]) -> Iterable[tuple[str, str]]:
    register = viewer.register
    yield viewer.language.t("Product"), viewer.product_links[product].phrase.text
    own = documents or [DocumentReference(id=id_) for id_ in register.products[product].documents]
    yield from _documents(viewer, own)


def _documents(viewer: Viewer, references: Sequence[DocumentReference]) -> Iterable[tuple[str, str]]:
    known: Mapping[str, Document] = viewer.register.documents
    t = viewer.language.t
    for kinds in _WHAT_IS_ASKED:
        named = dict.fromkeys(
            t("{number}, edition {edition}", number=known[reference.id].number, edition=reference.edition)
            if reference.edition
            else known[reference.id].number
            for reference in references
            if known[reference.id].kind in kinds
        )
        if named:
            yield t("Reference documents"), "; ".join(named)
            return


def _whose(viewer: Viewer, holder: str, unit: str) -> Iterable[tuple[str, str]]:
    register = viewer.register
    place = register.units[unit]
    return _names(viewer.language, register.holders[holder].name, place.name, viewer.place(place.address))


def _was(viewer: Viewer, provenance: Provenance) -> Iterable[tuple[str, str]]:
    yield viewer.language.t("Product"), viewer.language.phrase(provenance.product_name).text
    town = viewer.town(provenance.city, provenance.country)
    yield from _names(viewer.language, provenance.holder_name, provenance.unit_name, town)


def _names(language: Language, holder: str, unit: str, town: str) -> Iterable[tuple[str, str]]:
    yield language.t("Certificate holder"), holder
    yield language.t("Production unit"), f"{unit}, {town}"


def _status(viewer: Viewer, record: Certificate | Datasheet) -> str:
    """Return what may be printed of a status on any day: that a record did not hold, else its dates alone."""
    language = viewer.language
    if TONES[viewer.register.status_of(record)] in ("ended", "suspended"):
        return viewer.status(record).sentence
    first = language.date(record.valid_from)
    if record.valid_until is None:
        return language.t("In the register: from {first}, no end date. Check there whether it holds", first=first)
    last = language.date(record.valid_until)
    return language.t(
        "In the register: from {first} until {last}. Check there whether it holds", first=first, last=last
    )
