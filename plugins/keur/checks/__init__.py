"""Rules between the records of an export: one small function a rule, in one table.

A rule yields problems; it neither prints nor stops at the first. It reads no file, no clock and no setting, and gives
no line numbers: ``Reading.locate`` adds them. The form of single fields is kept by ``model`` and ``loading``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keur.checks import claims, dates, references, wording
from keur.checks.index import Index, Rule
from keur.model import Entries
from keur.problems import Problem

RULES_OF_RECORDS: tuple[Rule, ...] = (
    references.characteristics_stand_once,
    references.editions_stand_once,
    references.products_refer_to_records,
    references.documents_refer_to_records,
    references.units_refer_to_records,
    references.certificates_refer_to_records,
    references.certificates_name_editions_that_exist,
    references.datasheets_refer_to_records,
    references.datasheets_declare_characteristics_of_their_product,
    references.lists_name_each_record_once,
    claims.numbers_match_their_system,
    claims.systems_cover_certified_products,
    claims.units_belong_to_the_certificate_holder,
    claims.other_units_belong_to_the_certificate_holder,
    claims.datasheets_and_certificates_are_of_one_product,
    claims.datasheets_come_from_a_certified_unit,
    claims.datasheets_have_one_holder,
    claims.declared_numbers_are_numbers,
    claims.declared_ranges_run_upwards,
    dates.validity_ends_after_it_begins,
    dates.editions_end_after_they_begin,
    dates.suspensions_end_after_they_begin,
    dates.certificates_are_issued_before_they_end,
    wording.numbers_are_no_placeholders,
    wording.texts_are_in_every_language,
    wording.filters_have_few_values,
    wording.gtins_have_their_check_digit,
    wording.coordinates_come_in_pairs,
)
"""Rules that look at a record and at those it names: what they find changes only when one of these does."""

RULES_BETWEEN_RECORDS: tuple[Rule, ...] = (
    references.keys_stand_once,
    claims.counts_are_met,
    claims.replacements_of_certificates_lead_on,
    claims.replacements_of_documents_lead_on,
    claims.valid_datasheets_have_a_valid_certificate,
    dates.nothing_is_issued_after_the_export,
    wording.numbers_have_addresses_of_their_own,
    wording.groups_are_written_alike,
    wording.holders_stand_once,
    wording.enterprise_numbers_stand_once,
)
"""Rules that compare records with all others, or with the day of the export."""

RULES: tuple[Rule, ...] = (*RULES_OF_RECORDS, *RULES_BETWEEN_RECORDS)
"""Every rule; problems are sorted by place afterwards."""


def check(entries: Entries, languages: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong between the records; ``languages`` are those of the site."""
    yield from _tried(RULES, Index(entries, languages))


def check_records(some: Entries, among: Entries, languages: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with some records of an export and what they name among all of it."""
    yield from _tried(RULES_OF_RECORDS, Index(some, languages, among))


def check_between(entries: Entries, languages: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with the export as a whole, single records aside."""
    yield from _tried(RULES_BETWEEN_RECORDS, Index(entries, languages))


def _tried(rules: Sequence[Rule], index: Index) -> Iterator[Problem]:
    for rule in rules:
        yield from rule(index)
