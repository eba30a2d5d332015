"""Paper: a record on one sheet with its QR code, lists as tables whose heads repeat, each sheet numbered."""

import base64
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.deploy.programs import need
from tests.sites import CITED_URL, BuiltSite

pytestmark = pytest.mark.browser

NOW = "2026-11-27T10:00:00+01:00"

DRAWN = """async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 240;
    const drawing = canvas.getContext("2d");
    drawing.drawImage(image, 0, 0, 240, 240);
    const { data } = drawing.getImageData(0, 0, 240, 240);
    return btoa(Array.from({ length: 240 * 240 }, (_, place) => String.fromCharCode(data[place * 4])).join(""));
}"""


def read_code(page: Page, address: str) -> str:
    """Return what another program reads in a QR code, drawn by the browser as 240 grey pixels a side."""
    pixels = base64.b64decode(page.evaluate(DRAWN, address))
    (read,) = zxingcpp.read_barcodes(memoryview(pixels).cast("B", shape=[240, 240]))
    return read.text


def test_the_qr_codes_of_fifty_pages_are_their_permalinks(visitor: Visitor, cited: str, cited_site: BuiltSite) -> None:
    codes = sorted(path.parent for path in cited_site.folder.rglob("qr.svg"))
    assert len(codes) == 60 + 20 + 1, "of certificates, also those no longer listed, of datasheets and of the product"
    page = visitor.page(NOW)
    page.goto(f"{cited}/en/")
    for folder in codes[:50] + codes[-3:]:
        path = f"/{folder.relative_to(cited_site.folder).as_posix()}/"
        assert read_code(page, f"{path}qr.svg") == f"{CITED_URL}{path}"


def test_a_site_that_does_not_know_its_address_has_no_qr_code(golden_site: BuiltSite) -> None:
    assert list(golden_site.folder.rglob("qr.svg")) == []
    assert not any("qr.svg" in page.html for page in golden_site.pages.values())


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_qr_code_is_dark_on_white_in_every_theme(visitor: Visitor, cited: str, colours: str) -> None:
    page = visitor.page(NOW, color_scheme=colours)
    page.goto(f"{cited}/nl/certificates/benor-29-0010/")
    image = page.locator(".permalink img")
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    assert image.get_attribute("alt") == "QR-code"
    assert read_code(page, image.get_attribute("src") or "") == f"{CITED_URL}/c/benor-29-0010/"


def sheets(document: bytes) -> int:
    """Return how many sheets a PDF has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", document))


@pytest.mark.parametrize(
    "path",
    [
        "/nl/certificates/benor-29-0010/",
        "/fr/certificates/benor-29-0001/",
        "/de/datasheets/90010010/",
        "/en/certificates/benor-29-0060/",
    ],
)
def test_a_record_is_one_sheet_with_its_code(visitor: Visitor, cited: str, path: str, tmp_path: Path) -> None:
    page = visitor.page(NOW)
    page.goto(cited + path)
    document = page.pdf(prefer_css_page_size=True)
    assert sheets(document) == 1
    (tmp_path / "record.pdf").write_bytes(document)
    text = _text_of(tmp_path / "record.pdf")
    kind, slug = path.split("/")[2:4]
    assert f"{CITED_URL}/{kind[0]}/{slug}/" in text, "the permalink in words"
    assert re.search(r"21\W+(novembre|November|november)\W+2026", text), "the day of the data"
    assert re.search(r"\b1 ?/ ?1\b", text), "page of pages"


def test_the_code_is_on_paper_though_it_was_never_on_the_screen(visitor: Visitor, cited: str, tmp_path: Path) -> None:
    """Whoever prints has not scrolled down to it: an image that is fetched when it comes near would be missing."""
    page = visitor.page(NOW, viewport={"width": 1280, "height": 200})
    page.goto(f"{cited}/nl/products/geotextile/")
    (tmp_path / "product.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
    drawn = _drawn(tmp_path / "product.pdf")
    texts = [read.text for file in drawn for read in zxingcpp.read_barcodes(_grey(file))]
    assert texts == [f"{CITED_URL}/p/geotextile/"]


def test_the_head_of_a_list_stands_on_each_sheet(visitor: Visitor, sample: str, tmp_path: Path) -> None:
    page = visitor.page("2026-11-21T10:00:00+01:00")
    page.goto(f"{sample}/en/certificates/")
    document = page.pdf(prefer_css_page_size=True)
    (tmp_path / "list.pdf").write_bytes(document)
    count = sheets(document)
    assert count > 1
    per_sheet = _text_of(tmp_path / "list.pdf").split("\f")[:count]
    for number, text in enumerate(per_sheet, 1):
        assert re.search(rf"\b{number} ?/ ?{count}\b", text)
        if len(re.findall("valid|Expired|Withdrawn|Suspended", text, re.IGNORECASE)) > 3:
            assert re.search(r"Certificate\s+Status", text) or "Holder" in text, "the table's head"


def _text_of(document: Path) -> str:
    program = need("pdftotext", "poppler-utils")
    done = subprocess.run([program, "-layout", document, "-"], capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def _drawn(document: Path) -> list[Path]:
    """Return each sheet of a PDF as a file of grey pixels."""
    program = need("pdftoppm", "poppler-utils")
    assert shutil.which(program)
    subprocess.run([program, "-r", "150", "-gray", document, document.with_suffix("")], check=True)
    return sorted(document.parent.glob("*.pgm"))


def _grey(file: Path) -> memoryview:
    _, size, _, pixels = file.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    return memoryview(pixels).cast("B", shape=[height, width])
