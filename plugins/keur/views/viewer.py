"""How a page of one language speaks of the register: names, links, marks, rows. Everything larger is made of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import TypeVar

from keur import urls
from keur.model import (
    Address,
    Certificate,
    CertificateKey,
    Datasheet,
    Document,
    DocumentKind,
    Edition,
    Holder,
    Product,
    Register,
    System,
    SystemKind,
    Unit,
    UnitKind,
)
from keur.model.order import alphabetical, natural
from keur.numbers import compact
from keur.urls import Urls
from keur.views.at_hand import AtHand
from keur.views.contexts import (
    CertificateRow,
    DatasheetRow,
    DocumentRow,
    FactValue,
    HolderRow,
    Link,
    MarkView,
    PermalinkView,
    Phrase,
    ProductRow,
    StatusView,
    SystemRow,
    TimelineView,
)
from keur.views.language import Language
from keur.views.statuses import drawn, standing, standing_view, timeline

RecordT = TypeVar("RecordT")


class Viewer:
    """The register in one language. Rows of certificates are made once and shared by every list they stand on."""

    def __init__(
        self, register: Register, language: Language, site_urls: Urls, in_every_language: AtHand | None = None
    ) -> None:
        """``in_every_language`` has what viewers of one register say alike."""
        self.register = register
        self.language = language
        self.urls = site_urls
        self.lang = language.tag
        self._certificate_rows: dict[CertificateKey, CertificateRow] = {}
        self.in_every_language = in_every_language or AtHand()
        self._at_hand = AtHand()
        self._characteristics: dict[str, dict[str, tuple[Phrase, str | None, str | None]]] = {}
        self._unit_values: dict[str, FactValue] = {}

    # --- addresses -------------------------------------------------------------------------------------------------

    def record_href(self, kind: str, name: str) -> str:
        """Return the link to a record's page in this language."""
        return self.urls.href(urls.record(self.lang, kind, name))

    def certificate_href(self, key: CertificateKey) -> str:
        """Return the link to a certificate's page."""
        return self.record_href("certificates", self.register.certificate_slugs[key])

    def datasheet_href(self, code: str) -> str:
        """Return the link to a datasheet's page."""
        return self.record_href("datasheets", self.register.datasheet_slugs[code])

    def permalink(self, kind: str, name: str, *, cited: bool = True) -> PermalinkView:
        """Return a record's permalink, with its citation and the QR code of the whole address, where there are such.

        Reference documents have neither.
        """
        path = urls.permalink(kind, name)
        href = self.urls.href(path)
        if not cited:
            return PermalinkView(self.urls.address(path), href)
        return PermalinkView(self.urls.address(path), href, f"{href}#{self.lang}", self.qr_href(kind, name))

    def qr_href(self, kind: str, name: str) -> str | None:
        """Return the link to the QR code of a permalink; None where the site does not know its own address."""
        return self.urls.href(urls.qr_code(kind, name)) if self.urls.site_url else None

    # --- names as links --------------------------------------------------------------------------------------------

    @cached_property
    def marks(self) -> dict[str, MarkView]:
        """The neutral label of each system."""
        return {
            system.id: MarkView(system.id, self.language.phrase(system.name), self.record_href("systems", system.id))
            for system in self.register.systems.values()
        }

    @cached_property
    def product_links(self) -> dict[str, Link]:
        """The name of each product, leading to its page."""
        return {
            product.id: Link(self.language.phrase(product.name), self.record_href("products", product.id))
            for product in self.register.products.values()
        }

    @cached_property
    def holder_links(self) -> dict[str, Link]:
        """The name of each holder, leading to its page."""
        return {
            holder.id: Link(Phrase(holder.name), self.record_href("holders", holder.id))
            for holder in self.register.holders.values()
        }

    @cached_property
    def unit_links(self) -> dict[str, Link]:
        """The name of each production unit, leading to its place on its holder's page."""
        return {
            unit.id: Link(
                Phrase(unit.name),
                self.urls.href(urls.record(self.lang, "holders", unit.holder), urls.unit_anchor(unit.id)),
            )
            for unit in self.register.units.values()
        }

    @cached_property
    def document_links(self) -> dict[str, Link]:
        """The number of each reference document, leading to its page, with its title as a note."""
        return {
            document.id: Link(
                Phrase(document.number),
                self.record_href("documents", document.id),
                self.language.phrase(document.title),
            )
            for document in self.register.documents.values()
        }

    def certificate_link(self, key: CertificateKey) -> Link:
        """Return a certificate's mark and number, leading to its page where the register knows or knew it."""
        known = key in self.register.certificate_slugs
        return Link(Phrase(self.certificate_title(key)), self.certificate_href(key) if known else None)

    def certificate_links(self, keys: Iterable[CertificateKey]) -> tuple[Link, ...]:
        """Return certificates as links, in the order given."""
        return tuple(self.certificate_link(key) for key in keys)

    def certificate_title(self, key: CertificateKey) -> str:
        """Return a certificate's mark and number; a number that begins with its mark is not given it twice."""
        mark = self.marks[key.system].name.text if key.system in self.marks else key.system
        return key.number if compact(key.number).startswith(compact(mark)) else f"{mark} {key.number}"

    def characteristics(self, product: Product) -> dict[str, tuple[Phrase, str | None, str | None]]:
        """Return the name, unit and standard of each characteristic that a product's datasheets declare."""
        known = self._characteristics.get(product.id)
        if known is None:
            known = self._characteristics[product.id] = {
                characteristic.id: (
                    self.language.phrase(characteristic.name),
                    characteristic.unit,
                    characteristic.standard,
                )
                for characteristic in product.characteristics
            }
        return known

    # --- statuses, places, kinds -----------------------------------------------------------------------------------

    def status(self, record: Certificate | Datasheet) -> StatusView:
        """Return a record's own status on the day of the export."""
        return self._at_hand.once("status", record.key, lambda: self._status(record))

    def _status(self, record: Certificate | Datasheet) -> StatusView:
        day = self.register.export_day
        stands = self.in_every_language.once("standing", record.key, lambda: standing(record, day))
        return standing_view(self.language, record, stands)

    def drawn(self, record: Certificate | Datasheet) -> TimelineView | None:
        """Return a record's history as a drawing."""
        return self.in_every_language.once("drawn", record.key, lambda: drawn(record))

    def _status_in_lists(self, datasheet: Datasheet) -> StatusView:
        """Return a datasheet's status as a list tells it: a valid one without a valid certificate covers nothing.

        Such a row is not compared with today by script (it has no timeline): its own dates alone would turn it green.
        One that is covered says until when, if it would hold longer itself.
        """
        status = self.status(datasheet)
        if status.tone != "valid":
            return status
        if not self.register.is_covered(datasheet):
            caution = self.language.t("Does not cover a delivery: no certificate it hangs on is valid.")
            return status._replace(tone="unknown", sentence=caution, detail=None, timeline="")
        until = self.register.covered_until(datasheet)
        if until is None or (datasheet.valid_until and datasheet.valid_until <= until):
            return status
        dates = self.in_every_language.once("covered", datasheet.key, lambda: timeline(datasheet, until))
        return status._replace(timeline=dates)

    def place(self, address: Address | None, country: str | None = None) -> str:
        """Return a town, with its country where it is not the publisher's."""
        if address is None:
            return self.language.country(country) if country and country != self.home_country else ""
        return self.town(address.city, address.country)

    def town(self, city: str, country: str) -> str:
        """Return a town, with its country where it is not the publisher's."""
        return city if country == self.home_country else f"{city} ({self.language.country(country)})"

    @cached_property
    def home_country(self) -> str | None:
        """The country of the publisher, which needs no naming."""
        address = self.register.export.publisher.address
        return address.country if address else None

    def address_lines(self, address: Address) -> tuple[str, ...]:
        """Return an address line by line, as an envelope has it."""
        town = " ".join(part for part in (address.postcode, address.city) if part)
        lines = (address.street, town, address.region, self.language.country(address.country))
        return tuple(line for line in lines if line)

    def unit_value(self, unit: Unit) -> FactValue:
        """Return a production unit as a fact: its name, leading to its place, with its address."""
        value = self._unit_values.get(unit.id)
        if value is None:
            link = self.unit_links[unit.id]
            address = Phrase(", ".join(self.address_lines(unit.address)))
            value = self._unit_values[unit.id] = FactValue(link.phrase, "link", link.href, note=address)
        return value

    def unit_kind(self, kind: UnitKind | None) -> str | None:
        """Return the words for a kind of production unit."""
        t = self.language.t
        names = {
            UnitKind.FIXED: t("fixed unit"),
            UnitKind.MOBILE: t("mobile unit"),
            UnitKind.DISTRIBUTOR: t("distributor"),
        }
        return names[kind] if kind else None

    def system_kind(self, kind: SystemKind) -> str:
        """Return the words for a kind of certification system."""
        t = self.language.t
        return {
            SystemKind.QUALITY_MARK: t("quality mark"),
            SystemKind.TECHNICAL_APPROVAL: t("technical approval"),
            SystemKind.EXECUTION: t("certification of execution"),
            SystemKind.CE_MARKING: t("CE marking"),
            SystemKind.MANAGEMENT_SYSTEM: t("management system"),
            SystemKind.ENVIRONMENT: t("environment"),
        }[kind]

    def document_kind(self, kind: DocumentKind) -> str:
        """Return the words for a kind of reference document."""
        t = self.language.t
        return {
            DocumentKind.PTV: t("technical prescriptions (PTV)"),
            DocumentKind.TRA: t("application regulations (TRA)"),
            DocumentKind.REGULATION: t("regulation"),
            DocumentKind.REGULATORY_NOTE: t("regulatory note"),
            DocumentKind.GUIDELINE: t("guideline"),
            DocumentKind.STANDARD: t("standard"),
            DocumentKind.FORM: t("form"),
            DocumentKind.REPORT: t("report"),
            DocumentKind.OTHER: t("document"),
        }[kind]

    def certificate_kind(self, system: System) -> str:
        """Return what a record of this system is called."""
        if system.kind is SystemKind.TECHNICAL_APPROVAL:
            return self.language.t("Technical approval")
        return self.language.t("Certificate")

    # --- rows of lists ---------------------------------------------------------------------------------------------

    def certificate_row(self, certificate: Certificate) -> CertificateRow:
        """Return a certificate as a row."""
        key = certificate.key
        row = self._certificate_rows.get(key)
        if row is None:
            unit = self.register.units[certificate.unit]
            row = self._certificate_rows[key] = CertificateRow(
                href=self.certificate_href(key),
                number=certificate.number,
                mark=self.marks[certificate.system],
                status=self.status(certificate),
                product=self.product_links[certificate.product],
                holder=self.holder_links[certificate.holder],
                unit=self.unit_links[unit.id],
                place=self.place(unit.address),
            )
        return row

    def datasheet_row(self, datasheet: Datasheet) -> DatasheetRow:
        """Return a datasheet as a row."""
        return self._at_hand.once("row", datasheet.code, lambda: self._datasheet_row(datasheet))

    def _datasheet_row(self, datasheet: Datasheet) -> DatasheetRow:
        unit = self.register.units[datasheet.unit]
        return DatasheetRow(
            href=self.datasheet_href(datasheet.code),
            code=datasheet.code,
            groups=code_groups(datasheet.code),
            trade_name=Phrase(datasheet.trade_name),
            status=self._status_in_lists(datasheet),
            product=self.product_links[datasheet.product],
            holder=self.holder_links[self.register.holder_of(datasheet).id],
            unit=self.unit_links[unit.id],
            place=self.place(unit.address),
        )

    def document_row(self, document: Document) -> DocumentRow:
        """Return a reference document as a row."""
        edition = edition_in_force(document, self)
        return DocumentRow(
            href=self.record_href("documents", document.id),
            kind=self.document_kind(document.kind),
            number=document.number,
            title=self.language.phrase(document.title),
            edition=edition.edition if edition else None,
        )

    def holder_row(self, holder: Holder) -> HolderRow:
        """Return a holder as a row."""
        register = self.register
        return HolderRow(
            href=self.record_href("holders", holder.id),
            name=Phrase(holder.name),
            place=self.place(holder.address, holder.country),
            certificates=len(register.certificates_by_holder.get(holder.id, ())),
            units=len(register.units_by_holder.get(holder.id, ())),
        )

    def product_row(self, product: Product) -> ProductRow:
        """Return a product as a row."""
        register = self.register
        return ProductRow(
            href=self.record_href("products", product.id),
            name=self.language.phrase(product.name),
            group=self.language.phrase(product.group),
            marks=tuple(self.marks[system] for system in product.systems),
            documents=tuple(self.document_links[document] for document in product.documents),
            certificates=len(register.certificates_by_product.get(product.id, ())),
            datasheets=len(register.datasheets_by_product.get(product.id, ())),
        )

    def system_row(self, system: System) -> SystemRow:
        """Return a certification system as a row."""
        register = self.register
        return SystemRow(
            mark=self.marks[system.id],
            kind=self.system_kind(system.kind),
            certificates=len(register.certificates_by_system.get(system.id, ())),
            datasheets=len(register.datasheets_by_system.get(system.id, ())),
            search_href=self.urls.filtered(self.lang, system=system.id),
        )

    # --- orders of lists -------------------------------------------------------------------------------------------

    def sorted_certificates(self, certificates: Iterable[Certificate]) -> list[Certificate]:
        """Sort certificates by system, then number."""
        return sorted(
            certificates, key=lambda c: (alphabetical(self.marks[c.system].name.text), natural(c.number), c.key)
        )

    def sorted_holders(self) -> list[Holder]:
        """Sort holders by name."""
        return sorted(self.register.holders.values(), key=lambda holder: (alphabetical(holder.name), holder.id))

    def sorted_products(self, products: Iterable[Product]) -> list[Product]:
        """Sort products by group, then name."""
        phrase = self.language.phrase
        return sorted(
            products, key=lambda p: (alphabetical(phrase(p.group).text), alphabetical(phrase(p.name).text), p.id)
        )

    def sorted_documents(self, documents: Iterable[Document]) -> list[Document]:
        """Sort reference documents by kind in the contract's order, then number."""
        kinds = list(DocumentKind)
        return sorted(documents, key=lambda d: (kinds.index(d.kind), natural(d.number), d.id))

    def sorted_units(self, units: Iterable[Unit]) -> list[Unit]:
        """Sort production units by name."""
        return sorted(units, key=lambda unit: (alphabetical(unit.name), unit.id))

    def sorted_systems(self) -> list[System]:
        """Sort systems by how many certificates they have, then name: the body's own marks come first."""
        held = self.register.certificates_by_system
        return sorted(
            self.register.systems.values(),
            key=lambda s: (-len(held.get(s.id, ())), alphabetical(self.marks[s.id].name.text), s.id),
        )


@lru_cache(maxsize=2048)
def code_groups(code: str) -> tuple[str, ...]:
    """Return the pieces in which a long run of digits is read: eight digits as two fours."""
    if not (code.isdecimal() and code.isascii() and len(code) >= 7):
        return (code,)
    first = len(code) % 4
    pieces = [code[:first]] if first else []
    return (*pieces, *(code[start : start + 4] for start in range(first, len(code), 4)))


def edition_in_force(document: Document, viewer: Viewer) -> Edition | None:
    """Return the edition in force on the day of the export: the latest begun and not ended."""
    day = viewer.register.export_day
    running = [
        edition
        for edition in document.editions
        if (edition.valid_from or edition.date or day) <= day
        and (edition.valid_until is None or edition.valid_until >= day)
    ]
    dated = sorted(running, key=lambda edition: edition.valid_from or edition.date or day)
    return dated[-1] if dated else None


def in_pages(records: Sequence[RecordT], size: int) -> list[Sequence[RecordT]]:
    """Cut records into pages; no records are one empty page."""
    return [records[start : start + size] for start in range(0, len(records), size)] or [records]
