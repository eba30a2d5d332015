"""What every test may use: the tools are found as tasks.py finds them, also when pytest is run directly."""

import os
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
