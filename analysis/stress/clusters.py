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

    Sums over clusters of what the values differ from the mean by, with G over G - 1 for G clusters;
    where each is a cluster, that is the usual standard error.
    """
    n, value = values.size, float(values.mean())
    sums = cluster_sums(values - value, cluster)
    clusters = len(sums)
    if clusters < 2:
        return Mean(value, float("nan"), clusters, float(clusters))
    spread = float(values.std(ddof=1))
    error = float(np.sqrt(clusters / (clusters - 1) * (sums**2).sum()) / n)
    if error <= spread / np.sqrt(n):
        return Mean(value, error, clusters, float(n))
    return Mean(value, error, clusters, (spread / error) ** 2)


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
