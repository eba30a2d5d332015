"""Was it valid on that day? The page answers with its source, in its language, and the address keeps the day."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from keur.serving import site_server
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.builders import certificate, datasheet, export, write_export
from tests.serving import serving
from tests.sites import build, run_keur

pytestmark = pytest.mark.browser

NOW = "2026-04-05T10:00:00+02:00"
WITHDRAWN = {"date": "2026-03-01", "status": "withdrawn"}
OTHER = {"system": "benor", "number": "29/0108"}
BOTH = [certificate(), certificate(number="29/0108", valid_from="2026-02-01")]
SERIES = (
    ("2026-01-05", BOTH, [datasheet(), datasheet(code="90012346")]),
    ("2026-02-05", BOTH, [datasheet(certificates=[OTHER])]),
    ("2026-03-05", [certificate(status_events=[WITHDRAWN]), BOTH[1]], [datasheet(certificates=[OTHER])]),
    ("2026-04-05", [BOTH[1]], [datasheet(certificates=[OTHER])]),
)


@pytest.fixture(scope="module")
def remembering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site of a register whose exports were recorded."""
    folder = tmp_path_factory.mktemp("recorded")
    for day, certificates, sheets in SERIES:
        moment = export(exported_at=f"{day}T06:00:00+01:00")
        write_export(folder / "data", register=moment, certificates=certificates, datasheets=sheets)
        assert run_keur("record", "--data", folder / "data").returncode == 0
    build(folder / "data", folder / "site")
    with serving(site_server(folder / "site")) as address:
        yield address


def _answer(page: Page) -> list[str]:
    expect(page.locator(".question [role=status] p").first).to_be_visible()
    return page.locator(".question [role=status] p").all_inner_texts()


def test_a_day_in_the_address_is_answered_at_once(visitor: Visitor, remembering: str) -> None:
    page = visitor.page(NOW)
    page.goto(f"{remembering}/en/certificates/benor-29-0108/?on=2026-03-14")
    assert _answer(page) == ["On 14 March 2026: valid, as the exports since 5 January 2026 showed it."]
    expect(page.get_by_label("Was it valid on a given day?")).to_have_value("2026-03-14")


def test_the_answer_is_seen_at_once_and_stands_on_paper_without_the_form(visitor: Visitor, remembering: str) -> None:
    page = visitor.page(NOW, viewport=PHONE)
    page.goto(f"{remembering}/en/certificates/benor-29-0108/?on=2026-03-14")
    _answer(page)
    expect(page.locator(".question [role=status]")).to_be_in_viewport()
    page.emulate_media(media="print")
    expect(page.get_by_text("On 14 March 2026: valid, as the exports")).to_be_visible()
    expect(page.locator(".question input")).to_be_hidden()
    page.goto(f"{remembering}/en/certificates/benor-29-0108/")
    expect(page.locator(".question form")).to_be_attached()
    expect(page.locator(".question")).to_be_hidden()


def test_french_writes_the_first_of_a_month_as_an_ordinal(visitor: Visitor, remembering: str) -> None:
    page = visitor.page(NOW)
    page.goto(f"{remembering}/fr/certificates/benor-29-0108/?on=2026-03-01")
    assert _answer(page)[0].startswith("Le 1er mars 2026 : valable")


def test_a_chosen_day_is_answered_and_stands_in_the_address(visitor: Visitor, remembering: str) -> None:
    page = visitor.page(NOW, viewport=PHONE)
    page.goto(f"{remembering}/nl/certificates/benor-29-0108/")
    page.get_by_label("Was het geldig op een bepaalde dag?").fill("2026-01-31")
    page.get_by_role("button", name="Antwoord").click()
    assert _answer(page) == ["Op 31 januari 2026: nog niet geldig, volgens de data ervan."]
    expect(page).to_have_url(re.compile(r"\?on=2026-01-31$"))


def test_a_datasheet_answers_for_a_delivery_with_the_certificate_it_hung_on(visitor: Visitor, remembering: str) -> None:
    page = visitor.page(NOW)
    page.goto(f"{remembering}/en/datasheets/90012345/?on=2026-01-05")
    assert _answer(page) == [
        "A delivery on 5 January 2026 was covered.",
        "Datasheet: On 5 January 2026: valid, as the exports since 5 January 2026 showed it.",
        "BENOR 29/0107: On 5 January 2026: valid, as the exports since 5 January 2026 showed it.",
    ]
    # Some day between two exports it went from one certificate to another.
    page.goto(f"{remembering}/en/datasheets/90012345/?on=2026-01-20")
    assert _answer(page)[0] == "Whether a delivery on 20 January 2026 was covered is not known."
    page.goto(f"{remembering}/en/datasheets/90012345/?on=2026-03-10")
    assert _answer(page)[0] == "A delivery on 10 March 2026 was covered."
    assert _answer(page)[2].startswith("BENOR 29/0108: ")


def test_what_is_no_longer_listed_answers_too(visitor: Visitor, remembering: str) -> None:
    page = visitor.page(NOW, viewport=DESKTOP)
    page.goto(f"{remembering}/en/certificates/benor-29-0107/?on=2026-03-20")
    assert _answer(page) == ["On 20 March 2026: withdrawn, by the status events of the certification body."]
    page.goto(f"{remembering}/en/datasheets/90012346/?on=2026-02-10")
    assert _answer(page)[:2] == [
        "A delivery on 10 February 2026 was not covered.",
        "Datasheet: On 10 February 2026: not listed. The exports since 5 February 2026 did not hold it.",
    ]


def test_nothing_is_said_of_days_after_the_data_or_without_export(visitor: Visitor, remembering: str) -> None:
    page = visitor.page(NOW)
    page.goto(f"{remembering}/en/certificates/benor-29-0108/?on=2026-04-06")
    assert _answer(page) == ["What held on 6 April 2026 is not known: the data of this register end on 5 April 2026."]
    page.goto(f"{remembering}/en/certificates/benor-29-0107/?on=2025-06-01")
    assert _answer(page)[0].startswith("On 1 June 2025: valid, by its dates alone. No export of that time is kept")


def test_without_script_the_dates_that_decide_stand_on_the_page(visitor: Visitor, golden: str) -> None:
    page = visitor.page(java_script_enabled=False)
    page.goto(f"{golden}/en/certificates/benor-29-0108/?on=2026-01-01")
    expect(page.locator(".question input")).to_have_count(0)
    assert page.locator(".history time").count() > 2
    expect(page.get_by_role("img", name="History")).to_be_visible()


@pytest.mark.parametrize("on", ["2026-02-30", "2026-02-29", "2026-04-31", "2026-13-01", "tomorrow", "2026-3-1", ""])
def test_a_day_that_is_none_in_the_address_is_not_answered(visitor: Visitor, remembering: str, on: str) -> None:
    """The 30th of February stands before the withdrawal of 1 March as text, and means a day after it to a parser."""
    page = visitor.page(NOW)
    page.goto(f"{remembering}/en/certificates/benor-29-0107/?on={on}")
    expect(page.get_by_label("Was it valid on a given day?")).to_have_value("")
    assert page.locator(".question [role=status] p").count() == 0
