"""The page that checks the site: the real browser on a site that was really published and signed."""

import hashlib
import os
import re
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page, Route, expect

from keur.ledger import plan_recording
from keur.publishing import FolderTarget, Keys, attested, load_signer, publish, read_site
from keur.serving import site_server
from keur.site.output import SUMS
from keur.site.reading import read_entries
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.test_accessibility import _barriers
from tests.serving import serving
from tests.sites import GOLDEN_REGISTER, LANGUAGES, BuiltSite
from tests.unit.publishing import releases

pytestmark = pytest.mark.browser


class Published:
    """A site that is served as it was published; ``folder`` is what readers get."""

    def __init__(self, folder: Path, fingerprint: str, address: str) -> None:
        self.folder = folder
        self.fingerprint = fingerprint
        self.address = address

    def url(self, path: str = "/en/verify/") -> str:
        """Return the address of a page."""
        return self.address + path


@pytest.fixture(scope="session")
def signed_release(golden_site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Publish the golden site with a signature; return the folder, and the fingerprint of the key."""
    work = tmp_path_factory.mktemp("signed")
    key = work / "key.pem"
    key.touch(mode=0o600)
    private = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key.write_bytes(private.private_bytes(encoding, form, serialization.NoEncryption()))
    keys = Keys.of(load_signer(key), ())
    entries, _ = read_entries(GOLDEN_REGISTER, LANGUAGES)
    assert entries.export is not None
    planned = plan_recording(GOLDEN_REGISTER, entries)
    site = attested(
        read_site(golden_site.folder), entries.export, "https://register.example", planned.head, planned.parts(), keys
    )
    flush, os.sync = os.sync, releases.nothing
    try:
        publish(site, releases.facts(0), FolderTarget(work / "www"), releases.nothing, releases.nothing)
    finally:
        os.sync = flush
    return work / "www" / "current", keys.public[0].fingerprint


@pytest.fixture
def published(signed_release: tuple[Path, str], tmp_path: Path, servers: ExitStack) -> Published:
    """A published site of one's own, to be changed at will."""
    folder = Path(shutil.copytree(signed_release[0], tmp_path / "site"))
    return Published(folder, signed_release[1], servers.enter_context(serving(site_server(folder))))


def _check_file(page: Page, typed: str) -> list[str]:
    page.get_by_label("Address of a page or file of this site").fill(typed)
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("[data-file]:not([aria-busy]) p").last).to_be_visible()
    return page.locator("[data-file] p").all_inner_texts()


def test_a_good_signature_is_told_with_its_key_and_what_to_compare(visitor: Visitor, published: Published) -> None:
    page = visitor.page()
    page.goto(published.url())
    page.get_by_role("button", name="Check the signature").click()
    good = f"The signature is good: the manifest is as the holder of the key {published.fingerprint} signed it."
    answer = page.locator("[data-signature] p")
    expect(answer).to_have_count(2)
    assert answer.all_inner_texts()[0] == good
    assert "Compare the key" in answer.all_inner_texts()[1]
    facts = page.locator("[data-facts]").inner_text()
    assert published.fingerprint in facts
    assert "2 March 2026" in facts


def test_nothing_is_fetched_before_a_person_asks(visitor: Visitor, published: Published) -> None:
    page = visitor.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(published.url())
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "manifest" in url or SUMS in url] == []


@pytest.mark.parametrize("typed", ["/nl/", "/", "/c/benor-29-0107/", "/release.css", "/404.html", "/en/verify"])
def test_a_page_as_it_was_published_is_told_to_be_so(visitor: Visitor, published: Published, typed: str) -> None:
    page = visitor.page()
    page.goto(published.url())
    told = _check_file(page, published.address + typed if typed != "/nl/" else typed)
    assert re.fullmatch(r"\S+ is what the publisher put there: its SHA-256 is the one in SHA256SUMS\.", told[-1])


def test_one_byte_changed_is_found(visitor: Visitor, published: Published) -> None:
    file = published.folder / "nl" / "index.html"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"BENOR", b"BENOS", 1))
    page = visitor.page()
    page.goto(published.url())
    told = _check_file(page, "/nl/")
    assert told[-1] == "nl/index.html was changed: its SHA-256 is not the one in SHA256SUMS. Do not rely on it."
    sums = published.folder / SUMS
    digest = hashlib.sha256(file.read_bytes()).hexdigest().encode()
    sums.write_bytes(sums.read_bytes().replace(hashlib.sha256(content).hexdigest().encode(), digest))
    told = _check_file(page, "/nl/")
    assert told[-1] == "SHA256SUMS is not the list that the manifest vouches for. Do not rely on this site."
    manifest = published.folder / "manifest.json"
    manifest.write_text(re.sub(r'("sha256": ")\w{64}', rf"\g<1>{_sha(sums)}", manifest.read_text()))
    told = _check_file(page, "/nl/")
    assert told[-1] == "The signature does not match: the manifest was changed. Do not rely on this site."


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_not_of_the_site_is_told(visitor: Visitor, published: Published) -> None:
    visitor.expected.append("404")
    page = visitor.page()
    page.goto(published.url())
    assert _check_file(page, "https://elsewhere.example/")[-1].startswith("This is no address of this site")
    assert _check_file(page, "/nowhere/")[-1] == "This site has no page or file at /nowhere/"
    (published.folder / "nl" / "extra.html").write_text("extra")
    assert _check_file(page, "/nl/extra.html")[-1].startswith("nl/extra.html is not among the files")
    assert _check_file(page, "<img src=x onerror=alert(1)>")[-1].startswith("This site has no page or file")


def test_a_saved_file_is_found_among_those_of_the_site(visitor: Visitor, published: Published, tmp_path: Path) -> None:
    saved = tmp_path / "saved.html"
    shutil.copy(published.folder / "d" / "90012345" / "index.html", saved)
    page = visitor.page()
    page.goto(published.url())
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.post_data}"))
    page.get_by_label("Or a file that you saved").set_input_files(saved)
    expect(page.locator("[data-file] p").last).to_have_text(
        "saved.html is, byte for byte, d/90012345/index.html of this site."
    )
    assert set(sent) == {"GET None"}, "the file stays on the machine"
    other = tmp_path / "other.html"
    other.write_text("something else")
    page.get_by_label("Or a file that you saved").set_input_files(other)
    expect(page.locator("[data-file] p").last).to_have_text(
        re.compile("^No file of this site is what other.html holds")
    )


def _naming(published: Published, fingerprint: str) -> "dict[str, object]":
    """Return what lets the page name a key, as a build does whose settings name it."""

    def fulfil(route: Route) -> None:
        answer = route.fetch()
        named = f'data-fingerprints="{fingerprint}"'
        route.fulfill(response=answer, body=answer.text().replace('data-fingerprints=""', named))

    return {"url": published.url(), "handler": fulfil}


def test_a_key_that_the_page_does_not_name_is_told(visitor: Visitor, published: Published) -> None:
    page = visitor.page()
    page.route(**_naming(published, "0" * 64))  # type: ignore[arg-type]  # arguments of a route
    page.goto(published.url())
    page.get_by_role("button", name="Check the signature").click()
    expect(page.locator("[data-signature] p").last).to_have_text(re.compile("^This key is none of those"))
    told = _check_file(page, "/nl/")
    assert not [line for line in told if "is what the publisher put there" in line]


@pytest.mark.parametrize(
    ("named", "words"), [("", "The manifest is not signed"), ("0" * 64, "The manifest is not signed")]
)
def test_a_manifest_without_a_signature_is_told(visitor: Visitor, published: Published, named: str, words: str) -> None:
    manifest = published.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"signed_by": "{published.fingerprint}"', '"signed_by": null'))
    page = visitor.page()
    page.route(**_naming(published, named))  # type: ignore[arg-type]  # arguments of a route
    page.goto(published.url())
    told = _check_file(page, "/nl/")
    assert told[0].startswith(words)
    assert ("is what the publisher put there" in told[-1]) == (named == "")


def test_a_site_that_was_not_published_says_so(visitor: Visitor, golden: str) -> None:
    visitor.expected.append("404")
    page = visitor.page()
    page.goto(f"{golden}/en/verify/")
    page.get_by_role("button", name="Check the signature").click()
    expect(page.locator("[data-signature] p")).to_have_text(re.compile("^This site has no manifest"))


def test_a_browser_without_ed25519_names_the_command(visitor: Visitor, published: Published) -> None:
    page = visitor.page()
    page.add_init_script("crypto.subtle.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))")
    page.goto(published.url())
    page.get_by_role("button", name="Check the signature").click()
    expect(page.locator("[data-signature] p")).to_have_text(re.compile("Use the openssl command below"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script_the_commands_stand_there(visitor: Visitor, published: Published, language: str) -> None:
    page = visitor.page(java_script_enabled=False)
    page.goto(published.url(f"/{language}/verify/"))
    assert page.locator(".commands pre").count() == 6
    assert "openssl pkeyutl -verify -pubin -inkey manifest.pub.pem -rawin" in page.locator(".commands").inner_text()
    expect(page.locator("[data-check-signature]")).to_be_hidden()
    expect(page.locator("[data-check-file]")).to_be_hidden()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_page_with_its_answers_has_no_barrier(
    visitor: Visitor, published: Published, axe: str, screen: dict[str, int]
) -> None:
    page = visitor.page(viewport=screen)
    page.goto(published.url())
    page.get_by_role("button", name="Check the signature").click()
    expect(page.locator("[data-signature] p")).to_have_count(2)
    _check_file(page, "/nl/")
    assert _barriers(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
