"""The answer of a comparison: one sentence for each scenario but the first.

The words are in `words.md.j2`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from analysis.compare.caseloads import EVERYBODY, Caseloads
from analysis.compare.outcomes import outcome_at
from analysis.compare.relative import counted_from, percent_of_usual
from analysis.compare.substitution_words import help_in_words
from analysis.compare.words import (
    EVERYONE,
    TEMPLATE,
    died_rows,
    is_clear,
    outcome_and_week,
    said,
    said_ends,
    said_percent,
    sizes_of_ends,
    spoken_of,
    spoken_unit,
    whose,
)
from analysis.pages.render import lines

__all__ = ["answers_in_words"]

Row = Mapping[str, Any]


def answers_in_words(
    lived: Caseloads, differences: Sequence[Row], substitution: Sequence[Row]
) -> list[str]:
    """One sentence for each scenario but the first.

    Parameters
    ----------
    differences, substitution
        Of `tables.difference_rows` and `tables.substitution_rows`.
    """
    facts = {
        "weeks": lived.spec.weeks[-1] + 1, "usual": lived.spec.scenarios[0].id,
        "who": None if lived.spec.who is None else whose(lived),
        "scenarios": [_answer(at, lived, differences, substitution)
                      for at in range(1, len(lived.spec.scenarios))],
    }  # fmt: skip
    return lines(TEMPLATE, "answer", facts)


def _answer(
    at: int, lived: Caseloads, differences: Sequence[Row], replaced: Sequence[Row]
) -> dict[str, Any]:
    scenario = lived.spec.scenarios[at].id
    last = [
        row for row in differences
        if (row["scenario"], row["who"], row["week"])
        == (scenario, EVERYONE, lived.spec.weeks[-1])
    ]  # fmt: skip
    named = {row["outcome"]: row for row in last}
    chosen = [named[name] for name in spoken_of([*named])]
    died = died_rows(lived)[at - 1]
    if not _is_same(died) and died not in chosen:
        chosen.insert(0, died)
    told = [row for row in chosen if _is_told(row)]
    apart = lived.sums[at] - lived.sums[0]
    return {
        "scenario": scenario, "is_null": not apart[:, EVERYBODY].any(),
        "told": [_moved(row, *_percent(lived, at, row), first=row is told[0]) for row in told],
        "untold": [_not_clear(row) for row in chosen if row not in told and not _is_same(row)],
        "same": [row["label"] for row in chosen if _is_same(row)],
        "help": help_in_words([row for row in replaced if row["scenario"] == scenario]),
    }  # fmt: skip


def _is_told(row: Row) -> bool:
    """Whether an interval leaves zero out; without an interval, whether anything differs."""
    if isfinite(row["difference_lo"]):
        return is_clear(row, "difference")
    return bool(row["difference"] != 0)


def _is_same(row: Row) -> bool:
    """Whether worlds do not differ in it at all, in any team."""
    return bool(row["difference"] == 0 and not row["difference_mcse"] > 0)


def _percent(lived: Caseloads, scenario: int, row: Row) -> tuple[str, str]:
    """A change beside what the first scenario has, and since when; empty where meaningless."""
    found = percent_of_usual(lived, scenario, outcome_at(row["outcome"]))
    if found is None:
        return "", ""
    start = counted_from(lived, scenario)
    since = f" from week {start} on" if start else ""
    return f" or {said_percent(float(found.value))}", since


def _moved(row: Row, percent: str, since: str, *, first: bool) -> str:
    value, ends = row["difference"], sizes_of_ends(row, "difference")
    size = f"{said(abs(value))} {spoken_unit(row['unit'])}{percent}{since if first else ''}"
    words = f"{outcome_and_week(row)} {'up' if value > 0 else 'down'} by {size}"
    if not isfinite(ends[0]):
        return words
    return f"{words} ({'95 % interval ' if first else ''}{said(ends[0])} to {said(ends[1])})"


def _not_clear(row: Row) -> str:
    return f"{outcome_and_week(row)} ({said_ends(row, 'difference')} {spoken_unit(row['unit'])})"
