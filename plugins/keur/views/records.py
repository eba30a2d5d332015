"""The pages of single records: certificate, datasheet, system, product, holder, reference document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from keur import urls
from keur.model import (
    Certificate,
    Committee,
    Datasheet,
    DeclaredCharacteristic,
    Document,
    DocumentReference,
    Edition,
    Holder,
    Product,
    System,
    Unit,
    group_id,
)
from keur.views.contexts import (
    CertificatePage,
    CertificateStatus,
    CharacteristicRow,
    DatasheetPage,
    DocumentPage,
    EditionRow,
    Fact,
    FactValue,
    HolderPage,
    Link,
    NavItem,
    Phrase,
    ProductPage,
    SystemPage,
    UnitRow,
)
from keur.views.frame import Frame, LinkedData, page_fields
from keur.views.lists import count, first_rows
from keur.views.questions import certificate_question, datasheet_question
from keur.views.statuses import history
from keur.views.viewer import Viewer, code_groups


def certificate_page(frame: Frame, certificate: Certificate, linked: LinkedData) -> CertificatePage:
    """Return the page of a certificate or technical approval."""
    viewer = frame.viewer
    register, t = viewer.register, viewer.language.t
    system = register.systems[certificate.system]
    mark = viewer.marks[system.id]
    slug = register.certificate_slugs[certificate.key]
    status = viewer.status(certificate)
    kind = viewer.certificate_kind(system)
    title = viewer.certificate_title(certificate.key)
    sheets = register.datasheets_by_certificate.get(certificate.key, ())
    return CertificatePage(
        **page_fields(
            frame,
            path_of=lambda lang: urls.record(lang, "certificates", slug),
            title=f"{title} · {kind}",
            description=f"{title}: {status.sentence}. {viewer.product_links[certificate.product].phrase.text}, "
            f"{viewer.holder_links[certificate.holder].phrase.text}.",
            trail=(list_crumb(viewer, "certificates", t("Certificates")),),
            crumb=title,
            json_ld=linked.certificate(certificate),
            json_path=urls.record_json("certificates", slug),
        ),
        mark=mark,
        kind_label=kind,
        number=certificate.number,
        name=viewer.language.phrase(certificate.title) if certificate.title else None,
        status=status,
        facts=tuple(_certificate_facts(viewer, certificate)),
        history=history(viewer.language, certificate),
        drawn=viewer.drawn(certificate),
        question=certificate_question(viewer, certificate),
        replaces=viewer.certificate_links(register.predecessors.get(certificate.key, ())),
        replaced_by=viewer.certificate_links(register.successors.get(certificate.key, ())),
        datasheets=first_rows(viewer, "datasheets", sheets, of=("certificates", slug)),
        permalink=viewer.permalink("certificates", slug),
        links=tuple(Link(viewer.language.phrase(link.title), link.url) for link in certificate.links),
        remarks=viewer.language.phrase(certificate.remarks) if certificate.remarks else None,
    )


def _certificate_facts(viewer: Viewer, certificate: Certificate) -> Iterable[Fact]:
    register, language = viewer.register, viewer.language
    t = language.t
    yield Fact(t("Product"), (_linked(viewer.product_links[certificate.product]),))
    yield Fact(t("Certificate holder"), (_linked(viewer.holder_links[certificate.holder]),))
    yield Fact(t("Production unit"), (viewer.unit_value(register.units[certificate.unit]),))
    if certificate.other_units:
        others = (register.units[unit] for unit in certificate.other_units)
        yield Fact(t("Other production units"), tuple(viewer.unit_value(unit) for unit in others))
    if certificate.scope:
        yield Fact(t("Scope"), (FactValue(language.phrase(certificate.scope)),))
    if certificate.documents:
        values = tuple(_document_value(viewer, reference) for reference in certificate.documents)
        yield Fact(t("Reference documents"), values)
    yield Fact(t("Certification system"), (_linked(_mark_link(viewer, certificate.system)),))
    if certificate.issued:
        yield Fact(t("Issued"), (date_value(viewer, certificate.issued),))
    yield from _validity_facts(viewer, certificate)
    if certificate.url:
        yield Fact(t("Signed certificate"), (FactValue(Phrase(_file_name(certificate.url)), "link", certificate.url),))


def datasheet_page(frame: Frame, datasheet: Datasheet, linked: LinkedData) -> DatasheetPage:
    """Return the page of a technical datasheet: its status and that of its certificates, then what it declares."""
    viewer = frame.viewer
    register, t = viewer.register, viewer.language.t
    slug = register.datasheet_slugs[datasheet.code]
    status = viewer.status(datasheet)
    certificates = tuple(certificate_statuses(viewer, datasheet))
    product = register.products[datasheet.product]
    return DatasheetPage(
        **page_fields(
            frame,
            path_of=lambda lang: urls.record(lang, "datasheets", slug),
            title=f"{datasheet.code} · {datasheet.trade_name} · {t('Technical datasheet')}",
            description=f"{datasheet.code}: {status.sentence}. {viewer.product_links[product.id].phrase.text}, "
            f"{register.holder_of(datasheet).name}.",
            trail=(list_crumb(viewer, "datasheets", t("Technical datasheets")),),
            crumb=datasheet.code,
            json_ld=linked.datasheet(datasheet, declared=False),
            json_path=urls.record_json("datasheets", slug),
        ),
        code=datasheet.code,
        groups=code_groups(datasheet.code),
        trade_name=Phrase(datasheet.trade_name),
        marks=tuple(dict.fromkeys(viewer.marks[reference.system] for reference in datasheet.certificates)),
        status=status,
        certificates=certificates,
        covered=register.is_covered(datasheet),
        facts=tuple(_datasheet_facts(viewer, datasheet)),
        characteristics=characteristic_rows(viewer, product, datasheet.characteristics),
        history=history(viewer.language, datasheet),
        drawn=viewer.drawn(datasheet),
        question=datasheet_question(viewer, datasheet),
        permalink=viewer.permalink("datasheets", slug),
    )


def certificate_statuses(viewer: Viewer, datasheet: Datasheet) -> Iterable[CertificateStatus]:
    """Yield the certificates a datasheet hangs on, each with its own status."""
    for reference in datasheet.certificates:
        certificate = viewer.register.certificates[reference.key]
        yield CertificateStatus(
            number=certificate.number,
            mark=viewer.marks[certificate.system],
            href=viewer.certificate_href(certificate.key),
            status=viewer.status(certificate),
        )


def _datasheet_facts(viewer: Viewer, datasheet: Datasheet) -> Iterable[Fact]:
    register, t = viewer.register, viewer.language.t
    yield Fact(t("Product"), (_linked(viewer.product_links[datasheet.product]),))
    yield Fact(t("Certificate holder"), (_linked(viewer.holder_links[register.holder_of(datasheet).id]),))
    yield Fact(t("Production unit"), (viewer.unit_value(register.units[datasheet.unit]),))
    if datasheet.conforms_to:
        values = tuple(_linked(viewer.document_links[document]) for document in datasheet.conforms_to)
        yield Fact(t("Conforms to"), values)
    if datasheet.version:
        yield Fact(t("Version"), (FactValue(Phrase(datasheet.version)),))
    if datasheet.date:
        yield Fact(t("Date of the datasheet"), (date_value(viewer, datasheet.date),))
    yield from _validity_facts(viewer, datasheet)
    if datasheet.gtin:
        yield Fact("GTIN", (FactValue(Phrase(datasheet.gtin), "number", machine=datasheet.gtin),))
    if datasheet.url:
        yield Fact(t("Signed datasheet"), (FactValue(Phrase(_file_name(datasheet.url)), "link", datasheet.url),))
    if datasheet.dop_url:
        value = FactValue(Phrase(_file_name(datasheet.dop_url)), "link", datasheet.dop_url)
        yield Fact(t("Declaration of performance"), (value,))


def characteristic_rows(
    viewer: Viewer, product: Product, declared: Sequence[DeclaredCharacteristic]
) -> tuple[CharacteristicRow, ...]:
    """Return declared characteristics in the order of the datasheet, with what the product says of each."""
    known = viewer.characteristics(product)
    rows = []
    for value in declared:
        name, unit, standard = known[value.id]
        rows.append(
            CharacteristicRow(
                name=name,
                value=value.printed,
                unit=value.unit or unit,
                tolerance=value.tolerance,
                performance_class=value.performance_class,
                standard=value.standard or standard,
            )
        )
    return tuple(rows)


def system_page(frame: Frame, system: System) -> SystemPage:
    """Return the page of a certification system with its products and certificates."""
    viewer = frame.viewer
    register, t = viewer.register, viewer.language.t
    mark = viewer.marks[system.id]
    certificates = viewer.sorted_certificates(register.certificates_by_system.get(system.id, ()))
    products = viewer.sorted_products(register.products_by_system.get(system.id, ()))
    return SystemPage(
        **page_fields(
            frame,
            path_of=lambda lang: urls.record(lang, "systems", system.id),
            title=f"{mark.name.text} · {t('Certification system')}",
            description=f"{mark.name.text}: {viewer.system_kind(system.kind)}.",
            trail=(list_crumb(viewer, "systems", t("Certification systems")),),
            crumb=mark.name.text,
            json_path=urls.record_json("systems", system.id),
        ),
        mark=mark,
        facts=tuple(_system_facts(viewer, system)),
        description_text=viewer.language.phrase(system.description) if system.description else None,
        products=first_rows(viewer, "products", products, of=None),
        certificates=first_rows(viewer, "certificates", certificates, of=("systems", system.id), system=system.id),
        changes_href=viewer.urls.href(urls.changes(viewer.lang, "systems", system.id)),
        feed_href=viewer.urls.href(urls.feed(viewer.lang, "systems", system.id)),
    )


def _system_facts(viewer: Viewer, system: System) -> Iterable[Fact]:
    t = viewer.language.t
    yield Fact(t("Kind"), (FactValue(Phrase(viewer.system_kind(system.kind))),))
    yield Fact(t("Owner"), (FactValue(Phrase(system.owner)),))
    if system.committee:
        names = {
            Committee.SECTORAL_COMMISSION: t("sectoral commission"),
            Committee.ADVISORY_BOARD: t("advisory board"),
        }
        yield Fact(t("Committee"), (FactValue(Phrase(names[system.committee])),))
    if system.accreditation:
        yield Fact(t("Accreditation"), (FactValue(Phrase(system.accreditation)),))
    if system.number_pattern:
        yield Fact(t("Form of its numbers"), (FactValue(Phrase(system.number_pattern), "number"),))
    if system.url:
        yield Fact(t("Website"), (FactValue(Phrase(system.url), "link", system.url),))


def product_page(frame: Frame, product: Product) -> ProductPage:
    """Return the page of a product: which marks and documents apply, who supplies it."""
    viewer = frame.viewer
    register, t = viewer.register, viewer.language.t
    name = viewer.language.phrase(product.name)
    certificates = viewer.sorted_certificates(register.certificates_by_product.get(product.id, ()))
    sheets = register.datasheets_by_product.get(product.id, ())
    of = ("products", product.id)
    return ProductPage(
        **page_fields(
            frame,
            path_of=lambda lang: urls.record(lang, "products", product.id),
            title=f"{name.text} · {t('Product')}",
            description=f"{name.text}: " + ", ".join(viewer.marks[system].name.text for system in product.systems),
            trail=(list_crumb(viewer, "products", t("Products")),),
            crumb=name.text,
            json_path=urls.record_json("products", product.id),
        ),
        name=name,
        marks=tuple(viewer.marks[system] for system in product.systems),
        facts=tuple(_product_facts(viewer, product)),
        description_text=viewer.language.phrase(product.description) if product.description else None,
        characteristics=tuple(
            CharacteristicRow(viewer.language.phrase(c.name), "", c.unit, None, None, c.standard)
            for c in product.characteristics
        ),
        certificates=first_rows(viewer, "certificates", certificates, of=of, product=product.id),
        datasheets=first_rows(viewer, "datasheets", sheets, of=of, product=product.id),
        changes_href=viewer.urls.href(urls.changes(viewer.lang, "products", product.id)),
        feed_href=viewer.urls.href(urls.feed(viewer.lang, "products", product.id)),
        permalink=viewer.permalink("products", product.id),
    )


def _product_facts(viewer: Viewer, product: Product) -> Iterable[Fact]:
    register, language = viewer.register, viewer.language
    t = language.t
    group = Link(language.phrase(product.group), viewer.urls.filtered(viewer.lang, group=group_id(product)))
    yield Fact(t("Product group"), (_linked(group),))
    yield Fact(t("Certification systems"), tuple(_linked(_mark_link(viewer, system)) for system in product.systems))
    if product.documents:
        documents = tuple(_linked(viewer.document_links[document]) for document in product.documents)
        yield Fact(t("Reference documents"), documents)
    if product.applications:
        yield Fact(t("Applications"), (FactValue(language.phrase(product.applications)),))
    if product.synonyms:
        own = [word for word in product.synonyms if not word.missing((viewer.lang,))]
        words = tuple(FactValue(language.phrase(word)) for word in own or product.synonyms)
        yield Fact(t("Also called"), words)
    if product.contact:
        contact = register.contacts[product.contact]
        href = viewer.urls.href(urls.team(viewer.lang), contact.id)
        yield Fact(t("Contact"), (FactValue(language.phrase(contact.role), "link", href),))


def holder_page(frame: Frame, holder: Holder) -> HolderPage:
    """Return the page of a certificate holder with its production units."""
    viewer = frame.viewer
    register, t = viewer.register, viewer.language.t
    certificates = viewer.sorted_certificates(register.certificates_by_holder.get(holder.id, ()))
    sheets = register.datasheets_by_holder.get(holder.id, ())
    of = ("holders", holder.id)
    return HolderPage(
        **page_fields(
            frame,
            path_of=lambda lang: urls.record(lang, "holders", holder.id),
            title=f"{holder.name} · {t('Certificate holder')}",
            description=f"{holder.name}: {count(viewer, 'certificates', len(certificates))}.",
            trail=(list_crumb(viewer, "holders", t("Certificate holders")),),
            crumb=holder.name,
            json_path=urls.record_json("holders", holder.id),
        ),
        name=Phrase(holder.name),
        facts=tuple(_holder_facts(viewer, holder)),
        units=tuple(
            _unit_row(viewer, unit) for unit in viewer.sorted_units(register.units_by_holder.get(holder.id, ()))
        ),
        certificates=first_rows(viewer, "certificates", certificates, of=of, holder=holder.id),
        datasheets=first_rows(viewer, "datasheets", sheets, of=of, holder=holder.id),
    )


def _holder_facts(viewer: Viewer, holder: Holder) -> Iterable[Fact]:
    t = viewer.language.t
    if holder.address:
        lines = viewer.address_lines(holder.address)
        yield Fact(t("Address"), tuple(FactValue(Phrase(line), "address") for line in lines))
    else:
        yield Fact(t("Country"), (FactValue(Phrase(viewer.language.country(holder.country))),))
    if holder.enterprise_number:
        yield Fact(t("Enterprise number"), (FactValue(Phrase(holder.enterprise_number), "number"),))
    if holder.website:
        yield Fact(t("Website"), (FactValue(Phrase(holder.website), "link", holder.website),))
    if holder.former_names:
        yield Fact(
            t("Former names"),
            tuple(
                FactValue(Phrase(former.name), note=Phrase(t("until {date}", date=viewer.language.date(former.until))))
                for former in holder.former_names
            ),
        )


def _unit_row(viewer: Viewer, unit: Unit) -> UnitRow:
    certificates = viewer.sorted_certificates(viewer.register.certificates_by_unit.get(unit.id, ()))
    return UnitRow(
        anchor=urls.unit_anchor(unit.id),
        name=Phrase(unit.name),
        kind=viewer.unit_kind(unit.kind),
        number=unit.number,
        address=viewer.address_lines(unit.address),
        certificates=tuple(viewer.certificate_link(certificate.key) for certificate in certificates),
    )


def document_page(frame: Frame, document: Document) -> DocumentPage:
    """Return the page of a reference document with its editions and what it applies to."""
    viewer = frame.viewer
    register, t = viewer.register, viewer.language.t
    kind = viewer.document_kind(document.kind)
    name = viewer.language.phrase(document.title)
    products = viewer.sorted_products(register.products_by_document.get(document.id, ()))
    certificates = viewer.sorted_certificates(register.certificates_by_document.get(document.id, ()))
    return DocumentPage(
        **page_fields(
            frame,
            path_of=lambda lang: urls.record(lang, "documents", document.id),
            title=f"{document.number} · {name.text}",
            description=f"{document.number}: {name.text} ({kind}).",
            trail=(list_crumb(viewer, "documents", t("Reference documents")),),
            crumb=document.number,
            json_path=urls.record_json("documents", document.id),
        ),
        kind_label=kind[0].upper() + kind[1:],
        number=document.number,
        name=name,
        facts=tuple(_document_facts(viewer, document)),
        editions=tuple(_edition_row(viewer, edition) for edition in document.editions),
        replaced_by=viewer.document_links[document.replaced_by] if document.replaced_by else None,
        products=first_rows(viewer, "products", products, of=None),
        certificates=first_rows(viewer, "certificates", certificates, of=("documents", document.id)),
        permalink=viewer.permalink("documents", document.id, cited=False),
    )


def _document_facts(viewer: Viewer, document: Document) -> Iterable[Fact]:
    if document.url:
        yield Fact(viewer.language.t("Published at"), (FactValue(Phrase(document.url), "link", document.url),))


def _edition_row(viewer: Viewer, edition: Edition) -> EditionRow:
    def day(value: dt.date | None) -> str | None:
        return viewer.language.date(value) if value else None

    return EditionRow(
        edition=edition.edition,
        date=day(edition.date),
        valid_from=day(edition.valid_from),
        valid_until=day(edition.valid_until),
        languages=", ".join(tag.upper() for tag in edition.languages) or None,
        href=edition.url,
    )


# --- values of facts ------------------------------------------------------------------------------------------------


def _validity_facts(viewer: Viewer, record: Certificate | Datasheet) -> Iterable[Fact]:
    t = viewer.language.t
    yield Fact(t("Valid from"), (date_value(viewer, record.valid_from),))
    until = date_value(viewer, record.valid_until) if record.valid_until else FactValue(Phrase(t("no end date given")))
    yield Fact(t("Valid until"), (until,))


def _linked(link: Link) -> FactValue:
    return FactValue(link.phrase, "link", link.href, note=link.note)


def _mark_link(viewer: Viewer, system: str) -> Link:
    mark = viewer.marks[system]
    return Link(mark.name, mark.href)


def date_value(viewer: Viewer, day: dt.date) -> FactValue:
    """Return a day as a value of a fact."""
    return FactValue(Phrase(viewer.language.date(day)), "date", machine=day.isoformat())


def _document_value(viewer: Viewer, reference: DocumentReference) -> FactValue:
    link = viewer.document_links[reference.id]
    if not reference.edition:
        return _linked(link)
    words = viewer.language.t("{number}, edition {edition}", number=link.phrase.text, edition=reference.edition)
    return FactValue(Phrase(words), "link", link.href, note=link.note)


def _file_name(url: str) -> str:
    """Return what a link to a file is called: its name, else its host."""
    parts = urlsplit(url)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc


def list_crumb(viewer: Viewer, kind: str, label: str) -> NavItem:
    """Return the way up from a record to the list of its kind."""
    return NavItem(label, viewer.urls.href(urls.listing(viewer.lang, kind)))
