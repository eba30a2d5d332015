"""The examples for GitHub Actions and GitLab: files their hosts take, run on the right occasions, with our commands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from keur.cli import main
from tests.deploy.programs import DEPLOY

ROOT = DEPLOY.parent
GITHUB, GITLAB = DEPLOY / "github-actions.yml", DEPLOY / "gitlab-ci.yml"


class _Loader(yaml.SafeLoader):
    """Reads YAML 1.2's truths alone: GitHub's key ``on`` is no truth."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  # a safe loader, with fewer types


@pytest.fixture(params=[(GITHUB, "vendor.github-workflows"), (GITLAB, "vendor.gitlab-ci")], ids=["github", "gitlab"])
def example(request: pytest.FixtureRequest) -> tuple[Path, str]:
    """An example and its host's schema."""
    path, schema = request.param
    return path, schema


def test_its_host_takes_it(example: tuple[Path, str]) -> None:
    path, schema = example
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_github_runs_on_a_change_of_the_register_and_every_night() -> None:
    on = _read(GITHUB)["on"]
    assert "registry_data/**" in on["push"]["paths"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", on["schedule"][0]["cron"])
    assert "workflow_dispatch" in on


def test_gitlab_runs_on_a_change_of_the_register_and_on_a_schedule() -> None:
    elsewhere, called, pushed = _read(GITLAB)["publish"]["rules"]
    assert elsewhere == {"if": "$CI_COMMIT_BRANCH != $CI_DEFAULT_BRANCH", "when": "never"}
    assert '"schedule"' in called["if"]
    assert "registry_data/**/*" in pushed["changes"]


def test_two_runs_do_not_publish_at_once() -> None:
    assert _read(GITHUB)["concurrency"] == {"group": "publish", "cancel-in-progress": "false"}
    assert _read(GITLAB)["publish"]["resource_group"] == "publish"


def test_a_run_of_github_may_only_read_and_ends() -> None:
    workflow = _read(GITHUB)
    assert workflow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_what_a_person_types_is_never_part_of_a_script() -> None:
    for step in _read(GITHUB)["jobs"]["publish"]["steps"]:
        assert "${{" not in step.get("run", ""), "an expression in a script is run, whatever is in it"


def _commands() -> Iterator[list[str]]:
    """Yield each command of both examples, its variables filled."""
    scripts = [step["run"] for step in _read(GITHUB)["jobs"]["publish"]["steps"] if "run" in step]
    scripts += _read(GITLAB)["publish"]["script"]
    for line in filter(None, "\n".join(scripts).splitlines()):
        filled = re.sub(r'\$\{\w+:\+(--[\w-]+) "\$\w+"\}', r"\1 3", line)
        yield shlex.split(filled.replace("$SITE_URL", "https://register.example"))


def test_both_run_the_same_commands() -> None:
    commands = list(_commands())
    half = len(commands) // 2
    assert commands[:half] == commands[half:]


def test_every_command_is_one_that_there_is() -> None:
    tasks = subprocess.run([sys.executable, "tasks.py", "help"], cwd=ROOT, capture_output=True, text=True, check=False)
    for program, *arguments in _commands():
        if program == "python3":
            assert arguments[0] == "tasks.py"
            assert re.search(rf"^\s*{arguments[1]}\b", tasks.stdout + tasks.stderr, re.MULTILINE), arguments[1]
        else:
            assert program in (".venv/bin/python", ".venv/bin/keur")


def test_every_option_of_keur_is_one_that_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    known = capsys.readouterr().out
    ours = [arguments for program, *arguments in _commands() if program == ".venv/bin/keur"]
    assert ours
    for command, *options in ours:
        assert re.search(rf"^    {command} ", known, re.MULTILINE), command
        with pytest.raises(SystemExit):
            main([command, "--help"])
        usage = capsys.readouterr().out
        for option in (option for option in options if option.startswith("--")):
            assert f"{option} " in usage, f"keur {command} has no {option}"
