"""Numbers over clusters, with errors robust to what those of a cluster share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Mean", "cluster_sums", "clustered_mean", "clustered_ratio"]


class Mean(NamedTuple):
    """A mean over studies, some of which may share a world.

    Attributes
    ----------
    value, error : float
        Its standard error; NaN of a single cluster.
    clusters : int
    effective : float
        As many independent studies would have that error; never more than there are.
    """

    value: float
    error: float
    clusters: int
    effective: float

    @property
    def df(self) -> int:
        """Degrees of freedom of the error."""
        return max(self.clusters - 1, 1)


def clustered_mean(values: np.ndarray, cluster: np.ndarray) -> Mean:
    """The mean of some values, (n,), whose clusters are named, (n,), with its error.

    The mean is the ratio of two sums over clusters; where each value is a cluster, its error is the
    usual standard error.
    """
    n, value = values.size, float(values.mean())
    off, there = cluster_sums(np.stack([values - value, np.ones(n)], axis=1), cluster).T
    if off.size < 2:
        return Mean(value, float("nan"), off.size, float(off.size))
    spread, error = float(values.std(ddof=1)), float(clustered_ratio(off, there)[1])
    alone = error <= spread / np.sqrt(n)  # as if no two shared a cluster
    return Mean(value, error, off.size, float(n) if alone else (spread / error) ** 2)


def cluster_sums(values: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Sums of some values, (n,) or (n, k), over each cluster that there is, (G,) or (G, k)."""
    names, of = np.unique(cluster, return_inverse=True)
    sums = np.zeros((names.size, *values.shape[1:]))
    np.add.at(sums, of, values)
    return sums


def clustered_ratio(top: np.ndarray, bottom: np.ndarray) -> tuple[float, float]:
    """The ratio of the sums of two numbers by cluster, (n,) each, and its standard error.

    The error is that of the linearised ratio, with n over n - 1 (Cochran 1977).

    Raises
    ------
    ZeroDivisionError
        If there is one cluster.
    """
    clusters, below = len(top), bottom.sum()
    ratio = top.sum() / below
    off = top - ratio * bottom
    return ratio, np.sqrt(clusters / (clusters - 1) * (off**2).sum()) / below
