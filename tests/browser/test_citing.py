"""Citations as people take them: copied with their link, in four languages, dated on the day they are copied."""

import re
import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, SAMPLE_DAY, Visitor
from tests.deploy.programs import need
from tests.sites import CITED_URL, LANGUAGES

pytestmark = pytest.mark.browser

EQUIVALENT = {"nl": "of gelijkwaardig", "fr": "ou équivalent", "de": "oder gleichwertig", "en": "or equivalent"}
COPY = {"nl": "Kopieer met link", "fr": "Copier avec le lien", "de": "Mit Link kopieren", "en": "Copy with link"}
PLAIN = {
    "nl": "Kopieer als platte tekst",
    "fr": "Copier en texte brut",
    "de": "Als reinen Text kopieren",
    "en": "Copy as plain text",
}
HOLDS = {
    "nl": "Geldig tot en met 28 februari 2028, volgens de gegevens van het register van 21 november 2026.",
    "fr": "Valable jusqu'au 28 février 2028, selon les données du registre du 21 novembre 2026.",
    "de": "Gültig bis 28. Februar 2028, nach den Registerdaten vom 21. November 2026.",
    "en": "Valid until 28 February 2028, by register data of 21 November 2026.",
}
DAY = {
    "nl": "(geraadpleegd op 27 november 2026, gegevens van het register van 21 november 2026)",
    "fr": "(consulté le 27 novembre 2026, données du registre du 21 novembre 2026)",
    "de": "(abgerufen am 27. November 2026, Registerdaten vom 21. November 2026)",
    "en": "(consulted on 27 November 2026, register data of 21 November 2026)",
}
NOW = "2026-11-27T10:00:00+01:00"
PERMALINK = f"{CITED_URL}/c/benor-29-0010/"

READ_CLIPBOARD = """async () => {
    const found = {};
    for (const item of await navigator.clipboard.read())
        for (const type of item.types) found[type] = await (await item.getType(type)).text();
    return found;
}"""


def _allowed(page: Page) -> BrowserContext:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page.context


def copied(page: Page, lang: str, button: str) -> dict[str, str]:
    """Press a citation's button and return what came on the clipboard, by type."""
    page.locator(f"#{lang}").get_by_role("button", name=button).click()
    expect(page.locator(f"#{lang} [role=status]")).not_to_be_empty()
    found: dict[str, str] = page.evaluate(READ_CLIPBOARD)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_records_page_leads_to_its_citation_in_its_language(visitor: Visitor, cited: str, lang: str) -> None:
    page = visitor.page(NOW)
    page.goto(f"{cited}/{lang}/certificates/benor-29-0010/")
    page.locator(".permalink a:not([data-module])").click()
    block = page.locator(f".citation#{lang}")
    expect(block).to_be_visible()
    expect(block.get_by_role("button", name=COPY[lang])).to_be_visible()
    text = block.locator("[data-citation]").inner_text()
    for part in ("BENOR 29/0010", EQUIVALENT[lang], "PTV 829", "3.0", "Weverij Vlierbeke", "Plant <1> & Co, Namur"):
        assert part in text
    assert HOLDS[lang] in text
    assert text.endswith(f"{PERMALINK} {DAY[lang]}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rich_citation_pastes_with_a_working_link(visitor: Visitor, cited: str, lang: str) -> None:
    page = visitor.page(NOW)
    _allowed(page)
    page.goto(f"{cited}/c/benor-29-0010/#{lang}")
    found = copied(page, lang, COPY[lang])
    printed = page.locator(f"#{lang} [data-citation]").inner_text()
    assert found["text/plain"] == printed
    page.evaluate(
        """() => {
            const box = document.createElement("div");
            box.id = "pasted";
            box.contentEditable = "true";
            document.body.prepend(box);
            box.focus();
        }"""
    )
    page.keyboard.press("Control+V")
    pasted = page.locator("#pasted")
    # What is pasted into an editable element has plain blanks for those that do not break.
    assert pasted.inner_text().strip().replace("\xa0", " ") == printed.replace("\xa0", " ")
    assert pasted.locator("a").get_attribute("href") == PERMALINK
    assert pasted.locator("a").inner_text() == PERMALINK
    assert page.locator("#pasted p").get_attribute("lang") == lang
    assert pasted.locator("span, button, [class], [style]").count() == 0, "nothing of the page comes along"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_plain_citation_is_text_alone(visitor: Visitor, cited: str, lang: str) -> None:
    page = visitor.page(NOW)
    _allowed(page)
    page.goto(f"{cited}/c/benor-29-0010/#{lang}")
    found = copied(page, lang, PLAIN[lang])
    assert found == {"text/plain": page.locator(f"#{lang} [data-citation]").inner_text()}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/c/benor-29-0001/", "Withdrawn since 3 March 2026, by register data of 21 November 2026."),
        ("/c/benor-29-0002/", "Expired after 30 June 2026, by register data of 21 November 2026."),
        ("/c/benor-29-0003/", "Suspended since 10 February 2026, by register data of 21 November 2026."),
        ("/d/90010001/", "Does not cover a delivery: no certificate it hangs on is valid, by register data of"),
        ("/d/90010010/", "Valid since 1 June 2023, no end date, by register data of 21 November 2026."),
        ("/c/benor-29-0060/", "no longer listed since 21 November 2026."),
    ],
)
def test_a_citation_says_whether_the_record_holds(visitor: Visitor, cited: str, path: str, said: str) -> None:
    page = visitor.page(NOW)
    page.goto(f"{cited}{path}#en")
    expect(page.locator("#en").get_by_role("button", name=COPY["en"])).to_be_visible()
    text = page.locator("#en [data-citation]").inner_text()
    assert said in text
    assert ("or equivalent" in text) == (path != "/c/benor-29-0060/"), "nobody is to ask for what is not certified"
    assert f"{CITED_URL}{path}" in text


def test_a_citation_from_old_data_says_so(visitor: Visitor, cited: str) -> None:
    page = visitor.page("2027-04-01T10:00:00+02:00")
    page.goto(f"{cited}/c/benor-29-0010/#en")
    expect(page.locator("#en [data-citation]")).to_contain_text(
        "Valid until 28 February 2028 (by data of 21 November 2026, too old to tell whether it still holds)."
    )


def test_the_day_of_consulting_is_that_of_the_click_in_brussels(visitor: Visitor, cited: str) -> None:
    page = visitor.page("2026-11-27T22:59:00Z")
    _allowed(page)
    page.goto(f"{cited}/c/benor-29-0010/#en")
    assert "consulted on 27 November 2026" in copied(page, "en", COPY["en"])["text/plain"]
    page.clock.set_fixed_time("2026-11-27T23:01:00Z")
    assert "consulted on 28 November 2026" in copied(page, "en", COPY["en"])["text/html"]
    expect(page.locator("#en [data-citation]")).to_contain_text("consulted on 28 November 2026")


def test_a_citation_copied_again_is_said_again(visitor: Visitor, cited: str) -> None:
    page = visitor.page(NOW)
    _allowed(page)
    page.goto(f"{cited}/c/benor-29-0010/#en")
    expect(page.locator("#en [role=status]")).to_be_attached()
    page.evaluate(
        """() => {
            window.told = [];
            const told = (changes) => window.told.push(...changes.map(({ target }) => target.textContent));
            new MutationObserver(told).observe(document.querySelector("#en [role=status]"), { childList: true });
        }"""
    )
    for _ in range(2):
        copied(page, "en", COPY["en"])
    assert page.evaluate("window.told")[-2:] == ["", "Copied"], "what stays the same is not read out"


def test_a_product_is_cited_with_its_mark_and_document(visitor: Visitor, cited: str) -> None:
    page = visitor.page(NOW)
    page.goto(f"{cited}/fr/products/geotextile/")
    page.locator(".permalink a:not([data-module])").click()
    text = page.locator("#fr [data-citation]")
    expect(text).to_contain_text("Géotextile\u00a0: BENOR ou équivalent.")
    expect(text).to_contain_text("PTV 829, édition 3.0")
    expect(text).to_contain_text(f"{CITED_URL}/p/geotextile/")
    expect(text).to_contain_text(DAY["fr"])


def test_without_script_a_citation_is_there_and_claims_nothing(visitor: Visitor, cited: str) -> None:
    page = visitor.page(None, java_script_enabled=False)
    page.goto(f"{cited}/c/benor-29-0010/#de")
    text = page.locator("#de [data-citation]").inner_text()
    assert "BENOR 29/0010 oder gleichwertig" in text
    assert "Im Register: vom 12. Mai 2023 bis 28. Februar 2028. Prüfen Sie dort, ob dies noch gilt." in text
    assert text.endswith(f"{PERMALINK} (abgerufen am …………)")
    assert "gültig" not in text.lower()


def test_a_site_that_does_not_know_its_address_is_cited_by_the_one_it_is_read_at(visitor: Visitor, golden: str) -> None:
    page = visitor.page()
    _allowed(page)
    page.goto(f"{golden}/c/benor-29-0107/#en")
    found = copied(page, "en", COPY["en"])
    assert f'<a href="{golden}/c/benor-29-0107/">{golden}/c/benor-29-0107/</a>' in found["text/html"]
    assert f"{golden}/c/benor-29-0107/ (consulted on" in found["text/plain"]


@pytest.mark.parametrize("gone", ["navigator.clipboard", "ClipboardItem"])
def test_without_a_clipboard_the_citation_is_selected(visitor: Visitor, cited: str, gone: str) -> None:
    owner, _, name = f"window.{gone}".rpartition(".")
    page = visitor.page(NOW)
    page.add_init_script(f"Object.defineProperty({owner}, {name!r}, {{ value: undefined }})")
    page.goto(f"{cited}/c/benor-29-0010/#en")
    block = page.locator("#en")
    block.get_by_role("button", name=COPY["en"]).click()
    expect(block.get_by_role("status")).to_contain_text("copy it with Ctrl+C")
    assert page.evaluate("getSelection().toString()").strip() == block.locator("[data-citation]").inner_text()
    if gone == "navigator.clipboard":
        block.get_by_role("button", name=PLAIN["en"]).click()
        box = block.get_by_role("textbox")
        expect(box).to_be_focused()
        assert box.input_value() == block.locator("[data-citation]").inner_text()
        assert box.evaluate("box => box.selectionEnd - box.selectionStart") == len(box.input_value())


def test_a_citation_is_copied_by_keyboard_on_a_phone(visitor: Visitor, cited: str) -> None:
    page = visitor.page(NOW, viewport=PHONE)
    _allowed(page)
    page.goto(f"{cited}/d/90010010/")
    expect(page.locator("#nl")).to_be_hidden()
    page.locator(".citations > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#nl").get_by_role("button").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#nl [role=status]")).to_have_text("Gekopieerd")
    width: Any = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_hostile_text_of_an_export_is_text_in_a_citation(visitor: Visitor, cited: str) -> None:
    page = visitor.page(NOW)
    _allowed(page)
    page.goto(f"{cited}/c/benor-29-0010/#en")
    found = copied(page, "en", COPY["en"])
    assert "Plant &lt;1&gt; &amp; Co" in found["text/html"]
    assert re.findall(r"<(\w+)", found["text/html"]) == ["p", "a"]


def test_a_card_asks_for_no_script_of_citations_before_they_are_opened(visitor: Visitor, cited: str) -> None:
    page = visitor.page(SAMPLE_DAY)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{cited}/c/benor-29-0010/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "cite" in url or "citing" in url or "qr.svg" in url]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_rich_citation_keeps_its_link_in_a_word_processor(
    visitor: Visitor, cited: str, tmp_path: Path, lang: str
) -> None:
    """What is on the clipboard as rich text, opened by LibreOffice and saved for Word, read by another library."""
    office = need("soffice", "libreoffice-writer-nogui")
    page = visitor.page(NOW)
    _allowed(page)
    page.goto(f"{cited}/c/benor-29-0010/#{lang}")
    found = copied(page, lang, COPY[lang])
    source = tmp_path / "citation.html"
    source.write_text(f'<!DOCTYPE html><meta charset="utf-8">{found["text/html"]}', encoding="utf-8")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--infilter=HTML (StarWriter)", "--convert-to", "docx:MS Word 2007 XML"]
    subprocess.run([*command, "--outdir", tmp_path, source], check=True, capture_output=True, timeout=180)
    document = docx.Document(str(tmp_path / "citation.docx"))
    (paragraph,) = (paragraph for paragraph in document.paragraphs if paragraph.text.strip())
    assert paragraph.text.replace("\xa0", " ") == found["text/plain"].replace("\xa0", " ")
    (link,) = paragraph.hyperlinks
    assert (link.address, link.text) == (PERMALINK, PERMALINK)
