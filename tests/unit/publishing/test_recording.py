"""Publishing records its export, and nothing else: the ledger says what was public, whatever came between."""

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keur import publish_command
from keur.ledger import read_ledger
from keur.problems import RegisterError
from keur.publishing import DropError, PublishError
from keur.site.output import SUMS
from keur.sources import UseError
from tests import builders
from tests.unit.publishing import releases
from tests.unit.publishing.registers import SHEETS, Key, PublishedRegister

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("KEUR_KILLS", "25"))


@pytest.fixture(autouse=True)
def unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushing is for power cuts; it takes as long as all that the machine is writing."""
    monkeypatch.setattr(os, "sync", releases.nothing)


@pytest.fixture
def register(tmp_path: Path) -> PublishedRegister:
    """A register that was published once."""
    made = PublishedRegister(tmp_path)
    made.export(1)
    assert made.publish() == 0
    return made


def _cut_short(register: PublishedRegister, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish the export that is there, and stop between the swap and the recording."""
    with monkeypatch.context() as patched:
        patched.setattr(publish_command, "publish", _then_stop(publish_command.publish))
        with pytest.raises(KeyboardInterrupt):
            register.publish()


def _then_stop(run: Callable[..., Any]) -> Callable[..., None]:
    def stopping(*arguments: Any) -> None:
        run(*arguments)
        raise KeyboardInterrupt

    return stopping


def test_a_release_holds_the_ledger_with_its_own_export(register: PublishedRegister) -> None:
    assert register.public_ledger == register.ledger.read_bytes()
    manifest = json.loads((register.public / "manifest.json").read_bytes())
    ledger = read_ledger(register.ledger)
    assert manifest["ledger"] == {"lines": len(ledger), "hash": ledger.head}
    assert len(ledger.exports) == 1
    assert releases.faults_of(register.www) == []


def test_each_published_export_is_recorded_once(register: PublishedRegister) -> None:
    register.export(2, suspended=1)
    assert register.publish() == 0
    recorded = register.ledger.read_bytes()
    assert register.publish() == 0
    assert register.ledger.read_bytes() == recorded == register.public_ledger
    assert [export.moment.day for export in read_ledger(register.ledger).exports] == [2, 3]


def test_an_export_that_was_recorded_before_gives_the_same_release(tmp_path: Path) -> None:
    one, other = PublishedRegister(tmp_path / "one"), PublishedRegister(tmp_path / "other")
    for register in (one, other):
        register.export(1)
    entries = publish_command.load_entries(other.settings)
    with publish_command.recording(other.data, entries) as (_, write):
        write()
    assert (one.publish(), other.publish()) == (0, 0)
    assert (one.public / "manifest.json").read_bytes() == (other.public / "manifest.json").read_bytes()
    assert one.ledger.read_bytes() == other.ledger.read_bytes()


def test_what_is_refused_or_fails_or_is_tried_is_not_recorded(
    register: PublishedRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = register.ledger.read_bytes()
    register.export(2, suspended=1)
    assert register.publish(dry_run=True) == 0
    assert register.ledger.read_bytes() == before

    register.settings["KEUR_DROP_PERCENT"] = 1
    with pytest.raises(DropError):
        register.publish()
    assert register.ledger.read_bytes() == before
    register.settings["KEUR_DROP_PERCENT"] = 100

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("keur.publishing.folder.os.replace", full)
        with pytest.raises(PublishError, match="No space left"):
            register.publish()
    assert register.ledger.read_bytes() == before
    monkeypatch.setattr(register, "build", lambda: 1)
    assert register.publish() == 1
    assert register.ledger.read_bytes() == before


def test_a_dry_run_writes_no_ledger(tmp_path: Path) -> None:
    register = PublishedRegister(tmp_path)
    register.export(1)
    assert register.publish(dry_run=True) == 0
    assert not register.ledger.exists()
    assert not register.www.exists()


@pytest.mark.parametrize("again", ["the same export", "the next export"])
def test_a_run_cut_short_before_it_recorded_is_recorded_by_the_next(
    register: PublishedRegister, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    peaceful = PublishedRegister(tmp_path / "peaceful")
    for day in (1, 2) if again == "the same export" else (1, 2, 3):
        peaceful.export(day, suspended=day - 1)
        assert peaceful.publish() == 0
    register.export(2, suspended=1)
    before = register.ledger.read_bytes()
    _cut_short(register, monkeypatch)
    assert (register.public_day, register.ledger.read_bytes()) == (2, before)
    if again == "the next export":
        register.export(3, suspended=2)
        assert register.publish(dry_run=True) == 0
        assert register.ledger.read_bytes() == before, "a dry run writes nothing"
    assert register.publish() == 0
    assert register.ledger.read_bytes() == peaceful.ledger.read_bytes() == register.public_ledger


def test_a_site_built_before_the_ledger_caught_up_is_not_published(
    register: PublishedRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.export(2, suspended=1)
    _cut_short(register, monkeypatch)
    register.export(3, suspended=2)
    register.build()
    with pytest.raises(PublishError, match="build again"):
        register.publish(no_build=True)
    assert register.public_day == 2
    assert register.publish() == 0
    assert len(read_ledger(register.ledger).exports) == 3


def test_a_roll_back_records_first_what_it_takes_away(
    register: PublishedRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (register.public / "manifest.json").read_bytes()
    register.export(2, suspended=1)
    _cut_short(register, monkeypatch)
    assert register.publish(roll_back=True) == 0
    assert register.public_day == 1
    assert (register.public / "manifest.json").read_bytes() == first, "each release has its own manifest"
    assert len(read_ledger(register.ledger).exports) == 2, "what was public is not forgotten"
    assert register.ledger.read_bytes().startswith(register.public_ledger)
    register.export(3)
    assert register.publish() == 0
    assert register.public_ledger == register.ledger.read_bytes()


def test_a_roll_back_does_not_wait_for_a_ledger_at_fault(
    register: PublishedRegister, capsys: pytest.CaptureFixture[str]
) -> None:
    register.export(2)
    assert register.publish() == 0
    register.ledger.write_bytes(b"{}\n")
    assert register.publish(roll_back=True) == 0
    assert register.public_day == 1
    assert "warning: " in capsys.readouterr().err


def _rewritten(ledger: Path) -> None:
    """Rewrite the second line of a ledger, and the hashes of all lines after it."""
    ledger.write_bytes(releases.rewritten(ledger.read_bytes(), line=2))


def test_another_ledger_than_was_published_is_refused_until_its_hash_is_confirmed(register: PublishedRegister) -> None:
    _rewritten(register.ledger)
    own = read_ledger(register.ledger).head[:12]
    register.export(2)
    for confirmed in (None, "0" * 12):
        with pytest.raises(PublishError, match=rf"line 2 of .*ledger\.jsonl is not .* --confirm-ledger {own}$"):
            register.publish(confirm_ledger=confirmed)
    assert register.public_day == 1
    assert register.publish(confirm_ledger=own) == 0
    assert register.public_ledger == register.ledger.read_bytes()


def test_a_ledger_that_was_lost_is_taken_back_from_what_is_public(register: PublishedRegister) -> None:
    recorded = register.ledger.read_bytes()
    register.ledger.unlink()
    register.export(2, suspended=1)
    assert register.publish() == 0
    assert register.ledger.read_bytes().startswith(recorded)
    assert len(read_ledger(register.ledger).exports) == 2


def _lose_to_a_forger(register: PublishedRegister) -> str:
    """Lose the own ledger, and let the host hold another with all that names it, as who holds the host can."""
    register.ledger.unlink()
    part = register.public / "ledger" / "000001.jsonl"
    forged = releases.rewritten(part.read_bytes(), line=2)
    head = {"lines": forged.count(b"\n"), "hash": hashlib.sha256(forged.splitlines()[-1]).hexdigest()}
    facts = register.public.resolve().parent / "release.json"
    for path, content in (
        (part, forged),
        (facts, json.dumps(json.loads(facts.read_bytes()) | {"ledger": head}).encode()),
        (register.public / "manifest.json", _with_ledger(register.public / "manifest.json", head)),
    ):
        path.unlink()
        path.write_bytes(content)
    return str(head["hash"])[:12]


def _with_ledger(manifest: Path, head: dict[str, Any]) -> bytes:
    return (
        json.dumps(json.loads(manifest.read_bytes()) | {"ledger": head}, ensure_ascii=False, indent=1) + "\n"
    ).encode()


def test_lines_that_nobody_signed_are_taken_back_with_a_warning(
    register: PublishedRegister, capsys: pytest.CaptureFixture[str]
) -> None:
    _lose_to_a_forger(register)
    register.export(2, suspended=1)
    assert register.publish() == 0
    assert "warning: nobody signs this register: whoever can write to" in capsys.readouterr().err


def test_a_signed_register_takes_back_only_lines_that_its_key_vouches_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = PublishedRegister(tmp_path, KEUR_SIGNING_KEY=str(Key(tmp_path, 1).private))
    register.export(1)
    assert register.publish() == 0
    recorded = register.ledger.read_bytes()
    register.ledger.unlink()
    assert register.publish(dry_run=True) == 0
    assert not register.ledger.exists()
    assert register.publish() == 0
    assert register.ledger.read_bytes() == recorded
    assert "they are signed by the key" in capsys.readouterr().out

    forged = _lose_to_a_forger(register)
    register.export(2, suspended=1)
    for confirmed in (None, "0" * 12):
        with pytest.raises(PublishError, match=f"does not match its signature; .* --confirm-ledger {forged}$"):
            register.publish(confirm_ledger=confirmed)
        assert not register.ledger.exists()
    for name in ("manifest.json", "manifest.json.sig"):
        (register.public / name).rename(register.public / f"{name}-kept")
        with pytest.raises(PublishError, match=f"--confirm-ledger {forged}$"):
            register.publish()
        (register.public / f"{name}-kept").rename(register.public / name)
    with pytest.raises(PublishError, match=f"not by a key of yours; .* --confirm-ledger {forged}$"):
        register.publish(sign=str(Key(tmp_path, 2).private))
    assert not register.ledger.exists()
    assert register.public_day == 1
    assert register.publish(confirm_ledger=forged) == 0
    assert register.public_ledger == register.ledger.read_bytes()


def test_a_number_used_again_is_published_when_it_is_confirmed(register: PublishedRegister) -> None:
    without = [builders.datasheet(code=code) for code in SHEETS[1:]]
    register.export(2, datasheets=without)
    assert register.publish() == 0
    other = builders.holder(id="other", name="Geotex Brabant")
    changes = {
        "holders": [builders.holder(), other],
        "units": [builders.unit(), builders.unit(id="other-1", holder="other", name="Hall 3")],
        "certificates": [
            builders.certificate(),
            builders.certificate(number="29/0200", holder="other", unit="other-1"),
        ],
    }
    taken = builders.datasheet(code=SHEETS[0], unit="other-1", certificates=[{"system": "benor", "number": "29/0200"}])
    register.export(3, datasheets=[taken, *without], **changes)
    before = register.ledger.read_bytes()
    with pytest.raises(RegisterError, match="must not be a number of another holder"):
        register.publish()
    assert register.ledger.read_bytes() == before
    register.settings["KEUR_CONFIRMED_REUSE"] = (SHEETS[0],)
    assert register.publish() == 0
    assert b'"event":"reused"' in register.ledger.read_bytes()


def test_a_ledger_that_cannot_be_written_after_the_swap_is_told_and_mended(
    register: PublishedRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    register.export(2, suspended=1)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("keur.ledger.chain.os.fsync", full)
        # The folder flushes its own renames by the same call.
        patched.setattr("keur.publishing.folder._flush", releases.nothing)
        with pytest.raises(PublishError, match=r"is public, but the ledger .* cannot be written: No space left"):
            register.publish()
    assert register.public_day == 2
    assert register.publish() == 0
    assert register.ledger.read_bytes() == register.public_ledger


def test_a_file_of_the_site_does_not_take_the_place_of_what_vouches_for_it(register: PublishedRegister) -> None:
    register.export(2)
    register.build()
    shutil.copy(register.site / "index.html", register.site / "manifest.json")
    content = {path.relative_to(register.site).as_posix(): path.read_bytes() for path in register.site.rglob("*.*")}
    releases.write_site(register.site, {name: data for name, data in content.items() if name != SUMS})
    with pytest.raises(PublishError, match=r"a file manifest\.json of its own"):
        register.publish(no_build=True)


def test_keys_that_do_not_sign_are_wrong_use(register: PublishedRegister, tmp_path: Path) -> None:
    register.ledger.chmod(0o600)
    for key, words in ((tmp_path / "nowhere.pem", "cannot read the private key"), (register.ledger, "must be a PEM")):
        with pytest.raises(UseError, match=words):
            register.publish(sign=key)


def test_publishers_killed_at_random_moments_record_what_was_public() -> None:
    """``KEUR_KILLS=200`` runs it longer."""
    command = [sys.executable, "-m", "tests.unit.publishing.recording_kills", str(KILLS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    found = json.loads(done.stdout)
    assert (found["runs"], found["broken"]) == (KILLS, 0), found
    assert found["killed"], "the publishers ended before they were killed"
