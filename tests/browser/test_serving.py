"""``keur serve``: an edited record shows in an open page, without a hand on the page."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.sites import GOLDEN_REGISTER, ROOT

_SERVE = """
import signal, sys
from keur.cli import main
# A shell starts what runs in the background deaf to Ctrl-C, and so it starts the tests.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def served(tmp_path: Path, servers: ExitStack) -> tuple[Path, str]:
    """A copy of the golden register and the address at which ``keur serve`` serves its site."""
    data = Path(shutil.copytree(GOLDEN_REGISTER, tmp_path / "data"))
    return data, servers.enter_context(_serve(data, tmp_path / "output"))


@contextmanager
def _serve(data: Path, output: Path) -> Iterator[str]:
    options = ["--data", data, "--output", output, "--port", "0"]
    command = [sys.executable, "-c", _SERVE, "--conf", ROOT / "pelicanconf.py", "serve", *options]
    process = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    told = next(line for line in process.stdout if line.startswith("the site is at "))
    yield told.split()[4].rstrip("/")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_an_edited_record_shows_in_an_open_page(served: tuple[Path, str], visitor: Visitor) -> None:
    data, address = served
    page = visitor.page(viewport={"width": 390, "height": 500})
    page.goto(f"{address}/nl/datasheets/90012345/")
    with page.expect_request("**/__keur/changes?*"):
        page.reload()
    page.evaluate("scrollTo(0, 90)")
    file = next(path for path in data.rglob("*.yaml") if "90012345" in path.read_text(encoding="utf-8"))
    before = file.read_text(encoding="utf-8")
    at = before.index("90012345")
    for number in (1, 2):
        file.write_text(
            before[:at] + re.sub(r"(trade_name: )\S.*", rf"\1Edited {number}", before[at:], count=1), encoding="utf-8"
        )
        expect(page.get_by_text(f"Edited {number}").first).to_be_visible(timeout=30_000)
        page.wait_for_function("() => scrollY === 90", timeout=30_000)


def test_a_page_that_is_not_there_yet_is_shown_when_it_is(served: tuple[Path, str], visitor: Visitor) -> None:
    data, address = served
    visitor.expected.append("404")
    page = visitor.page()
    with page.expect_request("**/__keur/changes?*"):
        page.goto(f"{address}/nl/systems/new/")
    # Without its counts a register may hold any number of records.
    register = data / "register.yaml"
    register.write_text(re.sub(r"(?m)^counts:.*\n", "", register.read_text(encoding="utf-8")), encoding="utf-8")
    with (data / "systems.yaml").open("a", encoding="utf-8") as systems:
        systems.write("  - {id: new, name: NEWMARK, kind: quality-mark, owner: Somebody, committee: advisory-board}\n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("NEWMARK", timeout=30_000)


def test_a_page_shown_before_a_build_failed_goes_back_to_the_last_good_one(
    served: tuple[Path, str], visitor: Visitor
) -> None:
    data, address = served
    page = visitor.page()
    with page.expect_request("**/__keur/changes?*"):
        page.goto(f"{address}/nl/datasheets/90012345/")
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    file = next(path for path in data.rglob("*.yaml") if "90012345" in path.read_text(encoding="utf-8"))
    before = file.read_text(encoding="utf-8")
    at = before.index("90012345")

    def edit(name: str) -> None:
        text = re.sub(r"(trade_name: )\S.*", rf"\1{name}", before[at:], count=1)
        file.write_text(before[:at] + text, encoding="utf-8")

    edit("Edited well")
    expect(page.get_by_text("Edited well").first).to_be_visible(timeout=30_000)
    listed = next(data.parent.joinpath("output").glob("nl/datasheets/index.html"))
    for _ in range(300):
        if "Edited well" in listed.read_text(encoding="utf-8"):
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)
    # What was shown first is what was put in place, so it was loaded once.
    assert len(loads) == 1
    # Nothing can be put in the place of a folder that holds something.
    listed.unlink()
    listed.mkdir()
    (listed / "in the way").touch()
    edit("Edited in vain")
    for _ in range(300):
        if len(loads) == 3:
            break
        page.wait_for_timeout(100)
    expect(page.get_by_text("Edited well").first).to_be_visible(timeout=30_000)
    assert page.get_by_text("Edited in vain").count() == 0
    assert len(loads) == 3
