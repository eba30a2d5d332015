"""The search data of a release: what the browser loads to resolve numbers, search words and filter."""

from keur.search.content import ContentText, content_payload
from keur.search.payload import build_payload, search_release

__all__ = ["ContentText", "build_payload", "content_payload", "search_release"]
