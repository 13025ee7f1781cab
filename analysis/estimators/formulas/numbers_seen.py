"""A power averaged over how many people of each arm are seen, where chance alone decides that.

Of n people who each stay with the same chance, a binomial number is seen. Given that number the
test is exact, so its power is a mean over binomials. Powers bend where hardly anybody is seen: far
from there, and where numbers are many, the mean is taken by the Gauss quadrature of the binomial
weight, whose orthogonal polynomials are Krawtchouk's (Golub and Welsch 1969,
doi 10.1090/S0025-5718-69-99647-1), else over every number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

__all__ = ["averaged", "chi_square", "mean_reciprocal", "numbers_seen"]

FEW, NODES = 40, 8
SMOOTH_FROM = 8.0
"""So many SDs from nobody powers are smooth: the quadrature is good to 1e-7 or better."""
NEGLIGIBLE = 1e-13
"""Chance in a tail that is left out where every number is gone through."""


def numbers_seen(
    people: float, kept: float, *, bends_at_all: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers seen of so many people, and their weights, which sum to 1.

    A number of people that is not whole, as nodes are, takes the quadrature.

    Parameters
    ----------
    people, kept
        People, and the share of them that is seen.
    bends_at_all
        Whether what is averaged bends where all are seen as it does where nobody is.

    Examples
    --------
    >>> numbers, weights = numbers_seen(1000, 0.85)
    >>> numbers.size, round(float(weights @ numbers), 6), round(float(weights @ numbers**2), 3)
    (8, 850.0, 722627.5)
    """
    if kept >= 1:
        return np.array([float(people)]), np.ones(1)
    from scipy import stats

    least, most = stats.binom.ppf([NEGLIGIBLE, 1 - NEGLIGIBLE], people, kept)
    if most - least <= FEW and not _is_far(people, kept, bends_at_all):
        every = np.arange(max(least, 0.0), most + 1)
        chance = stats.binom.pmf(every, people, kept)
        return every, chance / chance.sum()
    k = np.arange(NODES)
    middle = kept * (people - k) + k * (1 - kept)
    beside = np.sqrt(k[1:] * kept * (1 - kept) * (people - k[1:] + 1))
    nodes, vectors = np.linalg.eigh(np.diag(middle) + np.diag(beside, 1) + np.diag(beside, -1))
    return nodes, vectors[0] ** 2


def _is_far(people: float, kept: float, bends_at_all: bool) -> bool:
    """Whether all numbers that have a chance are far from where powers bend."""
    nearest = min(kept, 1 - kept) if bends_at_all else kept
    sd = np.sqrt(people * kept * (1 - kept))
    return people >= 2 * NODES and people * nearest >= SMOOTH_FROM * sd


def averaged(
    power: Callable[..., np.ndarray], people: Sequence[int], kept: Sequence[float]
) -> float:
    """The mean of a power over the numbers seen of one arm or of two.

    Parameters
    ----------
    power
        Of numbers seen, an array for each arm, one or more in each and 1 df left; without those
        there is no fit, and so no success.
    people, kept
        People of each arm, and the share of them that is seen.
    """
    each = [numbers_seen(n, share) for n, share in zip(people, kept, strict=True)]
    numbers = np.meshgrid(*(one[0] for one in each), indexing="ij")
    weights = np.prod(np.meshgrid(*(one[1] for one in each), indexing="ij"), axis=0)
    can = np.all([one >= 1 for one in numbers], axis=0) & (np.sum(numbers, axis=0) > len(each))
    if not can.any():
        return 0.0
    return float(weights[can] @ power(*(one[can] for one in numbers)))


@cache
def mean_reciprocal(size: int, kept: float) -> float:
    """Expectation of 1 / m, m of `size` members being seen, given that any is."""
    if kept >= 1:
        return 1 / size
    from scipy import stats

    m = np.arange(1, size + 1)
    chance = stats.binom.pmf(m, size, kept)
    return float((chance / m).sum() / chance.sum())


def chi_square(df: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of a chi-square law (Gauss and Laguerre, by Golub and Welsch 1969)."""
    alpha, k = df / 2 - 1, np.arange(NODES)
    beside = np.sqrt(k[1:] * (k[1:] + alpha))
    matrix = np.diag(2 * k + alpha + 1) + np.diag(beside, 1) + np.diag(beside, -1)
    nodes, vectors = np.linalg.eigh(matrix)
    return 2 * nodes, vectors[0] ** 2
