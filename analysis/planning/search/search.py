"""The smallest size at which studies succeed often enough, found with few simulated studies.

A small study is the beginning of a larger one, so a simulated study is looked at in several sizes.

1. Start from an analytic guess.
2. 50 studies, looked at in four sizes around it in geometric order.
3. A probit line in sqrt(n); further batches of 50, looked at in .8, 1 and 1.25 of where it crosses
   the target, until the interval of the crossing is narrow enough.
4. Is the line good? A bent one and a merely rising curve are asked; if both disagree with it, the
   search goes on by stochastic approximation, and points far from the crossing are dropped.
5. Does success ever fall with size? What is the most that can be reached?
6. A fresh run at the answer.

Sources: Maruo et al. 2018 (doi 10.1080/19466315.2017.1349689) for the probit in sqrt(n); Robbins
and Monro 1951 (doi 10.1214/aoms/1177729586) for the fallback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special

from analysis.planning.search.probit import Points, crossing, doubted, falls, fit_looks
from analysis.planning.search.tally import Oracle, Tally
from analysis.trials.success import Confirmed
from sim.side_by_side import Progress, silent

__all__ = ["Found", "search"]

BATCH = 50
AROUND = (0.595, 0.841, 1.19, 1.68)
NEAR = (0.8, 1.0, 1.25)
LEAST = 400
"""Studies before an interval is looked at."""
BELIEVED, BELIEVED_LEAST = (0.7, 1.45), 150
"""Sizes farther from the crossing are dropped once there are so many studies nearer to it."""
STAY = 0.05
"""Sizes are asked about again while the crossing has moved by a smaller share."""
MOST_STEEP = 0.7
"""Steps change success by so many probits at most."""
WINDOW = (0.79, 1.26)
"""How far from the crossing the fallback believes in a line, in shares of it."""
EDGE_LEAST = 200
"""Studies at an edge before it may be called one."""
Z_EDGE = 2.6
CEILING_LEAST, CEILING_MORE = 50, 400
ALL_BUT_CERTAIN = 0.98
STEPS_BACK = 4
"""Steps of the fallback before its interval is looked at."""


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes
    ----------
    answer : float or None
        The smallest x that reaches the target, whole for people; None if none does.
    low, high : float
        95 % Monte Carlo interval of where the curve crosses the target.
    edge : {"", "<=", ">="}
        "<=": the smallest x allowed is already enough. ">=": the largest is not.
    target : float
    sims : int
        Studies simulated in searching, each looked at in several x.
    ceiling : Confirmed
        Success at the largest x allowed.
    confirmed : Confirmed or None
        The fresh run at the answer, or at the largest x if there is none.
    method : {"probit", "robbins-monro"}
    notes : tuple of str
        What a reader must know: success that falls with size, a budget that ran out.
    points : Points
        Studies seen at each x, and successes. One study is seen at several x.
    """

    answer: float | None
    low: float
    high: float
    edge: str
    target: float
    sims: int
    ceiling: Confirmed
    confirmed: Confirmed | None
    method: str
    notes: tuple[str, ...]
    points: Points


class _Rules(NamedTuple):
    """What is searched for and how: see `search`."""

    target: float
    low: float
    high: float
    whole: bool
    precision: float
    budget: int

    def scale(self, x: float) -> float:
        return float(np.sqrt(x)) if self.whole else float(x)

    @property
    def least(self) -> int:
        """Fewer for an effect, whose error is half as large a share of it as that of a size."""
        return LEAST if self.whole else LEAST // 2

    def back(self, s: float) -> float:
        return max(s, 0.0) ** 2 if self.whole else max(s, 0.0)

    def allowed(self, x: float) -> float:
        """The nearest x that may be asked about; four digits will do, so that points repeat."""
        x = min(max(x, self.low), self.high)
        return float(round(x)) if self.whole else float(f"{x:.4g}")

    def around(self, x: float, shares: Sequence[float], reach: float = 1.0) -> list[float]:
        """What may be asked about x, shares of it being pulled towards 1 by a reach below 1."""
        return [self.allowed(x * (1 + (share - 1) * reach)) for share in shares]


class _Crossing(NamedTuple):
    """Where the curve crosses the target, with its 95 % interval; `edge` as in `Found`.

    `reach` shortens the steps of `NEAR` on a curve so steep that success would be certain there.
    """

    at: float
    low: float
    high: float
    edge: str = ""
    method: str = "probit"
    reach: float = 1.0

    def is_narrow(self, precision: float) -> bool:
        return self.high - self.low <= 2 * precision * self.at


def search(
    oracle: Oracle,
    target: float,
    *,
    start: float,
    low: float,
    high: float,
    whole: bool = True,
    precision: float = 0.1,
    budget: int = 3000,
    confirm_mcse: float | None = 0.01,
    first_replicate: int = 0,
    progress: Progress | None = None,
    stage: str = "searching",
) -> Found:
    """Find the smallest x at which the chance of success reaches the target.

    Parameters
    ----------
    oracle
        Successes of given replicates of a study at several x.
    target
        Chance of success wanted, between 0 and 1.
    start
        A guess; it may be far off.
    low, high
        The x allowed.
    whole
        True for numbers of people (probit in sqrt(x)), False for an effect (probit in x).
    precision
        Half of the 95 % interval of the answer, as a share of it, at which to stop.
    budget
        Studies after which to stop in any case.
    confirm_mcse
        Monte Carlo standard error of the fresh run at the answer; None for no such run.
    first_replicate
        Number of the first replicate used.
    progress, stage
        Called with the name of the stage, the number of studies done and the budget.

    Returns
    -------
    Found
    """
    rules = _Rules(target, low, high, whole, precision, budget)
    tally = Tally(oracle, first_replicate, budget, progress or silent, stage)
    tally.run(rules.around(start, AROUND), BATCH)
    found = _narrow(tally, rules)
    if not found.edge and doubted(tally.looks(rules.scale), rules.scale(found.at), target):
        found = _approximate(tally, rules, found)
    _look_at_the_ceiling(tally, rules.allowed(high))
    return _report(tally, rules, found, confirm_mcse)


def _look_at_the_ceiling(tally: Tally, most: float) -> None:
    """A few studies of the largest size, and more where success is not all but certain there."""
    tally.look(most, CEILING_LEAST)
    if tally.at(most).share < ALL_BUT_CERTAIN:
        tally.look(most, CEILING_MORE)


def _narrow(tally: Tally, rules: _Rules) -> _Crossing:
    """Batches about the crossing until its interval is narrow, or an edge is reached."""
    asked = None
    while True:
        found = _cross(tally, rules)
        edge = _edge(tally, rules)
        if edge or tally.used >= rules.budget:
            return found._replace(edge=edge)
        if tally.used >= rules.least and found.is_narrow(rules.precision):
            return found
        if asked is None or abs(found.at / asked.at - 1) > STAY * found.reach:
            asked = found
        tally.run(rules.around(asked.at, NEAR, asked.reach), BATCH)


def _cross(tally: Tally, rules: _Rules) -> _Crossing:
    """Where the line crosses; where it does not rise, a step towards the target."""
    looks = tally.looks(rules.scale)
    sizes = tally.points().x
    line = fit_looks(looks)
    at, low, high = crossing(line, rules.target)
    if np.isfinite(at):
        near = looks.within(*(rules.scale(rules.back(at) * side) for side in BELIEVED))
        if near.studies >= BELIEVED_LEAST:
            local = fit_looks(near)
            if np.isfinite(crossing(local, rules.target)[1]):
                line = local
                at, low, high = crossing(line, rules.target)
    if np.isfinite(at):
        # No size lies beyond twice or half of those tried, so a line is not believed further.
        size = float(np.clip(rules.back(at), sizes[0] / 2, sizes[-1] * 2))
        side = abs(rules.scale(size * NEAR[-1]) - rules.scale(size)) * line.coefficients[1]
        reach = min(1.0, MOST_STEEP / max(float(side), 1e-9))
        return _Crossing(size, rules.back(low), rules.back(high), reach=reach)
    step = sizes[0] / 2 if looks.won.mean() > rules.target else sizes[-1] * 2
    return _Crossing(min(max(float(step), rules.low), rules.high), 0.0, np.inf)


def _edge(tally: Tally, rules: _Rules) -> str:
    """Whether an end of what is allowed is surely on the wrong side of the target."""
    error = np.sqrt(rules.target * (1 - rules.target))
    for end, sign, name in ((rules.high, -1, ">="), (rules.low, 1, "<=")):
        tried = tally.tried(rules.allowed(end))
        if tried >= EDGE_LEAST:
            gap = tally.at(rules.allowed(end)).share - rules.target
            if sign * gap > Z_EDGE * error / np.sqrt(tried):
                return name
    return ""


def _approximate(tally: Tally, rules: _Rules, start: _Crossing) -> _Crossing:
    """Robbins-Monro: steps against the surplus of success, shorter each time; their mean.

    The interval comes from a line through the points near that mean, where any curve is straight.
    """
    density = float(np.exp(-(special.ndtri(rules.target) ** 2) / 2) / np.sqrt(2 * np.pi))
    s = rules.scale(start.at)
    trail: list[float] = []
    while True:
        at = rules.back(float(np.mean(trail[len(trail) // 2 :])) if trail else s)
        near = tally.looks(rules.scale).within(*(rules.scale(at * side) for side in WINDOW))
        line = fit_looks(near)
        rising = np.isfinite(line.coefficients).all() and line.coefficients[1] > 0
        crossed, low, high = crossing(line, rules.target) if rising else (s, -np.inf, np.inf)
        found = _Crossing(
            rules.back(crossed), rules.back(low), rules.back(high), "", "robbins-monro"
        )
        spent = tally.used >= 2 * rules.budget
        if spent or (len(trail) >= STEPS_BACK and found.is_narrow(rules.precision)):
            return found if found.is_narrow(1.0) else found._replace(at=at)
        slope = float(line.coefficients[1]) if rising else 2.8 / rules.scale(start.at)
        asked = rules.allowed(rules.back(s))
        share = tally.run(rules.around(asked, NEAR, start.reach), BATCH)[asked]
        trail.append(s)
        step = (share - rules.target) / (density * slope) / len(trail)
        s = float(np.clip(s - step, 0.8 * s, 1.25 * s))


def _report(tally: Tally, rules: _Rules, found: _Crossing, confirm_mcse: float | None) -> Found:
    notes = []
    if not found.edge and not found.is_narrow(rules.precision):
        notes.append(
            f"stopped after {tally.used} simulated studies, before the interval was as narrow as "
            "wanted"
        )
    plain = tally.points()
    fall = falls(plain)
    if fall is not None:
        a, b = (f"{plain.share[i]:.2f} at {plain.x[i]:g}" for i in fall)
        notes.append(f"success falls from {a} to {b}: the curve may cross the target elsewhere too")
    answer: float | None = found.at
    if found.edge == ">=":
        answer = None
    elif found.edge == "<=":
        answer = rules.allowed(rules.low)
    elif rules.whole:
        answer = float(min(np.ceil(found.at - 1e-9), rules.high))
    ceiling = tally.at(rules.allowed(rules.high))
    confirmed = None
    if confirm_mcse is not None:
        studies = int(np.ceil(rules.target * (1 - rules.target) / confirm_mcse**2))
        confirmed = tally.fresh(rules.allowed(rules.high) if answer is None else answer, studies)
    return Found(
        answer, found.low, found.high, found.edge, rules.target, tally.used, ceiling, confirmed,
        found.method, tuple(notes), plain,
    )  # fmt: skip
