"""An incremental build gives the bytes of a clean one, whatever was edited before it and whatever became of its memory.

``KEUR_EDITS=500`` makes the series of random edits that long.
"""

import copy
import datetime as dt
import gzip
import hashlib
import os
import random
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Set
from functools import cached_property
from pathlib import Path
from typing import Any

import brotli
import pytest
import yaml

from keur.building import Build
from keur.exports.qr_code import qr_svg
from keur.model import Register
from keur.problems import RegisterError
from keur.site.compress import SUFFIXES
from keur.site.first import First
from keur.site.memory import Memory, WarmMemory
from keur.site.output import OutputFolder
from keur.site.plan import Family, Plan
from keur.site.reading import Kept, read_register
from keur.site.render import Renderer
from keur.site.settings import SiteSettings
from keur.site.whole import WholeRegister
from keur.site.writing import site_languages, speech_digests
from keur.sources import Sources, overriding, plain_settings, sources_of
from keur.urls import Urls
from keur.views.language import Language
from keur.views.pages import ContentSource, SiteViews
from tests.sites import GOLDEN_REGISTER, LANGUAGES, ROOT, files_of

pytestmark = pytest.mark.site

_EDITS = int(os.environ.get("KEUR_EDITS", "24"))
_KILLS = int(os.environ.get("KEUR_KILLS", "10"))
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _content(lang: str, name: str, text: str) -> ContentSource:
    return ContentSource(name, lang, f"Page {name}", name, "", 1, "main", f"<p>{text}</p>")


_CLEAN_BUILDS: dict[bytes, dict[str, bytes]] = {}
_MOST_CLEAN_BUILDS = 4
"""How many are kept: most tests edit the same record of the same export."""


class Project:
    """An export, a theme, content and a site that the tests edit and build in this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = Path(shutil.copytree(GOLDEN_REGISTER, folder / "data"))
        self.theme = Path(shutil.copytree(ROOT / "theme", folder / "theme"))
        self.output = folder / "output"
        self.site_url = "https://register.example"
        self.settings: dict[str, Any] = {}
        self.content = {(lang, "about"): _content(lang, "about", "one") for lang in LANGUAGES}

    def sources(self, output: Path) -> Sources:
        """Return what the site is made from."""
        settings = plain_settings(
            ROOT / "pelicanconf.py", overriding(data=self.data, output=output, site_url=self.site_url)
        )
        assert settings
        return sources_of({**settings, "THEME": str(self.theme), "KEUR_WORKERS": 1, **self.settings})

    @cached_property
    def speech(self) -> tuple[SiteSettings, tuple[Language, ...]]:
        """The site's settings and its languages, read once: for tests that edit neither settings nor translations."""
        site = self.sources(self.output).site
        return site, site_languages(site)

    def build(self, output: Path | None = None) -> dict[str, bytes]:
        """Build into a folder, the site's own where none is named, and return its files."""
        build = Build(self.sources(output or self.output))
        build.read()
        build.write(list(self.content.values()))
        return files_of(output or self.output)

    def clean(self) -> dict[str, bytes]:
        """Return the files of a build that knows nothing, made once for the same input.

        That it gives the same bytes each time, wherever it stands, is ``test_builds``'s to show.
        """
        given = (files_of(self.data), files_of(self.theme), self.content, self.settings, self.site_url)
        key = hashlib.sha256(repr(given).encode()).digest()
        built = _CLEAN_BUILDS.pop(key, None)
        if built is None:
            folder = self.folder / "clean"
            for path in (folder, folder.with_name(".clean.keur-memory")):
                shutil.rmtree(path, ignore_errors=True)
            built = self.build(folder)
        _CLEAN_BUILDS[key] = built
        if len(_CLEAN_BUILDS) > _MOST_CLEAN_BUILDS:
            del _CLEAN_BUILDS[next(iter(_CLEAN_BUILDS))]
        return built

    def tree(self, name: str) -> Any:
        """Return a file of the export, read."""
        text = (self.data / name).read_text(encoding="utf-8").replace(": NO", ': "NO"')
        return yaml.load(text, yaml.CSafeLoader)

    def write(self, name: str, tree: Any) -> None:
        """Write a file of the export."""
        (self.data / name).write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose export is written the way these tests write it."""
    made = Project(tmp_path)
    register = made.data / "register.yaml"
    # Records come and go here.
    register.write_text(
        re.sub(r"(?ms)^counts:.*?(?=^\S|\Z)", "", register.read_text(encoding="utf-8")), encoding="utf-8"
    )
    return made


def _differences(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


# --- what a page shows is in its digest -------------------------------------------------------------------------------


def _leaves(tree: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(tree, list):
        for step, value in enumerate(tree):
            yield from _leaves(value, (*path, step))
    else:
        yield path, str(tree)


def _edited(tree: Any, path: tuple[str | int, ...]) -> Any:
    edited = copy.deepcopy(tree)
    place = edited
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = _other(str(place[path[-1]]))
    return edited


def _other(text: str) -> str:
    if _DATE.fullmatch(text):
        return (dt.date.fromisoformat(text) + dt.timedelta(days=1)).isoformat()
    if text.isdecimal():
        return str(int(text) + 1).zfill(len(text))
    return {"valid": "suspended", "suspended": "withdrawn", "number": "text", "BE": "FR"}.get(text, f"{text}x")


class Shown:
    """A family's digest, and all that its templates are given."""

    def __init__(self, family: Family) -> None:
        self.digest = family.shows()
        self._family = family

    @cached_property
    def given(self) -> list[str]:
        """What its templates are given, made when it is asked for."""
        return [repr(planned.make()) for planned in self._family.plan()]


def _shown(register: Register, project: Project) -> tuple[dict[str, bytes], dict[str, Shown]]:
    """Return the digests of speech, and what each family shows."""
    site, languages = project.speech
    content = tuple(project.content.values())
    plan = Plan(register, languages, Urls(site.site_url), content, ())
    views = {tag: SiteViews(frame, content) for tag, frame in plan.frames.items()}
    families = {family.name: Shown(family) for family in (*plan, *WholeRegister(plan))}
    return speech_digests(register, site, views), families


def _check(
    before: tuple[dict[str, bytes], dict[str, Shown]], after: tuple[dict[str, bytes], dict[str, Shown]], edit: str
) -> int:
    """Ensure that each family whose digest is the same shows the same; return how many do."""
    if before[0] != after[0]:
        return 0
    same = {name for name in before[1].keys() & after[1].keys() if before[1][name].digest == after[1][name].digest}
    stale = [name for name in same if before[1][name].given != after[1][name].given]
    assert stale == [], f"{edit} changes these unseen"
    return len(same)


def test_no_field_of_a_record_changes_a_page_unseen(project: Project) -> None:
    """Each field of the export is edited by itself, once for a kind of record and twice where there are more."""
    before = _shown(read_register(project.data, LANGUAGES)[0], project)
    tried = unseen = 0
    seen: dict[tuple[str, ...], int] = {}
    for path in sorted(project.data.rglob("*.yaml")):
        name = path.relative_to(project.data).as_posix()
        kept, tree = path.read_text(encoding="utf-8"), project.tree(name)
        for place, _ in _leaves(tree):
            field = tuple(step for step in place if isinstance(step, str))
            seen[field] = seen.get(field, 0) + 1
            if seen[field] > 2:
                continue
            project.write(name, _edited(tree, place))
            try:
                register, _ = read_register(project.data, LANGUAGES)
            except RegisterError:
                continue
            finally:
                path.write_text(kept, encoding="utf-8")
            tried += 1
            unseen += _check(before, _shown(register, project), f"{name} {place}")
    assert tried > 80
    assert unseen > tried * 10


def test_no_day_changes_a_page_unseen(project: Project) -> None:
    """Statuses, editions in force and coverage turn on days; exports are dated on each day on which one may."""
    text = (project.data / "register.yaml").read_text(encoding="utf-8")
    found = {
        dt.date.fromisoformat(day)
        for path in project.data.rglob("*.yaml")
        for day in _DATE.findall(path.read_text(encoding="utf-8"))
    }
    days = sorted({day + dt.timedelta(days=step) for day in found for step in (0, 1)})
    before = None
    for day in days:
        (project.data / "register.yaml").write_text(
            re.sub(r"exported_at: .*", f"exported_at: {day}T06:00:00+00:00", text), encoding="utf-8"
        )
        after = _shown(read_register(project.data, LANGUAGES)[0], project)
        if before:
            _check(before, after, f"the day {day}")
        before = after


def test_what_is_kept_of_reading_gives_the_same_problems(project: Project) -> None:
    """Warnings hang on other files too: each record is edited, and read with and without what was kept."""
    kept = Kept()
    for path in sorted(project.data.rglob("*.yaml")):
        name = path.relative_to(project.data).as_posix()
        text, tree = path.read_text(encoding="utf-8"), project.tree(name)
        for place, _ in list(_leaves(tree))[::3]:
            project.write(name, _edited(tree, place))
            try:
                plain = read_register(project.data, LANGUAGES)[1]
            except RegisterError as error:
                with pytest.raises(RegisterError, match=re.escape(str(error))):
                    read_register(project.data, LANGUAGES, kept=kept)
            else:
                assert read_register(project.data, LANGUAGES, kept=kept)[1] == plain
            path.write_text(text, encoding="utf-8")


# --- byte for byte ----------------------------------------------------------------------------------------------------


def _edit_field(project: Project, chance: random.Random) -> str:
    name = chance.choice(sorted(path.relative_to(project.data).as_posix() for path in project.data.rglob("*.yaml")))
    tree = project.tree(name)
    place, text = chance.choice(list(_leaves(tree)))
    project.write(name, _edited(tree, place))
    return f"{name} {place}: {text}"


def _copy_record(project: Project, chance: random.Random) -> str:
    name = chance.choice(sorted(path.relative_to(project.data).as_posix() for path in project.data.rglob("*.yaml")))
    tree = project.tree(name)
    kind = next(iter(tree))
    if not isinstance(tree[kind], list):
        return _edit_field(project, chance)
    record = dict(chance.choice(tree[kind]))
    key = next(key for key in ("id", "number", "code") if key in record)
    record[key] = f"{record[key]}{chance.randrange(10)}"
    tree[kind].insert(chance.randrange(len(tree[kind]) + 1), record)
    project.write(name, tree)
    return f"{name}: copied {record[key]}"


def _remove_record(project: Project, chance: random.Random) -> str:
    name = chance.choice(sorted(path.relative_to(project.data).as_posix() for path in project.data.rglob("*.yaml")))
    tree = project.tree(name)
    kind = next(iter(tree))
    if not isinstance(tree[kind], list) or not tree[kind]:
        return _edit_field(project, chance)
    removed = tree[kind].pop(chance.randrange(len(tree[kind])))
    project.write(name, tree)
    return f"{name}: removed {removed}"


def _rename_file(project: Project, chance: random.Random) -> str:
    path = chance.choice(sorted((project.data / "datasheets").rglob("*.yaml")))
    target = path.with_name(f"{chance.randrange(1000)}.yaml")
    path.rename(target)
    return f"{path.name} is {target.name}"


def _edit_template(project: Project, chance: random.Random) -> str:
    path = chance.choice(sorted((project.theme / "templates").rglob("*.html")))
    text = path.read_text(encoding="utf-8")
    places = [match.end() for match in re.finditer(r">(?=\n)", text)]
    if not places:
        return "nothing"
    place = chance.choice(places)
    path.write_text(f"{text[:place]}<!-- {chance.randrange(100)} -->{text[place:]}", encoding="utf-8")
    return f"template {path.name}"


def _edit_translation(project: Project, chance: random.Random) -> str:
    path = chance.choice(sorted((project.theme / "translations").rglob("*.po")))
    text = path.read_text(encoding="utf-8")
    places = [match.end(1) for match in re.finditer(r'^msgstr "([^"\\]+)"$', text, re.MULTILINE)][1:]
    place = chance.choice(places)
    path.write_text(f"{text[:place]}!{text[place:]}", encoding="utf-8")
    return f"translation {path.parts[-3]}"


def _edit_style(project: Project, chance: random.Random) -> str:
    path = chance.choice(sorted((project.theme / "static").rglob("*.css")))
    path.write_text(path.read_text(encoding="utf-8") + f"\n/* {chance.randrange(1000)} */\n", encoding="utf-8")
    return f"style {path.name}"


def _edit_content(project: Project, chance: random.Random) -> str:
    lang, name = chance.choice(LANGUAGES), chance.choice(["about", "extra"])
    if name == "extra" and project.content.pop((lang, name), None):
        return f"content {lang} {name} removed"
    project.content[lang, name] = _content(lang, name, str(chance.randrange(1000)))
    return f"content {lang} {name}"


def _move_the_day(project: Project, chance: random.Random) -> str:
    path = project.data / "register.yaml"
    day = dt.date(2024, 1, 1) + dt.timedelta(days=chance.randrange(1500))
    text = re.sub(r"exported_at: .*", f"exported_at: {day}T06:00:00+00:00", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    return f"exported on {day}"


def _move_the_site(project: Project, chance: random.Random) -> str:
    project.site_url = chance.choice(["", "https://register.example", "https://other.example/base"])
    return f"the site is at {project.site_url}"


_KINDS: list[tuple[Callable[[Project, random.Random], str], int]] = [
    (_edit_field, 8),
    (_copy_record, 3),
    (_remove_record, 3),
    (_rename_file, 1),
    (_edit_template, 2),
    (_edit_translation, 1),
    (_edit_style, 1),
    (_edit_content, 2),
    (_move_the_day, 3),
    (_move_the_site, 1),
]


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_edits_the_bytes_are_those_of_a_clean_build(project: Project, seed: int) -> None:
    chance = random.Random(seed)
    project.build()
    edits, weights = zip(*_KINDS, strict=True)
    built = 0
    while built < _EDITS // 2:
        # An edit may be at fault by itself; such an export is taken back, as its owner would.
        kept = {path: path.read_bytes() for path in project.data.rglob("*.yaml")}
        done = [edit(project, chance) for edit in chance.choices(edits, weights, k=chance.randrange(1, 4))]
        before = files_of(project.output)
        try:
            found = project.build()
        except RegisterError:
            assert _differences(before, files_of(project.output)) == []
            _take_back(project.data, kept)
            continue
        built += 1
        assert _differences(found, project.clean()) == [], done


def _take_back(data: Path, kept: Mapping[Path, bytes]) -> None:
    """Bring an export back to the files that it had."""
    for path in list(data.rglob("*.yaml")):
        path.unlink()
    for path, content in kept.items():
        path.write_bytes(content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(bytes(content))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _replace_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [_cut, _flip, _empty, Path.unlink, _replace_by_a_folder])
def test_a_damaged_memory_does_not_matter(project: Project, spoil: Callable[[Path], None]) -> None:
    """Each part is damaged by itself."""
    project.build()
    edited = _edited(project.tree("holders.yaml"), ("holders", 0, "name"))
    first = project.tree("holders.yaml")
    wanted = {}
    for tree in (edited, first):
        project.write("holders.yaml", tree)
        wanted[str(tree)] = project.clean()
    for step, part in enumerate(["site", "readings", "problems", "content", "inputs"]):
        path = Memory.beside(project.output, b"").folder / part
        assert path.is_file()
        spoil(path)
        tree = (edited, first)[step % 2]
        project.write("holders.yaml", tree)
        assert _differences(project.build(), wanted[str(tree)]) == []
        if path.is_dir():
            path.rmdir()


def test_the_memory_of_another_generator_or_site_does_not_count(project: Project) -> None:
    project.build()
    memory = Memory.beside(project.output, b"")
    assert all(memory.recall(path.name) is None for path in memory.folder.iterdir())
    other = Project(project.folder / "other")
    other.write("holders.yaml", _edited(other.tree("holders.yaml"), ("holders", 0, "name")))
    other.build()
    shutil.rmtree(memory.folder)
    shutil.copytree(Memory.beside(other.output, b"").folder, memory.folder)
    assert _differences(project.build(), project.clean()) == []


def test_a_commit_cut_short_leaves_no_page_that_the_memory_does_not_know(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edit is taken back after the build died: the memory of the build before must not vouch for its pages."""
    project.build()
    kept = project.tree("holders.yaml")
    project.write("holders.yaml", _edited(kept, ("holders", 0, "name")))
    moved = 0
    replace = Path.replace

    def fail_in_the_middle(path: Path, target: Path) -> Path:
        nonlocal moved
        moved += "staging" in str(path)
        if moved == 5:
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail_in_the_middle)
    with pytest.raises(KeyboardInterrupt):
        project.build()
    monkeypatch.undo()
    project.write("holders.yaml", kept)
    assert _differences(project.build(), project.clean()) == []


def test_a_template_touches_the_pages_that_it_makes_and_no_others(project: Project) -> None:
    project.build()
    path = project.theme / "templates" / "components" / "editions" / "template.html"
    path.write_text(path.read_text(encoding="utf-8").replace("</table>", "</table><hr>"), encoding="utf-8")
    before = {name: hashlib.sha256(content).digest() for name, content in files_of(project.output).items()}
    rendered = _rendered(project)
    after = {name: hashlib.sha256(content).digest() for name, content in files_of(project.output).items()}
    changed = {name for name in after if before.get(name) != after[name]} - {"SHA256SUMS"}
    assert changed
    assert {name for name in changed if not re.match(r"../(documents/|patterns/)", name)} == set()
    assert {name.split("/")[0] for name in rendered} == {"documents", "patterns"}


def test_a_translation_touches_the_pages_of_its_language_and_those_of_all(project: Project) -> None:
    project.build()
    before = files_of(project.output)
    path = project.theme / "translations" / "nl" / "LC_MESSAGES" / "messages.po"
    text = path.read_text(encoding="utf-8")
    # A word that no script prints: another would give all scripts a new address.
    assert 'msgstr "Datum van de fiche"' in text
    path.write_text(text.replace('msgstr "Datum van de fiche"', 'msgstr "Fichedatum"'), encoding="utf-8")
    changed = {name for name in _differences(before, project.build()) if name.endswith(".html")}
    assert {name.split("/")[0] for name in changed if not name.startswith(("nl/", "c/", "d/"))} == set()
    assert changed


def test_an_unchanged_register_renders_nothing(project: Project) -> None:
    project.build()
    assert _rendered(project) == []


def _rendered(project: Project) -> list[str]:
    """Build, and return the names of the families that were rendered."""
    rendered: list[str] = []
    from keur.site.families import Families  # noqa: PLC0415  # looked into here alone

    stage = Families._stage

    def noted(families: Families, job: Any) -> Any:
        rendered.append(job.family.name)
        return stage(families, job)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Families, "_stage", noted)
        project.build()
    return rendered


def test_files_changed_or_lost_by_hand_are_made_again_once(project: Project) -> None:
    built = project.build()
    (project.output / "nl" / "index.html").write_text("by hand", encoding="utf-8")
    shutil.rmtree(project.output / "en" / "holders")
    assert _differences(project.build(), built) == []
    assert _rendered(project) == []


def test_a_code_of_an_address_is_made_once_and_when_it_was_lost(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that changed keeps its QR code, which says no more than where it stands; another site needs its own."""
    project.settings["KEUR_PRECOMPRESS"] = True
    made: list[str] = []
    monkeypatch.setattr("keur.site.plan.qr_svg", lambda address: made.append(address) or qr_svg(address))

    def rebuilt() -> int:
        """Build, and return how many codes were made for it; a clean build gives the same bytes."""
        made.clear()
        files, count = project.build(), len(made)
        assert _differences(files, project.clean()) == []
        return count

    codes = rebuilt()
    assert codes > 10
    for path in (project.data / "datasheets").rglob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("trade_name: ", "trade_name: X"), encoding="utf-8")
    assert rebuilt() == 0
    next(project.output.rglob("qr.svg")).unlink()
    assert rebuilt() == 1
    project.site_url = "https://other.example"
    assert rebuilt() == codes


def test_compressed_files_follow_their_plain_ones(project: Project) -> None:
    """Each is what its plain file compresses to, made again only with it, and gone with the setting."""
    project.settings["KEUR_PRECOMPRESS"] = True
    built = project.build()
    _ensure_compressed(built)
    project.write("holders.yaml", _edited(project.tree("holders.yaml"), ("holders", 0, "name")))
    again = project.build()
    _ensure_compressed(again)
    assert _differences(again, project.clean()) == []
    project.settings.clear()
    assert not [name for name in project.build() if name.endswith((".gz", ".br"))]


def _ensure_compressed(files: Mapping[str, bytes]) -> None:
    assert {f"nl/index.html{suffix}" for suffix in SUFFIXES} < files.keys()
    for name, content in files.items():
        if name.endswith(".gz"):
            assert gzip.decompress(content) == files[name.removesuffix(".gz")]
        elif name.endswith(".br"):
            assert brotli.decompress(content) == files[name.removesuffix(".br")]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the builds that are killed are forked")
def test_builds_killed_at_random_moments_are_finished_by_the_next(project: Project) -> None:
    """``KEUR_KILLS=200`` runs it longer. The next build may be of the same export, or of the one before."""
    chance = random.Random(20261122)
    trees = [project.tree("holders.yaml"), _edited(project.tree("holders.yaml"), ("holders", 0, "name"))]
    wanted = []
    for tree in trees:
        project.write("holders.yaml", tree)
        wanted.append(project.clean())
    began = time.monotonic()
    project.build()
    lasts = time.monotonic() - began
    killed = 0
    for run in range(_KILLS):
        project.write("holders.yaml", trees[run % 2])
        child = os.fork()
        if not child:
            try:
                project.build()
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, lasts))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        found = files_of(project.output)
        mixed = [name for name, content in found.items() if content not in (wanted[0].get(name), wanted[1].get(name))]
        assert [name for name in mixed if name != "SHA256SUMS"] == [], "half a file"
        now = run % 2 if chance.random() < 0.7 else 1 - run % 2
        project.write("holders.yaml", trees[now])
        assert _differences(project.build(), wanted[now]) == []
    assert killed


# --- a process that builds again and again ----------------------------------------------------------------------------


def test_a_builder_that_stands_by_makes_what_a_clean_build_makes(project: Project) -> None:
    """Edits, a build that fails, a build of another process in between: what is held never shows."""
    cold = project.sources(project.output).memory()
    memory = WarmMemory(cold.folder, cold.generator)

    def warm_build() -> dict[str, bytes]:
        build = Build(project.sources(project.output), memory)
        build.read()
        build.write(list(project.content.values()))
        return files_of(project.output)

    sheets = project.tree("datasheets/geotextile/first.yaml")
    for number in range(2):
        sheets["datasheets"][0]["trade_name"] = f"Edited {number}"
        project.write("datasheets/geotextile/first.yaml", sheets)
        warm_build()
    memory.settle()
    assert files_of(project.output) == project.clean()
    before = files_of(project.output)
    good, sheets["datasheets"][0]["product"] = sheets["datasheets"][0]["product"], "nothing"
    project.write("datasheets/geotextile/first.yaml", sheets)
    with pytest.raises(RegisterError):
        warm_build()
    assert files_of(project.output) == before
    sheets["datasheets"][0]["product"] = good
    sheets["datasheets"].pop()
    project.write("datasheets/geotextile/first.yaml", sheets)
    # What was kept and not yet written, another process cannot know.
    assert project.build() == project.clean()
    sheets["datasheets"][0]["trade_name"] = "Edited after another"
    project.write("datasheets/geotextile/first.yaml", sheets)
    catalogue = project.theme / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(re.sub(r'(?m)^msgstr "([A-Z][a-z]+)"$', r'msgstr "\1 x"', text), encoding="utf-8")
    assert warm_build() == project.clean()
    memory.settle()
    kept = memory.recall("site")
    assert project.sources(project.output).memory().recall("site") == kept


# --- what is shown before all is made ---------------------------------------------------------------------------------


def _built_first(project: Project, looked_at: Set[str], memory: Memory | None = None) -> dict[str, bytes]:
    """Build, and return what was shown before all was made; nothing in the folder has changed then."""
    before = files_of(project.output)
    shown: dict[str, bytes] = {}

    def show(files: Mapping[str, bytes]) -> None:
        shown.update(files)
        assert _differences(before, files_of(project.output)) == []

    build = Build(project.sources(project.output), memory)
    build.read()
    build.write(list(project.content.values()), first=First(frozenset(looked_at), show))
    return shown


_SHOWN_LAST = re.compile(r"../(search|check)/")
"""Pages that hang on the search data, which are made last."""


@pytest.mark.parametrize("seed", [3, 4])
def test_what_is_shown_first_is_what_a_clean_build_has(project: Project, seed: int) -> None:
    """Pages are looked at while anything is edited, in a process that builds again and again."""
    chance = random.Random(seed)
    project.build()
    found = project.sources(project.output).memory()
    memory = WarmMemory(found.folder, found.generator)
    edits, weights = zip(*_KINDS, strict=True)
    seen = 0
    for _ in range(_EDITS // 2):
        kept = {path: path.read_bytes() for path in project.data.rglob("*.yaml")}
        done = [edit(project, chance) for edit in chance.choices(edits, weights, k=chance.randrange(1, 3))]
        before = files_of(project.output)
        looked_at = set(chance.sample(sorted(name for name in before if name.endswith(".html")), 40))
        try:
            shown = _built_first(project, looked_at, memory)
        except RegisterError:
            assert _differences(before, files_of(project.output)) == []
            _take_back(project.data, kept)
            continue
        memory.settle()
        after = files_of(project.output)
        assert _differences(after, project.clean()) == [], done
        assert {name for name in shown if shown[name] != after.get(name)} == set(), done
        changed = {name for name in looked_at & after.keys() if after[name] != before[name]}
        assert {name for name in changed - shown.keys() if not _SHOWN_LAST.match(name)} == set(), done
        # A page that is shown finds what it loads, in its place or shown with it.
        pages = changed & shown.keys()
        needed = {name.decode() for page in pages for name in re.findall(rb'"/(assets/[^" ]+)', after[page])}
        assert needed - before.keys() - shown.keys() == set(), done
        seen += len(changed)
    assert seen > _EDITS


def test_nothing_is_shown_first_where_no_page_that_is_looked_at_changes(project: Project) -> None:
    project.build()
    project.write("holders.yaml", _edited(project.tree("holders.yaml"), ("holders", 0, "name")))
    assert _built_first(project, {"nl/patterns/index.html", "nowhere/index.html", "404.html"}) == {}


def test_a_page_that_is_shown_first_is_made_once_and_waits_for_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And so it cannot differ from what is put in place."""
    before = project.build()
    project.write("holders.yaml", _edited(project.tree("holders.yaml"), ("holders", 0, "name")))
    changed = _differences(before, project.clean())
    page = next(name for name in changed if re.fullmatch(r"c/[^/]+/index\.html", name))
    rendered: list[str] = []
    render = Renderer.render

    def noted(renderer: Renderer, template: str, page: Any, site: Any) -> bytes:
        rendered.append(page.path)
        return render(renderer, template, page, site)

    monkeypatch.setattr(Renderer, "render", noted)
    spoilt = OutputFolder.spoilt

    def noted_spoilt(folder: OutputFolder) -> frozenset[str]:
        rendered.append("spoilt")
        return spoilt(folder)

    monkeypatch.setattr(OutputFolder, "spoilt", noted_spoilt)
    assert page in _built_first(project, {page})
    assert rendered.index("spoilt") >= len(LANGUAGES)
    assert len(rendered) == len(set(rendered))
    assert rendered[0] == f"/{page.removesuffix('index.html')}"
