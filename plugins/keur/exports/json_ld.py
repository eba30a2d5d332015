"""Records as schema.org linked data, for search engines and readers of tender documents.

A certificate is a ``Certification``, a datasheet a ``Product`` that has one. Validity is told by its dates; a status is
told only where it says that a certificate does not hold, because "active" would be true on the day of the export alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from keur import urls
from keur.model import (
    Certificate,
    CertificateKey,
    Datasheet,
    DeclaredCharacteristic,
    Holder,
    Product,
    Register,
    Status,
    Text,
)
from keur.urls import Urls

_LINKED = Mapping[str, object]


class LinkedData:
    """Makes the linked data of records; ``languages`` is the order in which a text's language is chosen."""

    def __init__(self, register: Register, site_urls: Urls, languages: tuple[str, ...]) -> None:
        self.register = register
        self.urls = site_urls
        self.languages = languages
        self._certifications: dict[CertificateKey, dict[str, object]] = {}
        self._declarable: dict[str, dict[str, tuple[str, str | None]]] = {}

    def certificate(self, certificate: Certificate) -> _LINKED:
        """Return a certificate as a schema.org Certification."""
        return {
            "@context": "https://schema.org",
            **self._certification(certificate),
            "about": _organization(self.register.holders[certificate.holder]),
        }

    def datasheet(self, datasheet: Datasheet, *, declared: bool = True) -> _LINKED:
        """Return a datasheet as a schema.org Product with its certifications.

        ``declared`` adds its declared characteristics: once, on the card, for they would be a tenth of each page.
        """
        register = self.register
        product = register.products[datasheet.product]
        manufacturer = register.holder_of(datasheet)
        permalink = urls.permalink("datasheets", register.datasheet_slugs[datasheet.code])
        linked: dict[str, object] = {
            "@context": "https://schema.org",
            "@type": "Product",
            "@id": self.urls.address(permalink),
            "name": datasheet.trade_name,
            "sku": datasheet.code,
            "category": self._in_language(product.name),
            "manufacturer": _organization(manufacturer),
            "hasCertification": [
                self._certification_beside(register.certificates[reference.key], manufacturer)
                for reference in datasheet.certificates
            ],
        }
        if datasheet.gtin:
            linked["gtin"] = datasheet.gtin
        if declared and datasheet.characteristics:
            linked["additionalProperty"] = list(self._declared(product, datasheet.characteristics))
        return linked

    def _declared(self, product: Product, declared: Iterable[DeclaredCharacteristic]) -> Iterator[dict[str, str]]:
        names = self._declarable.get(product.id)
        if names is None:
            names = self._declarable[product.id] = {
                characteristic.id: (self._in_language(characteristic.name), characteristic.unit)
                for characteristic in product.characteristics
            }
        for one in declared:
            name, unit = names[one.id]
            linked = {"@type": "PropertyValue", "name": name}
            if one.value is not None:
                linked["value"] = one.value
            if one.min is not None:
                linked["minValue"] = one.min
            if one.max is not None:
                linked["maxValue"] = one.max
            if unit := one.unit or unit:
                linked["unitText"] = unit
            yield linked

    def _certification_beside(self, certificate: Certificate, manufacturer: Holder) -> dict[str, object]:
        """Return a certification that names its holder only where that is another than the manufacturer."""
        linked = self._certification(certificate)
        if certificate.holder == manufacturer.id:
            return linked
        return {**linked, "about": _organization(self.register.holders[certificate.holder])}

    def _certification(self, certificate: Certificate) -> dict[str, object]:
        key = certificate.key
        linked = self._certifications.get(key)
        if linked is None:
            linked = self._certifications[key] = self._made_certification(certificate)
        return linked

    def _made_certification(self, certificate: Certificate) -> dict[str, object]:
        register = self.register
        system = register.systems[certificate.system]
        permalink = urls.permalink("certificates", register.certificate_slugs[certificate.key])
        linked: dict[str, object] = {
            "@type": "Certification",
            "@id": self.urls.address(permalink),
            "name": f"{self._in_language(system.name)} {certificate.number}",
            "certificationIdentification": certificate.number,
            "issuedBy": {
                "@type": "Organization",
                "name": register.export.publisher.name,
                "url": register.export.publisher.url,
            },
            "validFrom": certificate.valid_from.isoformat(),
        }
        if certificate.title:
            linked["description"] = self._in_language(certificate.title)
        if certificate.valid_until:
            linked["expires"] = certificate.valid_until.isoformat()
        if certificate.issued:
            linked["datePublished"] = certificate.issued.isoformat()
        if register.status_of(certificate) is not Status.VALID:
            linked["certificationStatus"] = "https://schema.org/CertificationInactive"
        return linked

    def _in_language(self, text: Text) -> str:
        return text.in_languages(self.languages)[0]


def _organization(holder: Holder) -> dict[str, str]:
    return {"@type": "Organization", "name": holder.name}
