"""A published site, and the servers in front of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from keur.site.compress import compressed
from tests.deploy.programs import brotli_module, nginx, varnish
from tests.sites import BuiltSite, golden_site

__all__ = ["golden_site"]


@pytest.fixture(scope="session")
def published(golden_site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden site as it is published: compressed files beside plain ones, behind a link."""
    folder = tmp_path_factory.mktemp("published")
    site = folder / "releases" / "1"
    shutil.copytree(golden_site.folder, site)
    for path in sorted(site.rglob("*")):
        if path.is_file():
            for suffix, content in compressed(path.relative_to(site).as_posix(), path.read_bytes()).items():
                path.with_name(path.name + suffix).write_bytes(content)
    (folder / "current").symlink_to("releases/1")
    return folder / "current"


@pytest.fixture(scope="session")
def nginx_port(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of nginx with the published site."""
    with nginx(published, tmp_path_factory.mktemp("nginx"), brotli=brotli_module()) as port:
        yield port


@pytest.fixture
def varnish_port(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port of Varnish in front of nginx with a small site of its own, and that site's folder."""
    site = tmp_path / "site"
    for name, text in {"index.html": "root", "404.html": "nothing", "nl/index.html": "valid  "}.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    with nginx(site, tmp_path / "nginx") as backend, varnish(backend, tmp_path) as port:
        yield port, site
