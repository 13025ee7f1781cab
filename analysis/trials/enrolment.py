"""Who is enrolled in which order: arms and clusters of the first n people, for every n at once.

The order is fixed, not drawn, so that the design of a study is the same in every replicate.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from analysis.questions.panel import Clusters

__all__ = ["arm_order", "cluster_order"]

KINDS_OF_SIZE = 8
"""Sizes that clusters of unequal size take in turn."""


def arm_order(parts: Sequence[float], n: int) -> np.ndarray:
    """The arm of each of n people: each takes the arm that is furthest behind its part.

    Sainte-Laguë's rule, so that the arms of any first few are as near their parts as can be.

    Examples
    --------
    >>> arm_order([0.5, 0.5], 4).tolist()
    [0, 1, 0, 1]
    >>> arm_order([2 / 3, 1 / 3], 6).tolist()
    [0, 1, 0, 0, 1, 0]
    """
    claims = np.concatenate(
        [(2 * np.arange(n) + 1) / part if part > 0 else np.full(n, np.inf) for part in parts]
    )
    whose = np.repeat(np.arange(len(parts)), n)
    return whose[np.argsort(np.round(claims, 9), kind="stable")[:n]]


def cluster_order(clusters: Clusters, n: int) -> np.ndarray:
    """The cluster of each of an arm's n people.

    A given number of clusters grows evenly; clusters of a given size are filled one by one.
    """
    if clusters.number is not None:
        weights = _spread(clusters.number, clusters.size_cv)
        return arm_order(list(weights / weights.sum()), n)
    sizes = np.maximum(np.rint(clusters.size * _spread(KINDS_OF_SIZE, clusters.size_cv)), 1)
    if clusters.size_cv == 0:
        return np.arange(n) // int(clusters.size or 1)
    turn = sizes[[3, 6, 0, 5, 2, 7, 1, 4]].astype(int)  # large and small ones in turn
    many = np.tile(turn, n // int(turn.sum()) + 1)
    return np.repeat(np.arange(many.size), many)[:n]


def _spread(count: int, cv: float) -> np.ndarray:
    """Positive numbers of mean 1 with this coefficient of variation: gamma quantiles, rescaled."""
    if cv == 0 or count == 1:
        return np.ones(count)
    at = stats.gamma.ppf((np.arange(count) + 0.5) / count, 1 / cv**2)
    at = at / at.mean()
    return np.asarray(np.maximum(1 + (at - 1) * cv / at.std(), 0.05))
