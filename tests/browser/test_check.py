"""A list is checked in the browser: everything in it is found, from every kind of file, and nothing of it leaves."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from playwright.sync_api import Page, Request, expect

from keur.model import Register
from keur.numbers import compact
from keur.serving import site_server
from keur.site.reading import read_register
from tests.browser.conftest import DESKTOP, PHONE, SAMPLE_DAY, Visitor
from tests.builders import write_export
from tests.lists import PastedList, pasted_list
from tests.serving import serving
from tests.sites import BuiltSite, build, run_keur
from tests.unit.check_register import series

pytestmark = pytest.mark.browser

SEED = 4711


@pytest.fixture(scope="module")
def register(sample_site: BuiltSite) -> Register:
    read, _ = read_register(sample_site.folder.with_name("sample-register"), ("nl", "fr", "de", "en"), "data")
    return read


@pytest.fixture(scope="module")
def pasted(register: Register) -> PastedList:
    return pasted_list(register, SEED)


def _open(visitor: Visitor, site: str, lang: str = "en", query: str = "", **options: Any) -> Page:
    page = visitor.page(SAMPLE_DAY, **options)
    page.goto(f"{site}/{lang}/check/{query}")
    expect(page.locator("[data-ready]")).to_be_attached()
    return page


def _check(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.locator("[data-check]").click()
    expect(page.locator("[data-results]")).to_be_visible()


def _told(request: Request) -> str:
    """Return all that a request says."""
    return f"{request.method} {request.url} {request.post_data}"


def _found(page: Page) -> tuple[set[tuple[str, ...]], set[str]]:
    """Return the records that the page shows, and the numbers that it does not know."""
    with page.expect_download() as download:
        page.locator("[data-download]").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    records, unknown = set(), set()
    for row in csv.DictReader(io.StringIO(content)):
        if row["Outcome"] == "not listed here":
            unknown.add(compact(row["As written"]))
        elif row["Kind of record"] == "Certificate":
            records.add((row["Mark"].lower().replace(".", "-"), row["Number"]))
        else:
            records.add((row["Number"],))
    return records, unknown


def _expect_all(page: Page, pasted: PastedList) -> None:
    assert _found(page) == (set(pasted.names), set(map(compact, pasted.wrong)))


def _milliseconds(page: Page, act: str) -> float:
    """Return how long it takes from an act to the results."""
    return page.evaluate(
        """(act) => new Promise((resolve) => {
            const rows = document.querySelector("tbody");
            const begun = performance.now();
            new MutationObserver(() => resolve(performance.now() - begun)).observe(rows, {childList: true});
            document.querySelector(act).click();
        })""",
        act,
    )


# --- nothing leaves -------------------------------------------------------------------------------------------------


def test_a_list_is_checked_without_any_request_and_leaves_no_trace(
    visitor: Visitor, sample: str, pasted: PastedList
) -> None:
    """Once the page is there it needs no network: whoever unplugs it first gets the same results."""
    # When the site's icon is fetched is the browser's own choice.
    visitor.expected += ["favicon.svg", "ERR_INTERNET_DISCONNECTED"]
    requests: list[str] = []
    page = visitor.page(SAMPLE_DAY, alone=True)
    page.context.on("request", lambda request: requests.append(_told(request)))
    page.goto(f"{sample}/en/check/")
    expect(page.locator("[data-ready]")).to_be_attached()
    page.wait_for_load_state("networkidle")
    before = len(requests)
    page.context.set_offline(True)
    _check(page, pasted.text)
    _expect_all(page, pasted)
    page.locator("input[type=date]").fill("2025-03-14")
    page.locator("[data-filters] button").nth(1).click()
    page.locator("[data-clear]").click()
    assert [request for request in requests[before:] if "favicon.svg" not in request] == []
    expect(page).to_have_url(f"{sample}/en/check/?on=2025-03-14")
    stored = page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie, history.state,"
        " (await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert stored == [0, 0, "", None, 0, 0]


def test_what_is_fetched_is_the_same_whatever_the_list_holds(visitor: Visitor, sample: str) -> None:
    """Not a file more, not one in another order: the server learns no digit of any number."""
    asked = []
    for text in ("BENOR 29/0107", "90012345 9999 9999", "nothing", ""):
        requests: list[str] = []
        page = visitor.page(SAMPLE_DAY, alone=True)
        page.context.on("request", lambda request, to=requests: to.append(f"{request.method} {request.url}"))
        page.goto(f"{sample}/en/check/")
        expect(page.locator("[data-ready]")).to_be_attached()
        _check(page, text)
        page.wait_for_load_state("networkidle")
        asked.append([request for request in requests if "favicon.svg" not in request])
    assert asked[1:] == asked[:-1]
    files = {re.sub(r"(assets|search)/[0-9a-f]+/", "", request.removeprefix(f"GET {sample}/")) for request in asked[0]}
    assert files == {"en/check/", "css/site.css", "release.css", "js/check-page.js", "js/check-worker.js", "check.json"}


def test_without_script_nothing_could_send_the_list(visitor: Visitor, sample: str) -> None:
    page = visitor.page(java_script_enabled=False)
    page.goto(f"{sample}/nl/check/")
    expect(page.locator("textarea")).to_be_hidden()
    expect(page.locator("noscript p")).to_contain_text("Een lijst controleren kan alleen met script")
    page.locator("main form.search-box input").fill("29/0107")
    page.locator("main form.search-box button").click()
    expect(page).to_have_url(f"{sample}/nl/search/?q=29%2F0107")
    page.go_back()
    for selector in ("textarea", "input[type=file]", "input[type=date]"):
        asked = page.locator(selector)
        assert asked.get_attribute("name") is None
        assert page.locator(f"form {selector}").count() == 0


# --- everything is found --------------------------------------------------------------------------------------------


def test_two_hundred_lines_are_checked_in_less_than_a_second(visitor: Visitor, sample: str, pasted: PastedList) -> None:
    page = _open(visitor, sample)
    page.locator("textarea").fill(pasted.text)
    page.locator("[data-check]").click()
    expect(page.locator("[data-heading]")).to_be_focused()
    assert min(_milliseconds(page, "[data-check]") for _ in range(3)) < 1000
    _expect_all(page, pasted)
    expect(page.locator("[data-summary]")).to_contain_text(f"{len(pasted.names)} numbers of this register found.")
    expect(page.locator("[data-summary]")).to_contain_text("40 more look like numbers of this register")


def test_the_same_is_found_in_a_word_document(
    visitor: Visitor, sample: str, pasted: PastedList, tmp_path: Path
) -> None:
    """In paragraphs, in runs that break numbers, in a table, in header and footer."""
    document = docx.Document()
    lines = list(pasted.lines)
    document.sections[0].header.paragraphs[0].text = lines.pop()
    document.sections[0].footer.paragraphs[0].text = lines.pop()
    table = document.add_table(rows=0, cols=1)
    for line in lines[:60]:
        table.add_row().cells[0].text = line
    for line in lines[60:]:
        paragraph = document.add_paragraph()
        for start in range(0, len(line), 7):
            paragraph.add_run(line[start : start + 7]).bold = start % 2 == 0
    document.save(str(tmp_path / "list.docx"))
    page = _open(visitor, sample)
    page.locator("input[type=file]").set_input_files(tmp_path / "list.docx")
    expect(page.locator("[data-results]")).to_be_visible()
    _expect_all(page, pasted)
    expect(page.locator("tbody")).to_contain_text("paragraph")


def test_the_same_is_found_in_a_workbook(visitor: Visitor, sample: str, pasted: PastedList, tmp_path: Path) -> None:
    """Codes that stand alone are numbers, as a spreadsheet keeps them; the rest are texts of two sheets."""
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Bons & attesten")
    for number, line in enumerate(pasted.lines):
        value = int(line) if line.isascii() and line.isdecimal() else line
        (first if number % 2 else second).append([value])
    book.save(tmp_path / "list.xlsx")
    page = _open(visitor, sample)
    page.locator("input[type=file]").set_input_files(tmp_path / "list.xlsx")
    expect(page.locator("[data-results]")).to_be_visible()
    _expect_all(page, pasted)
    expect(page.locator("tbody")).to_contain_text("Bons & attesten, row")


def test_a_dropped_file_is_checked(visitor: Visitor, sample: str, register: Register) -> None:
    certificate = next(iter(register.certificates.values()))
    page = _open(visitor, sample)
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "bon.txt", {type: "text/plain"}));
            const over = new DragEvent("dragenter", {bubbles: true, dataTransfer: data});
            document.querySelector("[data-drop]").dispatchEvent(over);
            window.over = document.querySelector(".check__drop--over") !== null;
            const drop = new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data});
            document.querySelector("main").dispatchEvent(drop);
        }""",
        f"ATG {certificate.number}",
    )
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.evaluate("window.over") is True
    assert page.evaluate("document.querySelector('input[type=file]').files[0].name") == "bon.txt"


def test_a_file_stays_what_is_checked_until_text_is_typed(visitor: Visitor, sample: str, register: Register) -> None:
    """Whoever chooses a file, then another day, and then presses the button has not asked about an empty box."""
    first, second = [certificate.number for certificate in register.certificates.values()][:2]
    page = _open(visitor, sample)
    file = {"name": "bon.txt", "mimeType": "text/plain", "buffer": f"ATG {first}".encode()}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("input[type=date]").fill("2026-03-03")
    page.locator("[data-check]").click()
    expect(page.locator("tbody tr")).to_contain_text("On 3 March 2026")
    assert page.evaluate("document.querySelector('input[type=file]').files[0].name") == "bon.txt"
    _check(page, f"ATG {second}")
    expect(page.locator("tbody tr")).to_contain_text(second)
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 0


# --- what it says ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site whose register lost records since an earlier export, and has statuses of every kind."""
    folder = tmp_path_factory.mktemp("small")
    for export_of_day in series():
        write_export(folder / "data", **export_of_day)
        assert run_keur("record", "--data", folder / "data").returncode == 0
    build(folder / "data", folder / "site")
    with serving(site_server(folder / "site")) as address:
        yield address


TEXT = """Bon 1: BENOR 29/0107 en fiche 9001 2345
BENOR 29/0108; COPRO 29/0108
BENOR 29/0109, fiche 9001 2346
fiche 9001 2347
BENOR nr. 29/0107 <img src=x onerror=alert(1)> =1+1"""


def test_each_number_says_what_held_with_its_dates(visitor: Visitor, small: str) -> None:
    page = _open(visitor, small)
    _check(page, TEXT)
    rows = [" ".join(text.split()) for text in page.locator("tbody tr").all_inner_texts()]
    assert rows[0] == (
        "BENOR 29/0107 Certificate On 21 November 2026: valid, as the exports since 5 January 2026 showed it. "
        "Geotextile Weverij Vlierbeke Bon 1: BENOR 29/0107 en fiche 9001 2345 line 1, line 5"
    )
    assert "Covers a delivery on 21 November 2026: the datasheet and a certificate it hangs on are valid." in rows[1]
    assert "BENOR 29/0107: On 21 November 2026: valid" in rows[1]
    assert "On 21 November 2026: expired, by its dates." in rows[2]
    assert "On 21 November 2026: not listed. The exports since 21 November 2026 did not hold it." in rows[4]
    assert "No longer listed since 21 November 2026." in rows[4]
    assert "Does not cover a delivery on 21 November 2026." in rows[5]
    assert "Not listed in this register. Nor was it ever" in rows[6]
    assert "One character away from these, which may not be meant: 90012345, 90012346" in rows[6]
    assert page.locator("[data-summary]").inner_text() == (
        "6 numbers of this register found. On 21 November 2026: holds: 3 · does not hold: 3 · not known: 0. "
        "1 more looks like a number of this register and is not listed."
    )


def test_another_day_answers_anew_and_stands_in_the_address(visitor: Visitor, small: str) -> None:
    page = _open(visitor, small, "nl", "?on=2026-05-31")
    expect(page.locator("input[type=date]")).to_have_value("2026-05-31")
    _check(page, TEXT)
    expect(page.locator("tbody tr").nth(5)).to_contain_text("Dekt een levering op 31 mei 2026")
    expect(page.locator("tbody tr").first.locator("a").first).to_have_attribute("href", re.compile(r"\?on=2026-05-31$"))
    page.locator("input[type=date]").fill("2026-06-01")
    expect(page.locator("tbody tr").nth(5)).to_contain_text("Dekt geen levering op 1 juni 2026")
    expect(page).to_have_url(re.compile(r"\?on=2026-06-01$"))


@pytest.mark.parametrize("on", ["2026-02-31x", "<script>", "%00", "9999-99-99"])
def test_a_day_that_is_none_is_today(visitor: Visitor, small: str, on: str) -> None:
    page = _open(visitor, small, query=f"?on={on}")
    expect(page.locator("input[type=date]")).to_have_value("2026-11-21")


def test_old_data_vouch_for_nothing(visitor: Visitor, small: str) -> None:
    page = visitor.page("2027-02-10T10:00:00+01:00")
    page.goto(f"{small}/en/check/")
    expect(page.locator("[data-ready]")).to_be_attached()
    _check(page, TEXT)
    expect(page.locator("[data-old]")).to_contain_text("too old to tell")
    expect(page.locator("tbody .status--valid")).to_have_count(0)
    expect(page.locator("[data-summary]")).to_contain_text("holds: 0 · does not hold: 2 · not known: 4")


def test_a_filter_shows_one_outcome_and_the_table_is_copied_as_shown(visitor: Visitor, small: str) -> None:
    page = _open(visitor, small, permissions=["clipboard-read", "clipboard-write"])
    _check(page, TEXT)
    page.get_by_role("button", name="not listed here (1)").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Copy as a table").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()").split("\n")
    assert [row.split("\t")[0] for row in copied] == ["Number", "9001 2347"]


def test_all_languages_speak(visitor: Visitor, small: str) -> None:
    for lang, told in (("nl", "nummers van dit register"), ("fr", "numéros de ce registre"), ("de", "Nummern dieses")):
        page = _open(visitor, small, lang)
        _check(page, TEXT)
        expect(page.locator("[data-summary]")).to_contain_text(told)
        assert not re.search(r"\{\w*\}|undefined|null", page.locator("[data-results]").inner_text())


# --- manners --------------------------------------------------------------------------------------------------------


def test_the_keyboard_alone_checks_a_list(visitor: Visitor, small: str) -> None:
    page = _open(visitor, small)
    page.locator("textarea").focus()
    page.keyboard.type("BENOR 29/0107")
    page.keyboard.press("Control+Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator("tbody a").first).to_be_focused()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_results_have_no_barrier_and_fit(visitor: Visitor, small: str, axe: str, screen: dict[str, int]) -> None:
    page = _open(visitor, small, viewport=screen)
    _check(page, TEXT)
    page.evaluate(axe)
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        assert [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_not_found_says_why_it_may_be(visitor: Visitor, small: str) -> None:
    page = _open(visitor, small)
    _check(page, "EN 13249:2016, 29/01/2007, tel. 02 123 45 67")
    expect(page.locator("[data-summary]")).to_contain_text("No number of this register was found")
    expect(page.locator("table")).to_be_hidden()


def _bomb() -> bytes:
    types = (
        '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", bytes(110_000_000))
    return packed.getvalue()


FILES = {
    "bomb.docx": (_bomb, "too large"),
    "old.doc": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"W\0o\0r\0d\0", "Save it as .docx or .xlsx"),
    "locked.xlsx": (
        lambda: bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16le"),
        "protected by a password",
    ),
    "offer.pdf": (lambda: b"%PDF-1.7 x", "select all its text"),
    "cut.docx": (lambda: _bomb()[:200], "damaged"),
    "photo.txt": (lambda: bytes(range(256)) * 10, "none of those"),
}


def test_hostile_files_are_refused_with_what_to_do_and_the_page_goes_on(visitor: Visitor, small: str) -> None:
    page = _open(visitor, small)
    for name, (content, told) in FILES.items():
        page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content()}
        )
        expect(page.locator("[data-message]")).to_contain_text(told)
        expect(page.locator("[data-results]")).to_be_hidden()
    _check(page, "BENOR 29/0107")
    expect(page.locator("[data-message]")).to_be_hidden()


def test_a_long_list_is_cut_with_a_word_and_freezes_nothing(visitor: Visitor, small: str, tmp_path: Path) -> None:
    page = _open(visitor, small, alone=True)
    file = tmp_path / "long.txt"
    file.write_text("De aannemer levert onder BENOR 29/0107 de fiche 9001 2345 op 29/01/2026.\n" * 700_000)
    page.evaluate(
        """() => {
            window.longest = 0;
            new PerformanceObserver((list) => {
                for (const task of list.getEntries()) {
                    window.longest = Math.max(window.longest, task.duration);
                }
            }).observe({type: "longtask"});
        }"""
    )
    longest = []
    # A machine that does much else stops any task for a while, but not each time.
    while not longest or (min(longest) >= 600 and len(longest) < 5):
        page.locator("[data-clear]").click()
        page.evaluate("window.longest = 0")
        page.locator("input[type=file]").set_input_files(file)
        expect(page.locator("[data-message]")).to_contain_text("only its first 1,000,000 characters")
        expect(page.locator("tbody tr")).to_have_count(2)
        longest.append(page.evaluate("window.longest"))
    assert min(longest) < 600, "200 ms where the machine does nothing else"


def test_a_register_that_cannot_be_read_is_told(visitor: Visitor, small: str) -> None:
    visitor.expected += ["check.json", "Failed to load resource", "PayloadError"]
    page = visitor.page(SAMPLE_DAY, alone=True)
    page.context.route("**/check.json", lambda route: route.fulfill(status=200, body=json.dumps({"numbers": 1})))
    page.goto(f"{small}/en/check/")
    expect(page.locator("[data-message]")).to_contain_text("The register could not be read.")


def test_it_is_linked_from_where_people_look(golden_site: BuiltSite) -> None:
    for path in ("/nl/", "/nl/search/", "/nl/team/", "/nl/certificates/"):
        assert "/nl/check/" in [link.get("href") for link in golden_site.pages[path].elements("a")], path
