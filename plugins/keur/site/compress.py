"""Files compressed once, at build time, for web servers that send them as they are: ``name.gz`` and ``name.br`` beside.

Levels by measurement, on pages of the demonstration register (bytes and milliseconds a datasheet of 10.4 kB):

========  ======  =====
brotli 4   3,130   0.18
brotli 5   2,936   0.23
brotli 9   2,934   7.07
brotli 10  2,732   4.38
brotli 11  2,669  10.59
gzip 6     3,201   0.13
gzip 9     3,198   0.14
========  ======  =====

A register has tens of thousands of pages, each read seldom: they take brotli 5, where the curve bends. Files in folders
named by their content are few and fetched by every visitor: they take brotli 10, a seventh smaller for search data.
"""

from __future__ import annotations

import importlib
import struct
import zlib
from functools import cache
from pathlib import PurePosixPath
from types import ModuleType

from keur.urls import is_hashed

SUFFIXES = (".br", ".gz")
"""The endings of compressed files, the better first."""

COMPRESSED_ENDINGS = frozenset(
    ["", *".atom .css .csv .html .js .json .jsonl .jsonld .svg .txt .webmanifest .xml".split()]
)
"""Endings of text, none among them; pictures and PDF are compressed already."""

_LEAST_BYTES = 256
"""Below this a compressed file saves no packet and costs a file."""
_WORTH = 0.9
"""A compressed file is kept where it is at most this part of the plain one."""

_BROTLI_PAGE = 5
_BROTLI_HASHED = 10
_GZIP = 6

# Magic, deflate, no name, no time, no extra flags, unknown system: the same on every machine.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def compressed(name: str, content: bytes) -> dict[str, bytes]:
    """Return the compressed forms of a file by the suffix that its name takes; none where they are not worth it.

    The same content gives the same bytes with the same libraries. Without the package ``brotli`` there is gzip alone.
    """
    if len(content) < _LEAST_BYTES or PurePosixPath(name).suffix not in COMPRESSED_ENDINGS:
        return {}
    forms = {".gz": _gzip(content)}
    brotli = _brotli()
    if brotli is not None:
        quality = _BROTLI_HASHED if is_hashed(name) else _BROTLI_PAGE
        forms[".br"] = brotli.compress(content, mode=brotli.MODE_TEXT, quality=quality)
    return {suffix: forms[suffix] for suffix in SUFFIXES if suffix in forms and _is_worth(forms[suffix], content)}


def can_brotli() -> bool:
    """Tell whether the package ``brotli`` is there."""
    return _brotli() is not None


def _is_worth(form: bytes, content: bytes) -> bool:
    return len(form) <= len(content) * _WORTH


@cache
def _brotli() -> ModuleType | None:
    try:
        return importlib.import_module("brotli")
    except ImportError:
        return None


def _gzip(content: bytes) -> bytes:
    # Not gzip.compress: the byte that names the system differs between platforms and releases of Python.
    deflate = zlib.compressobj(_GZIP, zlib.DEFLATED, -zlib.MAX_WBITS)
    tail = struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return b"".join((_GZIP_HEAD, deflate.compress(content), deflate.flush(), tail))
