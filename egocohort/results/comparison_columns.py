"""Rows of a comparison in columns, for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analysis.compare.shown import unit_of_change
from analysis.compare.words import said, said_ends, said_percent, signed

__all__ = ["rows_in_columns"]

Row = Mapping[str, Any]


def rows_in_columns(rows: Sequence[Row], usual: str) -> str:
    """Set rows in columns.

    Parameters
    ----------
    rows
        Of `tables.difference_rows` or of `tables.subgroup_rows`.
    usual
        What the first scenario is called.
    """
    from egocohort.terminal.output import columns

    by = "by" in rows[0]
    head = ("", usual, "difference", "95 % interval", "MCSE", *(
        ("of its own", "more than for others", "95 % interval") if by else ("", "pairing")
    ))  # fmt: skip
    right = (1, 2, 4, 5, 6) if by else (1, 2, 4, 6)
    return columns([head, *(_cells(row, by=by) for row in rows)], right=right)


def _cells(row: Row, *, by: bool) -> tuple[str, ...]:
    name = f"{row['by']}: {row['level']}" if by else row["label"]
    figures = (said(row["usual"]), signed(row["difference"]), said_ends(row, "difference"))
    error = _finite(row["difference_mcse"], said)
    if by:
        own = _finite(row["percent_of_usual"], _signed_percent)
        apart = _finite(row["apart"], signed)
        return (name, *figures, error, own, apart, said_ends(row, "apart"))
    pairing = _finite(row["pairing"], "x{:,.0f}".format)
    return (name, *figures, error, unit_of_change(row["unit"]), pairing)


def _signed_percent(value: float) -> str:
    return f"{'-' if value < 0 else '+'}{said_percent(value)}"


def _finite(value: float, how: Callable[[float], str]) -> str:
    return how(value) if abs(value) < float("inf") else ""
