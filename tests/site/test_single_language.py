"""A site of one language has nothing to choose between."""

from pathlib import Path

import pytest

from tests.sites import GOLDEN_REGISTER, BuiltSite, run_keur, settings_file

pytestmark = pytest.mark.site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The golden register in Dutch alone."""
    folder: Path = tmp_path_factory.mktemp("single")
    conf = settings_file(folder, "LANGUAGES = ('nl',)")
    done = run_keur("--conf", conf, "build", "--data", GOLDEN_REGISTER, "--output", folder / "site")
    assert done.returncode == 0, done.stderr
    return BuiltSite(folder / "site")


def test_no_page_offers_a_choice_of_language(site: BuiltSite) -> None:
    for path, page in site.pages.items():
        if path != "/nl/patterns/":
            assert not [nav for nav in page.elements("nav") if nav.get("class") == "language-switch"], path
            assert "Nederlands" not in page.text, path


@pytest.mark.parametrize("path", ["/", "/404.html", "/p/geotextile/", "/c/benor-29-0107/", "/d/90012345/"])
def test_pages_of_every_language_lead_on_into_the_one(site: BuiltSite, path: str) -> None:
    links = [link for link in site.pages[path].elements("a") if (link.text or "").strip() == "Naar het register"]
    assert [(link.get("href") or "").startswith("/nl/") for link in links] == [True]
