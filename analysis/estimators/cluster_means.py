"""Questions answered from means of clusters; people in no cluster are each one of their own.

Where some units are clusters and others people, as when one arm is treated in groups, their
variances differ and the test is Welch's. With two or three groups the variance of their means often
comes out too small by chance, and Welch's degrees of freedom then too large; so it counts as no
smaller than the spread of people within groups makes it, which is how a mixed model that cannot
have a negative variance between groups sees it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.estimators.asked import Enquiry, OutcomesOfPeople, in_first_arm, level
from analysis.estimators.contract import Fits
from analysis.estimators.kernels.teams import team_means
from analysis.estimators.one_wave import one_value
from analysis.estimators.precision import mean
from analysis.estimators.welch import welch

__all__ = ["from_cluster_means", "least_variance", "own_slopes"]


def from_cluster_means(
    asked: Enquiry, studies: OutcomesOfPeople, compare: Callable[..., Fits]
) -> Fits:
    """The estimate from means of clusters, of what is asked of each person.

    Parameters
    ----------
    compare
        Of values, arm and cluster of people, for two arms that are all clusters.
    """
    values = _values(asked, studies)
    treated, alone = in_first_arm(asked, studies.arm), studies.cluster < 0
    compares = asked.question.about in ("difference", "slope")
    if alone.all() and asked.question.about != "slope":
        return one_value(asked, studies.arm, values)
    label = np.where(alone, -1 - np.arange(alone.size), studies.cluster)
    _, first, unit = np.unique(
        np.stack([treated if compares else studies.arm, label]),
        axis=1, return_index=True, return_inverse=True,
    )  # fmt: skip
    unit = unit.reshape(-1).astype(np.int64)
    if compares and alone.all() == alone.any():
        return compare(values, treated.astype(np.float64), unit, level=level(asked))
    means = team_means(values, unit[None], first.size)
    if not alone.any():
        return mean(means, level=level(asked))
    side = treated if compares else ~alone
    weights = (1.0, -1.0) if compares else _shares(values, side)
    there = side[first]
    least = (
        least_variance(values, unit, ~alone & side),
        least_variance(values, unit, ~alone & ~side),
    )
    return welch(means[:, there], means[:, ~there], level(asked), least=least, weights=weights)


def own_slopes(y: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Each person's least squares slope over the waves seen, (B, n); NaN with fewer than two."""
    seen = np.isfinite(y)
    count = np.maximum(seen.sum(axis=2, keepdims=True), 1)
    time = np.where(seen, years, 0.0)
    time = np.where(seen, years - time.sum(axis=2, keepdims=True) / count, 0.0)
    squares = (time**2).sum(axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = (time * np.where(seen, y, 0.0)).sum(axis=2) / squares
    return np.where(squares > 0, slope, np.nan)


def least_variance(values: np.ndarray, unit: np.ndarray, mine: np.ndarray) -> np.ndarray:
    """Variance of the mean of clusters' means if clusters were alike, (B,); 0 where unknown.

    From the spread of people within the clusters of those who are `mine`, (n,).
    """
    _, unit = np.unique(unit[mine], return_inverse=True)
    values, clusters = np.ascontiguousarray(values[:, mine]), int(unit.max(initial=-1)) + 1
    if clusters == 0:
        return np.zeros(len(values))
    means = team_means(values, unit[None], clusters)
    squares = np.nansum((values - means[:, unit]) ** 2, axis=1)
    size = np.stack([np.bincount(unit[row], minlength=clusters) for row in np.isfinite(values)])
    there = size > 0
    freedom = size.sum(axis=1) - there.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        each = np.where(there, 1 / size, 0.0).sum(axis=1) / there.sum(axis=1) ** 2
        return np.where(freedom > 0, squares / freedom * each, 0.0)


def _values(asked: Enquiry, studies: OutcomesOfPeople) -> np.ndarray:
    """What is asked of each person, (B, n)."""
    if asked.question.about == "slope":
        return own_slopes(studies.y, asked.years)
    at_wave = studies.y[:, :, asked.wave]
    if asked.question.about == "change":
        at_wave = at_wave - studies.y[:, :, 0]
    return np.ascontiguousarray(at_wave)


def _shares(values: np.ndarray, side: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of the people seen who are on each side, so that everybody counts alike."""
    seen = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        share = seen[:, side].sum(axis=1) / seen.sum(axis=1)
    return share, 1 - share
