"""Production lines (one product at one unit) and the certificates they hold, with a mixture of standings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from keur.demo.draws import Draws
from keur.demo.families import HOME, LANGUAGES, Family, Texts, read_toml
from keur.demo.histories import EXPORT_DAY, Event, Historian, History, Standing
from keur.demo.holders import Holder, Trades, Unit

STANDINGS = {
    Standing.TRIAL: 12,
    Standing.SUSPENDED: 9,
    Standing.WITHDRAWN: 25,
    Standing.EXPIRED: 8,
    Standing.SUCCESSOR: 7,
    Standing.ENDED: 6,
    Standing.FUTURE: 3,
    Standing.REINSTATED: 20,
    Standing.LAST_DAY: 1,
}
"""How many production lines are not simply valid; each successor adds the superseded certificate before it."""

DEPOTS = 15
"""So many lines of holders from abroad deliver from a depot in Belgium too."""

MARKS = ("benor", "copro", "atg")
"""Systems of which a line holds one, sometimes two; any other comes on top at a family's first units."""

EXTRA_CERTIFICATES = 3
"""So many units of a family hold a certificate of a system that comes on top."""

FIRST_LISTED = ("geotextile", History(dt.date(2023, 5, 12), dt.date(2027, 2, 28)))
"""The family and dates of the record that texts and tests name: its first certificate and first datasheet."""

SITE = "https://register.example"


@dataclass(frozen=True)
class Key:
    """System and number: what a reference to a certificate holds."""

    system: str
    number: str

    @property
    def record(self) -> dict[str, str]:
        """The reference as it stands in the export."""
        return {"system": self.system, "number": self.number}

    @property
    def file_name(self) -> str:
        """A name for the certificate's files."""
        return f"{self.system}-{re.sub('[^0-9A-Za-z]+', '-', self.number).lower()}"


@dataclass(eq=False)
class Line:
    """One product at one unit (with any others that its certificates name); ``position`` counts in the family."""

    family: Family
    position: int
    unit: Unit
    other_units: tuple[Unit, ...] = ()
    standing: Standing = Standing.VALID
    certificates: list[Certificate] = field(default_factory=list)
    """Those that cover what the line makes now, so without any superseded one."""

    @property
    def holder(self) -> Holder:
        """Who runs it."""
        return self.unit.holder

    @property
    def first_listed(self) -> bool:
        """True for the line whose certificate and first datasheet texts and tests name."""
        return self.position == 0 and self.family.id == FIRST_LISTED[0]

    @property
    def marks(self) -> list[str]:
        """The systems of the family of which a line holds one or two."""
        return [system for system in self.family.numbers if system in MARKS]

    @property
    def on_top(self) -> list[str]:
        """The systems of which this line holds a certificate beside its mark's."""
        on_top = [system for system in self.family.numbers if system not in MARKS]
        return on_top if self.position < EXTRA_CERTIFICATES else []

    @property
    def units(self) -> tuple[Unit, ...]:
        """All its units."""
        return (self.unit, *self.other_units)


@dataclass(frozen=True)
class Certificate:
    """A certificate of a line."""

    key: Key
    line: Line
    history: History
    extras: dict[str, object]
    replaces: Key | None = None
    replaced_by: Key | None = None

    @property
    def record(self) -> dict[str, object]:
        """The certificate as it stands in the export."""
        line, history = self.line, self.history
        record: dict[str, object] = {
            "number": self.key.number,
            "system": self.key.system,
            "product": line.family.id,
            "holder": line.holder.id,
            "unit": line.unit.id,
        }
        if line.other_units:
            record["other_units"] = [unit.id for unit in line.other_units]
        documents = line.family.documents_of.get(self.key.system, line.family.documents)
        if documents:
            record["documents"] = documents
        record["issued"] = min(history.valid_from - dt.timedelta(days=4), EXPORT_DAY).isoformat()
        record["valid_from"] = history.valid_from.isoformat()
        if history.valid_until:
            record["valid_until"] = history.valid_until.isoformat()
        if history.events:
            record["status_events"] = [event.record for event in history.events]
        if self.replaces:
            record["replaces"] = self.replaces.record
        if self.replaced_by:
            record["replaced_by"] = self.replaced_by.record
        return record | self.extras


def plan_lines(seed: int, families: Sequence[Family], trades: Trades) -> list[Line]:
    """Give each family its production lines; a mobile family's units share certificates."""
    draws = Draws(seed, "lines")
    lines: list[Line] = []
    for family in families:
        if family.at_units_of:
            hosts = [line.unit for line in lines if line.family.id == family.at_units_of][: family.units]
            groups: list[tuple[Unit, ...]] = [(host,) for host in hosts]
        elif family.mobile:
            groups = _mobile_groups(draws, family, trades)
        else:
            groups = [(_open(draws, family, trades),) for _ in range(family.units)]
        lines += [Line(family, position, units[0], units[1:]) for position, units in enumerate(groups)]
    abroad = [line for line in lines if line.family.packaged and line.unit.site.place.country != "BE"]
    for line in abroad[:DEPOTS]:
        line.other_units = (trades.open_depot(draws, line.holder),)
    _give_standings(Draws(seed, "standings"), lines)
    return lines


def _open(draws: Draws, family: Family, trades: Trades) -> Unit:
    return trades.open_unit(draws, trades.next_holder(family.trade), family.plant, "fixed")


def _mobile_groups(draws: Draws, family: Family, trades: Trades) -> list[tuple[Unit, ...]]:
    groups: list[tuple[Unit, ...]] = []
    left = family.units
    while left:
        holder = trades.next_holder(family.trade)
        size = min(left, draws.between(1, 4))
        groups.append(tuple(trades.open_unit(draws, holder, family.plant, "mobile") for _ in range(size)))
        left -= size
    return groups


def _give_standings(draws: Draws, lines: Sequence[Line]) -> None:
    """Hand out the standings, in families that keep valid certificates beside them.

    Lines with a certificate on top stay valid, so that one standing holds for all certificates of a line.
    """
    able = [line for line in lines if line.family.units > 2 and not line.on_top and not line.first_listed]
    deck = iter(draws.shuffled(able))
    for standing, count in STANDINGS.items():
        for line in islice(deck, count):
            line.standing = standing


class CertificateOffice:
    """Issues the certificates of all lines, each system of a family counting up from its first number."""

    def __init__(self, seed: int) -> None:
        self._draws = Draws(seed, "certificates")
        self._phrases = read_toml(HOME / "phrases.toml")
        self._historian = Historian(Draws(seed, "histories"), self._phrases["reasons"])

    def issue(self, lines: Sequence[Line]) -> list[Certificate]:
        """Issue all certificates; each line then holds its own."""
        issued: list[Certificate] = []
        numbers: dict[tuple[str, str], Iterator[str]] = {}
        for line in lines:
            for position, system in enumerate(self._systems(line)):
                first = line.family.numbers[system]
                series = numbers.setdefault((line.family.id, system), self._numbers(first))
                issued += self._certify(line, system, series, position)
        return issued

    def _systems(self, line: Line) -> list[str]:
        """Return a line's systems: the marks of its family in turn, both for some, and any that come on top."""
        marks = line.marks
        both = len(marks) > 1 and line.standing is Standing.VALID and self._draws.chance(float(line.family.both_marks))
        return (marks if both else [marks[line.position % len(marks)]]) + line.on_top

    def _numbers(self, first: str) -> Iterator[str]:
        """Yield numbers of the first one's form, with gaps as registers have them."""
        head = first.rstrip("0123456789")
        digits = first[len(head) :]
        current = int(digits)
        while True:
            yield f"{head}{current:0{len(digits)}}"
            current += self._draws.between(1, 3)

    def _certify(self, line: Line, system: str, numbers: Iterator[str], position: int) -> Iterator[Certificate]:
        history = FIRST_LISTED[1] if line.first_listed else self._historian.history(line.standing)
        older = Key(system, next(numbers)) if line.standing is Standing.SUCCESSOR else None
        certificate = Certificate(Key(system, next(numbers)), line, history, {}, replaces=older)
        certificate = replace(certificate, extras=self._extras(certificate, position))
        line.certificates.append(certificate)
        if older:
            yield Certificate(older, line, _superseded(history), {}, replaced_by=certificate.key)
        yield certificate

    def _extras(self, certificate: Certificate, position: int) -> dict[str, object]:
        line = certificate.line
        extras: dict[str, object] = {}
        if certificate.key.system == "atg":
            extras["title"] = self._filled(self._phrases["approval_title"], line)
        if self._draws.chance(0.45) or line.first_listed:
            extras["scope"] = self._filled(self._draws.pick(self._phrases["scopes"]), line)
        if self._draws.chance(0.5) or line.first_listed:
            extras["url"] = f"{SITE}/certificates/{certificate.key.file_name}.pdf"
        if self._draws.chance(0.06):
            link = f"{SITE}/guides/{line.holder.id}-{line.family.id}.pdf"
            extras["links"] = [{"title": self._phrases["link_title"], "url": link}]
        if line.other_units and line.other_units[0].kind == "distributor" and position == 0:
            extras["remarks"] = self._phrases["depot_remark"]
        elif self._draws.chance(0.06):
            extras["remarks"] = self._draws.pick(self._phrases["remarks"])
        return extras

    def _filled(self, phrase: Texts, line: Line) -> Texts:
        return {tag: phrase[tag].format(product=line.family.name[tag], brand=line.holder.brand) for tag in LANGUAGES}


def _superseded(successor: History) -> History:
    """Return the history of the certificate that a successor replaced on its first day."""
    start = successor.valid_from
    began = start.replace(year=start.year - 4, day=min(start.day, 28))
    return History(began, start + dt.timedelta(days=200), (Event(start, "superseded"),))
