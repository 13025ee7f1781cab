"""A ratio of two sums over clusters, with an error robust to what those of a cluster share."""

from __future__ import annotations

import numpy as np

__all__ = ["clustered_ratio"]


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
