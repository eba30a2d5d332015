"""Pages to HTML: the only user of Jinja beside Pelican itself.

Autoescape is on and an undefined name is an error; nothing but this theme's folder is looked at, so a missing template
fails instead of falling back to another theme's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError
from markupsafe import Markup, escape

from keur.site.assets import Assets, ThemeError
from keur.urls import Urls
from keur.views.contexts import ComponentExample, ComponentView, Page, SiteView
from keur.views.language import Language


class Renderer:
    """Renders pages of one language."""

    def __init__(self, templates: Path, language: Language, assets: Assets, site_urls: Urls) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        hrefs: dict[str, str] = {}

        def asset(name: str) -> str:
            if name not in hrefs:
                hrefs[name] = site_urls.href(assets.path(name))
            return hrefs[name]

        self.environment.globals.update(t=_translate(language), tn=_translate_count(language), asset=asset)
        # JSON in a page must not depend on the order in which a mapping was made, only on what the page says.
        self.environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
        self._templates: dict[str, Template] = {}

    def render(self, template: str, page: Page, site: SiteView) -> bytes:
        """Render a page with a template of the theme."""
        try:
            if template not in self._templates:
                self._templates[template] = self.environment.get_template(template)
            return self._templates[template].render(page=page, site=site).encode("utf-8")
        except (TemplateError, TypeError, KeyError, ValueError, AttributeError) as error:
            raise ThemeError(f"{page.path}: the template {template} failed: {error}") from error


def _translate(language: Language) -> Callable[..., Markup]:
    messages: dict[str, Markup] = {}

    def t(message: str, **values: object) -> Markup:
        text = messages.get(message)
        if text is None:
            text = messages[message] = escape(language.catalogue.gettext(message))
        return text.format(**values) if values else text

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
