"""The search page's first script stands inside it where the policy of headers names it, and is fetched otherwise."""

import shutil
from pathlib import Path

import pytest

from keur.early_script import FIRST_SCRIPT_HASH, hash_of
from keur.problems import KeurError
from keur.publishing.headers import CONTENT_SECURITY_POLICY
from keur.site.assets import Assets, read_assets
from tests import builders
from tests.sites import ROOT, BuiltSite, run_keur, settings_file

pytestmark = pytest.mark.site

NODE_MODULES = ROOT / "node_modules"


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    """A theme to change."""
    return Path(shutil.copytree(ROOT / "theme", tmp_path / "theme"))


def _assets(theme: Path) -> Assets:
    return read_assets(theme / "static", NODE_MODULES, {})


def test_the_policy_names_the_first_script_of_the_theme(golden_site: BuiltSite) -> None:
    script = _assets(ROOT / "theme").files["js/search-page.js"].decode()
    assert hash_of(script) == FIRST_SCRIPT_HASH, "put this hash into early_script.py, then write deploy/ again"
    assert f"'{FIRST_SCRIPT_HASH}'" in CONTENT_SECURITY_POLICY
    page = (golden_site.folder / "nl" / "search" / "index.html").read_text(encoding="utf-8")
    assert f"<script>{script}</script>" in page
    assert "/js/search-page.js" not in page


def test_the_first_script_of_another_theme_is_fetched(theme: Path, tmp_path: Path) -> None:
    with (theme / "static" / "js" / "search-first.js").open("a", encoding="utf-8") as file:
        file.write('document.documentElement.dataset.another = "theme";\n')
    data = builders.write_export(tmp_path / "data")
    lines = f"THEME = {str(theme)!r}", f"KEUR_DATA = {str(data)!r}", f"OUTPUT_PATH = {str(tmp_path / 'output')!r}"
    done = run_keur("--conf", settings_file(tmp_path, *lines), "build")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "output" / "nl" / "search" / "index.html").read_text(encoding="utf-8")
    assert "/js/search-page.js" in page
    assert "dataset.another" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("added", ["'<!--'", "import.meta.url"])
def test_what_would_break_the_page_does_not_stand_in_it(theme: Path, added: str) -> None:
    with (theme / "static" / "js" / "search-first.js").open("a", encoding="utf-8") as file:
        file.write(f"document.title = {added};\n")
    with pytest.raises(KeurError, match="cannot stand inside a page"):
        _assets(theme)


def test_text_does_not_end_the_script(theme: Path) -> None:
    with (theme / "static" / "js" / "search-first.js").open("a", encoding="utf-8") as file:
        file.write("document.title = '</scr' + 'ipt>';\n")
    assert b"</script" not in _assets(theme).files["js/search-page.js"]


def test_the_first_script_does_nothing_but_import_what_the_rest_imports_too(theme: Path) -> None:
    with (theme / "static" / "js" / "search-page.js").open("a", encoding="utf-8") as file:
        file.write('document.title = "more";\n')
    with pytest.raises(KeurError, match="does more than import"):
        _assets(theme)
