"""The plugin and the settings that it needs; whole builds are tested in subprocesses, because signals are global."""

import gc
import runpy
from pathlib import Path

import pytest
from pelican import signals

from keur import pelican_plugin
from keur.pelican_plugin import read_settings
from keur.sources import overriding, sources_of

ROOT = Path(__file__).parents[2]
CONF = ROOT / "pelicanconf.py"


def test_paths_of_the_settings_do_not_depend_on_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pelican's own default of OUTPUT_PATH is relative to the current folder."""
    here = read_settings(CONF, {})
    monkeypatch.chdir(tmp_path)
    there = read_settings(CONF, {})
    for key in ("OUTPUT_PATH", "PATH", "THEME", "KEUR_DATA", "KEUR_NODE_MODULES"):
        assert there[key] == here[key]
        assert Path(here[key]).is_relative_to(ROOT)


def test_the_output_folder_is_never_cleared_by_pelican() -> None:
    assert read_settings(CONF, {})["DELETE_OUTPUT_DIRECTORY"] is False


def test_templates_escape_what_they_print() -> None:
    """Pelican's default does not."""
    assert read_settings(CONF, {})["JINJA_ENVIRONMENT"]["autoescape"] is True


def test_the_settings_import_nothing_of_the_project() -> None:
    """They are read before anything of the project can be trusted to be importable."""
    names = runpy.run_path(str(CONF))
    assert {name for name in names if not name.startswith("_") and not name.isupper()} == {"Path"}


def test_the_command_line_goes_before_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    override = overriding(data=Path("data"), output=Path("out"), site_url="https://register.example/base/")
    read = read_settings(CONF, override)
    settings = sources_of(read).site
    assert read["KEUR_DATA"] == str(tmp_path / "data")
    assert settings.output == tmp_path / "out"
    assert settings.site_url == "https://register.example/base"


def test_the_default_language_comes_first_once() -> None:
    read = read_settings(CONF, {})
    read["DEFAULT_LANG"], read["LANGUAGES"] = "fr", ("nl", "fr", "de")
    assert sources_of(read).site.languages == ("fr", "nl", "de")


def test_the_receiver_outlives_its_connection() -> None:
    """Pelican keeps receivers by weak references: one that is no function of the module would be gone by now."""
    pelican_plugin.register()
    try:
        gc.collect()
        assert pelican_plugin._get_generators in list(signals.get_generators.receivers_for(None))
    finally:
        signals.get_generators.disconnect(pelican_plugin._get_generators)
