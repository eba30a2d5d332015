"""Citations of records for tender documents: in each language, with "or equivalent" as procurement law words it.

A page is made before it is read, so what depends on the reader's day is left open: whether the record holds, of which
day the data are, when they were consulted. Printed are the dates of validity, and what does not hold says so at once;
script puts in the rest (``citing.js``), without it the day of consulting is left to be filled in by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keur import urls
from keur.model import (
    Certificate,
    Datasheet,
    Document,
    DocumentKind,
    Product,
    Provenance,
    UnlistedCertificate,
    UnlistedDatasheet,
    UnlistedProduct,
)
from keur.views.contexts import CitationView
from keur.views.tombstones import no_longer_listed
from keur.views.viewer import Viewer, edition_in_force

_LEFT_OPEN = "…………"
_WHAT_IS_ASKED: Sequence[frozenset[DocumentKind]] = (
    frozenset({DocumentKind.PTV}),
    frozenset({DocumentKind.STANDARD, DocumentKind.GUIDELINE}),
)
"""The kinds of documents that say what a product must be, the first that there are; not those of procedure."""

_Asked = tuple[tuple[str, str | None], ...]
"""Documents by id, each perhaps in one edition."""


class Citer:
    """Cites records in one language. What many records have in common is put into words once."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.t = t = viewer.language.t
        export = viewer.register.export
        title = viewer.language.phrase(export.title).text
        self._begins = t("Demonstration data.") + " " if export.demonstration else ""
        self._source = self._fact(f"{title}, {export.publisher.name}", "")
        self._consulted = t("consulted on {date}", date=_LEFT_OPEN)
        self._certificate_kinds = {
            system.id: viewer.certificate_kind(system) for system in viewer.register.systems.values()
        }
        self._what: dict[tuple[str, _Asked], str] = {}
        self._whose: dict[tuple[str, str], str] = {}

    # --- records ---------------------------------------------------------------------------------------------------

    def certificate(self, certificate: Certificate) -> CitationView:
        """Return the citation of a certificate or technical approval."""
        name = f"{self._certificate_kinds[certificate.system]} {self.viewer.certificate_title(certificate.key)}"
        documents = tuple((reference.id, reference.edition) for reference in certificate.documents)
        facts = self._about(certificate.product, documents) + self._from(certificate.holder, certificate.unit)
        slug = self.viewer.register.certificate_slugs[certificate.key]
        return self._citation(
            self.t("{name} or equivalent", name=name),
            facts,
            status=self._status(certificate),
            permalink=urls.permalink("certificates", slug),
        )

    def datasheet(self, datasheet: Datasheet) -> CitationView:
        """Return the citation of a technical datasheet, with the certificates that it hangs on."""
        register, t = self.viewer.register, self.t
        keys = [reference.key for reference in datasheet.certificates]
        under = {reference.id: reference.edition for key in keys for reference in register.certificates[key].documents}
        conforms_to = datasheet.conforms_to or under
        name = f"{t('Technical datasheet')} {datasheet.code}, {datasheet.trade_name}"
        label = t("Certificate") if len(keys) == 1 else t("Certificates")
        certificates = self._fact(label, ", ".join(self.viewer.certificate_title(key) for key in keys))
        about = self._about(datasheet.product, tuple((id_, under.get(id_)) for id_ in conforms_to))
        return self._citation(
            t("{name} or equivalent", name=name),
            f"{_ended(certificates)}{about}{self._from(register.holder_of(datasheet).id, datasheet.unit)}",
            status=self._status(datasheet),
            permalink=urls.permalink("datasheets", register.datasheet_slugs[datasheet.code]),
        )

    def product(self, product: Product) -> CitationView:
        """Return the citation of a kind of product: its marks and documents, and where the certified ones are found."""
        documents = self.viewer.register.documents
        editions = [(id_, edition_in_force(documents[id_], self.viewer)) for id_ in product.documents]
        marks = " / ".join(self.viewer.marks[system].name.text for system in product.systems)
        name = self._fact(self.viewer.product_links[product.id].phrase.text, marks)
        return self._citation(
            self.t("{name} or equivalent", name=name),
            self._documents(tuple((id_, edition.edition if edition else None) for id_, edition in editions)),
            status="",
            permalink=urls.permalink("products", product.id),
        )

    # --- records that are no longer listed: nobody is to ask for them, so nothing is equivalent --------------------

    def unlisted_certificate(self, unlisted: UnlistedCertificate) -> CitationView:
        """Return the citation of a certificate that is no longer listed: what it was, and that it is none any more."""
        name = f"{self.t('Certificate')} {self.viewer.certificate_title(unlisted.key)}"
        return self._unlisted(unlisted, name, urls.permalink("certificates", unlisted.slug))

    def unlisted_datasheet(self, unlisted: UnlistedDatasheet) -> CitationView:
        """Return the citation of a datasheet that is no longer listed."""
        name = f"{self.t('Technical datasheet')} {unlisted.code}, {unlisted.trade_name}"
        return self._unlisted(unlisted, name, urls.permalink("datasheets", unlisted.slug))

    def unlisted_product(self, unlisted: UnlistedProduct) -> CitationView:
        """Return the citation of a kind of product that is no longer listed."""
        name = self._fact(self.t("Product"), self.viewer.language.phrase(unlisted.name).text)
        status = _ended(no_longer_listed(self.viewer.language, unlisted)).rstrip()
        return self._citation(name, "", status=status, permalink=urls.permalink("products", unlisted.id))

    def _unlisted(self, unlisted: UnlistedCertificate | UnlistedDatasheet, name: str, permalink: str) -> CitationView:
        status = _ended(no_longer_listed(self.viewer.language, unlisted)).rstrip()
        return self._citation(name, self._was(unlisted.provenance), status=status, permalink=permalink)

    # --- their parts, each ending in a full stop and a blank ---------------------------------------------------------

    def _citation(self, name: str, facts: str, *, status: str, permalink: str) -> CitationView:
        site_urls = self.viewer.urls
        href = site_urls.href(permalink)
        return CitationView(
            lang=self.viewer.lang,
            language=self.viewer.language.name,
            text=f"{self._begins}{_ended(name)}{facts}".rstrip(),
            status=status,
            source=self._source,
            address=site_urls.canonical(permalink) or href,
            href=href,
            consulted=self._consulted,
        )

    def _fact(self, label: str, value: str) -> str:
        return self.t("{label}: {value}", label=label, value=value)

    def _about(self, product: str, documents: _Asked) -> str:
        """Return which product it is, and which documents say what it must be: the record's own, or its product's."""
        known = self._what.get((product, documents))
        if known is None:
            name = self._fact(self.t("Product"), self.viewer.product_links[product].phrase.text)
            own = documents or tuple((id_, None) for id_ in self.viewer.register.products[product].documents)
            known = self._what[product, documents] = f"{_ended(name)}{self._documents(own)}"
        return known

    def _documents(self, asked: _Asked) -> str:
        known: Mapping[str, Document] = self.viewer.register.documents
        t = self.t
        for kinds in _WHAT_IS_ASKED:
            named = dict.fromkeys(
                t("{number}, edition {edition}", number=known[id_].number, edition=edition)
                if edition
                else known[id_].number
                for id_, edition in asked
                if known[id_].kind in kinds
            )
            if named:
                return _ended(self._fact(t("Reference documents"), "; ".join(named)))
        return ""

    def _from(self, holder: str, unit: str) -> str:
        known = self._whose.get((holder, unit))
        if known is None:
            place = self.viewer.register.units[unit]
            name = self.viewer.register.holders[holder].name
            known = self._names(name, place.name, self.viewer.place(place.address))
            self._whose[holder, unit] = known
        return known

    def _was(self, provenance: Provenance) -> str:
        product = self._fact(self.t("Product"), self.viewer.language.phrase(provenance.product_name).text)
        town = self.viewer.town(provenance.city, provenance.country)
        return f"{_ended(product)}{self._names(provenance.holder_name, provenance.unit_name, town)}"

    def _names(self, holder: str, unit: str, town: str) -> str:
        t = self.t
        return _ended(self._fact(t("Certificate holder"), holder)) + _ended(
            self._fact(t("Production unit"), f"{unit}, {town}")
        )

    def _status(self, record: Certificate | Datasheet) -> str:
        """Return what may be printed of a status on any day: that a record did not hold, else its dates alone."""
        language, view = self.viewer.language, self.viewer.status(record)
        if view.tone in ("ended", "suspended"):
            return f"{view.sentence}."
        first = language.date(record.valid_from)
        if record.valid_until is None:
            return self.t("In the register: from {first}, no end date. Check there whether it holds.", first=first)
        last = language.date(record.valid_until)
        return self.t(
            "In the register: from {first} until {last}. Check there whether it holds.", first=first, last=last
        )


def _ended(text: str) -> str:
    return f"{text} " if text.endswith(".") else f"{text}. "
