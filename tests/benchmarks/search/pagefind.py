"""Pagefind on the same pages: brought from PyPI into an environment of its own, run, and put into the same page."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import Run, run

_PACKAGES = ("pagefind", "pagefind_bin", "brotli")
RECORDS = ("certificates", "datasheets", "products", "holders", "documents", "systems")


@dataclass(frozen=True)
class Tools:
    """An environment that holds Pagefind and brotli, which the project itself does not need."""

    python: Path

    @classmethod
    def install(cls, folder: Path) -> Tools:
        """Make the environment below ``folder``, or take the one that is there."""
        python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        tools = cls(python)
        if not python.is_file() or not tools._holds_all():
            venv.create(folder, with_pip=True, clear=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *_PACKAGES], check=True)
        return tools

    def _holds_all(self) -> bool:
        code = "import brotli, pagefind, pagefind_bin"
        return subprocess.run([self.python, "-c", code], capture_output=True, check=False).returncode == 0

    def brotli(self) -> Callable[[bytes, int], bytes]:
        """Return brotli's compression. The module is taken from the environment: both run the same Python."""
        code = "import brotli, pathlib; print(pathlib.Path(brotli.__file__).parent)"
        found = subprocess.run([self.python, "-c", code], capture_output=True, check=True, text=True)
        sys.path.append(found.stdout.strip())
        import brotli  # type: ignore[import-not-found]  # noqa: PLC0415  # only now can it be found

        return lambda content, quality: brotli.compress(content, quality=quality)

    def version(self) -> str:
        """Return the version of Pagefind."""
        found = subprocess.run([self.python, "-m", "pagefind", "--version"], capture_output=True, check=True, text=True)
        return found.stdout.strip()

    def index(self, site: Path, lang: str, content: Sequence[str], output: Path) -> Run:
        """Index the record and content pages of one language; return what it cost."""
        kinds = ",".join(f"{kind}/*" for kind in RECORDS)
        glob = f"{lang}/{{{kinds}{''.join(f',{name}' for name in content)}}}/index.html"
        where = ["--site", str(site), "--glob", glob, "--root-selector", "main", "--output-path", str(output)]
        return run([str(self.python), "-m", "pagefind", "--silent", *where], site)


def index_files(bundle: Path) -> list[Path]:
    """Return the files of a bundle that a search reads: not the engine, and not Pagefind's own user interfaces."""
    return [file for file in sorted(bundle.rglob("*")) if file.suffix.startswith(".pf_") or file.suffix == ".json"]


def bare_page(html: str) -> str:
    """Return a search page without its engine: no script, nothing that is fetched ahead for one, no data blocks."""
    html = re.sub(r"<script\b[^>]*>.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r'<link\b[^>]*rel="?(?:modulepreload|preload|prefetch)"?[^>]*>', "", html)


def pagefind_page(html: str, script: str) -> str:
    """Return the same page with Pagefind as its engine."""
    return bare_page(html).replace("</head>", f'<script type="module" src="{script}"></script></head>')
