"""The one table of headers: what every host says of each kind of file.

``keur serve`` and uploads ask ``headers_for``; ``host_files`` writes the configuration of web servers from the same
rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from keur.early_script import SCRIPT_SOURCES

CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; script-src 'self' {SCRIPT_SOURCES}; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""What pages may do: the site is made for this policy. No other site may show its pages in a frame, and of scripts
inside pages those that are named by their hashes may run."""

BADGE_PATTERN = r"^/badge/"
"""Public paths of badges, as a regular expression that Python and nginx share (``urls.badge``)."""

BADGE_SECURITY_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""The policy of badges, which are made for frames of other sites: no form, and one link, to the permalink."""

SECURITY = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # The words of a search stay here: another site learns from which host its visitor came, never from which page.
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
"""What every answer says, faults included; of badges alone the policy is another."""

STRICT_TRANSPORT_SECURITY = "max-age=31536000"
"""For hosts that are sure of their https: browsers then refuse http for a year. Never in the table itself."""

# Not from ``mimetypes``: that reads the machine's own tables, in which .js may be text/plain.
CONTENT_TYPES = {
    ".atom": "application/atom+xml",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".jsonld": "application/ld+json",
    ".pdf": "application/pdf",
    ".pem": "application/x-pem-file",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
}
"""Content types by ending. A file without one is text, of an ending not listed here it is bytes to be downloaded."""

PLAIN_TEXT = "text/plain; charset=utf-8"
OTHER_BYTES = "application/octet-stream"

SHARED_ENDINGS = (".atom", ".csv", ".json", ".jsonl", ".jsonld", ".xml")
"""Endings of data that pages of other sites may fetch: ``Access-Control-Allow-Origin: *``."""

UNINDEXED_ENDINGS = (".csv", ".json", ".jsonl", ".jsonld")
"""Endings of data that search engines are to leave alone, ``X-Robots-Tag: noindex``: pages say the same, and know the
day. What left the register has ``noindex`` on its pages, and stands in these files for good.
"""


@dataclass(frozen=True, slots=True)
class CacheRule:
    """Which public paths may be kept for how long. ``pattern`` is a regular expression that Python and nginx share."""

    name: str
    pattern: str
    cache_control: str


HASHED = CacheRule("hashed", r"^/(assets|search)/[0-9a-f]{8,64}/", "public, max-age=31536000, immutable")
"""Folders named by their content (``urls.is_hashed``): what has such an address never changes."""

RELEASE = CacheRule("release", r"^/release\.css$", "public, max-age=60, s-maxage=60, must-revalidate")
"""Of which day the data is: every page asks for it, so a minute is long enough to spare a request a page."""

PAGE = CacheRule("page", r"^/", "public, max-age=0, s-maxage=60, must-revalidate")
"""Everything else. A browser asks again each time, so a withdrawal is seen at the next look; a shared cache that
nobody purges forgets within a minute. Never ``stale-while-revalidate``: it shows a withdrawn certificate once more."""

CACHE_RULES = (HASHED, RELEASE, PAGE)
"""The first whose pattern is found in a path counts."""


def headers_for(name: str) -> dict[str, str]:
    """Return the headers of a file of the site by its name, relative to the output folder ("nl/index.html")."""
    headers = {
        "Content-Type": _content_type(name),
        "Cache-Control": _cache_rule(name).cache_control,
        **security_for(name),
    }
    if name.endswith(SHARED_ENDINGS):
        headers["Access-Control-Allow-Origin"] = "*"
    if name.endswith(UNINDEXED_ENDINGS):
        headers["X-Robots-Tag"] = "noindex"
    return headers


def security_for(name: str) -> dict[str, str]:
    """Return what keeps a file's reader safe: ``SECURITY``, but for badges, which other sites may show."""
    if re.search(BADGE_PATTERN, f"/{name}"):
        return {**SECURITY, "Content-Security-Policy": BADGE_SECURITY_POLICY}
    return dict(SECURITY)


def _content_type(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    return CONTENT_TYPES.get(suffix, OTHER_BYTES) if suffix else PLAIN_TEXT


def _cache_rule(name: str) -> CacheRule:
    return next(rule for rule in CACHE_RULES if re.search(rule.pattern, f"/{name}"))
