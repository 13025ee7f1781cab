"""Verdicts: holds, does not hold, or undecided; at looks, each with a part of the error.

A condition holds where every criterion is surely inside its zone, and does not where some is surely
outside; all else is undecided, and never holds. Each verdict is false with a chance of `LEVEL` at
most over all looks, whichever way; those that must hold have `CERTIFICATE` together (Holm).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from analysis.stress.conditions import CLEAN, EFFECT, NO_EFFECT
from analysis.stress.criteria import (
    Demand,
    StudyRows,
    Zones,
    criteria_of,
    is_one_number,
    share_or_more,
)
from analysis.worlds.census import Truth

__all__ = [
    "CERTIFICATE", "FAILS", "HOLDS", "LEVEL", "LOOKS", "NOTHING", "UNDECIDED", "Judgement",
    "Tried", "is_settled", "judgements", "looks_up_to",
]  # fmt: skip

QUIET = (NO_EFFECT, CLEAN, EFFECT)
"""Conditions in which there is nothing to warn about."""
HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"
NOTHING = Truth(0.0, 0.0, 0)
"""The effect of arms that do nothing."""
LEVEL, CERTIFICATE = 0.01, 0.05
LOOKS = (100, 200, 400, 800, 1600)
LOUDER = 0.5
"""By how much a status or warning is commoner than in the clean studies where it is no silence."""


class Tried(NamedTuple):
    """One term in one condition, and what is true there.

    Attributes
    ----------
    condition, term : str
    rows : StudyRows
    truth : Truth
    compares : bool
        As for `criteria_of`.
    must : bool
        Whether it must hold.
    """

    condition: str
    term: str
    rows: StudyRows
    truth: Truth
    compares: bool
    must: bool

    @property
    def null(self) -> bool:
        """Whether there is an effect to find, which is 0 and nothing else."""
        return self.compares and self.truth.value == 0 and self.truth.mcse == 0


class Judgement(NamedTuple):
    """What is said of one term in one condition.

    Attributes
    ----------
    trial : Tried
    verdict : str
        `HOLDS`, `FAILS` or `UNDECIDED`.
    n : int
        Studies at the look that decided; all there are where none did.
    criteria : tuple of Demand
        At that look.
    broken : tuple of str
        Criteria that are surely outside their zones.
    loud : float
        By how much a status or warning is commoner than in the clean studies.
    wasteful : bool
        Whether coverage is surely above what is wanted: intervals are wider than need be.
    """

    trial: Tried
    verdict: str
    n: int
    criteria: tuple[Demand, ...]
    broken: tuple[str, ...]
    loud: float
    wasteful: bool

    @property
    def silent(self) -> bool:
        """Whether it fails and nothing in its output says so."""
        return self.verdict == FAILS and self.is_of_numbers and self.loud < LOUDER

    @property
    def is_of_numbers(self) -> bool:
        """Whether numbers are wrong, and not only how often they come or what is said of them."""
        return bool(set(self.broken) - {"usable", "warned"})

    @property
    def is_biased(self) -> bool:
        """Whether it fails by its bias, or by that as a share of the effect."""
        return bool({"bias", "relative bias"} & set(self.broken))

    @property
    def open(self) -> tuple[str, ...]:
        """Demands that are not surely met."""
        return tuple(one.name for one in self.criteria if one.outside > LEVEL)

    @property
    def mean_estimate(self) -> float:
        """Of the usable estimates it is judged by; NaN without any."""
        found = self._estimates
        return float(found.mean()) if found.size else float("nan")

    @property
    def is_same_everywhere(self) -> bool:
        """Whether the estimates it is judged by are one number, whatever the study."""
        return is_one_number(self._estimates)

    @property
    def _estimates(self) -> np.ndarray:
        rows = self.trial.rows.first(self.n)
        return rows.estimate[rows.usable]

    def of(self, name: str) -> Demand | None:
        """One of its criteria; None if it has no meaning here."""
        return next((one for one in self.criteria if one.name == name), None)


def looks_up_to(most: int) -> tuple[int, ...]:
    """When there is looked, if there are to be so many studies at most."""
    return (*(n for n in LOOKS if n < most), most)


def judgements(
    trials: Sequence[Tried],
    clean: Mapping[str, StudyRows],
    zones: Zones,
    looks: Sequence[int],
    planned: int,
) -> list[Judgement]:
    """Verdicts after some looks, of those planned.

    Parameters
    ----------
    trials
        All of as many studies, at least those of the last look.
    clean
        Rows of each term in the clean studies, for what is louder.
    looks
        Those that have been taken.
    planned
        So many looks are there at most: each has its part of the error.
    """
    part = 1 / planned
    decided: dict[int, Judgement] = {}
    seen: dict[int, Judgement] = {}
    for n in looks:
        for k, trial in enumerate(trials):
            if k not in decided:
                seen[k] = _seen(trial, clean.get(trial.term), zones, n)
        found = _decided(seen, [k for k in seen if k not in decided], trials, part)
        decided |= found
    return [decided.get(k, seen[k]) for k in range(len(trials))]


def _seen(trial: Tried, clean: StudyRows | None, zones: Zones, n: int) -> Judgement:
    rows = trial.rows.first(n)
    criteria = criteria_of(
        rows,
        trial.truth,
        zones,
        compares=trial.compares,
        null=trial.null,
        quiet=trial.must and trial.condition in QUIET,
    )
    loud = float(_loud(rows).mean()) - (float(_loud(clean.first(n)).mean()) if clean else 0.0)
    wasteful = any(one.name == "coverage" and _is_above(one, zones) for one in criteria)
    return Judgement(trial, UNDECIDED, n, tuple(criteria), (), loud, wasteful)


def _is_above(coverage: Demand, zones: Zones) -> bool:
    return share_or_more(coverage.value, coverage.effective, zones.wasteful) <= LEVEL


def _loud(rows: StudyRows) -> np.ndarray:
    return ~rows.usable | rows.warned


def _decided(
    seen: Mapping[int, Judgement], open_: Sequence[int], trials: Sequence[Tried], part: float
) -> dict[int, Judgement]:
    """Verdicts at one look: Holm among those that must hold, the level alone for the others."""
    chances = {k: _chances(seen[k]) for k in open_}
    found: dict[int, Judgement] = {}
    gated = sorted((k for k in open_ if trials[k].must), key=lambda k: min(chances[k]))
    for rank, k in enumerate(gated):
        level = min(LEVEL, CERTIFICATE / (len(gated) - rank)) * part
        if min(chances[k]) > level:
            break
        found[k] = _verdict(seen[k], chances[k], level)
    for k in open_:
        if not trials[k].must and min(chances[k]) <= LEVEL * part:
            found[k] = _verdict(seen[k], chances[k], LEVEL * part)
    return found


def _chances(one: Judgement) -> tuple[float, float]:
    """How likely so good a result is if it does not hold, and so bad a one if it does."""
    criteria = one.criteria
    return (
        max(each.outside for each in criteria),
        min(1.0, len(criteria) * min(each.inside for each in criteria)),
    )


def _verdict(one: Judgement, chances: tuple[float, float], level: float) -> Judgement:
    if chances[1] > level:
        return one._replace(verdict=HOLDS)
    share = level / len(one.criteria)
    broken = tuple(each.name for each in one.criteria if each.inside <= share)
    return one._replace(verdict=FAILS, broken=broken)


def is_settled(found: Sequence[Judgement]) -> bool:
    """Whether nothing that must hold is undecided."""
    return all(one.verdict != UNDECIDED for one in found if one.trial.must)
