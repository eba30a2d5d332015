"""The page on which the site itself can be checked: what vouches for it, by script here or by commands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from keur import urls
from keur.views.contexts import Command, VerifyPage
from keur.views.frame import Frame, page_fields
from keur.views.script_words import verify_words


def verify_page(frame: Frame, fingerprints: Sequence[str]) -> VerifyPage:
    """Return the page; ``fingerprints`` are those of the keys that sign, the present one first; there may be none."""
    viewer = frame.viewer
    t = viewer.language.t
    return VerifyPage(
        **page_fields(
            frame,
            path_of=urls.verify,
            title=t("Verify this site"),
            description=t("Check that the pages of this site are as their publisher made them."),
            crumb=t("Verify this site"),
        ),
        fingerprints=tuple(fingerprints),
        commands=_commands(frame),
        base=viewer.urls.href("/"),
        example=_whole(frame, urls.home(viewer.lang)),
        words=verify_words(viewer.language),
    )


def _commands(frame: Frame) -> tuple[Command, ...]:
    """Return the commands that check the same without this page. They are the same in every language."""
    t = frame.viewer.language.t
    manifest, signature, keys, sums, home = (
        urls.file_of(path)
        for path in (
            urls.manifest(),
            urls.manifest_signature(),
            urls.public_keys(),
            urls.sums(),
            urls.home(frame.viewer.lang),
        )
    )
    fetched = (urls.manifest(), urls.manifest_signature(), urls.public_keys(), urls.sums())
    return (
        Command(
            t("Fetch what vouches for the site"),
            "curl --fail --remote-name-all " + " ".join(_whole(frame, path) for path in fetched),
        ),
        Command(
            t("The fingerprint of the key: compare it with what the publisher says elsewhere"),
            f"openssl pkey -pubin -in {keys} -outform DER | sha256sum",
        ),
        Command(
            t("The signature of the manifest (OpenSSL 3 or later)"),
            f"openssl pkeyutl -verify -pubin -inkey {keys} -rawin -in {manifest} -sigfile {signature}",
        ),
        Command(
            t("The list of all files: the manifest names its SHA-256"), f"sha256sum {sums}; grep sha256 {manifest}"
        ),
        Command(
            t("A page: the list names its SHA-256"),
            f"curl --fail {_whole(frame, urls.home(frame.viewer.lang))} | sha256sum; grep ' {home}$' {sums}",
        ),
        Command(
            t("All at once, with Keur: every file, the signature, and the memory of the register"),
            f"keur verify {_whole(frame, urls.root())} --key {keys}",
        ),
    )


def _whole(frame: Frame, path: str) -> str:
    """Return a whole address, with a word in the place of the host where that is not known."""
    site_urls = frame.viewer.urls
    return site_urls.canonical(path) or "https://HOST" + site_urls.href(path)
