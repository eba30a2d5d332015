"""Every page of the golden site through html-validate, as rules of HTML go beyond what a browser forgives."""

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.sites import ROOT, BuiltPage, BuiltSite

pytestmark = pytest.mark.site

RULES = {
    # Styles make rows of tables into blocks on a phone, which takes their roles away in browsers: they are named again.
    "no-redundant-role": "off",
    # Scripts and styles come from the site itself, at addresses that hold their hash.
    "require-sri": "off",
    # A number is printed as the export has it.
    "tel-non-breaking": "off",
    # A title names its record, and names may be long.
    "long-title": "off",
}
SEARCH_RULES = {
    # What script fills is empty as it is built; the browser tests look at it filled.
    "text-content": "off",
    "wcag/h30": "off",
    "input-missing-label": "off",
    # Filters act at once; without script they are not shown.
    "wcag/h32": "off",
}
PATTERN_RULES = {
    # One page shows each component many times, in light and in dark.
    "heading-level": "off",
    "no-dup-id": "off",
    "unique-landmark": "off",
    # One example has the longest mailbox name there can be.
    "valid-id": "off",
}


def _faults(node: Path, folder: Path, pages: Sequence[BuiltPage], site: BuiltSite, rules: dict[str, str]) -> list[str]:
    config = folder / "htmlvalidate.json"
    config.write_text(
        json.dumps({"root": True, "extends": ["html-validate:recommended", "html-validate:document"], "rules": rules})
    )
    files = [site.folder / (page.path[1:] + ("index.html" if page.path.endswith("/") else "")) for page in pages]
    # Into a file: what does not fit into a pipe is lost when the checker ends.
    report = folder / "report.json"
    checker = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    done = subprocess.run(
        [str(node), str(checker), "--config", str(config), "--formatter", f"json={report}", *map(str, files)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return [
        f"{Path(result['filePath']).relative_to(site.folder)}:{fault['line']}: {fault['ruleId']}: {fault['message']}"
        for result in json.loads(report.read_text(encoding="utf-8"))
        for fault in result["messages"]
    ]


@pytest.mark.parametrize(
    ("path", "rules"),
    [
        (re.compile(r"^(?!/../(search|check|patterns)/$)"), RULES),
        (re.compile(r"^/../(search|check)/$"), RULES | SEARCH_RULES),
        (re.compile(r"^/../patterns/$"), RULES | PATTERN_RULES),
    ],
    ids=["pages", "search", "patterns"],
)
def test_pages_are_good_html(
    golden_site: BuiltSite, node: Path, tmp_path: Path, path: re.Pattern[str], rules: dict[str, str]
) -> None:
    pages = [page for page in golden_site.pages.values() if path.match(page.path)]
    assert pages
    assert _faults(node, tmp_path, pages, golden_site, rules) == []
