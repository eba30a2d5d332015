"""What left the demonstration register before its export: certificates, their datasheets, some holders and units.

None of it stands in the export; the ledger remembers it. A departed certificate has a number that the series of its
family left free, so that the two look as if one body had given them out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from keur.demo.certificates import Certificate, Key, Line
from keur.demo.datasheets import SheetWriter
from keur.demo.draws import Draws
from keur.demo.histories import DAY, EXPORT_DAY, Event, History, Standing
from keur.demo.holders import Trades, Unit
from keur.demo.writer import Record

MONTHLY = 28 * DAY
"""In the last year there was an export every fourth Saturday."""

QUARTERLY = 84 * DAY
"""In the years before, one every twelfth."""

EXPORT_DAYS = (
    *(EXPORT_DAY - 12 * MONTHLY - count * QUARTERLY for count in range(8, 0, -1)),
    *(EXPORT_DAY - count * MONTHLY for count in range(12, 0, -1)),
    EXPORT_DAY,
)
"""The days of all exports, oldest first; the last is the one that the register's files hold."""

PRESENT = len(EXPORT_DAYS) - 1
"""The place of the present export among them."""


class Fate(Enum):
    """How a certificate left the register."""

    WITHDRAWN = auto()
    FIRM_CLOSED = auto()
    """It ended at the request of a holder who gave up the production unit."""
    UNEXPLAINED = auto()
    """It was valid in one export and not listed in the next."""
    EXPIRED = auto()
    SUSPENDED = auto()
    RENUMBERED = auto()
    """A certificate that is listed took its place."""
    REASSIGNED = auto()
    """Its number was given to another holder afterwards."""


FATES = {
    Fate.WITHDRAWN: 6,
    Fate.FIRM_CLOSED: 6,
    Fate.UNEXPLAINED: 6,
    Fate.EXPIRED: 5,
    Fate.SUSPENDED: 3,
    Fate.RENUMBERED: 6,
    Fate.REASSIGNED: 1,
}
"""How many certificates left so; the first that was renumbered had taken the place of another."""

SHEET_SHARE = 100
"""Beside the sheets of departed certificates, one sheet in so many left on its own."""


@dataclass(frozen=True)
class Stay:
    """A record that left, and the places of the first export that listed it and of the first one that did not."""

    record: Record
    first: int
    until: int


@dataclass
class Departed:
    """What left, by kind; ``succeeded`` maps a listed certificate to the departed one whose place it took."""

    holders: list[Stay] = field(default_factory=list)
    units: list[Stay] = field(default_factory=list)
    certificates: list[Stay] = field(default_factory=list)
    datasheets: list[Stay] = field(default_factory=list)
    succeeded: dict[Key, Certificate] = field(default_factory=dict)
    reassigned: list[str] = field(default_factory=list)
    """The numbers that another holder was given."""


class Departures:
    """Draws what left. Holders and units that it opens come after those of the export."""

    def __init__(self, seed: int, trades: Trades, certificates: Sequence[Certificate], sheets: SheetWriter) -> None:
        self._draws = Draws(seed, "departed")
        self._trades = trades
        self._certificates = certificates
        self._sheets = sheets
        self._numbers = {certificate.key for certificate in certificates}
        self.departed = Departed()

    def draw(self, lines: Sequence[Line], sheets: int) -> Departed:
        """Draw everything that left a register with these production lines and so many sheets."""
        deck = iter(self._draws.shuffled([line for line in lines if _is_plain(line)]))
        self._sheets_each = max(1, sheets // (4 * len(lines)))
        for fate, count in FATES.items():
            for position in range(count):
                until = PRESENT if position == 0 else self._draws.between(5, PRESENT)
                self._leave(fate, next(line for line in deck if _suits(line, fate)), until)
        hosts = [line for line in lines if line.standing is Standing.VALID]
        for _ in range(max(1, sheets // SHEET_SHARE)):
            self._leave_alone(self._draws.pick(hosts))
        return self.departed

    # --- certificates -----------------------------------------------------------------------------------------------

    def _leave(self, fate: Fate, host: Line, until: int) -> None:
        present = host.certificates[0]
        if fate is Fate.RENUMBERED:
            until = min(PRESENT, place_of(_issued(present)) + self._draws.between(1, 3))
        if fate is Fate.REASSIGNED:
            until = place_of(_issued(present)) - 2
        line = self._moved(host, until) if fate in (Fate.FIRM_CLOSED, Fate.REASSIGNED) else host
        key = present.key if fate is Fate.REASSIGNED else self._free_number(present.key)
        certificate = self._certificate(fate, line, key, present, until)
        if fate is Fate.RENUMBERED:
            certificate = replace(certificate, replaced_by=present.key)
            self.departed.succeeded[present.key] = certificate
            if len(self.departed.succeeded) == 1:
                certificate = self._succeed_another(certificate)
        if fate is Fate.REASSIGNED:
            self.departed.reassigned.append(key.number)
        self._add(certificate, 0, until)

    def _moved(self, host: Line, until: int) -> Line:
        """Return a line like another at a unit of a holder who left as well."""
        holder = self._trades.found(self._draws, host.family.trade)
        unit = self._trades.open_unit(self._draws, holder, host.family.plant, host.unit.kind)
        self.departed.holders.append(Stay(holder.record, 0, until))
        self.departed.units.append(Stay(unit.record, 0, until))
        return _line_at(host, unit)

    def _certificate(self, fate: Fate, line: Line, key: Key, present: Certificate, until: int) -> Certificate:
        last, first_without = EXPORT_DAYS[until - 1], EXPORT_DAYS[until]
        start = self._draws.day(dt.date(2019, 1, 7), EXPORT_DAYS[0] - 90 * DAY)
        end = last + self._draws.between(90, 500) * DAY
        event: tuple[Event, ...] = ()
        shown = EXPORT_DAYS[max(0, until - self._draws.between(1, 3))] - self._draws.between(2, 20) * DAY
        if fate is Fate.WITHDRAWN:
            event = (Event(shown - 45 * DAY, "suspended"), Event(shown, "withdrawn"))
        elif fate in (Fate.FIRM_CLOSED, Fate.REASSIGNED):
            event = (Event(shown, "ended"),)
        elif fate is Fate.SUSPENDED:
            event = (Event(shown, "suspended"),)
        elif fate is Fate.RENUMBERED:
            event = (Event(present.history.valid_from, "superseded"),)
        elif fate is Fate.EXPIRED:
            end = self._draws.day(EXPORT_DAYS[until - 2] + DAY, first_without - DAY)
        return Certificate(key, line, History(start, end, event), {})

    def _succeed_another(self, certificate: Certificate) -> Certificate:
        """Let a departed certificate have taken the place of one that left before."""
        turn = EXPORT_DAYS[2] - 12 * DAY
        history = replace(certificate.history, valid_from=turn)
        older = self._free_number(certificate.key)
        before = History(turn - 1500 * DAY, turn + 200 * DAY, (Event(turn, "superseded"),))
        self._add(Certificate(older, certificate.line, before, {}, replaced_by=certificate.key), 0, 3)
        return replace(certificate, history=history, replaces=older)

    def _add(self, certificate: Certificate, first: int, until: int) -> None:
        first = max(first, place_of(_issued(certificate)))
        self.departed.certificates.append(Stay(certificate.record, first, until))
        line = replace(certificate.line, certificates=[certificate])
        for _ in range(self._sheets_each):
            self._add_sheet(line, certificate.history.valid_from, certificate.history.events[-1:], first, until)

    def _free_number(self, like: Key) -> Key:
        """Return a number that its series passed over, or the next one after it."""
        head = like.number.rstrip("0123456789")
        digits = len(like.number) - len(head)
        alike = [
            key.number
            for key in self._numbers
            if key.system == like.system and key.number.startswith(head) and len(key.number) == len(like.number)
        ]
        given = {int(number[len(head) :]) for number in alike if number[len(head) :].isdigit()}
        free = [number for number in range(min(given), max(given)) if number not in given] or [max(given) + 1]
        key = Key(like.system, f"{head}{self._draws.pick(free):0{digits}}")
        self._numbers.add(key)
        return key

    # --- datasheets -------------------------------------------------------------------------------------------------

    def _add_sheet(self, line: Line, since: dt.date, fate: tuple[Event, ...], first: int, until: int) -> None:
        """Add a sheet that shares the fate of its certificate."""
        start = self._draws.day(since, max(since, EXPORT_DAYS[until - 1] - 200 * DAY))
        record = self._sheets.one_more(self._draws, line, History(start, None, fate))
        self.departed.datasheets.append(Stay(record, max(first, place_of(start)), until))

    def _leave_alone(self, line: Line) -> None:
        """Add a sheet of a listed certificate that left on its own: withdrawn, ended, or without a word."""
        since = max(certificate.history.valid_from for certificate in line.certificates)
        first = max(0, *(place_of(_issued(certificate)) for certificate in line.certificates))
        if first >= PRESENT - 2:
            return
        until = self._draws.between(first + 2, PRESENT)
        day = EXPORT_DAYS[until - 1] - self._draws.between(2, 20) * DAY
        status = self._draws.pick(["ended", "ended", "withdrawn", "", ""])
        self._add_sheet(line, since, (Event(day, status),) if status else (), first, until)


def place_of(day: dt.date) -> int:
    """Return the place of the first export on or after a day; that of the present one for days to come."""
    return next((place for place, export in enumerate(EXPORT_DAYS) if export >= day), PRESENT)


def _issued(certificate: Certificate) -> dt.date:
    return dt.date.fromisoformat(str(certificate.record["issued"]))


def _is_plain(line: Line) -> bool:
    """Tell whether a line holds one valid certificate without a history."""
    if line.standing is not Standing.VALID or len(line.certificates) != 1 or line.first_listed:
        return False
    return not line.certificates[0].history.events and len(line.units) == 1


def _suits(line: Line, fate: Fate) -> bool:
    """Tell whether the certificate of a line is young enough to have taken a place or a number."""
    place = place_of(_issued(line.certificates[0]))
    return 4 <= place <= PRESENT - 2 if fate in (Fate.RENUMBERED, Fate.REASSIGNED) else True


def _line_at(host: Line, unit: Unit) -> Line:
    return replace(host, unit=unit, other_units=(), certificates=[])
