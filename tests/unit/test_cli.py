"""The commands' codes and words: 0 done, 1 problems, 2 wrong use; one problem a line on standard error."""

import json
import re
from pathlib import Path

import pytest

from keur import cli
from tests import builders

ROOT = Path(__file__).parents[2]
BAD = builders.certificate(valid_until="31/02/2027")


def _run(*arguments: str | Path) -> int:
    """Run a command with the project's settings."""
    return cli.main(["--conf", str(ROOT / "pelicanconf.py"), *map(str, arguments)])


def test_a_good_export_is_checked_in_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("check", "--data", builders.write_export(tmp_path)) == 0
    assert capsys.readouterr().err == ""


def test_a_fault_is_a_line_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = builders.write_export(tmp_path / "data", certificates=[BAD])
    assert _run("check", "--data", data) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r".*certificates/all\.yaml:\d+:\d+: certificates\[0\]\.valid_until: must be a date .*", line)


def test_the_place_is_told_from_where_one_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    builders.write_export(tmp_path / "data", certificates=[BAD])
    monkeypatch.chdir(tmp_path)
    assert _run("check", "--data", "data") == 1
    assert capsys.readouterr().err.startswith("data/certificates/all.yaml:")


def test_strict_makes_warnings_problems(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = builders.write_export(tmp_path, contacts=[builders.contact(role={"nl": "Loket"})])
    assert (_run("check", "--data", data), _run("check", "--strict", "--data", data)) == (0, 1)
    assert "warning: " in capsys.readouterr().err


def test_the_register_of_the_project_has_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("check", "--strict") == 0
    assert capsys.readouterr().err == ""


def test_an_export_is_recorded_and_recorded_twice_is_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = builders.write_export(tmp_path)
    assert (_run("record", "--data", data), _run("record", "--data", data)) == (0, 0)
    assert capsys.readouterr().out.splitlines() == ["recorded: 7 listed", "this export was recorded before"]
    assert len((data / "ledger.jsonl").read_bytes().splitlines()) == 8


def test_a_broken_ledger_is_a_fault_of_a_check_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = builders.write_export(tmp_path)
    _run("record", "--data", data)
    ledger = data / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"Leuven", b"Gent"))
    assert (_run("record", "--data", data), _run("check", "--data", data)) == (1, 1)
    assert "ledger.jsonl:6:1: must be the line that was recorded" in capsys.readouterr().err


def test_the_difference_between_exports_is_told_as_lines_or_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = (builders.write_export(tmp_path / name, holders=[builders.holder(name=name)]) for name in ("old", "new"))
    assert (_run("diff", old, new), _run("diff", "--json", old, new)) == (0, 0)
    text, _, as_json = capsys.readouterr().out.partition("[")
    assert text.splitlines() == ['holders "weverij" changed', '  name: "old" → "new"']
    assert json.loads("[" + as_json) == [
        {"kind": "holders", "key": "weverij", "change": "changed", "fields": {"name": {"from": "old", "to": "new"}}}
    ]


def test_a_difference_ends_with_1_where_that_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = (builders.write_export(tmp_path / name, holders=[builders.holder(name=name)]) for name in ("old", "new"))
    assert _run("diff", "--exit-code", old, new) == 1
    assert _run("diff", "--exit-code", old, old) == 0
    assert capsys.readouterr().out.endswith("the two exports say the same\n")


def test_what_stands_twice_is_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which of the two would be the record?"""
    old = builders.write_export(tmp_path / "old")
    new = builders.write_export(tmp_path / "new", holders=[builders.holder(), builders.holder(name="Twice")])
    assert _run("diff", old, new) == 1
    assert "must be unique" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["diff", "nowhere", "nowhere"], "there is no folder nowhere"),
        (["check", "--data", "nowhere"], "there is no folder nowhere"),
        (["build", "--data", "nowhere"], "there is no folder nowhere"),
        (["build", "--site-url", "register.example"], "--site-url must be a whole address"),
        (["serve", "--site-url", "ftp://register.example"], "--site-url must be a whole address"),
        (["demo", "--sheets", "0"], "--sheets must be at least 1"),
    ],
)
def test_wrong_use_is_one_line_and_code_2(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(*arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("keur: ")
    assert words in line


def test_settings_that_are_not_there_are_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--conf", str(tmp_path / "conf.py"), "check"]) == 2
    assert "name them with --conf" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["sing"], ["build", "--speed"], ["serve", "--port", "x"]])
def test_what_is_no_command_is_wrong_use(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2


def test_the_demonstration_register_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    assert _run("demo", "--data", tmp_path / "demo", "--sheets", "5") == 0
    assert (tmp_path / "demo" / "register.yaml").is_file()
    assert _run("check", "--strict", "--data", tmp_path / "demo") == 0


def test_the_demonstration_register_does_not_take_the_place_of_a_real_ledger(tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").touch()
    assert _run("demo", "--data", tmp_path, "--sheets", "5") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.jsonl"]


def test_schemas_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    assert _run("schema", "--output", tmp_path / "schema") == 0
    written = {path.name for path in (tmp_path / "schema").iterdir()}
    assert {"register.schema.json", "certificates.schema.json", "datasheets.schema.json"} <= written


def test_serve_builds_with_what_it_was_called_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The build in its own process gets the same options, and every source is watched."""
    called: list[tuple[object, ...]] = []
    monkeypatch.setattr("keur.serving.serve", lambda *arguments: called.append(arguments) or 0)
    data = builders.write_export(tmp_path / "data")
    address = "https://register.example/base"
    assert _run("serve", "--data", data, "--output", tmp_path / "out", "--site-url", address, "--port", "0") == 0
    ((output, command, conf, watched, port, base),) = called
    assert (output, port, base) == (tmp_path / "out", 0, "/base")
    assert isinstance(command, list)
    assert command[-7:] == ["build", "--data", str(data), "--output", str(tmp_path / "out"), "--site-url", address]
    assert conf == ROOT / "pelicanconf.py"
    sources = {ROOT / "content", ROOT / "theme", ROOT / "plugins" / "keur", data}
    assert sources == {Path(path) for path in watched}  # type: ignore[attr-defined]  # the paths


def test_an_interrupted_command_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("keur.building.check_data", interrupted)
    assert _run("check") == 130
    assert capsys.readouterr().err == "keur: stopped\n"
