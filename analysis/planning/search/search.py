"""The smallest size at which studies succeed often enough, to a stated precision.

1. The neighbourhood of the answer (`approach`).
2. Fresh studies at the answer, as many as the precision asks for. Where whole sizes about it are
   few, each of them is looked at instead (`whole`).
3. All that was seen, in whatever stage, makes one estimate with one interval: a probit line in
   sqrt(n), bent, through what lies near, its error taken over studies.

The fresh studies check the rest: where they and it differ by more than chance, that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np
from scipy import special

from analysis.planning.search.approach import BUDGET, approach, cross, edge_of
from analysis.planning.search.found import BY_SIMULATION, BY_TAIL, Found
from analysis.planning.search.probit import falls
from analysis.planning.search.rules import Crossing, Rules
from analysis.planning.search.tally import Looked, Oracle, Tally
from analysis.planning.search.whole import is_of_few, smallest_whole
from sim.side_by_side import Progress, silent

__all__ = ["PRECISION", "Search", "search"]

PRECISION = 0.01
"""Standard error of the answer, as a share of it."""
CONFIRM_MCSE = 0.01
"""A fresh run has as many studies as bring this error, or more."""
MOST = 450_000
"""Studies of a fresh run at the most."""
FRESH = 500_000
"""Fresh runs have replicates of their own, so many after the first of the search."""
TAIL_FROM = 0.985
"""Chances beyond are taken from a normal tail where that can be done."""
TOO_FAR = 3.5
"""Errors from which on two figures that should agree are said to differ."""
CEILING_LEAST, CEILING_MORE = 50, 400
ALL_BUT_CERTAIN = 0.98


class Search:
    """A search at work: `run` it, let it `learn` what else was simulated, ask what was `found`.

    Parameters are those of `search`.
    """

    def __init__(
        self,
        oracle: Oracle,
        target: float,
        *,
        low: float,
        high: float,
        whole: bool = True,
        precision: float = PRECISION,
        first_replicate: int = 0,
        has_tail: bool = False,
        progress: Progress | None = None,
        stage: str = "searching",
    ) -> None:
        by_tail = has_tail and target > TAIL_FROM
        self.rules = Rules(target, low, high, whole, precision, by_tail)
        self.first = first_replicate
        self.tally = Tally(
            oracle, self.first, self.first + FRESH, BUDGET, progress or silent, stage, by_tail
        )
        self.near = Crossing(low, low, high)
        self.few = False
        self.confirmed_at = high

    def run(self, start: float) -> Search:
        """Search, and run fresh studies at the answer."""
        tally, rules = self.tally, self.rules
        self.near = approach(tally, rules, start)
        if self.near.edge:
            self._ask_the_edge()
        self.few = not self.near.edge and is_of_few(rules, self.near)
        if self.few:
            self.near = smallest_whole(tally, rules, self.near)
        self._look_at_the_ceiling()
        if not self.near.edge or self.few:
            self._confirm()
        return self

    @property
    def least(self) -> int:
        """Studies of a fresh run, by its Monte Carlo error."""
        target = self.rules.target
        return int(np.ceil(target * (1 - target) / CONFIRM_MCSE**2))

    def _ask_the_edge(self) -> None:
        """A fresh run at an end of what is allowed; it may say that this is none after all."""
        tally, rules = self.tally, self.rules
        self.confirmed_at = rules.high if self.near.edge == ">=" else rules.low
        tally.run_fresh([self.confirmed_at], self.least)
        if edge_of(tally, rules) != self.near.edge:
            self.near = cross(tally, rules)

    def _confirm(self) -> None:
        """Fresh studies at the answer, and more while the precision is not reached."""
        tally, rules, least = self.tally, self.rules, self.least
        at = rules.high if self.near.edge == ">=" else self.near.at
        self.confirmed_at = at = rules.allowed(rules.sufficient(at))
        wanted = 0 if self.few else self._needed()
        tally.budget = max(tally.used + max(wanted, least), BUDGET)
        tally.run_fresh([at], max(wanted, least))
        while wanted and tally.fresh < self.first + FRESH + MOST:
            found = cross(tally, rules)
            if found.error <= rules.precision or not isfinite(found.error):
                break
            more = int(tally.tried(at) * (found.error / rules.precision) ** 2)
            count = max(more - tally.tried(at), least)
            tally.run_fresh([at], min(count, self.first + FRESH + MOST - tally.fresh))

    def _needed(self) -> int:
        """Studies at the answer that have the precision by themselves."""
        rules = self.rules
        if not self.near.slope > 0:
            return MOST // 10
        each = rules.error_of_a_study / self.near.slope
        return int(min(np.ceil((each / rules.precision) ** 2), MOST))

    def _look_at_the_ceiling(self) -> None:
        """A few studies of the largest size; more where success is not all but certain there."""
        most = self.rules.allowed(self.rules.high)
        self.tally.look(most, CEILING_LEAST)
        if self.tally.at(most).share < ALL_BUT_CERTAIN:
            self.tally.look(most, CEILING_MORE)

    def learn(self, at: Sequence[float], replicates: range, seen: Looked) -> None:
        """Count in studies that were simulated for something else."""
        self.tally.learn(at, replicates, seen)

    def found(self) -> Found:
        """What all that was seen says."""
        tally, rules = self.tally, self.rules
        near = self.near if self.few or self.near.edge else _settled(cross(tally, rules), rules)
        answer = None if near.edge == ">=" else rules.sufficient(near.at)
        low, high = (self._end(one) for one in (near.low, near.high))
        if near.edge == "<=":
            answer, low = rules.low, min(low, rules.low)
        points = tally.points()
        return Found(
            answer, low, high, near.edge, rules.target, tally.used,
            tally.at(rules.allowed(rules.high)),
            tally.at(self.confirmed_at, self.first + FRESH),
            BY_TAIL if rules.by_tail else BY_SIMULATION,
            tuple(self._notes(near)), points, near.error, units=answer,
        )  # fmt: skip

    def _end(self, x: float) -> float:
        """An end of the interval, of whole sizes the one that suffices."""
        return float(np.ceil(x - 1e-9)) if self.rules.whole and isfinite(x) else x

    def _notes(self, near: Crossing) -> list[str]:
        rules = self.rules
        notes = []
        if not near.edge and not near.error <= 1.05 * rules.precision and not self.few:
            notes.append(
                f"the precision of {100 * rules.precision:g} % was not reached: after "
                f"{self.tally.used} simulated studies the standard error is "
                + (f"{100 * near.error:.2g} %" if isfinite(near.error) else "not known")
            )
        if said := self._disagreement():
            notes.append(said)
        points = self.tally.points()
        fall = falls(points)
        if fall is not None:
            a, b = (f"{points.share[i]:.2f} at {points.x[i]:g}" for i in fall)
            notes.append(
                f"success falls from {a} to {b}: the curve may cross the target elsewhere too"
            )
        return notes

    def _disagreement(self) -> str:
        """Whether the fresh run and what was seen before it differ by more than chance."""
        if self.few or self.near.edge or not self.near.slope > 0:
            return ""
        fresh = self.tally.at(self.confirmed_at, self.first + FRESH)
        expected, error = self._expected()
        gap = fresh.share - expected
        if abs(gap) <= TOO_FAR * np.hypot(error, max(fresh.mcse, 1 / fresh.n)):
            return ""
        side = "above" if gap > 0 else "below"
        return (
            f"the fresh run of {fresh.n} studies at {fresh.at:g} lies {side} what the search had "
            f"led to expect, {fresh.share:.4f} and not {expected:.4f}; the answer is of both"
        )

    def _expected(self) -> tuple[float, float]:
        """Chance at the fresh run's place as the search had it, with its error."""
        rules, near = self.rules, self.near
        away = float(np.log(self.confirmed_at / near.at)) if near.at > 0 else 0.0
        probit = float(special.ndtri(rules.target)) + near.slope * away
        density = float(np.exp(-(probit**2) / 2) / np.sqrt(2 * np.pi))
        return float(special.ndtr(probit)), density * near.slope * near.error


def _settled(found: Crossing, rules: Rules) -> Crossing:
    """A crossing beyond an end of what is allowed is that end's."""
    if (np.ceil(found.at - 1e-9) if rules.whole else found.at) > rules.high:
        return found._replace(edge=">=")
    if found.at < rules.low:
        return found._replace(edge="<=")
    return found


def search(oracle: Oracle, target: float, *, start: float, **how: object) -> Found:
    """Find the smallest x at which the chance of success reaches the target.

    Parameters
    ----------
    oracle
        What becomes of given replicates of a study at several x.
    target
        Chance of success wanted, between 0 and 1.
    start
        A guess; it may be far off.
    low, high
        The x allowed.
    whole
        True for numbers of people or clusters (probit in sqrt(x)), False for an effect.
    precision
        Standard error of the answer, as a share of it, at which to stop.
    first_replicate
        Number of the first replicate used.
    has_tail
        Whether success is the significance of one estimate, so that a chance near 1 can be taken
        from the tail of the estimates.
    progress, stage
        Called with the name of the stage, the number of studies done and the budget.

    Returns
    -------
    Found
    """
    return Search(oracle, target, **how).run(start).found()  # type: ignore[arg-type]
