"""What pages say: words with dates, rows in the order people expect, fallbacks that name their language."""

import datetime as dt
import gettext
import json
import re
from pathlib import Path
from typing import Any

import pytest

from keur.exports.json_ld import LinkedData
from keur.model import Certificate, Register, Status, Text
from keur.model.order import alphabetical, natural
from keur.site.release import release_css
from keur.urls import Urls
from keur.views import cards, lists, records, statuses
from keur.views.contexts import PermalinkView, Phrase
from keur.views.frame import Frame
from keur.views.language import Language
from keur.views.pages import ContentSource, SiteViews, content_page
from keur.views.script_words import further_search_words
from keur.views.viewer import Viewer, code_groups, edition_in_force
from tests import builders

SITE_LANGUAGES = ("nl", "fr", "de", "en")
VECTORS = Path(__file__).parents[1] / "vectors"


def _language(tag: str = "en") -> Language:
    """Return a language of the site whose words are the messages themselves."""
    return Language(tag, gettext.NullTranslations(), SITE_LANGUAGES)


def _register(**changes: Any) -> Register:
    return Register(builders.entries(**changes))


def _viewer(register: Register | None = None, tag: str = "en", site_url: str = "") -> Viewer:
    return Viewer(register or _register(), _language(tag), Urls(site_url))


def _frame(register: Register | None = None, tag: str = "en", site_url: str = "") -> Frame:
    return Frame(_viewer(register, tag, site_url), tuple(_language(other) for other in SITE_LANGUAGES))


def _linked(register: Register, tag: str = "en") -> LinkedData:
    return LinkedData(register, Urls(), _language(tag).order)


def _certificate(**changes: Any) -> Certificate:
    return Certificate.model_validate(builders.certificate(**changes))


def _event(date: str, status: str, **changes: Any) -> dict[str, Any]:
    return {"date": date, "status": status, **changes}


# --- languages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "date", "number"),
    [
        ("nl", "1 maart 2027", "12.345"),
        ("fr", "1er mars 2027", "12\u202f345"),
        ("de", "1. März 2027", "12.345"),
        ("en", "1 March 2027", "12,345"),
    ],
)
def test_dates_and_numbers_are_those_of_the_language(tag: str, date: str, number: str) -> None:
    language = _language(tag)
    assert (language.date(dt.date(2027, 3, 1)), language.number(12345)) == (date, number)


@pytest.mark.parametrize(
    ("tag", "name"), [("nl", "Nederlands"), ("fr", "Français"), ("de", "Deutsch"), ("en", "English")]
)
def test_a_language_is_called_by_its_own_name(tag: str, name: str) -> None:
    assert _language(tag).name == name


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("nl", Phrase("Wegenbeton")),
        ("de", Phrase("Wegenbeton", "nl")),
        ("en", Phrase("Wegenbeton", "nl")),
    ],
)
def test_a_fallback_names_its_language(tag: str, expected: Phrase) -> None:
    assert _language(tag).phrase(Text((("fr", "Béton"), ("nl", "Wegenbeton")))) == expected


def test_a_language_of_no_page_is_the_last_fallback() -> None:
    assert _language("nl").phrase(Text((("it", "Calcestruzzo"),))) == Phrase("Calcestruzzo", "it")
    assert _language("nl").phrase(Text((("nl-BE", "Beton"),))) == Phrase("Beton")
    assert _language("nl").phrase(Text.plain("BENOR")) == Phrase("BENOR")


def test_a_country_that_is_not_known_says_so() -> None:
    assert (_language("fr").country("BE"), _language("en").country("ZZ")) == ("Belgique", "country not known")


# --- statuses --------------------------------------------------------------------------------------------------------

TODAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("changes", "sentence", "tone", "detail"),
    [
        ({"valid_until": "2027-02-28"}, "Valid until 28 February 2027", "valid", "since 1 January 2020"),
        ({}, "Valid since 1 January 2020, no end date", "valid", None),
        ({"valid_until": "2026-03-02"}, "Valid until 2 March 2026", "valid", "since 1 January 2020"),
        ({"valid_until": "2026-03-01"}, "Expired after 1 March 2026", "ended", None),
        ({"valid_from": "2026-03-03"}, "Not yet valid: validity begins on 3 March 2026", "unknown", None),
        ({"status_events": [_event("2026-01-05", "trial")]}, "In trial period since 5 January 2026", "trial", None),
        (
            {"status_events": [_event("2026-02-10", "suspended", until="2026-05-10")]},
            "Suspended since 10 February 2026",
            "suspended",
            "announced until 10 May 2026; it stays suspended until it is lifted",
        ),
        (
            {"status_events": [_event("2025-11-01", "withdrawn", precision="month")]},
            "Withdrawn since November 2025",
            "ended",
            None,
        ),
        (
            {"status_events": [_event("2021-01-01", "ended", precision="year")]},
            "Ended at the holder's request since 2021",
            "ended",
            None,
        ),
        (
            {"status_events": [_event("2021-06-30", "superseded", precision="on-or-before")]},
            "Superseded since 30 June 2021 or earlier",
            "ended",
            None,
        ),
        (
            {"status_events": [_event("2025-01-01", "suspended"), _event("2025-02-01", "valid")]},
            "Valid since 1 February 2025, no end date",
            "valid",
            None,
        ),
    ],
)
def test_a_status_is_said_with_its_dates(changes: dict[str, Any], sentence: str, tone: str, detail: str | None) -> None:
    record = _certificate(**{"valid_from": "2020-01-01", "valid_until": builders.without, **changes})
    view = statuses.status_view(_language(), record, TODAY)
    assert (view.sentence, view.tone, view.detail) == (sentence, tone, detail)


def test_every_status_has_a_tone_and_a_word() -> None:
    assert statuses.TONES.keys() == set(Status)
    assert all(statuses.word(_language(), status) for status in Status)


def test_the_timeline_holds_what_decides_the_status_on_any_day() -> None:
    record = _certificate(
        valid_from="2023-05-12",
        valid_until=builders.without,
        status_events=[_event("2025-01-01", "withdrawn", precision="year"), _event("2024-01-01", "suspended")],
    )
    assert json.loads(statuses.timeline(record)) == {
        "from": "2023-05-12",
        "until": None,
        "events": [["2024-01-01", "suspended"], ["2025-01-01", "withdrawn", "year"]],
    }


def test_the_timeline_of_a_record_without_events_does_not_speak_of_them() -> None:
    record = _certificate(valid_from="2023-05-12", valid_until="2027-02-28")
    assert statuses.timeline(record) == '{"from":"2023-05-12","until":"2027-02-28"}'


def test_the_history_is_in_date_order_with_start_and_end_and_says_a_thing_once() -> None:
    record = _certificate(
        valid_from="2023-05-12",
        valid_until="2027-02-28",
        status_events=[
            _event("2024-06-01", "valid"),
            _event("2024-01-01", "suspended", until="2024-05-01", reason={"fr": "Contrôle"}),
            _event("2024-06-01", "valid"),
        ],
    )
    rows = statuses.history(_language(), record)
    assert [(row.machine, row.word) for row in rows] == [
        ("2023-05-12", "start of validity"),
        ("2024-01-01", "suspended"),
        ("2024-06-01", "valid"),
        ("2027-02-28", "last day of validity"),
    ]
    assert (rows[1].until, rows[1].reason) == ("1 May 2024", Phrase("Contrôle", "fr"))


# --- orders and names ------------------------------------------------------------------------------------------------


def test_numbers_sort_by_value() -> None:
    assert sorted(["29/107", "29/9", "atg 2", "ATG 10", "9"], key=natural) == ["9", "29/9", "29/107", "atg 2", "ATG 10"]


def test_names_sort_without_case_and_accents() -> None:
    assert sorted(["Zoe", "écluse", "Eclair", "İzmir", "ÉCOLE"], key=alphabetical) == [
        "Eclair",
        "écluse",
        "ÉCOLE",
        "İzmir",
        "Zoe",
    ]


@pytest.mark.parametrize(
    ("code", "groups"),
    [
        ("90012345", ("9001", "2345")),
        ("9012345", ("901", "2345")),
        ("123456", ("123456",)),
        ("GT-A/7", ("GT-A/7",)),
        ("٩٠٠١٢٣٤٥", ("٩٠٠١٢٣٤٥",)),
    ],
)
def test_long_runs_of_digits_are_read_in_groups(code: str, groups: tuple[str, ...]) -> None:
    assert code_groups(code) == groups


def test_the_edition_in_force_is_the_latest_that_has_begun_and_not_ended() -> None:
    editions = [
        {"edition": "1", "valid_from": "2010-01-01", "valid_until": "2015-12-31"},
        {"edition": "3", "valid_from": "2027-01-01"},
        {"edition": "2", "date": "2016-01-01"},
    ]
    register = _register(documents=[builders.document(editions=editions)])
    edition = edition_in_force(register.documents["ptv-829"], _viewer(register))
    assert edition
    assert edition.edition == "2"


def test_a_town_abroad_names_its_country() -> None:
    home = {"name": "Body", "url": "https://body.example", "address": {"city": "Brussel", "country": "BE"}}
    abroad = builders.unit(id="abroad", address={"city": "Lille", "country": "FR"})
    register = _register(register=builders.export(publisher=home), units=[builders.unit(), abroad])
    viewer = _viewer(register)
    assert [viewer.place(unit.address) for unit in register.units.values()] == ["Lille (France)", "Leuven"]


# --- lists -----------------------------------------------------------------------------------------------------------


def _many(count: int) -> Register:
    numbers = [f"29/{number:04}" for number in range(1, count + 1)]
    return _register(
        certificates=[builders.certificate(number=number) for number in numbers],
        datasheets=[builders.datasheet(certificates=[{"system": "benor", "number": "29/0001"}])],
    )


@pytest.mark.parametrize(
    ("number", "shown", "previous", "following", "items"),
    [
        (1, ("29/0001", "29/0100"), None, 2, ["1", "2", "3", "…", "8"]),
        (4, ("29/0301", "29/0400"), 3, 5, ["1", "2", "3", "4", "5", "6", "…", "8"]),
        (8, ("29/0701", "29/0750"), 7, None, ["1", "…", "6", "7", "8"]),
    ],
)
def test_a_long_list_is_cut_into_pages_with_ways_between(
    number: int, shown: tuple[str, str], previous: int | None, following: int | None, items: list[str]
) -> None:
    frame = _frame(_many(750))
    whole = lists.whole_list(frame.viewer, "certificates")
    page = lists.list_page(frame, "certificates", whole, number)
    assert lists.page_count(len(whole)) == 8
    assert (page.table.rows[0].number, page.table.rows[-1].number) == shown  # type: ignore[union-attr]  # certificates
    assert page.pager.previous == (f"/en/certificates/page/{previous}/" if previous else None)
    assert page.pager.next == (f"/en/certificates/page/{following}/" if following else None)
    assert [item.label for item in page.pager.items] == items
    assert [item.label for item in page.pager.items if item.current] == [str(number)]
    assert f"page {number} of 8" in page.title


def test_the_first_page_of_a_list_has_no_number_in_its_address() -> None:
    frame = _frame(_many(150))
    page = lists.list_page(frame, "certificates", lists.whole_list(frame.viewer, "certificates"), 2)
    assert page.pager.previous == "/en/certificates/"


def test_a_list_of_one_page_has_no_pager() -> None:
    frame = _frame()
    page = lists.list_page(frame, "certificates", lists.whole_list(frame.viewer, "certificates"), 1)
    assert (page.pager.items, page.title) == ((), "Certificates")


def test_a_record_shows_the_first_rows_of_a_long_list_and_leads_to_the_rest() -> None:
    register = _many(60)
    table = records.holder_page(_frame(register), register.holders["weverij"]).certificates
    assert len(table.rows) == 25
    assert table.count == "60 certificates"
    assert table.more
    assert table.more.href == "/en/holders/weverij/certificates/"
    assert table.search_href == "/en/search/?holder=weverij&kind=certificate"


def test_an_empty_list_is_a_page_that_says_so() -> None:
    register = _register(datasheets=[])
    frame = _frame(register)
    page = lists.list_page(frame, "datasheets", lists.whole_list(frame.viewer, "datasheets"), 1)
    assert (page.table.rows, page.table.count) == ((), "0 technical datasheets")


# --- pages of records ------------------------------------------------------------------------------------------------


def _facts(page: Any) -> dict[str, list[str]]:
    return {fact.label: [value.phrase.text for value in fact.values] for fact in page.facts}


def test_a_certificate_links_to_everything_it_hangs_on() -> None:
    register = _register(
        certificates=[
            builders.certificate(
                documents=[{"id": "ptv-829", "edition": "3.0"}],
                issued="2023-05-10",
                url="https://tiny.example/files/29%200107.pdf",
                scope={"nl": "Alles"},
            )
        ]
    )
    (certificate,) = register.certificates.values()
    page = records.certificate_page(_frame(register), certificate, _linked(register))
    assert _facts(page) == {
        "Product": ["Geotextile"],
        "Certificate holder": ["Weverij Vlierbeke"],
        "Production unit": ["Plant 1"],
        "Scope": ["Alles"],
        "Reference documents": ["PTV 829, edition 3.0"],
        "Certification system": ["BENOR"],
        "Issued": ["10 May 2023"],
        "Valid from": ["12 May 2023"],
        "Valid until": ["28 February 2027"],
        "Signed certificate": ["29 0107.pdf"],
    }
    assert page.status.sentence == "Valid until 28 February 2027"
    assert [row.code for row in page.datasheets.rows] == ["90012345"]  # type: ignore[union-attr]  # datasheets
    assert page.permalink == PermalinkView("/c/benor-29-0107/", "/c/benor-29-0107/", "/c/benor-29-0107/#en")


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        ({"value": "20"}, "20"),
        ({"min": "20", "max": "30"}, "20 – 30"),
        ({"min": "20"}, "≥ 20"),
        ({"max": "30"}, "≤ 30"),
    ],
)
def test_a_declared_value_is_a_value_or_a_range(declared: dict[str, str], value: str) -> None:
    register = _register(datasheets=[builders.datasheet(characteristics=[{"id": "tensile", **declared}])])
    (sheet,) = register.datasheets.values()
    (row,) = records.datasheet_page(_frame(register), sheet, _linked(register)).characteristics
    assert (row.value, row.unit) == (value, "kN/m")


@pytest.mark.parametrize(
    ("certificate", "covered"),
    [
        ({}, True),
        ({"status_events": [_event("2026-01-01", "suspended")]}, False),
        ({"status_events": [_event("2026-01-01", "trial")]}, False),
        ({"valid_until": "2026-01-01"}, False),
    ],
)
def test_a_sheet_is_covered_while_a_certificate_is_valid(certificate: dict[str, Any], covered: bool) -> None:
    register = _register(certificates=[builders.certificate(**certificate)])
    (sheet,) = register.datasheets.values()
    assert records.datasheet_page(_frame(register), sheet, _linked(register)).covered is covered
    assert _card_maker(register).datasheet(sheet, _linked(register)).covered is covered


def test_a_page_names_itself_in_every_language() -> None:
    register = _register()
    page = records.product_page(
        _frame(register, "fr", "https://register.example/base"), register.products["geotextile"]
    )
    assert [(link.lang, link.href, link.current) for link in page.alternates] == [
        (lang, f"/base/{lang}/products/geotextile/", lang == "fr") for lang in SITE_LANGUAGES
    ]
    assert page.canonical == "https://register.example/base/fr/products/geotextile/"


def test_a_content_page_names_only_the_languages_that_have_it() -> None:
    source = ContentSource("about", "nl", "Over", "Over ons", "", 1, "main", "<p>…</p>")
    page = content_page(_frame(tag="nl"), source, ["nl", "de"])
    assert [link.lang for link in page.alternates] == ["nl", "de"]


# --- cards -----------------------------------------------------------------------------------------------------------


def _card_maker(register: Register) -> cards.CardMaker:
    viewers = {tag: _viewer(register, tag) for tag in SITE_LANGUAGES}
    return cards.CardMaker(_frame(register, "nl"), viewers)


def test_a_card_says_its_status_in_every_language() -> None:
    register = _register()
    (certificate,) = register.certificates.values()
    card = _card_maker(register).certificate(certificate, _linked(register))
    assert [(phrase.lang, phrase.text.rpartition("until ")[2]) for phrase in card.sentences] == [
        ("nl", "28 februari 2027"),
        ("fr", "28 février 2027"),
        ("de", "28. Februar 2027"),
        ("en", "28 February 2027"),
    ]
    assert (card.valid_from, card.valid_until, card.path) == ("2023-05-12", "2027-02-28", "/c/benor-29-0107/")


def test_a_card_says_what_is_the_same_in_several_languages_once() -> None:
    name = {"nl": "Geotextiel", "fr": "Géotextile", "de": "Geotextil", "en": "Geotextil"}
    register = _register(products=[builders.product(name=name)])
    (sheet,) = register.datasheets.values()
    card = _card_maker(register).datasheet(sheet, _linked(register))
    product = next(line for line in card.lines if line.labels[0].text == "Product")
    assert [phrase.text for phrase in product.values] == ["Geotextiel", "Géotextile", "Geotextil"]


def test_a_card_of_a_sheet_shows_each_of_its_certificates() -> None:
    register = _register(
        certificates=[builders.certificate(), builders.certificate(number="29/0108", valid_until="2024-01-01")],
        datasheets=[
            builders.datasheet(
                certificates=[{"system": "benor", "number": "29/0107"}, {"system": "benor", "number": "29/0108"}]
            )
        ],
    )
    (sheet,) = register.datasheets.values()
    card = _card_maker(register).datasheet(sheet, _linked(register))
    assert [(row.number, row.status.tone, len(row.sentences)) for row in card.certificates] == [
        ("29/0107", "valid", 4),
        ("29/0108", "ended", 4),
    ]


# --- what pages share, linked data, the day of the data --------------------------------------------------------------


def test_the_entry_that_a_page_stands_under_is_current() -> None:
    source = ContentSource("about", "en", "About certification", "About", "", 1, "main", "")
    views = SiteViews(_frame(), [source])
    assert [item.label for item in views.at("/en/certificates/benor-29-0107/").nav if item.current] == ["Certificates"]
    assert [item.href for item in views.at("/en/about/").nav if item.current] == ["/en/about/"]
    assert [item for item in views.at("/en/").nav if item.current] == []


def test_linked_data_tells_dates_and_never_that_something_is_active() -> None:
    register = _register()
    (certificate,) = register.certificates.values()
    linked = _linked(register).certificate(certificate)
    assert (linked["validFrom"], linked["expires"]) == ("2023-05-12", "2027-02-28")
    assert "Active" not in json.dumps(linked)


def test_linked_data_tells_that_a_certificate_does_not_hold() -> None:
    register = _register(certificates=[builders.certificate(status_events=[_event("2025-01-01", "withdrawn")])])
    (certificate,) = register.certificates.values()
    assert (
        _linked(register).certificate(certificate)["certificationStatus"] == "https://schema.org/CertificationInactive"
    )


def test_the_day_of_the_data_is_printed_by_one_stylesheet_in_every_language() -> None:
    register = _register(register=builders.export(exported_at="2026-03-01T23:30:00+00:00"))
    css = release_css(register, [_language(tag) for tag in SITE_LANGUAGES], 30).decode()
    assert '--exported-at: "2026-03-01T23:30:00+00:00";' in css
    assert "--stale-after: 30;" in css
    for lang, day in {"nl": "2 maart 2026", "fr": "2 mars 2026", "de": "2. März 2026", "en": "2 March 2026"}.items():
        assert f'.release-date:lang({lang})::after {{ content: "{day}"; }}' in css, "the day in Brussels"


# --- the drawn history -----------------------------------------------------------------------------------------------


BOX = re.compile(r"M(\d+) \d+h(\d+)v\d+H\1z")
"""A bar: where it begins, and how wide it is."""


def test_a_history_is_drawn_as_a_bar_a_status() -> None:
    record = _certificate(
        valid_from="2024-01-01", valid_until="2025-12-31", status_events=[_event("2025-01-01", "suspended")]
    )
    view = statuses.drawn(record)
    assert view
    assert view.bars == (("valid", "M0 0h120v12H0z"), ("suspended", "M120 4h120v4H120z"))
    assert (view.first, view.last, view.years) == ("2024", "2026", "M0 12v4M120 12v4M240 12v4")


def test_all_bars_of_a_status_are_one_path() -> None:
    lifted = [_event("2025-01-01", "suspended"), _event("2025-07-01", "valid")]
    view = statuses.drawn(_certificate(valid_from="2024-01-01", valid_until="2025-12-31", status_events=lifted))
    assert view
    assert [(bar.status, BOX.findall(bar.path)) for bar in view.bars] == [
        ("valid", [("0", "120"), ("179", "61")]),
        ("suspended", [("120", "59")]),
    ]


@pytest.mark.parametrize(
    ("changes", "drawn"),
    [
        ({}, []),
        ({"valid_until": builders.without}, []),
        ({"status_events": [_event("2023-01-01", "trial")]}, ["trial"]),
        ({"status_events": [_event("2023-01-01", "trial"), _event("2023-05-12", "valid")]}, ["trial", "valid"]),
        ({"valid_until": "9999-12-31", "status_events": [_event("2024-01-01", "ended")]}, ["valid", "ended"]),
        ({"valid_until": "2023-05-12", "status_events": [_event("2024-01-01", "withdrawn")]}, ["valid", "expired"]),
        ({"valid_from": "9999-12-31", "valid_until": builders.without}, []),
    ],
)
def test_any_dates_can_be_drawn(changes: dict[str, Any], drawn: list[str]) -> None:
    view = statuses.drawn(_certificate(**changes))
    assert [bar.status for bar in view.bars] == drawn if view else drawn in ([], ["trial"])
    if view:
        boxes = [box for bar in view.bars for box in BOX.findall(bar.path)]
        assert len(boxes) == sum(bar.path.count("M") for bar in view.bars)
        assert all(0 <= int(x) < int(x) + int(width) <= 361 for x, width in boxes)
        assert len(view.years) < 25 * 9


@pytest.mark.parametrize("tag", SITE_LANGUAGES)
def test_the_search_is_told_how_counts_are_written(tag: str) -> None:
    words = further_search_words(_language(tag))
    expected = json.loads((VECTORS / "counts.json").read_text(encoding="utf-8"))[tag]
    assert {key: words[key] for key in expected} == expected
