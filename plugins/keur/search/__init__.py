"""The search data of a release: what the browser loads to resolve numbers, search words and filter."""

from keur.search.payload import build_payload, search_release

__all__ = ["build_payload", "search_release"]
