"""The words that scripts print, by the keys they know them by; {placeholders} are left for the script to fill."""

from __future__ import annotations

from collections.abc import Mapping

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


def citing_words(language: Language) -> Mapping[str, str]:
    """Return the words of citations, of what is done with a list, and of badges; those of any page come with them."""
    t = language.message
    return {
        "cite_copy": t("Copy with link"),
        "cite_copy_plain": t("Copy as plain text"),
        "cite_select": t("Your browser does not let this page copy. It is selected: copy it with Ctrl+C or ⌘C."),
        "cite_status": t("{status}, by register data of {date}"),
        "cite_consulted": t("consulted on {date}"),
        "cite_data": t("register data of {date}"),
        "cite_source": t("{label}: {value}").replace("{label}", "{source}").replace("{value}", "").strip(),
        "cite_list": t("List from the register: {filters} or equivalent. Records found: {n}."),
        "cite_all": t("all records"),
        "demonstration": t("Demonstration data."),
        "kinds_certificate": t("Certificates and approvals"),
        "kinds_datasheet": t("Technical datasheets"),
        "kinds_document": t("Reference documents"),
        "kinds_page": t("Pages about certification"),
        "list_link": t("Lasting link to this list"),
        "list_csv": t("Download as CSV ({n})"),
        "list_preparing": t("Preparing the file…"),
        "list_saved": t("The file is made."),
        "list_failed": t("Part of the search data could not be read. Try again."),
        "badge_checked": t("{status}, by register data of {date}"),
        "badge_unknown": t("Unknown: the data of this register are of {date}, too old to tell"),
        "badge_unread": t("Unknown: the data of this register could not be read"),
        "badge_of": t("For {certificate}:"),
        "badge_none": t("There is no certificate {certificate} in this register."),
    }


def search_words(language: Language) -> Mapping[str, str]:
    """Return the words of the search page: what it found, why it found nothing, its filters, and the statuses."""
    t = language.message
    return {
        **_status_sentences(language),
        "results_one": t("{n} result"),
        "results_other": t("{n} results"),
        "show_results_one": t("Show {n} result"),
        "show_results_other": t("Show {n} results"),
        "loading": t("Loading the register…"),
        "failed": t(
            "The search data could not be read. Reload the page, or use the lists below: they hold every record."
        ),
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
        "kind_certificate": t("Certificate"),
        "kind_approval": t("Technical approval"),
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
