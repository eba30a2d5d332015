"""The records of an export, one class a kind, each field as the contract names it (schema 1).

All are frozen. A record knows only itself; what depends on others stands in ``register``. The JSON Schema of each
file is made from these classes, docstrings included, and so are the reader's list of known keys and the reference of
the format. An optional field that is given without a value counts as not given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    WrapSerializer,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from keur.model import status
from keur.model.fields import (
    Count,
    Country,
    Date,
    DateTime,
    DecimalNumber,
    Email,
    EmptyAsAbsent,
    Gtin,
    Id,
    LanguageTag,
    Latitude,
    Line,
    Longitude,
    Number,
    Pattern,
    Phone,
    Translatable,
    Truth,
    Url,
    Words,
    absent_as,
    fault,
)
from keur.model.status import Status

REGISTER_ZONE = ZoneInfo("Europe/Brussels")
"""The zone in which a day begins and ends for the register."""


class _Part(BaseModel):
    """Base of every record and part of one: frozen, no unknown keys.

    What checks a kind of record is built when the first of its kind is checked: most builds check one or two kinds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)


class CertificateKey(NamedTuple):
    """What tells certificates apart: the same number under two systems is two certificates."""

    system: str
    number: str


class SystemKind(StrEnum):
    """What a certification system vouches for."""

    QUALITY_MARK = "quality-mark"
    TECHNICAL_APPROVAL = "technical-approval"
    EXECUTION = "execution"
    CE_MARKING = "ce-marking"
    MANAGEMENT_SYSTEM = "management-system"
    ENVIRONMENT = "environment"


class Committee(StrEnum):
    """Who advises on a system's rules."""

    SECTORAL_COMMISSION = "sectoral-commission"
    ADVISORY_BOARD = "advisory-board"


class DocumentKind(StrEnum):
    """Kinds of reference documents."""

    PTV = "ptv"
    TRA = "tra"
    REGULATION = "regulation"
    REGULATORY_NOTE = "regulatory-note"
    GUIDELINE = "guideline"
    STANDARD = "standard"
    FORM = "form"
    REPORT = "report"
    OTHER = "other"


class UnitKind(StrEnum):
    """Whether a production unit stays where it is."""

    FIXED = "fixed"
    MOBILE = "mobile"
    DISTRIBUTOR = "distributor"


class CharacteristicKind(StrEnum):
    """How a declared characteristic's values are read."""

    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"


class Precision(StrEnum):
    """How exactly the day of an event is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ON_OR_BEFORE = "on-or-before"


_STATED = tuple(status.value for status in Status if status is not Status.NOT_YET_VALID)


def _read_event_status(value: object) -> Status:
    if value in _STATED:
        return Status(str(value))
    raise fault("status", f"must be one of {', '.join(_STATED)}", value)


EventStatus = Annotated[
    Status,
    BeforeValidator(_read_event_status),
    WithJsonSchema({"type": "string", "enum": list(_STATED)}),
]


class Address(_Part):
    """A postal address."""

    street: Line | None = None
    """Street and house number."""
    postcode: Line | None = None
    """Postal code."""
    city: Line
    """City or town, as it is to be shown."""
    region: Line | None = None
    """Region, province or state."""
    country: Country
    """Country as ISO 3166-1 alpha-2, or `ZZ` where it is not known."""


class Publisher(_Part):
    """The certification body that publishes the register."""

    name: Line
    """Name of the body."""
    url: Url
    """The body's own site."""
    email: Email | None = None
    """E-mail address for questions about the register."""
    phone: Phone | None = None
    """Telephone number."""
    address: Address | None = None
    """Postal address."""


class Accreditation(_Part):
    """An accreditation of the publisher."""

    name: Line
    """What the accreditation is called, with the accreditation body."""
    number: Line | None = None
    """Number of the accreditation."""
    url: Url | None = None
    """Where the accreditation can be verified."""


class Counts(_Part):
    """How many records of each kind the files hold, exactly; it catches an export cut between two records."""

    systems: Count | None = None
    """Number of certification systems."""
    products: Count | None = None
    """Number of products."""
    documents: Count | None = None
    """Number of reference documents."""
    holders: Count | None = None
    """Number of certificate holders."""
    units: Count | None = None
    """Number of production units."""
    contacts: Count | None = None
    """Number of contact points."""
    certificates: Count | None = None
    """Number of certificates."""
    datasheets: Count | None = None
    """Number of technical datasheets."""


# Without looking at it: that would build at each start what reads counts.
_NOT_COUNTED = Counts.model_construct()


def _read_schema(value: object) -> int:
    if value != "1":
        raise fault("schema", "must be 1, the only schema there is", value)
    return 1


class Export(_Part):
    """What this export is: one mapping, no list."""

    schema_: Annotated[Literal[1], BeforeValidator(_read_schema), WithJsonSchema({"title": "1", "enum": [1, "1"]})] = (
        Field(alias="schema")
    )
    """Version of the export format."""
    title: Translatable
    """Title of the register."""
    publisher: Publisher
    """The certification body that publishes the register."""
    exported_at: DateTime
    """When the records left the body's database; statuses are known as of that day."""
    source: Line | None = None
    """The system or file that the export was made from."""
    demonstration: Annotated[Truth, absent_as("false")] = False
    """Whether the records are invented; true puts a banner on every page and a flag in every export."""
    accreditations: Annotated[tuple[Accreditation, ...], EmptyAsAbsent] = ()
    """Accreditations of the publisher."""
    licence: Line | None = None
    """Licence of the open data, as a web address or a name."""
    counts: Annotated[Counts, absent_as(_NOT_COUNTED)] = _NOT_COUNTED
    """How many records of each kind the files hold; a kind that is not given is not counted."""

    @property
    def day(self) -> dt.date:
        """The day of the export in the register's zone: what is known is known as of this day."""
        return self.exported_at.astimezone(REGISTER_ZONE).date()


class System(_Part):
    """A certification system."""

    id: Id
    """Identifier, unique among systems."""
    name: Translatable
    """Name, such as BENOR."""
    kind: SystemKind
    """What the system vouches for."""
    owner: Line
    """Who owns the mark or the scheme."""
    description: Translatable | None = None
    """What the system says of a product, in a few sentences."""
    committee: Committee | None = None
    """Who advises on the system's rules."""
    number_pattern: Pattern | None = None
    """What every certificate number of the system matches as a whole; only what Python and JavaScript read alike."""
    url: Url | None = None
    """Where the owner describes the system."""
    accreditation: Line | None = None
    """Accreditation under which the body certifies in this system."""

    @property
    def key(self) -> str:
        """What tells systems apart."""
        return self.id


class Characteristic(_Part):
    """A characteristic that datasheets of a product declare."""

    id: Id
    """Identifier, unique within the product."""
    name: Translatable
    """Name as it is shown beside the values."""
    unit: Line | None = None
    """Unit of the values, such as kN/m."""
    standard: Line | None = None
    """Test or product standard that the values follow."""
    kind: Annotated[CharacteristicKind, absent_as(CharacteristicKind.TEXT)] = CharacteristicKind.TEXT
    """How the values are read; the values of a `number` are plain decimal numbers."""
    filterable: Annotated[Truth, absent_as("false")] = False
    """Whether datasheets can be filtered by it."""


class Product(_Part):
    """A kind of product that can be certified."""

    id: Id
    """Identifier, unique among products; it stands in the product's permalink."""
    name: Translatable
    """Name."""
    group: Translatable
    """Group of products that it belongs to, such as "Pipes and sewers"."""
    systems: tuple[Id, ...] = Field(min_length=1)
    """Ids of the systems that cover it."""
    documents: Annotated[tuple[Id, ...], EmptyAsAbsent] = ()
    """Ids of the reference documents that apply to it."""
    synonyms: Words = ()
    """Words that people search it by."""
    description: Translatable | None = None
    """What it is, in a few sentences."""
    applications: Translatable | None = None
    """Where it is used."""
    contact: Id | None = None
    """Id of the contact point for it."""
    characteristics: Annotated[tuple[Characteristic, ...], EmptyAsAbsent] = ()
    """What its datasheets declare, in the order in which it is shown."""

    @property
    def key(self) -> str:
        """What tells products apart."""
        return self.id


class Edition(_Part):
    """An edition of a reference document."""

    edition: Line
    """Name of the edition as printed, unique within the document."""
    date: Date | None = None
    """Day that stands on the edition."""
    valid_from: Date | None = None
    """First day on which it holds."""
    valid_until: Date | None = None
    """Last day on which it holds."""
    url: Url | None = None
    """Where the edition can be read."""
    languages: Annotated[tuple[LanguageTag, ...], EmptyAsAbsent] = ()
    """Languages in which there is a text."""


class Document(_Part):
    """A reference document: technical prescriptions (PTV), application regulations (TRA), a standard, a form."""

    id: Id
    """Identifier, unique among documents; it stands in the document's permalink."""
    kind: DocumentKind
    """Kind of document."""
    number: Number
    """Number as printed, such as PTV 829."""
    title: Translatable
    """Title."""
    url: Url | None = None
    """Where the document can be read."""
    editions: Annotated[tuple[Edition, ...], EmptyAsAbsent] = ()
    """Its editions."""
    replaced_by: Id | None = None
    """Id of the document that took its place."""

    @property
    def key(self) -> str:
        """What tells documents apart."""
        return self.id


class FormerName(_Part):
    """A name that a holder bore until a day."""

    name: Line
    """The former name."""
    until: Date
    """Last day of the name."""


class Holder(_Part):
    """A certificate holder."""

    id: Id
    """Identifier, unique among holders."""
    name: Line
    """Name of the firm."""
    country: Country
    """Country of its seat."""
    enterprise_number: Line | None = None
    """Enterprise number (KBO/BCE) or VAT number."""
    address: Address | None = None
    """Postal address of its seat."""
    website: Url | None = None
    """The firm's own site."""
    former_names: Annotated[tuple[FormerName, ...], EmptyAsAbsent] = ()
    """Names that the firm bore before."""

    @property
    def key(self) -> str:
        """What tells holders apart."""
        return self.id


class Unit(_Part):
    """A production unit of a holder."""

    id: Id
    """Identifier, unique among production units."""
    holder: Id
    """Id of the holder."""
    name: Line
    """Name of the unit."""
    kind: UnitKind | None = None
    """Whether it stays where it is."""
    number: Number | None = None
    """The body's own number of the unit."""
    address: Address
    """Where it stands; for a mobile unit, where it is based."""
    latitude: Latitude | None = None
    """Latitude in decimal degrees (WGS 84)."""
    longitude: Longitude | None = None
    """Longitude in decimal degrees (WGS 84)."""

    @property
    def key(self) -> str:
        """What tells production units apart."""
        return self.id


class Contact(_Part):
    """A contact point for products."""

    id: Id
    """Identifier, unique among contacts."""
    role: Translatable
    """What the contact point answers for."""
    email: Email
    """E-mail address."""
    phone: Phone | None = None
    """Telephone number."""
    name: Line | None = None
    """Name of a person or a desk."""

    @property
    def key(self) -> str:
        """What tells contacts apart."""
        return self.id


class StatusEvent(_Part):
    """A change of status. The status of a record is derived from its events and dates, never typed."""

    date: Date
    """Day from which the status holds."""
    status: EventStatus
    """The status that begins."""
    precision: Annotated[Precision, absent_as(Precision.DAY)] = Precision.DAY
    """How exactly the day is known; `on-or-before` where only the state is known."""
    until: Date | None = None
    """Announced end of a suspension; it is information and never lifts the suspension by itself."""
    reason: Translatable | None = None
    """Why, in words for the public."""


class CertificateReference(_Part):
    """The key of a certificate."""

    system: Id
    """Id of its system."""
    number: Number
    """Its number, exactly as printed."""

    @property
    def key(self) -> CertificateKey:
        """The key that it names."""
        return CertificateKey(self.system, self.number)


class DocumentReference(_Part):
    """A reference document, perhaps in one edition. The id alone may stand in place of the mapping."""

    id: Id
    """Id of the document."""
    edition: Line | None = None
    """Name of the edition, as the document lists it."""

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, value: object) -> object:
        return {"id": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        mapping = dict(handler.resolve_ref_schema(handler(core_schema)))
        del mapping["title"]
        return {"anyOf": [mapping["properties"]["id"], mapping]}


class WebLink(_Part):
    """A titled link."""

    title: Translatable
    """What stands behind the link."""
    url: Url
    """Where the link leads."""


class _Dated(_Part):
    """What has a validity and a history."""

    valid_from: Date
    """First day of validity."""
    valid_until: Date | None = None
    """Last day of validity, on which the record still holds; absent where the end is open."""
    status_events: Annotated[tuple[StatusEvent, ...], EmptyAsAbsent] = ()
    """Changes of status, in any order; those of one day count in the order given."""

    def status_on(self, day: dt.date) -> Status:
        """Return the status that holds on a day."""
        return status.status_on(self.status_events, self.valid_from, self.valid_until, day)

    def status_since(self, day: dt.date) -> dt.date | None:
        """Return since when the status of ``day`` has held."""
        return status.status_since(self.status_events, self.valid_from, self.valid_until, day)

    @property
    def history(self) -> tuple[StatusEvent, ...]:
        """The status events in date order, identical ones once."""
        return status.each_once(status.in_date_order(self.status_events))


class Certificate(_Dated):
    """A certificate or technical approval: trust in the holder's self-monitoring at one production unit."""

    number: Number
    """Number exactly as printed; unique within the system."""
    system: Id
    """Id of the certification system."""
    product: Id
    """Id of the product."""
    holder: Id
    """Id of the holder."""
    unit: Id
    """Id of the production unit."""
    other_units: Annotated[tuple[Id, ...], EmptyAsAbsent] = ()
    """Ids of further production units."""
    title: Translatable | None = None
    """The certificate's own title, where it has one."""
    scope: Translatable | None = None
    """What it covers, in words."""
    documents: Annotated[tuple[DocumentReference, ...], EmptyAsAbsent] = ()
    """Reference documents it was granted against: document ids, or id and edition."""
    issued: Date | None = None
    """Day of issue."""
    replaces: CertificateReference | None = None
    """The certificate whose place it took; that one need not be in the export any more."""
    replaced_by: CertificateReference | None = None
    """The certificate that took its place."""
    url: Url | None = None
    """The signed document (PDF)."""
    links: Annotated[tuple[WebLink, ...], EmptyAsAbsent] = ()
    """Further links."""
    remarks: Translatable | None = None
    """Remarks for the public."""

    @property
    def key(self) -> CertificateKey:
        """What tells certificates apart: system and number."""
        return CertificateKey(self.system, self.number)

    @property
    def units(self) -> tuple[str, ...]:
        """The ids of its production unit and any others."""
        return (self.unit, *self.other_units)


class DeclaredCharacteristic(_Part):
    """What a datasheet declares of a characteristic: one value, or a range with one end or both."""

    id: Id
    """Id of the characteristic, as the product lists it."""
    value: Line | None = None
    """The declared value; required where neither `min` nor `max` is given."""
    min: DecimalNumber | None = None
    """Lower end of the declared range."""
    max: DecimalNumber | None = None
    """Upper end of the declared range."""
    tolerance: Line | None = None
    """Tolerance, as printed."""
    performance_class: Line | None = Field(default=None, alias="class")
    """Class of performance."""
    unit: Line | None = None
    """Unit, where it differs from the product's."""
    standard: Line | None = None
    """Standard, where it differs from the product's."""

    @property
    def printed(self) -> str:
        """The value or the range as it is printed, without its unit: ``20``, ``20 – 40``, ``≥ 20``."""
        if self.value is not None:
            return self.value
        if self.min is not None and self.max is not None:
            return f"{self.min} – {self.max}"
        return f"≥ {self.min}" if self.min is not None else f"≤ {self.max}"

    @model_validator(mode="after")
    def _says_something(self) -> DeclaredCharacteristic:
        ranged = self.min is not None or self.max is not None
        if self.value is None and not ranged:
            raise PydanticCustomError("no_value", "must have a value, or min or max")
        if self.value is not None and ranged:
            raise PydanticCustomError("two_values", "must have either a value, or min and max, not both")
        return self


# Parts that were kept from an earlier build may be a sequence that makes them when they are asked for.
_AsTuple = WrapSerializer(lambda parts, serialize: serialize(tuple(parts)))


class Datasheet(_Dated):
    """A technical datasheet: the only thing that shows that a product is certified."""

    code: Number
    """Code exactly as printed on delivery notes; unique."""
    certificates: tuple[CertificateReference, ...] = Field(min_length=1)
    """The certificates it hangs on."""
    trade_name: Line
    """Name under which the product is sold."""
    product: Id
    """Id of the product."""
    unit: Id
    """Id of the production unit."""
    version: Line | None = None
    """Version of the datasheet."""
    date: Date | None = None
    """Day that stands on the datasheet."""
    characteristics: Annotated[tuple[DeclaredCharacteristic, ...], EmptyAsAbsent, _AsTuple] = ()
    """Declared characteristics."""
    conforms_to: Annotated[tuple[Id, ...], EmptyAsAbsent] = ()
    """Ids of the documents it conforms to."""
    url: Url | None = None
    """The signed document (PDF)."""
    gtin: Gtin | None = None
    """Global Trade Item Number."""
    dop_url: Url | None = None
    """The declaration of performance."""

    @property
    def key(self) -> str:
        """What tells datasheets apart."""
        return self.code


AnyRecord = System | Product | Document | Holder | Unit | Contact | Certificate | Datasheet

RECORD_KINDS: Mapping[str, type[AnyRecord]] = {
    "systems": System,
    "products": Product,
    "documents": Document,
    "holders": Holder,
    "units": Unit,
    "contacts": Contact,
    "certificates": Certificate,
    "datasheets": Datasheet,
}
"""The kinds of records in reading order; each is the top-level key of its files."""
