"""What Splink is told to compare: its usual comparators, and those of its examples."""

from collections.abc import Sequence
from typing import NamedTuple

from splink import block_on
from splink import comparison_library as compared
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.blocking_rule_library import CustomRule
from splink.internals.comparison_creator import ComparisonCreator


class Task(NamedTuple):
    """What is compared, which pairs are, and by what the comparisons are trained."""

    comparisons: Sequence[ComparisonCreator]
    blocked: Sequence[BlockingRuleCreator]
    rules: Sequence[BlockingRuleCreator]
    trained: Sequence[BlockingRuleCreator]
    found_by_rules: float  # of the true pairs, as Splink is told


REGION = Task(
    (
        compared.ForenameSurnameComparison("given", "family"),
        compared.NameComparison("father"),
        compared.DateOfBirthComparison("birth", input_is_string=True),
        compared.ExactMatch("sex"),
        compared.ExactMatch("place").configure(term_frequency_adjustments=True),
        compared.JaroWinklerAtThresholds("address", [0.9, 0.7]),
        compared.ExactMatch("phone"),
        compared.ExactMatch("document"),
    ),
    (
        block_on("given", "family"),
        block_on("given", "birth"),
        block_on("family", "birth"),
        block_on("birth", "place"),
        block_on("given", "substr(family, 1, 3)", "place"),
        block_on("family", "substr(given, 1, 3)", "place"),
        block_on("given", "year"),
        block_on("family", "year"),
        block_on("phone"),
        block_on("document"),
    ),
    (block_on("document"), block_on("given", "family", "birth")),
    (block_on("birth"), block_on("given", "family")),
    0.6,
)
NAMES = [compared.NameComparison("given_name"), compared.NameComparison("surname")]
BORN = compared.DateOfBirthComparison(
    "date_of_birth", input_is_string=True, datetime_format="%Y%m%d"
)
STREET = compared.ExactMatch("street_number").configure(term_frequency_adjustments=True)
SURE_RULES = (
    block_on("soc_sec_id"),
    block_on("given_name", "surname", "date_of_birth"),
)
TRAINED = (block_on("date_of_birth"), block_on("postcode"))
FEBRL = {
    "FEBRL 3": Task(
        (
            *NAMES,
            BORN,
            compared.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            STREET,
            compared.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ),
        (
            block_on("soc_sec_id"),
            block_on("given_name"),
            block_on("surname"),
            block_on("date_of_birth"),
            block_on("postcode"),
        ),
        SURE_RULES,
        TRAINED,
        0.9,
    ),
    "FEBRL 4": Task(
        (
            *(name.configure(term_frequency_adjustments=True) for name in NAMES),
            BORN,
            compared.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            STREET,
            compared.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(
                term_frequency_adjustments=True
            ),
        ),
        (
            block_on("given_name", "surname"),
            CustomRule("l.given_name = r.surname and l.surname = r.given_name"),
            block_on("date_of_birth"),
            block_on("soc_sec_id"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ),
        SURE_RULES,
        TRAINED,
        0.8,
    ),
}
