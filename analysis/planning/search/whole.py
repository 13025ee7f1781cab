"""The smallest of few whole sizes: each is counted for itself, and no curve is laid through them.

Where an answer is small, one more person is a step of the curve, and whether arms are even shows.
So every size that may be the answer is looked at until it is clear on which side of the target it
lies, or as well known as is asked for.
"""

from __future__ import annotations

import numpy as np

from analysis.planning.search.probit import Points, isotonic
from analysis.planning.search.rules import Z_95, Crossing, Rules
from analysis.planning.search.tally import Tally

__all__ = ["is_of_few", "smallest_whole"]

FEW = 40
SPAN = 5
"""Whole sizes in an interval, up to which each is looked at."""
FIRST, GROWTH = 2000, 2
CLEAR = 2.5
"""Standard errors from the target at which a size is clearly on one side of it."""
ENOUGH = 0.6
"""Error at which a chance is known well enough, in shares of what the precision asks for."""
USUAL_SLOPE = 1.4
"""Of a test with a power of .8, where the curve was too flat to tell."""
MOST_SIZES = 12
MOST = 150_000


def is_of_few(rules: Rules, found: Crossing) -> bool:
    """Whether whole sizes about the crossing are few."""
    return rules.whole and (found.at < FEW or found.high - found.low <= SPAN)


def smallest_whole(tally: Tally, rules: Rules, found: Crossing) -> Crossing:
    """The smallest whole size that reaches the target, with its interval."""
    sizes = _about(rules, found)
    slope = found.slope if found.slope > 0 else USUAL_SLOPE
    wide = ENOUGH * rules.precision * slope * rules.density
    count = FIRST
    while True:
        tally.run_fresh(_open(tally, rules, sizes, wide) or sizes, count)
        sizes = _extended(tally, rules, sizes)
        if not _open(tally, rules, sizes, wide) or tally.used >= MOST:
            return _answer(tally, rules, sizes, found, slope)
        count *= GROWTH


def _about(rules: Rules, found: Crossing) -> list[float]:
    """Whole sizes that may be the answer, and one to either side."""
    first = max(np.floor(max(found.low, found.at / 2)) - 1, rules.low)
    last = min(np.ceil(min(found.high, found.at * 2)) + 1, rules.high)
    middle = float(np.clip(np.ceil(found.at), rules.low, rules.high))
    first, last = max(first, middle - MOST_SIZES // 2), min(last, middle + MOST_SIZES // 2)
    return [float(x) for x in np.arange(first, last + 1)]


def _known(tally: Tally, sizes: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Share of success at each size, and its error."""
    each = [tally.at(x) for x in sizes]
    tried = np.array([one.n for one in each], np.float64)
    share = isotonic(Points(np.array(sizes), tried, tried * [one.share for one in each]))
    padded = (share * tried + 1) / (tried + 2)
    return share, np.sqrt(padded * (1 - padded) / tried)


def _open(tally: Tally, rules: Rules, sizes: list[float], wide: float) -> list[float]:
    """Sizes of which it is not clear whether they reach the target; all where none was seen."""
    if any(not tally.tried(x) for x in sizes):
        return []
    share, error = _known(tally, sizes)
    unclear = (np.abs(share - rules.target) <= CLEAR * error) & (error > wide)
    return [x for x, one in zip(sizes, unclear, strict=True) if one]


def _extended(tally: Tally, rules: Rules, sizes: list[float]) -> list[float]:
    """More sizes at an end that is on the wrong side of the target."""
    share, _ = _known(tally, sizes)
    more: list[float] = []
    if share[0] >= rules.target and sizes[0] > rules.low:
        more = [float(x) for x in np.arange(max(sizes[0] - 4, rules.low), sizes[0])]
    elif share[-1] < rules.target and sizes[-1] < rules.high:
        more = [float(x) for x in np.arange(sizes[-1] + 1, min(sizes[-1] + 4, rules.high) + 1)]
    if not more:
        return sizes
    tally.run_fresh(more, FIRST)
    return _extended(tally, rules, sorted({*sizes, *more}))


def _answer(
    tally: Tally, rules: Rules, sizes: list[float], found: Crossing, slope: float
) -> Crossing:
    share, error = _known(tally, sizes)
    at, low, high = (
        next((x for x, enough in zip(sizes, side >= rules.target, strict=True) if enough), np.inf)
        for side in (share, share + Z_95 * error, share - Z_95 * error)
    )
    edge = ">=" if at == np.inf else "<=" if at == rules.low else ""
    nearest = int(np.abs(share - rules.target).argmin())
    sure = float(error[nearest] / (rules.density * slope))
    return found._replace(at=at, low=low, high=high, edge=edge, error=sure)
