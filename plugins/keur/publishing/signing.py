"""Signatures of manifests, Ed25519, by the optional package ``cryptography``; openssl knows the files as well."""

from __future__ import annotations

import importlib
import stat
import sys
from pathlib import Path
from typing import Any

from keur.keys import KeyFileError, PublicKey

SIGNATURE_LENGTH = 64


class NoCryptographyError(KeyFileError):
    """The optional package is not installed."""

    def __init__(self) -> None:
        super().__init__("signatures need the package cryptography: pip install 'keur[sign]'")


class Signer:
    """A private key that signs. It never leaves this object."""

    def __init__(self, private: Any) -> None:
        self._private = private
        serialization = importlib.import_module("cryptography.hazmat.primitives.serialization")
        der = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.public = PublicKey(der)

    def sign(self, content: bytes) -> bytes:
        """Return the signature, 64 bytes; the same content gives the same."""
        signature: bytes = self._private.sign(content)
        return signature


def load_signer(path: Path) -> Signer:
    """Read a private key from a PEM file, as ``openssl genpkey -algorithm ed25519`` writes it.

    Raises ``KeyFileError`` where it is none, or where everybody on the machine may read it.
    """
    try:
        if sys.platform != "win32" and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            raise KeyFileError(f"everybody may read the private key {path}: chmod 600 it, and better make a new one")
        content = path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"cannot read the private key {path}: {error.strerror}") from error
    serialization = _cryptography("serialization")
    try:
        private = serialization.load_pem_private_key(content, password=None)
    except TypeError as error:
        message = (
            f"the private key {path} is encrypted: Keur asks for no passphrase; openssl pkey -in {path} takes it off"
        )
        raise KeyFileError(message) from error
    except ValueError as error:
        raise KeyFileError(f"{path} must be a PEM file that begins with -----BEGIN PRIVATE KEY-----") from error
    if not isinstance(private, _cryptography("asymmetric.ed25519").Ed25519PrivateKey):
        raise KeyFileError(f"{path} holds a key that is not Ed25519; openssl genpkey -algorithm ed25519 makes one")
    return Signer(private)


def is_signed(content: bytes, signature: bytes, key: PublicKey) -> bool:
    """Tell whether a signature of some content was made by the private half of a key."""
    public = _cryptography("serialization").load_der_public_key(key.der)
    try:
        public.verify(signature, content)
    except importlib.import_module("cryptography.exceptions").InvalidSignature:
        return False
    return True


def _cryptography(name: str) -> Any:
    try:
        return importlib.import_module(f"cryptography.hazmat.primitives.{name}")
    except ImportError:
        raise NoCryptographyError from None
