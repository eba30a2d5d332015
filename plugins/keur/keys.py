"""Public keys of signatures, Ed25519, as PEM files hold them; reading them needs no cryptography.

The fingerprint of a key is the SHA-256 of its SubjectPublicKeyInfo, as hexadecimal digits; anyone gets it by
``openssl pkey -pubin -in FILE -outform DER | sha256sum``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import NamedTuple

from keur.problems import KeurError

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s*(.*?)\s*-----END \1-----", re.DOTALL)
_ED25519 = bytes.fromhex("302a300506032b6570032100")
"""How the SubjectPublicKeyInfo of an Ed25519 key begins (RFC 8410, section 4); 32 bytes of key follow."""
_KEY_LENGTH = 32


class KeyFileError(KeurError):
    """A file does not hold the keys that it should."""


class PublicKey(NamedTuple):
    """An Ed25519 key by its SubjectPublicKeyInfo (DER)."""

    der: bytes

    @property
    def fingerprint(self) -> str:
        """What people compare: 64 hexadecimal digits."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def pem(self) -> bytes:
        """The key as a block of a PEM file."""
        return b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(self.der) + b"\n-----END PUBLIC KEY-----\n"


def read_public_keys(content: bytes, shown: str) -> tuple[PublicKey, ...]:
    """Return the public keys of a PEM file, in its order; ``shown`` is its name in messages.

    Raises ``KeyFileError`` where it holds none, one that is not Ed25519, or a private key: that must not be published.
    """
    keys = []
    for label, body in _BLOCK.findall(content.decode("ascii", "replace")):
        if label != "PUBLIC KEY":
            raise KeyFileError(f"{shown} must hold public keys alone; found a block {label}")
        try:
            der = base64.b64decode("".join(body.split()), validate=True)
        except binascii.Error:
            der = b""
        if not der.startswith(_ED25519) or len(der) != len(_ED25519) + _KEY_LENGTH:
            raise KeyFileError(f"{shown} holds a key that is not Ed25519; openssl genpkey -algorithm ed25519 makes one")
        keys.append(PublicKey(der))
    if not keys:
        raise KeyFileError(f"{shown} must be a PEM file that begins with -----BEGIN PUBLIC KEY-----")
    return tuple(dict.fromkeys(keys))
