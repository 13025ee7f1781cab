"""Means over simulated studies with their Monte Carlo standard error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

__all__ = ["Estimate", "estimate", "first_reaching"]


class Estimate(NamedTuple):
    """A mean over n simulated studies and its Monte Carlo standard error (NaN for one study)."""

    value: float
    mcse: float
    n: int


def estimate(of_studies: np.ndarray) -> Estimate:
    """The mean of one figure a study, (R,); studies without it (NaN) are left out."""
    values = np.asarray(of_studies, np.float64)
    values = values[~np.isnan(values)]
    n = values.size
    if n == 0:
        return Estimate(np.nan, np.nan, 0)
    mcse = float(values.std(ddof=1) / np.sqrt(n)) if n > 1 else np.nan
    return Estimate(float(values.mean()), mcse, n)


def first_reaching(curve: np.ndarray, target: float) -> int | None:
    """The first n from which a curve over 1, 2, ... N reaches a target; None if it never does."""
    reached = np.flatnonzero(curve >= target)
    return int(reached[0]) + 1 if reached.size else None
