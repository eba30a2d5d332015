"""The demonstration register: repeatable, of the size announced, coherent, and naming no real firm."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from keur.checks import check
from keur.demo import is_real, write_demonstration
from keur.demo.datasheets import draw_codes
from keur.demo.departed import EXPORT_DAYS
from keur.demo.draws import Draws
from keur.demo.families import HOME, LANGUAGES, load_families
from keur.demo.holders import ascii_id
from keur.demo.writer import write_records
from keur.ledger import FILE, read_ledger, record, remember
from keur.loading import read_export
from keur.model import Certificate, Datasheet, Entries, Register, Status

REGISTRY_DATA = Path(__file__).parents[2] / "registry_data"

SHEETS = 1500

# Firms of the field, as words or, from five letters on, as parts of words.
REAL_FIRMS = """
3m aco aliaxis arcelor arcelormittal aswebo bam basf bekaert besix betafence boskalis cbr colas conexco deckx derbigum
desta dyckerhoff eiffage eurovia exxon fluxys geveko hauraton heidelberg heijmans holcim huesker imperbel jacops keramo
kremer lafarge lhoist carmeuse maccaferri naue norre nynas ooms pipelife potters q8 rehau rossbach saint-gobain shell
sika soprema sovitec stadsbader steinzeug strabag swarco tarmac tencate tensar total totalenergies trelleborg uponor
vandersanden vialit vinci volkmann wavin wegebo wienerberger willemen
""".split()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small register."""
    folder = tmp_path_factory.mktemp("demonstration")
    write_demonstration(folder, sheets=SHEETS)
    return folder


@pytest.fixture(scope="module")
def register(folder: Path) -> Register:
    """Return the small register, read as any export is."""
    return Register(read_export(folder).entries)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


def remembered(folder: Path) -> Register:
    """Return a register with what its ledger remembers."""
    entries = read_export(folder).entries
    return Register(entries, remember(read_ledger(folder / FILE), entries))


def test_the_committed_register_is_what_the_generator_writes(tmp_path: Path) -> None:
    """A change of the generator is committed together with its output (run ``keur demo``)."""
    write_demonstration(tmp_path)
    assert contents(REGISTRY_DATA) == contents(tmp_path)
    assert (REGISTRY_DATA / FILE).read_bytes() == (tmp_path / FILE).read_bytes()


def test_nothing_is_wrong_with_the_committed_register() -> None:
    """Neither a fault nor a warning: what a rule finds in it is a mistake of the generator or of the rule."""
    reading = read_export(REGISTRY_DATA)
    assert [*reading.problems, *check(reading.entries, LANGUAGES)] == []


def test_another_seed_gives_another_register_without_a_fault(tmp_path: Path, folder: Path) -> None:
    write_demonstration(tmp_path, sheets=400, seed=7)
    reading = read_export(tmp_path)
    assert [*reading.problems, *check(reading.entries, LANGUAGES)] == []
    assert contents(tmp_path)["holders.yaml"] != contents(folder)["holders.yaml"]


def test_files_are_text_of_one_form(folder: Path) -> None:
    """Line feeds only, no tabs, and the schema of its kind on the first line of each file."""
    for name, text in contents(folder).items():
        kind = name.split("/")[0].removesuffix(".yaml")
        up = ".." if "/" in name else "."
        first = text.split(b"\n")[0].decode()
        assert first == f"# yaml-language-server: $schema={up}/schema/{kind}.schema.json"
        assert b"\r" not in text
        assert b"\t" not in text


def test_any_number_of_datasheets_is_met_exactly(tmp_path: Path) -> None:
    """Also fewer than there are products; and a smaller register leaves nothing of a larger one behind."""
    for sheets in (483, 30, 1, 0):
        write_demonstration(tmp_path, sheets=sheets)
        written = contents(tmp_path)
        assert sum(text.count(b"\n  - code: ") for name, text in written.items() if "datasheets/" in name) == sheets
    reading = read_export(tmp_path)
    assert reading.problems == ()
    assert reading.entries.datasheets == ()


def test_counts_are_those_announced(register: Register) -> None:
    counts = register.export.counts
    assert register.export.demonstration
    assert counts.datasheets == len(register.datasheets) == SHEETS
    assert counts.products == len(register.products) == 49
    assert counts.units == len(register.units) == 483
    assert counts.certificates == len(register.certificates)
    assert 480 <= len(register.certificates) <= 500
    assert counts.holders == len(register.holders) > 150
    assert counts.systems == len(register.systems) == 6
    assert counts.documents == len(register.documents)
    assert counts.contacts == len(register.contacts)


def test_every_system_and_product_has_certificates(register: Register) -> None:
    certificates = register.certificates.values()
    assert {certificate.system for certificate in certificates} == set(register.systems)
    assert {certificate.product for certificate in certificates} == set(register.products)


def test_standings_are_mixed(register: Register) -> None:
    statuses = Counter(register.status_of(certificate) for certificate in register.certificates.values())
    valid = statuses.pop(Status.VALID)
    assert valid > 400
    assert statuses == {
        Status.TRIAL: 12,
        Status.SUSPENDED: 9,
        Status.WITHDRAWN: 25,
        Status.EXPIRED: 8,
        Status.SUPERSEDED: 7,
        Status.ENDED: 6,
        Status.NOT_YET_VALID: 3,
    }


def test_the_records_that_texts_name_are_there(register: Register) -> None:
    sheet = register.datasheets["90012345"]
    (reference,) = sheet.certificates
    certificate = register.certificates[reference.key]
    assert (certificate.system, certificate.number, certificate.product) == ("benor", "29/0107", "geotextile")
    assert register.status_of(sheet) is register.status_of(certificate) is Status.VALID


def test_replacements_point_both_ways(register: Register) -> None:
    replaced = {key: record.replaced_by for key, record in register.certificates.items() if record.replaced_by}
    assert len(replaced) == 7
    for key, successor in replaced.items():
        replaces = register.certificates[successor.key].replaces
        assert replaces is not None
        assert replaces.key == key


# --- what the ledger remembers --------------------------------------------------------------------------------------


def test_the_export_is_the_last_that_was_recorded(folder: Path) -> None:
    """Recording it again adds nothing, and no ledger before it is left."""
    ledger = (folder / FILE).read_bytes()
    assert record(folder, read_export(folder).entries).lines == 0
    assert (folder / FILE).read_bytes() == ledger
    recorded = read_ledger(folder / FILE)
    assert [export.day for export in recorded.exports] == list(EXPORT_DAYS)
    write_demonstration(folder, sheets=SHEETS)
    assert (folder / FILE).read_bytes() == ledger


def test_every_earlier_export_is_without_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded: list[Entries] = []

    def recording(folder: Path, entries: Entries, confirmed: Sequence[str]) -> None:
        recorded.append(entries)
        record(folder, entries, confirmed)

    monkeypatch.setattr("keur.demo.past.record", recording)
    write_demonstration(tmp_path, sheets=400)
    assert len(recorded) == len(EXPORT_DAYS)
    for entries in recorded:
        assert [problem for problem in check(entries, LANGUAGES) if problem.severity == "error"] == []
        day = entries.export.day if entries.export else dt.date.min
        for entry in (*entries.certificates, *entries.datasheets):
            assert all(event.date <= day for event in entry.record.status_events)


def test_records_have_left_in_every_way() -> None:
    """Certificates withdrawn, ended, suspended, expired, renumbered and without a word; datasheets with them."""
    memory = remembered(REGISTRY_DATA).memory
    assert len(memory.certificates) >= 25
    assert len(memory.datasheets) >= 150
    last = {gone.dates.status_on(gone.last_listed) for gone in memory.certificates.values()}
    assert last == {*Status} - {Status.TRIAL, Status.NOT_YET_VALID}
    assert any(gone.unlisted == EXPORT_DAYS[-1] for gone in memory.certificates.values())
    assert any(gone.unlisted == EXPORT_DAYS[-1] for gone in memory.datasheets.values())


def test_renumbered_certificates_lead_to_each_other() -> None:
    """Also over two steps: one took the place of a certificate that had taken another's."""
    register = remembered(REGISTRY_DATA)
    gone = register.memory.certificates
    pairs = {key: one.replaced_by for key, one in gone.items() if one.replaced_by}
    listed = {key: after for key, after in pairs.items() if after in register.certificates}
    assert len(listed) == 6
    for key, after in listed.items():
        replaces = register.certificates[after].replaces
        assert replaces is not None
        assert replaces.key == key
    (first,) = pairs.keys() - listed.keys()
    assert gone[pairs[first]].replaces == first


def test_events_of_every_kind_are_in_the_ledger() -> None:
    """Some records came back, and one number was given to another holder."""
    ledger = read_ledger(REGISTRY_DATA / FILE)
    back: Counter[str] = Counter()
    for kind in ("certificates", "datasheets"):
        for lines in ledger.histories[kind].values():
            events = [ledger.event(line) for line in lines]
            back["again"] += events.count("listed") > 1
            back["reused"] += events.count("reused")
            back["changed"] += events.count("changed")
    assert back["again"] >= 10
    assert back["reused"] == 1
    assert back["changed"] > 500


def test_a_real_ledger_is_not_overwritten(tmp_path: Path) -> None:
    assert not is_real(tmp_path)
    write_demonstration(tmp_path, sheets=1)
    assert not is_real(tmp_path)
    register = tmp_path / "register.yaml"
    register.write_text(register.read_text("utf-8").replace("\ndemonstration: true", ""), "utf-8")
    assert is_real(tmp_path)
    register.unlink()
    assert is_real(tmp_path)


def test_unconfirmed_document_numbers_are_left_out(register: Register) -> None:
    """They follow from a pattern that nobody has confirmed; printing them would invent a prescription."""
    unconfirmed = {"TRA 29", "TRA 54", "TRA 64", "TRA 65", "TRA 67", "TRA 69", "TRA 88", "PTV 828"}
    assert unconfirmed.isdisjoint(document.number for document in register.documents.values())


def test_datasheets_hold_no_longer_than_their_certificates(register: Register) -> None:
    """None begins before them, and on the day of the export none is valid where one of them is not."""
    for sheet in register.datasheets.values():
        for reference in sheet.certificates:
            certificate = register.certificates[reference.key]
            assert sheet.valid_from >= certificate.valid_from
            if register.status_of(sheet) is Status.VALID:
                assert register.status_of(certificate) is Status.VALID


def test_dates_are_in_order(register: Register) -> None:
    def check(record: Certificate | Datasheet, written: dt.date | None) -> None:
        assert written is not None
        assert written <= record.valid_from
        assert written <= register.export_day
        assert record.valid_until is None or record.valid_from <= record.valid_until
        assert all(event.date <= register.export_day for event in record.status_events)
        dates = [event.date for event in record.status_events]
        assert dates == sorted(dates)

    for certificate in register.certificates.values():
        check(certificate, certificate.issued)
    for sheet in register.datasheets.values():
        check(sheet, sheet.date)


def test_lots_are_numbered_by_the_year_of_their_sheet(register: Register) -> None:
    lots = [
        (sheet.valid_from.year, declared.value)
        for sheet in register.datasheets.values()
        for declared in sheet.characteristics
        if declared.id == "lot-number"
    ]
    assert lots
    assert all(str(value).startswith(f"{year}-") for year, value in lots)


def test_no_real_firm_is_named(register: Register) -> None:
    names = [holder.name for holder in register.holders.values()]
    names += [unit.name for unit in register.units.values()]
    names += [former.name for holder in register.holders.values() for former in holder.former_names]
    names += [sheet.trade_name for sheet in register.datasheets.values()]
    for name in names:
        words = re.split(r"[^\w-]+", name.casefold())
        for firm in REAL_FIRMS:
            assert firm not in words, name
            assert len(firm) < 5 or firm not in name.casefold(), name


def test_no_holder_bears_the_name_of_a_place(register: Register) -> None:
    towns = {line.split(",")[2].casefold() for line in (HOME / "places.csv").read_text("utf-8").splitlines()}
    for holder in register.holders.values():
        assert towns.isdisjoint(holder.name.casefold().split()), holder.name


def test_belgian_enterprise_numbers_are_well_formed_and_not_given_out(register: Register) -> None:
    """The last two digits check the others, and all begin with 19, decades ahead of those in use."""
    for holder in register.holders.values():
        if holder.enterprise_number:
            digits = re.sub(r"\D", "", holder.enterprise_number)
            assert holder.country == "BE"
            assert digits.startswith("19")
            assert 97 - int(digits[:8]) % 97 == int(digits[8:])


def test_gtins_are_of_the_range_for_examples(register: Register) -> None:
    gtins = [sheet.gtin for sheet in register.datasheets.values() if sheet.gtin]
    assert gtins
    assert all(gtin.startswith("952") for gtin in gtins)


def test_codes_are_unique_and_leave_the_first_one_free() -> None:
    codes = list(islice(draw_codes(2026), 30_000))
    assert len(set(codes)) == 30_000
    assert "90012345" not in codes
    assert all(re.fullmatch(r"9\d{7}", code) for code in codes)


def test_families_sum_to_a_register_of_ordinary_size() -> None:
    families = load_families()
    assert len({family.id for family in families}) == 49
    assert sum(family.units for family in families) == 483
    assert sum(family.units * family.sheets for family in families) == 8022


def test_rungs_of_one_family_answer_to_one_grade() -> None:
    """Strong sheets are strong throughout: the strongest geotextile pulls most and gives least."""
    family = next(family for family in load_families() if family.id == "geotextile")
    recipes = {recipe.id: recipe for recipe in family.characteristics}

    def drawn(name: str, grade: float) -> float:
        return float(str(recipes[name].draw(Draws("test", grade), grade, 2026)["value"]))

    assert drawn("tensile-strength-md", 0.95) > drawn("tensile-strength-md", 0.05)
    assert drawn("dynamic-perforation", 0.95) < drawn("dynamic-perforation", 0.05)


def test_draws_are_the_same_everywhere() -> None:
    """Pinned: a Python that drew otherwise would shuffle the committed register."""
    draws = Draws(2026, "pinned")
    assert [draws.between(1, 1000) for _ in range(4)] == [92, 135, 585, 600]
    assert "".join(draws.shuffled("abcdef")) == "debcfa"


@pytest.mark.parametrize(
    ("name", "ident"),
    [
        ("Krähenstieg & Söhne", "krahenstieg-sohne"),
        ("Établissements d'Orn", "etablissements-d-orn"),
        ("ul. Łódź ß", "ul-lodz-ss"),
    ],
)
def test_ids_are_plain_letters(name: str, ident: str) -> None:
    assert ascii_id(name) == ident


def test_texts_that_yaml_would_take_for_something_else_are_quoted(tmp_path: Path) -> None:
    texts = [
        "no",
        "a: b",
        "a #b",
        "- a",
        "5 %",
        '"quoted"',
        "l'Écluse",
        "x, y",
        "1:1",
        "back\\slash",
        "29/0107",
        "0123",
    ]
    records = [{"title": text, "more": [{"text": text}]} for text in texts]
    write_records(tmp_path / "records.yaml", "s.json", "records", records)
    lines = (tmp_path / "records.yaml").read_text("utf-8").splitlines()
    titles = [line.removeprefix("  - title: ") for line in lines if line.startswith("  - title: ")]
    assert titles == [
        '"no"',
        '"a: b"',
        '"a #b"',
        '"- a"',
        '"5 %"',
        '"\\"quoted\\""',
        "l'Écluse",
        '"x, y"',
        '"1:1"',
        '"back\\\\slash"',
        "29/0107",
        "0123",
    ]
