"""Rows as Postgres takes many at once: one array a column, for `unnest`."""

from collections.abc import Sequence


def arrays(first: int, types: Sequence[str]) -> str:
    """Write the arguments of `unnest`: arrays of these types, numbered from `first`."""
    return ", ".join(f"${first + at}::{one}[]" for at, one in enumerate(types))


def transposed(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    """Turn rows into so many columns, also where there is no row."""
    return [[row[at] for row in rows] for at in range(width)]
