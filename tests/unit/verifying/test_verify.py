"""``keur verify``: a byte changed in a page, an old line rewritten, a key that is another: each is found and named."""

import argparse
import errno
import hashlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keur import verify_command
from keur.ledger import read_ledger
from keur.site.output import SUMS
from keur.sources import UseError
from keur.verifying import places
from tests.deploy.programs import need
from tests.unit.publishing import releases
from tests.unit.publishing.registers import SHEETS, Key, PublishedRegister

PAGE = f"d/{SHEETS[3]}/index.html"


@pytest.fixture(autouse=True)
def unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flushing is for power cuts; it takes as long as all that the machine is writing."""
    monkeypatch.setattr(os, "sync", releases.nothing)


@pytest.fixture
def key(tmp_path: Path) -> Key:
    """The key of the register."""
    return Key(tmp_path, 1)


@pytest.fixture
def register(tmp_path: Path, key: Key) -> PublishedRegister:
    """A register whose second release is signed and public."""
    made = PublishedRegister(tmp_path, KEUR_SIGNING_KEY=str(key.private))
    for day in (1, 2):
        made.export(day, suspended=day)
        assert made.publish() == 0
        _keep(made, tmp_path / f"kept-{day}.json")
    return made


def _keep(register: PublishedRegister, path: Path) -> None:
    """Keep a manifest, as an auditor does once a year."""
    shutil.copy(register.public / "manifest.json", path)
    if (register.public / "manifest.json.sig").exists():
        shutil.copy(register.public / "manifest.json.sig", f"{path}.sig")


Verify = Callable[..., tuple[int, str, str]]


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Verify:
    """Verify a site, and return the exit code, what was said, and what was found wrong."""

    def run(target: object, **options: Any) -> tuple[int, str, str]:
        capsys.readouterr()
        given = {"key": [], "against": [], "ledger": None, "sample": None, "seed": None} | options
        code = verify_command.run(argparse.Namespace(target=str(target), **given))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def _publish_anew(folder: Path) -> None:
    """Let sums and manifest say what stands there now, as somebody can who holds the host and no key."""
    names = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = [path for path in names if path.name not in (SUMS, "manifest.json", "manifest.json.sig")]
    sums = "".join(f"{_sha(path.read_bytes())}  {path.relative_to(folder).as_posix()}\n" for path in names).encode()
    (folder / SUMS).unlink()
    (folder / SUMS).write_bytes(sums)
    ledger = folder / "ledger" / "000001.jsonl"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["sums"] = {"files": len(names), "bytes": len(sums), "sha256": _sha(sums)}
    lines = ledger.read_bytes().splitlines()
    manifest["ledger"] = {"lines": len(lines), "hash": _sha(lines[-1])}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _replace(path: Path, content: bytes) -> None:
    """Write a file without writing through its hard links into other releases."""
    path.unlink()
    path.write_bytes(content)


# --- what holds -----------------------------------------------------------------------------------------------------


def test_a_site_that_nobody_touched_holds(
    register: PublishedRegister, verify: Verify, key: Key, tmp_path: Path
) -> None:
    code, out, err = verify(register.www, key=[key.public], against=[tmp_path / "kept-1.json"], ledger=register.ledger)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert f"manifest.json is signed by the key {key.fingerprint}" in lines
    assert "kept-1.json of 2026-11-02 is signed by the key " + key.fingerprint in lines
    assert [line for line in lines if line.startswith("the published ledger still has the 27 lines")]
    assert [line for line in lines if line.startswith(f"{register.ledger} still has the 27 lines")]
    assert lines[-1].endswith(": nothing was found changed")


def test_a_built_site_holds_by_its_sums_alone_and_that_is_said(register: PublishedRegister, verify: Verify) -> None:
    code, _, err = verify(register.site)
    assert code == 0
    assert err.startswith("keur: warning: there is no manifest.json")


def test_openssl_agrees_about_signature_and_fingerprint(register: PublishedRegister, key: Key) -> None:
    need("openssl", "openssl")
    verified = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "manifest.pub.pem", "-rawin"]
    verified += ["-in", "manifest.json", "-sigfile", "manifest.json.sig"]
    done = subprocess.run(verified, cwd=register.public, capture_output=True, text=True, check=True)
    assert "Signature Verified Successfully" in done.stdout
    der = ["openssl", "pkey", "-pubin", "-in", "manifest.pub.pem", "-outform", "DER"]
    assert _sha(subprocess.run(der, cwd=register.public, capture_output=True, check=True).stdout) == key.fingerprint


def test_a_key_of_openssl_signs(register: PublishedRegister, verify: Verify, tmp_path: Path) -> None:
    need("openssl", "openssl")
    made, public = tmp_path / "made.pem", tmp_path / "made.pub.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", made], check=True)
    subprocess.run(["openssl", "pkey", "-in", made, "-pubout", "-out", public], check=True)
    register.export(3)
    assert register.publish(sign=made) == 0
    assert verify(register.www, key=[public])[0] == 0


def test_the_private_key_is_in_no_file(register: PublishedRegister, key: Key, tmp_path: Path) -> None:
    secret = "".join(key.private.read_text().splitlines()[1:-1]).encode()
    for folder in (register.www, register.site, register.data):
        for path in folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert secret not in content
                assert b"PRIVATE KEY" not in content
                assert bytes([1]) * 32 not in content


def test_the_same_release_is_signed_to_the_same_bytes(register: PublishedRegister, tmp_path: Path, key: Key) -> None:
    other = PublishedRegister(tmp_path / "other", KEUR_SIGNING_KEY=str(key.private))
    for day in (1, 2):
        other.export(day, suspended=day)
        assert other.publish() == 0
    for name in ("manifest.json", "manifest.json.sig", "manifest.pub.pem", SUMS):
        assert (other.public / name).read_bytes() == (register.public / name).read_bytes()


def test_a_release_published_unsigned_is_signed_by_publishing_it_once_more(
    register: PublishedRegister, verify: Verify, key: Key
) -> None:
    register.settings["KEUR_SIGNING_KEY"] = ""
    register.export(3)
    assert register.publish() == 0
    code, _, err = verify(register.www)
    assert (code, "manifest.json is not signed" in err) == (0, True)
    assert verify(register.www, key=[key.public])[0] == 1
    ledger = register.ledger.read_bytes()
    assert register.publish(sign=key.private) == 0
    assert verify(register.www, key=[key.public])[0] == 0
    assert register.ledger.read_bytes() == ledger


# --- files ----------------------------------------------------------------------------------------------------------


def test_one_byte_changed_in_a_page_is_found(register: PublishedRegister, verify: Verify, key: Key) -> None:
    page = register.public / PAGE
    content = bytearray(page.read_bytes())
    content[2] ^= 1
    _replace(page, bytes(content))
    code, out, err = verify(register.www, key=[key.public])
    assert (code, err) == (1, f"keur: {PAGE} was changed: it is not what SHA256SUMS says\n")
    assert "nothing was found changed" not in out


def test_one_byte_changed_and_the_sums_made_anew_is_found_by_the_manifest(
    register: PublishedRegister, verify: Verify, key: Key
) -> None:
    _replace(register.public / PAGE, b"forged")
    _replace(register.public / "manifest.json", (register.public / "manifest.json").read_bytes())
    kept = (register.public / "manifest.json").read_bytes()
    _publish_anew(register.public)
    code, _, err = verify(register.www, key=[key.public])
    assert (code, "it does not match the key" in err) == (1, True)
    _replace(register.public / "manifest.json", kept)
    code, _, err = verify(register.www, key=[key.public])
    assert (code, "SHA256SUMS was changed: it is not the one that manifest.json vouches for" in err) == (1, True)


def test_files_that_are_missing_and_extra_are_named_the_first_ones(register: PublishedRegister, verify: Verify) -> None:
    (register.public / PAGE).unlink()
    (register.public / "assets" / "0123456789ab").mkdir(parents=True)
    (register.public / "assets" / "0123456789ab" / "evil.js").write_text("evil")
    for number in range(30):
        (register.public / f"zz{number:02}.html").write_text("more")
    code, _, err = verify(register.www)
    lines = [line for line in err.splitlines() if "warning" not in line]
    assert code == 1
    assert lines[0] == "keur: assets/0123456789ab/evil.js is extra: SHA256SUMS does not name it"
    assert lines[1] == f"keur: {PAGE} is missing"
    assert (len(lines), lines[-1]) == (21, "keur: and 12 more files are at fault")


def test_what_earlier_releases_left_for_open_pages_is_vouched_for_by_its_folder(
    register: PublishedRegister, verify: Verify
) -> None:
    content = {"site.css": b"a { }", "js/main.js": b"export {};"}
    folder = _sha(b"".join(f"{name}\0{len(data)}\0".encode() + data for name, data in sorted(content.items())))[:12]
    for name, data in content.items():
        path = register.public / "assets" / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    code, out, _ = verify(register.www)
    assert (code, "2 files that earlier releases left" in out) == (0, True)
    (register.public / "assets" / folder / "site.css").write_bytes(b"a {!}")
    assert verify(register.www)[0] == 1


# --- keys -----------------------------------------------------------------------------------------------------------


def test_a_site_signed_by_another_key_is_found(
    register: PublishedRegister, verify: Verify, key: Key, tmp_path: Path
) -> None:
    thief = Key(tmp_path, 9)
    register.export(3)
    assert register.publish(sign=thief.private) == 0
    code, _, err = verify(register.www, key=[key.public])
    assert (code, f"is signed by the key {thief.fingerprint}, which you did not name" in err) == (1, True)
    # Without a key of one's own the manifest that was kept tells.
    code, _, err = verify(register.www, against=[tmp_path / "kept-1.json"])
    assert code == 1
    assert f"is signed by the key {thief.fingerprint}, which no manifest that you kept names" in err
    # Who names nothing learns which key it is, and that this proves little.
    code, _, err = verify(register.www)
    assert (code, f"compare {thief.fingerprint}" in err) == (0, True)


def test_keys_follow_each_other_by_manifests_that_name_the_next(
    register: PublishedRegister, verify: Verify, key: Key, tmp_path: Path
) -> None:
    following = Key(tmp_path, 2)
    register.settings["KEUR_PUBLIC_KEYS"] = (str(key.public), str(following.public))
    register.export(3)
    assert register.publish() == 0
    _keep(register, tmp_path / "kept-3.json")
    register.settings["KEUR_PUBLIC_KEYS"] = (str(following.public), str(key.public))
    register.settings["KEUR_SIGNING_KEY"] = str(following.private)
    register.export(4)
    assert register.publish() == 0
    assert (
        register.public / "manifest.pub.pem"
    ).read_bytes() == following.public.read_bytes() + key.public.read_bytes()
    kept = [tmp_path / "kept-1.json", tmp_path / "kept-3.json"]
    assert verify(register.www, key=[key.public], against=kept)[0] == 0
    assert verify(register.www, key=[following.public, key.public], against=kept)[0] == 0
    assert verify(register.www, against=kept)[0] == 0
    assert verify(register.www, key=[key.public], against=kept[:1])[0] == 1, "nobody that is known names the new key"


def test_a_signature_taken_away_is_found(register: PublishedRegister, verify: Verify, key: Key, tmp_path: Path) -> None:
    (register.public / "manifest.json.sig").unlink()
    for options in ({"key": [key.public]}, {"against": [tmp_path / "kept-1.json"]}, {}):
        code, _, err = verify(register.www, **options)
        assert (code, "manifest.json is not signed" in err) == (1, True)
    (register.public / "manifest.json").unlink()
    for options in ({"key": [key.public]}, {"against": [tmp_path / "kept-1.json"]}):
        assert verify(register.www, **options)[0] == 1


def test_without_cryptography_what_was_not_checked_is_told(
    register: PublishedRegister, verify: Verify, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("keur.publishing.signing.importlib.import_module", missing)
    code, out, err = verify(register.www, key=[key.public])
    assert (code, "nothing was found changed" in out) == (2, False)
    assert "not checked: signatures need the package cryptography: pip install 'keur[sign]'" in err
    register.export(3)
    with pytest.raises(UseError, match="signatures need the package cryptography"):
        register.publish()


def _weak_file(path: Path) -> str:
    path.chmod(0o644)
    return "everybody may read"


def _other_algorithm(path: Path) -> str:
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(generate_private_key(SECP256R1()).private_bytes(encoding, form, serialization.NoEncryption()))
    return "not Ed25519"


def _encrypted(path: Path) -> str:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(private.private_bytes(encoding, form, serialization.BestAvailableEncryption(b"secret")))
    return "is encrypted"


@pytest.mark.parametrize("spoil", [_weak_file, _other_algorithm, _encrypted])
def test_a_private_key_at_fault_is_refused_before_the_build(
    register: PublishedRegister, key: Key, spoil: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = spoil(key.private)
    monkeypatch.setattr(register, "build", lambda: pytest.fail("built"))
    with pytest.raises(UseError, match=words):
        register.publish()


def test_public_keys_without_the_one_that_signs_are_refused(register: PublishedRegister, tmp_path: Path) -> None:
    register.settings["KEUR_PUBLIC_KEYS"] = (str(Key(tmp_path, 2).public),)
    with pytest.raises(UseError, match="not among KEUR_PUBLIC_KEYS"):
        register.publish()
    register.settings["KEUR_SIGNING_KEY"] = ""
    with pytest.raises(UseError, match="nothing signs"):
        register.publish()


# --- the ledger -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("line", "first", "last"), [(5, 1, 27), (29, 28, 29)])
def test_an_old_line_rewritten_with_all_hashes_after_it_is_found_by_earlier_manifests(
    register: PublishedRegister, verify: Verify, key: Key, tmp_path: Path, line: int, first: int, last: int
) -> None:
    """Who forges holds everything here: the ledger, the host, and the key that signs."""
    register.ledger.write_bytes(releases.rewritten(register.ledger.read_bytes(), line))
    register.export(3, suspended=3)
    assert register.publish(confirm_ledger=read_ledger(register.ledger).head[:12]) == 0
    assert verify(register.www, key=[key.public])[0] == 0, "its chain holds, so who kept nothing finds nothing"
    kept = [tmp_path / "kept-1.json", tmp_path / "kept-2.json"]
    code, _, err = verify(register.www, key=[key.public], against=kept)
    assert code == 1
    assert f"the published ledger was rewritten: line {last} is not what kept-" in err
    assert f"so a line from {first} to {last} was changed, put in or taken away" in err


def test_a_line_rewritten_without_the_hashes_after_it_is_named(
    register: PublishedRegister, verify: Verify, key: Key
) -> None:
    part = register.public / "ledger" / "000001.jsonl"
    _replace(part, part.read_bytes().replace(b"Vliertex 20", b"Vliertex 30", 1))
    code, _, err = verify(register.www, key=[key.public])
    assert code == 1
    assert "the published ledger:8:1: must be the line that was recorded" in err
    assert "ledger/000001.jsonl was changed" in err


def test_lines_cut_off_the_end_of_a_ledger_are_found(
    register: PublishedRegister, verify: Verify, key: Key, tmp_path: Path
) -> None:
    short = tmp_path / "short.jsonl"
    short.write_bytes(b"".join(register.ledger.read_bytes().splitlines(keepends=True)[:27]))
    code, _, err = verify(register.www, key=[key.public], ledger=short, against=[tmp_path / "kept-2.json"])
    assert code == 1
    assert f"{short} ends at line 27; kept-2.json of 2026-11-03 vouches for 29: lines were taken away" in err
    short.write_bytes(register.ledger.read_bytes()[:-5])
    assert "ends in the middle of an export" in verify(register.www, key=[key.public], ledger=short)[2]
    short.write_bytes(releases.rewritten(register.ledger.read_bytes(), line=5))
    code, _, err = verify(register.www, key=[key.public], ledger=short)
    assert (code, f"line 5 of {short} is not that of the published ledger" in err) == (1, True)


def test_a_site_rolled_back_is_told(register: PublishedRegister, verify: Verify, key: Key, tmp_path: Path) -> None:
    assert register.publish(roll_back=True) == 0
    assert verify(register.www, key=[key.public])[0] == 0
    code, _, err = verify(register.www, key=[key.public], against=[tmp_path / "kept-2.json"])
    assert (code, "it was rolled back" in err) == (1, True)


def test_a_manifest_of_another_register_is_told(
    register: PublishedRegister, verify: Verify, key: Key, tmp_path: Path
) -> None:
    other = PublishedRegister(tmp_path / "other", KEUR_SIGNING_KEY=str(key.private), SITEURL="https://other.example")
    other.export(1)
    assert other.publish() == 0
    _keep(other, tmp_path / "other.json")
    code, _, err = verify(register.www, key=[key.public], against=[tmp_path / "other.json"])
    assert (code, "is of Tiny Certification at https://other.example" in err) == (1, True)


# --- wrong use and hostile sites ------------------------------------------------------------------------------------


def test_wrong_use_is_told(register: PublishedRegister, verify: Verify, tmp_path: Path) -> None:
    for target, options, words in (
        (tmp_path / "nowhere", {}, "there is no site"),
        ("https://", {}, "whole address"),
        ("https://register.example:port/", {}, "whole address"),
        ("https://[register.example/", {}, "whole address"),
        (register.www, {"key": [tmp_path / "nowhere"]}, "cannot read"),
        (register.www, {"key": [register.ledger]}, "must be a PEM file"),
        (register.www, {"against": [register.ledger]}, "is no manifest that Keur wrote"),
        (register.www, {"against": [tmp_path / "nowhere"]}, "cannot read"),
        (register.www, {"sample": 0}, "at least 1"),
    ):
        with pytest.raises(UseError, match=words):
            verify(target, **options)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{}", b"[" * 9999, b'{"schema":2}', b'{"schema":1,"publisher":7}', b"\xff\xfe", b"null"],
)
def test_a_manifest_that_is_none_is_a_fault(register: PublishedRegister, verify: Verify, manifest: bytes) -> None:
    _replace(register.public / "manifest.json", manifest)
    code, _, err = verify(register.www)
    assert (code, "manifest.json" in err) == (1, True)


def test_sums_that_lead_out_of_the_site_are_refused(register: PublishedRegister, verify: Verify) -> None:
    _replace(register.public / SUMS, f"{'0' * 64}  ../../../secret\n".encode())
    code, _, err = verify(register.www)
    assert (code, "a line that is not Keur's" in err) == (1, True)


def test_names_of_a_hostile_site_do_not_reach_the_terminal_as_they_are(
    register: PublishedRegister, verify: Verify
) -> None:
    (register.public / "\x1b[2Jnothing").write_text("evil")
    code, _, err = verify(register.www)
    assert (code, "<U+001B>[2Jnothing is extra" in err, "\x1b" in err) == (1, True, False)


def test_links_in_a_folder_are_named_whatever_they_lead_to(
    register: PublishedRegister, verify: Verify, key: Key, tmp_path: Path
) -> None:
    """A web server follows them: what they lead to can change at any time, and nobody listed it."""
    site = tmp_path / "copy"
    shutil.copytree(register.public, site, symlinks=True)
    (tmp_path / "evil").mkdir()
    (tmp_path / "evil" / "index.html").write_text("evil")
    (site / "admin").symlink_to(tmp_path / "evil")
    moved = (site / PAGE).rename(tmp_path / "page")
    (site / PAGE).symlink_to(moved)
    (site / "gone").symlink_to(tmp_path / "nowhere")
    code, out, err = verify(site, key=[key.public])
    assert code == 1
    assert f"{PAGE} is a symbolic link, or stands behind one: Keur publishes none" in err
    assert "admin is extra" in err
    assert "gone is extra" in err
    assert "no other is there" not in out


def test_a_folder_that_cannot_be_listed_is_not_called_whole(
    register: PublishedRegister, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = os.walk

    def refused(top: Path, **options: Any) -> Iterator[Any]:
        options.get("onerror", releases.nothing)(PermissionError(errno.EACCES, "Permission denied", f"{top}/hidden"))
        return walk(top, **options)

    monkeypatch.setattr(os, "walk", refused)
    code, out, err = verify(register.www)
    assert (code, "hidden cannot be listed: Permission denied" in err, "no other is there" in out) == (1, True, False)


# --- on the web -----------------------------------------------------------------------------------------------------


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers: dict[str, Callable[["_Handler"], None]]

    def do_GET(self) -> None:
        if self.path in self.answers:
            self.answers[self.path](self)
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        """Tell nobody."""

    def answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        """Answer with a status and a content."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def _served(folder: Path, **answers: Callable[[_Handler], None]) -> Iterator[str]:
    handler = type("Handler", (_Handler,), {"answers": {path.replace("root", "/"): a for path, a in answers.items()}})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask busy hosts again at once."""
    monkeypatch.setattr(places, "_PAUSE", 0.0)


def test_a_site_on_the_web_holds_and_is_told_to_be_a_copy(
    register: PublishedRegister, verify: Verify, key: Key
) -> None:
    with _served(register.public) as address:
        code, out, err = verify(address, key=[key.public])
    assert code == 0
    assert "24 files are what SHA256SUMS says\n" in out
    assert (
        err
        == "keur: warning: the manifest is that of https://register.example: what you checked is a copy of that site\n"
    )


def test_a_byte_changed_on_the_web_is_found_and_drawn_again_by_its_seed(
    register: PublishedRegister, verify: Verify, key: Key
) -> None:
    _replace(register.public / PAGE, b"forged")
    with _served(register.public) as address:
        code, _, err = verify(address, key=[key.public])
        assert (code, f"{PAGE} was changed" in err) == (1, True)
        found = {seed: verify(address, key=[key.public], sample=8, seed=seed)[0] for seed in range(6)}
        assert set(found.values()) == {0, 1}
        again = {seed: verify(address, key=[key.public], sample=8, seed=seed)[0] for seed in range(6)}
        assert again == found
        seed = next(seed for seed, code in found.items() if code == 0)
        assert f"8 files (of 24, drawn by --seed {seed})" in verify(address, sample=8, seed=seed)[1]
        assert verify(f"{address}/", key=[key.public], sample=999)[0] == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda handler: handler.answer(404), "is missing"),
        (lambda handler: handler.answer(403), "the answer is 403"),
        (lambda handler: handler.answer(503), "the answer is 503"),
        (lambda handler: handler.answer(302, Location="http://elsewhere.example/"), "leads to another host"),
        (lambda handler: handler.answer(302, Location="https://127.0.0.1/"), "leads to another host"),
        (lambda handler: handler.answer(302, Location="/"), "leads on and on"),
        (lambda handler: handler.answer(302, Location="/d\xe9j\xe0/"), "cannot be read"),
        (lambda handler: handler.answer(302, Location="http://[::1/"), "cannot be read"),
        (lambda handler: handler.answer(302, Location="http://127.0.0.1:port/"), "leads to another host"),
        (lambda handler: handler.answer(302, Location="//["), "cannot be read"),
        (lambda handler: handler.answer(302, Location="/a b\x7f"), "cannot be read"),
        (lambda handler: handler.answer(200, b"x" * 40_000), "is longer than 30,000 bytes"),
        (lambda handler: handler.connection.close(), "cannot be read"),
    ],
)
def test_what_a_hostile_host_answers_ends(
    register: PublishedRegister, verify: Verify, monkeypatch: pytest.MonkeyPatch, answer: Any, words: str
) -> None:
    monkeypatch.setattr(places.WebPlace.read, "__defaults__", (30_000,))
    with _served(register.public, root=answer) as address:
        code, _, err = verify(address)
    assert code == 1
    assert "index.html" in err
    assert words in err


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "name",
    [
        b"\xff\xfe.html",
        b"a\x00b",
        b"a/../b",
        b"/etc/passwd",
        "e\u0301/index.html".encode(),
        b"a\x0cb",
        b"a?b#c",
        b"%2e%2e/x",
    ],
)
def test_odd_names_in_hostile_sums_are_faults_and_no_crash(
    register: PublishedRegister, verify: Verify, name: bytes
) -> None:
    # Beside its own sums, whose manifest is gone: who holds the host can take it away.
    (register.public / "manifest.json").unlink()
    sums = (register.public / SUMS).read_bytes() + b"0" * 64 + b"  " + name + b"\n"
    _replace(register.public / SUMS, sums)
    assert verify(register.www)[0] == 1
    with _served(register.public) as address:
        assert verify(address)[0] == 1


@pytest.mark.usefixtures("impatient")
def test_a_busy_host_is_asked_again_and_a_redirect_within_it_followed(
    register: PublishedRegister, verify: Verify
) -> None:
    asked = []

    def answer(handler: _Handler) -> None:
        asked.append(handler.path)
        if len(asked) == 1:
            handler.answer(503)
        else:
            handler.answer(301, Location="/index.html")

    with _served(register.public, root=answer) as address:
        assert verify(address)[0] == 0
    assert len(asked) == 2


@pytest.mark.usefixtures("impatient")
def test_a_site_that_cannot_be_reached_is_told(register: PublishedRegister, verify: Verify) -> None:
    with _served(register.public) as address:
        pass  # it stops serving at once: nothing listens at its address any more
    with pytest.raises(places.ReadError, match=r"cannot be read: .*refused"):
        verify(address)


def test_a_site_published_anew_during_the_check_is_not_called_changed(
    register: PublishedRegister, verify: Verify
) -> None:
    asked = []

    def answer(handler: _Handler) -> None:
        content = (register.public / "manifest.json").read_bytes()
        asked.append(handler.path)
        handler.answer(200, content if len(asked) > 1 else (register.public / "manifest.json").read_bytes() + b" ")

    with _served(register.public, **{"/manifest.json": answer}) as address:
        code, _, err = verify(address)
    assert (code, err.splitlines()[-1]) == (
        1,
        "keur: the site was published anew while it was being checked; run this again",
    )
