"""The register as tables: one a kind of record, and one for each list of parts that a kind has.

The tables follow from the shapes of the models. A part that stands once is flat columns (``address_city``), a list of
ids is one cell with ``|`` between them, a list of parts is a table of its own, whose rows name their record and their
place in the list. A translatable text has a column for what is the same in all languages (``title``) and one a language
(``title_nl``). The first language of a text serves where another is missing; a text whose languages stand in another
order than the columns says its order in a column of its own (``title_languages``), which is there only if need be.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

from pydantic import BaseModel

from keur.exports.cells import defused
from keur.exports.pieces import Piece, Pieces, PieceSource, made_anew
from keur.exports.register_json import held_on_export_day, record_links
from keur.exports.shapes import FieldShape, Json, Many, Part, Scalar, Words, part_of, spelt
from keur.model import RECORD_KINDS, Certificate, Datasheet, Register, Text
from keur.urls import Urls

BETWEEN = "|"
"""What stands between ids of a list in one cell."""

Get = Callable[[Any], Any]


class Column(NamedTuple):
    """A column. ``get`` finds its value in a row's record; ``about`` is what the data package says of it."""

    name: str
    get: Get
    about: Json

    @property
    def is_text(self) -> bool:
        """Whether its cells are free text, which a spreadsheet might run."""
        return bool(self.about["type"] in ("string", "list"))


class TextColumn(NamedTuple):
    """A translatable text before it is known which columns it needs."""

    name: str
    get: Get
    description: str


class TableShape(NamedTuple):
    """A table of a kind: its name, the field that its rows come from (None: the records), and what its columns are."""

    name: str
    kind: str
    part_field: FieldShape | None
    columns: tuple[Column | TextColumn, ...]


@cache
def table_shapes() -> tuple[TableShape, ...]:
    """Return the tables of every register, in the order in which they are listed."""
    shapes = []
    for kind, model in RECORD_KINDS.items():
        part = part_of(model)
        shapes.append(TableShape(kind, kind, None, tuple(_columns(part))))
        for each in part.fields:
            if isinstance(each.shape, Many) and not isinstance(each.shape.of, Scalar):
                inner = each.shape.of
                columns = (
                    tuple(_columns(inner))
                    if isinstance(inner, Part)
                    else (TextColumn("text", lambda text: text, each.description),)
                )
                shapes.append(TableShape(f"{kind}_{each.name}", kind, each, columns))
    return tuple(shapes)


KEYS = {"certificates": ("system", "number"), "datasheets": ("code",)}
"""The columns that tell records of a kind apart; ``id`` where none is named here."""


def key_columns(kind: str) -> tuple[str, ...]:
    """Return the names of the columns that tell records of a kind apart."""
    return KEYS.get(kind, ("id",))


def _columns(part: Part, prefix: str = "", reach: Get | None = None) -> Iterator[Column | TextColumn]:
    for each in part.fields:
        name, get = prefix + each.name, _getter(each.attribute, reach)
        match each.shape:
            case Scalar():
                yield Column(name, get, _about(name, each, always=each.always and reach is None))
            case Words():
                yield TextColumn(name, get, each.description)
            case Part():
                yield from _columns(each.shape, f"{name}_", get)
            case Many(of) if isinstance(of, Scalar):
                about = {"name": name, "type": "list", "delimiter": BETWEEN, "description": each.description}
                yield Column(name, _joined(get), about)


def _getter(attribute: str, reach: Get | None) -> Get:
    if reach is None:
        return lambda record: record.__dict__[attribute]

    def get(record: BaseModel) -> Any:
        inner = reach(record)
        return None if inner is None else inner.__dict__[attribute]

    return get


def _joined(get: Get) -> Get:
    return lambda record: BETWEEN.join(get(record) or ())


def _about(name: str, each: FieldShape, *, always: bool) -> Json:
    schema = each.shape.schema if isinstance(each.shape, Scalar) else {}
    kind = {"date": "date", "date-time": "datetime"}.get(schema.get("format", ""), schema.get("type", "string"))
    limits = {key: schema[key] for key in ("enum", "minLength", "maxLength", "minimum", "maximum") if key in schema}
    constraints = ({"required": True} if always else {}) | limits
    about: Json = {"name": name, "type": kind}
    if each.description:
        about["description"] = each.description
    return about | ({"constraints": constraints} if constraints else {})


# --- tables of a register ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A table of a register; ``languages`` are the site's, which always have columns."""

    shape: TableShape
    register: Register
    site_urls: Urls
    languages: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name, and that of its file without the ending."""
        return self.shape.name

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, those that name the record of a part left out."""
        found: list[Column] = []
        for column in self.shape.columns:
            found += [column] if isinstance(column, Column) else self._of_text(column)
        return tuple(found)

    def csv(self, pieces: PieceSource = made_anew) -> bytes:
        """Return its file: RFC 4180, UTF-8."""
        day = self.register.export_day.isoformat().encode()
        records = getattr(self.register, self.shape.kind)
        make = self._parts_of if self.shape.part_field else self._row_of
        heading = _lines([[about["name"] for about in self.fields]])
        made = pieces(Pieces(f"{self.name}.csv", self.shape.kind, records, make, heading))
        return b"".join([heading, *(day.join(piece) for piece in made)])

    @property
    def fields(self) -> list[Json]:
        """What the data package says of each column, in order."""
        own = [column.about for column in self.columns]
        kind = self.shape.kind
        if self.shape.part_field is None:
            return own + _derived_fields(kind)
        parent = next(shape for shape in table_shapes() if shape.name == kind)
        key = [column.about for column in parent.columns if column.name in key_columns(kind)]  # type: ignore[union-attr]  # keys are no texts
        key.sort(key=lambda about: key_columns(kind).index(about["name"]))
        place = {"name": "position", "type": "integer", "description": "Place in the list, from 1."}
        return [*({**about, "name": parent_column(kind, about["name"])} for about in key), place, *own]

    # --- rows -------------------------------------------------------------------------------------------------------

    @cached_property
    def _cells(self) -> Sequence[tuple[Get, bool]]:
        return [(column.get, column.is_text) for column in self.columns]

    def _row_of(self, key: Any, record: Any) -> Piece:
        """Return the row of a record; where the table says what held on the day of the export, in two parts."""
        register = self.register
        row = _spelt_out(self._cells, record)
        links = record_links(register, self.site_urls, self.shape.kind, key)
        row += [links[name] for name in ("permalink", "json") if name in links]
        if not isinstance(record, Certificate | Datasheet):
            return (_lines([row]),)
        held = [spelt(value) for value in held_on_export_day(register, record).values()]
        return _lines([row]).removesuffix(_END) + b",", b"," + _lines([held])

    def _parts_of(self, key: Any, record: Any) -> Piece:
        """Return the rows of a record's parts."""
        parts = record.__dict__[self.shape.part_field.attribute] if self.shape.part_field else ()
        if not parts:
            return (b"",)
        names = [defused(name) for name in (key if isinstance(key, tuple) else (key,))]
        rows = ([*names, str(position), *_spelt_out(self._cells, part)] for position, part in enumerate(parts, 1))
        return (_lines(rows),)

    # --- texts ------------------------------------------------------------------------------------------------------

    def _of_text(self, column: TextColumn) -> list[Column]:
        """Return the columns of a translatable text: as many as its languages need."""
        orders = Counter(tuple(tag for tag, _ in text.translations) for text in self._texts(column.get))
        tags = _in_order(orders, self.languages)
        name, get, described = column.name, column.get, column.description
        everywhere = f"{described} The same in every language."
        columns = [Column(name, _said(get, ""), {"name": name, "type": "string", "description": everywhere})]
        for tag in tags:
            about = {"name": f"{name}_{tag}", "type": "string", "description": described, "language": tag}
            columns.append(Column(about["name"], _said(get, tag), about))
        ranks = {tag: rank for rank, tag in enumerate(tags)}
        if any(_is_otherwise(order, ranks) for order in orders):
            about = {
                "name": f"{name}_languages",
                "type": "list",
                "delimiter": BETWEEN,
                "description": f"The languages of {name} in their order, where that is not the order of the columns.",
            }
            columns.append(Column(about["name"], _order(get, ranks), about))
        return columns

    def _texts(self, get: Get) -> Iterator[Text]:
        records: Iterable[Any] = getattr(self.register, self.shape.kind).values()
        part_field = self.shape.part_field
        if part_field:
            records = (part for record in records for part in record.__dict__[part_field.attribute])
        return (text for record in records if (text := get(record)) is not None)


_END = b"\r\n"


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator=_END.decode()).writerows(rows)
    return written.getvalue().encode()


def _spelt_out(cells: Sequence[tuple[Get, bool]], record: Any) -> list[str]:
    row = []
    for get, is_text in cells:
        value = get(record)
        if value is None:
            row.append("")
        else:
            text = value if isinstance(value, str) and type(value) is str else spelt(value)
            row.append(defused(text) if is_text else text)
    return row


def _said(get: Get, tag: str) -> Get:
    def said(record: Any) -> str | None:
        text = get(record)
        if text is None:
            return None
        return next((words for other, words in text.translations if other == tag), None)

    return said


def _order(get: Get, ranks: dict[str, int]) -> Get:
    def order(record: Any) -> str:
        text = get(record)
        tags = tuple(tag for tag, _ in text.translations) if text is not None else ()
        return BETWEEN.join(tags) if _is_otherwise(tags, ranks) else ""

    return order


def _is_otherwise(order: Sequence[str], ranks: dict[str, int]) -> bool:
    if order == ("",):
        return False
    return any(ranks[one] > ranks[other] for one, other in itertools.pairwise(order))


def _in_order(orders: Counter[tuple[str, ...]], languages: Sequence[str]) -> list[str]:
    """Return the languages that columns stand in: the order that most texts have, then those it lacks."""
    ranked = sorted(orders, key=lambda order: (-len(order), -orders[order], order))
    tags = dict.fromkeys(tag for tag in (ranked[0] if ranked else ()) if tag)
    others = sorted({tag for order in orders for tag in order if tag})
    return list(tags | dict.fromkeys([*languages, *others]))


def parent_column(kind: str, name: str) -> str:
    """Return what a column of a record's key is called in the tables of its parts."""
    one = kind.removesuffix("s")
    return f"{one}_{name}" if name in ("system", "number") else one


def _derived_fields(kind: str) -> list[Json]:
    """Return the columns that the export does not hold: where a record stands, and what held on the export's day."""
    found: list[Json] = []
    if kind in ("certificates", "datasheets", "products", "documents"):
        found.append(_derived("permalink", "string", "The record's permalink."))
    if kind not in ("units", "contacts"):
        found.append(_derived("json", "string", "The record's JSON."))
    if kind in ("certificates", "datasheets"):
        found.append(_derived("export_day", "date", "The day of the export."))
        said = "Status on that day, and on no other: it follows from dates and status events."
        found.append(_derived("status_on_export_day", "string", said))
    if kind == "datasheets":
        said = "Whether the datasheet and a certificate it hangs on were both valid on that day."
        found.append(_derived("covered_on_export_day", "boolean", said))
    return found


def _derived(name: str, kind: str, description: str) -> Json:
    return {"name": name, "type": kind, "description": description, "derived": True}
