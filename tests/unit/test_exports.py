"""Exports: exact, by their schemas, harmless to spreadsheets, and the same until a record changes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keur.demo import write_demonstration
from keur.exports.cells import DEFUSED, UNDONE, defused
from keur.exports.data_package import DataFile, data_package
from keur.exports.dcat import catalogue
from keur.exports.json_schemas import FILE_SCHEMAS, RECORD_SCHEMAS, json_schemas
from keur.exports.record_json import RecordJson
from keur.exports.register_json import RegisterJson
from keur.exports.sitemaps import SitePage, opensearch, pages_a_part, sitemap, sitemap_index
from keur.exports.tables import Table, table_shapes
from keur.model import RECORD_KINDS, Entries, Register, Text
from keur.site.reading import read_register
from keur.urls import Urls
from tests import builders
from tests.exports import Tables, as_given, records_of_json

LANGUAGES = ("nl", "fr", "de", "en")
SITE = Urls("https://register.example")
RUN_AT_START = "=+-@\t\r＝＋－＠"


def files_of(register: Register, site_urls: Urls = SITE) -> dict[str, bytes]:
    """Return every data file of a register by its name below ``/data/``."""
    whole = RegisterJson(register, site_urls, RecordJson(register, site_urls, LANGUAGES))
    tables = {shape.name: Table(shape, register, site_urls, LANGUAGES) for shape in table_shapes()}
    files = {f"{name}.json": whole.file(name) for name in FILE_SCHEMAS}
    files |= {f"{name}.csv": table.csv() for name, table in tables.items()}
    stand = [DataFile(name, hashlib.sha256(content).hexdigest(), len(content)) for name, content in files.items()]
    files["datapackage.json"] = data_package(register, site_urls, tables, stand)
    files["catalog.jsonld"] = catalogue(register, site_urls, LANGUAGES, stand)
    return files


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(json_schemas(SITE)[f"/schema/1/{name}.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def ensure_valid(name: str, content: bytes) -> None:
    """Ensure that JSON is as its published schema says, which it names itself."""
    found = json.loads(content)
    assert found["$schema"].endswith(f"/schema/1/{name}.json")
    assert [error.message for error in _validator(name).iter_errors(found)] == []


def ensure_the_same(entries: Entries, files: dict[str, bytes]) -> None:
    """Ensure that JSON and CSV both give the records of entries."""
    tables = Tables(files)
    for kind in RECORD_KINDS:
        given_records = sorted((entry.record for entry in entries.of_kind(kind)), key=lambda record: record.key)
        assert records_of_json(files, kind) == given_records
        assert tables.records(kind) == given_records


# --- cells ------------------------------------------------------------------------------------------------------------

_HOSTILE = st.text(st.sampled_from([*RUN_AT_START, "'", ";", ",", '"', "\n", " ", "a", "1", "é", "|"]), max_size=12)


@given(st.one_of(_HOSTILE, st.text()))
def test_a_cell_is_harmless_and_comes_back_exactly(text: str) -> None:
    cell = defused(text)
    assert re.sub(UNDONE, r"\1", cell) == text
    # Whether a spreadsheet cuts at commas, semicolons or tabs, and whatever blanks it drops: nothing begins a formula.
    for piece in re.split("[;\t\r\n]", cell):
        assert not piece.lstrip().startswith(tuple(RUN_AT_START.strip())), cell


def test_what_needs_no_apostrophe_gets_none() -> None:
    for text in ("29/0107", "F + S + D", "± 20 %", "https://register.example/?a=b", "", "x;y", "l'eau"):
        assert defused(text) == text
    assert defused("=1+1") == "'=1+1"
    assert defused("-10 %") == "'-10 %"
    assert defused("'t Zand") == "''t Zand"
    assert defused("a; =b") == "a;' =b"
    assert DEFUSED.startswith("(^|")


# --- JSON and CSV are the records -------------------------------------------------------------------------------------

_PRINTED = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
_LINES = st.one_of(
    st.sampled_from(
        ["=1+1", "+32", "-5", "@SUM(A1)", "'quoted", 'say "so"', "a,b", "x;=1+1", "12,5", "0123", "true", "|"]
    ),
    st.lists(_PRINTED, min_size=1, max_size=3).map(" ".join),
)
_TEXTS = st.one_of(
    _LINES,
    st.dictionaries(st.sampled_from(["nl", "fr", "de", "en", "lb", "sr-Latn-RS"]), _LINES, min_size=1, max_size=4),
)
_DATES = st.dates().map(lambda day: day.isoformat())
_OPTIONAL_TEXT = st.one_of(st.just(builders.without), _TEXTS)


@st.composite
def registers(draw: st.DrawFn) -> Entries:
    """Draw a register whose texts are as hostile as the format lets them be."""
    events = st.builds(
        lambda date, status, reason: {"date": date, "status": status, **({"reason": reason} if reason else {})},
        _DATES,
        st.sampled_from(["trial", "valid", "suspended", "withdrawn"]),
        st.one_of(st.none(), _TEXTS),
    )
    characteristics = [
        builders.characteristic(name=draw(_TEXTS), unit=draw(_LINES)),
        builders.characteristic(id="range", name=draw(_TEXTS), standard=draw(_LINES), filterable="true"),
    ]
    return builders.entries(
        register=builders.export(title=draw(_TEXTS), licence=draw(_LINES)),
        systems=[builders.system(name=draw(_TEXTS), owner=draw(_LINES), number_pattern=builders.without)],
        products=[
            builders.product(
                name=draw(_TEXTS), synonyms=draw(st.lists(_TEXTS, max_size=3)), characteristics=characteristics
            ),
        ],
        documents=[
            builders.document(
                title=draw(_TEXTS),
                editions=[
                    {"edition": draw(_LINES), "languages": ["nl", "fr-BE"]},
                    {"edition": "2", "date": draw(_DATES)},
                ],
            ),
        ],
        holders=[
            builders.holder(
                name=draw(_LINES),
                address={"street": draw(_LINES), "city": draw(_LINES), "country": "BE"},
                former_names=[{"name": draw(_LINES), "until": draw(_DATES)}],
            ),
            builders.holder(id="b", name=draw(_LINES)),
        ],
        units=[
            builders.unit(name=draw(_LINES), latitude="0.0000001", longitude="-4.50"),
            builders.unit(id="u-2", holder="b", number="-1+1", kind="mobile"),
        ],
        contacts=[builders.contact(role=draw(_TEXTS), name=draw(_LINES), phone="+32 2 555 01 00")],
        certificates=[
            builders.certificate(
                title=draw(_OPTIONAL_TEXT),
                scope=draw(_OPTIONAL_TEXT),
                remarks=draw(_OPTIONAL_TEXT),
                other_units=["u-2", "weverij-1"],
                documents=["ptv-829", {"id": "ptv-829", "edition": "2"}],
                links=[{"title": draw(_TEXTS), "url": "https://a.example/?x=1;=2"}],
                status_events=draw(st.lists(events, max_size=3)),
                replaces={"system": "old", "number": "+1"},
            ),
            builders.certificate(number="-1+2;+3", valid_until=builders.without),
        ],
        datasheets=[
            builders.datasheet(
                trade_name=draw(_LINES),
                version=draw(_LINES),
                certificates=[{"system": "benor", "number": "29/0107"}, {"system": "benor", "number": "-1+2;+3"}],
                status_events=draw(st.lists(events, max_size=2)),
                characteristics=[
                    {"id": "tensile", "value": draw(_LINES), "tolerance": draw(_LINES), "class": draw(_LINES)},
                    {"id": "range", "min": "-5", "max": "+20.0"},
                ],
            ),
            builders.datasheet(code="+90012346", characteristics=builders.without),
        ],
    )


@settings(max_examples=60)
@given(registers())
def test_json_and_csv_give_the_records_back_whatever_they_say(entries: Entries) -> None:
    register = Register(entries)
    files = files_of(register)
    ensure_the_same(entries, files)
    for name in FILE_SCHEMAS:
        ensure_valid(name, files[f"{name}.json"])
    records = RecordJson(register, SITE, LANGUAGES)
    for certificate in register.certificates.values():
        ensure_valid("certificate", records.certificate(certificate))
    for sheet in register.datasheets.values():
        ensure_valid("datasheet", records.datasheet(sheet))


@settings(max_examples=30)
@given(registers())
def test_no_cell_of_text_begins_what_a_spreadsheet_runs(entries: Entries) -> None:
    files = files_of(Register(entries))
    for resource in json.loads(files["datapackage.json"])["resources"]:
        if resource["format"] != "csv":
            continue
        kinds = [field["type"] for field in resource["schema"]["fields"]]
        for row in csv.reader(io.StringIO(files[resource["path"]].decode(), newline="")):
            for cell, kind in zip(row, kinds, strict=True):
                plain_number = kind in ("number", "integer") and re.fullmatch(r"[+-]?\d+(\.\d+)?", cell)
                assert plain_number or not cell.lstrip().startswith(tuple(RUN_AT_START.strip())), (
                    resource["name"],
                    cell,
                )


def test_csv_is_as_rfc_4180_has_it() -> None:
    entries = builders.entries(holders=[builders.holder(name='De "Beste", bv'), builders.holder(id="z", name="Plain")])
    content = files_of(Register(entries))["holders.csv"]
    lines = content.decode().split("\r\n")
    assert lines[-1] == ""
    assert not re.search(rb"(?<!\r)\n", content)
    assert lines[0].startswith("id,name,country,")
    assert '"De ""Beste"", bv"' in lines[1]
    assert len({len(row) for row in csv.reader(lines[:-1])}) == 1


def test_a_text_whose_languages_stand_in_another_order_says_so() -> None:
    entries = builders.entries(
        certificates=[
            builders.certificate(number=f"29/010{number}", title=title)
            for number, title in enumerate(
                [{"nl": "a", "fr": "b"}, {"nl": "c", "fr": "d"}, {"fr": "e", "nl": "f"}, {"en": "g"}, "h"]
            )
        ],
        datasheets=[],
    )
    files = files_of(Register(entries))
    ensure_the_same(entries, files)
    orders = [row.get("title_languages") for row in Tables(files).rows["certificates"]]
    assert orders == [None, None, ["fr", "nl"], None, None]


def test_every_record_of_a_large_register_is_by_its_schema_and_comes_back(tmp_path: Path) -> None:
    write_demonstration(tmp_path, sheets=300)
    register, _ = read_register(tmp_path, LANGUAGES)
    files = files_of(register)
    ensure_the_same(register._entries, files)
    for name in FILE_SCHEMAS:
        ensure_valid(name, files[f"{name}.json"])
    records = RecordJson(register, SITE, LANGUAGES)
    seen = 0
    for kind in RECORD_SCHEMAS:
        make = getattr(records, kind)
        for record in getattr(register, f"{kind}s").values():
            content = make(record)
            ensure_valid(kind, content)
            given_again = RECORD_KINDS[f"{kind}s"].model_validate(as_given(json.loads(content)["record"]))
            assert given_again == record
            seen += 1
    assert seen > 1_000


# --- what every export says of itself ---------------------------------------------------------------------------------


@pytest.mark.parametrize("demonstration", ["true", "false"])
def test_every_file_carries_flag_publisher_date_and_licence(demonstration: str) -> None:
    export = builders.export(demonstration=demonstration, licence="CC-BY-4.0")
    files = files_of(Register(builders.entries(register=export)))
    for name in (f"{name}.json" for name in FILE_SCHEMAS):
        found = json.loads(files[name])
        assert found["demonstration"] is (demonstration == "true")
        assert found["publisher"]["name"] == "Tiny Certification"
        assert (found["exported_at"], found["export_day"]) == ("2026-11-21T06:00:00+01:00", "2026-11-21")
        assert found["licence"] == "CC-BY-4.0"
    package = json.loads(files["datapackage.json"])
    assert package["demonstration"] is (demonstration == "true")
    assert package["contributors"][0]["title"] == "Tiny Certification"
    assert (package["exported_at"], package["licenses"]) == ("2026-11-21T06:00:00+01:00", [{"name": "CC-BY-4.0"}])
    catalog = json.loads(files["catalog.jsonld"])
    assert ("Demonstration data" in catalog["dct:description"]["@value"]) is (demonstration == "true")


def test_portals_are_told_of_the_feeds_and_of_what_vouches_for_the_site() -> None:
    catalog = json.loads(files_of(Register(builders.entries()))["catalog.jsonld"])
    _, feeds = catalog["dcat:service"]
    assert feeds["dcat:endpointURL"] == [
        {"@id": f"https://register.example/{lang}/feeds/register.atom"} for lang in LANGUAGES
    ]
    assert feeds["dcat:servesDataset"] == {"@id": catalog["dcat:dataset"]["@id"]}
    proof = [{"@id": f"https://register.example/{lang}/verify/"} for lang in LANGUAGES]
    assert catalog["dcat:dataset"]["foaf:page"] == proof


def test_the_json_of_a_system_lists_its_certificates() -> None:
    register = Register(builders.entries(certificates=[builders.certificate(), builders.certificate(number="29/0108")]))
    made = RecordJson(register, SITE, LANGUAGES).system(register.systems["benor"])
    ensure_valid("system", made)
    assert [named["number"] for named in json.loads(made)["related"]["certificates"]] == ["29/0107", "29/0108"]


def test_the_files_name_of_the_body_stays_with_the_body() -> None:
    export = builders.export(source="C:\\exports\\jan\\register.accdb")
    files = files_of(Register(builders.entries(register=export)))
    assert [name for name, content in files.items() if b"accdb" in content] == []


def test_the_json_of_a_record_has_no_day_of_the_export_and_no_status() -> None:
    def made(moment: str) -> list[bytes]:
        register = Register(builders.entries(register=builders.export(exported_at=moment)))
        records = RecordJson(register, SITE, LANGUAGES)
        return [
            *map(records.certificate, register.certificates.values()),
            *map(records.datasheet, register.datasheets.values()),
            *map(records.product, register.products.values()),
            *map(records.document, register.documents.values()),
            *map(records.holder, register.holders.values()),
            *map(records.system, register.systems.values()),
        ]

    # The certificate ends on 2027-02-28.
    assert made("2026-11-21T06:00:00+01:00") == made("2031-01-01T06:00:00+01:00")
    for content in made("2026-11-21T06:00:00+01:00"):
        assert json.loads(content).keys() & {"status", "exported_at", "export_day"} == set()


@pytest.mark.parametrize(
    ("day", "status", "covered"),
    [("2027-02-28", "valid", True), ("2027-03-01", "valid", False), ("2020-01-01", "not-yet-valid", False)],
)
def test_a_file_of_the_register_gives_a_status_with_its_day(day: str, status: str, covered: bool) -> None:
    export = builders.export(exported_at=f"{day}T06:00:00+01:00")
    files = files_of(Register(builders.entries(register=export)))
    (sheet,) = json.loads(files["datasheets.json"])["datasheets"]
    assert sheet["on_export_day"] == {"day": day, "status": status, "covered": covered}
    (row,) = Tables(files).rows["datasheets"]
    assert row["export_day"] == day
    assert row["status_on_export_day"] == status
    assert row["covered_on_export_day"] == ("true" if covered else "false")


# --- descriptions -----------------------------------------------------------------------------------------------------


def test_the_data_package_tells_every_file_with_hash_and_size_and_how_tables_join() -> None:
    files = files_of(Register(builders.entries()))
    package = json.loads(files["datapackage.json"])
    resources = {resource["path"]: resource for resource in package["resources"]}
    assert resources.keys() == files.keys() - {"datapackage.json", "catalog.jsonld"}
    for name, resource in resources.items():
        assert resource["hash"] == f"sha256:{hashlib.sha256(files[name]).hexdigest()}"
        assert resource["bytes"] == len(files[name])
    tables = Tables(files)
    for name, resource in tables.resources.items():
        schema = resource["schema"]
        keys = [tuple(str(row[column]) for column in schema["primaryKey"]) for row in tables.rows[name]]
        assert len(set(keys)) == len(keys)
        for foreign in schema.get("foreignKeys", ()):
            other = foreign["reference"]
            known = {tuple(row.get(column) for column in other["fields"]) for row in tables.rows[other["resource"]]}
            used = {tuple(row.get(column) for column in foreign["fields"]) for row in tables.rows[name]}
            assert {key for key in used if None not in key} <= known, (name, foreign)


@pytest.mark.parametrize("kind", [*RECORD_SCHEMAS, *FILE_SCHEMAS])
def test_a_schema_refuses_what_is_not_of_its_kind(kind: str) -> None:
    """A schema that takes anything would prove nothing."""
    assert not _validator(kind).is_valid({})
    register = Register(builders.entries())
    if kind in RECORD_SCHEMAS:
        plural = f"{kind}s"
        record = next(iter(getattr(register, plural).values()))
        found = json.loads(getattr(RecordJson(register, SITE, LANGUAGES), kind)(record))
        found["record"]["unknown"] = "field"
    else:
        found = json.loads(files_of(register)[f"{kind}.json"])
        found["kind"] = "something else"
    assert not _validator(kind).is_valid(found)


# --- sitemaps and the browser's search box ----------------------------------------------------------------------------


@pytest.mark.parametrize("languages", [1, 2, 4, 20, 40])
def test_a_part_of_a_sitemap_stays_within_the_protocol(languages: int) -> None:
    tags = [f"l{number:02d}" for number in range(languages)]
    # The longest slug there is, of letters that take nine bytes each in an address.
    name = "ﷺ" * 100
    pages = [SitePage(lambda lang: f"/{lang}/certificates/{name}/") for _ in range(pages_a_part(languages))]
    content = sitemap(pages, SITE, tags)
    assert content.count(b"<loc>") <= 50_000
    assert len(content) < 50 * 1024 * 1024


@given(_TEXTS, st.one_of(_LINES, st.just("A\ufffe\x00 & <b>")))
def test_descriptions_for_browsers_are_well_formed_whatever_the_register_is_called(
    title: str | dict[str, str], publisher: str
) -> None:
    text = Text.plain(title) if isinstance(title, str) else Text(tuple(title.items()))
    content = opensearch(text, publisher, "nl", ("nl", "en"), SITE, "Zoek & vind")
    root = ET.fromstring(content)  # noqa: S314  # our own
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(root.findtext(f"{space}ShortName") or "") in range(1, 17)
    assert len(root.findtext(f"{space}LongName") or "") in range(1, 49)
    (url,) = root.findall(f"{space}Url")
    assert url.get("template") == "https://register.example/nl/search/?q={searchTerms}"


def test_a_day_that_nobody_knows_is_left_out() -> None:
    part = sitemap([SitePage(lambda lang: f"/{lang}/")], SITE, ["nl"])
    assert b"lastmod" not in part
    assert b"lastmod" not in sitemap_index({"/sitemap/pages-1.xml": None}, SITE)


def test_numbers_in_json_are_numbers_and_spellings_stay() -> None:
    entries = builders.entries(units=[builders.unit(latitude="50.880", longitude="4")])
    (unit,) = json.loads(files_of(Register(entries))["units.json"])["units"]
    assert (unit["record"]["latitude"], unit["record"]["longitude"]) == (50.88, 4.0)
    sheet: dict[str, Any] = builders.datasheet(characteristics=[{"id": "tensile", "min": "20.0"}])
    files = files_of(Register(builders.entries(datasheets=[sheet])))
    (found,) = json.loads(files["datasheets.json"])["datasheets"]
    assert found["record"]["characteristics"] == [{"id": "tensile", "min": "20.0"}]
