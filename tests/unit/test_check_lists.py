"""A pasted list: every number of the register is found in any spelling, none is invented, and what held is the model's."""

import datetime as dt
import json
import random
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from keur.demo import write_demonstration
from keur.model import Coverage, Register, Status
from keur.numbers import compact
from keur.search import check_payload
from keur.site.reading import read_register
from tests.lists import pasted_list
from tests.sites import ROOT

DAYS = ("2026-11-21", "2024-06-30", "2019-03-14")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    folder = tmp_path_factory.mktemp("demonstration")
    write_demonstration(folder, sheets=600)
    read, _ = read_register(folder, ("nl", "fr", "de", "en"), "data")
    return read


def _asked(register: Register, day: str) -> dict[str, Any]:
    exported = register.export_day.isoformat()
    return {"day": day, "today": exported, "exported": exported, "staleAfter": 30}


def check(node: Path, folder: Path, register: Register, questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let the browser's modules check texts."""
    file = folder / "check.json"
    file.write_bytes(check_payload(register)["check.json"])
    done = subprocess.run(
        [node, ROOT / "tests" / "js" / "check-twin.js", file],
        input="".join(json.dumps(question) + "\n" for question in questions),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_of_two_hundred_lines_every_number_is_found_and_none_invented(
    register: Register, node: Path, tmp_path: Path
) -> None:
    lists = [pasted_list(register, seed) for seed in range(25)]
    asked = _asked(register, DAYS[0])
    answers = check(node, tmp_path, register, [{"text": pasted.text, "asked": asked} for pasted in lists])
    for seed, (pasted, answer) in enumerate(zip(lists, answers, strict=True)):
        found = {tuple(finding["record"]) for finding in answer["findings"] if finding["record"]}
        assert (found - pasted.names, pasted.names - found) == (set(), set()), seed
        told = sorted(compact(finding["written"]) for finding in answer["findings"] if not finding["record"])
        assert told == sorted(map(compact, pasted.wrong)), seed
        assert answer["milliseconds"] < 1000
