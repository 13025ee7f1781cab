"""A rule of lives: what cannot be, or may be at a stated rate; and how a study stands to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.lives.record import StudyRecord

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LifeRule", "LookedAt", "RuleVerdict", "judged_rule", "rows_found"]

CHANCE = 1e-6
"""Of a rare thing found too seldom, and again of one too often, where its rate is as stated."""

SHOWN = 3
"""Examples that are kept."""


class LookedAt(NamedTuple):
    """Rows a rule is about, and those that break it or show what is rare.

    Attributes
    ----------
    n : int
    found : tuple of str
        Ids of persons, ties or interviews, one for each row found.
    """

    n: int
    found: tuple[str, ...]


class LifeRule(NamedTuple):
    """One rule.

    Attributes
    ----------
    id : str
    words : str
        What holds; of what is rare, what may be found.
    look : callable
        Takes a `StudyRecord` and gives `LookedAt`.
    rate : str
        Path of the parameter that says how often it is found; "" of what is impossible.
    at_most : bool
        Some of it cannot be seen, so that it may be found less often.
    """

    id: str
    words: str
    look: Callable[[StudyRecord], LookedAt]
    rate: str = ""
    at_most: bool = False


class RuleVerdict(NamedTuple):
    """How one study stands to one rule.

    Attributes
    ----------
    rule, words : str
        Id and words of the rule.
    kind : str
        "impossible" or "rare".
    n, found : int
        Rows looked at, and found.
    rate : float
        At which it is expected; 0 of what is impossible.
    low, high : int
        Numbers between which `found` may lie.
    holds : bool
    examples : str
        The first ids found, for what is broken.
    """

    rule: str
    words: str
    kind: str
    n: int
    found: int
    rate: float
    low: int
    high: int
    holds: bool
    examples: str


def rows_found(rows: pd.DataFrame, found: np.ndarray | pd.Series, name: str) -> LookedAt:
    """Rows and which of them were found; `name` is the column that tells which they are."""
    here = np.asarray(found, bool)
    return LookedAt(len(rows), tuple(str(one) for one in rows[name].to_numpy()[here]))


def judged_rule(
    rule: LifeRule, counts: Sequence[LookedAt], rate: float, chance: float = CHANCE
) -> RuleVerdict:
    """Judge what one or several studies show of a rule.

    Parameters
    ----------
    rule : LifeRule
    counts : sequence of LookedAt
        Of each study; they are added up.
    rate : float
        At which what is rare is expected.
    chance : float
        Of a verdict against a rate that is right, on each side of exact binomial bounds.
    """
    n = sum(one.n for one in counts)
    found = [key for one in counts for key in one.found]
    low = high = 0
    if rule.rate:
        from scipy.stats import binom

        low = 0 if rule.at_most else max(int(binom.ppf(chance, n, rate)), 0)
        high = max(int(binom.isf(chance, n, rate)), 0)
    holds = low <= len(found) <= high
    return RuleVerdict(
        rule.id, rule.words, "rare" if rule.rate else "impossible", n, len(found), rate, low, high,
        holds, "" if holds else ", ".join(list(dict.fromkeys(found))[:SHOWN]),
    )  # fmt: skip
