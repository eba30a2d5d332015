"""What Hugo is given is what the export says."""

from pathlib import Path

import pytest
import yaml

from tests.benchmarks.hugo import building
from tests.benchmarks.hugo.comparing import compare, only_keur

REGISTER = Path(__file__).parents[3] / "registry_data"


def test_long_files_are_cut_between_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "RECORDS_A_FILE", 7)
    text = (REGISTER / "certificates" / "atg.yaml").read_text(encoding="utf-8")
    parts = list(building._parts(text))
    assert len(parts) > 1
    read = [record for part in parts for record in yaml.safe_load(part)["certificates"]]
    assert read == yaml.safe_load(text)["certificates"]


def test_what_is_no_list_of_records_stays_whole() -> None:
    text = (REGISTER / "register.yaml").read_text(encoding="utf-8")
    assert list(building._parts(text)) == [text]


def test_numbers_stay_as_they_are_written() -> None:
    text = "units:\n  - number: 0263\n    characteristics: [{id: b, value: 5.0, min: -1}, {id: c, value: 1/2}]\n"
    (unit,) = yaml.safe_load(building._quoted(text))["units"]
    assert unit["number"] == "0263"
    assert unit["characteristics"] == [{"id": "b", "value": "5.0", "min": "-1"}, {"id": "c", "value": "1/2"}]


def test_pages_of_content_link_to_addresses() -> None:
    text = "Title: A\nMenu: foot\nOrder: 1\n\n[b]({filename}which-mark.md#c)\n"
    assert building._page("a", "fr", text).endswith(b"\n[b](/fr/which-mark/#c)\n")


def test_sites_of_other_pages_are_not_compared(tmp_path: Path) -> None:
    for name in (
        "keur/nl/index.html",
        "keur/nl/changes/systems/ce/index.html",
        "keur/badge/ce-1/index.html",
        "hugo/nl/index.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<p>A &amp; B</p>\n")
    (kind,) = compare(tmp_path / "keur", tmp_path / "hugo")
    assert (kind.pages, kind.same) == (1, 1)
    assert only_keur(tmp_path / "keur", tmp_path / "hugo") == (2, 2 * len("<p>A &amp; B</p>\n"))
    (tmp_path / "hugo" / "nl" / "index.html").write_text("<p>A & B.</p>")
    (kind,) = compare(tmp_path / "keur", tmp_path / "hugo")
    assert (kind.pages, kind.same) == (1, 0)
    (tmp_path / "hugo" / "c").mkdir()
    (tmp_path / "hugo" / "c" / "index.html").write_text("")
    with pytest.raises(ValueError, match=r"c/index\.html"):
        compare(tmp_path / "keur", tmp_path / "hugo")
