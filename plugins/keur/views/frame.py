"""What every page has around its own matter: title, address, the way up, the same page in other languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from keur import urls
from keur.model import Certificate, Datasheet
from keur.views.contexts import LanguageLink, NavItem
from keur.views.language import Language
from keur.views.viewer import Viewer


class LinkedData(Protocol):
    """Where the linked data of a record's page comes from."""

    def certificate(self, certificate: Certificate) -> Mapping[str, object]:
        """Return a certificate as schema.org data."""

    def datasheet(self, datasheet: Datasheet, *, declared: bool = True) -> Mapping[str, object]:
        """Return a datasheet as schema.org data, with its declared characteristics if they are wanted."""


class Frame(NamedTuple):
    """The page's language and the site's languages in their order."""

    viewer: Viewer
    languages: tuple[Language, ...]

    def same_page(self, path_of: Callable[[str], str], tags: Sequence[str] | None = None) -> tuple[LanguageLink, ...]:
        """Return the page in each of its languages, all of the site's where none are named."""
        links = []
        own, site_urls = self.viewer.lang, self.viewer.urls
        for language in self.languages:
            tag = language.tag
            if tags is None or tag in tags:
                path = path_of(tag)
                href = site_urls.href(path)
                links.append(LanguageLink(tag, language.name, href, site_urls.canonical(path) or href, tag == own))
        return tuple(links)


def page_fields(
    frame: Frame,
    *,
    path_of: Callable[[str], str],
    title: str,
    description: str,
    crumb: str,
    trail: tuple[NavItem, ...] = (),
    json_ld: Mapping[str, object] | None = None,
    json_path: str | None = None,
    noindex: bool = False,
    tags: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return the fields that every page of a language has; ``crumb`` names the page itself at the end of the way.

    ``json_path`` is the path of the same matter as JSON.
    """
    viewer = frame.viewer
    path = path_of(viewer.lang)
    home = NavItem(viewer.language.t("Home"), viewer.urls.href(urls.home(viewer.lang)))
    here = NavItem(crumb, viewer.urls.href(path), current=True)
    return {
        "title": title,
        "description": description,
        "path": path,
        "canonical": viewer.urls.canonical(path),
        "noindex": noindex,
        "breadcrumbs": (home, *trail, here),
        "alternates": frame.same_page(path_of, tags),
        "json_ld": json_ld,
        "json_href": viewer.urls.href(json_path) if json_path else None,
    }


def neutral_fields(
    frame: Frame,
    *,
    path: str,
    title: str,
    description: str,
    json_ld: Mapping[str, object] | None = None,
    json_path: str | None = None,
    noindex: bool = False,
) -> dict[str, Any]:
    """Return the fields of a page that is the same for every language."""
    return {
        "title": title,
        "description": description,
        "path": path,
        "canonical": frame.viewer.urls.canonical(path),
        "noindex": noindex,
        "breadcrumbs": (),
        "alternates": (),
        "json_ld": json_ld,
        "json_href": frame.viewer.urls.href(json_path) if json_path else None,
    }
