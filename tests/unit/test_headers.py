"""The table of headers, and the configuration files of hosts that are written from it."""

import fnmatch
import re
from pathlib import Path

import pytest

from keur.publishing.headers import CACHE_RULES, CONTENT_TYPES, HASHED, SECURITY, headers_for
from keur.publishing.host_files import host_files
from keur.urls import is_hashed

DEPLOY = Path(__file__).parents[2] / "deploy"

NAMES = (
    "index.html",
    "404.html",
    "nl/index.html",
    "nl/search/index.html",
    "nl/certificates/assets/index.html",
    "c/benor-29-0107/index.html",
    "c/benor-29-0107/qr.svg",
    "badge/benor-29-0107/index.html",
    "badge/benor-29-0107/badge.svg",
    "badges/index.html",
    "nl/badge/index.html",
    "release.css",
    "assets/fe2fb876a2fa/css/site.css",
    "assets/fe2fb876a2fa/img/favicon.svg",
    "search/2b0f1c2f2c1356b7/records.json",
    "data/certificates.csv",
    "data/certificates.json",
    "ledger/000001.jsonl",
    "c/benor-29-0107/index.json",
    "data/catalog.jsonld",
    "manifest.json",
    "nl/changes.atom",
    "sitemap.xml",
    "SHA256SUMS",
)


@pytest.mark.parametrize(
    ("name", "cache_control"),
    [
        ("nl/index.html", "public, max-age=0, s-maxage=60, must-revalidate"),
        ("c/benor-29-0107/index.html", "public, max-age=0, s-maxage=60, must-revalidate"),
        ("404.html", "public, max-age=0, s-maxage=60, must-revalidate"),
        ("data/certificates.json", "public, max-age=0, s-maxage=60, must-revalidate"),
        ("nl/search/2b0f1c2f2c1356b7/index.html", "public, max-age=0, s-maxage=60, must-revalidate"),
        ("assets/main.js", "public, max-age=0, s-maxage=60, must-revalidate"),
        ("assets/fe2fb876a2fa/js/main.js", "public, max-age=31536000, immutable"),
        ("search/2b0f1c2f2c1356b7/words.json", "public, max-age=31536000, immutable"),
        ("release.css", "public, max-age=60, s-maxage=60, must-revalidate"),
        ("nl/release.css", "public, max-age=0, s-maxage=60, must-revalidate"),
    ],
)
def test_each_kind_of_file_is_kept_for_its_time(name: str, cache_control: str) -> None:
    assert headers_for(name)["Cache-Control"] == cache_control


@pytest.mark.parametrize("name", NAMES)
def test_no_status_outlives_a_withdrawal_in_a_cache(name: str) -> None:
    kept = headers_for(name)["Cache-Control"]
    assert "stale-while-revalidate" not in kept
    assert "stale-if-error" not in kept
    assert ("immutable" in kept) == is_hashed(name)
    if not is_hashed(name):
        assert max(int(seconds) for seconds in re.findall(r"age=(\d+)", kept)) <= 60


@pytest.mark.parametrize("name", NAMES)
def test_every_file_says_what_keeps_its_reader_safe(name: str) -> None:
    headers = headers_for(name)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Referrer-Policy" in headers
    assert "Strict-Transport-Security" not in headers


DATA = {
    "search/2b0f1c2f2c1356b7/records.json",
    "data/certificates.csv",
    "data/certificates.json",
    "ledger/000001.jsonl",
    "c/benor-29-0107/index.json",
    "data/catalog.jsonld",
    "manifest.json",
}


def test_data_may_be_fetched_by_pages_of_other_sites_and_pages_may_not() -> None:
    shared = {name for name in NAMES if headers_for(name).get("Access-Control-Allow-Origin") == "*"}
    assert shared == DATA | {"nl/changes.atom", "sitemap.xml"}


def test_search_engines_are_told_to_show_pages_and_no_data() -> None:
    """What left the register is ``noindex`` on its pages, and must not be found by its JSON or in the ledger."""
    unindexed = {name for name in NAMES if headers_for(name).get("X-Robots-Tag") == "noindex"}
    assert unindexed == DATA


def test_badges_alone_may_be_shown_in_frames_of_other_sites() -> None:
    policies = {name: headers_for(name)["Content-Security-Policy"] for name in NAMES}
    framed = {name for name, policy in policies.items() if "frame-ancestors *" in policy}
    assert framed == {"badge/benor-29-0107/index.html", "badge/benor-29-0107/badge.svg"}
    assert all("frame-ancestors 'none'" in policy for name, policy in policies.items() if name not in framed)
    (other,) = {policies[name].replace("frame-ancestors *", "frame-ancestors 'none'") for name in framed}
    assert other == policies["nl/index.html"]


def test_content_types_are_told_with_their_charset() -> None:
    assert headers_for("nl/index.html")["Content-Type"] == "text/html; charset=utf-8"
    assert headers_for("assets/fe2fb876a2fa/js/main.js")["Content-Type"] == "text/javascript; charset=utf-8"
    assert headers_for("SHA256SUMS")["Content-Type"] == "text/plain; charset=utf-8"
    assert headers_for("odd.unknown")["Content-Type"] == "application/octet-stream"
    for content_type in CONTENT_TYPES.values():
        assert content_type.startswith("text/") == content_type.endswith("; charset=utf-8")


@pytest.mark.parametrize("name", ["assets/fe2fb876a2fa/x", "search/2b0f1c2f2c1356b7/x", "assets/x", "search/x", "nl/x"])
def test_hashed_folders_are_those_of_the_sites_addresses(name: str) -> None:
    assert (re.search(HASHED.pattern, f"/{name}") is not None) == is_hashed(name)


def test_cache_rules_leave_no_path_out() -> None:
    assert re.search(CACHE_RULES[-1].pattern, "/anything") is not None


@pytest.mark.parametrize("name", sorted(host_files()))
def test_files_of_deploy_are_what_the_table_makes(name: str) -> None:
    written = (DEPLOY / name).read_text(encoding="utf-8")
    assert written == host_files()[name], "run python -m keur.publishing.host_files deploy"


def _rules() -> dict[str, dict[str, str]]:
    """Read ``_headers`` as hosts do: a path, then its headers with a blank in front."""
    rules: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in host_files()["_headers"].splitlines():
        if line.startswith("/"):
            current = rules.setdefault(line, {})
        elif line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            current[name] = value
    return rules


def _said(name: str) -> list[tuple[str, str]]:
    """Return what ``_headers`` says of a file: the headers of every rule that fits its path, but those taken away."""
    path = "/" + name.removesuffix("index.html")
    said: list[tuple[str, str]] = []
    for rule, headers in _rules().items():
        if fnmatch.fnmatchcase(path, rule):
            gone = {header.removeprefix("! ") for header in headers if header.startswith("! ")}
            said = [pair for pair in said if pair[0] not in gone]
            said += [pair for pair in headers.items() if not pair[0].startswith("! ")]
    return said


@pytest.mark.parametrize("name", NAMES)
def test_headers_file_says_what_the_table_says(name: str) -> None:
    said = _said(name)
    expected = headers_for(name)
    assert len(dict(said)) == len(said), "a header that two rules name is joined with a comma"
    for header, value in said:
        assert expected[header] == value
    own = {*SECURITY, "Access-Control-Allow-Origin", "X-Robots-Tag"} & expected.keys()
    if not name.endswith(".html"):
        own |= {"Cache-Control"} if is_hashed(name) or name == "release.css" else set()
    assert own <= dict(said).keys()


def test_headers_file_stays_within_the_limits_of_hosts() -> None:
    rules = _rules()
    assert len(rules) <= 100
    assert all(rule.count("*") <= 1 for rule in rules)
    assert all(len(line) <= 2000 for line in host_files()["_headers"].splitlines())
