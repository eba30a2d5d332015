"""Pages to HTML: the only user of Jinja beside Pelican itself.

Autoescape is on and an undefined name is an error; nothing but this theme's folder is looked at, so a missing template
fails instead of falling back to another theme's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from string import Formatter
from types import SimpleNamespace

from jinja2 import Template, TemplateError
from markupsafe import Markup, escape

from keur.site.assets import Assets, ThemeError
from keur.site.compiling import LanguageTemplates, TemplateCode
from keur.site.printing import printed
from keur.urls import Urls
from keur.views.contexts import ComponentExample, ComponentView, Page, SiteView
from keur.views.language import Language


class Renderer:
    """Renders pages of one language."""

    def __init__(self, code: TemplateCode, language: Language, assets: Assets, site_urls: Urls) -> None:
        hrefs: dict[str, str] = {}

        def asset(name: str) -> str:
            if name not in hrefs:
                hrefs[name] = site_urls.href(assets.path(name))
            return hrefs[name]

        self._templates = LanguageTemplates(
            code, {"t": _translate(language), "tn": _translate_count(language), "asset": asset}
        )
        self._prepared: dict[str, Template] = {}

    def prepare(self, template: str) -> Template:
        """Return a template of the theme for pages of this language, compiled at most once."""
        if template not in self._prepared:
            self._prepared[template] = self._templates.page_template(template)
        return self._prepared[template]

    def render(self, template: str, page: Page, site: SiteView) -> bytes:
        """Render a page with a template of the theme."""
        try:
            return self.prepare(template).render(page=page, site=site).encode("utf-8")
        except (TemplateError, TypeError, KeyError, ValueError, AttributeError) as error:
            raise ThemeError(f"{page.path}: the template {template} failed: {error}") from error


def make_renderers(
    templates: Path, languages: Iterable[Language], assets: Assets, site_urls: Urls
) -> dict[str, Renderer]:
    """Return a renderer for each language by its tag; they share the code of the templates."""
    code = TemplateCode(templates)
    return {language.tag: Renderer(code, language, assets, site_urls) for language in languages}


def _translate(language: Language) -> Callable[..., Markup]:
    messages: dict[str, Markup] = {}
    pieces: dict[str, list[tuple[str, str | None]]] = {}

    def t(message: str, **values: object) -> Markup:
        text = messages.get(message)
        if text is None:
            text = messages[message] = escape(language.catalogue.gettext(message))
        if not values:
            return text
        if message not in pieces:
            pieces[message] = [(words, name) for words, name, _, _ in Formatter().parse(str(text))]
        filled = [words if name is None else words + printed(values[name]) for words, name in pieces[message]]
        return Markup("".join(filled))  # noqa: S704  # every piece of it is escaped

    return t


def _translate_count(language: Language) -> Callable[..., Markup]:
    def tn(one: str, many: str, n: int, **values: object) -> Markup:
        text = escape(language.catalogue.ngettext(one, many, n))
        return text.format(n=language.number(n), **values)

    return tn


def read_components(templates: Path) -> tuple[ComponentView, ...]:
    """Read the theme's components, each with its examples, for the pattern page."""
    components = []
    for examples in sorted((templates / "components").glob("*/examples.json")):
        name = examples.parent.name
        try:
            # Attributes, as contexts have: a mapping's own methods would hide an item named "items" or "values".
            shown = json.loads(examples.read_text(encoding="utf-8"), object_hook=lambda parts: SimpleNamespace(**parts))
            components.append(
                ComponentView(
                    name,
                    f"components/{name}/template.html",
                    tuple(ComponentExample(example.name, vars(example.arguments)) for example in shown),
                )
            )
        except (ValueError, AttributeError, TypeError) as error:
            raise ThemeError(f"the examples of the component {name} cannot be read: {error}") from error
    return tuple(components)
