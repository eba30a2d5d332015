"""Which templates a template is made of: its digest changes when that of any does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from keur.site.shown import digest

_REFERENCE = re.compile(r"{%-?\s*(?:extends|include|import|from)\s+(.*?)%}", re.DOTALL)
_NAME = re.compile(r"""(["'])(?P<name>[^"']*)\1\s*(?P<more>~)?""")


def template_digests(folder: Path, assets_release: str) -> dict[str, bytes]:
    """Return the digest of each template of a theme with all that it includes, imports or extends.

    ``assets_release`` counts for all: any may print the address of a file of the theme. The examples of components are
    counted with their template, for a page shows them.
    """
    sources = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.html"))}
    references = {name: _references(source.decode("utf-8"), sources) for name, source in sources.items()}
    examples = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.json"))}
    digests = {}
    for name in sources:
        parts = sorted(_closure(name, references))
        # A template that names what it includes only when it runs may include anything, examples too.
        shown = sorted(examples.items()) if len(parts) == len(sources) else []
        digests[name] = digest(assets_release, *(text for part in parts for text in (part, sources[part])), repr(shown))
    return digests


def _references(source: str, sources: Mapping[str, bytes]) -> frozenset[str]:
    """Return the templates that a source may name; one whose name is put together counts for all that begin so."""
    found: set[str] = set()
    for match in _REFERENCE.finditer(source):
        literal = _NAME.match(match[1])
        if literal is None:
            found.update(sources)
        elif literal["more"]:
            found.update(name for name in sources if name.startswith(literal["name"]))
        else:
            found.add(literal["name"])
    return frozenset(found & sources.keys())


def _closure(name: str, references: Mapping[str, frozenset[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        reached.add(next_ := waiting.pop())
        waiting += references[next_] - reached
    return reached
