"""Headers of each kind of file, for hosts that keep them with the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from keur.urls import is_hashed

_PAGE = "public, max-age=0, s-maxage=60, must-revalidate"
_FOR_EVER = "public, max-age=31536000, immutable"
_CONTENT_TYPES = {
    "": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
}


def headers_for(name: str) -> Mapping[str, str]:
    """Return the headers of a file of the site by its name."""
    return {
        "Cache-Control": _FOR_EVER if is_hashed(name) else _PAGE,
        "Content-Type": _CONTENT_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream"),
    }
