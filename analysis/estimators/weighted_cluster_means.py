"""Means of clusters compared with weights: of people, or of the precision of each mean.

Weighted by people the estimate is the difference between people's means, whatever the clusters'
sizes have to do with the outcome; the errors are robust (HC2) with Satterthwaite's degrees of
freedom. Weighted by m / (1 + (m - 1) icc) its variance is least where sizes have nothing to do
with it (Kerry and Bland 2001, Statistics in Medicine 20:377-390); the icc is that of an analysis of
variance in each study.
"""

from __future__ import annotations

import numpy as np

from analysis.estimators.contract import Fits
from analysis.estimators.designs import one_named
from analysis.estimators.kernels.teams import team_means
from analysis.estimators.ols import ols
from sim.errors import InputError

__all__ = ["cluster_means"]

WEIGHTS = ("people", "precision")


def cluster_means(
    y: object, arm: object, cluster: object, *, weights: str = "people", level: float = 0.95
) -> Fits:
    """Difference between two arms in the weighted mean of cluster means.

    Parameters
    ----------
    y : array, (B, n)
        NaN = not seen.
    arm : array, (n,)
        0 or 1, the same for all people of a cluster.
    cluster : array of int, (n,)
        0, 1, 2, ...
    weights : {"people", "precision"}
    level : float
        Of the interval.

    Returns
    -------
    Fits
        Of the clusters of which anybody was seen. Not converged: fewer than three, or an arm
        without any; by people, an arm with one.

    Raises
    ------
    sim.errors.InputError
        Shapes that do not fit, a cluster in two arms.
    """
    one_named("weights", weights, WEIGHTS)
    values, of = np.asarray(y, np.float64), np.asarray(cluster)
    treated = np.asarray(arm, np.float64)
    if values.ndim != 2 or not values.shape[1:] == of.shape == treated.shape:
        raise InputError(
            f"y has shape {values.shape}, arm {treated.shape} and cluster {of.shape}; right are "
            "(B, n), (n,) and (n,)"
        )
    member = np.eye(int(of.max()) + 1)[of]
    share = (treated @ member) / member.sum(axis=0)
    if not np.isin(share, (0.0, 1.0)).all():
        raise InputError("arm differs within a cluster; these are means of whole clusters")
    people = np.isfinite(values) @ member  # whole numbers, whatever the order of the sum
    of = of.astype(np.int64)
    means = team_means(np.ascontiguousarray(values), of[None], share.size)
    weight = people
    if weights == "precision":
        icc = _correlation(values, means, people, of, share > 0)[:, None]
        weight = people / (1 + np.maximum(people - 1, 0) * icc)
    return ols(
        means, np.stack([np.ones(share.size), share], axis=1), np.array([0.0, 1.0]),
        errors="HC2" if weights == "people" else "classical", weights=weight, level=level,
        columns=["intercept", "arm"],
    )  # fmt: skip


def _correlation(
    values: np.ndarray, means: np.ndarray, people: np.ndarray, of: np.ndarray, first: np.ndarray
) -> np.ndarray:
    """Intracluster correlation within arms by analysis of variance, at least 0, (B,)."""
    there = people > 0
    known = np.where(there, means, 0.0)
    apart = np.nan_to_num(values - known[:, of])
    between, squares = np.zeros(len(values)), np.zeros(len(values))
    for arm in (first, ~first):
        # each study's numbers side by side, so that a sum is the same in any batch
        m, mean = (np.ascontiguousarray(one[:, arm]) for one in (people, known))
        all_of_it = np.maximum(m.sum(axis=1), 1)
        centre = (m * mean).sum(axis=1) / all_of_it
        between += (m * (mean - centre[:, None]) ** 2).sum(axis=1)
        squares += (m**2).sum(axis=1) / all_of_it
    everybody, clusters = people.sum(axis=1), there.sum(axis=1)
    within = np.ascontiguousarray(apart**2).sum(axis=1) / np.maximum(everybody - clusters, 1)
    free = np.maximum(clusters - 2, 1)
    size = np.maximum((everybody - squares) / free, 1e-9)
    shared = np.maximum((between / free - within) / size, 0)
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(shared / (shared + within))
