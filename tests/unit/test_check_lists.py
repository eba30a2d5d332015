"""A pasted list: every number is found in any spelling, none is invented, and what held is what the model says."""

import datetime as dt
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from keur.demo import write_demonstration
from keur.model import CertificateKey, Coverage, Register, Source, Status
from keur.numbers import compact
from keur.search import check_payload
from keur.site.reading import read_register
from tests.lists import pasted_list
from tests.sites import ROOT
from tests.unit.check_register import FILE
from tests.unit.check_register import register as recorded_register

DAYS = ("2026-11-21", "2024-06-30", "2024-01-05", "2019-03-14")
"""The day of the export, one between two exports, one before the first of them, and one before most records."""


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


def test_what_held_on_a_day_is_what_the_model_says(register: Register, node: Path, tmp_path: Path) -> None:
    """On days up to the export: a certificate holds while it is valid, a datasheet while a delivery was covered."""
    text = pasted_list(register, 77).text
    questions = [{"text": text, "asked": _asked(register, day)} for day in DAYS]
    seen: set[tuple[str, str | None]] = set()
    for day, answer in zip(DAYS, check(node, tmp_path, register, questions), strict=True):
        for finding in answer["findings"]:
            if finding["record"]:
                assert (finding["outcome"], finding["status"]) == _expected(register, finding["record"], day), finding
                seen.add((finding["outcome"], finding["status"]))
    assert {outcome for outcome, _ in seen} == {"holds", "does-not-hold", "not-known"}
    assert len(seen) > 5


def test_records_that_left_the_register_are_found_and_answer_as_the_model_does(node: Path, tmp_path: Path) -> None:
    register = recorded_register(tmp_path)
    text = "BENOR 29/0109, fiche 9001 9999, BENOR 29/0107, 90012346"
    days = ("2026-11-21", "2026-08-01", "2026-01-05", "2024-01-05")
    questions = [{"text": text, "asked": _asked(register, day)} for day in days]
    for day, answer in zip(days, check(node, tmp_path, register, questions), strict=True):
        records = [finding["record"] for finding in answer["findings"]]
        assert records == [["benor", "29/0109"], ["90019999"], ["benor", "29/0107"], ["90012346"]]
        for finding in answer["findings"]:
            assert (finding["outcome"], finding["status"]) == _expected(register, finding["record"], day), (
                day,
                finding,
            )


def test_the_file_of_the_vectors_is_what_the_register_gives(tmp_path: Path) -> None:
    """After a wanted change: ``.venv/bin/python -m tests.unit.check_register``."""
    assert check_payload(recorded_register(tmp_path))["check.json"] + b"\n" == FILE.read_bytes()


def test_the_file_is_the_same_bytes_each_time(register: Register) -> None:
    assert check_payload(register) == check_payload(register)


def _expected(register: Register, name: Sequence[str], day: str) -> tuple[str, str | None]:
    asked = dt.date.fromisoformat(day)
    if len(name) == 1:
        sheet = register.datasheets.get(name[0]) or register.memory.datasheets[name[0]]
        outcome = {
            Coverage.COVERED: "holds",
            Coverage.NOT_COVERED: "does-not-hold",
            Coverage.NOT_KNOWN: "not-known",
        }[register.coverage_on(sheet, asked)]
        return outcome, register.answer_on(sheet, asked).status
    key = CertificateKey(*name)
    answer = register.answer_on(register.certificates.get(key) or register.memory.certificates[key], asked)
    if answer.source is Source.NOT_KNOWN:
        return "not-known", None
    return "holds" if answer.status is Status.VALID else "does-not-hold", answer.status
