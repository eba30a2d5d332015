"""A build that fails at any step, or for want of disk, leaves the site as it was or is finished by the next one."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keur import building
from keur.site import families, output, searching, writing
from keur.site.memory import Memory
from keur.site.output import OutputError, OutputFolder
from tests.site.test_incremental import Project, _differences, _edited, project  # noqa: F401  # the fixture
from tests.sites import files_of

pytestmark = pytest.mark.site

_STEPS: list[tuple[Any, str]] = [
    (building, "read_register"),
    (writing, "site_languages"),
    (writing, "read_assets"),
    (writing, "read_components"),
    (searching, "search_files"),
    (writing, "Plan"),
    (writing, "speech_digests"),
    (writing, "template_digests"),
    (writing, "release_css"),
    (writing, "make_renderers"),
    (families.Families, "write"),
    (families.Families, "_stage"),
    (families.Families, "finish"),
    (OutputFolder, "spoilt"),
    (OutputFolder, "leave_all_but"),
    (OutputFolder, "commit"),
]
"""The steps of a build before anything of the site changes."""


class StepError(Exception):
    """What goes wrong in a step."""


def _edit(project: Project) -> None:  # noqa: F811  # the fixture's name
    project.write("holders.yaml", _edited(project.tree("holders.yaml"), ("holders", 0, "name")))


def test_an_exception_at_any_step_leaves_the_site_as_it_was(project: Project) -> None:  # noqa: F811
    before = project.build()
    _edit(project)
    for place, name in _STEPS:
        with pytest.MonkeyPatch.context() as patch:

            def fail(*arguments: object, **named: object) -> None:
                raise StepError

            patch.setattr(place, name, fail)
            with pytest.raises(StepError):
                project.build()
        assert _differences(files_of(project.output), before) == [], name
        assert not (project.folder / ".output.keur-staging").exists(), name
    assert _differences(project.build(), project.clean()) == []


def _full_after(writes: int, write: Callable[..., Any]) -> Callable[..., Any]:
    """Return what stands for a way of writing on a disk that is full after so many writes."""
    done = 0

    def full(file: Path | int, *arguments: Any) -> Any:
        nonlocal done
        done += 1
        if done > writes:
            raise OSError(errno.ENOSPC, "No space left on device", str(file))
        return write(file, *arguments)

    return full


@pytest.mark.parametrize("writes", [0, 3, 20, 60])
def test_a_full_disk_while_staging_leaves_the_site_as_it_was(project: Project, writes: int) -> None:  # noqa: F811
    before = project.build()
    _edit(project)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output.os, "write", _full_after(writes, os.write))
        with pytest.raises(OutputError, match="No space left on device"):
            project.build()
    assert _differences(files_of(project.output), before) == []
    assert _differences(project.build(), project.clean()) == []


@pytest.mark.parametrize("renames", [0, 1, 2, 7, 40])
def test_a_commit_that_fails_is_finished_by_the_next_build(project: Project, renames: int) -> None:  # noqa: F811
    """Moving needs no space for data, but a folder may have to grow."""
    project.build()
    kept = project.tree("holders.yaml")
    _edit(project)
    with pytest.MonkeyPatch.context() as patch:
        # What is kept for the next build is moved as well.
        patch.setattr(Memory, "keep", lambda *_: None)
        patch.setattr(output.Path, "replace", _full_after(renames, Path.replace))
        with pytest.raises(OutputError, match="No space left on device"):
            project.build()
    project.write("holders.yaml", kept)
    assert _differences(project.build(), project.clean()) == []


def test_memory_that_cannot_be_written_is_done_without(project: Project) -> None:  # noqa: F811
    project.build()
    _edit(project)
    memory = Memory.beside(project.output, b"").folder
    shutil.rmtree(memory)
    memory.write_text("a file in the way", encoding="utf-8")
    built = project.build()
    memory.unlink()
    assert _differences(built, project.clean()) == []
