"""Technical datasheets: each hangs on the certificates of its line and holds no longer than they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keur.demo.certificates import SITE, Line
from keur.demo.draws import Draws
from keur.demo.families import HOME, DeclaredValue, read_toml
from keur.demo.histories import DAY, EXPORT_DAY, Event, Historian, History, Standing

FIRST_CODE = 90012345
"""The code of the first datasheet of the first listed certificate."""

CODES = (90_000_000, 99_999_999)
"""Codes have eight digits and are drawn from this range, each once."""

SMALL_STANDINGS = (Standing.TRIAL, Standing.FUTURE, Standing.SUSPENDED)
"""Lines that do not deliver, or not yet, have fewer sheets; so have those that are over."""

RECENT = 6 * 365 * DAY
"""No sheet is older: products change."""

OWN_STANDINGS = (Standing.WITHDRAWN, Standing.ENDED, Standing.SUSPENDED, Standing.EXPIRED, Standing.TRIAL)
"""What may become of a single sheet while its certificate stays valid."""

OWN_SHARE = 0.02


def share_out(seed: int, lines: Sequence[Line], sheets: int) -> list[int]:
    """Return how many sheets each line has: exactly ``sheets`` together, in the proportions of an ordinary register."""
    draws = Draws(seed, "sheets")
    weights = []
    for line in lines:
        weight = line.family.sheets * len(line.units) * (0.4 + 1.2 * draws.share())
        if line.standing.is_over or line.standing in SMALL_STANDINGS:
            weight /= 4
        weights.append(int(weight * 1000))
    # One sheet stands ready for the line that texts name; the rest goes by weight, remainders to the heaviest lines.
    first = next(index for index, line in enumerate(lines) if line.first_listed)
    rest, total = max(0, sheets - 1), sum(weights)
    counts = [rest * weight // total for weight in weights]
    by_remainder = sorted(range(len(lines)), key=lambda index: (-(rest * weights[index] % total), index))
    for index in by_remainder[: rest - sum(counts)]:
        counts[index] += 1
    counts[first] += min(1, sheets)
    return counts


def draw_codes(seed: int) -> Iterator[str]:
    """Yield eight-digit codes, none twice and without the first sheet's."""
    draws = Draws(seed, "codes")
    used = {FIRST_CODE}
    while True:
        code = draws.between(*CODES)
        if code not in used:
            used.add(code)
            yield str(code)


class SheetWriter:
    """Makes the datasheets of one line after another."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._codes = draw_codes(seed)
        self._reasons = read_toml(HOME / "phrases.toml")["reasons"]

    def sheets(self, line: Line, count: int) -> Iterator[dict[str, object]]:
        """Yield the records of a line's datasheets."""
        draws = Draws(self._seed, "sheets of", line.family.id, line.unit.id)
        historian = Historian(draws, self._reasons)
        for index in range(count):
            first = line.first_listed and index == 0
            code = str(FIRST_CODE) if first else next(self._codes)
            history = _follow(draws, line) if first else _sheet_history(draws, historian, line)
            yield _sheet(draws, line, code, history)

    def one_more(self, draws: Draws, line: Line, history: History) -> dict[str, object]:
        """Return the record of another datasheet of a line; its code is one that none before it has."""
        return _sheet(draws, line, next(self._codes), history)


def _sheet(draws: Draws, line: Line, code: str, history: History) -> dict[str, object]:
    family = line.family
    grade = draws.share()
    year = history.valid_from.year
    declared = [recipe.draw(draws, grade, year) for recipe in family.characteristics if draws.chance(recipe.share)]
    record: dict[str, object] = {
        "code": code,
        "certificates": [certificate.key.record for certificate in line.certificates],
        "trade_name": _trade_name(draws, line, declared),
        "product": family.id,
        "unit": draws.pick(line.units).id,
        "version": str(draws.between(1, 7)),
        "date": min(history.valid_from - draws.between(0, 20) * DAY, EXPORT_DAY).isoformat(),
        "valid_from": history.valid_from.isoformat(),
    }
    if history.valid_until:
        record["valid_until"] = history.valid_until.isoformat()
    if history.events:
        record["status_events"] = [event.record for event in history.events]
    record["characteristics"] = declared
    conforms_to = [document for document in family.document_ids if document.startswith(("ptv-", "en-"))]
    if conforms_to:
        record["conforms_to"] = conforms_to
    if draws.chance(0.2):
        record["url"] = f"{SITE}/datasheets/{code}.pdf"
    if family.packaged and draws.chance(0.5):
        record["gtin"] = _gtin(code)
    if any(certificate.key.system == "ce" for certificate in line.certificates):
        record["dop_url"] = f"{SITE}/dop/{code}.pdf"
    return record


def _trade_name(draws: Draws, line: Line, declared: Sequence[DeclaredValue]) -> str:
    family = line.family
    parts: dict[str, object] = {
        "brand": line.holder.brand,
        "n": draws.between(1, 99) * draws.pick([1, 5, 10]),
        "letter": draws.pick("ABCDEFGHKLMNPRSTVX"),
    }
    if family.word:
        parts["word"] = family.word[line.holder.language]
    for value in declared:
        parts[str(value["id"])] = value.get("value", value.get("min", value.get("max")))
    return draws.pick(family.trade_names).format_map(parts)


def _gtin(code: str) -> str:
    """Return a GTIN of the range that GS1 keeps for demonstrations and examples (952)."""
    digits = f"9520{code}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def _sheet_history(draws: Draws, historian: Historian, line: Line) -> History:
    """Return a history within that of the line's certificates."""
    follows = _follow(draws, line)
    if line.standing in (Standing.VALID, Standing.REINSTATED, Standing.SUCCESSOR) and draws.chance(OWN_SHARE):
        return _own_fate(draws, historian, follows)
    return follows


def _follow(draws: Draws, line: Line) -> History:
    """Return a history that shares the fate of the line's certificates."""
    histories = [certificate.history for certificate in line.certificates]
    started = max(history.valid_from for history in histories)
    ends = [history.valid_until for history in histories if history.valid_until]
    last = min(ends, default=None)
    fate = histories[0].events[-1:]
    if line.standing in (Standing.TRIAL, Standing.SUSPENDED, Standing.WITHDRAWN, Standing.ENDED):
        day = fate[0].date
        start = draws.day(max(started, day - RECENT), day - DAY if line.standing is not Standing.TRIAL else EXPORT_DAY)
        if line.standing is Standing.TRIAL:
            return History(start, None, (Event(start, "trial"),))
        return History(start, last, (Event(day, fate[0].status, fate[0].precision),))
    if line.standing is Standing.FUTURE:
        return History(started, last)
    latest = min([EXPORT_DAY - DAY, *(end - 60 * DAY for end in ends)])
    start = draws.day(max(started, latest - RECENT), latest)
    if line.standing in (Standing.EXPIRED, Standing.LAST_DAY) or draws.chance(0.7):
        return History(start, last)
    return History(start, None)


def _own_fate(draws: Draws, historian: Historian, follows: History) -> History:
    standing = draws.pick(OWN_STANDINGS)
    start = follows.valid_from
    if standing is Standing.EXPIRED:
        return History(start, draws.day(start, EXPORT_DAY - DAY))
    if standing is Standing.TRIAL:
        return History(start, follows.valid_until, (Event(start, "trial"),))
    return History(start, follows.valid_until, (historian.closing(standing, start),))
