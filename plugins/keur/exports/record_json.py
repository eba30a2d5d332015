"""The JSON beside each record's pages: the record exactly as the export has it, and what it leads to.

It says dates and status events, never a status derived from them: the file stays the same until its record changes, and
a status would go stale in it. A record that is no longer listed says so, since when, and what the last export knew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keur import urls
from keur.exports.about import About, json_bytes
from keur.exports.shapes import Json, encode, encode_text
from keur.model import (
    Certificate,
    CertificateKey,
    Datasheet,
    Dates,
    Document,
    Holder,
    Product,
    Provenance,
    Register,
    System,
    Unit,
    UnlistedCertificate,
    UnlistedDatasheet,
    UnlistedDocument,
    UnlistedProduct,
)
from keur.urls import Urls


class RecordJson:
    """Makes the JSON of records; ``languages`` are those that the site has pages in."""

    def __init__(self, register: Register, site_urls: Urls, languages: Sequence[str]) -> None:
        self.register = register
        self.urls = site_urls
        self.languages = tuple(languages)
        self._about = About(register, site_urls)
        self._heads: dict[str, Json] = {}
        self._named: dict[tuple[str, str], Json] = {}

    # --- listed records ---------------------------------------------------------------------------------------------

    def certificate(self, certificate: Certificate) -> bytes:
        """Return the JSON of a certificate, with the codes of its datasheets."""
        register, key = self.register, certificate.key
        sheets = register.datasheets_by_certificate.get(key, ())
        return self._listed(
            "certificate",
            certificate,
            {
                "system": self._name("systems", certificate.system),
                "product": self._name("products", certificate.product),
                "holder": self._name("holders", certificate.holder),
                "units": [self._unit(unit) for unit in certificate.units],
                "documents": [self._name("documents", reference.id) for reference in certificate.documents],
                "replaces": self._certificates(register.predecessors.get(key, ())),
                "replaced_by": self._certificates(register.successors.get(key, ())),
                "datasheets": [
                    {"code": sheet.code, "json": self._json("datasheets", register.datasheet_slugs[sheet.code])}
                    for sheet in sheets
                ],
            },
            self._links("certificates", register.certificate_slugs[key]),
        )

    def datasheet(self, sheet: Datasheet) -> bytes:
        """Return the JSON of a datasheet, with the dates of its certificates: it covers a delivery only with one."""
        register = self.register
        return self._listed(
            "datasheet",
            sheet,
            {
                "product": self._name("products", sheet.product),
                "holder": self._name("holders", register.holder_of(sheet).id),
                "units": [self._unit(sheet.unit)],
                "certificates": [self._dated_certificate(reference.key) for reference in sheet.certificates],
                "documents": [self._name("documents", document) for document in sheet.conforms_to],
            },
            self._links("datasheets", register.datasheet_slugs[sheet.code]),
        )

    def product(self, product: Product) -> bytes:
        """Return the JSON of a product, with its certificates."""
        held = self.register.certificates_by_product.get(product.id, ())
        return self._listed(
            "product",
            product,
            {
                "systems": [self._name("systems", system) for system in product.systems],
                "documents": [self._name("documents", document) for document in product.documents],
                "certificates": self._certificates(certificate.key for certificate in held),
            },
            self._links("products", product.id),
        )

    def document(self, document: Document) -> bytes:
        """Return the JSON of a reference document, with the products it applies to."""
        register = self.register
        products = register.products_by_document.get(document.id, ())
        successor = document.replaced_by
        return self._listed(
            "document",
            document,
            {
                "replaced_by": [self._name("documents", successor)] if successor else [],
                "products": [self._name("products", product.id) for product in products],
            },
            self._links("documents", document.id),
        )

    def holder(self, holder: Holder) -> bytes:
        """Return the JSON of a certificate holder, with its production units and certificates."""
        register = self.register
        held = register.certificates_by_holder.get(holder.id, ())
        return self._listed(
            "holder",
            holder,
            {
                "units": [encode(unit) for unit in register.units_by_holder.get(holder.id, ())],
                "certificates": self._certificates(certificate.key for certificate in held),
            },
            self._links("holders", holder.id),
        )

    def system(self, system: System) -> bytes:
        """Return the JSON of a certification system, with its products and certificates."""
        products = self.register.products_by_system.get(system.id, ())
        held = self.register.certificates_by_system.get(system.id, ())
        return self._listed(
            "system",
            system,
            {
                "products": [self._name("products", product.id) for product in products],
                "certificates": self._certificates(certificate.key for certificate in held),
            },
            self._links("systems", system.id),
        )

    def _listed(
        self,
        kind: str,
        record: Certificate | Datasheet | Product | Document | Holder | System,
        related: Json,
        links: Json,
    ) -> bytes:
        given = {name: value for name, value in related.items() if value}
        return json_bytes(
            {**self._head(kind), "listed": True, "record": encode(record), "related": given, "links": links}
        )

    # --- records that are no longer listed --------------------------------------------------------------------------

    def unlisted_certificate(self, unlisted: UnlistedCertificate) -> bytes:
        """Return the JSON of a certificate that is no longer listed."""
        register, key = self.register, unlisted.key
        known = key.system in register.systems
        return self._unlisted(
            "certificate",
            unlisted,
            {"number": key.number, "system": key.system, **_provenance(unlisted.provenance), **_dates(unlisted.dates)},
            {
                "system": self._remembered(
                    "systems", key.system, {"name": encode_text(unlisted.system_name)}, known=known
                ),
                **self._was(unlisted.provenance),
                "replaces": self._certificates(register.predecessors.get(key, ())),
                "replaced_by": self._certificates(register.successors.get(key, ())),
            },
            self._links("certificates", unlisted.slug),
        )

    def unlisted_datasheet(self, unlisted: UnlistedDatasheet) -> bytes:
        """Return the JSON of a datasheet that is no longer listed."""
        record = {
            "code": unlisted.code,
            "certificates": [key._asdict() for key in unlisted.certificates],
            "trade_name": unlisted.trade_name,
            **_provenance(unlisted.provenance),
            **_dates(unlisted.dates),
        }
        related = {**self._was(unlisted.provenance), "certificates": self._certificates(unlisted.certificates)}
        return self._unlisted("datasheet", unlisted, record, related, self._links("datasheets", unlisted.slug))

    def unlisted_product(self, unlisted: UnlistedProduct) -> bytes:
        """Return the JSON of a product that is no longer listed."""
        record = {"id": unlisted.id, "name": encode_text(unlisted.name)}
        return self._unlisted("product", unlisted, record, {}, self._links("products", unlisted.id))

    def unlisted_document(self, unlisted: UnlistedDocument) -> bytes:
        """Return the JSON of a reference document that is no longer listed."""
        record = {
            "id": unlisted.id,
            "kind": unlisted.kind.value,
            "number": unlisted.number,
            "title": encode_text(unlisted.title),
        }
        related: Json = {}
        if unlisted.replaced_by:
            record["replaced_by"] = unlisted.replaced_by
            related["replaced_by"] = [self._document(unlisted.replaced_by)]
        return self._unlisted("document", unlisted, record, related, self._links("documents", unlisted.id))

    def _unlisted(
        self,
        kind: str,
        unlisted: UnlistedCertificate | UnlistedDatasheet | UnlistedProduct | UnlistedDocument,
        record: Json,
        related: Json,
        links: Json,
    ) -> bytes:
        given = {name: value for name, value in related.items() if value}
        days = {"last_listed": unlisted.last_listed.isoformat(), "unlisted": unlisted.unlisted.isoformat()}
        return json_bytes(
            {**self._head(kind), "listed": False, **days, "record": record, "related": given, "links": links}
        )

    # --- what a record leads to -------------------------------------------------------------------------------------

    def _head(self, kind: str) -> Json:
        if kind not in self._heads:
            self._heads[kind] = self._about.of_record(kind)
        return self._heads[kind]

    def _json(self, kind: str, name: str) -> str:
        return self.urls.address(urls.record_json(kind, name))

    def _links(self, kind: str, name: str) -> Json:
        links: Json = {"json": self._json(kind, name)}
        if kind in urls.PERMALINK_KINDS:
            links["permalink"] = self.urls.address(urls.permalink(kind, name))
        pages = {lang: self.urls.address(urls.record(lang, kind, name)) for lang in self.languages}
        return {**links, "pages": pages}

    def _name(self, kind: str, key: str) -> Json:
        """Return what a listed system, product, document or holder is called, and where its JSON is."""
        named = self._named.get((kind, key))
        if named is None:
            record = getattr(self.register, kind)[key]
            said = (
                {"number": record.number, "title": encode_text(record.title)}
                if isinstance(record, Document)
                else {"name": record.name if isinstance(record, Holder) else encode_text(record.name)}
            )
            named = self._named[kind, key] = {"id": key, **said, "json": self._json(kind, key)}
        return named

    def _unit(self, key: str) -> Json:
        named = self._named.get(("units", key))
        if named is None:
            unit: Unit = self.register.units[key]
            address = unit.address
            named = {"id": key, "name": unit.name, "city": address.city, "country": address.country}
            self._named["units", key] = named
        return named

    def _document(self, key: str) -> Json:
        """Return a document that another names, listed, remembered or neither."""
        register = self.register
        if key in register.documents:
            return self._name("documents", key)
        gone = register.memory.documents.get(key)
        said = {"number": gone.number, "title": encode_text(gone.title)} if gone else {}
        return self._remembered("documents", key, said, known=gone is not None)

    def _certificates(self, keys: Iterable[CertificateKey]) -> list[Json]:
        return [self._certificate(key) for key in keys]

    def _certificate(self, key: CertificateKey) -> Json:
        """Return a certificate that another record names; one that was never listed here has no JSON."""
        named: Json = {"system": key.system, "number": key.number}
        slug = self.register.certificate_slugs.get(key)
        return {**named, "json": self._json("certificates", slug)} if slug else named

    def _dated_certificate(self, key: CertificateKey) -> Json:
        certificate = self.register.certificates[key]
        dates: Json = {"valid_from": certificate.valid_from.isoformat()}
        if certificate.valid_until:
            dates["valid_until"] = certificate.valid_until.isoformat()
        if certificate.status_events:
            dates["status_events"] = [encode(event) for event in certificate.status_events]
        return {**self._certificate(key), **dates}

    def _was(self, provenance: Provenance) -> Json:
        """Return the product, holder and unit of a record as it was last listed, with JSON where there is some."""
        register = self.register
        product, holder = provenance.product, provenance.holder
        known = product in register.products or product in register.memory.products
        product_name = {"name": encode_text(provenance.product_name)}
        return {
            "product": self._remembered("products", product, product_name, known=known),
            "holder": self._remembered(
                "holders", holder, {"name": provenance.holder_name}, known=holder in register.holders
            ),
            "units": [
                {
                    "id": provenance.unit,
                    "name": provenance.unit_name,
                    "city": provenance.city,
                    "country": provenance.country,
                }
            ],
        }

    def _remembered(self, kind: str, key: str, said: Json, *, known: bool) -> Json:
        return {"id": key, **said, **({"json": self._json(kind, key)} if known else {})}


def _provenance(provenance: Provenance) -> Json:
    return {"product": provenance.product, "holder": provenance.holder, "unit": provenance.unit}


def _dates(dates: Dates) -> Json:
    said: Json = {"valid_from": dates.valid_from.isoformat()}
    if dates.valid_until:
        said["valid_until"] = dates.valid_until.isoformat()
    if dates.status_events:
        said["status_events"] = [encode(event) for event in dates.history]
    return said
