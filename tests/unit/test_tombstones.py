"""Permalinks for ever: over exports that delete and rename at random, none dies and each tombstone is true."""

import datetime as dt
import gettext
import random
from dataclasses import dataclass, field
from pathlib import Path

from keur.ledger import read_ledger, record, remember
from keur.model import CertificateKey, Entries, Register
from keur.site.plan import Plan
from keur.urls import Urls
from keur.views.contexts import CardPage, CertificatePage, Page, TombstoneCardPage, TombstonePage
from keur.views.language import Language
from tests.builders import Raw, certificate, datasheet, entries, export, holder, unit

EXPORTS = 12
LOSSES = 1_000
HOLDERS = 5
_ONLY_LEFT = "Not certified any more, as far as this register knows: no longer listed since "


def pages_of(register: Register) -> dict[str, Page]:
    """Return every page of a register's site in one language, by its path."""
    english = Language("en", gettext.NullTranslations(), ("en",))
    plan = Plan(register, [english], Urls(), (), ())
    made = [
        planned.make()
        for planned in plan.pages()
        if planned.template not in ("patterns.html", "list.html", "search.html")
    ]
    assert len({page.path for page in made}) == len(made)
    return {page.path: page for page in made}


def _told(pages: dict[str, Page]) -> dict[str, str]:
    """Return all that pages show, by their paths."""
    return {path: repr(page) for path, page in pages.items()}


def remembering(folder: Path, present: Entries) -> Register:
    return Register(present, remember(read_ledger(folder / "ledger.jsonl"), present))


@dataclass
class Body:
    """A certification body that withdraws, renames and brings back records at random."""

    chance: random.Random
    certificates: dict[str, Raw] = field(default_factory=dict)
    sheets: dict[str, Raw] = field(default_factory=dict)
    withdrawn: dict[str, Raw] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    losses: int = 0
    issued: int = 0

    def issue(self, **changes: object) -> str:
        self.issued += 1
        # Every third number clashes with the slug of another: 01/0042 and 01-0042.
        number = f"{self.issued // 3 % 90:02d}{'/-.'[self.issued % 3]}{self.issued // 3:04d}"
        by = self.issued % HOLDERS
        dates = {"valid_from": "2020-01-01", "valid_until": f"{self.chance.randint(2021, 2030)}-06-30"}
        fields = {"number": number, "holder": f"h-{by}", "unit": f"u-{by}", **dates}
        self.certificates[number] = certificate(**{**fields, **changes})
        for extra in range(2):
            code = f"{self.issued:06d}{extra}"
            self.sheets[code] = datasheet(
                code=code, unit=self.certificates[number]["unit"], certificates=[{"system": "benor", "number": number}]
            )
        return number

    def lose(self, number: str) -> Raw:
        gone = self.certificates.pop(number)
        for code in [code for code, sheet in self.sheets.items() if sheet["certificates"][0]["number"] == number]:
            del self.sheets[code]
            self.losses += 1
        self.losses += 1
        return gone

    def year_on_year(self) -> None:
        """Withdraw, rename and bring back some, and issue as many new ones."""
        for number in self.chance.sample(sorted(self.certificates), 25):
            self.withdrawn[number] = self.lose(number)
        for number in self.chance.sample(sorted(self.certificates), 10):
            old = self.lose(number)
            replaces = {"system": "benor", "number": number}
            self.renamed[number] = self.issue(holder=old["holder"], unit=old["unit"], replaces=replaces)
        for number in self.chance.sample(sorted(self.withdrawn), 5):
            self.certificates[number] = self.withdrawn.pop(number)
        for code in self.chance.sample(sorted(self.sheets), 10):
            del self.sheets[code]
            self.losses += 1
        for _ in range(30):
            self.issue()

    def export(self, day: dt.date) -> Entries:
        system: Raw = {"id": "benor", "name": "BENOR", "kind": "quality-mark", "owner": "Owner"}
        return entries(
            register=export(exported_at=f"{day}T06:00:00+01:00"),
            systems=[system],
            holders=[holder(id=f"h-{n}", name=f"Holder {n}") for n in range(HOLDERS)],
            units=[unit(id=f"u-{n}", holder=f"h-{n}", name=f"Plant {n}") for n in range(HOLDERS)],
            certificates=list(self.certificates.values()),
            datasheets=list(self.sheets.values()),
        )


def series(seed: int) -> tuple[Body, list[tuple[dt.date, Entries]]]:
    body, exports = Body(random.Random(seed)), []
    for _ in range(80):
        body.issue()
    for number in range(EXPORTS):
        if number:
            body.year_on_year()
        day = dt.date(2026, 1, 1) + dt.timedelta(days=30 * number)
        exports.append((day, body.export(day)))
    return body, exports


def test_a_thousand_deletions_and_renames_kill_no_permalink_and_each_tombstone_is_true(tmp_path: Path) -> None:
    body, exports = series(29)
    assert body.losses > LOSSES
    published: set[str] = set()
    last_listed: dict[CertificateKey | str, dt.date] = {}
    owner_of: dict[str, CertificateKey | str] = {}
    for day, present in exports:
        register = remembering(tmp_path, present)
        pages = pages_of(register)
        # Built before the recording, the site is the same as after it.
        record(tmp_path, present)
        assert _told(pages_of(remembering(tmp_path, present))) == _told(pages)
        permanent = {path for path in pages if path.startswith(("/c/", "/d/", "/en/certificates/", "/en/datasheets/"))}
        assert published - permanent == set()
        published |= permanent
        for slugs, listed, letter in (
            (register.certificate_slugs, register.certificates, "c"),
            (register.datasheet_slugs, register.datasheets, "d"),
        ):
            for key, slug in slugs.items():
                path = f"/{letter}/{slug}/"
                assert owner_of.setdefault(path, key) == key, "an address changed hands"
                assert isinstance(pages[path], CardPage if key in listed else TombstoneCardPage)
                if key in listed:
                    last_listed[key] = day
                else:
                    _check_truth(pages[path], register, key, last_listed[key])
    for old, new in body.renamed.items():
        _check_that_they_lead_to_each_other(pages, register, old, new)
    assert len(register.memory.certificates) + len(register.memory.datasheets) > LOSSES * 0.8


def _check_truth(page: Page, register: Register, key: CertificateKey | str, last_listed: dt.date) -> None:
    assert isinstance(page, TombstoneCardPage)
    memory = register.memory
    unlisted = memory.datasheets[key] if isinstance(key, str) else memory.certificates[key]
    assert unlisted.last_listed == last_listed < unlisted.unlisted <= register.export_day
    assert page.number == (key if isinstance(key, str) else key.number)
    assert (page.noindex, page.json_ld) == (True, None)
    (sentence,) = page.sentences
    until = unlisted.dates.valid_until
    known = "Not certified any more. Expired after " if until and until < unlisted.unlisted else _ONLY_LEFT
    assert sentence.text.startswith(known)
    shown = {value.text for line in page.lines for value in line.values}
    assert {unlisted.provenance.holder_name, "Leuven (Belgium)", last_listed.isoformat(), "Geotextile"} <= shown


def _check_that_they_lead_to_each_other(pages: dict[str, Page], register: Register, old: str, new: str) -> None:
    old_path, new_path = (
        f"/en/certificates/{register.certificate_slugs[CertificateKey('benor', number)]}/" for number in (old, new)
    )
    older, newer = pages[old_path], pages[new_path]
    assert isinstance(older, TombstonePage)
    assert isinstance(newer, CertificatePage | TombstonePage)
    assert new_path in [link.href for link in older.replaced_by]
    assert old_path in [link.href for link in newer.replaces]


def test_a_withdrawal_is_told_before_the_day_on_which_the_record_left(tmp_path: Path) -> None:
    """To say only since when a withdrawn certificate is not listed would let it seem to have held until then."""
    withdrawn = {"date": "2026-02-10", "status": "withdrawn"}
    first = entries(
        register=export(exported_at="2026-03-01T06:00:00+01:00"),
        certificates=[certificate(status_events=[withdrawn]), certificate(number="29/0108")],
        datasheets=[],
    )
    record(tmp_path, first)
    present = entries(register=export(exported_at="2026-04-01T06:00:00+02:00"), certificates=[], datasheets=[])
    pages = pages_of(remembering(tmp_path, present))
    ended, left = pages["/en/certificates/benor-29-0107/"], pages["/en/certificates/benor-29-0108/"]
    assert isinstance(ended, TombstonePage)
    assert isinstance(left, TombstonePage)
    assert ended.status.sentence == "Not certified any more. Withdrawn since 10 February 2026"
    assert ended.status.detail == "No longer listed since 1 April 2026"
    assert left.status.sentence == f"{_ONLY_LEFT}1 April 2026"
    assert left.status.detail is None
    card = pages["/c/benor-29-0107/"]
    assert isinstance(card, TombstoneCardPage)
    assert [phrase.text for phrase in card.sentences] == [ended.status.sentence]
    assert card.citations[0].status == f"{ended.status.sentence}."


def test_the_drawing_of_a_record_ends_where_it_was_last_listed(tmp_path: Path) -> None:
    """Its dates promised validity until 2028; nobody knows what held after the last export that listed it."""
    events = [{"date": "2023-01-01", "status": "trial"}, {"date": "2024-01-01", "status": "valid"}]
    lost = certificate(valid_from="2024-01-01", valid_until="2028-12-31", status_events=events)
    last = export(exported_at="2026-06-30T06:00:00+02:00")
    record(tmp_path, entries(register=last, certificates=[lost], datasheets=[]))
    present = entries(register=export(exported_at="2026-08-01T06:00:00+02:00"), certificates=[], datasheets=[])
    page = pages_of(remembering(tmp_path, present))["/en/certificates/benor-29-0107/"]
    assert isinstance(page, TombstonePage)
    assert page.drawn is not None
    assert (page.drawn.first, page.drawn.last) == ("2023", "2026")


def test_the_series_replayed_gives_the_same_ledger(tmp_path: Path) -> None:
    ledgers = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for _, present in series(29)[1]:
            record(tmp_path / name, present)
        ledgers.append((tmp_path / name / "ledger.jsonl").read_bytes())
    assert ledgers[0] == ledgers[1]
