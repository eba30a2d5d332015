"""Times of change by which web servers tell the versions of a file apart."""

import os
from pathlib import Path

import pytest

from keur.publishing import FinishedSite, FolderTarget, publish
from keur.publishing.mtimes import tell_apart
from tests.unit.publishing import releases


def test_a_file_is_dated_later_than_those_it_follows(tmp_path: Path) -> None:
    new, old, older = (tmp_path / name for name in ("new", "old", "older"))
    for path, second in ((new, 1000), (old, 1000), (older, 1003)):
        path.write_text("x")
        os.utime(path, (second, second))
    tell_apart(new, old)
    assert new.stat().st_mtime == 1001
    tell_apart(new, old, older, tmp_path / "missing")
    assert new.stat().st_mtime == 1004
    tell_apart(new, old)
    assert new.stat().st_mtime == 1004, "a file that is later already keeps its time"
    tell_apart(new)
    assert new.stat().st_mtime == 1004


def test_no_two_versions_of_a_published_page_share_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sync", releases.nothing)
    sites: list[FinishedSite] = releases.make_sites(tmp_path)
    versions: dict[tuple[str, int], bytes] = {}
    target = FolderTarget(tmp_path / "www", keep=3)
    for site in (*sites, *sites):
        publish(site, releases.facts(0), target, releases.nothing, releases.nothing)
        current = tmp_path / "www" / "current"
        for name in site.files:
            content = (current / name).read_bytes()
            second = int((current / name).stat().st_mtime)
            assert versions.setdefault((name, second), content) == content, name
