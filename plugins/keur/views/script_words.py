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
        "answer_covered": t("A delivery on {day} was covered."),
        "answer_not_covered": t("A delivery on {day} was not covered."),
        "answer_coverage_not_known": t("Whether a delivery on {day} was covered is not known."),
        **_answers(language),
    }


def _answers(language: Language) -> Mapping[str, str]:
    """Return what is said of a record on a day, and on what that relies."""
    t = language.message
    return {
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
        "answer_datasheet": t("Datasheet"),
        "answer_of": t("{label}: {value}"),
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
        "cite_list": t("List from the register ({filters}), or equivalent. Records found: {n}."),
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


def words_of_scripts(languages: Sequence[Language]) -> dict[str, Mapping[str, str]]:
    """Return the words that scripts fetch, by the name of their file: of any page, of the search page, of citations."""
    return {
        **{language.tag: page_words(language) for language in languages},
        **{f"search.{language.tag}": further_search_words(language) for language in languages},
        **{f"citing/{language.tag}": citing_words(language) for language in languages},
    }


def search_words(language: Language) -> Mapping[str, str]:
    """Return the words that stand in the search page: of its first answer, and of a search that cannot be read."""
    t = language.message
    return {
        **_status_sentences(language),
        "kind_certificate": t("Certificate"),
        "kind_approval": t("Technical approval"),
        "months": ",".join(language.months[month] for month in range(1, 13)),
        "loading": t("Loading the register…"),
        "failed": t(
            "The search data could not be read. Reload the page, or use the lists below: they hold every record."
        ),
    }


def further_search_words(language: Language) -> Mapping[str, str]:
    """Return the words that come with the rest of the search: what it found, why it found nothing, and its filters."""
    t = language.message
    counts = {
        "thousands": language.number(1000).removeprefix("1").removesuffix("000"),
        "singular": ",".join(str(count) for count in range(2) if language.locale.plural_form(count) == "one"),
    }
    return counts | {
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
        "left_aside": t("Nothing fits all of “{query}”. The last characters are left aside."),
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


def check_words(language: Language) -> Mapping[str, str]:
    """Return the words of the page that checks a list: what was found, what held, and why a file is not read."""
    t = language.message
    return {
        **_status_sentences(language),
        **_status_words(language),
        **_answers(language),
        **_refusals(language),
        "stale": t("The data of this register are of {date}: too old to tell what holds today. Ask the publisher."),
        "failed": t(
            "The register could not be read. Reload the page, or look the numbers up one by one with the search."
        ),
        "reading": t("Reading the list…"),
        "cut": t("This list is very long: only its first {n} characters were read. Check the rest separately."),
        "nothing": t(
            "No number of this register was found, and nothing that looks like one. "
            "Check that the text holds certificate numbers or datasheet codes; a picture of them cannot be read."
        ),
        "numbers_one": t("{n} number of this register found."),
        "numbers_other": t("{n} numbers of this register found."),
        "unlisted_one": t("{n} more looks like a number of this register and is not listed."),
        "unlisted_other": t("{n} more look like numbers of this register and are not listed."),
        "on_day": t("On {day}:"),
        "all": t("All"),
        "outcome_holds": t("holds"),
        "outcome_does_not_hold": t("does not hold"),
        "outcome_not_known": t("not known"),
        "outcome_not_listed": t("not listed here"),
        "covers": t("Covers a delivery on {day}: the datasheet and a certificate it hangs on are valid."),
        "covers_not": t("Does not cover a delivery on {day}."),
        "covers_not_known": t("Whether it covers a delivery on {day} is not known."),
        "no_longer_listed": t("No longer listed since {date}."),
        "unlisted_number": t("Not listed in this register."),
        "unlisted_mark": t("Not listed in this register under {mark}."),
        "never_listed": t(
            "Nor was it ever, as far as the register remembers. It may be mistyped, or issued by another body."
        ),
        "no_form": t("Numbers of {mark} are not written so."),
        "near_slip": t("One character away from these, which may not be meant:"),
        "near_begins": t("It begins with a listed number, which may not be meant:"),
        "near_other_mark": t("Listed with this number under another mark:"),
        "shared": t("The list does not say which mark: more than one record bears this number."),
        "padded": t("Zeros in front of the code are missing in the list, as a spreadsheet leaves them out."),
        "kind_certificate": t("Certificate"),
        "kind_datasheet": t("Technical datasheet"),
        "place_line": t("line {n}"),
        "place_row": t("row {n}"),
        "place_sheet": t("{name}, row {n}"),
        "place_paragraph": t("paragraph {n}"),
        "place_header": t("page header"),
        "place_footer": t("page footer"),
        "place_note": t("footnote"),
        "place_comment": t("comment"),
        "more_places_one": t("and {n} more place"),
        "more_places_other": t("and {n} more places"),
        "more": t("Show {n} more"),
        "copied": t("Copied"),
        "copy_failed": t("The browser did not let the table be copied. Download it instead."),
        "file_name": t("list-checked"),
        "column_number": t("Number"),
        "column_mark": t("Mark"),
        "column_kind": t("Kind of record"),
        "column_outcome": t("Outcome"),
        "column_status": t("Status"),
        "column_trade_name": t("Trade name"),
        "column_product": t("Product"),
        "column_holder": t("Certificate holder"),
        "column_written": t("As written"),
        "column_places": t("In your list"),
        "column_day": t("On the day of delivery"),
        "column_data": t("Date of the data"),
        "column_address": t("Address"),
    }


def _refusals(language: Language) -> Mapping[str, str]:
    """Return why a file is not read, and what to do, by the reasons of ``check-documents.js``."""
    t = language.message
    return {
        "refused_too_large": t(
            "This file is too large to be read here, or takes too long. "
            "Copy the part that holds the numbers and paste it into the box."
        ),
        "refused_damaged": t(
            "This file is damaged and cannot be read. Open it, save it again, or paste its text into the box."
        ),
        "refused_encrypted": t(
            "This file is protected by a password. Open it, and paste its text into the box, or save it without one."
        ),
        "refused_old_office": t(
            "This is a file of an old Office version (.doc, .xls). Save it as .docx or .xlsx, or paste its text."
        ),
        "refused_pdf": t(
            "PDF files cannot be read here. Open it, select all its text, copy it and paste it into the box."
        ),
        "refused_open_document": t(
            "Files of OpenDocument (.odt, .ods) cannot be read here. Save it as .docx or .xlsx, or paste its text."
        ),
        "refused_rich_text": t("RTF files cannot be read here. Save it as .docx, or paste its text into the box."),
        "refused_not_text": t(
            "This file is none of those that can be read here: .docx, .xlsx, .csv or .txt. Paste its text into the box."
        ),
        "refused_failed": t("This list could not be read. Paste its text into the box, or a part of it at a time."),
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
