"""What can be told of templates without a register: escaping, strict policy, and that a page uses its context."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from keur.views import contexts
from tests.sites import ROOT

TEMPLATES = ROOT / "theme" / "templates"
PATHS = sorted(TEMPLATES.rglob("*.html"))

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_UNQUOTED = re.compile(r"""<[a-z][^<>]*?[a-z-]=(?!["'])\{\{""", re.DOTALL)
_INLINE = re.compile(r"""<style|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:""", re.IGNORECASE)


def _source(path: Path) -> str:
    return _COMMENT.sub("", path.read_text(encoding="utf-8"))


def _named(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", PATHS, ids=_named)
def test_attributes_with_values_of_the_export_are_quoted(path: Path) -> None:
    """Escaping keeps a value inside quotes; it cannot keep one inside nothing."""
    assert _UNQUOTED.findall(_source(path)) == []


def test_the_lint_of_attributes_sees_a_missing_quote() -> None:
    assert _UNQUOTED.search("<a class=x href={{ link.href }}>")
    assert _UNQUOTED.search('<a class="x"\n href={{ link.href }}>')
    assert not _UNQUOTED.search('<a href="{{ link.href }}">{{ a }}={{ b }}</a>')


@pytest.mark.parametrize("path", PATHS, ids=_named)
def test_no_inline_style_script_or_handler(path: Path) -> None:
    assert _INLINE.findall(_source(path)) == []


@pytest.mark.parametrize("path", PATHS, ids=_named)
def test_only_a_field_that_says_html_is_printed_as_it_is(path: Path) -> None:
    """``|safe`` stands after names that end in ``_html`` alone, and scripts get their data through ``|tojson``."""
    source = _source(path)
    assert re.findall(r"(?<!_html)\s*\|\s*safe", source) == []
    assert re.findall(r"autoescape\s+false|\|\s*forceescape", source) == []
    blocks = re.findall(r"<script[^>]*type=.application/[^>]*>(.*?)</script>", source, re.DOTALL)
    for block in blocks:
        assert re.fullmatch(r"\{\{[^{}]+\|\s*tojson\s*\}\}", block.strip())
    assert len(re.findall(r"\|\s*tojson", source)) == len(blocks), "its quotes would end an attribute"


@pytest.mark.parametrize("path", PATHS, ids=_named)
def test_what_keeps_its_double_quotes_stands_in_single_ones(path: Path) -> None:
    source = _source(path)
    inside = re.findall(r"""[a-z-]='\{\{[^{}'"]+\|single_quoted \}\}'""", source)
    assert source.count("single_quoted") == len(inside)


def _attributes(name: str, of: str) -> Iterator[str]:
    """Yield the attributes of a variable that a template uses, those of the templates it extends included."""
    environment = Environment(autoescape=True)
    tree = environment.parse((TEMPLATES / name).read_text(encoding="utf-8"))
    for attribute in tree.find_all(nodes.Getattr):
        if isinstance(attribute.node, nodes.Name) and attribute.node.name == of:
            yield attribute.attr
    for extends in tree.find_all(nodes.Extends):
        assert isinstance(extends.template, nodes.Const)
        yield from _attributes(extends.template.value, of)


_PAGES = {
    "home": contexts.HomePage,
    "root": contexts.RootPage,
    "certificate": contexts.CertificatePage,
    "datasheet": contexts.DatasheetPage,
    "card": contexts.CardPage,
    "tombstone": contexts.TombstonePage,
    "tombstone_card": contexts.TombstoneCardPage,
    "neutral": contexts.NeutralPage,
    "badge": contexts.BadgePage,
    "badges": contexts.BadgesPage,
    "filtered_list": contexts.FilteredListPage,
    "system": contexts.SystemPage,
    "product": contexts.ProductPage,
    "holder": contexts.HolderPage,
    "document": contexts.DocumentPage,
    "list": contexts.ListPage,
    "team": contexts.TeamPage,
    "content": contexts.ContentPage,
    "changes": contexts.ChangesPage,
    "data": contexts.DataPage,
    "search": contexts.SearchPage,
    "check": contexts.CheckPage,
    "not_found": contexts.NotFoundPage,
    "patterns": contexts.PatternsPage,
}
# ``path`` is the address that the renderer writes to, not for print. A page in every language has no use for the
# fields of the skeleton for one language.
# The lines of a badge as an image are printed by ``exports.badge``, and a badge names no file for machines.
_NOT_PRINTED = {"image_lines", "path", "alternates", "breadcrumbs", "json_ld", "noindex", "canonical", "description"}


@pytest.mark.parametrize("name", _PAGES)
def test_a_template_prints_every_field_of_its_context_and_no_other(name: str) -> None:
    fields = {field.name for field in dataclasses.fields(_PAGES[name])}
    used = set(_attributes(f"{name}.html", "page"))
    assert used - fields == set()
    assert fields - used - _NOT_PRINTED - ({"json_href"} if name == "badge" else set()) == set()


def test_a_template_uses_only_what_pages_of_a_language_share() -> None:
    fields = set(contexts.SiteView._fields)
    used = {attribute for name in _PAGES for attribute in _attributes(f"{name}.html", "site")}
    assert used == fields
