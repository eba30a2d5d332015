"""The whole register, ready to ask: records by key, and who belongs to whom."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import Any, Generic, NamedTuple, TypeVar

from keur.model.answers import Answer, Coverage, coverage_on, status_on
from keur.model.memory import Dates, Memory, Showing, UnlistedCertificate, UnlistedDatasheet
from keur.model.order import natural
from keur.model.records import (
    RECORD_KINDS,
    AnyRecord,
    Certificate,
    CertificateKey,
    Contact,
    Datasheet,
    Document,
    Export,
    Holder,
    Product,
    System,
    Unit,
)
from keur.model.status import Status
from keur.model.texts import Text
from keur.numbers import allocate_slugs, slug
from keur.problems import Place

RecordT_co = TypeVar("RecordT_co", bound=AnyRecord, covariant=True)
MemberT = TypeVar("MemberT")
KeyT = TypeVar("KeyT", bound=Hashable)

_DAY = dt.timedelta(days=1)

_CertificateKeys = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry(Generic[RecordT_co]):
    """A record with the place it was read from, and what tells it from what it said before (``digest``)."""

    record: RecordT_co
    place: Place
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class Entries:
    """What an export holds, typed, in reading order, before any rule between records was checked.

    ``export_place`` is the place of ``register.yaml``; ``export`` is None where that could not be read. There may be
    two records with one key here, and references that lead nowhere; ``checks`` finds them. ``unread_keys`` holds, by
    kind, keys of records that stand in the files but are at fault, ``incomplete`` the kinds of which a file could
    not be read: a reference to either is not called dangling.
    """

    export: Export | None
    export_place: Place
    systems: tuple[Entry[System], ...] = ()
    products: tuple[Entry[Product], ...] = ()
    documents: tuple[Entry[Document], ...] = ()
    holders: tuple[Entry[Holder], ...] = ()
    units: tuple[Entry[Unit], ...] = ()
    contacts: tuple[Entry[Contact], ...] = ()
    certificates: tuple[Entry[Certificate], ...] = ()
    datasheets: tuple[Entry[Datasheet], ...] = ()
    held: Mapping[str, int] = field(default_factory=dict)
    unread_keys: Mapping[str, frozenset[str | CertificateKey]] = field(default_factory=dict)
    incomplete: frozenset[str] = frozenset()

    def of_kind(self, kind: str) -> tuple[Entry[AnyRecord], ...]:
        """Return the entries of a kind by its name ("certificates")."""
        entries: tuple[Entry[AnyRecord], ...] = getattr(self, kind)
        return entries


@dataclass(frozen=True, slots=True)
class Group:
    """A group of products: the facet above the product. ``id`` is the same in every language."""

    id: str
    name: Text


class _Grouped(NamedTuple):
    """Datasheets by the keys of what they belong to."""

    certificate: Mapping[tuple[str, str], tuple[Datasheet, ...]]
    product: Mapping[str, tuple[Datasheet, ...]]
    holder: Mapping[str, tuple[Datasheet, ...]]
    system: Mapping[str, tuple[Datasheet, ...]]


class Register:
    """A register without faults: every reference leads to a record, every key stands once.

    Mappings are ordered by key, so nothing that is made from a register depends on the order of files.
    ``memory`` is what earlier exports left: records that are no longer listed, and slugs that were published.
    """

    def __init__(self, entries: Entries, memory: Memory | None = None) -> None:
        if entries.export is None:
            raise ValueError("a register is made of entries without faults")
        self.export = entries.export
        self.memory = memory or Memory()
        self.systems: Mapping[str, System] = _by_key(entries.systems)
        self.products: Mapping[str, Product] = _by_key(entries.products)
        self.documents: Mapping[str, Document] = _by_key(entries.documents)
        self.holders: Mapping[str, Holder] = _by_key(entries.holders)
        self.units: Mapping[str, Unit] = _by_key(entries.units)
        self.contacts: Mapping[str, Contact] = _by_key(entries.contacts)
        self.certificates: Mapping[CertificateKey, Certificate] = _by_key(entries.certificates)
        self.datasheets: Mapping[str, Datasheet] = _by_key(entries.datasheets)
        self._entries = entries
        self._covered: dict[_CertificateKeys, bool] = {}
        self._covered_until: dict[_CertificateKeys, dt.date | None] = {}

    @cached_property
    def digests(self) -> Mapping[str, Mapping[Any, bytes]]:
        """What tells each record from what it said before, by kind and key."""
        return {
            kind: {entry.record.key: entry.digest for entry in self._entries.of_kind(kind)} for kind in RECORD_KINDS
        }

    @cached_property
    def export_day(self) -> dt.date:
        """The day of the export in the register's zone: what is known is known as of this day."""
        return self.export.day

    def status_of(self, record: Certificate | Datasheet) -> Status:
        """Return the record's own status on the day of the export."""
        return record.status_on(self.export_day)

    def is_covered(self, datasheet: Datasheet) -> bool:
        """Tell whether a certificate that a datasheet hangs on is valid on the day of the export.

        A datasheet covers a delivery only while both it and a certificate are (contract, "Status").
        """
        # Many datasheets hang on the same certificates.
        keys = _certificates_of(datasheet)
        if keys not in self._covered:
            self._covered[keys] = any(
                self.status_of(self.certificates[reference.key]) is Status.VALID for reference in datasheet.certificates
            )
        return self._covered[keys]

    def covered_until(self, datasheet: Datasheet) -> dt.date | None:
        """Return the last day on which a certificate of a datasheet is valid, None where that has no end.

        Counted without a gap from the day of the export, on which one has to be: what follows is as announced then.
        """
        keys = _certificates_of(datasheet)
        if keys not in self._covered_until:
            self._covered_until[keys] = self._last_day_of_any(
                [self.certificates[reference.key] for reference in datasheet.certificates]
            )
        return self._covered_until[keys]

    def _last_day_of_any(self, certificates: Sequence[Certificate]) -> dt.date | None:
        turns = {c.valid_until + _DAY for c in certificates if c.valid_until}
        turns.update(turn for c in certificates for turn in (c.valid_from, *(event.date for event in c.status_events)))
        for turn in sorted(turn for turn in turns if turn > self.export_day):
            if not any(certificate.status_on(turn) is Status.VALID for certificate in certificates):
                return turn - _DAY
        return None

    # --- belonging -------------------------------------------------------------------------------------------------

    @cached_property
    def certificates_by_system(self) -> Mapping[str, tuple[Certificate, ...]]:
        """Certificates of each system."""
        return _grouped(self.certificates.values(), lambda certificate: (certificate.system,))

    @cached_property
    def certificates_by_product(self) -> Mapping[str, tuple[Certificate, ...]]:
        """Certificates of each product."""
        return _grouped(self.certificates.values(), lambda certificate: (certificate.product,))

    @cached_property
    def certificates_by_holder(self) -> Mapping[str, tuple[Certificate, ...]]:
        """Certificates of each holder."""
        return _grouped(self.certificates.values(), lambda certificate: (certificate.holder,))

    @cached_property
    def certificates_by_unit(self) -> Mapping[str, tuple[Certificate, ...]]:
        """Certificates that name each production unit, as their own or among others."""
        return _grouped(self.certificates.values(), lambda certificate: certificate.units)

    @cached_property
    def certificates_by_document(self) -> Mapping[str, tuple[Certificate, ...]]:
        """Certificates that name each reference document."""
        return _grouped(
            self.certificates.values(), lambda certificate: [document.id for document in certificate.documents]
        )

    @cached_property
    def datasheets_in_order(self) -> tuple[Datasheet, ...]:
        """Every datasheet in the order of lists: by code, in every language. Those of something stand in it as well."""
        return tuple(sorted(self.datasheets.values(), key=lambda sheet: (natural(sheet.code), sheet.code)))

    @property
    def datasheets_by_certificate(self) -> Mapping[tuple[str, str], tuple[Datasheet, ...]]:
        """Datasheets that hang on each certificate, by its key."""
        return self._datasheets_by.certificate

    @property
    def datasheets_by_product(self) -> Mapping[str, tuple[Datasheet, ...]]:
        """Datasheets of each product."""
        return self._datasheets_by.product

    @property
    def datasheets_by_holder(self) -> Mapping[str, tuple[Datasheet, ...]]:
        """Datasheets of each holder, through the certificates they hang on."""
        return self._datasheets_by.holder

    @property
    def datasheets_by_system(self) -> Mapping[str, tuple[Datasheet, ...]]:
        """Datasheets under each system, through the certificates they hang on."""
        return self._datasheets_by.system

    @cached_property
    def _datasheets_by(self) -> _Grouped:
        """Datasheets by all that they belong to, found in one go: there are many."""
        certificates: defaultdict[tuple[str, str], list[Datasheet]] = defaultdict(list)
        products: defaultdict[str, list[Datasheet]] = defaultdict(list)
        holders: defaultdict[str, list[Datasheet]] = defaultdict(list)
        systems: defaultdict[str, list[Datasheet]] = defaultdict(list)
        holder_of = self._holders_of_certificates
        for sheet in self.datasheets_in_order:
            # Such pairs are equal to keys, and quicker to make.
            keys = [(reference.system, reference.number) for reference in sheet.certificates]
            products[sheet.product].append(sheet)
            holders[holder_of[keys[0]]].append(sheet)
            for key in keys if len(keys) == 1 else dict.fromkeys(keys):
                certificates[key].append(sheet)
            for system in (keys[0][0],) if len(keys) == 1 else dict.fromkeys(system for system, _ in keys):
                systems[system].append(sheet)
        return _Grouped(_as_tuples(certificates), _as_tuples(products), _as_tuples(holders), _as_tuples(systems))

    @cached_property
    def units_by_holder(self) -> Mapping[str, tuple[Unit, ...]]:
        """Production units of each holder."""
        return _grouped(self.units.values(), lambda unit: (unit.holder,))

    @cached_property
    def products_by_system(self) -> Mapping[str, tuple[Product, ...]]:
        """Products that each system covers."""
        return _grouped(self.products.values(), lambda product: product.systems)

    @cached_property
    def products_by_document(self) -> Mapping[str, tuple[Product, ...]]:
        """Products that each reference document applies to."""
        return _grouped(self.products.values(), lambda product: product.documents)

    @cached_property
    def products_by_contact(self) -> Mapping[str, tuple[Product, ...]]:
        """Products that each contact answers for."""
        return _grouped(self.products.values(), lambda product: (product.contact,) if product.contact else ())

    def holder_of(self, datasheet: Datasheet) -> Holder:
        """Return the holder behind a datasheet: that of the first certificate it hangs on."""
        first = datasheet.certificates[0]
        return self.holders[self._holders_of_certificates[first.system, first.number]]

    @cached_property
    def _holders_of_certificates(self) -> Mapping[tuple[str, str], str]:
        return {key: certificate.holder for key, certificate in self.certificates.items()}

    # --- names in addresses ----------------------------------------------------------------------------------------

    @cached_property
    def certificate_slugs(self) -> Mapping[CertificateKey, str]:
        """The name in addresses of each certificate, those no longer listed included; no two are alike."""
        published = self.memory.certificate_slugs
        return {**published, **allocate_slugs(((key, key.number, key.system) for key in self.certificates), published)}

    @cached_property
    def datasheet_slugs(self) -> Mapping[str, str]:
        """The name in addresses of each datasheet, those no longer listed included; no two are alike."""
        published = self.memory.datasheet_slugs
        return {**published, **allocate_slugs(((code, code, "") for code in self.datasheets), published)}

    def name_in_addresses(self, kind: str, key: Any) -> str:
        """Return what stands for a listed record of a kind in addresses: its slug, or its id where it has none."""
        if kind == "certificates":
            return self.certificate_slugs[key]
        return self.datasheet_slugs[key] if kind == "datasheets" else str(key)

    # --- what is remembered ----------------------------------------------------------------------------------------

    def showings(self, key: CertificateKey | str) -> tuple[Showing, ...]:
        """Return what exports showed of a certificate or datasheet, oldest first; nothing where none is remembered."""
        return self.memory.showings.get(key, ())

    def first_listed(self, key: CertificateKey | str) -> dt.date | None:
        """Return the day of the first export that listed a certificate or datasheet; None where none is remembered."""
        showings = self.showings(key)
        return showings[0].first if showings else None

    def answer_on(
        self, record: Certificate | Datasheet | UnlistedCertificate | UnlistedDatasheet, day: dt.date
    ) -> Answer:
        """Return what held for a record on a day, listed or not, as far as this export knows."""
        dates = Dates.of(record) if isinstance(record, Certificate | Datasheet) else record.dates
        return status_on(dates, self.showings(record.key), day, self.export_day)

    def coverage_on(self, datasheet: Datasheet | UnlistedDatasheet, day: dt.date) -> Coverage:
        """Return whether a datasheet covered a delivery on a day: it and a certificate it hung on were valid."""
        keys, hung = self._certificates_on(datasheet, day)
        answers = [self.answer_on(record, day) for key in keys if (record := self._certificate(key))]
        return coverage_on(self.answer_on(datasheet, day), answers, hung=hung and len(answers) == len(keys))

    def _certificates_on(
        self, datasheet: Datasheet | UnlistedDatasheet, day: dt.date
    ) -> tuple[tuple[CertificateKey, ...], bool]:
        """Return the certificates that a datasheet hung on, and whether exports around that day say so."""
        showings = self.showings(datasheet.key)
        for showing, following in zip_longest(showings, showings[1:]):
            until = showing.last or self.export_day
            if following and following.certificates == showing.certificates:
                until = following.first
            if showing.dates and showing.first <= day <= until:
                return showing.certificates, True
        if isinstance(datasheet, UnlistedDatasheet):
            return datasheet.certificates, False
        return tuple(reference.key for reference in datasheet.certificates), day == self.export_day

    def _certificate(self, key: CertificateKey) -> Certificate | UnlistedCertificate | None:
        return self.certificates.get(key) or self.memory.certificates.get(key)

    @cached_property
    def successors(self) -> Mapping[CertificateKey, tuple[CertificateKey, ...]]:
        """The certificates that took the place of each, whichever of the two says so, listed or not."""
        return _ordered((older, newer) for older, newer in self._replacements)

    @cached_property
    def predecessors(self) -> Mapping[CertificateKey, tuple[CertificateKey, ...]]:
        """The certificates whose place each took, whichever of the two says so, listed or not."""
        return _ordered((newer, older) for older, newer in self._replacements)

    @cached_property
    def _replacements(self) -> tuple[tuple[CertificateKey, CertificateKey], ...]:
        pairs = []
        for certificate in self.certificates.values():
            if certificate.replaces:
                pairs.append((certificate.replaces.key, certificate.key))
            if certificate.replaced_by:
                pairs.append((certificate.key, certificate.replaced_by.key))
        for unlisted in self.memory.certificates.values():
            if unlisted.replaces:
                pairs.append((unlisted.replaces, unlisted.key))
            if unlisted.replaced_by:
                pairs.append((unlisted.key, unlisted.replaced_by))
        return tuple(dict.fromkeys(pairs))

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """The groups of products, by an id that is the same in every language."""
        groups: dict[str, Group] = {}
        for product in self.products.values():
            group = Group(group_id(product), product.group)
            groups.setdefault(group.id, group)
        return dict(sorted(groups.items()))


def _certificates_of(datasheet: Datasheet) -> _CertificateKeys:
    """Return the keys of the certificates that a datasheet hangs on, as pairs, which are quicker to make."""
    return tuple([(reference.system, reference.number) for reference in datasheet.certificates])


def group_id(product: Product) -> str:
    """Return the id of a product's group: the slug of its English name, or of the first it has."""
    return slug(product.group.in_languages(("en",))[0])


def _by_key(entries: Iterable[Entry[MemberT]]) -> dict[KeyT, MemberT]:  # type: ignore[type-var]  # every record has a key
    records = {entry.record.key: entry.record for entry in entries}  # type: ignore[attr-defined]  # every record has a key
    return dict(sorted(records.items()))


def _ordered(pairs: Iterable[tuple[KeyT, KeyT]]) -> dict[KeyT, tuple[KeyT, ...]]:
    groups: defaultdict[KeyT, list[KeyT]] = defaultdict(list)
    for key, other in pairs:
        groups[key].append(other)
    return {key: tuple(others) for key, others in groups.items()}


def _grouped(
    members: Iterable[MemberT], keys_of: Callable[[MemberT], Sequence[KeyT]]
) -> dict[KeyT, tuple[MemberT, ...]]:
    groups: defaultdict[KeyT, list[MemberT]] = defaultdict(list)
    for member in members:
        keys = keys_of(member)
        for key in keys if len(keys) == 1 else dict.fromkeys(keys):
            groups[key].append(member)
    return _as_tuples(groups)


def _as_tuples(groups: Mapping[KeyT, list[MemberT]]) -> dict[KeyT, tuple[MemberT, ...]]:
    return {key: tuple(members) for key, members in groups.items()}
