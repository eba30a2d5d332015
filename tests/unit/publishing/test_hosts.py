"""Limits of hosts are told before anything is sent."""

import hashlib
from pathlib import Path

import pytest

from keur.publishing import FinishedSite, PublishError, check_host, hosts


def _site(folder: Path, files: int = 1, largest: int = 1) -> FinishedSite:
    """Make a site of sparse files, which take no room on disk."""
    names = ["index.html", *(f"{number % 10}/{number}.html" for number in range(files - 1))]
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    with (folder / "index.html").open("wb") as page:
        page.truncate(largest)
    return FinishedSite(folder, "0" * 64, dict.fromkeys(names, hashlib.sha256(b"").hexdigest()))


MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("host", "largest", "message"),
    [
        ("cloudflare-pages", 25 * MIB + 1, "25.0 MiB in index.html, of at most 25.0 MiB"),
        ("cloudflare-pages-paid", 26 * MIB, "26.0 MiB in index.html, of at most 25.0 MiB"),
        ("github-pages", 1_100_000_000, "1,100.0 MB together, of at most 1,000.0 MB"),
        ("gitlab-pages", 1_100_000_000, "1,100.0 MB together, of at most 1,000.0 MB"),
    ],
)
def test_a_site_beyond_a_limit_is_refused(tmp_path: Path, host: str, largest: int, message: str) -> None:
    with pytest.raises(PublishError) as refused:
        check_host(_site(tmp_path, largest=largest), host)
    assert str(refused.value) == f"{host} does not take this site: {message}"


def test_a_site_near_a_limit_is_warned_of(tmp_path: Path) -> None:
    (warning,) = check_host(_site(tmp_path, largest=24 * MIB), "cloudflare-pages")
    assert warning == "cloudflare-pages takes little more: 24.0 MiB in index.html, of at most 25.0 MiB"


def test_a_small_site_fits_everywhere(tmp_path: Path) -> None:
    assert check_host(_site(tmp_path), "cloudflare-pages") == ()


def test_files_are_counted_and_folders_where_the_host_counts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = _site(tmp_path, files=30)
    monkeypatch.setitem(hosts.HOSTS, "few", hosts.Limits(files=35))
    assert check_host(site, "few") == ()
    monkeypatch.setitem(hosts.HOSTS, "few", hosts.Limits(files=35, folders_count=True))
    with pytest.raises(PublishError, match="40 files, of at most 35 files"):
        check_host(site, "few")
