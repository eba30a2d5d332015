"""QR codes: those that segno makes, put together faster; read back by another program; right for paper."""

import random
import re
import time
from xml.etree import ElementTree as ET

import pytest
import segno
import zxingcpp

from keur.exports.qr_code import ERROR_LEVEL, MASK, QUIET_ZONE, modules, qr_svg

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-%/"


def _address(length: int, chance: random.Random) -> str:
    return "https://register.example/c/" + "".join(chance.choice(LETTERS) for _ in range(length)) + "/"


@pytest.mark.parametrize("length", range(1, 160, 3))
def test_a_code_is_the_one_that_segno_makes(length: int) -> None:
    text = _address(length, random.Random(length))
    made = segno.make(text, error=ERROR_LEVEL, mask=MASK, mode="byte", boost_error=False, micro=False)
    assert modules(text) == ["".join("1" if module else "0" for module in row) for row in made.matrix]


def _raster(svg: bytes, scale: int) -> memoryview:
    """Return an SVG of horizontal strokes as grey pixels, the way any renderer would draw it."""
    root = ET.fromstring(svg)  # noqa: S314  # made a line above
    side = int(root.attrib["viewBox"].split()[2])
    pixels = [[255] * side for _ in range(side)]
    ground, strokes = root
    assert (ground.attrib["fill"], ground.attrib["d"]) == ("#fff", f"M0 0h{side}v{side}H0z")
    x = y = 0
    for step, first, second in re.findall(r"([Mmh])(\d+)(?: (\d+(?:\.5)?))?", strokes.attrib["d"]):
        if step == "M":
            x, y = int(first), int(float(second))
        elif step == "m":
            x += int(first)
        else:
            pixels[y][x : x + int(first)] = [0] * int(first)
            x += int(first)
    rows = [bytes(value for value in row for _ in range(scale)) for row in pixels for _ in range(scale)]
    return memoryview(b"".join(rows)).cast("B", shape=[side * scale, side * scale])


@pytest.mark.parametrize("length", [1, 9, 15, 16, 40, 100, 150])
def test_a_code_is_read_back_by_another_program(length: int) -> None:
    text = _address(length, random.Random(-length))
    (read,) = zxingcpp.read_barcodes(_raster(qr_svg(text), 4))
    assert (read.text, read.format) == (text, zxingcpp.BarcodeFormat.QRCode)


def test_a_code_is_black_on_white_with_its_quiet_zone() -> None:
    svg = qr_svg("https://register.example/c/benor-29-0107/").decode()
    assert 'fill="#fff"' in svg
    assert 'stroke="#000"' in svg
    assert 'shape-rendering="crispEdges"' in svg
    side = len(modules("https://register.example/c/benor-29-0107/"))
    assert f'viewBox="0 0 {side + 8} {side + 8}"' in svg
    assert QUIET_ZONE == 4
    assert len(svg) < 2_000
    assert svg == qr_svg("https://register.example/c/benor-29-0107/").decode()


def test_what_no_code_holds_is_refused() -> None:
    with pytest.raises(segno.DataOverflowError):
        qr_svg("x" * 3_000)


def test_thousands_of_codes_cost_little() -> None:
    """A register of 8,500 permalinks takes about a second; segno alone would take ten times that."""
    begun = time.process_time()
    for number in range(2_000):
        qr_svg(f"https://register.example/d/{90_000_000 + number * 1_177:08d}/")
    assert time.process_time() - begun < 2
