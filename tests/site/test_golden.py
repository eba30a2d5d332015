"""The site of the golden register is, byte for byte, the one that was reviewed and committed.

Pages of two languages and those that belong to none stand in ``golden/`` in full; the rest is pinned by its hashes.
"""

import difflib
import hashlib
import shutil
from pathlib import Path

import pytest

from tests.sites import BuiltSite, files_of, without_releases

GOLDEN = Path(__file__).parent / "golden"
SUMS = "SHA256SUMS"
IN_FULL = ("nl/", "en/", "c/", "d/", "p/", "r/", "index.html", "404.html", "release.css")

pytestmark = pytest.mark.site


def _found(site: BuiltSite) -> dict[str, bytes]:
    """Return what the golden folder would hold for a site."""
    found, sums = {}, []
    for name, content in files_of(site.folder).items():
        if name.startswith(("assets/", "search/")) or name == SUMS:
            continue
        plain = without_releases(content)
        if name.startswith(IN_FULL) and "/patterns/" not in name:
            found[name] = plain
        else:
            sums.append(f"{hashlib.sha256(plain).hexdigest()}  {name}\n")
    found[SUMS] = "".join(sums).encode()
    return found


def test_the_site_is_the_one_that_was_reviewed(golden_site: BuiltSite, request: pytest.FixtureRequest) -> None:
    found = _found(golden_site)
    expected = files_of(GOLDEN) if GOLDEN.exists() else {}
    if found == expected:
        return
    if request.config.getoption("--accept-golden"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for name, content in found.items():
            path = GOLDEN / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return
    changed = [name for name in sorted(found.keys() | expected.keys()) if found.get(name) != expected.get(name)]
    lines = [f"{len(changed)} of {len(found)} files of the golden site differ:", *changed[:40], ""]
    for name in changed[:5]:
        lines += difflib.unified_diff(
            expected.get(name, b"").decode().splitlines(),
            found.get(name, b"").decode().splitlines(),
            f"golden/{name}",
            f"found/{name}",
            lineterm="",
            n=1,
        )
    pytest.fail("\n".join([*lines[:300], "", "make golden accepts this, after it was read"]), pytrace=False)
