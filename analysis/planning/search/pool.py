"""The smallest sufficient size, from one pool of studies that each answer for every size.

Where a simulated study is dear and smaller ones are the beginnings of it, nothing is gained by
asking each size of new studies. The curve is the mean over the pool, its points rise and fall
together, and the interval of where it crosses the target comes from drawing studies out of the
pool again (bootstrap over studies).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from analysis.planning.search.found import Found
from analysis.planning.search.probit import Points, crossing, falls, fit_line, isotonic
from analysis.planning.search.rules import Z_95
from analysis.trials.success import confirmed_share

__all__ = ["Pool", "found_in", "search_pool"]

COARSE = 10
"""Sizes looked at first, in geometric order."""
AROUND = (0.6, 0.75, 0.9, 1.0, 1.1, 1.3, 1.6)
ALIKE = 0.03
"""A size so near to one already looked at, as a share of it, is not looked at."""
NEAR = (0.5, 1.9)
"""The line is laid through sizes so near to the crossing, in shares of it."""
RESAMPLES = 400

Successes = Callable[[Sequence[int]], np.ndarray]
"""Whether each of R studies succeeds at each of K sizes, (K, R)."""


class Pool(NamedTuple):
    """Sizes in ascending order, (K,), and successes at each, (K, R)."""

    sizes: np.ndarray
    won: np.ndarray


def search_pool(successes: Successes, target: float, low: int, high: int) -> Pool:
    """Ask a pool of studies about sizes from low to high, and more closely about the crossing."""
    sizes = np.unique(np.rint(np.geomspace(low, high, COARSE)).astype(int))
    won = successes(sizes.tolist())
    at = _cross(sizes, won.mean(axis=1), won.shape[1], target)
    if np.isfinite(at):
        wanted = np.unique(np.clip(np.rint(at * np.array(AROUND)), low, high).astype(int))
        more = wanted[np.abs(wanted[:, None] / sizes - 1).min(axis=1) > ALIKE]
        if more.size:
            sizes, won = np.concatenate([sizes, more]), np.vstack([won, successes(more.tolist())])
    order = np.argsort(sizes)
    return Pool(sizes[order], won[order])


def found_in(pool: Pool, target: float, seed: int) -> Found:
    """Where the pool's curve crosses the target, with its 95 % bootstrap interval.

    Parameters
    ----------
    pool : Pool
    target : float
    seed : int
        Of the resampling.
    """
    sizes, studies = pool.sizes, pool.won.shape[1]
    at = _cross(sizes, pool.won.mean(axis=1), studies, target)
    rng = np.random.default_rng([seed & 0xFFFFFFFF, seed >> 32])
    weights = rng.multinomial(studies, np.full(studies, 1 / studies), size=RESAMPLES)
    again = weights @ pool.won.T / studies
    crossed = np.sort([_cross(sizes, one, studies, target) for one in again])
    edges = [int(share * (RESAMPLES - 1)) for share in (0.025, 0.975)]
    low, high = (float(crossed[edge]) for edge in edges)
    won = pool.won.sum(axis=1).astype(np.float64)
    points = Points(sizes.astype(np.float64), np.full(sizes.size, float(studies)), won)
    ceiling = confirmed_share(float(sizes[-1]), int(won[-1]), studies)
    edge = "<=" if at <= sizes[0] else ">=" if at > sizes[-1] else ""
    answer = None if edge == ">=" else float(max(np.ceil(at - 1e-9), sizes[0]))
    notes = []
    fall = falls(points)
    if fall is not None:
        a, b = (f"{points.share[i]:.2f} at {points.x[i]:g}" for i in fall)
        notes.append(f"success falls from {a} to {b}: the curve may cross the target elsewhere too")
    error = (high - low) / (2 * Z_95 * at) if 0 < at < np.inf else np.nan
    return Found(
        answer, _whole(low), _whole(high), edge, target, studies, ceiling, None, "one pool",
        tuple(notes), points, error if np.isfinite(error) else np.nan, units=answer,
    )  # fmt: skip


def _whole(x: float) -> float:
    """The people that suffice where the curve crosses at x."""
    return float(np.ceil(x - 1e-9)) if np.isfinite(x) else x


def _cross(sizes: np.ndarray, share: np.ndarray, studies: int, target: float) -> float:
    """Size at which a rising curve through the shares reaches the target.

    A probit line in the root of n through what is near; the rising curve itself where no such line
    can be laid. 0 if the smallest size is enough, infinite if the largest is not.
    """
    tried = np.full(sizes.size, float(studies))
    rising = isotonic(Points(sizes.astype(float), tried, share * studies))
    if rising[-1] < target:
        return np.inf
    if rising[0] >= target:
        return 0.0
    after = int(np.argmax(rising >= target))
    roots = np.sqrt(sizes)
    gap = (target - rising[after - 1]) / (rising[after] - rising[after - 1])
    rough = float(roots[after - 1] + gap * (roots[after] - roots[after - 1])) ** 2
    near = (sizes >= rough * NEAR[0]) & (sizes <= rough * NEAR[1])
    line = fit_line(Points(roots[near], tried[near], share[near] * studies))
    at = crossing(line, target)[0] if np.isfinite(line.coefficients).all() else np.nan
    if not np.isfinite(at) or not sizes[0] <= at**2 <= sizes[-1]:
        return rough
    return float(at**2)
