"""What pages show, as digests: as long as the digest of a family of pages is the same, so are its pages.

A digest covers the records that a page speaks of, their addresses, and which of their dates have passed on the day of
the export; templates, languages and what all pages share are told apart elsewhere (``plan``). It may cover more than a
page prints, and then a page is rendered again to the same bytes; it must never cover less.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import Any

from keur.model import (
    Certificate,
    CertificateKey,
    Change,
    Datasheet,
    Provenance,
    Register,
    UnlistedCertificate,
    UnlistedDatasheet,
    UnlistedDocument,
    UnlistedProduct,
)
from keur.model.memory import NO_TRACE, Trace
from keur.site.digests import KeptDigests
from keur.views.lists import FIRST_ROWS

Digest = bytes
_CODE = attrgetter("code")


def digest(*parts: bytes | str | int | None) -> Digest:
    """Return the digest of parts in their order. Texts, numbers and nothing are told apart from each other."""
    hashed = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass")
        hashed.update(b"%d:" % len(content) + content)
    return hashed.digest()


def _bound(digests: Mapping[Any, Digest]) -> Digest:
    """Return the digest of digests with their keys."""
    # A key as text has no zero in it, and digests are of one length.
    return _joined(repr(key).encode() + b"\0" + own for key, own in digests.items())


def _joined(digests: Iterable[Digest]) -> Digest:
    """Return the digest of digests, which are all of one length, or of what else is told apart when it is joined."""
    return hashlib.blake2b(b"".join(digests), digest_size=16).digest()


class Shown:
    """The digests of a register's records as pages show them."""

    def __init__(self, register: Register, kept: KeptDigests | None = None) -> None:
        """``kept`` has those of datasheets from one build to the next."""
        self.register = register
        self._kept = kept or KeptDigests()
        self._day = register.export_day
        self._own = register.digests
        self._changes: dict[Change, Digest] = {}
        self._every: dict[str, Digest] = {}

    # --- one record ------------------------------------------------------------------------------------------------

    def own(self, kind: str, key: Hashable) -> Digest:
        """Return the digest of a record alone."""
        return self._own[kind][key]

    def _each(self, kind: str, keys: Iterable[Hashable]) -> Digest:
        own = self._own[kind]
        return _joined([own[key] for key in keys])

    def _passed(self, record: Certificate | Datasheet) -> bytes:
        """Return which of a record's dates have passed: with the record, they decide its status and since when."""
        day = self._day
        events = sum(event.date <= day for event in record.status_events)
        last = record.valid_until
        return b"%d%d%d" % (record.valid_from <= day, last is not None and last < day, events)

    @cached_property
    def certificate_rows(self) -> Mapping[tuple[str, str], Digest]:
        """Digests of certificates as lists and datasheets show them, by system and number."""
        rows: dict[tuple[str, str], Digest] = {}
        for key, certificate in self.register.certificates.items():
            rows[key] = digest(
                self.own("certificates", key),
                self._passed(certificate),
                self.register.certificate_slugs[key],
                self.own("systems", certificate.system),
                self.own("products", certificate.product),
                self.own("holders", certificate.holder),
                self.own("units", certificate.unit),
            )
        return rows

    @cached_property
    def datasheet_rows(self) -> Mapping[str, Digest]:
        """Digests of datasheets as lists show them."""
        register, own = self.register, self._own
        common = digest(repr(self._day), *map(_bound, (own["products"], own["units"], self.certificate_rows)))
        # Which of its dates have passed is decided by the record and the day.
        each = {code: record + register.datasheet_slugs[code].encode() for code, record in own["datasheets"].items()}
        return self._kept.of("rows", common, each, self._rows_of_datasheets)

    def _rows_of_datasheets(self, codes: Iterable[str]) -> Mapping[str, Digest]:
        register, rows = self.register, {}
        own, products, units = self._own["datasheets"], self._own["products"], self._own["units"]
        sheets, slugs, certificates = register.datasheets, register.datasheet_slugs, self.certificate_rows
        for code in codes:
            sheet = sheets[code]
            parts = [own[code], products[sheet.product], units[sheet.unit]]
            # Such a pair is equal to a key, and quicker to make.
            parts += [certificates[reference.system, reference.number] for reference in sheet.certificates]
            parts += [self._passed(sheet), slugs[code].encode()]
            rows[code] = hashlib.blake2b(b"".join(parts), digest_size=16).digest()
        return rows

    # --- pages of records ------------------------------------------------------------------------------------------

    @cached_property
    def datasheets(self) -> Mapping[str, Digest]:
        """Digests of datasheets' pages."""
        common = digest(
            *map(_bound, (self._own["documents"], self._product_documents, self._certificate_documents)),
            *map(_bound, (self._traces_of_certificates, self._past_certificates)),
        )
        traces = self.register.memory.traces
        each = self.datasheet_rows
        # Asked once: it takes long to tell how many there are.
        if traces:
            each = {code: row + self._trace_alone(traces[code]) for code, row in each.items()}
        return self._kept.of("pages", common, each, self._pages_of_datasheets)

    @staticmethod
    def _trace_alone(trace: Trace) -> bytes:
        """Return what tells a trace from others, but for the certificates that it names."""
        return trace.digest + repr(trace.hung_on).encode() if trace.changed else trace.digest

    @cached_property
    def _past_certificates(self) -> Mapping[Any, Digest]:
        """Digests of all certificates as datasheets that hung on them answer with them, and of the systems."""
        register = self.register
        keys = dict.fromkeys((*register.certificate_slugs, *register.certificates, *register.memory.certificates))
        return {**{key: self._past_certificate(key) for key in keys}, **self._own["systems"]}

    def _pages_of_datasheets(self, codes: Iterable[str]) -> Mapping[str, Digest]:
        register, rows, documents = self.register, self.datasheet_rows, self._own["documents"]
        shown = {}
        products, cited = self._product_documents, self._certificate_documents
        remembers = bool(register.memory.traces)
        traces = self._traces_of_certificates
        for code in codes:
            sheet = register.datasheets[code]
            parts = [documents[id_] for id_ in sheet.conforms_to]
            parts += [cited[reference.system, reference.number] for reference in sheet.certificates]
            if remembers:
                parts.append(self._remembered_datasheet(code))
                parts += [traces[reference.system, reference.number] for reference in sheet.certificates]
            own = (rows[code], len(sheet.conforms_to).to_bytes(4, "big"), products[sheet.product])
            shown[code] = _joined([*own, *parts])
        return shown

    def datasheet(self, code: str) -> Digest:
        """Return the digest of a datasheet's pages."""
        return self.datasheets[code]

    @cached_property
    def _traces_of_certificates(self) -> Mapping[tuple[str, str], Digest]:
        traces = self.register.memory.traces
        return {key: traces[key].digest for key in self.register.certificates} if traces else {}

    @cached_property
    def _product_documents(self) -> Mapping[str, Digest]:
        """Digests of the documents of each product, which citations name where a record names none."""
        return {id_: self._each("documents", product.documents) for id_, product in self.register.products.items()}

    @cached_property
    def _certificate_documents(self) -> Mapping[tuple[str, str], Digest]:
        """Digests of the documents that each certificate names, which its datasheets' citations name too."""
        return {
            key: self._each("documents", [reference.id for reference in certificate.documents])
            for key, certificate in self.register.certificates.items()
        }

    def _remembered_datasheet(self, code: str) -> Digest:
        """Return the digest of what exports showed of a datasheet, with the certificates that it hung on before."""
        trace = self.register.memory.traces[code]
        if not trace.changed:
            return trace.digest
        return digest(trace.digest, *map(self._past_certificate, trace.hung_on))

    def _past_certificate(self, key: CertificateKey) -> Digest:
        """Return the digest of a certificate as a datasheet answers with it, listed or not."""
        memory = self.register.memory
        return digest(
            self.named_certificate(key),
            self._own["certificates"].get(key),
            repr(memory.certificates.get(key)),
            memory.traces.get(key, NO_TRACE).digest,
        )

    def certificate(self, certificate: Certificate) -> Digest:
        """Return the digest of a certificate's pages, which begin the list of its datasheets."""
        sheets = self.register.datasheets_by_certificate.get(certificate.key, ())
        register, key = self.register, certificate.key
        others = (*register.predecessors.get(key, ()), None, *register.successors.get(key, ()))
        return digest(
            self.certificate_rows[certificate.key],
            self._each("units", certificate.other_units),
            self._certificate_documents[key],
            self._product_documents[certificate.product],
            *(self.named_certificate(other) if other else None for other in others),
            register.memory.traces.get(key, NO_TRACE).digest,
            self.first_datasheets(sheets),
            " ".join(register.datasheet_slugs[sheet.code] for sheet in sheets),
        )

    # --- pages of records that are no longer listed ----------------------------------------------------------------

    def unlisted(self, unlisted: UnlistedProduct | UnlistedDocument) -> Digest:
        """Return the digest of the pages of a product or document that is no longer listed."""
        successor = unlisted.replaced_by if isinstance(unlisted, UnlistedDocument) else None
        gone = self.register.memory.documents.get(successor) if successor else None
        return digest(repr(unlisted), self._own["documents"].get(successor), repr(gone))

    def unlisted_certificate(self, unlisted: UnlistedCertificate) -> Digest:
        """Return the digest of the pages of a certificate that is no longer listed."""
        register, key = self.register, unlisted.key
        others = (*register.predecessors.get(key, ()), None, *register.successors.get(key, ()))
        return digest(
            self._past_certificate(key),
            self._provenance(unlisted.provenance),
            *(self.named_certificate(other) if other else None for other in others),
        )

    def unlisted_datasheet(self, unlisted: UnlistedDatasheet) -> Digest:
        """Return the digest of the pages of a datasheet that is no longer listed."""
        return digest(
            repr(unlisted),
            self._provenance(unlisted.provenance),
            self._remembered_datasheet(unlisted.code),
            *map(self._past_certificate, unlisted.certificates),
        )

    def unlisted_numbers(self) -> Digest:
        """Return the digest of every number that is no longer listed, with its address and the dates that ended it."""
        register = self.register
        memory = register.memory
        return digest(
            self._each("systems", register.systems),
            *(f"{gone.key} {gone.slug} {gone.unlisted} {gone.dates}" for gone in memory.certificates.values()),
            *(f"{gone.key} {gone.slug} {gone.unlisted} {gone.dates}" for gone in memory.datasheets.values()),
        )

    def _provenance(self, provenance: Provenance) -> Digest:
        """Return the digest of what names of a product and holder lead to."""
        register, product = self.register, provenance.product
        known = product in register.products or product in register.memory.products
        return digest(repr(known), repr(provenance.holder in register.holders))

    def named_certificate(self, key: CertificateKey) -> Digest:
        """Return the digest of a certificate as a link shows it, whether it is in the export or not."""
        return digest(
            key.system, key.number, self._own["systems"].get(key.system), self.register.certificate_slugs.get(key)
        )

    def holder(self, id_: str) -> Digest:
        """Return the digest of a holder's page."""
        register = self.register
        units = register.units_by_holder.get(id_, ())
        return digest(
            self.own("holders", id_),
            self._each("units", (unit.id for unit in units)),
            *(self.rows_of_certificates(register.certificates_by_unit.get(unit.id, ())) for unit in units),
            self.rows_of_certificates(register.certificates_by_holder.get(id_, ())),
            self.first_datasheets(self.register.datasheets_by_holder.get(id_, ())),
        )

    def product(self, id_: str) -> Digest:
        """Return the digest of a product's pages."""
        register = self.register
        product = register.products[id_]
        contact = product.contact
        return digest(
            self.own("products", id_),
            self._each("systems", product.systems),
            _joined([self.document_row(document) for document in product.documents]),
            self.own("contacts", contact) if contact else None,
            self.rows_of_certificates(register.certificates_by_product.get(id_, ())),
            self.first_datasheets(self.register.datasheets_by_product.get(id_, ())),
        )

    def product_row(self, id_: str) -> Digest:
        """Return the digest of a product as a list shows it."""
        register = self.register
        product = register.products[id_]
        return digest(
            self.own("products", id_),
            self._each("systems", product.systems),
            self._each("documents", product.documents),
            len(register.certificates_by_product.get(id_, ())),
            len(self.register.datasheets_by_product.get(id_, ())),
        )

    def document(self, id_: str) -> Digest:
        """Return the digest of a reference document's pages."""
        register = self.register
        other = register.documents[id_].replaced_by
        return digest(
            self.document_row(id_),
            self.own("documents", other) if other else None,
            _joined([self.product_rows[product.id] for product in register.products_by_document.get(id_, ())]),
            self.rows_of_certificates(register.certificates_by_document.get(id_, ())),
        )

    def document_row(self, id_: str) -> Digest:
        """Return the digest of a reference document as a list shows it, with the edition in force."""
        day = self._day
        editions = self.register.documents[id_].editions
        begun = sum(date <= day for edition in editions for date in (edition.valid_from, edition.date) if date)
        ended = sum(edition.valid_until < day for edition in editions if edition.valid_until)
        return digest(self.own("documents", id_), begun, ended)

    def system(self, id_: str) -> Digest:
        """Return the digest of a system's page."""
        register = self.register
        return digest(
            self.own("systems", id_),
            _joined([self.product_rows[product.id] for product in register.products_by_system.get(id_, ())]),
            self.rows_of_certificates(register.certificates_by_system.get(id_, ())),
        )

    def holder_row(self, id_: str) -> Digest:
        """Return the digest of a holder as a list shows it."""
        register = self.register
        return digest(
            self.own("holders", id_),
            len(register.certificates_by_holder.get(id_, ())),
            len(register.units_by_holder.get(id_, ())),
        )

    # --- files of the whole register -------------------------------------------------------------------------------

    def every(self, kind: str) -> Digest:
        """Return the digest of all records of a kind, with their names in addresses."""
        if kind not in self._every:
            records = getattr(self.register, kind)
            self._every[kind] = digest(self._each(kind, records), self._names(kind, records))
        return self._every[kind]

    def _names(self, kind: str, keys: Iterable[Any]) -> str:
        register = self.register
        if kind == "datasheets":
            # The many: as ``name_in_addresses`` tells them.
            slugs = register.datasheet_slugs
            return "\n".join([slugs[code] for code in keys])
        return "\n".join([register.name_in_addresses(kind, key) for key in keys])

    def status_of_every(self, kind: str) -> Digest:
        """Return the digest of all records of a kind with what held on the day of the export."""
        sheets = [self.every("datasheets")] if kind == "datasheets" else []
        return digest(self._moment, self.every(kind), self.every("certificates"), *sheets)

    def changes_of(self, kind: str, keys: Sequence[Any]) -> Digest:
        """Return the digest of the addresses of records, and of what tells when they last changed."""
        traces, names = self.register.memory.traces, self._names(kind, keys)
        if kind not in ("certificates", "datasheets") or not traces:
            return digest(names)
        own = self._own[kind]
        # What the ledger has not recorded yet changed on the day of this export.
        return digest(names, repr(self._day), *(own[key] + traces[key].digest for key in keys))

    @property
    def _moment(self) -> str:
        return self.register.export.exported_at.isoformat()

    def whole(self, *parts: bytes | str | int | None) -> Digest:
        """Return the digest of a file that names the moment of the export, and of what else it shows."""
        return digest(self._moment, *parts)

    def every_unlisted(self) -> Digest:
        """Return the digest of all records that are no longer listed."""
        memory = self.register.memory
        return digest(
            *map(self.unlisted, memory.products.values()),
            *map(self.unlisted, memory.documents.values()),
            *map(self.unlisted_certificate, memory.certificates.values()),
            *map(self.unlisted_datasheet, memory.datasheets.values()),
        )

    def data_page(self) -> Digest:
        """Return the digest of the page about the data: how many records there are, and the first of each kind."""
        counts = [len(getattr(self.register, kind)) for kind in self._own]
        return digest(*counts, *map(self.first_of, self._own))

    def first_of(self, kind: str) -> str:
        """Return the name in addresses of the first record of a kind; nothing where there is none."""
        return self._names(kind, islice(getattr(self.register, kind), 1))

    # --- pages of many ---------------------------------------------------------------------------------------------

    @cached_property
    def systems(self) -> Digest:
        """The digest of all systems with how many certificates and datasheets each has."""
        register = self.register
        parts: list[bytes | int] = []
        for id_ in register.systems:
            parts += [self.own("systems", id_), len(register.certificates_by_system.get(id_, ()))]
            parts.append(len(self.register.datasheets_by_system.get(id_, ())))
        return digest(*parts)

    @cached_property
    def product_rows(self) -> Mapping[str, Digest]:
        """Digests of products as lists show them."""
        return {id_: self.product_row(id_) for id_ in self.register.products}

    def contacts(self) -> Digest:
        """Return the digest of all contacts with their products."""
        register = self.register
        return digest(self._each("contacts", register.contacts), self._each("products", register.products))

    def home(self) -> Digest:
        """Return the digest of the register as its home shows it: how much it holds, and examples of it."""
        register = self.register
        # The examples are the first of their kind that hold, so any of the certificates may take part in the choice.
        return digest(
            self.systems,
            self._each("products", register.products),
            self.rows_of_certificates(register.certificates.values()),
            self.rows_of_datasheets(register.datasheets.values()),
        )

    @cached_property
    def ways_to_changes(self) -> Digest:
        """The digest of the names of everything that has changes of its own."""
        register = self.register
        return digest(
            self._each("systems", register.systems),
            self._each("products", register.products),
            repr(register.memory.products),
            register.export.licence,
        )

    def changes(self, changes: Iterable[Change], most: int) -> Digest:
        """Return the digest of the first of some changes, and of whether there are more."""
        told = list(islice(changes, most + 1))
        return digest(len(told), *map(self._change, told[:most]))

    def _change(self, change: Change) -> Digest:
        known = self._changes.get(change)
        if known is None:
            told, named = self._parts_of_change(change)
            known = self._changes[change] = _joined((repr(told).encode("utf-8", "surrogatepass"), b"\0", *named))
        return known

    def _parts_of_change(self, change: Change) -> tuple[tuple[object, ...], list[Digest]]:
        """Return what tells a change from others: plain values of it, and the digests of what it speaks of."""
        register, key, event, named = self.register, change.key, change.event, []
        if change.successor:
            named.append(self.named_certificate(change.successor))
        if isinstance(key, str):
            listed, gone = self.datasheet_rows.get(key), repr(register.memory.datasheets.get(key))
        else:
            listed, gone = self.certificate_rows.get(key), repr(register.memory.certificates.get(key))
            named.append(self.named_certificate(key))
        if listed:
            named.append(listed)
        return (
            change.moment.isoformat(),
            change.kind.value,
            change.status.value,
            change.until and change.until.toordinal(),
            event and (event.date.toordinal(), event.status.value, event.precision.value),
            change.successor is not None,
            key if listed else gone,
        ), named

    def each_certificate(self, certificates: Iterable[Certificate]) -> list[Digest]:
        """Return the digests of certificates as lists show them."""
        rows = self.certificate_rows
        return [rows[certificate.system, certificate.number] for certificate in certificates]

    def each_datasheet(self, sheets: Iterable[Datasheet]) -> list[Digest]:
        """Return the digests of datasheets as lists show them."""
        return [*map(self.datasheet_rows.__getitem__, map(_CODE, sheets))]

    def rows_of_certificates(self, certificates: Iterable[Certificate]) -> Digest:
        """Return the digest of a list of certificates."""
        return _joined(self.each_certificate(certificates))

    def rows_of_datasheets(self, sheets: Iterable[Datasheet]) -> Digest:
        """Return the digest of a list of datasheets."""
        return _joined(self.each_datasheet(sheets))

    def first_datasheets(self, sheets: Sequence[Datasheet]) -> Digest:
        """Return the digest of the beginning of a list of datasheets, and of how many there are."""
        return digest(self.rows_of_datasheets(sheets[:FIRST_ROWS]), len(sheets))
