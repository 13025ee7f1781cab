"""How many people are in each cluster, where clusters differ in size.

Fixed sizes are quantiles of a gamma distribution with the mean and the coefficient of variation
that are asked for, in an order in which the first few come near that mean already. Sizes that are
drawn come from such a distribution, rounded to people.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from scipy import optimize, special

from analysis.questions.panel import Clusters
from sim.errors import InputError

__all__ = ["SIZES_IN_TURN", "drawn_sizes", "drawn_weights", "fixed_sizes", "fixed_weights"]

SIZES_IN_TURN = 8
"""Fixed sizes that clusters take in turn."""
CLOSE, CLOSE_PEOPLE = 0.1, 0.25
"""Whole people may miss the variation asked for by this share of it, the SD by so many people."""
ROUNDED_BY = np.linspace(0.7, 1.6, 37)
"""Multiples of the variation asked for, of which one may come nearest to it in whole people."""
EVEN, UNEVEN = np.log(0.001), np.log(4.4)
"""Logs of a gamma's coefficient of variation between which that of its quantiles rises."""
STEPS = 60
TAIL = 1e-9


@cache
def fixed_sizes(clusters: Clusters) -> np.ndarray:
    """People of the clusters in turn, (SIZES_IN_TURN,) or one number where all are alike.

    Raises
    ------
    sim.errors.InputError
        Where clusters of so few people cannot differ so much.
    """
    size = int(clusters.size or 1)
    if clusters.size_cv == 0:
        return np.array([size])
    tried = [_whole(size, clusters.fewest, clusters.size_cv * by) for by in ROUNDED_BY]
    whole = min(tried, key=lambda one: abs(one.std() / size - clusters.size_cv))
    _check(clusters, float(whole.std() / size), float(whole.mean()))
    return _in_turn(whole).astype(np.int64)


def _whole(size: int, least: int, cv: float) -> np.ndarray:
    """Whole sizes in turn of this mean, none below the least, near a coefficient of variation."""
    wanted = size * _spread(SIZES_IN_TURN, cv)
    whole = np.maximum(np.floor(wanted), least)
    while whole.sum() < SIZES_IN_TURN * size:
        whole[np.argmax(wanted - whole)] += 1
    while whole.sum() > SIZES_IN_TURN * size:
        whole[np.argmax(np.where(whole > least, whole - wanted, -np.inf))] -= 1
    return np.asarray(whole)


@cache
def fixed_weights(number: int, cv: float) -> np.ndarray:
    """Parts of so many clusters in the people of an arm, (number,), adding up to 1."""
    return _spread(number, cv) / number


@cache
def drawn_sizes(clusters: Clusters) -> Callable[[np.ndarray], np.ndarray]:
    """People of clusters, of uniform numbers.

    Raises
    ------
    sim.errors.InputError
        Where clusters of so few people cannot differ so much.
    """
    size = int(clusters.size or 1)
    least = clusters.fewest
    mean, sd = float(size - least), clusters.size_cv * size
    chances = _rounded_gamma(mean, sd) if mean else np.ones(1)
    people = least + np.arange(chances.size)
    found = float(chances @ people)
    spread = float(np.sqrt(chances @ (people - found) ** 2))
    _check(clusters, spread / size, found)
    upto = np.cumsum(chances)
    return lambda u: people[np.minimum(np.searchsorted(upto, u), people.size - 1)]


def drawn_weights(cv: float) -> Callable[[np.ndarray], np.ndarray]:
    """Parts of clusters in the people of an arm, adding up to 1, of uniform numbers."""

    def parts(u: np.ndarray) -> np.ndarray:
        found = np.maximum(special.gammaincinv(1 / cv**2, u), 1e-9)
        return np.asarray(found / found.sum())

    return parts


def _check(clusters: Clusters, cv: float, mean: float) -> None:
    size = clusters.size or 1
    near = abs(cv - clusters.size_cv) <= max(CLOSE * clusters.size_cv, CLOSE_PEOPLE / size)
    if near and abs(mean / size - 1) <= 0.01:
        return
    raise InputError(
        f"plan.panel.clusters: clusters of {size} people on average, none of fewer than "
        f"{clusters.fewest}, cannot differ by size_cv = {clusters.size_cv:g}; give a smaller "
        "size_cv or a larger size"
    )


def _spread(count: int, cv: float) -> np.ndarray:
    """Rising positive numbers of mean 1 with this coefficient of variation: gamma quantiles."""
    if cv == 0 or count == 1:
        return np.ones(count)
    middles = (np.arange(count) + 0.5) / count

    def at(log: float) -> np.ndarray:
        found = np.maximum(special.gammaincinv(np.exp(-2 * log), middles), 1e-12)
        return np.asarray(found / found.mean())

    def above(log: float) -> float:
        return float(at(log).std()) - cv

    low, high = EVEN, UNEVEN
    if above(low) >= 0 or above(high) <= 0:
        return at(low if above(low) >= 0 else high)
    return at(optimize.brentq(above, low, high))


def _in_turn(sizes: np.ndarray) -> np.ndarray:
    """The order in which the running mean stays nearest to the mean of all."""
    left = [float(one) for one in sizes]
    taken: list[float] = []
    while left:
        short = (len(taken) + 1) * sizes.mean() - sum(taken)
        taken.append(left.pop(int(np.argmin([abs(one - short) for one in left]))))
    return np.array(taken)


def _rounded_gamma(mean: float, sd: float) -> np.ndarray:
    """Chances of 0, 1, 2, ...: a gamma number to the nearest whole, of this mean and SD."""
    a, b = mean, sd
    for _ in range(STEPS):
        shape, scale = (a / b) ** 2, b**2 / a
        most = int(scale * special.gammainccinv(shape, TAIL)) + 2
        edges = special.gammainc(shape, np.maximum(np.arange(most + 1) - 0.5, 0) / scale)
        chances = np.diff(np.append(edges, 1.0))
        at = np.arange(chances.size)
        found = float(chances @ at)
        spread = float(np.sqrt(chances @ (at - found) ** 2))
        if found < 1e-9 or spread < 1e-9:
            break
        a, b = a * (mean / found) ** 0.5, b * (sd / spread) ** 0.5
    return np.asarray(chances)
