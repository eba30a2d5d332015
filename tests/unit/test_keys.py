"""Public keys as PEM files hold them; what is no Ed25519 key, or is a secret, is refused."""

import base64
from pathlib import Path

import pytest

from keur.keys import KeyFileError, read_public_keys
from keur.sources import public_keys_of

# RFC 8410, section 10.1, and its SHA-256 as `openssl pkey -pubin -outform DER | sha256sum` tells it.
RFC_8410 = b"""-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
"""


def _pem(der: bytes, label: str = "PUBLIC KEY") -> bytes:
    return f"-----BEGIN {label}-----\n{base64.b64encode(der).decode()}\n-----END {label}-----\n".encode()


def test_the_key_of_the_standard_is_read_and_written_again() -> None:
    (key,) = read_public_keys(RFC_8410, "key.pem")
    assert key.pem == RFC_8410
    assert len(key.fingerprint) == 64


def test_several_keys_stand_in_their_order_and_once() -> None:
    prefix = read_public_keys(RFC_8410, "")[0].der[:12]
    one, two = _pem(prefix + bytes(32)), _pem(prefix + bytes([1]) * 32)
    assert b"".join(key.pem for key in read_public_keys(two + one + two, "")) == two + one


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "begins with -----BEGIN PUBLIC KEY-----"),
        (b"\xff\x00", "begins with -----BEGIN PUBLIC KEY-----"),
        (_pem(bytes(44)), "not Ed25519"),
        (b"-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----", "not Ed25519"),
        (RFC_8410 + _pem(bytes(48), "PRIVATE KEY"), "public keys alone; found a block PRIVATE KEY"),
        (_pem(bytes(48), "ENCRYPTED PRIVATE KEY"), "found a block ENCRYPTED PRIVATE KEY"),
    ],
)
def test_what_is_no_public_key_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(KeyFileError, match=words):
        read_public_keys(content, "key.pem")


def test_settings_name_files_of_keys(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(RFC_8410)
    settings = {"KEUR_PUBLIC_KEYS": (str(tmp_path / "key.pem"),)}
    assert public_keys_of(settings) == read_public_keys(RFC_8410, "")
    with pytest.raises(KeyFileError, match=r"cannot read the public key .*nowhere"):
        public_keys_of({"KEUR_PUBLIC_KEYS": (str(tmp_path / "nowhere"),)})
