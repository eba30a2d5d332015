"""The words that scripts print, by the keys they know them by; {placeholders} are left for the script to fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keur.views.language import Language


def page_words(language: Language) -> Mapping[str, str]:
    """Return the words of any page: a status that changed since the export, data too old, the button that copies."""
    t = language.message
    return {
        **_status_sentences(language),
        **_status_words(language),
        "stale": t("The data of this register are of {date}: too old to tell what holds today. Ask the publisher."),
        "copy": t("Copy"),
        "copied": t("Copied"),
        "question": t("Was it valid on a given day?"),
        "question_ask": t("Answer"),
        "answer_events": t("On {day}: {status}, by the status events of the certification body."),
        "answer_dates": t("On {day}: {status}, by its dates."),
        "answer_dates_only": t(
            "On {day}: {status}, by its dates alone. "
            "No export of that time is kept: an interruption would not be known."
        ),
        "answer_exports": t("On {day}: {status}, as the exports since {since} showed it."),
        "answer_not_listed": t("On {day}: not listed. The exports since {since} did not hold it."),
        "answer_not_known": t("What held on {day} is not known: what this register was told does not settle it."),
        "answer_later": t("What held on {day} is not known: the data of this register end on {since}."),
        "answer_covered": t("A delivery on {day} was covered."),
        "answer_not_covered": t("A delivery on {day} was not covered."),
        "answer_coverage_not_known": t("Whether a delivery on {day} was covered is not known."),
        "answer_datasheet": t("Datasheet"),
    }


def words_of_scripts(languages: Sequence[Language]) -> dict[str, Mapping[str, str]]:
    """Return the words that scripts fetch, by the name of their file: of any page, and of the search page."""
    return {
        **{language.tag: page_words(language) for language in languages},
        **{f"search.{language.tag}": further_search_words(language) for language in languages},
    }


def search_words(language: Language) -> Mapping[str, str]:
    """Return the words that stand in the search page: of its first answer, and of a search that cannot be read."""
    t = language.message
    return {
        **_status_sentences(language),
        "kind_certificate": t("Certificate"),
        "kind_approval": t("Technical approval"),
        "loading": t("Loading the register…"),
        "failed": t(
            "The search data could not be read. Reload the page, or use the lists below: they hold every record."
        ),
    }


def further_search_words(language: Language) -> Mapping[str, str]:
    """Return the words that come with the rest of the search: what it found, why it found nothing, and its filters."""
    t = language.message
    return {
        "results_one": t("{n} result"),
        "results_other": t("{n} results"),
        "show_results_one": t("Show {n} result"),
        "show_results_other": t("Show {n} results"),
        "partly_failed": t(
            "Part of the search data could not be read: results may be missing. Try again, or use the lists below: "
            "they hold every record."
        ),
        "cut": t("Very many datasheet codes begin with {query}. Type more of the code to see them."),
        "values_failed": t(
            "Declared values could not be read just now, so nothing can be filtered by them. Take their filters away."
        ),
        "declare_one": t("{n} datasheet declares it."),
        "declare_other": t("{n} datasheets declare it."),
        "not_a_number": t("Type a number such as 20 or 12.5."),
        "not_listed": t(
            "{query} is not listed in this register. It may be mistyped, no longer listed, or issued by another body."
        ),
        "not_a_form": t("No number in this register is written like {query}. Numbers here look like these: {list}"),
        "one_slip": t(
            "{query} is not listed in this register. What follows differs from it by one character: check it carefully."
        ),
        "similar": t("Not every word was found as typed. These results hold similar ones: {list}"),
        "unknown_words": t("Nothing in this register holds: {list}"),
        "no_record": t("No record holds all of these words together. Leave one out, or look in the lists below."),
        "filters_leave_none_one": t("The filters hide the one record that was found."),
        "filters_leave_none_other": t("The filters hide all {n} records that were found."),
        "more": t("Show {n} more"),
        "filters": t("Filters"),
        "filters_chosen": t("Filters ({n})"),
        "remove_filter": t("Remove the filter {filter}"),
        "clear_filters": t("Clear all filters"),
        "show_all": t("Show all {n}"),
        "show_fewer": t("Show fewer"),
        "find_value": t("Find in: {facet}"),
        "kind_datasheet": t("Technical datasheet"),
        "kind_document": t("Reference document"),
        "kind_page": t("Page"),
        "kinds_certificate": t("Certificates and approvals"),
        "kinds_datasheet": t("Technical datasheets"),
        "kinds_document": t("Reference documents"),
        "kinds_page": t("Pages about certification"),
        "suggestions": t("Filters that fit"),
        "suggestion_product": t("Product"),
        "suggestion_group": t("Product group"),
        "suggestion_holder": t("Certificate holder"),
        "suggestion_system": t("Certification system"),
        "suggestion_region": t("Province or country"),
        "looked_up": t("Looked up on {date}"),
        "first_of": t("first {n} of {total}"),
        "status_too_old": t("{status} on {date}, not verified since"),
        **_status_words(language),
    }


def verify_words(language: Language) -> Mapping[str, str]:
    """Return the words of the page that checks the site: what holds, what does not, and what cannot be told here."""
    t = language.message
    return {
        "checking": t("Checking…"),
        "failed": t("{file} could not be fetched: try again later."),
        "no_crypto": t(
            "This browser checks signatures and hashes on addresses with https alone. Use the commands below."
        ),
        "no_manifest": t(
            "This site has no manifest: nothing vouches for its pages. It is a preview, or not published by Keur."
        ),
        "bad_manifest": t("The manifest cannot be read: it is none that Keur wrote."),
        "unsigned": t("The manifest is not signed: whoever can change this site can change the manifest too."),
        "no_key": t(
            "The manifest says that the key {key} signs it, and this site does not publish that key. Do not rely on it."
        ),
        "no_ed25519": t("This browser cannot check Ed25519 signatures. Use the openssl command below."),
        "signature_good": t("The signature is good: the manifest is as the holder of the key {key} signed it."),
        "signature_bad": t("The signature does not match: the manifest was changed. Do not rely on this site."),
        "other_key": t(
            "This key is none of those that this page names. Do not rely on it before the publisher confirms it."
        ),
        "compare": t(
            "Compare the key with what the publisher says elsewhere: a site in wrong hands can show a key of its own."
        ),
        "publisher": t("Publisher"),
        "exported": t("Date of the data"),
        "files": t("Files of the site"),
        "lines": t("Lines of the ledger"),
        "last_line": t("Hash of the last line"),
        "signed_by": t("Key"),
        "loading_sums": t("Fetching the list of {files} files, {size} MB…"),
        "sums_bad": t("SHA256SUMS is not the list that the manifest vouches for. Do not rely on this site."),
        "elsewhere": t("This is no address of this site: {address}"),
        "not_there": t("This site has no page or file at {address}"),
        "not_named": t("{file} is not among the files that the manifest vouches for."),
        "file_good": t("{file} is what the publisher put there: its SHA-256 is the one in SHA256SUMS."),
        "file_bad": t("{file} was changed: its SHA-256 is not the one in SHA256SUMS. Do not rely on it."),
        "saved_good": t("{saved} is, byte for byte, {file} of this site."),
        "saved_none": t(
            "No file of this site is what {saved} holds. A browser often changes a page when it saves it: "
            "save it as source alone, or fetch it with curl. It may also be of an earlier release."
        ),
        "saved_large": t("{saved} is too large to be a file of this site."),
    }


def _status_words(language: Language) -> Mapping[str, str]:
    """Return the words of statuses, as ``statuses.word`` prints them."""
    t = language.message
    return {
        "status_trial": t("trial period"),
        "status_valid": t("valid"),
        "status_suspended": t("suspended"),
        "status_withdrawn": t("withdrawn"),
        "status_ended": t("ended at the holder's request"),
        "status_expired": t("expired"),
        "status_superseded": t("superseded"),
        "status_not_yet_valid": t("not yet valid"),
    }


def _status_sentences(language: Language) -> Mapping[str, str]:
    """Return the sentences that ``statuses.sentence`` prints, by the keys of ``status.js``."""
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
        "expired_after": t("Expired after {date}"),
        "not_yet_valid": t("Not yet valid: validity begins on {date}"),
        "not_covered": t("Does not cover a delivery: no certificate it hangs on is valid."),
        "on_or_before": t("{date} or earlier"),
        "since_day": t("{date}"),
        "too_old": t("{status} (by data of {date}, too old to tell whether it still holds)"),
    }
