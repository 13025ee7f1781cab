"""Who bears what changes, in words; the words are in `words.md.j2`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from analysis.compare.words import (
    TEMPLATE,
    is_clear,
    outcome_and_week,
    said_percent,
    sizes_of_ends,
    spoken_of,
)
from analysis.pages.render import lines

__all__ = ["equity_in_words"]

Row = Mapping[str, Any]


def equity_in_words(rows: Sequence[Row], outcomes: Sequence[str], usual: str) -> list[str]:
    """Who bears what changes, a paragraph for each scenario and ranked breakdown.

    Parameters
    ----------
    rows : sequence of mapping
        Of `equity.equity_rows`.
    outcomes : sequence of str
        Those that are shown; of a few of them it speaks.
    usual : str
        What the first scenario is called.
    """
    few, told = spoken_of(outcomes), []
    for scenario, by in dict.fromkeys((row["scenario"], row["by"]) for row in rows):
        here = {r["outcome"]: r for r in rows if (r["scenario"], r["by"]) == (scenario, by)}
        mine = [here[name] for name in few]
        indices = [_index(row) for row in mine if row["told"] == "yes"]
        both = [outcome_and_week(row) for row in mine if row["told"] == "both ways"]
        if indices or both:
            told.append({"scenario": scenario, "by": by, "first": mine[0]["first"],
                         "last": mine[0]["last"], "indices": indices, "both": both})  # fmt: skip
    return lines(TEMPLATE, "equity", {"told": told, "usual": usual})


def _index(row: Row) -> dict[str, Any]:
    value = row["concentration_index"]
    low, high = (row[f"concentration_index_{end}"] for end in ("lo", "hi"))
    who = "nobody bears clearly more than their share"
    if is_clear(row, "concentration_index"):
        who = f"{row['by']} {row['last' if value > 0 else 'first']} bears more than its share"
    return {
        "label": outcome_and_week(row), "way": "down" if row["down"] else "up",
        "index": f"{value:+.3f} ({low:+.3f} to {high:+.3f})", "who": who,
        "relative": _relative(row), "other_way": _points_the_other_way(row),
    }  # fmt: skip


def _relative(row: Row) -> str:
    """The change of the first and the last level beside what each has; empty where not told."""
    ends = ("first", "last")
    if not all(isfinite(row[f"percent_of_usual_{end}"]) for end in ends):
        return ""
    return " and ".join(f"{row[end]} {_percent(row, end)}" for end in ends)


def _percent(row: Row, end: str) -> str:
    name = f"percent_of_usual_{end}"
    low, high = map(said_percent, sizes_of_ends(row, name))
    return f"{said_percent(row[name])} ({low} to {high})"


def _points_the_other_way(row: Row) -> str:
    """The level that loses clearly more of its own while the other bears more; empty if none."""
    value, apart = row["concentration_index"], row["percent_of_usual_apart"]
    clear = is_clear(row, "concentration_index") and is_clear(row, "percent_of_usual_apart")
    if not clear or value * apart > 0:
        return ""
    return str(row["last" if apart > 0 else "first"])
