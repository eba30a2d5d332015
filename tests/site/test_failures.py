"""What goes wrong is said in one clear line, ends with a code that is not 0, and leaves the published site alone.

The traps of Pelican 4.12 that the design names are here as well: each passes silently in a plain Pelican site.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import builders
from tests.sites import ROOT, build, files_of, run_keur, settings_file

pytestmark = pytest.mark.site


class Project:
    """A small project to break: an export, a theme, content, and a site that was built before."""

    def __init__(self, folder: Path, built: Path) -> None:
        self.folder = folder
        self.data = builders.write_export(folder / "data")
        self.theme = Path(shutil.copytree(ROOT / "theme", folder / "theme"))
        self.content = Path(shutil.copytree(ROOT / "content", folder / "content"))
        self.output = Path(shutil.copytree(built, folder / "output"))
        self.settings: list[str] = []

    def build(self) -> "subprocess.CompletedProcess[str]":
        """Build the project with its own settings."""
        conf = settings_file(
            self.folder,
            f"KEUR_DATA = {str(self.data)!r}",
            f"THEME = {str(self.theme)!r}",
            f"PATH = {str(self.content)!r}",
            f"OUTPUT_PATH = {str(self.output)!r}",
            *self.settings,
        )
        return run_keur("--conf", conf, "build")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the tiny register of the builders."""
    folder = tmp_path_factory.mktemp("built")
    build(builders.write_export(folder / "data"), folder / "output")
    return folder / "output"


@pytest.fixture
def project(tmp_path: Path, built: Path) -> Project:
    """A project with a site that was built before."""
    return Project(tmp_path, built)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _break_data(project: Project) -> None:
    builders.write_export(project.data, certificates=[builders.certificate(valid_until="31/02/2027")])


def _break_template_syntax(project: Project) -> None:
    _write(project.theme / "templates" / "certificate.html", "{% if %}")


def _use_an_unknown_field(project: Project) -> None:
    _write(project.theme / "templates" / "card.html", "{{ page.no_such_field }}")


def _remove_a_template(project: Project) -> None:
    (project.theme / "templates" / "holder.html").unlink()


def _remove_the_skeleton(project: Project) -> None:
    """Pelican's own theme has a base.html, to which it would fall back without a word."""
    (project.theme / "templates" / "base.html").unlink()


def _name_an_unknown_asset(project: Project) -> None:
    _replace(project.theme / "templates" / "base.html", "css/site.css", "css/sight.css")


def _break_the_examples(project: Project) -> None:
    _write(project.theme / "templates" / "components" / "status" / "examples.json", "[")


def _remove_the_stylesheets(project: Project) -> None:
    shutil.rmtree(project.theme / "static" / "css")


def _add_a_language_without_catalogue(project: Project) -> None:
    project.settings.append("LANGUAGES = ('nl', 'fr', 'de', 'en', 'it')")


def _break_a_catalogue(project: Project) -> None:
    _write(project.theme / "translations" / "fr" / "LC_MESSAGES" / "messages.po", 'msgid "Home"\n<<<<<<<\n')


def _translate_with_a_wrong_placeholder(project: Project) -> None:
    path = project.theme / "translations" / "nl" / "LC_MESSAGES" / "messages.po"
    text = path.read_text(encoding="utf-8")
    message, _, rest = text.partition('msgid "Valid until {date}"\n')
    _write(path, f'{message}msgid "Valid until {{date}}"\nmsgstr "Geldig tot {{datum}}"\n{rest.partition(chr(10))[2]}')


def _lose_what_npm_brings(project: Project) -> None:
    project.settings.append("KEUR_NODE_MODULES = '/no/such/folder'")


def _break_a_script(project: Project) -> None:
    _write(project.theme / "static" / "js" / "main.js", "import { nothing } from './nowhere.js';\nnothing();\n")


def _write_content_without_metadata(project: Project) -> None:
    _write(project.content / "nl" / "bare.md", "Title: Kaal\n\nTekst.\n")


def _write_content_in_the_wrong_folder(project: Project) -> None:
    _write(project.content / "nl" / "lost.md", "Title: Perdu\nLang: fr\nOrder: 1\nMenu: none\n\nTexte.\n")


def _write_content_for_a_page_that_is_there(project: Project) -> None:
    _write(project.content / "nl" / "search.md", "Title: Zoeken\nLang: nl\nOrder: 1\nMenu: none\n\nTekst.\n")


def _write_content_that_is_no_text(project: Project) -> None:
    (project.content / "nl" / "bytes.md").write_bytes(b"Title: \xff\xfe\nLang: nl\n")


def _load_a_plugin_that_is_not_there(project: Project) -> None:
    """Pelican logs this and goes on, without the register."""
    project.settings.append("PLUGINS = ['keur.pelican_plugin', 'no_such_plugin']")


def _load_only_a_plugin_that_fails(project: Project) -> None:
    project.settings.append("PLUGINS = ['no_such_plugin']")


def _lose_the_data(project: Project) -> None:
    shutil.rmtree(project.data)


FAILURES: dict[Callable[[Project], None], str] = {
    _break_data: "31/02/2027",
    _break_template_syntax: "certificate.html",
    _use_an_unknown_field: "no_such_field",
    _remove_a_template: "holder.html",
    _remove_the_skeleton: "base.html",
    _name_an_unknown_asset: "css/sight.css",
    _break_the_examples: "examples of the component status",
    _remove_the_stylesheets: "no stylesheet",
    _add_a_language_without_catalogue: "no catalogue for the language it",
    _break_a_catalogue: "cannot be read",
    _translate_with_a_wrong_placeholder: "date",
    _lose_what_npm_brings: "run `make setup`",
    _break_a_script: "nowhere.js",
    _write_content_without_metadata: "content/nl/bare.md: must begin with Lang:, Order:, Menu:",
    _write_content_in_the_wrong_folder: "content/nl/lost.md: Lang: must be nl",
    _write_content_for_a_page_that_is_there: "two pages would be written to nl/search/index.html",
    _write_content_that_is_no_text: "bytes.md",
    _load_a_plugin_that_is_not_there: "no_such_plugin",
    _load_only_a_plugin_that_fails: "no_such_plugin",
    _lose_the_data: "data",
}


@pytest.mark.parametrize("break_it", FAILURES, ids=lambda break_it: break_it.__name__.strip("_"))
def test_a_failed_build_says_why_and_changes_nothing(project: Project, break_it: Callable[[Project], None]) -> None:
    break_it(project)
    before = files_of(project.output)
    done = project.build()
    assert done.returncode == 1, done.stdout + done.stderr
    assert FAILURES[break_it] in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3, done.stderr
    assert files_of(project.output) == before
    assert not any(path.name.endswith("staging") for path in project.folder.iterdir())


def test_the_project_that_is_broken_here_builds(project: Project) -> None:
    done = project.build()
    assert (done.returncode, done.stderr) == (0, "")
    assert " 0 written, 0 removed" in done.stdout


@pytest.mark.parametrize("sums", [None, "da39a3ee5e6b4b0d3255bfef95601890afd80709  photo.jpg\n"])
def test_a_folder_that_is_not_keurs_is_not_touched(project: Project, sums: str | None) -> None:
    """Nor is one that has sums of its own: Pelican's way to clear an output folder has wiped a data folder."""
    shutil.rmtree(project.output)
    _write(project.output / "photo.jpg", "precious")
    if sums:
        _write(project.output / "SHA256SUMS", sums)
    before = files_of(project.output)
    done = project.build()
    assert done.returncode == 1
    assert "holds files that Keur did not write" in done.stderr
    assert "Traceback" not in done.stderr
    assert files_of(project.output) == before


def test_the_data_folder_as_output_is_refused(project: Project) -> None:
    before = files_of(project.data)
    done = run_keur("build", "--data", project.data, "--output", project.data)
    assert done.returncode == 1
    assert files_of(project.data) == before


@pytest.mark.parametrize("output", ["/", "/dev/null", "/dev/null/site", "/proc/site"])
def test_an_output_that_cannot_be_is_one_clear_line(project: Project, output: str) -> None:
    done = run_keur("build", "--data", project.data, "--output", output)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_pelican_by_itself_fails_as_well(project: Project) -> None:
    _break_data(project)
    before = files_of(project.output)
    conf = settings_file(project.folder, f"KEUR_DATA = {str(project.data)!r}", f"OUTPUT_PATH = {str(project.output)!r}")
    done = subprocess.run(
        [Path(sys.executable).with_name("pelican"), "--fatal=errors", "--settings", conf],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "31/02/2027" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert files_of(project.output) == before
