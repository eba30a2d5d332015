"""What every test may use: the tools are found as tasks.py finds them, also when pytest is run directly."""

import difflib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

import tasks

os.environ.update(tasks.environment())

# The same examples in every run, and no time limit on an example: machines are slow and shared.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the Chromium that browser tests drive."""
    found = tasks.find_chromium()
    if found is None:
        pytest.fail("no Chromium: run python3 tasks.py setup, or name one in KEUR_CHROMIUM")
    return found


@pytest.fixture(scope="session")
def node() -> Path:
    """Return the Node.js that runs the checkers in node_modules/."""
    return tasks.find_node()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the option that accepts a reviewed change of golden files."""
    parser.addoption("--accept-golden", action="store_true", help="rewrite golden files with what the tests found")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a check that a text equals a committed file; a failure shows the diff and the command that accepts it."""
    accept: bool = request.config.getoption("--accept-golden")

    def compare(path: Path, found: str) -> None:
        expected = path.read_text(encoding="utf-8") if path.exists() else ""
        if found == expected:
            return
        if accept:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found, encoding="utf-8", newline="\n")
            return
        lines = difflib.unified_diff(expected.splitlines(), found.splitlines(), path.name, "found", lineterm="")
        command = f"python -m pytest {request.node.nodeid.partition('::')[0]} --accept-golden"
        pytest.fail("\n".join([*lines, f"accept this after reading it: {command}"]), pytrace=False)

    return compare
