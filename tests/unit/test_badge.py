"""Badges as images: well-formed whatever a number holds, wide enough, and never green."""

from xml.etree import ElementTree as ET

import pytest

from keur.exports.badge import badge_svg
from keur.model import Register
from keur.urls import Urls
from keur.views.badges import BadgeMaker
from keur.views.contexts import BadgePage
from tests import builders
from tests.unit.test_views import _frame, _viewer

SVG = "{http://www.w3.org/2000/svg}"


def _badge(site_url: str = "https://register.example", **changes: object) -> BadgePage:
    register = Register(builders.entries(certificates=[builders.certificate(**changes)]))
    frame = _frame(register, "en", site_url)
    viewers = {tag: _viewer(register, tag, site_url) for tag in ("nl", "fr", "de", "en")}
    return BadgeMaker(frame, viewers).listed(next(iter(register.certificates.values())))


@pytest.mark.parametrize(
    "number", ["29/0107", "<script>alert(1)</script>", "a & b \" '", "๑๒๓/二〇二六", "0123456789-" * 10]
)
def test_an_image_is_well_formed_and_holds_its_number(number: str) -> None:
    root = ET.fromstring(badge_svg("BENOR", number, ["2023-05-12 …"], ended=False))  # noqa: S314  # made here
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert texts == ["BENOR", number, "2023-05-12 …"]
    assert [element.text for element in root.iter(f"{SVG}title")] == [f"BENOR {number}"]
    assert root.findall(f".//{SVG}script") == []
    width = float(root.attrib["width"])
    for element in root.iter(f"{SVG}text"):
        assert float(element.attrib["x"]) + float(element.attrib["textLength"]) < width


def test_a_certificate_that_holds_is_told_by_its_dates_alone() -> None:
    page = _badge()
    assert page.image_lines == ("2023-05-12 … 2027-02-28", "Status: register.example/c/benor-29-0107/")
    assert page.tone == "unknown"
    assert page.sayings[-1].sentence == "Not checked. In the register from 12 May 2023 until 28 February 2027"


@pytest.mark.parametrize(
    ("changes", "first", "tone"),
    [
        ({"valid_until": builders.without}, "2023-05-12 …", "unknown"),
        ({"valid_from": "2026-12-01"}, "2026-12-01 … 2027-02-28", "unknown"),
        ({"valid_until": "2026-11-20"}, "2023-05-12 … 2026-11-20", "ended"),
    ],
)
def test_an_image_tells_its_dates(changes: dict[str, object], first: str, tone: str) -> None:
    page = _badge(**changes)
    assert (page.image_lines[0], page.tone) == (first, tone)


def test_what_does_not_hold_is_said_with_its_day() -> None:
    page = _badge(status_events=[{"date": "2026-03-03", "status": "withdrawn"}])
    assert page.image_lines[1] == "2026-03-03: withdrawn"
    image = badge_svg(page.mark, page.number, page.image_lines, ended=True).decode()
    assert "#7b1d1d" in image


def test_a_badge_leads_to_its_permalink_also_where_the_address_is_not_known() -> None:
    assert _badge().address == "https://register.example/c/benor-29-0107/"
    assert _badge(site_url="").address == Urls().href("/c/benor-29-0107/")
