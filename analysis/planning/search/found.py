"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from analysis.planning.search.probit import Points
from analysis.trials.success import Confirmed

__all__ = ["BY_FORMULA", "BY_SIMULATION", "BY_TAIL", "Found"]

BY_FORMULA = "exact formula, checked by simulation"
BY_SIMULATION = "simulation"
BY_TAIL = "simulation, chances from a normal tail"


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes
    ----------
    answer : float or None
        The smallest x that reaches the target, whole for people; None if none does.
    low, high : float
        95 % Monte Carlo interval of the answer; the answer itself where a formula gives it.
    edge : {"", "<=", ">="}
        "<=": the smallest x allowed is already enough. ">=": the largest is not.
    target : float
    sims : int
        Studies simulated, each looked at in one x or several.
    ceiling : Confirmed
        Success at the largest x allowed.
    confirmed : Confirmed or None
        A fresh run at the answer, or near it where the answer moved by it; at the largest x if
        there is none.
    method : str
        "exact formula, checked by simulation", "simulation", and what there is in it.
    notes : tuple of str
        What a reader must know: success that falls with size, a precision that was not reached.
    points : Points
        Studies seen at each x, and successes. One study is seen at several x.
    error : float
        Standard error of the answer as a share of it: 0 where a formula gives it, NaN if unknown.
    exact : float or None
        Chance of success at the answer by the formula that gave it.
    counted_in : str
        What whole units the answer is of: "people", or "clusters an arm".
    units : float or None
        The answer in those units.
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
    error: float = nan
    exact: float | None = None
    counted_in: str = "people"
    units: float | None = None
