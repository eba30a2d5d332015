"""The words that scripts print, by the keys they know them by; {placeholders} are left for the script to fill."""

from __future__ import annotations

from collections.abc import Mapping

from keur.views.language import Language


def page_words(language: Language) -> Mapping[str, str]:
    """Return the words of any page: a status that changed since the export, and the button that copies a number.

    The sentences are those that ``statuses.sentence`` prints, by the keys of ``status.js``.
    """
    t = language.message
    return {
        "valid_until": t("Valid until {date}"),
        "valid_open": t("Valid since {date}, no end date"),
        "trial": t("In trial period since {date}"),
        "suspended": t("Suspended since {date}"),
        "withdrawn": t("Withdrawn since {date}"),
        "ended": t("Ended at the holder's request since {date}"),
        "superseded": t("Superseded since {date}"),
        "expired": t("Expired since {date}"),
        "expired_after": t("Expired: was valid until {date}"),
        "not_yet_valid": t("Not yet valid: validity begins on {date}"),
        "on_or_before": t("{date} or earlier"),
        "since_day": t("{date}"),
        "too_old": t("The data of {date} is too old to tell. Ask the certification body."),
        "copy": t("Copy"),
        "copied": t("Copied"),
    }


def search_words(language: Language) -> Mapping[str, str]:
    """Return the words of the search page."""
    return {"x": language.message("Search")}
