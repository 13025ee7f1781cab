"""What the number of teams or sites allows where each is in one arm as a whole.

More people in the same teams hardly help. The error of the estimate falls with the root of the
number of teams; Student's t on teams - 2 degrees of freedom does the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from analysis.estimators.formulas.closed_forms import smallest, two_sided_power
from analysis.planning.curve import CurvePoint
from analysis.questions.question import Question
from analysis.worlds.process import WorldProcess

__all__ = ["Allows", "Ceiling", "ceilings_of"]

TIMES = (1, 2, 4)
MOST = 2000


class Allows(NamedTuple):
    """Power, and half of the interval on average, with k units."""

    k: int
    power: float
    half_width: float


class Ceiling(NamedTuple):
    """What units allow for one question.

    Attributes
    ----------
    number : int
        Of the question, from 1.
    unit : str
        "team" or "site".
    rows : tuple of Allows
        With the units there are, twice and four times as many.
    half_width : float or None
        What an interval is to reach; None where power is wanted.
    target : float
        Wanted power.
    needed : int or None
        Units for it; None if more than MOST.
    """

    number: int
    unit: str
    rows: tuple[Allows, ...]
    half_width: float | None
    target: float
    needed: int | None

    @property
    def takes(self) -> str:
        """What is wanted, and how many units it takes."""
        wanted = f"power {self.target:.2f}"
        if self.half_width is not None:
            wanted = f"an interval of ±{self.half_width:g} on average"
        needed = f"over {MOST}" if self.needed is None else f"{self.needed}"
        return f"{wanted} takes {needed} {self.unit}s"

    @property
    def words(self) -> str:
        """All of it."""
        rows = ", ".join(
            f"{one.k} {self.unit}s: power {one.power:.2f}, interval ±{one.half_width:.2g}"
            for one in self.rows
        )
        return f"question {self.number}, ceiling by number of {self.unit}s: {rows}; {self.takes}"


def ceilings_of(process: WorldProcess, target: float, most: CurvePoint) -> list[Ceiling]:
    """Ceilings of the questions about a difference; none where people are allocated singly.

    `most` is the curve at the most people, whose error people can hardly lower any more.
    """
    arms = process.study.arms
    if arms is None or arms.unit not in ("team", "site"):
        return []
    sites = len(process.lived.world.teams_per_site)
    units = process.teams if arms.unit == "team" else sites
    return [
        _ceiling(number, one, (units, arms.unit), process.truth(one), spread, target)
        for number, (one, measures) in enumerate(
            zip(process.questions, most.measures, strict=True), start=1
        )
        if one.about == "difference"
        and one.contrast != "spillover"
        and np.isfinite(spread := measures["empirical_se"].value)
    ]


def _ceiling(
    number: int, one: Question, has: tuple[int, str], truth: float, spread: float, target: float
) -> Ceiling:
    units, unit = has

    def power(k: int) -> float:
        return two_sided_power(truth, spread * float(np.sqrt(units / k)), k - 2, one.alpha)

    def half_width(k: int) -> float:
        quantile = float(special.stdtrit(k - 2, 1 - one.alpha / 2))
        return quantile * spread * float(np.sqrt(units / k))

    wanted = float(one.half_width or 0.0) if one.success == "narrow" else None
    if wanted is not None:
        needed = smallest(lambda k: half_width(k) <= wanted, 4, MOST)
    else:
        needed = smallest(lambda k: power(k) >= target, 4, MOST)
    rows = tuple(Allows(k, power(k), half_width(k)) for k in (units * times for times in TIMES))
    return Ceiling(number, unit, rows, wanted, target, needed)
