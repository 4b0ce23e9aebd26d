"""The linkage model in Splink's hands: the same declaration, on DuckDB.

A pair is a row of the labels on which the two agree, found by the very code that scores
online. So DuckDB and Splink learn how pairs agree and never who they are, and a level
of Splink's is the equality of a label.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from services.beneficiaries.linkage import model
from services.beneficiaries.linkage.agreement import labels
from services.beneficiaries.linkage.frequencies import (
    AVERAGE,
    ENOUGH,
    RAREST,
    Frequencies,
)
from services.beneficiaries.linkage.traits import Traits
from services.beneficiaries.quality.weights import Comparisons

Row = dict[str, Any]
# Memory alone: what does not fit is refused, and nothing is spilled to a disk.
IN_MEMORY: dict[str, str | bool | int | float | list[str]] = {
    "temp_directory": "",
    "memory_limit": "1GB",
    "threads": 1,
}
BY_FREQUENCY = ("given", "family")
ONE_PAIR = block_on("unique_id")
PRIOR = 2.0**model.PRIOR_WEIGHT / (1.0 + 2.0**model.PRIOR_WEIGHT)
SCHEMA = pa.schema(
    [
        ("unique_id", pa.int64()),
        *((f"{name}_level", pa.string()) for name in model.COMPARISONS),
        *((name, pa.int64()) for name in BY_FREQUENCY),
    ]
)


def declared(
    comparisons: Comparisons = model.COMPARISONS, *, by_frequency: bool = False
) -> SettingsCreator:
    """Emit the declaration as Splink's settings."""
    return SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=PRIOR,
        blocking_rules_to_generate_predictions=[ONE_PAIR],
        comparisons=[
            _comparison(name, levels, by_frequency=by_frequency)
            for name, levels in comparisons.items()
        ],
        retain_intermediate_calculation_columns=True,
        em_convergence=1e-6,
        max_iterations=60,
    )


def _comparison(name: str, levels: Sequence[model.Level], *, by_frequency: bool) -> Row:
    missing = {
        "sql_condition": f"{name}_level_l is null",
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    shown = [_level(name, level) for level in levels]
    if by_frequency and name in BY_FREQUENCY:
        same = next(one for one in shown if one["label_for_charts"] == model.SAME)
        same |= {
            "tf_adjustment_column": name,
            "tf_minimum_u_value": RAREST,
            "disable_tf_exact_match_detection": True,  # no column holds the name
        }
    return {"output_column_name": name, "comparison_levels": [missing, *shown]}


def _level(name: str, level: model.Level) -> Row:
    return {
        "sql_condition": f"{name}_level_l = '{level.label}'",
        "label_for_charts": level.label,
        "m_probability": level.m,
        "u_probability": level.u,
    }


def in_memory() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config=IN_MEMORY)


def open_with(rows: list[Row], settings: SettingsCreator) -> Linker:
    """Give Splink the pairs, each as one row on either side of a link."""
    database = DuckDBAPI(in_memory())
    pairs = pa.Table.from_pylist(rows, schema=SCHEMA)
    sides = [
        database.register(pairs, dataset_display_name=side) for side in ("one", "other")
    ]
    return Linker(sides, settings, log_level="ERROR")


def row_of(number: int, agreed: Mapping[str, str]) -> Row:
    return {
        "unique_id": number,
        **{f"{name}_level": label for name, label in agreed.items()},
    }


class Shares:
    """How common the names of a batch are, each name standing as a number."""

    def __init__(self, frequencies: Frequencies) -> None:
        self._counts = {"given": frequencies.given, "family": frequencies.family}
        self._totals = {name: it.total() for name, it in self._counts.items()}
        self._numbers: dict[tuple[str, str], int] = {}

    def numbered(self, name: str, words: Sequence[str]) -> int | None:
        if self._totals[name] < ENOUGH or not words:
            return None
        return self._numbers.setdefault((name, words[0]), len(self._numbers))

    def register(self, splink: Linker) -> None:
        for name in BY_FREQUENCY:
            shares = [
                {name: number, f"tf_{name}": self._counts[name][word] / total}
                for (its, word), number in self._numbers.items()
                if its == name and (total := self._totals[name])
            ]
            schema = pa.schema([(name, pa.int64()), (f"tf_{name}", pa.float64())])
            lookup = pa.Table.from_pylist(shares, schema=schema)
            tables = splink.table_management
            table = tables.register_table(lookup, f"shares_of_{name}")
            tables.register_term_frequency_lookup(table, name)


def weights(
    pairs: Iterable[tuple[Traits, Traits]], frequencies: Frequencies = AVERAGE
) -> list[float]:
    """Weigh pairs by Splink, in their order: `scoring.compare` must give the same."""
    shares, rows = Shares(frequencies), []
    for number, (left, right) in enumerate(pairs):
        row = row_of(number, labels(left, right, frequencies))
        for name in BY_FREQUENCY:
            one, other = getattr(left, name), getattr(right, name)
            row[name] = shares.numbered(name, one) if one == other else None
        rows.append(row)
    splink = open_with(rows, declared(by_frequency=True))
    shares.register(splink)
    found = splink.inference.predict(warning_mode="never").as_record_list()
    by_pair = {row["unique_id_l"]: row["match_weight"] for row in found}
    return [by_pair[row["unique_id"]] for row in rows]
