"""Values that cannot be what a term is said to estimate: another unit, or another scale."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from analysis.pages.render import lines
from analysis.questions.question import Question
from analysis.stress.answers import USABLE
from analysis.stress.asked import Estimated
from analysis.worlds.estimand import scale

__all__ = ["hints_of"]

TEMPLATE = "stress/stress.md.j2"
LOWEST_END, HIGHEST_END = -0.2, 1.2
"""Of the interval of a share: those that are symmetric leave 0 to 1, but not by far."""


def hints_of(rows: pa.Table, asked: Estimated) -> list[str]:
    """A sentence for each usable row that cannot be of the question of its term.

    Parameters
    ----------
    rows
        As a run has them.
    asked
        What each term estimates.
    """
    of = dict(zip(asked.terms, zip(asked.questions, asked.words, strict=True), strict=True))
    found = []
    for row in rows.to_pylist():
        if row["status"] == USABLE:
            question, words = of[row["term"]]
            found += [{**row, "words": words, "odd": odd} for odd in _odd(row, question)]
    return list(dict.fromkeys(lines(TEMPLATE, "hints", {"odd_rows": found})))


def _odd(row: dict[str, Any], question: Question) -> list[str]:
    """What is odd of a row: "share", "ends", "inside"."""
    is_share = question.about == "mean" and scale(question).startswith("share")
    if is_share and not 0 <= row["estimate"] <= 1:
        return ["share"]
    if is_share and (row["lo"] < LOWEST_END or row["hi"] > HIGHEST_END):
        return ["ends"]
    return [] if row["lo"] <= row["estimate"] <= row["hi"] else ["inside"]
