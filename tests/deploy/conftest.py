"""A published site, and the servers in front of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from keur.publishing.mtimes import tell_apart
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


@dataclass(frozen=True)
class Served:
    """A small site behind Varnish, and one page of it that no other test asks for."""

    port: int
    site: Path
    page: str

    @property
    def path(self) -> str:
        """The page's public path."""
        return f"/{self.page}/"

    def release(self, text: str, page: str | None = None) -> None:
        """Put a page in place as publishing does: by rename, dated later than the one before."""
        file, staged = self.site / (page or self.page) / "index.html", self.site / "staged"
        file.parent.mkdir(parents=True, exist_ok=True)
        staged.write_text(text)
        tell_apart(staged, file)
        staged.replace(file)


@pytest.fixture(scope="session")
def varnish_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """The port of Varnish in front of nginx, and the folder of its site."""
    work = tmp_path_factory.mktemp("varnish")
    (work / "site").mkdir()
    (work / "site" / "404.html").write_text("nothing")
    with nginx(work / "site", work / "nginx") as backend, varnish(backend, work) as port:
        yield port, work / "site"


@pytest.fixture
def served(varnish_site: tuple[int, Path], request: pytest.FixtureRequest) -> Served:
    """A page of the test's own behind Varnish, that says "valid"."""
    port, site = varnish_site
    found = Served(port, site, f"{len(list(site.iterdir()))}-{request.node.name.partition('[')[0]}")
    found.release("valid  ")
    return found
